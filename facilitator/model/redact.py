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
from facilitator.model.records import Person, Record, Signature, Waiver

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
_UNTOUCHED: Final = {"id", "parent", "why", "moment", "record", "revision", "digest"}
# English words of two letters; as a part of a name they say nothing on their own.
_SMALL: Final = re.compile("a[mnst]|b[ey]|do|go|h[ei]|i[fnst]|m[ey]|no|o[fhknr]|so|to|u[ps]|we")


def role_title(role: str) -> str:
    """A role as a heading or in a list: Tech lead, On-call, Product owner."""
    return {"on-call": "On-call"}.get(role, role.replace("-", " ").capitalize())


def role_words(person: Person) -> str:
    """How prose speaks of this person: by their own title, else by their role."""
    return f"the {person.title}" if person.title else ROLE_WORDS.get(person.role, "a participant")


def name_roles(document: Document) -> dict[str, str]:
    """Every participant's name, and its parts, with the role to say instead.

    Parts in small letters ("van") and English words of two letters are no names on their own. A
    part that people of different roles share is said as "a participant".
    """
    people = document.all(Person)
    names = {part: "a participant" for person in people for part in name_parts(person)}
    roles: dict[str, str] = {}
    for person in people:
        # A title may hold a name as well: "deputy of Kim".
        words = without_names(role_words(person), names) if person.title else role_words(person)
        for name in name_parts(person):
            shared = name in roles and roles[name] != words and " " not in name
            roles[name] = "a participant" if shared else words
    return roles


def name_parts(person: Person) -> tuple[str, ...]:
    """The name as a whole, and the words of it that stand for the person."""
    name = " ".join(person.name.split())
    parts = (p.strip(".,") for p in name.split())
    telling = (
        p for p in parts if len(p) > 1 and not p.islower() and not _SMALL.fullmatch(p.lower())
    )
    return tuple(dict.fromkeys(n for n in (name, *telling) if n))


def without_names(text: str, roles: Mapping[str, str]) -> str:
    """The text with every name replaced by its role."""
    if not roles or not text:
        return text
    pattern = _pattern(tuple(sorted(roles, key=len, reverse=True)))
    return pattern.sub(lambda match: cased(roles[match[0]], text, match.start()), text)


def redact(document: Document) -> Document:
    """The document without names and waived sentences."""
    return Redactor()(document)


class Redactor:
    """Redacts one document after another; records that did not change are not read again."""

    def __init__(self) -> None:
        self._roles: dict[str, str] = {}
        self._seen: dict[tuple[type[Record], str], tuple[Record, Record]] = {}

    def __call__(self, document: Document) -> Document:
        """The document without names and waived sentences."""
        roles = name_roles(document)
        known = self._seen if roles == self._roles else {}
        seen: dict[tuple[type[Record], str], tuple[Record, Record]] = {}
        for record in document.records():
            key = (type(record), record.id)
            before = known.get(key)
            again = before is not None and before[0] is record
            seen[key] = before if again and before else (record, _seen(record, roles))
        self._roles, self._seen = roles, seen
        return Document(redacted for _record, redacted in seen.values())

    def words(self, text: str) -> str:
        """Any other text without the names of the last document."""
        return without_names(text, self._roles)


@lru_cache(maxsize=32)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def cased(words: str, text: str, start: int) -> str:
    """Words as they are written at this place of a text: a capital begins a sentence."""
    before = text[:start].rstrip()
    return words[:1].upper() + words[1:] if not before or before[-1] in ".!?:\n" else words


def _seen(record: Record, roles: Mapping[str, str]) -> Record:
    if isinstance(record, Person):
        title = without_names(record.title, roles)
        return replace(record, name=role_title(record.role), title=title)
    if isinstance(record, Signature):
        return replace(record, name=role_title(record.role))
    if isinstance(record, Waiver):
        reason = without_names(record.reason, roles)
        return replace(record, record="", field="", digest="", reason=reason)
    changed: dict[str, Any] = {}
    for f in fields(record):
        value = getattr(record, f.name)
        if isinstance(value, str) and value and f.name not in _UNTOUCHED:
            said = without_names(value, roles)
            if said != value:
                changed[f.name] = said
    return replace(record, **changed) if changed else record
