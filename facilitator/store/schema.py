"""What a library file looks like inside, and how an older one is brought up to it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from facilitator.store import journal, rows

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x504D524D  # "PMRM"
META: Final = (
    'CREATE TABLE "meta" (\n  key TEXT NOT NULL PRIMARY KEY,\n  value TEXT NOT NULL\n) STRICT'
)
DRAFT: Final = """CREATE TABLE "draft" (
  incident TEXT NOT NULL,
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (incident, key)
) STRICT"""
STATEMENTS: Final = (META, DRAFT, journal.CREATE, *(t.create for t in rows.TABLES.values()))

Migration = Callable[["Database"], None]
# From version n to n + 1 each; a released one is never edited. A new field needs a column with a
# default. A step that renames or removes a field must also append a "base" entry to every journal:
# bodies before it are then never read again.
MIGRATIONS: Final[tuple[Migration, ...]] = ()
VERSION: Final = 1 + len(MIGRATIONS)
# The fingerprints of older versions: a file that says it is one of them must look like it.
RELEASED: Final[dict[int, str]] = {}


def create(connection: sqlite3.Connection, library_id: str, created: str) -> None:
    """Make an empty library in an empty database."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("BEGIN EXCLUSIVE")
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?)",
        [("id", library_id), ("created", created), ("stamp", "")],
    )
    stamp(connection, new_line=True)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the last transaction said: how many entries the journal has, and of which line it is.

    Backups of one line hold nothing that the library lacks. A line ends where that is no longer
    so: when a backup is restored, an incident deleted.
    """

    entries: int
    line: str


def stamp(
    connection: sqlite3.Connection, added: int | None = None, *, new_line: bool = False
) -> None:
    """Make the transaction's log carry the library's id, so that no other takes it for its own.

    The id lies on the page that this changes; SQLite would leave out a page that stays the same.
    `added` says how many journal entries the transaction adds; without it they are counted.
    """
    before = stamped(connection)
    if added is None or before is None:
        entries = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    else:
        entries = before.entries + added
    line = os.urandom(8).hex() if new_line or before is None else before.line
    told = f"{os.urandom(8).hex()} {entries} {line}"
    connection.execute("UPDATE meta SET value = ? WHERE key = 'stamp'", (told,))


def begin_line(connection: sqlite3.Connection) -> None:
    """From now on backups may hold more than this file, and that is meant."""
    connection.execute("BEGIN IMMEDIATE")
    stamp(connection, new_line=True)
    connection.execute("COMMIT")


def stamped(connection: sqlite3.Connection) -> Stamp | None:
    """What the last transaction said; None in a file that was written before this was said."""
    found = connection.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone()
    parts = str(found[0]).split(" ") if found else []
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdecimal() and len(parts[1]) < 16):
        return None
    return Stamp(int(parts[1]), parts[2])


def missing_entries(connection: sqlite3.Connection) -> int:
    """How many journal entries the file had, by its own word, and has no more."""
    told = stamped(connection)
    if told is None:
        return 0
    there: int = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    return max(0, told.entries - there)


def version(connection: sqlite3.Connection) -> int:
    """The version of the file's schema."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_expected(connection: sqlite3.Connection) -> bool:
    """Whether the schema is, to the letter, the one this version makes: nothing more or less."""
    return sorted(_told(connection)) == sorted(STATEMENTS)


def fingerprint(connection: sqlite3.Connection) -> str:
    """SHA-256 (hex) of the schema's text, by which older versions are known."""
    return hashlib.sha256("\n".join(sorted(_told(connection))).encode()).hexdigest()


def own_tables(connection: sqlite3.Connection) -> set[str]:
    """The names of those tables that are, to the letter, ours; others may run foreign code."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {name for name, sql in found if sql in STATEMENTS}


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an older file up to this version, wholly or not at all."""
    from sqlite_utils import Database

    db = Database(connection, execute_plugins=False, recursive_triggers=False)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in MIGRATIONS[version(connection) - 1 :]:
            with db.atomic():
                step(db)
        _spell_anew(connection)
        stamp(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _spell_anew(connection: sqlite3.Connection) -> None:
    """Give tables that steps have altered the very text that a new library has."""
    names = {sql.split('"')[1]: sql for sql in STATEMENTS}
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    for name, sql in [row for row in found.fetchall() if row[0] in names]:
        if sql == names[name]:
            continue
        connection.execute(f'ALTER TABLE "{name}" RENAME TO "old"')
        connection.execute(names[name])
        wanted = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        columns = ", ".join(f'"{column[1]}"' for column in wanted)
        connection.execute(
            f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM "old" ORDER BY rowid'
        )
        connection.execute('DROP TABLE "old"')


def _told(connection: sqlite3.Connection) -> list[str]:
    """What the file says it consists of; SQLite's own indexes of keys have no text."""
    found = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    return [sql if kind == "table" else f"{kind} {sql}" for kind, sql in found if sql]
