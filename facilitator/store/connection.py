"""One careful SQLite connection to a library: looked at, checked, then set up to lose nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from facilitator.store import guard, schema
from facilitator.store.problems import LibraryProblem, why

_PRAGMAS: Final = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "locking_mode = EXCLUSIVE",
)
_WRITING: Final = (
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "wal_autocheckpoint = 500",
)
STAMP: Final = "%Y%m%dT%H%M%SZ"  # in names of files
# A journal body of the most characters, at four bytes each, and what else is in its row.
_LONGEST_VALUE: Final = 128_000_000


def create_library(path: Path) -> None:
    """Make an empty library, wholly or not at all; folders on the way are owner-only."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        make_empty(part)
        connection = connect(part)
        try:
            connection.execute("PRAGMA synchronous = EXTRA")
            now = datetime.now(UTC).isoformat()
            schema.create(connection, str(uuid.uuid4()), now.replace("+00:00", "Z"))
        finally:
            connection.close()
        put_in_place(part, path)
    except FileExistsError:
        pass  # another process was faster; its library will do
    except (OSError, sqlite3.Error) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise LibraryProblem(
            f"{path} cannot be made: {what}. Name a place where you may write.", "read-only"
        ) from error
    finally:
        for left in (part, *(guard.side_file(part, s) for s in guard.SIDE_FILES)):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit that trusts nothing in the file; it has read nothing yet."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.2, cached_statements=256)
    try:
        connection.text_factory = _decoded
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def as_it_lies(path: Path) -> Iterator[sqlite3.Connection]:
    """A look at a file at rest: nothing is recovered, locked or written, whatever lies beside."""
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        connection.text_factory = _decoded
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def check_inside(connection: sqlite3.Connection, path: Path) -> None:
    """Raise LibraryProblem unless version, schema and page structure are those of a library."""
    version = schema.version(connection)
    guard.check_version(path, version)
    if version == schema.VERSION:
        known = schema.is_expected(connection)
    else:
        known = schema.RELEASED.get(version) == schema.fingerprint(connection)
    if not known:
        raise damaged(path, "its tables are not those of a Facilitator library")
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(path, "its pages are broken")


def _decoded(raw: bytes) -> str:
    # A text that is no UTF-8 is damage to be told of, not a reason to stop reading.
    return raw.decode("utf-8", "surrogateescape")


def library_id(connection: sqlite3.Connection) -> str:
    """What tells this library from all others; empty when the file does not say."""
    found = connection.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    return str(found[0]) if found else ""


def start_writing(connection: sqlite3.Connection, path: Path) -> None:
    """Choose the journal in which an acknowledged edit survives a power cut."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise LibraryProblem(f"{path} lies where SQLite cannot keep a log ({mode}).", "read-only")
    for pragma in _WRITING:
        connection.execute(f"PRAGMA {pragma}")


def vacuum(connection: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted in the file or its log."""
    # VACUUM writes into a database that it attaches; nothing else may attach one.
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)


def close(connection: sqlite3.Connection) -> None:
    """Leave one plain file behind, without a log beside it, where the medium allows that."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def damaged(path: Path, what: str) -> LibraryProblem:
    """The problem to raise for a library that cannot be trusted as it is."""
    return LibraryProblem(
        f"{path} is damaged: {what}. It was left as it is; restore a backup, or run"
        " “facilitator check --repair”.",
        "damaged",
    )


def problem_of(path: Path, error: Exception) -> LibraryProblem:
    """The problem to raise for what SQLite said on opening: damaged, locked, or the medium."""
    name = getattr(error, "sqlite_errorname", "")
    if name in ("", "SQLITE_ERROR", "SQLITE_NOTADB") or name.startswith("SQLITE_CORRUPT"):
        return damaged(path, str(error))
    locked = name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return LibraryProblem(why(error, path), "locked" if locked else "medium")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, readable by the owner only; existing ones are left."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        try:
            each.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LibraryProblem(
                f"The folder {each} cannot be made: {error.strerror}. Name another place.",
                "read-only",
            ) from error


def make_empty(path: Path) -> None:
    """Make an empty file that only the owner can read; it must not exist."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(path, flags, 0o600))


def put_in_place(part: Path, target: Path, *, replace: bool = False) -> None:
    """Give a finished file its name, durably. Raises FileExistsError unless it may replace."""
    sync(part)
    if replace:
        part.replace(target)
    else:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:
            # A medium without links: look, then rename.
            if target.exists():
                raise FileExistsError(17, "it exists already", str(target)) from None
            part.rename(target)
    sync(target.parent)


def keep_aside(path: Path, word: str, at: datetime) -> Path:
    """A second name for a file that is about to be replaced, and for what lies beside it.

    There is no moment in which the file has no name at all. `word` and `at` are in the new one,
    or the next second that no file has yet.
    """
    times = (at + timedelta(seconds=n) for n in count())
    names = (path.with_name(f"{path.stem}-{word}-{stamp_of(t)}{path.suffix}") for t in times)
    aside = next(name for name in names if not name.exists())
    for suffix in ("", *guard.SIDE_FILES):
        old = guard.side_file(path, suffix) if suffix else path
        if old.exists():
            _name_twice(old, aside.with_name(aside.name + suffix))
    sync(path.parent)
    return aside


def stamp_of(at: datetime) -> str:
    """A time as it stands in names of files, in UTC."""
    return at.astimezone(UTC).strftime(STAMP)


def _name_twice(path: Path, name: Path) -> None:
    # Where the medium has no second names, a copy gets it.
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:
        make_empty(name)
        shutil.copyfile(path, name)
        sync(name)


def sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on the medium (folders: where that exists)."""
    try:
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except PermissionError:
        return  # Windows does not open folders
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
