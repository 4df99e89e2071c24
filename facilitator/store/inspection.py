"""A library looked at without changing one byte of it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from facilitator.store import guard
from facilitator.store.health import Findings
from facilitator.store.library import Library
from facilitator.store.lock import check_free
from facilitator.store.problems import LibraryProblem


def inspect(path: Path) -> Findings:
    """Whether a library that nobody has open is as it was written; a copy of it is looked at.

    Raises LibraryProblem when it is none that could be looked at, or somebody has it open.
    """
    path = path.expanduser().resolve()
    guard.look_at(path)
    check_free(path)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            return _inspect(path, Path(folder).resolve() / path.name)
    except OSError as error:
        raise LibraryProblem(
            f"There is no room to look at a copy of {path}: {error.strerror}. Make room there.",
            "read-only",
        ) from error


def _inspect(path: Path, copy: Path) -> Findings:
    for suffix in ("", "-wal", "-journal"):
        beside = guard.side_file(path, suffix)
        if beside.exists():
            shutil.copyfile(beside, guard.side_file(copy, suffix))
    try:
        # A spool of its own: what was kept for the library must not go into the copy.
        with closing(Library(copy, spool=copy.with_name("spool"))) as library:
            found, lacking = library.check(), library.lacks(path)
    except LibraryProblem as problem:
        if problem.kind != "damaged":
            raise
        return Findings(0, 0, (str(problem).replace(str(copy), str(path)),))
    if lacking is None or lacking.backup is None:
        return found
    return replace(found, problems=(*found.problems, f"{lacking} It is {lacking.backup.path}."))
