"""Recovery tried on a private copy first, so that a wrong log harms neither file nor evidence."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from facilitator.store import connection as careful
from facilitator.store import guard, health, history
from facilitator.store.problems import LibraryProblem


def rehearse(path: Path) -> str:
    """The library's id, after its log was applied to a copy and everything in it checked.

    Raises LibraryProblem when the log belongs to another library or leaves this one damaged.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            return _rehearse(path, Path(folder) / "copy.sqlite")
    except OSError as error:
        raise LibraryProblem(
            f"{path} was not closed in order, and there is no room to look at it safely:"
            f" {error.strerror}. Make room on that disk, then try again.",
            "read-only",
        ) from error
    except history.UNREADABLE as error:
        raise careful.damaged(path, f"with the log beside it, {error}") from error


def _rehearse(path: Path, copy: Path) -> str:
    shutil.copyfile(path, copy)
    alone = _told_alone(copy)
    for suffix in ("-wal", "-journal"):
        beside = guard.side_file(path, suffix)
        if beside.exists():
            shutil.copyfile(beside, guard.side_file(copy, suffix))
    with closing(careful.connect(copy)) as connection:
        careful.check_inside(connection, path)
        library_id = careful.library_id(connection)
        heads = history.heads(connection)
        if alone is not None and alone[0] != library_id:
            raise careful.damaged(path, "the log beside it belongs to another library")
        findings = health.check(connection)
    if not findings.is_clean:
        raise careful.damaged(path, f"with the log beside it, {findings.problems[0].rstrip('.')}")
    # A library that was closed in order has all; its log may be left over, but has no news.
    if alone is not None and alone[1] != heads and not guard.look_at(path).has_log:
        raise careful.damaged(path, "the log beside it is from another time")
    return library_id


def _told_alone(copy: Path) -> tuple[str, list[tuple[str, int, str]]] | None:
    # Without its log a library may be in the middle of a change; then it has nothing to say.
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True)) as connection:
            return careful.library_id(connection), history.heads(connection)
    except history.UNREADABLE:
        return None
