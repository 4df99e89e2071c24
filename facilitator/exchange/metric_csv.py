"""A CSV of numbers over time: each numeric column becomes a curve."""

from __future__ import annotations

import math
import re
from pathlib import PurePath
from typing import Final

from facilitator.exchange.columns import Columns, guess_columns, plain_name
from facilitator.exchange.csv_moments import check_columns, stamp_reader
from facilitator.exchange.imported import Imported, ImportProblem, listed
from facilitator.exchange.reading import Source
from facilitator.exchange.table import Table, read_table
from facilitator.model.clean import clean_line
from facilitator.model.edits import new_id
from facilitator.model.records import Series

_NUMBER: Final = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s]\S{0,9})?$"
)
_COMMA: Final = re.compile(r"[+-]?\d+,\d+$")
_GAPS: Final = ("", "nan", "null", "none", "n/a", "na", "-", "undefined", "inf", "+inf", "-inf")
_ROW_NAMES: Final = ("", "index", "row", "id", "no", "#")
_PLAIN_NAMES: Final = ("value", "values", "y", "v", "metric", "val", "wert")
_NAME_COLUMNS: Final = ("metric", "series", "name", "label", "measure")
_MOST_CURVES: Final = 12
_UNIT: Final = re.compile(r"[(\[]([^)\]]{1,12})[)\]]\s*$")


def is_metric_csv(source: Source) -> bool:
    """Whether the file has a time, at least one column of numbers and no column of words."""
    try:
        table = read_table(source)
    except ImportProblem:
        return False
    columns = guess_columns(table)
    if columns.time is None or not table.rows:
        return False
    name = _name_column(table, columns)
    if columns.text not in (None, name):
        return False
    others = [i for i in _others(table, columns) if i != name]
    filled = [i for i in others if any(row.cell(i) for row in table.rows[:200])]
    return bool(filled) and all(_is_numeric(table, i) for i in filled)


def read_metric_csv(source: Source, zone: str) -> Imported:
    """The columns of numbers as curves. Raises ImportProblem with a sentence."""
    table = read_table(source)
    columns = guess_columns(table)
    check_columns(source, table, columns)
    reader = stamp_reader(table, columns, zone)
    name = _name_column(table, columns)
    numeric = [i for i in _others(table, columns) if i != name and _is_numeric(table, i)]
    if not numeric:
        raise ImportProblem(f"{source.name} has no column of numbers. Import it as csv.")
    gathered: dict[tuple[str, int], list[tuple[float, float]]] = {}
    timeless: list[int] = []
    gaps: list[int] = []
    for row in table.rows:
        at = reader.read(columns.stamp(row), row.line)[0]
        if at is None:
            timeless.append(row.line)
            continue
        for i in numeric:
            value = number_of(row.cell(i))
            if value is None:
                gaps.append(row.line)
            else:
                gathered.setdefault((row.cell(name), i), []).append((at.timestamp(), value))
    curves = _curves(source, table, gathered)
    warnings = [*source.notes, *table.notes, *reader.warnings()]
    if timeless:
        warnings.append(f"No time can be read in {listed(timeless)}; left out of the curve.")
    if gaps:
        warnings.append(f"No number in {listed(gaps)}; the curve has a gap there.")
    return Imported(source.name, "metric_csv", (), curves, tuple(warnings), source.digest)


def number_of(text: str) -> float | None:
    """The number in a cell, without its unit; None for a gap or for what is no number."""
    plain = text.strip()
    if plain.lower() in _GAPS:
        return None
    if _COMMA.match(plain) and not re.match(r"[+-]?[1-9]\d{0,2},\d{3}$", plain):
        plain = plain.replace(",", ".")
    found = _NUMBER.match(plain)
    if not found or not found["number"]:
        return None
    try:
        value = float(found["number"].replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _curves(
    source: Source, table: Table, gathered: dict[tuple[str, int], list[tuple[float, float]]]
) -> tuple[Series, ...]:
    if not gathered:
        raise ImportProblem(
            f"{source.name}: no row has both a time and a number. Write times as"
            " 2026-06-18 18:14, or as seconds since 1970."
        )
    if len(gathered) > _MOST_CURVES:
        raise ImportProblem(
            f"{source.name} has {len(gathered)} curves; at most {_MOST_CURVES} can be shown."
            " Keep the columns that matter."
        )
    return tuple(
        Series(
            new_id(),
            _name(source, table.header[column], label),
            _unit(table, column),
            tuple(sorted(points, key=lambda point: point[0])),
            source=source.name,
            digest=source.digest,
        )
        for (label, column), points in gathered.items()
    )


def _name(source: Source, header: str, label: str) -> str:
    name = _UNIT.sub("", header).strip()
    if plain_name(header) in _PLAIN_NAMES or name.startswith("column "):
        name = label or PurePath(source.name).stem
    elif label:
        name = f"{label}, {name}"
    return clean_line(name)[:120] or PurePath(source.name).stem


def _unit(table: Table, column: int) -> str:
    named = _UNIT.search(table.header[column])
    if named:
        return clean_line(named[1])
    units = set()
    for row in table.rows[:200]:
        found = _NUMBER.match(row.cell(column))
        if found and found["number"]:
            units.add(found["unit"] or "")
    return clean_line(units.pop()) if len(units) == 1 else ""


def _others(table: Table, columns: Columns) -> list[int]:
    used = {columns.time, columns.clock, columns.zone}
    # Tools write the number of a row too, under no name or one of these.
    counted = {i for i, name in enumerate(table.header) if plain_name(name) in _ROW_NAMES}
    found = [i for i in range(len(table.header)) if i not in used]
    return [i for i in found if i not in counted] or found


def _name_column(table: Table, columns: Columns) -> int | None:
    """A column that says whose number it is, when one curve stands below another."""
    for i in _others(table, columns):
        if plain_name(table.header[i]) not in _NAME_COLUMNS or _is_numeric(table, i):
            continue
        if len({row.cell(i) for row in table.rows}) <= _MOST_CURVES:
            return i
    return None


def _is_numeric(table: Table, column: int) -> bool:
    cells = [row.cell(column) for row in table.rows[:500]]
    told = [cell for cell in cells if cell.lower() not in _GAPS]
    return bool(told) and sum(number_of(cell) is not None for cell in told) >= 0.9 * len(told)
