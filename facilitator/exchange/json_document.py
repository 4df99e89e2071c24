"""Everything about an incident as one JSON text, and strictly back: schema facilitator/export/1.

An object with `schema`, `digest` (SHA-256 of the canonical JSON of the records, in hex) and
`records`: for each kind of record a list of objects with the fields of `model/records.py`, times
in ISO 8601 with offset, dates as YYYY-MM-DD. Left out is nothing; added may be nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, Final, NoReturn

from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.reading import Source
from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import LONGEST_TEXT, was_cleaned
from facilitator.model.codec import Malformed, document_digest, from_plain, to_plain
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import (
    ARTEFACTS,
    CHAIN_LEVELS,
    CLOCK_MARKS,
    FOLLOW_UP_KINDS,
    KEY_MOMENTS,
    KINDS,
    LABELS,
    LANES,
    PHASES,
    PRECISIONS,
    PROVENANCES,
    ROLES,
    SEVERITIES,
    STATUSES,
    Evidence,
    Incident,
    Moment,
    Record,
    Why,
)
from facilitator.model.times import zone_of

SCHEMA: Final = "facilitator/export/1"
_LARGEST: Final = 2**53
_WHAT: Final = "Export it again with “facilitator export INCIDENT --format json”."
CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("incident", "severity"): ("", *SEVERITIES),
    ("incident", "level"): ("", *CHAIN_LEVELS),
    ("incident", "label"): ("", *LABELS),
    ("person", "role"): ROLES,
    ("topic", "phase"): PHASES,
    ("moment", "lane"): LANES,
    ("moment", "precision"): PRECISIONS,
    ("moment", "provenance"): PROVENANCES,
    ("moment", "key"): ("", *KEY_MOMENTS),
    ("why", "level"): ("", *CHAIN_LEVELS),
    ("fix", "artefact_kind"): ("", *ARTEFACTS),
    ("follow_up", "kind"): ("", *FOLLOW_UP_KINDS),
    ("follow_up", "status"): STATUSES,
    ("parked", "destination"): ("retro", "next"),
    ("clock_mark", "kind"): CLOCK_MARKS,
}


def export_json(document: Document) -> str:
    """The document as JSON text; reading it back gives an equal document."""
    value = {
        "schema": SCHEMA,
        "digest": document_digest(document),
        "records": {
            name: [to_plain(record) for record in document.all(kind)]
            for name, kind in KINDS.items()
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def import_json(source: Source) -> Document:
    """The document in a JSON export. Raises ImportProblem: which file, where, what to do."""
    try:
        document = Document(_records(source))
        _check_references(document)
    except (Malformed, RecursionError) as error:
        raise ImportProblem(f"{source.name} is no export that can be read: {error}. {_WHAT}") from (
            error
        )
    return document


def is_altered(source: Source, document: Document) -> bool:
    """Whether an export was changed since it was written, going by the digest it carries."""
    told = json.loads(source.text).get("digest")
    return bool(told != document_digest(document))


def checked(document: Document, name: str) -> Document:
    """The document that came in another form, held to what an export is held to.

    Raises ImportProblem that names the file.
    """
    try:
        text = export_json(document)
    except (ValueError, RecursionError) as error:
        raise ImportProblem(f"{name} cannot be read: {error}.") from error
    return import_json(Source(name, text.encode(errors="replace")))


def creating(document: Document, taken: Iterable[str]) -> Edit:
    """The edit that makes this incident, under a new id when the library has that one already."""
    incident = document.incident
    records = list(document.records())
    if incident.id in set(taken):
        records = [replace(incident, id=new_id()), *(r for r in records if r is not incident)]
    return Edit("Import incident", tuple(Change(None, record) for record in records))


def _records(source: Source) -> Iterator[Record]:
    value = _parsed(source)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise Malformed(f"it does not say “schema”: “{SCHEMA}”")
    unknown = sorted(set(value) - {"schema", "digest", "records"})
    if unknown:
        raise Malformed(f"the field {unknown[0]!r} is not known")
    kinds = value.get("records")
    if not isinstance(kinds, dict):
        raise Malformed("it has no “records”")
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise Malformed(f"records of the kind {unknown[0]!r} are not known")
    for name, kind in KINDS.items():
        yield from _of_kind(name, kind, kinds.get(name, []))


def _of_kind(name: str, kind: type[Record], rows: object) -> Iterator[Record]:
    if not isinstance(rows, list):
        raise Malformed(f"“{name}” is no list")
    seen: set[str] = set()
    for n, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise Malformed(f"{name} {n} is no object")
        try:
            record = from_plain(kind, row)
            _check(name, record)
        except Malformed as error:
            raise Malformed(f"{name} {n}: {error}") from error
        if record.id in seen:
            raise Malformed(f"{name} {n}: the id {record.id!r} is there twice")
        seen.add(record.id)
        yield record
    if name == "incident" and len(rows) != 1:
        raise Malformed(f"it has {len(rows)} incidents; one is expected")


def _parsed(source: Source) -> Any:  # noqa: ANN401  (any JSON value)
    def refuse(constant: str) -> NoReturn:
        raise Malformed(f"{constant} is no number")

    try:
        return json.loads(source.text.lstrip("\ufeff"), parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise Malformed(f"line {error.lineno}: {error.msg}") from error
    except Malformed:
        raise
    except ValueError as error:
        raise Malformed("a number in it is too long") from error


def _check(name: str, record: Record) -> None:
    for f in fields(record):
        value = getattr(record, f.name)
        _check_value(f"{name}.{f.name}", value)
        known = CHOICES.get((name, f.name))
        if known is not None and value not in known:
            raise Malformed(f"{f.name} is {value!r}; known are {', '.join(k for k in known if k)}")
    if not record.id:
        raise Malformed("it has no id")
    if isinstance(record, Incident):
        _check_zone(record.zone)


def _check_value(where: str, value: object) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise Malformed(f"{where} has {len(value):,} characters; at most {LONGEST_TEXT:,} fit")
        if was_cleaned(value):
            raise Malformed(f"{where} has control characters")
    elif isinstance(value, float) and not math.isfinite(value):
        raise Malformed(f"{where} is no number that can be kept")
    elif isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        raise Malformed(f"{where} is too large a number")
    elif isinstance(value, tuple):
        for each in value:
            _check_value(where, each)


def _check_zone(zone: str) -> None:
    try:
        zone_of(zone)
    except Refused as error:
        raise Malformed(f"{zone!r} is no time zone") from error


def _check_references(document: Document) -> None:
    whys = {why.id: why for why in document.all(Why)}
    for why in whys.values():
        seen = {why.id}
        parent = why.parent
        while parent:
            if parent not in whys or parent in seen:
                raise Malformed(f"why {why.id!r}: its parent {parent!r} is missing or in a circle")
            seen.add(parent)
            parent = whys[parent].parent
    for evidence in document.all(Evidence):
        if evidence.why not in whys or document.find(Moment, evidence.moment) is None:
            raise Malformed(f"evidence {evidence.id!r} rests on a record that is not there")
    keys = [moment.key for moment in document.all(Moment) if moment.key]
    twice = next((key for key in keys if keys.count(key) > 1), "")
    if twice:
        raise Malformed(f"two moments have the key {twice!r}")
