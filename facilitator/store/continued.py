"""Meetings that went on in another file: a note of where, so that they are found next time."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from facilitator.paths import data_dir


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


def related(library: Path) -> tuple[Path, ...]:
    """Every other library, there or not, that meetings of this one came from or went on in."""
    notes = _notes()
    found = {str(library)}
    for _ in notes:
        for before, later in notes.items():
            if before in found or later in found:
                found |= {before, later}
    return tuple(Path(each) for each in sorted(found - {str(library)}))


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
