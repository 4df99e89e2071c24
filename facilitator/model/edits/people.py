"""Edits of the people in the room and around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_line
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import ROLES, Person


def add_person(document: Document, name: str, role: str = "participant", title: str = "") -> Edit:
    """Somebody joins, with a role."""
    rank = max((p.rank for p in document.all(Person)), default=0.0) + 1
    person = _checked(Person(new_id(), name, role, title, rank=rank))
    return Edit("Add person", (Change(None, person),))


def change_person(document: Document, person_id: str, **values: Any) -> Edit:  # noqa: ANN401
    """Set fields of a person by name."""
    before = document.get(Person, person_id)
    after = _checked(replace(before, **values))
    return Edit("Edit person", () if after == before else (Change(before, after),))


def remove_person(document: Document, person_id: str) -> Edit:
    """Somebody leaves the list."""
    return Edit("Remove person", (Change(document.get(Person, person_id), None),))


def _checked(person: Person) -> Person:
    person = replace(person, name=clean_line(person.name), title=clean_line(person.title))
    if not person.name:
        raise Refused("A person needs a name.")
    if person.role not in ROLES:
        raise Refused(f"“{person.role}” is no role.")
    return person
