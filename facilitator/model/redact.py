"""What the room, the report and exports for outsiders may see: a smaller document.

Names become roles: in owner and people fields, and wherever a participant's name stands in prose
(case-sensitive, on word borders). Waivers lose their sentence and drafts were never in a document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

from facilitator.model.document import Document
from facilitator.model.records import Person, Record, Signature, Topic, Waiver

ROLE_WORDS: Final = {
    "facilitator": "the facilitator",
    "incident-commander": "the incident commander",
    "on-call": "the on-call engineer",
    "investigator": "an investigator",
    "product-owner": "the product owner",
    "tech-lead": "the tech lead",
    "leadership": "leadership",
    "scribe": "the scribe",
    "participant": "a participant",
}
_UNTOUCHED: Final = {"id", "parent", "why", "moment", "record", "revision", "source", "digest"}


def role_title(role: str) -> str:
    """A role as a heading or in a list: Tech lead, On-call, Product owner."""
    return {"on-call": "On-call"}.get(role, role.replace("-", " ").capitalize())


def role_words(person: Person) -> str:
    """How prose speaks of this person: by their own title, else by their role."""
    return f"the {person.title}" if person.title else ROLE_WORDS.get(person.role, "a participant")


def name_roles(document: Document) -> dict[str, str]:
    """Every participant's name, and its first and last word, with the role to say instead.

    A part of a name that two people share, or of under three letters, is left out.
    """
    roles: dict[str, str] = {}
    shared: set[str] = set()
    for person in document.all(Person):
        words = role_words(person)
        parts = person.name.split()
        ends = (p for p in (*parts[:1], *parts[-1:]) if len(p) > 2)
        for name in dict.fromkeys((*(person.name for _ in parts[:1]), *ends)):
            if name in roles and roles[name] != words:
                shared.add(name)
            roles[name] = words
    return {name: words for name, words in roles.items() if name not in shared or " " in name}


def without_names(text: str, roles: Mapping[str, str]) -> str:
    """The text with every name replaced by its role."""
    if not roles or not text:
        return text
    pattern = _pattern(tuple(sorted(roles, key=len, reverse=True)))
    return pattern.sub(lambda match: _cased(roles[match[0]], text, match.start()), text)


def redact(document: Document) -> Document:
    """The document without names, waived sentences and private records."""
    roles = name_roles(document)
    return Document(
        seen for record in document.records() if (seen := _seen(record, roles)) is not None
    )


@lru_cache(maxsize=32)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _cased(words: str, text: str, start: int) -> str:
    before = text[:start].rstrip()
    return words[:1].upper() + words[1:] if not before or before[-1] in ".!?:\n" else words


def _seen(record: Record, roles: Mapping[str, str]) -> Record | None:
    if isinstance(record, Person):
        return replace(record, name=role_title(record.role), title=record.title)
    if isinstance(record, Signature):
        return replace(record, name=role_title(record.role))
    if isinstance(record, Waiver):
        reason = without_names(record.reason, roles)
        return replace(record, record="", field="", digest="", reason=reason)
    if isinstance(record, Topic):
        return record
    changed: dict[str, Any] = {}
    for f in fields(record):
        value = getattr(record, f.name)
        if isinstance(value, str) and value and f.name not in _UNTOUCHED:
            said = without_names(value, roles)
            if said != value:
                changed[f.name] = said
    return replace(record, **changed) if changed else record
