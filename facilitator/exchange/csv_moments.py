"""Any CSV with a time and a text in each row, Timesketch's own CSV among them."""

from __future__ import annotations

from facilitator.exchange.building import MomentRows
from facilitator.exchange.columns import TIME_NAMES, Columns, guess_columns, plain_name
from facilitator.exchange.imported import Imported, ImportProblem
from facilitator.exchange.reading import Source
from facilitator.exchange.stamps import StampReader
from facilitator.exchange.table import Row, Table, read_table

_EXTRAS = ("lane", "source", "key", "until")
_OPTIONAL = ("lane", "key", "until")
_SHOWN = 12


def read_csv(source: Source, zone: str) -> Imported:
    """The rows as moments. Raises ImportProblem with a sentence."""
    table = read_table(source)
    columns = guess_columns(table)
    check_columns(source, table, columns)
    warnings = [*table.notes, *_column_notes(table, columns)]
    reader = stamp_reader(table, columns, zone)
    rows = MomentRows(source, reader, "action")
    return _filled(rows, table, columns).imported("csv", warnings)


def read_timesketch_csv(source: Source, zone: str) -> Imported:
    """The rows of a Timesketch CSV: `datetime` decides, whatever `timestamp` says."""
    table = read_table(source)
    names = [name.strip().lower() for name in table.header]
    places = {name: names.index(name) for name in ("datetime", "message") if name in names}
    if len(places) < 2:
        raise ImportProblem(
            f"{source.name} is no Timesketch CSV: it needs the columns datetime and message."
            f" {_found(table)}"
        )
    lane, key, until, spare = (
        names.index(name) if name in names else None for name in (*_OPTIONAL, "timestamp")
    )
    columns = Columns(
        time=places["datetime"],
        text=places["message"],
        lane=lane,
        key=key,
        until=until,
        spare=spare,
    )
    check_columns(source, table, columns)
    rows = MomentRows(source, stamp_reader(table, columns, zone), "signal")
    return _filled(rows, table, columns).imported("timesketch_csv", list(table.notes))


def is_timesketch_csv(source: Source) -> bool:
    """Whether the header names Timesketch's three columns."""
    head = next((line for line in source.lines if line.strip()), "").lower()
    return all(name in head for name in ("message", "datetime", "timestamp_desc"))


def stamp_reader(table: Table, columns: Columns, zone: str) -> StampReader:
    """A reader for the times of this table; a header that says UTC is believed."""
    samples = [columns.stamp(row) for row in table.rows]
    if columns.is_utc:
        return StampReader("UTC", samples, assumed="as the header says")
    return StampReader(zone, samples)


def check_columns(source: Source, table: Table, columns: Columns) -> None:
    """Raises ImportProblem when there is no column of times, or no row."""
    if columns.time is None:
        raise ImportProblem(
            f"{source.name} has no column of times. {_found(table)} Name one of them “time”, with"
            " times such as 2026-06-18 18:14."
        )
    if not table.rows:
        raise ImportProblem(f"{source.name} has a header and no rows. Choose a file with rows.")


def _filled(rows: MomentRows, table: Table, columns: Columns) -> MomentRows:
    for row in table.rows:
        extra = {name: row.cell(getattr(columns, name)) for name in _EXTRAS}
        rows.add(row.line, columns.stamp(row), _text(table, columns, row), row.original, extra)
    return rows


def _text(table: Table, columns: Columns, row: Row) -> str:
    """The words of a row; an unquoted delimiter in the last column does not cut them short."""
    if columns.text is not None and columns.text == len(table.header) - 1:
        return table.delimiter.join(row.cells[columns.text :])
    words = row.cell(columns.text)
    if words.strip() or columns.text is not None:
        return words or _others(table, columns, row)
    return _others(table, columns, row)


def _others(table: Table, columns: Columns, row: Row) -> str:
    """Every other cell of a row that has no text of its own, each with its column's name."""
    used = {columns.time, columns.clock, columns.lane, columns.source, columns.key, columns.until}
    used |= {columns.zone, columns.spare}
    cells = [
        f"{name}: {row.cell(i)}" if not name.startswith("column ") else row.cell(i)
        for i, name in enumerate(table.header)
        if i not in used and name and row.cell(i)
    ]
    return ", ".join(cells)


def _column_notes(table: Table, columns: Columns) -> list[str]:
    notes = []
    time = table.header[columns.time or 0]
    if plain_name(time) not in TIME_NAMES and not time.startswith("column "):
        notes.append(f"The column “{time}” is read as the time.")
    if columns.text is None:
        notes.append("No column is named as the text; the other columns are put together.")
    return notes


def _found(table: Table) -> str:
    named = [f"“{name[:40]}”" for name in table.header[:_SHOWN] if name]
    more = f" and {len(table.header) - _SHOWN} more" if len(table.header) > _SHOWN else ""
    return f"Its columns are {', '.join(named) or 'without names'}{more}."
