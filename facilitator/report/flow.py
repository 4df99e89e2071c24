"""Blocks as things that flow over pages: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from reportlab.platypus import LongTable as PlatypusTable
from reportlab.platypus import Paragraph
from reportlab.platypus.flowables import Flowable, KeepTogether, Spacer

from facilitator.report import blocks as b
from facilitator.report.figures import LaneDrawing, StripDrawing
from facilitator.report.fonts import BOLD, REGULAR, SYMBOLS, coloured, markup
from facilitator.report.piece import Piece
from facilitator.report.signing_boxes import SignBoxes
from facilitator.report.styles import Look, face_of, pieces
from facilitator.report.whys import answer_cards

# A cell of a table is at most this long; what is longer goes on in the next row.
_CELL_CHARS: Final = 1_200
_CELL_LINES: Final = 25
Flow = list[Flowable]
Command = tuple[Any, ...]


class Anchor(Piece):
    """A place that the outline leads to; it takes no room."""

    def __init__(self, text: str, level: int, key: str) -> None:
        super().__init__()
        self._entry = (text, level, key)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """No size."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Note the place in the outline."""
        text, level, key = self._entry
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text[:200], key, level=level, closed=level > 0)


def flow(blocks: tuple[b.Block, ...], look: Look, width: float) -> Flow:
    """The blocks of a section in order, each heading kept with what follows it."""
    done: Flow = []
    heading: Flow = []
    for block in blocks:
        made = make(block, look, width)
        if isinstance(block, b.Heading):
            heading += made
            continue
        if heading and made:
            made = [KeepTogether([*heading, made[0]]), *made[1:]]
            heading = []
        done += made
    return done + heading


def make(block: b.Block, look: Look, width: float) -> Flow:
    """One block as flowables."""
    maker: Callable[[Any, Look, float], Flow] = _MAKERS[type(block)]
    return maker(block, look, width)


def _heading(block: b.Heading, look: Look, _width: float) -> Flow:
    return [Spacer(1, 10 * look.scale), look.paragraph(block.text, "part"), Spacer(1, 3)]


def _text(block: b.Text, look: Look, _width: float) -> Flow:
    return [*look.paragraphs(block.text, block.tone), Spacer(1, 5 * look.scale)]


def _bullets(block: b.Bullets, look: Look, width: float) -> Flow:
    rows = []
    for point in block.points:
        for n, part in enumerate(pieces(point, _CELL_CHARS, _CELL_LINES)):
            rows.append([look.paragraph("" if n else "•"), look.paragraph(part)])
    return [_table(rows, [12, width - 12], [("BOTTOMPADDING", (0, 0), (-1, -1), 2)]), Spacer(1, 5)]


def _pairs(block: b.Pairs, look: Look, width: float) -> Flow:
    rows = []
    for name, value in block.rows:
        for n, part in enumerate(pieces(value, _CELL_CHARS, _CELL_LINES)):
            rows.append(
                [look.paragraph("" if n else name, "cell.second"), look.paragraph(part, "cell")]
            )
    if not rows:
        return []
    style = [("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 1)]
    return [_table(rows, [width * 0.26, width * 0.74], style), Spacer(1, 4)]


def _tiles(block: b.Tiles, look: Look, width: float) -> Flow:
    each = width / max(len(block.tiles), 1)
    cells = [
        [
            look.paragraph(tile.value, "value"),
            look.paragraph(tile.label, "label"),
            look.paragraph(tile.source, "source"),
        ]
        for tile in block.tiles
    ]
    colors = look.colors
    style: list[Command] = [
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, colors["text"]),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors["border.soft"]),
        ("TOPPADDING", (0, 0), (-1, -1), 9 * look.scale),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8 * look.scale),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
    return [_table([cells], [each] * len(cells), style)]


def _strip(block: b.Strip, look: Look, _width: float) -> Flow:
    return [Spacer(1, 6), StripDrawing(block, look.colors), Spacer(1, 2)]


def _callout(block: b.Callout, look: Look, width: float) -> Flow:
    bar, ground = {
        "fix": ("root", "root.ground"),
        "plain": ("accent", "card"),
        "warning": ("hint", "hint.ground"),
    }[block.tone]
    rows = [
        [look.paragraph(part, tone)]
        for text, tone in (
            (block.title, "callout"),
            *((line, "callout.line") for line in block.lines),
            (block.note, "callout.note"),
        )
        for part in pieces(text, _CELL_CHARS, _CELL_LINES)
    ]
    style: list[Command] = [
        ("BACKGROUND", (0, 0), (-1, -1), look.colors[ground]),
        ("LINEBEFORE", (0, 0), (0, -1), 4, look.colors[bar]),
        ("LEFTPADDING", (0, 0), (-1, -1), 15),
        ("RIGHTPADDING", (0, 0), (-1, -1), 12),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, 0), 10 * look.scale),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 11 * look.scale),
    ]
    return [Spacer(1, 2), _table(rows, [width], style), Spacer(1, 6 * look.scale)]


