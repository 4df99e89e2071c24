"""One incident as an immutable value: get a record, list a kind, make the next value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, cast

from facilitator.model.change import Change
from facilitator.model.records import KINDS, Incident, Record

R = TypeVar("R")


class Conflict(Exception):
    """A change does not fit the document it is applied to: a fault of ours, not of the user."""


class Document:
    """All records of one incident. A change gives a new value; this one stays as it is."""

    __slots__ = ("_lists", "_rows")

    def __init__(self, records: Iterable[Record] = ()) -> None:
        rows: dict[type[Any], dict[str, Record]] = {kind: {} for kind in KINDS.values()}
        for record in records:
            rows[type(record)][record.id] = record
        self._rows: Mapping[type[Any], Mapping[str, Record]] = MappingProxyType(rows)
        self._lists: dict[type[Any], tuple[Any, ...]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and dict(self._rows) == dict(other._rows)

    def __hash__(self) -> int:
        return id(self)

    @property
    def incident(self) -> Incident:
        """The root record. Raises LookupError on a document that has none."""
        for incident in self.all(Incident):
            return incident
        raise LookupError("the document has no incident")

    def get(self, kind: type[R], record_id: str) -> R:
        """The record with this id. Raises LookupError when there is none."""
        return cast(R, self._rows[kind][record_id])

    def find(self, kind: type[R], record_id: str) -> R | None:
        """The record with this id, or None."""
        return cast("R | None", self._rows[kind].get(record_id))

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a kind, in the order they came to be."""
        if kind not in self._lists:
            self._lists[kind] = tuple(self._rows[kind].values())
        return cast("tuple[R, ...]", self._lists[kind])

    def records(self) -> Iterable[Record]:
        """Every record, kind by kind."""
        for kind in KINDS.values():
            yield from self.all(kind)

    def with_changes(self, changes: Iterable[Change]) -> Document:
        """The document after these changes. Raises Conflict when a `before` is not what is here."""
        rows = dict(self._rows)
        touched: set[type[Any]] = set()
        for change in changes:
            kind, record_id = change.key
            if kind not in touched:
                rows[kind] = dict(rows[kind])
                touched.add(kind)
            table = cast(dict[str, Record], rows[kind])
            if table.get(record_id) != change.before:
                raise Conflict(f"{kind.__name__} {record_id} is not as the change expects it")
            if change.after is None:
                table.pop(record_id, None)
            else:
                table[record_id] = change.after
        return self._with_rows(rows, touched)

    def _with_rows(
        self, rows: Mapping[type[Any], Mapping[str, Record]], touched: set[type[Any]]
    ) -> Document:
        new = Document()
        new._rows = MappingProxyType(dict(rows))
        new._lists = {k: v for k, v in self._lists.items() if k not in touched}
        return new
