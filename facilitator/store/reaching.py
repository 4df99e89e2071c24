"""Taking something out of the copies of a library: looked for, taken out, or the copy destroyed.

What is not sound cannot be edited: nobody knows what would be left in it. It can only be destroyed,
and a file is overwritten before it goes. On a solid-state disk, and where a file system keeps old
blocks, that does not promise that they are gone.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from facilitator.model.change import Refused
from facilitator.store import connection as careful
from facilitator.store import guard, health, history, rehearsal, schema, spool
from facilitator.store.copies import Copy
from facilitator.store.lock import locked
from facilitator.store.problems import LibraryProblem

_CHUNK: Final = 1 << 20
_DAMAGED: Final = "Damaged: it cannot be edited, and may hold it."


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be taken out: whether a database or a line of edits holds it, and how it goes.

    `breaks_lines` says that edits without such lines would fit their library no more.
    """

    holds: Callable[[sqlite3.Connection], bool]
    take_out: Callable[[sqlite3.Connection], None]
    in_line: Callable[[list[Any]], bool]
    breaks_lines: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that holds it; with a `problem` it may hold it, and that is why it cannot go."""

    copy: Copy
    problem: str = ""

    @property
    def can_be_destroyed(self) -> bool:
        """Whether the copy itself is what could go; one in use or elsewhere is not."""
        return bool(self.problem) and self.copy.kind not in ("shown", "continued")


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of the copies: taken out of these, destroyed those, left the others."""

    cleaned: tuple[Copy, ...] = ()
    destroyed: tuple[Copy, ...] = ()
    left: tuple[Held, ...] = ()


def held_in(copies: Iterable[Copy], removal: Removal, *, checked: bool = True) -> tuple[Held, ...]:
    """Those that hold it, or may, each `checked` for damage. Nothing is changed by looking."""
    found = (_held(copy, removal, checked=checked) for copy in copies)
    return tuple(held for held in found if held is not None)


def reach(copies: Iterable[Copy], removal: Removal, *, sound: bool, damaged: bool) -> Reached:
    """Take it out of every `sound` copy; with `damaged` destroy those that cannot be edited.

    What is not reached is named with why, and stops nothing.
    """
    cleaned: list[Copy] = []
    destroyed: list[Copy] = []
    left: list[Held] = []
    # What is edited is checked then.
    for held in held_in(copies, removal, checked=not sound):
        now = held
        if sound and not now.problem:
            now = Held(held.copy, _problem_of(partial(_take_out, held.copy, removal)))
            if not now.problem:
                cleaned.append(held.copy)
                continue
        if damaged and now.can_be_destroyed:
            now = Held(held.copy, _problem_of(partial(destroy, held.copy)))
            if not now.problem:
                destroyed.append(held.copy)
                continue
        left.append(now)
    return Reached(tuple(cleaned), tuple(destroyed), tuple(left))


def destroy(copy: Copy) -> None:
    """Overwrite a copy and what lies beside it, then delete them. Raises OSError."""
    for path in copy.files():
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            for start in range(0, size, _CHUNK):
                file.write(bytes(min(_CHUNK, size - start)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    careful.sync(copy.path.parent)


def _held(copy: Copy, removal: Removal, *, checked: bool) -> Held | None:
    if copy.kind == "shown":
        return Held(copy, "Another window shows it. Close that window; the copy goes with it.")
    try:
        if not copy.is_database:
            return _held_in_lines(copy, removal)
        if copy.kind == "continued" and not copy.path.exists():
            return Held(copy, "It is not there now. When it is, open it and do the same there.")
        with _looked_at(copy.path) as connection:
            if not removal.holds(connection):
                return None
            damaged = checked and not health.check(connection).is_clean
            return Held(copy, _DAMAGED if damaged else "")
    except (OSError, LibraryProblem, *history.UNREADABLE) as error:
        return Held(copy, _why(error))


def _held_in_lines(copy: Copy, removal: Removal) -> Held | None:
    # A line that was cut off may hold anything.
    if not any(line is None or removal.in_line(line) for line in spool.lines_of(copy.path)):
        return None
    if copy.kind == "waiting" and removal.breaks_lines:
        return Held(copy, "It waits for its library and would fit it no more without these.")
    return Held(copy)


@contextmanager
def _looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy as a database that nothing can change by being looked at."""
    guard.look_at(path)
    with ExitStack() as stack:
        if guard.has_side_files(path):
            # With a log beside it a look would write, so it is a copy of both that is looked at.
            connection = stack.enter_context(closing(careful.connect(_copied(path, stack))))
        else:
            connection = stack.enter_context(careful.as_it_lies(path))
        _check(connection, path)
        yield connection


def _copied(path: Path, stack: ExitStack) -> Path:
    made = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
    there = Path(stack.enter_context(made)) / "copy.sqlite"
    for suffix in ("", "-wal", "-journal"):
        source = guard.side_file(path, suffix)
        if source.exists():
            shutil.copyfile(source, guard.side_file(there, suffix))
    return there


def _check(connection: sqlite3.Connection, path: Path) -> None:
    careful.check_inside(connection, path)
    if schema.version(connection) != schema.VERSION:
        raise LibraryProblem("An older Facilitator made it, so it cannot be edited.", "older")


def _problem_of(work: Callable[[], None]) -> str:
    try:
        work()
    except (OSError, LibraryProblem, Refused, *history.UNREADABLE) as error:
        return _why(error)
    return ""


def _take_out(copy: Copy, removal: Removal) -> None:
    if not copy.is_database:
        spool.drop_lines(copy.path, removal.in_line)
    elif copy.kind == "continued":
        with locked(copy.path):
            _edit(copy.path, removal)
    else:
        _edit(copy.path, removal)


def _edit(path: Path, removal: Removal) -> None:
    guard.look_at(path)
    if guard.has_side_files(path):
        rehearsal.rehearse(path)
    connection = careful.connect(path)
    try:
        _check(connection, path)
        findings = health.check(connection)
        if not findings.is_clean:
            raise careful.damaged(path, findings.problems[0].rstrip("."))
        removal.take_out(connection)
        schema.begin_line(connection)
        careful.vacuum(connection)
    finally:
        careful.close(connection)


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"It cannot be used: {error.strerror}."
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, LibraryProblem) and error.kind in (
        "older",
        "newer",
        "locked",
        "read-only",
    ):
        return str(error)
    return _DAMAGED
