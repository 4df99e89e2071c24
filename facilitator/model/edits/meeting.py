"""What the meeting clock records: marks that no undo takes back."""

from __future__ import annotations

from typing import Final

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clock import (
    END_LATER,
    Instant,
    Reading,
    next_topic,
    previous_topic,
    read_clock,
)
from facilitator.model.clock import agenda as in_order
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import ClockMark, Topic

LABELS: Final = {
    "opening": "Show opening",
    "start": "Start",
    "pause": "Pause",
    "resume": "Resume",
    "next": "Next phase",
    "back": "Previous phase",
    "go": "Go to phase",
    "extend": "Extend phase",
    "discount": "Correct the clock",
    "finish": "End meeting",
}


def show_opening(document: Document, now: Instant) -> Edit:
    """The opening statement was shown: the meeting may start."""
    return _mark(document, "opening", now)


def start_or_pause(document: Document, now: Instant) -> Edit:
    """Start the meeting at its first topic, pause it, or resume it.

    Raises Refused before the opening statement was shown, and after the end.
    """
    reading = _read(document, now)
    if reading.state == "done":
        raise Refused("The meeting has ended.")
    if reading.state == "running":
        return _mark(document, "pause", now, topic=reading.topic)
    if reading.state == "paused":
        return _mark(document, "resume", now, topic=reading.topic)
    if not reading.opening_shown:
        raise Refused("Read the opening statement first; it sets the blameless frame.")
    first = in_order(document.all(Topic))
    if not first:
        raise Refused("The agenda is empty.")
    return _mark(document, "start", now, topic=first[0].id)


def go_next(document: Document, now: Instant) -> Edit:
    """End the topic that runs and start the next one; after the last one the meeting ends."""
    reading = _read(document, now)
    if reading.state == "planned":
        return start_or_pause(document, now)
    if reading.state == "done":
        raise Refused("The meeting has ended.")
    following = next_topic(document.all(Topic), reading.topic)
    if following is None:
        return _mark(document, "finish", now)
    return _mark(document, "next", now, topic=following.id)


def go_back(document: Document, now: Instant) -> Edit:
    """Go to the topic before. Soon after a Next it takes that back and joins the times."""
    reading = _read(document, now)
    if reading.state == "done":
        last = in_order(document.all(Topic))[-1]
        return _mark(document, "go", now, topic=last.id)
    before = previous_topic(document.all(Topic), reading.topic) if reading.topic else None
    if before is None:
        raise Refused("This is the first phase.")
    return _mark(document, "back", now, topic=before.id)


def go_to(document: Document, topic_id: str, now: Instant) -> Edit:
    """Jump to a topic; the time already used there goes on counting."""
    reading = _read(document, now)
    if reading.state == "planned":
        raise Refused("The meeting has not started.")
    document.get(Topic, topic_id)
    return _mark(document, "go", now, topic=topic_id)


def extend(document: Document, seconds: int, payer: str, now: Instant) -> Edit:
    """Give the current topic more time; `payer` is "" (spare time), a later topic, or "end".

    Raises Refused when that topic would fall below its floor.
    """
    reading = _read(document, now)
    if not reading.topic:
        raise Refused("No phase is running.")
    if payer and payer != END_LATER:
        topic = document.get(Topic, payer)
        if reading.time(payer).planned - seconds < topic.floor * 60:
            raise Refused(f"“{topic.title}” never falls below {topic.floor} minutes.")
    elif not payer and reading.spare < seconds:
        raise Refused("There is no spare time left to take this from.")
    return _mark(document, "extend", now, topic=reading.topic, seconds=seconds, payer=payer)


def take_out(document: Document, seconds: int, now: Instant) -> Edit:
    """Do not count these seconds (asleep, closed); negative ones add time that was not counted."""
    reading = _read(document, now)
    return _mark(document, "discount", now, topic=reading.topic, seconds=seconds)


def _read(document: Document, now: Instant) -> Reading:
    return read_clock(document.all(Topic), document.all(ClockMark), now)


def _mark(
    document: Document,
    kind: str,
    now: Instant,
    *,
    topic: str = "",
    seconds: int = 0,
    payer: str = "",
) -> Edit:
    n = len(document.all(ClockMark))
    mark = ClockMark(
        new_id(),
        kind,
        now.at,
        now.boot,
        now.boot_id,
        n=n,
        topic=topic,
        seconds=seconds,
        payer=payer,
    )
    return Edit(LABELS[kind], (Change(None, mark),))
