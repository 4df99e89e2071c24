"""Blocks that are tables to reportlab: figures, pairs, boxes, tables with a head on each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from reportlab.platypus import LongTable
from reportlab.platypus.flowables import Flowable, Spacer

from facilitator.report import blocks as b
from facilitator.report.fonts import REGULAR
from facilitator.report.phrasing import shortened, upper_first
from facilitator.report.prose import Prose
from facilitator.report.styles import Look, pieces
from facilitator.report.tags import Element, listed

# A row is kept under half a page: so many lines of the widest letters, or so many short lines.
_WIDEST: Final = 8.1
_FULL_LINES: Final = 20
_SHORT_LINES: Final = 16
_ROLE_GAP: Final = 14.0
_FEW: Final = 40
_LONGEST_NAME: Final = 160
Flow = list[Flowable]
Command = tuple[Any, ...]


def bullets(block: b.Bullets, look: Look, width: float) -> Flow:
    """A list of points."""
    done: list[Prose] = []
    listing: Element | None = None
    for point in block.points:
        listing, body = listed(listing)
        for n, part in enumerate(pieces(point)):
            done.append(look.point(part, "" if n else "•"))
            done[-1].tag = body
    return [*done, Spacer(1, 5)]


def pairs(block: b.Pairs, look: Look, width: float) -> Flow:
    """Names with their values."""
    rows = []
    listing = Element("L")
    for name, value in block.rows:
        item = listing.child("LI")
        label, body = item.child("Lbl"), item.child("LBody")
        for n, part in enumerate(cut(value, width * 0.74)):
            said = "" if n else shortened(" ".join(name.split()), _LONGEST_NAME)
            row = [look.paragraph(said, "cell.second"), look.paragraph(part, "cell")]
            row[0].tag, row[1].tag = label, body
            rows.append(row)
    style = [
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (0, -1), 8),
    ]
    widths = [width * 0.26, width * 0.74]
    # A table of many rows takes the square of their number to set.
    tables = [_table(rows[n : n + _FEW], widths, style) for n in range(0, len(rows), _FEW)]
    return [*tables, Spacer(1, 4)]


def tiles(block: b.Tiles, look: Look, width: float) -> Flow:
    """Figures side by side."""
    each = width / max(len(block.tiles), 1)
    cells = [
        [
            look.paragraph(tile.value, "value"),
            look.paragraph(tile.label, "label"),
            look.paragraph(tile.source, "source"),
        ]
        for tile in block.tiles
    ]
    _tag_side_by_side(cells)
    colors = look.colors
    style: list[Command] = [
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, colors["text"]),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors["border.soft"]),
        ("TOPPADDING", (0, 0), (-1, -1), 9 * look.scale),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8 * look.scale),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
    return [_table([cells], [each] * len(cells), style)]


def callout(block: b.Callout, look: Look, width: float) -> Flow:
    """A box that stands out."""
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
        for part in cut(text, width - 30)
    ]
    style: list[Command] = [
        ("BACKGROUND", (0, 0), (-1, -1), look.colors[ground]),
        # The last value keeps the ends of the bar square.
        ("LINEBEFORE", (0, 0), (0, -1), 4, look.colors[bar], 0),
        ("LEFTPADDING", (0, 0), (-1, -1), 15),
        ("RIGHTPADDING", (0, 0), (-1, -1), 12),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, 0), 10 * look.scale),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 11 * look.scale),
    ]
    return [Spacer(1, 2), _table(rows, [width], style), Spacer(1, 6 * look.scale)]


def cut(text: str, width: float) -> Iterator[str]:
    """The text in parts that each take less than half a page in a column of this width."""
    return pieces(text, max(int(_FULL_LINES * width / _WIDEST), 20), _SHORT_LINES)


def roles(block: b.Roles, look: Look, width: float) -> Flow:
    """The roles that sign, side by side."""
    count = len(block.titles)
    if not count:
        return []
    each = (width - _ROLE_GAP * (count - 1)) / count
    cells: list[Any] = []
    widths: list[float] = []
    for title in block.titles:
        if cells:
            cells.append("")
            widths.append(_ROLE_GAP)
        cells.append(
            [look.paragraph(title, "cell.strong"), look.paragraph(upper_first(block.note), "label")]
        )
        widths.append(each)
    _tag_side_by_side([cell for cell in cells if cell])
    ruled = [n for n, cell in enumerate(cells) if cell]
    style: list[Command] = [
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        *(("LINEABOVE", (n, 0), (n, 0), 1.1, look.colors["text"]) for n in ruled),
    ]
    return [_table([cells], widths, style)]


def _tag_side_by_side(cells: list[list[Prose]]) -> None:
    listing: Element | None = None
    for cell in cells:
        listing, body = listed(listing)
        for text in cell:
            text.tag = body.child("P")


def _table(rows: list[list[Any]], widths: list[float], style: list[Command]) -> Flowable:
    base: list[Command] = [
        # Without a typeface of ours reportlab would name Helvetica in the file.
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return LongTable(
        rows,
        colWidths=widths,
        style=[*base, *style],
        hAlign="LEFT",
    )
