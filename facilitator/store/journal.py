"""The journal of an incident: append-only entries, each sealed by a hash over all before it.

An entry's words (label and body) enter the chain as a salted digest, so that they can really be
forgotten later while the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from typing import Any, Final

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.codec import Malformed, canonical, from_plain, iso, to_plain
from facilitator.model.records import KINDS, NAMES, Record

KINDS_OF_ENTRY: Final = ("create", "edit", "undo", "redo", "record", "base")
LONGEST_BODY: Final = 30_000_000
FORGOTTEN: Final = "Forgotten"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal; `undoes` is the first entry of the step an undo or redo is about."""

    incident: str
    seq: int
    id: str
    kind: str
    label: str
    burst: str
    undoes: int
    at: str
    boot: float
    boot_id: str
    body: str
    salt: str
    digest: str
    hash: str


COLUMNS: Final = tuple(f.name for f in fields(Entry))
CREATE: Final = """CREATE TABLE "journal" (
  incident TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  burst TEXT NOT NULL,
  undoes INTEGER NOT NULL,
  at TEXT NOT NULL,
  boot REAL NOT NULL,
  boot_id TEXT NOT NULL,
  body TEXT NOT NULL,
  salt TEXT NOT NULL,
  digest TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (incident, seq)
) STRICT"""
INSERT: Final = (
    f'INSERT INTO "journal" ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})'
)
SELECT: Final = f'SELECT {", ".join(COLUMNS)} FROM "journal" WHERE incident = ? ORDER BY seq'


def row(entry: Entry) -> tuple[Any, ...]:
    """The entry as values for `INSERT`."""
    return astuple(entry)


def start(incident: str) -> tuple[int, str]:
    """The head of a journal without entries."""
    return 0, genesis(incident)


def genesis(incident: str) -> str:
    """The hash that an incident's chain starts from; it ties the chain to the incident."""
    return hashlib.sha256(f"facilitator journal 1 {incident}".encode()).hexdigest()


def body_of(changes: Iterable[Change]) -> str:
    """Changes as one JSON text. Raises Malformed when a value has no JSON form."""
    try:
        body = canonical([[NAMES[c.key[0]], _side(c.before), _side(c.after)] for c in changes])
    except ValueError as error:
        raise Malformed(str(error)) from error
    if len(body) > LONGEST_BODY:
        raise Malformed("this is too much for one step: bring it in as several")
    return body


def changes_of(body: str) -> tuple[Change, ...]:
    """The changes in a journal body. Raises Malformed on anything else."""
    try:
        rows = json.loads(body)
        return tuple(Change(_record(n, before), _record(n, after)) for n, before, after in rows)
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        raise Malformed(f"a journal entry cannot be read: {error}") from error


def next_entry(
    incident: str,
    head: tuple[int, str],
    kind: str,
    edit: Edit,
    instant: Instant,
    *,
    undoes: int = 0,
) -> Entry:
    """The entry that tells of this edit, sealed onto the journal whose last one is `head`.

    Raises Malformed when a value has no JSON form or a text has half a surrogate pair.
    """
    seq, previous = head
    body, salt = body_of(edit.changes), secrets.token_hex(16)
    try:
        digest = digest_of(salt, edit.label, edit.burst, body)
    except UnicodeEncodeError as error:
        raise Malformed("a text holds half a character") from error
    entry = Entry(
        incident=incident,
        seq=seq + 1,
        id=uuid.uuid4().hex,
        kind=kind,
        label=edit.label,
        burst=edit.burst,
        undoes=undoes,
        at=iso(instant.at),
        boot=float(instant.boot),
        boot_id=instant.boot_id,
        body=body,
        salt=salt,
        digest=digest,
        hash="",
    )
    return replace(entry, hash=hash_of(previous, entry))


def digest_of(salt: str, label: str, burst: str, body: str, errors: str = "strict") -> str:
    """The salted digest of an entry's words."""
    return hashlib.sha256(canonical([salt, label, burst, body]).encode(errors=errors)).hexdigest()


def hash_of(previous: str, entry: Entry) -> str:
    """What the entry's hash must be when the one before it has the hash `previous`."""
    e = entry
    told = [previous, e.incident, e.seq, e.id, e.kind, e.undoes, e.at, e.boot, e.boot_id, e.digest]
    return hashlib.sha256(canonical(told).encode(errors="surrogateescape")).hexdigest()


def is_forgotten(entry: Entry) -> bool:
    """Whether the entry's words were forgotten on purpose."""
    return (entry.label, entry.burst, entry.body, entry.salt) == (FORGOTTEN, "", "", "")


def chain_problem(previous: str, entry: Entry) -> str:
    """What does not hold in this entry, in a few words; empty when all does."""
    try:
        if hash_of(previous, entry) != entry.hash:
            return "the chain of hashes is broken here"
        words = (entry.salt, entry.label, entry.burst, entry.body)
        if not is_forgotten(entry) and digest_of(*words, "surrogateescape") != entry.digest:
            return "its words were changed"
    except (ValueError, TypeError):
        return "it cannot be read"
    return "" if entry.kind in KINDS_OF_ENTRY else "its kind is unknown"


def _side(record: Record | None) -> dict[str, Any] | None:
    return None if record is None else to_plain(record)


def _record(name: str, plain: dict[str, Any] | None) -> Record | None:
    return None if plain is None else from_plain(KINDS[name], plain)
