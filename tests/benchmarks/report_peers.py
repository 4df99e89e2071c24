"""The same report by plain reportlab and by Qt: what our own making of PDF is measured against.

Both get the finished blocks: the words, the tables with their heads, the answers with their
indents, in the same typefaces, sizes and margins. They draw no charts, mark nothing, attach
nothing and leave no fields.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from facilitator.paths import resources
from facilitator.report import blocks as b
from facilitator.report.blocks import Report

BODY, CELL, HEAD, LEADING = 9.8, 8.8, 8.2, 1.4
SIDE, TOP, BOTTOM, STEP = 50.0, 62.0, 58.0, 22.0
HEADINGS = {1: 16.0, 2: 10.4}
DEEPEST = 9
FACES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


@dataclass(frozen=True)
class Words:
    """A heading (1 or 2) or a paragraph (0), so many steps to the right."""

    text: str
    level: int = 0
    indent: int = 0


@dataclass(frozen=True)
class Grid:
    """A table; a row of one cell is a band over all columns."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


def said(report: Report) -> list[Words | Grid]:
    """Everything the report says, in order."""
    front = report.front
    found: list[Words | Grid] = [Words(front.meta), Words(front.title, 1), Words(front.subtitle)]
    for block in (*front.blocks, front.foot):
        found += _SAY[type(block)](block)
    for section in report.sections:
        found.append(Words(section.title, 1))
        for block in section.blocks:
            found += _SAY[type(block)](block)
    return found


def _row(row: b.Row) -> tuple[str, ...]:
    return tuple(f"{cell.mark} {cell.text}" if cell.mark else cell.text for cell in row.cells)


def _tree(tree: b.Tree) -> Iterator[Words]:
    for answer in tree.answers:
        indent = min(answer.depth, DEEPEST)
        above = f"why of {answer.parent}" if answer.parent else "effect"
        root = " · Root cause" if answer.root_cause else ""
        yield Words(f"{answer.number} · {above} · {answer.level}{root}", 0, indent)
        yield Words(answer.text, 0, indent)
        yield from (Words(f"Evidence: {each}", 0, indent) for each in answer.evidence)


_SAY = {
    b.Heading: lambda block: [Words(block.text, 2)],
    b.Text: lambda block: [Words(block.text)],
    b.Bullets: lambda block: [Words(f"• {point}") for point in block.points],
    b.Pairs: lambda block: [Grid((), block.rows, (0.26, 0.74))],
    b.Callout: lambda block: [Words(t) for t in (block.title, *block.lines, block.note) if t],
    b.Table: lambda block: [Grid(block.heads, tuple(map(_row, block.rows)), block.shares)],
    b.Tree: _tree,
    b.Tiles: lambda block: [Words(f"{t.value} {t.label} {t.source}") for t in block.tiles],
    b.Strip: lambda block: [Words(" ".join(f"{m.time} {m.label}" for m in block.marks))],
    b.LaneChart: lambda block: [Words(block.caption)],
    b.MetricChart: lambda block: [Words(block.caption)],
    b.SignFields: lambda block: [Words(f"{f.title} {f.name}") for f in block.fields],
    b.Roles: lambda block: [Words(f"{', '.join(block.titles)}: {block.note}")],
}


# --- plain reportlab ----------------------------------------------------------------------------


