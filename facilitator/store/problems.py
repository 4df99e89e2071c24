"""What can be wrong with a library, each with a sentence for the person in the room."""

from __future__ import annotations

from pathlib import Path
from typing import Final


class LibraryProblem(Exception):
    """The library cannot be used; the text is a sentence, `kind` is a word for the code.

    Kinds: "directory", "not-a-file", "empty", "foreign", "newer", "read-only", "locked",
    "damaged", "missing".
    """

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class NotSaved(Exception):
    """Something done is not on disk (yet); the text is a sentence that says why."""


class MediumChanged(Exception):
    """The library's file is gone or is another file than the one that was opened."""


_WHY: Final = {
    "SQLITE_FULL": "The disk with {path} is full. Make room on it.",
    "SQLITE_READONLY": "{path} can no longer be written. Allow writing to it and its folder.",
    "SQLITE_PERM": "{path} can no longer be written. Allow writing to it and its folder.",
    "SQLITE_BUSY": "Another program is using {path}. Close it.",
    "SQLITE_LOCKED": "Another program is using {path}. Close it.",
    "SQLITE_CORRUPT": "{path} is damaged or its medium fails. Check the medium; restore a backup.",
    "SQLITE_NOTADB": "{path} is damaged or its medium fails. Check the medium; restore a backup.",
}


def why(error: Exception, path: Path) -> str:
    """What keeps the library from being read or written, and what to do about it."""
    if isinstance(error, (FileNotFoundError, MediumChanged)):
        return f"{path} has gone or was replaced. Put it back where it was."
    if isinstance(error, LibraryProblem):
        return str(error)
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    unknown = "{path} cannot be used ({name}). Check the medium it lies on."
    # An extended name, as SQLITE_IOERR_FSYNC, begins with the plain one.
    return _WHY.get("_".join(name.split("_")[:2]), unknown).format(path=path, name=name)
