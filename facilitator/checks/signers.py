"""Who has to sign, by severity, and who in this incident may."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Final

from facilitator.model.document import Document
from facilitator.model.records import Person
from facilitator.paths import resources

_INVOLVED: Final = ("facilitator", "on-call", "incident-commander")


@lru_cache(maxsize=8)
def signer_roles(severity: str) -> tuple[str, ...]:
    """The roles that sign a report of this severity, in the order of the sign-off page."""
    path = resources() / "templates" / "signers.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(dict.fromkeys([*table["always"], *table["also"].get(severity, ())]))


def signers(document: Document) -> dict[str, Person | None]:
    """The person who signs for each required role, None where nobody does.

    Who was only told of the meeting cannot sign what it decided.
    """
    people = sorted(document.all(Person), key=lambda person: (person.rank, person.id))
    found: dict[str, Person | None] = {}
    for role in signer_roles(document.incident.severity):
        able = (p for p in people if p.role == role and may_sign(p))
        found[role] = next(able, None)
    return found


def facilitator_responded(document: Document) -> bool:
    """Whether somebody who leads the meeting also responded to the incident, by their name."""
    named = {role: {p.name for p in document.all(Person) if p.role == role} for role in _INVOLVED}
    leads = named.pop("facilitator")
    return any(leads & others for others in named.values())


def may_sign(person: Person) -> bool:
    """Whether this person may sign: nobody may who was only told of the meeting.

    Leadership reads the output and signs later, present or not.
    """
    return not person.notified or person.present
