"""The meeting as it went, and the revisions before this one; nothing that happens later shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from facilitator.model.clock import Instant, Reading, TopicTime, agenda, read_clock
from facilitator.model.document import Document
from facilitator.model.records import ClockMark, Revision, Topic
from facilitator.model.times import countdown_text, length_text
from facilitator.report.blocks import (
    Block,
    Bullets,
    Cell,
    Edition,
    Heading,
    Pairs,
    Row,
    Table,
    Text,
)
from facilitator.report.phrasing import full_time


def meeting_record(document: Document, edition: Edition) -> Iterator[Block]:
    """Planned and spent time by phase, up to the moment that the report was made."""
    marks = [mark for mark in document.all(ClockMark) if mark.at <= edition.at]
    topics = agenda(document.all(Topic))
    reading = read_clock(topics, marks, Instant(edition.at, 0.0, ""))
    if reading.began is None:
        return
    zone = document.incident.zone
    yield Heading("The meeting")
    yield Text(f"Began {full_time(reading.began, zone)}. {_length(reading)}", "second")
    yield Table(
        ("Phase", "Planned (min)", "Spent (min)", "Difference"),
        tuple(_row(topic.title, reading.time(topic.id)) for topic in topics),
        (0.46, 0.18, 0.18, 0.18),
        frozenset((1, 2, 3)),
    )
    if reading.estimated:
        yield Text("The machine was restarted during the meeting; times are estimated.", "small")


def history(document: Document, edition: Edition) -> Iterator[Block]:
    """The revisions that this one replaces."""
    earlier = sorted(
        (r for r in document.all(Revision) if r.digest and r.number < edition.revision),
        key=lambda revision: revision.number,
    )
    if not earlier:
        return
    yield Heading("Earlier revisions, which this one replaces")
    zone = document.incident.zone
    yield Pairs(
        tuple(
            (
                f"Revision {r.number}",
                f"{full_time(r.at, zone)}; content SHA-256:\n{r.digest}",
            )
            for r in earlier
        )
    )
    if edition.changed:
        yield Heading(f"What changed since revision {earlier[-1].number}")
        yield Bullets(edition.changed)


def _length(reading: Reading) -> str:
    spent = length_text(timedelta(seconds=sum(t.spent for t in reading.times)))
    paused = reading.paused_for
    pause = f", and {length_text(timedelta(seconds=paused))} paused" if paused else ""
    return f"{spent} of meeting up to this report{pause}."


def _row(title: str, time: TopicTime) -> Row:
    planned = Cell(countdown_text(time.planned))
    if not time.visited:
        return Row((Cell(title), planned, Cell("not begun", "second"), Cell("")))
    over = time.spent - time.planned
    difference = f"{'+' if over > 0 else '−'}{countdown_text(abs(over))}" if over else "0:00"
    return Row((Cell(title), planned, Cell(countdown_text(time.spent)), Cell(difference, "second")))
