"""Consistent, verified copies of a library: made while it is in use, thinned, restored."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from facilitator.store import connection as careful
from facilitator.store import guard, health, history, schema
from facilitator.store.problems import LibraryProblem
from facilitator.store.summaries import Summary, summaries

_NAME: Final = re.compile(r"-(\d{8}T\d{6}Z)\.sqlite$")
_KEPT: Final = (("%Y%m%d%H%M", 12), ("%Y%m%d", 10), ("%Y%m", 9))


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the library, and when it was made (UTC)."""

    path: Path
    at: datetime


def folder(library: Path) -> Path:
    """Where the backups of this library lie."""
    return library.parent / "backups"


def listed(library: Path) -> tuple[Backup, ...]:
    """The backups of this library, newest first."""
    found = []
    for path in folder(library).glob(f"{_escaped(library.stem)}-*.sqlite"):
        name = _NAME.search(path.name)
        if name and path.name == f"{library.stem}-{name[1]}.sqlite":
            at = datetime.strptime(name[1], careful.STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at))
    return tuple(sorted(found, key=lambda b: b.at, reverse=True))


def make(connection: sqlite3.Connection, library: Path, at: datetime) -> Path:
    """A new backup in the library's folder of backups, then those thinned out."""
    careful.make_folder(folder(library))
    target = folder(library) / f"{library.stem}-{careful.stamp_of(at)}.sqlite"
    copy(connection, target, replace=True)
    for backup in superfluous(listed(library)):
        with suppress(OSError):
            backup.path.unlink()
    return target


def copy(connection: sqlite3.Connection, target: Path, *, replace: bool = False) -> None:
    """A verified copy of the library in a file of its own, which gets its name last.

    Raises LibraryProblem when it cannot be written, or does not hold what the library holds.
    """
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        careful.make_empty(part)
        with closing(careful.connect(part)) as copied:
            connection.backup(copied)
            # The copy of a library in use says "log"; at rest it is to be one plain file.
            copied.execute("PRAGMA journal_mode = DELETE")
            _verify(connection, copied, target)
        careful.put_in_place(part, target, replace=replace)
    except FileExistsError as error:
        raise LibraryProblem(
            f"{target} exists already. Name a new file for the copy.", "exists"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise LibraryProblem(
            f"The copy {target} could not be written: {error}. The library itself is unharmed;"
            " name another place.",
            "read-only",
        ) from error
    finally:
        for left in (part, *(guard.side_file(part, s) for s in guard.SIDE_FILES)):
            left.unlink(missing_ok=True)


def superfluous(backups: Iterable[Backup]) -> list[Backup]:
    """Those not needed for the newest of 12 ten-minute spans, 10 days and 9 months.

    The last three stay in any case: what went wrong may have been backed up on closing.
    """
    newest_first = sorted(backups, key=lambda b: b.at, reverse=True)
    kept = {b.path for b in newest_first[:3]}
    for form, count in _KEPT:
        spans: dict[str, Path] = {}
        for backup in newest_first:
            stamp = backup.at.strftime(form)
            # Ten minutes: the last digit of the minute does not count.
            spans.setdefault(stamp[:-1] if form.endswith("%M") else stamp, backup.path)
        kept.update(list(spans.values())[:count])
    return [b for b in newest_first if b.path not in kept]


def preview(backup: Path) -> tuple[Summary, ...]:
    """The incidents that a backup holds. Raises LibraryProblem when it is not in order."""
    with _opened(backup) as connection:
        return summaries(connection)


def restore(backup: Path, library: Path, at: datetime) -> Path | None:
    """Put a backup in the library's place while nobody has it open.

    Returns where the replaced library lies now, None when there was none. Raises LibraryProblem
    when the backup is not in order down to the last word.
    """
    part = library.with_name(f".{library.name}.{uuid.uuid4().hex[:8]}.restored")
    with _opened(backup) as connection:
        # An older version is known by its schema alone; opening it brings it up to date.
        if schema.version(connection) == schema.VERSION:
            findings = health.check(connection)
            if not findings.is_clean:
                raise careful.damaged(backup, findings.problems[0].rstrip("."))
        copy(connection, part)
    _begin_line(part)
    aside = careful.keep_aside(library, "replaced", at) if library.exists() else None
    careful.put_in_place(part, library, replace=True)
    # Last: whoever is killed before this is told that what lies beside is from another time.
    for suffix in guard.SIDE_FILES:
        guard.side_file(library, suffix).unlink(missing_ok=True)
    return aside


def _begin_line(part: Path) -> None:
    # What later backups hold is given up on purpose; nobody is to be warned of that.
    with closing(careful.connect(part)) as connection:
        if schema.version(connection) == schema.VERSION:
            schema.begin_line(connection)


@contextmanager
def _opened(backup: Path) -> Iterator[sqlite3.Connection]:
    guard.look_at(backup)
    try:
        with closing(careful.connect(backup)) as connection:
            careful.check_inside(connection, backup)
            yield connection
    except history.UNREADABLE as error:
        raise careful.damaged(backup, str(error)) from error


def _verify(source: sqlite3.Connection, copied: sqlite3.Connection, target: Path) -> None:
    whole = copied.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    same = history.heads(copied) == history.heads(source)
    if not (whole and same and schema.fingerprint(copied) == schema.fingerprint(source)):
        raise LibraryProblem(f"The copy {target} is not what the library holds.", "damaged")


def _escaped(stem: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", stem)
