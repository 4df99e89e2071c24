"""Whether a library is as it was written, down to a changed byte in a text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from facilitator.model.document import Conflict, Document
from facilitator.store import history, journal, schema
from facilitator.store.history import Broken, Opened
from facilitator.store.journal import Entry
from facilitator.store.rows import TABLES, expected_rows

# Journal text that is compared with the tables in about a tenth of a second; `check` reads any.
_CHECKED_ON_OPENING: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found: counts of what it read, and a sentence for everything not in order."""

    incidents: int
    entries: int
    problems: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(connection: sqlite3.Connection) -> Findings:
    """Read everything, rebuild every table from the journal, and compare."""
    problems = [f"The file: {p}" for p in _structure(connection)]
    incidents = entries = 0
    try:
        if not schema.is_expected(connection):
            # Not read any further: a view with the name of a table runs what it likes.
            return Findings(0, 0, tuple(problems))
        for incident in incident_ids(connection):
            incidents += 1
            found = history.load_entries(connection, incident)
            entries += len(found)
            problems += [f"Incident {incident}: {p}" for p in compared(connection, incident, found)]
        problems += _drafts(connection)
    except history.UNREADABLE as error:
        problems.append(f"The file: it cannot be read further ({error}).")
    return Findings(incidents, entries, tuple(problems))


def incident_ids(connection: sqlite3.Connection) -> list[str]:
    """Every incident that any table speaks of."""
    names = [t.name for t in TABLES.values()] + ["journal"]
    union = " UNION ".join(f'SELECT incident FROM "{name}"' for name in names)
    return [row[0] for row in connection.execute(f"{union} ORDER BY 1").fetchall()]


def loaded(connection: sqlite3.Connection, incident: str) -> Opened:
    """An incident, compared with its journal unless that is long. Raises LookupError, Broken."""
    opened = history.load(connection, incident)
    if sum(len(entry.body) for entry in opened.entries) <= _CHECKED_ON_OPENING:
        for problem in compared(connection, incident, opened.entries):
            raise Broken(problem.rstrip("."))
    return opened


def rebuilt(entries: tuple[Entry, ...]) -> Document:
    """The document that the journal tells of. Raises Conflict or Malformed when it tells none."""
    start = max((n for n, e in enumerate(entries) if e.kind == "base"), default=0)
    document = Document()
    for entry in entries[start:]:
        document = document.with_changes(journal.changes_of(entry.body))
    return document


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        if not schema.is_expected(connection):
            yield "its tables are not those of a library."
            return
        for (line,) in connection.execute("PRAGMA integrity_check(20)").fetchall():
            if line != "ok":
                yield f"{line}."
        keys = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        if set(keys) != {"id", "created", "stamp"}:
            yield "what it says about itself was changed."
        if missing := schema.missing_entries(connection):
            yield f"{missing} of the entries that it had are missing."
    except history.UNREADABLE as error:
        yield f"it cannot be read ({error})."


def compared(
    connection: sqlite3.Connection, incident: str, entries: tuple[Entry, ...]
) -> Iterator[str]:
    """A sentence for everything in which an incident's tables are not what its journal tells."""
    try:
        history.check_seals(entries)
        document = rebuilt(entries)
        expected = {
            (table.name, row[1]): row for table, row in expected_rows(incident, document.records())
        }
    except (*history.UNREADABLE, Conflict) as error:
        yield f"{error}."
        return
    for table in TABLES.values():
        for found in connection.execute(table.select, (incident,)):
            if expected.pop((table.name, found[0]), None) != (incident, *found):
                yield f"the {table.name} {found[0]} is not what the journal tells."
    for name, record_id in expected:
        yield f"the {name} {record_id} is missing from its table."


def _drafts(connection: sqlite3.Connection) -> Iterator[str]:
    for incident, key, text, digest in connection.execute("SELECT * FROM draft"):
        if history.draft_digest(incident, key, text) != digest:
            yield f"Incident {incident}: the draft {key} was changed."
