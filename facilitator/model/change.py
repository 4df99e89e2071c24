"""What a user did, as data: changes of whole records, gathered in an edit with a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from facilitator.model.records import Record


class Refused(Exception):
    """Something the rules do not allow; the text is a sentence for the person in the room."""


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after; None stands for a record that is not there."""

    before: Record | None
    after: Record | None

    @property
    def record(self) -> Record:
        """The record as it is after the change, or as it was when the change removes it."""
        record = self.after if self.after is not None else self.before
        if record is None:
            raise ValueError("a change needs a record on at least one side")
        return record

    @property
    def key(self) -> tuple[type[Record], str]:
        """The kind and id of the record that changes."""
        return type(self.record), self.record.id

    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Edit:
    """A named step; edits that follow one another with the same `burst` undo as one step."""

    label: str
    changes: tuple[Change, ...]
    burst: str = ""

    def reversed(self) -> Edit:
        """The edit that takes this one back."""
        return replace(self, changes=tuple(change.reversed() for change in self.changes))


def join(label: str, edits: Iterable[Edit]) -> Edit:
    """One edit that does all of these: first before, last after, nothing where they cancel out."""
    merged: dict[tuple[type[Record], str], Change] = {}
    for edit in edits:
        for change in edit.changes:
            earlier = merged.get(change.key)
            before = change.before if earlier is None else earlier.before
            if before is None and change.after is None:
                del merged[change.key]
            else:
                merged[change.key] = Change(before, change.after)
    return Edit(label, tuple(c for c in merged.values() if c.before != c.after))
