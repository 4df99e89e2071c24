"""Meetings that went on in another file: a note of where, so that they are found next time."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from facilitator.paths import data_dir
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved


def note_continued(library: Path, later: Path) -> None:
    """Remember that a meeting of this library goes on in a later file."""
    notes = {**_notes(), str(library): str(later)}
    part = _file().with_suffix(f".{os.urandom(4).hex()}.part")
    with suppress(OSError):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(notes, file)
        part.replace(_file())


def continued_in(library: Path) -> Path | None:
    """The file in which a meeting of this library went on, while that is there."""
    later = _notes().get(str(library))
    return Path(later) if later is not None and Path(later).is_file() else None


def another(library: Library, path: Path) -> tuple[Library, str]:
    """Another library to go on with, and what is said; the present one when it cannot be opened."""
    path = path.expanduser().resolve()
    if path == library.path:
        return library, "This library is open already."
    try:
        opened = Library(path, now=library.now)
    except LibraryProblem as problem:
        return library, str(problem)
    try:
        library.close()
    except NotSaved as problem:
        return opened, f"{library.path.name} could not be closed in order: {problem}"
    missing = f" {opened.behind} Backups… can restore it." if opened.behind is not None else ""
    return opened, f"{path} is open.{missing}"


def _notes() -> dict[str, str]:
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: later for key, later in found.items() if isinstance(later, str)}


def _file() -> Path:
    return data_dir() / "continued.json"
