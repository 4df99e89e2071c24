"""CSV as it comes: any delimiter, quoted cells over many lines, rows too short or too long."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from facilitator.exchange.imported import ImportProblem, listed
from facilitator.exchange.reading import Source

MOST_ROWS: Final = 200_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 200
_LARGEST_CELL: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its first line in the file, its cells, and the text as it stands there."""

    line: int
    cells: tuple[str, ...]
    original: str

    def cell(self, column: int | None) -> str:
        """The text in this column, empty where the row is too short or there is no such column."""
        if column is None or column >= len(self.cells):
            return ""
        return self.cells[column].strip()


@dataclass(frozen=True, slots=True)
class Table:
    """Header, rows and the delimiter that was found."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    notes: tuple[str, ...] = ()


def read_table(source: Source) -> Table:
    """The file as a table. Raises ImportProblem when it is none."""
    csv.field_size_limit(_LARGEST_CELL)
    lines = source.lines
    start, delimiter = _start(lines)
    delimiter = delimiter or find_delimiter(lines[start : start + _SAMPLE])
    rows = list(_rows(source.name, lines, start, delimiter))
    if not rows:
        raise ImportProblem(f"{source.name} is empty. Choose a file with rows in it.")
    head, *body = rows
    header = tuple(cell.strip().lstrip("#").strip() for cell in head.cells)
    notes = list(_notes(body, len(header)))
    if _looks_like_data(head):
        header, body = tuple(f"column {n}" for n in range(1, len(header) + 1)), rows
        notes.append("The first row is no header; it is read as data.")
    return Table(header, tuple(body), delimiter, tuple(notes))


def find_delimiter(lines: list[str]) -> str:
    """The sign that cuts most rows into as many cells as the first row has."""
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(_ended(lines), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        score = sum(w == widths[0] for w in widths) / len(widths) + widths[0] / 1000
        if score > most:
            best, most = delimiter, score
    return best


def _start(lines: list[str]) -> tuple[int, str]:
    """Where the header is, and the delimiter when a first line "sep=;" names it."""
    start, delimiter = 0, ""
    while start < len(lines) - 1:
        plain = lines[start].strip()
        if plain.lower().startswith("sep=") and len(plain) == 5:
            delimiter = plain[-1]
        elif plain and not _is_remark(lines, start):
            break
        start += 1
    return start, delimiter


def _is_remark(lines: list[str], at: int) -> bool:
    if not lines[at].lstrip().startswith("#"):
        return False
    following = lines[at + 1]
    # "#time,text" is a header that a tool marked; it has as many cells as the row below.
    return following.lstrip().startswith("#") or all(
        lines[at].count(d) != following.count(d) or not following.count(d) for d in _DELIMITERS
    )


def _rows(name: str, lines: list[str], start: int, delimiter: str) -> Iterator[Row]:
    found = csv.reader(_ended(lines[start:]), delimiter=delimiter)
    begin = 0
    count = 0
    try:
        for cells in found:
            first, begin = start + begin, found.line_num
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise ImportProblem(
                    f"{name} has more than {MOST_ROWS:,} rows. Cut it to the hours around the"
                    " incident."
                )
            original = "\n".join(lines[first : start + begin]).rstrip("\n")
            yield Row(first + 1, tuple(cells), original)
    except csv.Error as error:
        line = start + found.line_num
        raise ImportProblem(f"{name}, line {line}: {error}. Mend that line.") from error
    _check_closed(name, lines, start, delimiter)


def _check_closed(name: str, lines: list[str], start: int, delimiter: str) -> None:
    """A quote that is never closed swallows the rest of the file; say so instead."""
    strict = csv.reader(_ended(lines[start:]), delimiter=delimiter, strict=True)
    begin = 0
    try:
        for _ in strict:
            begin = strict.line_num
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise ImportProblem(
                f"{name}, line {start + begin + 1}: a quotation mark opens here and is never"
                " closed. Mend that line."
            ) from error


def _notes(rows: list[Row], width: int) -> Iterator[str]:
    wide = [row.line for row in rows if len(row.cells) > width and any(row.cells[width:])]
    short = [row.line for row in rows if len(row.cells) < width]
    if wide:
        yield f"More cells than the header has: {listed(wide)}."
    if short:
        yield f"Fewer cells than the header has: {listed(short)}."


def _looks_like_data(row: Row) -> bool:
    """Whether a first row holds a time rather than names of columns."""
    from facilitator.exchange.stamps import StampReader

    reader = StampReader("UTC")
    return any(reader.read(cell, row.line)[0] is not None for cell in row.cells)


def _ended(lines: list[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)
