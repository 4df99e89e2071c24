"""The report's typefaces, embedded; a character they lack comes from another, or is a box.

Everything that reportlab reads as markup is escaped here and nowhere else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from facilitator.model.clean import was_cleaned
from facilitator.paths import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.pdfgen.canvas import Canvas

REGULAR: Final = "Report"
BOLD: Final = "Report-Bold"
ITALIC: Final = "Report-Italic"
MONO: Final = "Report-Mono"
SYMBOLS: Final = "Report-Symbols"
_FILES: Final = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MONO: "NotoSansMono-Regular.ttf",
    SYMBOLS: "FacilitatorSymbols-Regular.ttf",
}
BOX: Final = "□"
_FALLBACKS: Final = (SYMBOLS, MONO)
# Spaces and joiners that typesetting handles, though a typeface may have no glyph for them.
_UNSEEN: Final = frozenset("\n\t\u00ad\u200b\u200c\u200d\ufe0e\ufe0f\u2060")


@lru_cache(maxsize=1)
def register() -> None:
    """Make the typefaces known to reportlab, once."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    from facilitator.report.unicode_map import put_right

    put_right()
    # Bytes need no disguise as text any more; it costs a quarter of the size.
    setattr(rl_config, "useA85", 0)  # noqa: B010 (its settings have no types)
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / file)))
        # Without a family of its own a face would be looked up as one of Helvetica's.
        pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)


@lru_cache(maxsize=8)
def glyphs(name: str) -> frozenset[str]:
    """The characters that a typeface has."""
    from reportlab.pdfbase import pdfmetrics

    register()
    return frozenset(map(chr, pdfmetrics.getFont(name).face.charToGlyph))


def without_picture(text: str) -> set[str]:
    """The characters of a text that no bundled typeface can draw."""
    wanted = set(text) - glyphs(REGULAR) - _UNSEEN
    for name in _FALLBACKS:
        wanted -= glyphs(name)
    return wanted


def runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the typeface that has its characters."""
    strange = set(text) - glyphs(font) - _UNSEEN
    if not strange:
        yield font, text
        return
    lost = without_picture(text)
    if lost:
        # An invisible character would be a lie; the report says which ones stand as a box.
        text = "".join(BOX if char in lost else char for char in text)
        strange = strange - lost | {BOX}
    other = {char: _font_for(char, font) for char in strange}
    start = 0
    for end in range(1, len(text) + 1):
        here = other.get(text[start], font)
        if end == len(text) or other.get(text[end], font) != here:
            yield here, text[start:end]
            start = end


def markup(text: str, font: str = REGULAR) -> str:
    """The text as reportlab's Paragraph shows it literally; newlines are kept."""
    if was_cleaned(text):
        text = "".join(char for char in text if not was_cleaned(char))
    said = []
    for name, run in runs(text, font):
        literal = _spaced(escape(run))
        said.append(literal if name == font else f'<font name="{name}">{literal}</font>')
    return "".join(said)


def coloured(text: str, color: str, font: str) -> str:
    """Markup for a text in a colour and typeface of our own choice."""
    return f'<font name="{font}" color="{color}">{markup(text, font)}</font>'


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is on one line, in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(float(stringWidth(run, name, size)) for name, run in runs(text, font))


def draw_text(
    canvas: Canvas, at: tuple[float, float], text: str, face: tuple[str, float], align: str = "left"
) -> None:
    """Draw one line in a face (typeface, size) at its baseline.

    `align` says what the x of `at` is to the line: its left, middle or right.
    """
    font, size = face
    width = width_of(text, font, size)
    x = at[0] - {"left": 0.0, "middle": width / 2, "right": width}[align]
    for name, run in runs(text, font):
        canvas.setFont(name, size)
        canvas.drawString(x, at[1], run)
        x += width_of(run, name, size)


def fitting(text: str, font: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis, for furniture such as a running head."""
    if width_of(text[:500], font, size) <= width and len(text) <= 500:
        return text
    text = text[:500]
    while text and width_of(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font_for(char: str, font: str) -> str:
    return next((name for name in _FALLBACKS if char in glyphs(name)), font)


def _spaced(literal: str) -> str:
    # A paragraph would join runs of spaces and forget line ends; both were typed.
    literal = re.sub(r"(?<= ) ", "\u00a0", literal.replace("\t", "    "))
    return literal.replace("\n", "<br/>")
