"""Language hints in a whole document, less what the facilitator chose to keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from facilitator.language.hints import Hint, find_hints
from facilitator.language.plain import plain_words
from facilitator.language.rules import JARGON, RuleSet
from facilitator.language.search import Ask
from facilitator.model.document import Document
from facilitator.model.records import (
    NAMES,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Record,
    Waiver,
    Why,
)
from facilitator.model.redact import name_roles

# Every free text of a record, with the field name that the language rules know it by.
TEXTS: Final[dict[type[Any], dict[str, str]]] = {
    Incident: {
        "title": "title",
        "impact": "impact",
        "summary": "summary",
        "why_allowed": "summary",
        "went_well": "note",
        "was_hard": "note",
        "opening": "note",
        "reason": "note",
        "not_reached": "note",
    },
    Moment: {"text": "moment"},
    Why: {"text": "why"},
    Fix: {"change": "fix", "check": "fix"},
    FollowUp: {"text": "action", "check": "action"},
    Parked: {"text": "parked"},
}
# The free texts that page one shows, by record.
_PAGE_ONE: Final[dict[type[Any], tuple[str, ...]]] = {
    Incident: ("title", "summary", "why_allowed"),
    Fix: ("change", "check"),
    FollowUp: ("text",),
}
_EXECUTIVE: Final = ("summary", "impact")
_LONGEST: Final = 20_000  # characters looked at; what is longer is no note anyone reads aloud


@dataclass(frozen=True, slots=True)
class OpenHint:
    """A hint nobody resolved or waived, with the record and field it stands in."""

    kind: str
    record: str
    field: str
    value: str
    hint: Hint

    @property
    def key(self) -> str:
        """Where it stands, as kind:id:field."""
        return f"{self.kind}:{self.record}:{self.field}"


def audience_of(field: str) -> str:
    """Who reads a field: "executive" or "room"."""
    return "executive" if field in _EXECUTIVE else "room"


def texts_of(record: Record) -> Iterator[tuple[str, str, str]]:
    """(field of the record, field name for the rules, text) for every free text it holds."""
    for name, field in TEXTS.get(type(record), {}).items():
        value = getattr(record, name)
        if value:
            yield name, field, value


def open_hints(document: Document, rules: RuleSet) -> tuple[OpenHint, ...]:
    """Every hint in the document that is neither resolved nor waived."""
    names = name_roles(document)
    waivers = document.all(Waiver)
    found: list[OpenHint] = []
    for record in document.records():
        for name, field, value in texts_of(record):
            hints = find_hints(
                value[:_LONGEST], rules, field=field, names=names, audience=audience_of(field)
            )
            found += [
                OpenHint(NAMES[type(record)], record.id, name, value, hint)
                for hint in hints
                if not is_waived(hint, record.id, name, waivers)
            ]
    return tuple(found)


def jargon_on_page_one(document: Document, rules: RuleSet) -> tuple[str, ...]:
    """The words of the trade that page one would show leadership, each once, kept ones too."""
    ask = Ask(rules, "summary", {}, "executive")
    found = [
        word.family == JARGON and getattr(record, name)[word.start : word.end]
        for record in document.records()
        for name in _PAGE_ONE.get(type(record), ())
        for word in plain_words(getattr(record, name)[:_LONGEST], ask)
    ]
    return tuple(dict.fromkeys(word for word in found if word))


def words_digest(words: str) -> str:
    """SHA-256 (hex) of the hinted words, so that a waiver ends when they change."""
    return hashlib.sha256(words.casefold().encode()).hexdigest()


def is_waived(hint: Hint, record: str, field: str, waivers: Iterable[Waiver]) -> bool:
    """Whether a waiver keeps these words in this place, or silences the rule in this incident."""
    for waiver in waivers:
        if waiver.rule != hint.rule:
            continue
        if not waiver.record:
            return True
        here = waiver.record == record and waiver.field == field
        if here and waiver.digest == words_digest(hint.text):
            return True
    return False
