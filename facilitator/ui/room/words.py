"""What the room reads on the clock and at the foot of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from facilitator.model.clock import Reading
from facilitator.model.document import Document
from facilitator.model.records import Topic
from facilitator.model.times import clock_text

CHAIN_QUESTION: Final = "Which chain level was missing?"
NO_TITLE: Final = "Before we start"
_SECONDS_FROM: Final = 120  # seconds left from which the room sees them
_TITLES: Final = {
    "restate": "Restate",
    "detection": "Detection",
    "whys": "5 Whys",
    "level": "Missing chain level",
    "fix": "Structural fix",
    "sign": "Sign",
}


@dataclass(frozen=True, slots=True)
class Timer:
    """What the timer says: large words, a smaller word after them, and the clock's mood."""

    words: str
    after: str = ""
    mood: str = "planned"


def timer(reading: Reading, card_topic: str = "") -> Timer:
    """The timer of the running topic: whole minutes until 2:00, then m:ss; over counts up."""
    current = reading.current
    if reading.state == "done":
        return Timer("Done", mood="done")
    if current is None:
        planned = next((t.planned for t in reading.times if t.topic == card_topic), 0.0)
        return Timer(f"{round(planned / 60)} min" if planned else "", mood="planned")
    left = current.left
    if left < 0:
        # The first second over reads +0:00, as the last one left reads 0:01.
        return Timer(f"+{_minutes(int(-left))}", "over", _mood(reading, "over"))
    words = f"{ceil(left / 60)} min" if left >= _SECONDS_FROM else _minutes(ceil(left))
    if reading.state == "paused":
        return Timer(words, "Paused", "paused")
    return Timer(words, "Wrapping up" if reading.mood == "wrap-up" else "", reading.mood)


def title_and_question(document: Document, card: str) -> tuple[str, str]:
    """Title of the card, and the one question of its phase."""
    for topic in document.all(Topic):
        if topic.phase == card:
            return topic.title or _TITLES.get(card, ""), topic.question
    return (NO_TITLE if card == "opening" else _TITLES.get(card, "")), ""


def topic_of(document: Document, card: str) -> str:
    """The id of the topic with this phase, or nothing."""
    return next((t.id for t in document.all(Topic) if t.phase == card), "")


def chain_words(document: Document, card: str) -> str:
    """The question of every post-mortem, or its answer; it stands on every card but its own."""
    level = document.incident.level
    if card == "level":
        return ""
    return f"Missing level: {level.capitalize()}" if level else CHAIN_QUESTION


def ends_words(document: Document, reading: Reading) -> str:
    """When the meeting ends, as it looks now."""
    if reading.projected_end is None:
        return ""
    verb = "Ended" if reading.state == "done" else "Ends"
    return f"{verb} {clock_text(reading.projected_end, document.incident.zone)}"


def _mood(reading: Reading, running: str) -> str:
    return "paused" if reading.state == "paused" else running


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
