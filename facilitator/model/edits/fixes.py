"""Edits of what comes of the meeting: the one structural fix, actions, the parking lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_line, clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import (
    ARTEFACTS,
    FOLLOW_UP_KINDS,
    STATUSES,
    Fix,
    FollowUp,
    Parked,
)

FIX_ID = "fix"


def the_fix(document: Document) -> Fix:
    """The structural fix, empty while nobody has begun one."""
    return document.find(Fix, FIX_ID) or Fix(FIX_ID)


def change_fix(document: Document, **values: Any) -> Edit:  # noqa: ANN401
    """Set fields of the one structural fix by name."""
    was = document.find(Fix, FIX_ID)
    now = replace(was or Fix(FIX_ID), **values)
    now = replace(
        now,
        change=clean_text(now.change),
        check=clean_text(now.check),
        artefact=clean_line(now.artefact),
        owner=clean_line(now.owner),
        helpers=clean_line(now.helpers),
        ticket=clean_line(now.ticket),
    )
    if now.artefact_kind and now.artefact_kind not in ARTEFACTS:
        raise Refused(f"“{now.artefact_kind}” is no kind of artefact.")
    return Edit("Edit fix", () if (was or Fix(FIX_ID)) == now else (Change(was, now),))


def propose_fix(document: Document, text: str, at: datetime | None = None) -> Edit:
    """Make this the structural fix, or park it for the retro when there is one already."""
    if the_fix(document).change:
        return park(document, text, phase="fix", at=at)
    return change_fix(document, change=text)


def fix_gaps(fix: Fix) -> tuple[str, ...]:
    """What a structural fix still lacks, in words; empty when it is owned, dated and checked."""
    wanted = (
        (fix.change, "the change"),
        (fix.artefact_kind and (fix.artefact or fix.artefact_kind != "other"), "the artefact"),
        (fix.owner, "an owner"),
        (fix.due, "a date"),
        (fix.check, "a check"),
    )
    return tuple(words for value, words in wanted if not value)


def add_follow_up(document: Document, text: str, **values: Any) -> Edit:  # noqa: ANN401
    """A supporting action."""
    rank = max((f.rank for f in document.all(FollowUp)), default=0.0) + 1
    action = _checked(FollowUp(values.pop("id", "") or new_id(), text, rank=rank, **values))
    return Edit("Add action", (Change(None, action),))


def change_follow_up(document: Document, action_id: str, **values: Any) -> Edit:  # noqa: ANN401
    """Set fields of a supporting action by name."""
    was = document.get(FollowUp, action_id)
    now = _checked(replace(was, **values))
    return Edit("Edit action", () if was == now else (Change(was, now),))


def remove_follow_up(document: Document, action_id: str) -> Edit:
    """Remove a supporting action."""
    return Edit("Delete action", (Change(document.get(FollowUp, action_id), None),))


def park(document: Document, text: str, *, phase: str = "", at: datetime | None = None) -> Edit:
    """Put something on the parking lot, with the phase and time (UTC) it came up."""
    cleaned = clean_text(text)
    if not cleaned:
        raise Refused("There is nothing to park: select something or type a line.")
    rank = max((p.rank for p in document.all(Parked)), default=0.0) + 1
    return Edit("Park", (Change(None, Parked(new_id(), cleaned, phase, at, rank=rank)),))


def change_parked(document: Document, parked_id: str, **values: Any) -> Edit:  # noqa: ANN401
    """Word a parked point anew, or send it to "retro" or "next"."""
    was = document.get(Parked, parked_id)
    now = replace(was, **values)
    now = replace(now, text=clean_text(now.text))
    if not now.text:
        raise Refused("A parked point needs a text.")
    if now.destination not in ("retro", "next"):
        raise Refused("A parked point goes to the retro or to the next post-mortem.")
    return Edit("Edit parked point", () if was == now else (Change(was, now),))


def remove_parked(document: Document, parked_id: str) -> Edit:
    """Take a point off the parking lot."""
    return Edit("Delete parked point", (Change(document.get(Parked, parked_id), None),))


def _checked(action: FollowUp) -> FollowUp:
    action = replace(
        action,
        text=clean_text(action.text),
        check=clean_text(action.check),
        owner=clean_line(action.owner),
        helpers=clean_line(action.helpers),
        ticket=clean_line(action.ticket),
    )
    if not action.text:
        raise Refused("An action needs a text.")
    if action.kind and action.kind not in FOLLOW_UP_KINDS:
        raise Refused(f"“{action.kind}” is no kind of action.")
    if action.status not in STATUSES:
        raise Refused(f"“{action.status}” is no status.")
    return action
