"""Lines of text put on a page: every letter of the report is drawn here.

What runs leftward is drawn as its signs stand, from left to right, and marked as reversed
(ISO 32000-1, 14.8.2.3.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from facilitator.report.breaking import clusters
from facilitator.report.setting import Line, Piece, line, lines, pieces, with_its_space
from facilitator.report.shaping import Glyph
from facilitator.report.stretches import Words, paragraph
from facilitator.report.typefaces import (
    BOLD,
    BOX,
    ITALIC,
    MONO,
    REGULAR,
    SYMBOLS,
    UNSEEN,
    Pick,
    register,
    typeface,
    widths,
    without_picture,
    writing,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = [
    "BOLD",
    "BOX",
    "ITALIC",
    "MONO",
    "REGULAR",
    "SYMBOLS",
    "Placed",
    "draw_text",
    "fitting",
    "in_lines",
    "register",
    "width_of",
    "without_picture",
    "write",
    "writing",
]

# How much thicker the outlines become that have no bold file, in parts of the size.
_HEAVY: Final = 0.03
_NEAR: Final = 0.4
_LONGEST: Final = 500
_ALIGN: Final = {"left": 0.0, "middle": 0.5, "right": 1.0}


class Placed(NamedTuple):
    """A line, and where its baseline begins on the left."""

    line: Line
    x: float
    y: float


class _Show(NamedTuple):
    """Signs of one font object, and where they begin: None where others end."""

    font: str
    x: float | None
    codes: str


def write(canvas: Canvas, placed: Iterable[Placed], size: float, color: str = "") -> None:
    """Draw lines in this colour, else the canvas's; words in their own have that."""
    found = list(_with_spaces(list(placed)))
    is_heavy = any(piece.stretch.pick.heavy for _, some in found for piece in some)
    if is_heavy:
        canvas.saveState()
        canvas.setLineWidth(_HEAVY * size)
    if color:
        canvas.setFillColor(color)
    own: Any = canvas._fillColorObj  # noqa: SLF001 (it has no other way to ask)
    code: list[str] = canvas._code  # noqa: SLF001
    code.append("BT")
    pen = _Pen(canvas, size, own)
    for each, some in found:
        pen.draw(each, some)
    code.append("ET")
    if is_heavy:
        canvas.restoreState()
    elif pen.color:
        canvas.setFillColor(own)


def _with_spaces(placed: Sequence[Placed]) -> Iterator[tuple[Placed, list[Piece]]]:
    """Each line in its pieces, with the space that stands for what parts it from the next."""
    following = [*(each.line.paragraph for each in placed[1:]), None]
    for each, after in zip(placed, following, strict=True):
        some = pieces(with_its_space(each.line))
        paragraph = each.line.paragraph
        is_typed = after is not None and after is not paragraph and not paragraph.base
        if is_typed and some and not some[-1].stretch.level:
            last = some[-1].stretch
            picked = last.pick if " " in widths(last.pick.name) else Pick(REGULAR)
            some.append(Piece(last._replace(pick=picked), " ", each.line.width, 0.0, None))
        yield each, some


