"""The meeting and the due dates as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from facilitator.model.document import Document
from facilitator.model.figures import deadline
from facilitator.model.records import Fix, FollowUp, Topic

_LINE = 75  # bytes, after which a line is folded


def calendar_text(document: Document, now: datetime) -> str:
    """The calendar, with CRLF line ends; `now` (aware) is when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Facilitator//EN",
        *_entries(document, now),
    ]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _entries(document: Document, now: datetime) -> Iterator[str]:
    incident = document.incident
    if incident.meeting_at is not None:
        length = timedelta(minutes=sum(t.minutes for t in document.all(Topic)) or 60)
        times = (
            f"DTSTART:{_utc(incident.meeting_at)}",
            f"DTEND:{_utc(incident.meeting_at + length)}",
        )
        yield from _entry("meeting", document, now, f"Post-mortem: {incident.title}", *times)
    due = deadline(document)
    if due is not None:
        words = f"Post-mortem due: {incident.title}"
        yield from _entry("deadline", document, now, words, f"DTSTART:{_utc(due)}")
    for fix in document.all(Fix):
        if fix.due is not None and fix.change:
            words = _due_words(fix.change, fix.owner)
            yield from _entry(fix.id, document, now, words, *_all_day(fix.due))
    for action in document.all(FollowUp):
        if action.due is not None:
            words = _due_words(action.text, action.owner)
            yield from _entry(action.id, document, now, words, *_all_day(action.due))


def _due_words(text: str, owner: str) -> str:
    return f"Due: {text} ({owner})" if owner else f"Due: {text}"


def _entry(name: str, document: Document, now: datetime, words: str, *times: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{name}.{document.incident.id}@facilitator"
    yield f"DTSTAMP:{_utc(now)}"
    yield from times
    yield f"SUMMARY:{_escaped(words)}"
    yield "END:VEVENT"


def _all_day(day: date) -> tuple[str, ...]:
    return f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign, spelled in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, spelled)
    return text


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, none of which cuts a character."""
    pieces, size = [""], 0
    for sign in line:
        length = len(sign.encode())
        if size + length > _LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += length
    return "\r\n".join(pieces)