def _grid(block: b.Table, look: Look, width: float) -> Flow:
    rows: list[list[Any]] = [
        [look.paragraph(h, "head", _side(n, block)) for n, h in enumerate(block.heads)]
    ]
    style: list[Command] = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, look.colors["text"]),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ]
    for row in block.rows:
        if row.is_band:
            style += _band_style(len(rows), look)
            empty = [""] * (len(block.heads) - 1)
            rows.append([look.paragraph(row.cells[0].text, "cell.strong"), *empty])
            continue
        for part in _parts(row):
            rows.append([_cell(c, look, _side(n, block)) for n, c in enumerate(part)])
        style.append(("LINEBELOW", (0, len(rows) - 1), (-1, len(rows) - 1), 0.4,
                      look.colors["border.soft"]))  # fmt: skip
    widths = [width * share for share in block.shares]
    return [Spacer(1, 4), _table(rows, widths, style, repeat=1), Spacer(1, 6)]


def _band_style(n: int, look: Look) -> list[Command]:
    return [
        ("SPAN", (0, n), (-1, n)),
        ("BACKGROUND", (0, n), (-1, n), look.colors["card"]),
        ("LEFTPADDING", (0, n), (-1, n), 6),
        # A day without a moment below it would be an orphan.
        ("NOSPLIT", (0, n), (-1, n + 1)),
    ]


def _parts(row: b.Row) -> Iterator[tuple[b.Cell, ...]]:
    """The row, in as many rows as its longest cell needs to go on over pages."""
    columns = [list(pieces(c.text, _CELL_CHARS, _CELL_LINES)) or [""] for c in row.cells]
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


def _cell(cell: b.Cell, look: Look, align: str) -> Paragraph:
    tone = "cell" if cell.tone == "body" else f"cell.{cell.tone}"
    style = look.style(tone, align)
    said = markup(cell.text, face_of(tone))
    if cell.mark:
        said = f"{_mark(cell, look)}{said}"
    return Paragraph(said, style)


def _mark(cell: b.Cell, look: Look) -> str:
    if cell.mark_tone == "key":
        return f"{coloured(cell.mark, look.colors['lane.impact'], BOLD)}<br/>"
    if cell.mark_tone == "wish":
        return f"{coloured(cell.mark, look.colors['hint'], BOLD)}<br/>"
    return f'<font name="{SYMBOLS}" color="{look.colors[cell.mark_tone]}">{cell.mark}</font> '


def _lanes(block: b.LaneChart, look: Look, _width: float) -> Flow:
    drawing = LaneDrawing(block, look.colors)
    return [KeepTogether([drawing, Spacer(1, 3), look.paragraph(block.caption, "small")]),
            Spacer(1, 6)]  # fmt: skip


def _tree(block: b.Tree, look: Look, width: float) -> Flow:
    return [Spacer(1, 3), *answer_cards(block, look, width)]


def _sign_fields(block: b.SignFields, look: Look, _width: float) -> Flow:
    return [Spacer(1, 4), SignBoxes(block, look.colors), Spacer(1, 6)]


def _roles(block: b.Roles, look: Look, width: float) -> Flow:
    if not block.titles:
        return []
    each = width / len(block.titles)
    cells = [
        [look.paragraph(title, "cell.strong"), look.paragraph(upper(block.note), "cell.second")]
        for title in block.titles
    ]
    style: list[Command] = [
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        *(("LINEABOVE", (n, 0), (n, 0), 1.0, look.colors["text"]) for n in range(0)),
    ]
    return [_table([cells], [each] * len(cells), style)]


def upper(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _table(
    rows: list[list[Any]], widths: list[float], style: list[Command], repeat: int = 0
) -> Flowable:
    base: list[Command] = [
        # Without a typeface of ours reportlab would name Helvetica in the file.
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return PlatypusTable(
        rows,
        colWidths=widths,
        repeatRows=repeat,
        style=[*base, *style],
        splitInRow=1,
        hAlign="LEFT",
    )


_MAKERS: Final[dict[type[Any], Callable[[Any, Look, float], Flow]]] = {
    b.Heading: _heading,
    b.Text: _text,
    b.Bullets: _bullets,
    b.Pairs: _pairs,
    b.Tiles: _tiles,
    b.Strip: _strip,
    b.Callout: _callout,
    b.Table: _grid,
    b.LaneChart: _lanes,
    b.Tree: _tree,
    b.SignFields: _sign_fields,
    b.Roles: _roles,
}
