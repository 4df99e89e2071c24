"""How the report says times, lanes, levels and dates: one place, so that all parts agree."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from facilitator.model.document import Document
from facilitator.model.records import Fix, FollowUp, Moment
from facilitator.model.times import clock_text, day_text, zone_of, zone_text
from facilitator.report.blocks import Edition
from facilitator.report.isolates import without_isolates

NOT_KNOWN: Final = "not known"
FACTS_APART: Final = "  ·  "
_LINE: Final = 60
# What ends a sentence; the East Asian ones have no space after them.
_SENTENCE_END: Final = re.compile(r"[.!?؟۔।](?=\s)|[。！？]")
_ENDS: Final = ".!?:…。！？：؟۔।"
CONTINUES: Final = " … (continues inside)"
LANE_WORDS: Final = {
    "change": "Change",
    "signal": "Signal",
    "action": "Action",
    "communication": "Communication",
    "impact": "Impact",
}
KEY_WORDS: Final = {
    "merged": "Merged",
    "deployed": "Released",
    "impact_began": "Impact began",
    "system_knew": "System knew",
    "person_knew": "A person knew",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
}
LEVEL_WORDS: Final = {
    "strategy": "Strategy",
    "discovery": "Discovery",
    "scope": "Scope",
    "execution": "Execution",
    "operation": "Operation",
}
LABEL_WORDS: Final = {
    "scenario-gap": "scenario gap",
    "adr-drift": "drift from a recorded decision",
    "integration-gap": "integration gap",
    "observation-mismatch": "observation mismatch",
    "configuration": "configuration",
}
ARTEFACT_WORDS: Final = {
    "checklist": "checklist",
    "runbook": "runbook",
    "test": "test",
    "brief-template": "brief template",
    "ci-step": "CI step",
    "adr": "decision record",
    "other": "artefact",
}
STATUS_WORDS: Final = {"open": "Open", "done": "Done", "validated": "Validated"}
KIND_WORDS: Final = {
    "test-design": "Test design",
    "exploratory-charter": "Exploratory charter",
    "process-refinement": "Process refinement",
    "metric-target": "Metric target",
    "investigation": "Investigation",
    "preventive-engineering": "Preventive engineering",
}
DESTINATION_WORDS: Final = {"retro": "Retro", "next": "Next post-mortem"}


def shortened(text: str, most: int | None) -> str:
    """The text, or as many whole sentences of it as fit, with a word that it goes on.

    A line end counts for as many characters as a line could have had.
    """
    fits = len(text) if not most else _fitting(text, most)
    if fits == len(text):
        return text
    room = text[: max(_fitting(text, (most or 0) - len(CONTINUES)), 1)]
    ends = [m.end() for m in _SENTENCE_END.finditer(room)]
    if ends and ends[-1] > len(room) // 3:
        return room[: ends[-1]] + CONTINUES
    cut = room.rfind(" ")
    return room[: cut if cut > len(room) // 2 else len(room)].rstrip() + CONTINUES


def _fitting(text: str, most: int) -> int:
    """How many characters of the text fit, at least 20 but never more than there are."""
    taken = 0
    for n, char in enumerate(text):
        taken += _LINE if char == "\n" else 1
        if taken > max(most, 20):
            return n
    return len(text)


def upper_first(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with a small letter at its start."""
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with an end, where it has none yet."""
    plain = text.rstrip()
    last = without_isolates(plain)[-1:]
    return plain if last in _ENDS else f"{plain}."


def listed(words: list[str]) -> str:
    """The words as people list them: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def moment_time(moment: Moment, zone: str) -> str:
    """When a moment was, as precisely as is known, in the zone."""
    if moment.at is None:
        return NOT_KNOWN
    if moment.precision == "date":
        return "that day"
    start = clock_text(moment.at, zone)
    if moment.until is not None and moment.until > moment.at:
        same_day = day_text(moment.until, zone) == day_text(moment.at, zone)
        end = clock_text(moment.until, zone)
        end = end if same_day else f"{end}, {short_day(moment.until, zone)}"
        start = f"{start}–{end}"
    before = {"about": "about ", "before": "before ", "unknown": "about "}
    return before.get(moment.precision, "") + start


def key_time(moment: Moment, zone: str) -> str:
    """When a key moment was: its beginning, however long it went on."""
    return moment_time(replace(moment, until=None), zone)


def full_time(at: datetime | None, zone: str) -> str:
    """A day and time with the zone's name, or that it is not known."""
    if at is None:
        return NOT_KNOWN
    return f"{day_text(at, zone, weekday=True)}, {clock_text(at, zone)} {zone_text(at, zone)}"


def short_day(at: datetime | date, zone: str = "UTC") -> str:
    """A day without its year: 18 June."""
    return day_text(at, zone).rsplit(" ", 1)[0]


def offset_text(at: datetime, zone: str) -> str:
    """The zone's distance from UTC at that time: UTC+12, UTC+5:30, UTC."""
    offset = at.astimezone(zone_of(zone)).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def draft_mark(edition: Edition) -> str:
    """What stands on everything that is not final."""
    return f"DRAFT of {day_text(edition.at, edition.zone)}"


def copy_note(edition: Edition) -> str:
    """What a form that cannot be signed says of the one that can."""
    said = f"Document {edition.number}, revision {edition.revision}."
    if edition.is_final:
        return f"{said} A copy to read: what people sign is the PDF with this number."
    return f"{said} A draft: what people sign is the PDF of the final report."


def held_at(document: Document) -> datetime:
    """When the review was held: the meeting's time, else when the incident was written down."""
    incident = document.incident
    return incident.meeting_at or incident.created_at


def due_text(due: date | None, held: date) -> str:
    """A due date: what is due on the day of the meeting is in force."""
    if due is None:
        return "no date"
    return "in force" if due == held else day_text(due)


def owners(fix: Fix | FollowUp) -> str:
    """Who answers for it, and who helps."""
    owner = fix.owner or "no owner"
    return f"{owner}, with {fix.helpers}" if fix.helpers else owner


def count_text(count: int) -> str:
    """A whole number with thousands apart: 45,000."""
    return f"{count:,}"
