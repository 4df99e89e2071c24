"""The visible mark of a signature: who, in which role, when, and the start of the fingerprint.

It says nothing about validity, which is for the reader's signature panel to say. A mark that
its owner drew may stand above the name, called what it is: the digital signature is the proof.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from facilitator.report.fields import ROLE_TITLES
from facilitator.report.fonts import BOLD, REGULAR, draw_text, in_lines, register
from facilitator.report.ink import placed

if TYPE_CHECKING:
    import datetime as dt

    from reportlab.pdfgen.canvas import Canvas

    from facilitator.report.ink import Ink

DRAWN: Final = "Drawn mark; the proof is the digital signature."
# The heights that the lines alone, and with a mark, are made for; lower, all of it gets smaller.
_PLAIN: Final = 66.0
_WITH_INK: Final = 88.0
_MARGIN: Final = 6.0
_LEADING: Final = 1.32
# What letters take below the line, those of Arabic too.
_BELOW: Final = 0.32
_PEN: Final = 0.9
_SIZES: Final = [size / 2 for size in range(18, 3, -1)]


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says."""

    role: str
    name: str
    at: dt.datetime
    """With the offset that is to be printed."""
    fingerprint: str
    ink: Ink | None = None
    """What its owner drew, if they did."""


def draw_seal(seal: Seal, width: float, height: float) -> bytes:
    """A one-page PDF of exactly this size in points, fonts embedded, nothing but the seal."""
    from reportlab.pdfgen.canvas import Canvas

    register()
    out = io.BytesIO()
    canvas = Canvas(
        out, pagesize=(width, height), initialFontName=REGULAR, invariant=True, pageCompression=1
    )
    scale = min(1.0, max(height, 1.0) / (_WITH_INK if seal.ink else _PLAIN))
    canvas.scale(scale, scale)
    _draw(canvas, seal, width / scale - 2 * _MARGIN, height / scale)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, seal: Seal, width: float, height: float) -> None:
    """Role at the top, the other lines at the bottom, between them room for a mark."""
    ((title, title_face),) = _lines(ROLE_TITLES[seal.role], (BOLD, 8.0), width, most=1)
    top = height - _MARGIN - title_face[1]
    draw_text(canvas, (_MARGIN, top), title, title_face)
    below = [
        *_lines(seal.name, (REGULAR, 9.0), width),
        *_lines(_time_text(seal.at), (REGULAR, 7.0), width, most=1),
        *_lines(f"Certificate {_short(seal.fingerprint)}", (REGULAR, 7.0), width, most=1),
    ]
    if seal.ink is not None:
        below += _lines(DRAWN, (REGULAR, 6.5), width, most=1)
    baseline = _MARGIN + sum(size * _LEADING for _, (_, size) in below)
    if seal.ink is not None:
        _draw_ink(canvas, seal, (_MARGIN, baseline + 1.5), (width, top - baseline - 4.5))
    # From the top, for who listens hears them in the order in which they are drawn.
    for text, (font, size) in below:
        baseline -= size * _LEADING
        draw_text(canvas, (_MARGIN, baseline + size * _BELOW), text, (font, size))


def _draw_ink(
    canvas: Canvas, seal: Seal, corner: tuple[float, float], room: tuple[float, float]
) -> None:
    """The mark as vector curves, with words for those who cannot see it."""
    if seal.ink is None:
        return
    words = f"Mark drawn by {seal.name}. The proof is the digital signature."
    code: list[str] = canvas._code  # noqa: SLF001 (there is no other way to mark content)
    code.append(f"/Span <</Alt <{words.encode('utf-16').hex()}>>> BDC")
    canvas.saveState()
    canvas.translate(*corner)
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setLineWidth(_PEN)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for curves in placed(seal.ink, *room):
        path = canvas.beginPath()
        path.moveTo(*curves[0][0])
        for _start, first, second, end in curves:
            path.curveTo(*first, *second, *end)
        canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()
    code.append("EMC")


def _lines(
    text: str, face: tuple[str, float], width: float, most: int = 4
) -> list[tuple[str, tuple[str, float]]]:
    """The whole text, as large as it fits: cut off, a name would be somebody else's."""
    font, largest = face
    sizes = [size for size in _SIZES if size <= largest]
    # A little smaller on one line rather than on two.
    tries = [(size, 1) for size in sizes if size >= 0.8 * largest]
    for size, lines in [*tries, *((size, most) for size in sizes)]:
        said = in_lines(text, (font, size), width)
        if len(said) == 1 or (len(said) <= lines and len(said) * size <= 2 * largest):
            return [(line, (font, size)) for line in said]
    return [(text, (font, sizes[-1]))]


def _time_text(at: dt.datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes").replace("+", " UTC+")


def _short(fingerprint: str) -> str:
    start = fingerprint[:16].upper()
    return " ".join(start[i : i + 4] for i in range(0, 16, 4))
