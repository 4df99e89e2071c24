"""The figures that follow from the key moments, and the deadline that follows from severity.

Formulas (they are printed beside the figures): detection gap = person knew - impact began; the
system's own gap = system knew - impact began; time to acknowledge = person knew - system knew;
containment = mitigated - person knew; time to mitigate = mitigated - impact began; duration =
resolved - impact began; detection deficit = person knew - merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from facilitator.model.document import Document
from facilitator.model.records import Moment
from facilitator.model.times import length_text, zone_of

DEADLINE_HOURS: Final = {"P0": 24, "P1": 48}
FIGURES: Final = (
    ("detection_gap", "Detection gap", "impact_began", "person_knew"),
    ("system_gap", "System's own gap", "impact_began", "system_knew"),
    ("acknowledge", "Time to acknowledge", "system_knew", "person_knew"),
    ("containment", "Containment", "person_knew", "mitigated"),
    ("time_to_mitigate", "Time to mitigate", "impact_began", "mitigated"),
    ("duration", "Duration", "impact_began", "resolved"),
    ("detection_deficit", "Detection deficit", "merged", "person_knew"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed length: None when a moment is missing; `problem` when they are out of order."""

    id: str
    name: str
    length: timedelta | None
    about: bool = False
    problem: str = ""

    @property
    def text(self) -> str:
        """The length for people: 23 min, about 4 d, or not known."""
        if self.length is None:
            return self.problem or "not known"
        if self.about and self.length >= timedelta(days=1):
            days = round(self.length / timedelta(days=1))
            return f"about {days} d"
        return f"about {length_text(self.length)}" if self.about else length_text(self.length)


def key_moments(document: Document) -> dict[str, Moment]:
    """The moments that carry a key and a time, by key."""
    return {m.key: m for m in document.all(Moment) if m.key and m.at is not None}


def began_at(document: Document) -> datetime | None:
    """When impact began: the key moment, else what the incident's form says. UTC."""
    return _time_of(document, "impact_began")


def resolved_at(document: Document) -> datetime | None:
    """When it was resolved: the key moment, else what the incident's form says. UTC."""
    return _time_of(document, "resolved")


def figures(document: Document) -> tuple[Figure, ...]:
    """Every figure of this incident, in a fixed order, with what is not known left open."""
    return tuple(_figure(document, *formula) for formula in FIGURES)


def figure(document: Document, figure_id: str) -> Figure:
    """One figure by its id. Raises LookupError on an unknown id."""
    for each in figures(document):
        if each.id == figure_id:
            return each
    raise LookupError(figure_id)


def deadline(document: Document) -> datetime | None:
    """When the post-mortem is due (UTC): 24 elapsed hours after resolution for P0, 48 for P1."""
    hours = DEADLINE_HOURS.get(document.incident.severity)
    resolved = resolved_at(document)
    if hours is None or resolved is None:
        return None
    return resolved + timedelta(hours=hours)


def deadline_text(document: Document, now: datetime) -> str:
    """The deadline's countdown in words, for the top bar."""
    severity = document.incident.severity
    due = deadline(document)
    if severity == "P2":
        return "post-mortem optional"
    if severity == "P3":
        return "no post-mortem required"
    if not severity:
        return "severity not set"
    if due is None:
        return "deadline unknown: not resolved yet"
    if now > due:
        return f"post-mortem overdue by {length_text(now - due)}"
    return f"post-mortem due in {length_text(due - now)}"


def share_text(part: int | None, whole: int | None) -> str:
    """A share in per cent with one decimal, or "not defined" without a base."""
    if part is None or not whole:
        return "not defined"
    return f"{100 * part / whole:.1f} %"


def order_problems(document: Document) -> tuple[str, ...]:
    """A sentence for each pair of key moments that contradict the order of events."""
    keys = key_moments(document)
    order = ("merged", "deployed", "impact_began", "person_knew", "mitigated", "resolved")
    known = [k for k in order if k in keys]
    return tuple(
        f"“{key_name(later)}” lies before “{key_name(earlier)}”."
        for earlier, later in pairwise(known)
        if _before(keys[later], keys[earlier], document.incident.zone)
    )


def key_name(key: str) -> str:
    """A key moment's id in words: impact_began as Impact began."""
    return key.replace("_", " ").capitalize()


def _time_of(document: Document, key: str) -> datetime | None:
    moment = key_moments(document).get(key)
    if moment is not None:
        return moment.at
    incident = document.incident
    return {"impact_began": incident.started_at, "resolved": incident.resolved_at}.get(key)


def _figure(document: Document, figure_id: str, name: str, first: str, last: str) -> Figure:
    keys = key_moments(document)
    start, end = _time_of(document, first), _time_of(document, last)
    if start is None or end is None:
        return Figure(figure_id, name, None)
    inexact = {k: keys[k].precision for k in (first, last) if k in keys}
    about = any(p != "exact" for p in inexact.values())
    if "date" in inexact.values():
        zone = zone_of(document.incident.zone)
        days = end.astimezone(zone).date() - start.astimezone(zone).date()
        end = start + days
    if end < start:
        return Figure(figure_id, name, None, about, f"{key_name(last)} is before {key_name(first)}")
    return Figure(figure_id, name, end - start, about)


def _before(later: Moment, earlier: Moment, zone: str) -> bool:
    if later.at is None or earlier.at is None:
        return False
    if "date" in (later.precision, earlier.precision):
        tz = zone_of(zone)
        return later.at.astimezone(tz).date() < earlier.at.astimezone(tz).date()
    return later.at < earlier.at
