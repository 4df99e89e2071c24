"""A damaged library made whole from what can be trusted, with the damaged file kept."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.document import Conflict, Document
from facilitator.model.records import Incident, Record
from facilitator.store import connection as careful
from facilitator.store import guard, health, history, journal, rows, schema
from facilitator.store.journal import Entry
from facilitator.store.problems import LibraryProblem
from facilitator.store.rows import TABLES, Table


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did: where the damaged file lies now (None: nothing was wrong), and notes."""

    kept: Path | None
    incidents: int
    notes: tuple[str, ...]


def repair(path: Path, now: Instant) -> Repaired:
    """Put a whole library in the place of a damaged one that nobody has open.

    What the journal proves is taken from it; where it is broken, the tables are believed, and the
    notes say so. Raises LibraryProblem when nothing can be read or a file cannot be written.
    """
    guard.look_at(path)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.repaired")
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        copy = Path(folder) / "copy.sqlite"
        _copy_all(path, copy)
        try:
            with closing(careful.connect(copy)) as source:
                if health.check(source).is_clean:
                    return Repaired(None, len(health.incident_ids(source)), ())
                incidents, notes = _rebuild(source, part, now)
        except history.UNREADABLE as error:
            part.unlink(missing_ok=True)
            raise careful.damaged(path, f"nothing in it can be read ({error})") from error
    kept = careful.keep_aside(path, "damaged", now.at)
    careful.put_in_place(part, path, replace=True)
    # Last: whoever is killed before this is told that what lies beside is from another time.
    for suffix in guard.SIDE_FILES:
        guard.side_file(path, suffix).unlink(missing_ok=True)
    return Repaired(kept, incidents, tuple(notes))


def _rebuild(source: sqlite3.Connection, part: Path, now: Instant) -> tuple[int, list[str]]:
    careful.create_library(part)
    notes: list[str] = []
    found = _incidents(source)
    if not found:
        part.unlink()
        raise LibraryProblem(
            "Nothing in this library can be read any more. Restore a backup.", "damaged"
        )
    notes += _missing(source)
    with closing(careful.connect(part)) as target:
        target.execute("BEGIN IMMEDIATE")
        _keep_id(source, target)
        kept = sum(_bring(source, target, incident, now, notes) for incident in found)
        _bring_drafts(source, target, history.NO_INCIDENT)
        schema.stamp(target)
        target.execute("COMMIT")
        findings = health.check(target)
    if not findings.is_clean:
        part.unlink()
        raise LibraryProblem(f"The repair did not hold: {findings.problems[0]}", "damaged")
    return kept, notes


def _bring(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    incident: str,
    now: Instant,
    notes: list[str],
) -> bool:
    entries, document, whole = _trusted(source, incident)
    if whole:
        notes.append(f"Incident {incident}: whole, as its journal tells.")
    else:
        records = list(_records(source, incident))
        if any(isinstance(r, Incident) and r.id == incident for r in records):
            document = Document(records)
        if document.find(Incident, incident) is None:
            notes.append(f"Incident {incident}: lost. Only a backup can have it.")
            return False
        notes.append(
            f"Incident {incident}: its journal is broken after entry {len(entries)}. What its"
            " tables hold was kept; compare it with a backup. Undo begins anew."
        )
        everything = tuple(Change(None, record) for record in document.records())
        head = (entries[-1].seq, entries[-1].hash) if entries else journal.start(incident)
        edit = Edit("Repair the library", everything)
        entries.append(journal.next_entry(incident, head, "base", edit, now))
    target.executemany(journal.INSERT, [journal.row(entry) for entry in entries])
    added = [Change(None, record) for record in document.records()]
    for sql, values in rows.statements(incident, added):
        target.executemany(sql, values)
    _bring_drafts(source, target, incident)
    return True


def _bring_drafts(source: sqlite3.Connection, target: sqlite3.Connection, incident: str) -> None:
    for key, text, digest in _tolerant(source, "key, text, digest", "draft", incident):
        if history.draft_digest(incident, key, text) == digest:
            target.executemany(*history.draft_statement(incident, key, text))


def _trusted(source: sqlite3.Connection, incident: str) -> tuple[list[Entry], Document, bool]:
    """The entries up to the first broken one, what they tell, and whether those are all."""
    columns = ", ".join(journal.COLUMNS)
    found = [Entry(*row) for row in _tolerant(source, columns, "journal", incident)]
    found.sort(key=lambda entry: entry.seq if isinstance(entry.seq, int) else 0)
    for length in range(len(found), 0, -1):
        with suppress(history.Broken, Conflict, ValueError):
            history.check_seals(tuple(found[:length]))
            return found[:length], health.rebuilt(tuple(found[:length])), length == len(found)
    return [], Document(), False


def _records(source: sqlite3.Connection, incident: str) -> Iterator[Record]:
    for table in TABLES.values():
        yield from _readable(source, table, incident)


def _readable(source: sqlite3.Connection, table: Table, incident: str) -> Iterator[Record]:
    columns = ", ".join(rows.quoted(column.name) for column in table.columns)
    for row in _tolerant(source, columns, table.name, incident):
        with suppress(ValueError, TypeError):
            record = table.record(row)
            # Half a character cannot be written again.
            journal.body_of([Change(None, record)]).encode()
            yield record


def _tolerant(
    source: sqlite3.Connection, columns: str, table: str, incident: str
) -> list[tuple[Any, ...]]:
    """The rows that can be read: from the front up to a broken page, and from the back."""
    if table not in schema.own_tables(source):
        return []
    sql = f'SELECT rowid, {columns} FROM "{table}" WHERE incident = ? ORDER BY rowid'
    found: dict[int, tuple[Any, ...]] = {}
    for order in ("", " DESC"):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            for rowid, *row in source.execute(sql + order, (incident,)):
                found[rowid] = tuple(row)
    return [found[rowid] for rowid in sorted(found)]


def _incidents(source: sqlite3.Connection) -> list[str]:
    found: set[str] = set()
    for name in schema.own_tables(source) - {"meta", "draft"}:
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            found |= {row[0] for row in source.execute(f'SELECT incident FROM "{name}"')}
    return sorted(each for each in found if each.isprintable())


def _missing(source: sqlite3.Connection) -> Iterator[str]:
    with suppress(*history.UNREADABLE):
        ours = {"meta", "journal"} <= schema.own_tables(source)
        if ours and (missing := schema.missing_entries(source)):
            yield f"{missing} journal entries are missing. Only a backup can have them."


def _keep_id(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    with suppress(sqlite3.DatabaseError, ValueError):
        if "meta" not in schema.own_tables(source):
            return
        known = str(uuid.UUID(careful.library_id(source)))
        target.execute("UPDATE meta SET value = ? WHERE key = 'id'", (known,))


def _copy_all(path: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-journal"):
        source = guard.side_file(path, suffix) if suffix else path
        if source.exists():
            goal = target.with_name(target.name + suffix)
            careful.make_empty(goal)
            shutil.copyfile(source, goal)
