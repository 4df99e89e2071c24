"""Edits of the incident itself: begin one, change its fields, answer the one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_line, clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import CHAIN_LEVELS, LABELS, SEVERITIES, Incident, Topic
from facilitator.model.times import zone_of

_LINES: Final = {"title", "organisation", "services", "users_word", "zone"}
_COUNTS: Final = {"users_affected", "users_total", "support_calls"}


def new_incident(
    title: str,
    topics: Sequence[Topic],
    created_at: datetime,
    *,
    incident_id: str = "",
    **values: Any,  # noqa: ANN401
) -> Edit:
    """A new incident with its agenda; `values` are other fields of the record.

    Raises Refused without a title, and for a P3 without a reason.
    """
    incident = Incident(id=incident_id or new_id(), title="-", created_at=created_at)
    incident = _checked(replace(incident, title=title, **values))
    agenda = tuple(Change(None, topic) for topic in topics)
    return Edit("New incident", (Change(None, incident), *agenda))


def change_incident(document: Document, called: str = "", **values: Any) -> Edit:  # noqa: ANN401
    """Set fields of the incident by name. Raises Refused with a sentence when one does not fit."""
    before = document.incident
    after = _checked(replace(before, **values))
    if not called:
        changed = next(
            (f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)),
            "incident",
        )
        called = f"Edit {changed.replace('_', ' ')}"
    return Edit(called, () if after == before else (Change(before, after),))


def choose_level(document: Document, level: str) -> Edit:
    """Answer the one question: the chain level that was missing; empty takes the answer back."""
    before = document.incident
    others = tuple(each for each in before.other_levels if each != level)
    after = _checked(replace(before, level=level, other_levels=others))
    return Edit("Choose level", () if after == before else (Change(before, after),))


def toggle_other_level(document: Document, level: str) -> Edit:
    """Mark or unmark a level as contributing, beside the one that was missing."""
    before = document.incident
    if level == before.level:
        raise Refused("This level is the answer already; choose another as contributing.")
    others = set(before.other_levels) ^ {level}
    ordered = tuple(each for each in CHAIN_LEVELS if each in others)
    after = _checked(replace(before, other_levels=ordered))
    return Edit("Choose contributing level", (Change(before, after),))


def _checked(incident: Incident) -> Incident:
    values: dict[str, Any] = {}
    for f in fields(incident):
        value = getattr(incident, f.name)
        if isinstance(value, str):
            values[f.name] = clean_line(value) if f.name in _LINES else clean_text(value)
        elif f.name in _COUNTS and value is not None and value < 0:
            raise Refused("A number of people or calls cannot be below zero.")
    incident = replace(incident, **values)
    _check_choices(incident)
    _check_times(incident)
    return incident


def _check_choices(incident: Incident) -> None:
    if not incident.title:
        raise Refused("An incident needs a title.")
    if incident.severity and incident.severity not in SEVERITIES:
        raise Refused(f"“{incident.severity}” is no severity. Choose P0, P1, P2 or P3.")
    if incident.severity == "P3" and not incident.reason:
        raise Refused("A P3 needs no post-mortem. Give a reason to hold one all the same.")
    for level in (incident.level, *incident.other_levels):
        if level and level not in CHAIN_LEVELS:
            raise Refused(f"“{level}” is no chain level.")
    if incident.label and incident.label not in LABELS:
        raise Refused(f"“{incident.label}” is no label.")
    zone_of(incident.zone)


def _check_times(incident: Incident) -> None:
    started, resolved = incident.started_at, incident.resolved_at
    if started and resolved and resolved < started:
        raise Refused("The incident cannot be resolved before it started.")
    affected, total = incident.users_affected, incident.users_total
    if affected is not None and total is not None and affected > total:
        raise Refused("More people are affected than there are.")
