"""What a library file looks like inside, and how an older one is brought up to it."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
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
# From version n to n + 1 each; a released one is never edited.
MIGRATIONS: Final[tuple[Migration, ...]] = ()
VERSION: Final = 1 + len(MIGRATIONS)


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
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def stamp(connection: sqlite3.Connection) -> None:
    """Make the transaction's log carry the library's id, so that no other takes it for its own.

    The id lies on the page that this changes; SQLite would leave out a page that stays the same.
    """
    connection.execute("UPDATE meta SET value = ? WHERE key = 'stamp'", (secrets.token_hex(8),))


def version(connection: sqlite3.Connection) -> int:
    """The version of the file's schema."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_expected(connection: sqlite3.Connection) -> bool:
    """Whether the schema is, to the letter, the one this version makes: nothing more or less."""
    found = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    told = {sql for kind, sql in found if kind == "table"}
    # What SQLite adds by itself are the indexes of keys; they have no text.
    others = [kind for kind, sql in found if kind != "table" and (kind != "index" or sql)]
    return told == set(STATEMENTS) and not others and len(told) == _tables(found)


def own_tables(connection: sqlite3.Connection) -> set[str]:
    """The names of those tables that are, to the letter, ours; others may run foreign code."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {name for name, sql in found if sql in STATEMENTS}


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring an older file up to this version, wholly or not at all."""
    from sqlite_utils import Database

    db = Database(connection, execute_plugins=False, recursive_triggers=False)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in migrations[version(connection) - 1 :]:
            step(db)
        connection.execute(f"PRAGMA user_version = {1 + len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _tables(found: list[tuple[str, str]]) -> int:
    return sum(kind == "table" for kind, _ in found)
