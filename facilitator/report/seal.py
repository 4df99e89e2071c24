"""The visible mark of a signature: who, in which role, when, and the start of the fingerprint.

It says nothing about validity, which is for the reader's signature panel to say.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilitator.paths import resources
from facilitator.report.fields import ROLE_TITLES

if TYPE_CHECKING:
    import datetime as dt

    from reportlab.pdfgen.canvas import Canvas

_REGULAR, _BOLD = "SealSans", "SealSans-Bold"
_FILES = {_REGULAR: "NotoSans-Regular.ttf", _BOLD: "NotoSans-Bold.ttf"}
_SMALLEST = 4.0


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says."""

    role: str
    name: str
    at: dt.datetime
    """With the offset that is to be printed."""
    fingerprint: str


def draw_seal(seal: Seal, width: float, height: float) -> bytes:
    """A one-page PDF of exactly this size in points, fonts embedded, nothing but the seal."""
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    out = io.BytesIO()
    canvas = Canvas(
        out, pagesize=(width, height), initialFontName=_REGULAR, invariant=True, pageCompression=1
    )
    lines = [
        (_BOLD, 8.0, ROLE_TITLES[seal.role]),
        (_REGULAR, 9.0, seal.name),
        (_REGULAR, 7.0, _time_text(seal.at)),
        (_REGULAR, 7.0, f"Certificate {_short(seal.fingerprint)}"),
    ]
    _draw_lines(canvas, lines, width, height)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_lines(
    canvas: Canvas, lines: list[tuple[str, float, str]], width: float, height: float
) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    margin = min(6.0, height / 8)
    step = (height - 2 * margin) / len(lines)
    for number, (font, wanted, text) in enumerate(lines, start=1):
        largest = min(wanted, step * 0.85)
        natural = stringWidth(text, font, largest)
        # A long name gets smaller type: cut off, it would be somebody else's.
        size = max(_SMALLEST, largest * min(1.0, (width - 2 * margin) / max(natural, 1.0)))
        canvas.setFont(font, size)
        canvas.drawString(margin, height - margin - number * step + step * 0.25, text)


def _time_text(at: dt.datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes").replace("+", " UTC+")


def _short(fingerprint: str) -> str:
    start = fingerprint[:16].upper()
    return " ".join(start[i : i + 4] for i in range(0, 16, 4))


def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    from facilitator.report.unicode_map import put_right

    put_right()
    for name, file in _FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / file)))
