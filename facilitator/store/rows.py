"""One STRICT table per kind of record, its columns taken from the record's fields."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facilitator.model.change import Change
from facilitator.model.codec import Malformed, Plain, canonical, from_plain, to_plain
from facilitator.model.records import KINDS, NAMES, Record

Values = tuple[Any, ...]
Statement = tuple[str, list[Values]]

_COLUMN_TYPES: Final[dict[Any, str]] = {int: "INTEGER", bool: "INTEGER", float: "REAL"}
_LARGEST: Final = 2**63


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record as a column: its SQL type, and how its value is spelled there."""

    name: str
    sql: str
    optional: bool
    python: type[Any]

    def declaration(self) -> str:
        """The column's line in CREATE TABLE."""
        return f"{quoted(self.name)} {self.sql}{'' if self.optional else ' NOT NULL'}"

    def stored(self, plain: Any) -> Any:  # noqa: ANN401  (a JSON value)
        """The JSON value as SQLite keeps it. Raises Malformed when it cannot."""
        if plain is None:
            if not self.optional:
                raise Malformed(f"{self.name} must have a value")
            return None
        if self.python is tuple:
            return canonical(plain)
        if not isinstance(plain, self._accepted()):
            raise Malformed(f"{self.name} cannot be {type(plain).__name__}")
        if isinstance(plain, int) and not -_LARGEST <= plain < _LARGEST:
            raise Malformed(f"{self.name} is too large a number")
        if isinstance(plain, float) and not math.isfinite(plain):
            raise Malformed(f"{self.name} must be a finite number")
        return float(plain) if self.python is float else plain

    def plain(self, stored: Any) -> Any:  # noqa: ANN401
        """The JSON value for what SQLite keeps."""
        if stored is None:
            return None
        if self.python is tuple:
            return json.loads(stored)
        return bool(stored) if self.python is bool and stored in (0, 1) else stored

    def _accepted(self) -> tuple[type[Any], ...]:
        if self.python is float:
            return (float, int)
        return (self.python,) if self.python in (int, bool) else (str,)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one kind of record, and the few statements made for it."""

    kind: type[Record]
    name: str
    columns: tuple[Column, ...]
    create: str
    upsert: str
    delete: str
    select: str

    def values(self, incident: str, plain: Plain) -> Values:
        """The row of this record. Raises Malformed on a value that cannot be kept."""
        return (incident, *(column.stored(plain[column.name]) for column in self.columns))

    def record(self, row: Values) -> Record:
        """The record in a row without its incident. Raises Malformed (or ValueError)."""
        plain = {c.name: c.plain(v) for c, v in zip(self.columns, row, strict=True)}
        return from_plain(self.kind, plain)


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return f'"{name}"'


def _column(name: str, hint: Any) -> Column:  # noqa: ANN401  (a type)
    optional = False
    if isinstance(hint, types.UnionType):
        optional = True
        hint = next(a for a in typing.get_args(hint) if a is not types.NoneType)
    python = tuple if typing.get_origin(hint) is tuple else hint
    return Column(name, _COLUMN_TYPES.get(python, "TEXT"), optional, python)


def _table(kind: type[Record]) -> Table:
    name = NAMES[kind]
    columns = tuple(_column(*item) for item in typing.get_type_hints(kind).items())
    names = ["incident", *(c.name for c in columns)]
    lines = ["incident TEXT NOT NULL", *(c.declaration() for c in columns)]
    listed = ", ".join(map(quoted, names))
    updates = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in names[2:])
    body = ",\n  ".join([*lines, 'PRIMARY KEY ("incident", "id")'])
    return Table(
        kind,
        name,
        columns,
        f"CREATE TABLE {quoted(name)} (\n  {body}\n) STRICT",
        f"INSERT INTO {quoted(name)} ({listed}) VALUES ({', '.join('?' * len(names))})"
        f' ON CONFLICT ("incident", "id") DO UPDATE SET {updates}',
        f'DELETE FROM {quoted(name)} WHERE "incident" = ? AND "id" = ?',
        f"SELECT {', '.join(map(quoted, names[1:]))} FROM {quoted(name)}"
        ' WHERE "incident" = ? ORDER BY rowid',
    )


TABLES: Final[Mapping[type[Record], Table]] = {kind: _table(kind) for kind in KINDS.values()}


def statements(incident: str, changes: Iterable[Change]) -> list[Statement]:
    """What makes the tables follow these changes. Raises Malformed when a value cannot be kept."""
    rows: dict[str, list[Values]] = {}
    for change in changes:
        table = TABLES[type(change.record)]
        if change.after is None:
            rows.setdefault(table.delete, []).append((incident, change.record.id))
        else:
            values = table.values(incident, to_plain(change.after))
            rows.setdefault(table.upsert, []).append(values)
    return list(rows.items())


def expected_rows(incident: str, records: Iterable[Record]) -> Iterator[tuple[Table, Values]]:
    """The rows that the tables must hold for these records."""
    for record in records:
        table = TABLES[type(record)]
        yield table, table.values(incident, to_plain(record))
