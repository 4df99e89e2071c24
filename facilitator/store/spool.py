"""A second copy, on this computer, of what the library's own medium does not take."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final, Protocol

from facilitator.store import connection as careful
from facilitator.store import history, journal, rows, schema
from facilitator.store.journal import Entry
from facilitator.store.problems import LibraryProblem

SAFE: Final = "It is kept in a second copy on this computer; saving goes on by itself when it can."
_ONLY_HERE: Final = (
    "It is kept only in this window, so leave it open; saving goes on by itself when it can."
)
WAITING: Final = ".spool"  # for a library that is not there now
UNUSED: Final = ".unused"  # did not fit its library's journal
_HEAD: Final = "SELECT seq, hash FROM journal WHERE incident = ? ORDER BY seq DESC LIMIT 1"


class Kept(Protocol):
    """What a spool keeps of a write."""

    @property
    def entry(self) -> Entry | None:
        """The journal entry, if it is one."""

    @property
    def draft(self) -> tuple[str, str, str | None] | None:
        """Incident, key and text of a draft."""


class Spool:
    """The lines kept for one library: each with a checksum, on disk before `keep` returns."""

    def __init__(self, folder: Path, library: Path, library_id: Callable[[], str]) -> None:
        self._folder = folder
        self._library = library
        self._library_id = library_id
        # The writes themselves: the same words may come again after others, as a draft's do.
        self._kept: dict[int, Kept] = {}

    @property
    def path(self) -> Path:
        """The file; it exists only while something is in it."""
        return self._folder / f"{self._library_id()}{WAITING}"

    def keep(self, writes: Iterable[Kept]) -> str:
        """Put on this computer's disk what is not there yet; says for the person how it is kept."""
        new = [write for write in writes if id(write) not in self._kept]
        begins = [] if self._kept else [json.dumps(["at", str(self._library)])]
        try:
            if new:
                self._append([*begins, *(line for write in new for line in _lines(write))])
        except (OSError, LibraryProblem):
            return _ONLY_HERE
        self._kept.update((id(write), write) for write in new)
        return SAFE

    def clear(self) -> None:
        """Forget what was kept: the library has it."""
        if self._kept:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            self._kept.clear()

    def replay(self, connection: sqlite3.Connection) -> int:
        """Bring into the library what was kept for it; how many entries were missing there.

        What does not fit the library's journal is left in a file beside, for a person to look at.
        """
        if not self.path.exists():
            return 0
        found = list(read(self.path))
        if self._is_anothers(found):
            return 0
        connection.execute("BEGIN IMMEDIATE")
        added, odd = 0, 0
        for line in found:
            fits = _apply(connection, line)
            added += fits is True
            odd += fits is None
        schema.stamp(connection)
        connection.execute("COMMIT")
        if odd:
            self.path.replace(self.path.with_suffix(UNUSED))
        else:
            self.path.unlink()
        return added

    def _is_anothers(self, lines: list[list[Any]]) -> bool:
        # A copy of a library has its id; what was kept is for the one it was kept from.
        places = [Path(line[1]) for line in lines if line[0] == "at"]
        return any(place != self._library and place.exists() for place in places)

    def _append(self, lines: list[str]) -> None:
        careful.make_folder(self._folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.path, flags, 0o600)
        try:
            text = "".join(map(_sealed, lines))
            # Begun on a new line: the one before may have been cut off.
            os.write(descriptor, f"\n{text}".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        careful.sync(self._folder)


def _lines(write: Kept) -> Iterator[str]:
    if write.entry is not None:
        yield json.dumps(["entry", *astuple(write.entry)])
    if write.draft is not None:
        yield json.dumps(["draft", *write.draft])


def read(path: Path) -> Iterator[list[Any]]:
    """What the whole lines of a spool say: a kind, then its values. Raises OSError, ValueError."""
    return (line for line in lines_of(path) if line is not None)


def lines_of(path: Path) -> Iterator[list[Any] | None]:
    """The same with None for each line that was cut off or changed."""
    for line in path.read_text("utf-8", "replace").splitlines():
        crc, _, text = line.partition(" ")
        if text and f"{zlib.crc32(text.encode()):08x}" == crc:
            yield json.loads(text)
        elif line:
            yield None


def drop_lines(path: Path, unwanted: Callable[[list[Any]], bool]) -> None:
    """Write a spool anew without these lines and without broken ones. Raises OSError."""
    kept = [line for line in read(path) if not unwanted(line)]
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    if all(line[:1] == ["at"] for line in kept):
        path.unlink()
        return
    try:
        careful.make_empty(part)
        part.write_text("".join(map(_sealed, map(json.dumps, kept))), "utf-8")
        careful.put_in_place(part, path, replace=True)
    finally:
        part.unlink(missing_ok=True)


def _sealed(line: str) -> str:
    return f"{zlib.crc32(line.encode()):08x} {line}\n"


def _apply(connection: sqlite3.Connection, line: list[Any]) -> bool | None:
    """True when an entry was added, False when there was nothing to do, None when it is odd."""
    kind, *values = line
    try:
        if kind == "at":
            return False
        if kind == "draft":
            connection.executemany(*history.draft_statement(*values))
            return False
        return _add(connection, Entry(*values))
    except (TypeError, ValueError, sqlite3.IntegrityError):
        return None


def _add(connection: sqlite3.Connection, entry: Entry) -> bool | None:
    known = connection.execute("SELECT 1 FROM journal WHERE id = ?", (entry.id,)).fetchone()
    if known:
        return False
    head = connection.execute(_HEAD, (entry.incident,)).fetchone()
    if head is None or entry.seq != head[0] + 1 or journal.chain_problem(head[1], entry):
        return None
    made = rows.statements(entry.incident, journal.changes_of(entry.body))
    connection.execute(journal.INSERT, journal.row(entry))
    for sql, values in made:
        connection.executemany(sql, values)
    return True
