"""What can be wrong with a library, each with a sentence for the person in the room."""

from __future__ import annotations


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
