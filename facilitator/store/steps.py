"""What can be undone and redone, derived from the journal alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facilitator.model.change import Change, Edit, join
from facilitator.model.records import NOT_UNDOABLE
from facilitator.store.journal import Entry, changes_of


@dataclass(slots=True)
class Step:
    """One undo step: edits that followed one another in one burst, or a single edit.

    A part is either what an edit changed or, not yet read, a journal body.
    """

    label: str
    seq: int
    parts: list[tuple[Change, ...] | str]
    _edit: Edit | None = None

    def add(self, label: str, part: tuple[Change, ...] | str) -> None:
        """Let the step go on."""
        self.label, self._edit = label, None
        self.parts.append(part)

    def edit(self) -> Edit:
        """The step as one edit; without changes when they cancel out or undo must not touch."""
        if self._edit is None:
            read = [changes_of(p) if isinstance(p, str) else p for p in self.parts]
            joined = join(self.label, [Edit(self.label, part) for part in read]).changes
            kept = tuple(c for c in joined if not isinstance(c.record, NOT_UNDOABLE))
            self.parts, self._edit = [kept], Edit(self.label, kept)
        return self._edit


class Steps:
    """The undo and redo stacks of one incident."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._open_burst = ""
        for entry in entries:
            self.follow(entry)

    def follow(self, entry: Entry, changes: tuple[Change, ...] | None = None) -> None:
        """Take in the next entry; `changes` spares reading its body later."""
        if entry.kind == "edit":
            self._did(entry, entry.body if changes is None else changes)
        elif entry.kind == "undo":
            self._open_burst = ""
            self._move(self._done, self._undone, entry.undoes)
        elif entry.kind == "redo":
            self._open_burst = ""
            self._move(self._undone, self._done, entry.undoes)
        elif entry.kind in ("create", "base"):
            self._done, self._undone, self._open_burst = [], [], ""

    def to_undo(self) -> Step | None:
        """The step that undo would take back, or None."""
        return self._top(self._done)

    def to_redo(self) -> Step | None:
        """The step that redo would do again, or None."""
        return self._top(self._undone)

    def _did(self, entry: Entry, part: tuple[Change, ...] | str) -> None:
        self._undone.clear()
        if entry.burst and entry.burst == self._open_burst and self._done:
            self._done[-1].add(entry.label, part)
        else:
            self._done.append(Step(entry.label, entry.seq, [part]))
        self._open_burst = entry.burst

    @staticmethod
    def _top(stack: list[Step]) -> Step | None:
        # Nothing is dropped here: looking must leave the stacks as the journal tells them.
        return next((step for step in reversed(stack) if step.edit().changes), None)

    @staticmethod
    def _move(source: list[Step], target: list[Step], seq: int) -> None:
        # Steps above it that came to nothing were passed over when the entry was made.
        while source:
            step = source.pop()
            if step.seq == seq:
                target.append(step)
                return
