"""Private copies of libraries that can only be looked at."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from facilitator.store import connection as careful
from facilitator.store import guard
from facilitator.store.lock import check_free
from facilitator.store.problems import LibraryProblem

_PREFIX: Final = "reading-"


def copied(source: Path, data: Path) -> Path:
    """A new owner-only folder in `data` with a copy of the library and its log.

    Raises LibraryProblem when somebody is writing to the library, or there is no room.
    """
    guard.check_is_file(source)
    check_free(source)
    guard.check_side_files(source)
    sweep(data)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=data))
    try:
        for suffix in ("", "-wal", "-journal"):
            file = guard.side_file(source, suffix) if suffix else source
            if file.exists():
                copy = folder / file.name
                careful.make_empty(copy)
                shutil.copyfile(file, copy)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise LibraryProblem(
            f"{source} cannot be copied to look at it: {error.strerror}.", "read-only"
        ) from error
    return folder


def folders(data: Path) -> list[Path]:
    """Every folder with a copy, in use or left behind."""
    return list(data.glob(f"{_PREFIX}*"))


def sweep(data: Path) -> None:
    """Remove what a killed process left; copies in use have their lock."""
    for old in folders(data):
        with suppress(LibraryProblem, OSError):
            for lock in old.glob("*.lock"):
                check_free(lock.with_suffix(""))
            shutil.rmtree(old)
