"""One incident in the library: its rows as a document, its journal, its drafts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from facilitator.model.document import Document
from facilitator.store import journal, schema
from facilitator.store.journal import Entry
from facilitator.store.rows import TABLES, Statement

NO_INCIDENT: Final = ""  # has the drafts of what is typed for an incident that is still to be made
_SEALS_CHECKED: Final = 500
_HEADS: Final = "SELECT incident, max(seq), hash FROM journal GROUP BY incident ORDER BY incident"
_KEEP_DRAFT: Final = (
    "INSERT INTO draft (incident, key, text, digest) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (incident, key) DO UPDATE SET text = excluded.text, digest = excluded.digest"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident as it lies on disk."""

    document: Document
    entries: tuple[Entry, ...]
    head: tuple[int, str]
    drafts: Mapping[str, str]
    saved_at: datetime | None


class Broken(Exception):
    """An incident's rows or journal cannot be trusted; the text says where, without its words."""


# SQLite's own words about a damaged file can be no text: then Python raises a ValueError.
UNREADABLE: Final = (
    Broken,
    sqlite3.DatabaseError,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
)


def load(connection: sqlite3.Connection, incident: str) -> Opened:
    """The incident. Raises LookupError when there is none, Broken when it is damaged."""
    entries = load_entries(connection, incident)
    if not entries:
        raise LookupError(f"no incident {incident}")
    check_seals(entries, since=max(0, len(entries) - _SEALS_CHECKED))
    try:
        document = load_document(connection, incident)
        saved_at = datetime.fromisoformat(entries[-1].at)
    except ValueError as error:
        raise Broken(f"a record of it cannot be read ({error})") from error
    if incident not in {i.id for i in document.records()}:
        raise Broken("its root record is missing")
    last = entries[-1]
    return Opened(
        document, entries, (last.seq, last.hash), load_drafts(connection, incident), saved_at
    )


def load_entries(connection: sqlite3.Connection, incident: str) -> tuple[Entry, ...]:
    """The journal of an incident, in order."""
    return tuple(Entry(*row) for row in connection.execute(journal.SELECT, (incident,)))


def heads(connection: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """Incident, number and hash of the last journal entry of each incident."""
    return connection.execute(_HEADS).fetchall()


def load_document(connection: sqlite3.Connection, incident: str) -> Document:
    """The incident's rows as a document. Raises Malformed or ValueError on what is no record."""
    return Document(
        table.record(row)
        for table in TABLES.values()
        for row in connection.execute(table.select, (incident,))
    )


def load_drafts(connection: sqlite3.Connection, incident: str) -> dict[str, str]:
    """Texts that were being typed, by key."""
    found = connection.execute("SELECT key, text FROM draft WHERE incident = ?", (incident,))
    return {key: text.encode(errors="replace").decode() for key, text in found}


def check_seals(entries: tuple[Entry, ...], since: int = 0) -> None:
    """Raise Broken at the first entry, from `since` on, that does not follow from those before."""
    for n in range(since, len(entries)):
        entry = entries[n]
        previous = entries[n - 1].hash if n else journal.genesis(entry.incident)
        problem = journal.chain_problem(previous, entry)
        if entry.seq != n + 1:
            problem = "an entry before it is missing"
        if problem:
            raise Broken(f"entry {entry.seq} of its journal: {problem}")


def draft_statement(incident: str, key: str, text: str | None) -> Statement:
    """What puts a draft on disk, or takes it off when its text is None."""
    if text is None:
        return "DELETE FROM draft WHERE incident = ? AND key = ?", [(incident, key)]
    return _KEEP_DRAFT, [(incident, key, text, draft_digest(incident, key, text))]


def draft_digest(incident: str, key: str, text: str) -> str:
    """What tells that a draft is as it was written."""
    told = "\x00".join((incident, key, text)).encode(errors="surrogateescape")
    return hashlib.sha256(told).hexdigest()


def erase(connection: sqlite3.Connection, incident: str) -> None:
    """Remove an incident from every table, in one transaction."""
    names = [t.name for t in TABLES.values()] + ["journal", "draft"]
    connection.execute("BEGIN IMMEDIATE")
    for name in names:
        connection.execute(f'DELETE FROM "{name}" WHERE incident = ?', (incident,))
    # Backups may keep it: that they hold more than the library is meant from now on.
    schema.stamp(connection, new_line=True)
    connection.execute("COMMIT")
