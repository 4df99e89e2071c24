"""Tables that go on over many pages, each with the head again, in time that grows evenly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from facilitator.report import blocks as b
from facilitator.report.figures import Colors
from facilitator.report.fonts import BOLD, SYMBOLS
from facilitator.report.grids import cut
from facilitator.report.piece import Piece
from facilitator.report.prose import Prose, prose
from facilitator.report.stretches import Words
from facilitator.report.styles import Look
from facilitator.report.tags import Element

_ABOVE: Final = 3.0
_BELOW: Final = 4.0
_BESIDE: Final = 6.0
# Marks that stand over the text of their cell, and their colours.
_OWN_LINE: Final = {"key": "lane.impact", "wish": "hint"}


@dataclass(slots=True)
class Line:
    """One row as it is set: a head, a band, or cells; a row may go on in the next line."""

    kind: str
    cells: list[Prose]
    goes_on: bool = False
    continues: bool = False
    height: float = 0.0

    @property
    def above(self) -> float:
        """The room over its text."""
        return 0.0 if self.continues else _ABOVE

    @property
    def below(self) -> float:
        """The room under its text."""
        return 0.0 if self.goes_on else _BELOW


@dataclass(slots=True)
class Lines:
    """All rows of a table with their heights, shared by the parts that stand on each page."""

    head: Line
    rows: list[Line]
    widths: list[float]
    tops: list[float] = field(default_factory=list)

    def tag(self) -> None:
        """Say what each cell is; a row that goes on in more lines stays one row."""
        table = Element("Table")
        cells: list[Element] = []
        for line in (self.head, *self.rows):
            if not line.continues:
                cells = _tagged_cells(table.child("TR"), line, len(self.widths))
            for cell, tag in zip(line.cells, cells, strict=True):
                cell.tag = tag

    def measure(self) -> None:
        """Set every row once; `tops` are the heights of all rows before each."""
        if self.tops:
            return
        for line in (self.head, *self.rows):
            line.height = self._height(line)
        self.tops = list(accumulate((line.height for line in self.rows), initial=0.0))

    def _height(self, line: Line) -> float:
        widths = [sum(self.widths)] if line.kind == "band" else self.widths
        heights = [
            cell.wrap(width - _BESIDE, 1.0)[1]
            for cell, width in zip(line.cells, widths, strict=True)
        ]
        return float(max(heights)) + line.above + line.below


class Sheet(Piece):
    """The rows of a table from `first` to before `last`, under its head."""

    def __init__(self, lines: Lines, colors: Colors, first: int, last: int) -> None:
        super().__init__()
        self._lines = lines
        self._colors = colors
        self._first = first
        self._last = last

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self._lines.measure()
        tops = self._lines.tops
        self.width = width
        self.height = self._lines.head.height + tops[self._last] - tops[self._first]
        return self.width, self.height

    def beginning(self) -> float:
        """The height of the head and the first rows: what a heading wants to stay with."""
        self._lines.measure()
        least = min(self._first + 2, self._last)
        return self._lines.head.height + self._lines.tops[least] - self._lines.tops[self._first]

    def split(self, width: float, height: float) -> list[Sheet]:
        """The part that fits and the rest, a band never alone at the foot; nothing when none."""
        self.wrap(width, height)
        rows, tops = self._lines.rows, self._lines.tops
        room = height - self._lines.head.height + tops[self._first]
        end = self._first
        while end < self._last and tops[end + 1] <= room:
            end += 1
        while end > self._first and rows[end - 1].kind == "band":
            end -= 1
        if end in (self._first, self._last):
            return []
        return [
            Sheet(self._lines, self._colors, self._first, end),
            Sheet(self._lines, self._colors, end, self._last),
        ]

    def draw(self) -> None:
        """Draw head and rows from the top."""
        y = self.height
        head = self._lines.head
        with self.canv.silent() if self._first else nullcontext():
            self._draw_line(head, y)
        y -= head.height
        for line in self._lines.rows[self._first : self._last]:
            self._draw_line(line, y)
            y -= line.height

    def _draw_line(self, line: Line, top: float) -> None:
        bottom = top - line.height
        if line.kind == "band":
            self.canv.setFillColor(self._colors["card"])
            self.canv.rect(0, bottom, self.width, line.height, stroke=0, fill=1)
        x = _BESIDE if line.kind == "band" else 0.0
        for cell, width in zip(line.cells, self._lines.widths, strict=False):
            # Measured before, in wrap; asked again since splitting may have thrown the lines away.
            wide = (self.width if line.kind == "band" else width) - _BESIDE
            height = cell.wrap(wide, line.height)[1]
            cell.drawOn(self.canv, x, top - line.above - height)
            x += width
        if not line.goes_on:
            is_head = line.kind == "head"
            self.canv.setStrokeColor(self._colors["text" if is_head else "border.soft"])
            self.canv.setLineWidth(0.9 if is_head else 0.4)
            self.canv.line(0, bottom, self.width, bottom)


def sheet(block: b.Table, look: Look, width: float) -> Sheet:
    """A table of blocks, ready to flow."""
    widths = [width * share for share in block.shares]
    titles = [look.paragraph(h, "head", _side(n, block)) for n, h in enumerate(block.heads)]
    rows = [line for row in block.rows for line in _lines(row, block, look, widths)]
    lines = Lines(Line("head", titles), rows, widths)
    lines.tag()
    return Sheet(lines, look.colors, 0, len(rows))


def _tagged_cells(row: Element, line: Line, columns: int) -> list[Element]:
    if line.kind == "band":
        return [row.child("TD", columns=columns)]
    if line.kind == "head":
        return [row.child("TH", scope="Column") for _ in line.cells]
    return [row.child("TD") for _ in line.cells]


def _lines(row: b.Row, block: b.Table, look: Look, widths: Sequence[float]) -> Iterator[Line]:
    if row.is_band:
        yield Line("band", [look.paragraph(row.cells[0].text, "cell.strong")])
        return
    parts = list(_parts(row, widths))
    for n, part in enumerate(parts):
        cells = [_cell(c, look, _side(i, block)) for i, c in enumerate(part)]
        yield Line("row", cells, goes_on=n < len(parts) - 1, continues=n > 0)


def _parts(row: b.Row, widths: Sequence[float]) -> Iterator[tuple[b.Cell, ...]]:
    """The row, in as many lines as its longest cell needs to go on over pages."""
    columns = [
        list(cut(cell.text, width - _BESIDE)) or [""]
        for cell, width in zip(row.cells, widths, strict=True)
    ]
    for n in range(max(map(len, columns))):
        yield tuple(
            b.Cell(
                column[n] if n < len(column) else "",
                cell.tone,
                "" if n else cell.mark,
                cell.mark_tone,
            )
            for column, cell in zip(columns, row.cells, strict=True)
        )


def _side(n: int, block: b.Table) -> str:
    return "right" if n in block.right else "left"


def _cell(cell: b.Cell, look: Look, align: str) -> Prose:
    tone = "cell" if cell.tone == "body" else f"cell.{cell.tone}"
    style = look.style(tone, align)
    if not cell.mark:
        return prose(cell.text, style)
    over = _OWN_LINE.get(cell.mark_tone)
    if over:
        mark, text = Words(f"{cell.mark}\n", BOLD, look.colors[over]), cell.text
    else:
        mark, text = Words(cell.mark, SYMBOLS, look.colors[cell.mark_tone]), f" {cell.text}"
    return Prose([mark, Words(text, style.font)], style)