def by_reportlab(content: list[Words | Grid], size: tuple[float, float]) -> bytes:
    """Plain reportlab: Paragraph and LongTable of its platypus, as its manual shows them."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    for name, file in zip(("Plain", "PlainBold"), FACES, strict=True):
        pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / file)))
    headings = {level: _style("PlainBold", points) for level, points in HEADINGS.items()}
    texts = [_style("Plain", BODY, STEP * n) for n in range(DEEPEST + 1)]
    story = [
        Paragraph(escape(each.text), headings.get(each.level, texts[each.indent]))
        if isinstance(each, Words)
        else _long_table(each, size[0] - 2 * SIDE)
        for each in content
    ]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=size, leftMargin=SIDE, rightMargin=SIDE, topMargin=TOP, bottomMargin=BOTTOM,
        initialFontName="Plain",
    ).build(story)  # fmt: skip
    return out.getvalue()


def _style(font: str, points: float, left: float = 0.0):
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{font}{points}{left}", fontName=font, fontSize=points, leading=points * LEADING,
        leftIndent=left, spaceAfter=4, allowWidows=0, allowOrphans=0,
    )  # fmt: skip


def _long_table(grid: Grid, width: float):
    from reportlab.lib.colors import black
    from reportlab.platypus import LongTable, Paragraph

    cell, head = _style("Plain", CELL), _style("PlainBold", HEAD)
    above = 1 if grid.heads else 0
    rows = [[Paragraph(escape(text), head) for text in grid.heads]] if above else []
    rows += [[Paragraph(escape(text), cell) for text in row] for row in grid.rows]
    bands = [("SPAN", (0, y), (-1, y)) for y, row in enumerate(rows) if len(row) == 1]
    rows = [row + [""] * (len(grid.shares) - len(row)) for row in rows]
    style = [
        ("FONT", (0, 0), (-1, -1), "Plain", CELL),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, black),
        *bands,
    ]
    columns = [width * share for share in grid.shares]
    return LongTable(rows, columns, repeatRows=above, style=style, splitInRow=1)


# --- Qt -----------------------------------------------------------------------------------------


def by_qt(content: list[Words | Grid], size: tuple[float, float]) -> bytes:
    """Qt: a QTextDocument with its own tables, printed by QPdfWriter."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
    from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter

    application = QGuiApplication.instance() or QGuiApplication([])
    document = _qt_document(content)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Report")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QSizeF(*size), QPageSize.Unit.Point),
            QPageLayout.Orientation.Portrait,
            QMarginsF(SIDE, TOP, SIDE, BOTTOM),
            QPageLayout.Unit.Point,
        )
    )
    document.print_(writer)
    del writer, application
    return bytes(buffer.data().data())


def _qt_document(content: list[Words | Grid]):
    from PySide6.QtGui import QFontDatabase, QTextCursor, QTextDocument

    for file in FACES:
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / file))
    letters = {0: _letters(BODY)} | {n: _letters(p, bold=True) for n, p in HEADINGS.items()}
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(letters[0].font())
    document.setDocumentMargin(0)
    cursor = QTextCursor(document)
    for each in content:
        if isinstance(each, Grid):
            _qt_table(cursor, each)
            cursor.movePosition(QTextCursor.MoveOperation.End)
        else:
            points = HEADINGS.get(each.level, BODY)
            cursor.insertBlock(_lines(points, STEP * each.indent), letters[each.level])
            cursor.insertText(each.text)
    return document


def _letters(points: float, *, bold: bool = False):
    from PySide6.QtGui import QFont, QTextCharFormat

    font = QFont("Noto Sans")
    font.setPointSizeF(points)
    font.setBold(bold)
    made = QTextCharFormat()
    made.setFont(font)
    return made


def _lines(points: float, indent: float):
    from PySide6.QtGui import QTextBlockFormat

    made = QTextBlockFormat()
    made.setLeftMargin(indent)
    made.setBottomMargin(4)
    made.setLineHeight(points * LEADING, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return made


def _qt_table(cursor, grid: Grid) -> None:
    from PySide6.QtGui import QTextLength, QTextTableFormat

    percent = QTextLength.Type.PercentageLength
    form = QTextTableFormat()
    form.setBorder(0.4)
    form.setCellPadding(3)
    form.setCellSpacing(0)
    form.setHeaderRowCount(1 if grid.heads else 0)
    form.setWidth(QTextLength(percent, 100))
    form.setColumnWidthConstraints([QTextLength(percent, 100 * share) for share in grid.shares])
    rows = [grid.heads, *grid.rows] if grid.heads else list(grid.rows)
    cell, head = _letters(CELL), _letters(HEAD, bold=True)
    table = cursor.insertTable(len(rows), len(grid.shares), form)
    for y, row in enumerate(rows):
        if len(row) == 1:
            table.mergeCells(y, 0, 1, len(grid.shares))
        for x, text in enumerate(row):
            letters = head if grid.heads and not y else cell
            table.cellAt(y, x).firstCursorPosition().insertText(text, letters)