class _Pen:
    """What a text object remembers from one piece to the next."""

    def __init__(self, canvas: Canvas, size: float, own: Any) -> None:  # noqa: ANN401
        self.color = ""
        self._canvas = canvas
        self._code: list[str] = canvas._code  # noqa: SLF001
        self._size = size
        self._own = own
        self._font = ""
        self._at = 0.0, 0.0
        self._is_heavy = False

    def draw(self, placed: Placed, some: Sequence[Piece]) -> None:
        """Draw the pieces of a line."""
        for is_leftward, group in groupby(some, key=lambda piece: piece.stretch.level % 2 == 1):
            if is_leftward:
                self._code.append("/ReversedChars BMC")
            for piece in group:
                self._draw(piece, placed)
            if is_leftward:
                self._code.append("EMC")

    def _draw(self, piece: Piece, placed: Placed) -> None:
        self._look(piece)
        for show in self._shows(piece, placed.x + piece.left * self._size / 1000):
            self._show(show, placed.y)

    def _look(self, piece: Piece) -> None:
        stretch = piece.stretch
        if stretch.color != self.color:
            self.color = stretch.color
            self._canvas.setFillColor(stretch.color or self._own)
        if stretch.pick.heavy:
            self._canvas.setStrokeColor(stretch.color or self._own)
        if stretch.pick.heavy != self._is_heavy:
            self._is_heavy = stretch.pick.heavy
            self._code.append("2 Tr" if self._is_heavy else "0 Tr")

    def _show(self, show: _Show, y: float) -> None:
        if show.font != self._font:
            self._font = show.font
            self._code.append(f"{show.font} {_number(self._size)} Tf")
        if show.x is not None:
            self._code.append(f"{_number(show.x - self._at[0])} {_number(y - self._at[1])} Td")
            self._at = show.x, y
        self._code.append(show.codes)

    def _shows(self, piece: Piece, x: float) -> Iterator[_Show]:
        name = piece.stretch.pick.name
        if piece.glyphs is not None:
            shows = list(self._signs(name, piece.glyphs, x))
            # Shown in the order of reading; what one operator shows is turned round as a whole.
            yield from reversed(shows) if piece.stretch.level % 2 else shows
            return
        text = piece.text
        if not UNSEEN.isdisjoint(text):
            text = "".join(char for char in text if char not in UNSEEN)
        begin: float | None = x
        for font, codes in self._split(name, text):
            yield _Show(font, begin, f"({self._canvas._escape(codes)}) Tj")  # noqa: SLF001
            begin = None

    def _split(self, name: str, text: str) -> Iterator[tuple[str, bytes]]:
        """The text as codes of font objects of this document."""
        font, document = typeface(name), self._canvas._doc  # noqa: SLF001
        for subset, codes in font.splitString(text, document):
            yield font.getSubsetInternalName(subset, document), codes

    def _signs(self, name: str, glyphs: Sequence[Glyph], x: float) -> Iterator[_Show]:
        codes = [
            (font, code)
            for font, some in self._split(name, "".join(glyph.code for glyph in glyphs))
            for code in some
        ]
        begins = accumulate((glyph.advance for glyph in glyphs), initial=0.0)
        signs = zip(codes, begins, glyphs, strict=False)
        for font, part in groupby(signs, key=lambda sign: sign[0][0]):
            some = [(code[1], begin, glyph.width) for code, begin, glyph in part]
            yield _Show(font, x + some[0][1] * self._size / 1000, _spaced(some))


def _spaced(signs: Sequence[tuple[int, float, float]]) -> str:
    """The operator that shows codes, each where it begins; the pen moves by their own widths."""
    said: list[str] = []
    pen = signs[0][1]
    for code, begin, width in signs:
        if abs(begin - pen) > _NEAR:
            said.append(_number(pen - begin))
            pen = begin
        said.append(f"<{code:02X}>")
        pen += width
    return f"[{' '.join(said).replace('> <', '')}] TJ"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is on one line, in points."""
    return _one_line(text, font).width * size / 1000


def draw_text(
    canvas: Canvas, at: tuple[float, float], text: str, face: tuple[str, float], align: str = "left"
) -> None:
    """Draw one line in a face (typeface, size) at its baseline.

    `align` says what the x of `at` is to the line: its left, middle or right.
    """
    font, size = face
    found = _one_line(text, font)
    write(canvas, [Placed(found, at[0] - found.width * size / 1000 * _ALIGN[align], at[1])], size)


def in_lines(text: str, face: tuple[str, float], width: float) -> list[str]:
    """A text that is set in one paragraph, cut where its lines of this width (points) end."""
    font, size = face
    whole = paragraph([Words(" ".join(text.split()), font)])
    found = lines(whole, width * 1000 / size)
    return [whole.text[each.start : each.end] for each in found]


def fitting(text: str, font: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis, for furniture such as a running head."""
    if len(text) <= _LONGEST and width_of(text, font, size) <= width:
        return text
    text = text[:_LONGEST]
    ends = clusters(text)
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        fits = width_of(f"{text[: ends[middle]]}…", font, size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{text[: ends[low]].rstrip()}…"


def _one_line(text: str, font: str) -> Line:
    return line(paragraph([Words(" ".join(text.split("\n")), font)]))
