"""What a revision changes, in words that repeat nothing that was typed: parts, counts, fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from facilitator.model.document import Document
from facilitator.model.freeze import content
from facilitator.model.records import (
    KINDS,
    NOT_UNDOABLE,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Record,
    Series,
    Topic,
    Waiver,
    Why,
)

_PARTS: Final[dict[type[Record], str]] = {
    Incident: "The incident",
    Person: "People and roles",
    Topic: "Agenda",
    Moment: "Timeline",
    Series: "Metric curves",
    Why: "5 Whys",
    Evidence: "Evidence",
    Fix: "The structural fix",
    FollowUp: "Actions",
    Parked: "Parking lot",
    Waiver: "Wording kept as said",
}
_WORDS: Final = {
    "at": "time",
    "until": "end",
    "rank": "order",
    "key": "key moment",
    "zone": "time zone",
    "why_allowed": "why the system allowed it",
    "artefact_kind": "kind of artefact",
    "label": "kind of gap",
    "parent": "what it answers",
    "check": "how to tell that it holds",
}
_SINGLE: Final = (Incident, Fix)


def what_changed(before: Document, after: Document) -> tuple[str, ...]:
    """A line for each part that differs; none when nothing does."""
    was, now = content(before), content(after)
    kinds = (kind for kind in KINDS.values() if kind not in NOT_UNDOABLE)
    return tuple(line for kind in kinds for line in _of_kind(kind, was, now))


def _of_kind(kind: type[Record], was: Document, now: Document) -> Iterator[str]:
    old = {record.id: record for record in was.all(kind)}
    new = {record.id: record for record in now.all(kind)}
    changed = [(old[i], new[i]) for i in old if i in new and old[i] != new[i]]
    names = dict.fromkeys(word for pair in changed for word in _fields(*pair))
    if changed and kind in _SINGLE:
        yield f"{_PARTS[kind]}: {', '.join(names)} changed."
        return
    counts = (
        (len(new.keys() - old.keys()), "added", ""),
        (len(old.keys() - new.keys()), "removed", ""),
        (len(changed), "changed", f" ({', '.join(names)})"),
    )
    said = [f"{count} {word}{more}" for count, word, more in counts if count]
    if said:
        yield f"{_PARTS[kind]}: {', '.join(said)}."


def _fields(old: Record, new: Record) -> Iterator[str]:
    for field in fields(old):
        if getattr(old, field.name) != getattr(new, field.name):
            yield _WORDS.get(field.name, field.name.replace("_", " "))
