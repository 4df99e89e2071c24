"""A bundle: a library of one incident in one plain file, to hand to another Facilitator.

It holds every record of the incident, so nothing that is in the document is lost. It holds none of
its past: no journal of what was deleted, renamed or undone, no drafts, no id of the library or of
the machine. Its chain begins afresh with one entry that tells of exactly these records, so that a
flipped bit is still found. Revisions and signatures are records; the signed PDF stays what counts.

A bundle is made, checked and read in memory only: no file beside it is ever looked at, and of a
sealed one no plain byte reaches the disk.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.codec import Malformed, iso
from facilitator.model.document import Document
from facilitator.store import connection as careful
from facilitator.store import guard, health, history, journal, rows, schema, sealing
from facilitator.store.problems import LibraryProblem

SUFFIX: Final = ".pmroom"
SEALED_SUFFIX: Final = ".pmroom.age"
LARGEST: Final = 512_000_000
_LABEL: Final = "Bundle"
_MAGIC: Final = b"SQLite format 3\x00"
_MEMORY: Final = Path(":memory:")
_AGAIN: Final = "It was left as it is; ask the sender for it once more."


def is_bundle_name(path: Path) -> bool:
    """Whether a file is called as a bundle is, sealed or not."""
    return path.name.lower().endswith((SUFFIX, SEALED_SUFFIX))


def make_bundle(document: Document, at: datetime) -> bytes:
    """The bundle of this document, made now (`at`). Raises Malformed on what cannot be kept."""
    incident = document.incident.id
    edit = Edit(_LABEL, tuple(Change(None, record) for record in document.records()))
    # Which boot of which machine made it is nobody else's business.
    entry = journal.next_entry(
        incident, journal.start(incident), "create", edit, Instant(at, 0.0, "")
    )
    with closing(careful.connect(_MEMORY)) as connection:
        schema.create(connection, str(uuid.uuid4()), iso(at))
        connection.execute("BEGIN")
        connection.execute(journal.INSERT, journal.row(entry))
        for sql, values in rows.statements(incident, edit.changes):
            connection.executemany(sql, values)
        schema.stamp(connection, added=1)
        connection.execute("COMMIT")
        return connection.serialize()


def write_bundle(target: Path, document: Document, at: datetime, passphrase: str = "") -> None:
    """Put a bundle in a file for its owner alone, sealed when there is a passphrase.

    It is read back and compared before it gets its name; what it replaces may only be a bundle.
    Raises LibraryProblem.
    """
    if passphrase:
        sealing.check_passphrase(passphrase)
    check_may_replace(target)
    try:
        data = make_bundle(document, at)
    except Malformed as error:
        raise LibraryProblem(f"The incident cannot be put in a bundle: {error}.", "foreign") from (
            error
        )
    if passphrase:
        data = sealing.seal(data, passphrase)
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        _write(part, data)
        if read_bundle(part, passphrase) != document:
            raise LibraryProblem(f"{target} does not hold what it should. Try again.", "damaged")
        careful.put_in_place(part, target, replace=True)
    except OSError as error:
        raise LibraryProblem(
            f"{target} cannot be written: {error.strerror}. Name another place.", "read-only"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def check_may_replace(target: Path) -> None:
    """Raise LibraryProblem when the file there is a library, or anything but a bundle."""
    if not target.exists():
        return
    guard.check_is_file(target)
    with target.open("rb") as file:
        sealed = sealing.is_sealed(file.read(64))
    if not sealed and not _is_made_by_us(target):
        raise LibraryProblem(
            f"{target} is there already and is no bundle. Name another file for it.", "exists"
        )


def is_sealed(path: Path) -> bool:
    """Whether a passphrase is needed to open this bundle. Raises LibraryProblem."""
    return sealing.is_sealed(_read(path))


def read_bundle(path: Path, passphrase: str = "") -> Document:
    """The incident in a bundle, down to the last word as it was written.

    Raises LibraryProblem when it is none, is damaged, comes from a newer Facilitator, holds not
    exactly one incident, or does not open with this passphrase.
    """
    data = _read(path)
    if sealing.is_sealed(data):
        if not passphrase:
            raise LibraryProblem(f"{path} is sealed: its passphrase is needed.", "passphrase")
        data = sealing.unseal(data, passphrase, path)
    with _opened(data, path) as connection:
        incident = _only_incident(connection, path)
        findings = health.check(connection)
        if not findings.is_clean:
            raise _damaged(path, findings.problems[0])
        return history.load(connection, incident).document


@contextmanager
def _opened(data: bytes, path: Path) -> Iterator[sqlite3.Connection]:
    """The bytes as a database in memory, trusted as little as any library."""
    if not data.startswith(_MAGIC):
        raise LibraryProblem(f"{path} is no bundle of Facilitator. {_AGAIN}", "foreign")
    if len(data) > 18 and data[18] != 1:
        raise LibraryProblem(
            f"{path} was in use as a library. Open it with --library, and export it again.",
            "foreign",
        )
    try:
        with closing(careful.connect(_MEMORY)) as connection:
            connection.deserialize(data)
            _check(connection, path)
            yield connection
    except (*history.UNREADABLE, LookupError) as error:
        raise _damaged(path, str(error)) from error


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise LibraryProblem(f"{path} is no bundle of Facilitator. {_AGAIN}", "foreign")
    careful.check_inside(connection, path)
    if schema.version(connection) < schema.VERSION:
        schema.migrate(connection)
        careful.check_inside(connection, path)


def _only_incident(connection: sqlite3.Connection, path: Path) -> str:
    incidents = health.incident_ids(connection)
    if len(incidents) != 1:
        raise LibraryProblem(
            f"{path} holds {len(incidents)} incidents; a bundle has one. Open it with --library.",
            "foreign",
        )
    return incidents[0]


def _is_made_by_us(path: Path) -> bool:
    # A bundle that somebody worked on as their library has more than the entry it was born with.
    try:
        with _opened(_read(path), path) as connection:
            found = connection.execute("SELECT label FROM journal").fetchall()
    except LibraryProblem:
        return False
    return found == [(_LABEL,)]


def _read(path: Path) -> bytes:
    guard.check_is_file(path)
    try:
        if path.stat().st_size > LARGEST:
            raise LibraryProblem(f"{path} is too large for a bundle.", "foreign")
        return path.read_bytes()
    except OSError as error:
        raise LibraryProblem(f"{path} cannot be read: {error.strerror}.", "read-only") from error


def _write(part: Path, data: bytes) -> None:
    careful.make_empty(part)
    with part.open("r+b") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _damaged(path: Path, what: str) -> LibraryProblem:
    return LibraryProblem(f"{path} is damaged: {what.rstrip('.')}. {_AGAIN}", "damaged")
