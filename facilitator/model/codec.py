"""Records as plain JSON values and back, strictly: what does not fit the record is refused."""

from __future__ import annotations

import hashlib
import json
import types
import typing
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from typing import Any

from facilitator.model.document import Document
from facilitator.model.records import KINDS, NAMES, Record

Plain = dict[str, Any]
_FIELD_TYPES: dict[type[Any], dict[str, Any]] = {
    k: typing.get_type_hints(k) for k in KINDS.values()
}


class Malformed(ValueError):
    """A plain value that is no record; the text says which field and why."""


def to_plain(record: Record) -> Plain:
    """The record's fields as JSON values; times as ISO 8601 in UTC."""
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def from_plain(kind: type[Record], plain: Plain) -> Record:
    """The record these values describe. Raises Malformed on unknown, missing or wrong ones."""
    known = _FIELD_TYPES[kind]
    unknown = sorted(set(plain) - set(known))
    if unknown:
        raise Malformed(f"{NAMES[kind]}: unknown field {unknown[0]!r}")
    values = {}
    for f in fields(kind):
        if f.name in plain:
            values[f.name] = _typed(plain[f.name], known[f.name], f"{NAMES[kind]}.{f.name}")
        elif f.default is MISSING:
            raise Malformed(f"{NAMES[kind]}: field {f.name!r} is missing")
    return kind(**values)


def canonical(value: object) -> str:
    """JSON text with one spelling: keys sorted, no spaces, NaN refused."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def document_plain(document: Document) -> dict[str, list[Plain]]:
    """Every record of the document, by kind, ordered by id."""
    return {
        name: [to_plain(r) for r in sorted(document.all(kind), key=lambda r: r.id)]
        for name, kind in KINDS.items()
    }


def document_digest(document: Document) -> str:
    """SHA-256 (hex) of the canonical JSON of the document."""
    return hashlib.sha256(canonical(document_plain(document)).encode()).hexdigest()


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with a Z, to the microsecond where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _typed(value: Any, wanted: Any, where: str) -> Any:
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        wanted = next(a for a in typing.get_args(wanted) if a is not types.NoneType)
        origin = typing.get_origin(wanted)
    if origin is tuple:
        return _typed_tuple(value, typing.get_args(wanted), where)
    return _scalar(value, wanted, where)


def _typed_tuple(value: Any, args: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise Malformed(f"{where}: a list is expected")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_typed(v, args[0], where) for v in value)
    if len(value) != len(args):
        raise Malformed(f"{where}: {len(args)} values are expected")
    return tuple(_typed(v, a, where) for v, a in zip(value, args, strict=True))


def _scalar(value: Any, wanted: Any, where: str) -> Any:
    if wanted in (datetime, date):
        return _moment_of_time(value, wanted, where)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise Malformed(f"{where}: {wanted.__name__} is expected, not {type(value).__name__}")
    return value


def _moment_of_time(value: Any, wanted: type[date], where: str) -> date:
    if not isinstance(value, str):
        raise Malformed(f"{where}: a {wanted.__name__} in ISO 8601 is expected")
    try:
        if wanted is date:
            return date.fromisoformat(value)
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise Malformed(f"{where}: {value!r} is not ISO 8601") from error
    if at.tzinfo is None:
        raise Malformed(f"{where}: {value!r} has no offset from UTC")
    return at.astimezone(UTC)
