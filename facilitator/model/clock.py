"""The meeting clock, read from marks: nothing here counts ticks.

A mark keeps an instant by two clocks. Between two marks of the same boot the boot-time clock
decides, since it counts sleep and no one can set it; across a restart the wall clock does, never
below zero, and the reading says that it is estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from facilitator.model.records import ClockMark, Topic

MISTAKEN_NEXT: Final = 60.0  # seconds within which Back takes a Next back instead of leaving a lap
JUMP: Final = 5.0  # seconds between two looks at the clock that mean sleep or a set clock
END_LATER: Final = "end"


@dataclass(frozen=True, slots=True)
class Instant:
    """Now, by the wall clock (UTC) and by the clock that counts from boot, sleep included."""

    at: datetime
    boot: float
    boot_id: str

    def since(self, mark: ClockMark) -> float:
        """Seconds from the mark to this instant, never below zero."""
        if mark.boot_id == self.boot_id:
            return max(0.0, self.boot - mark.boot)
        return max(0.0, (self.at - mark.at).total_seconds())


@dataclass(frozen=True, slots=True)
class TopicTime:
    """Plan and actual of one topic, in seconds."""

    topic: str
    planned: float
    spent: float
    visited: bool

    @property
    def left(self) -> float:
        """Seconds left, below zero when over."""
        return self.planned - self.spent


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says at one instant. All lengths are seconds, all times UTC."""

    state: str  # planned, running, paused, done
    topic: str
    times: tuple[TopicTime, ...]
    began: datetime | None
    planned_end: datetime | None
    projected_end: datetime | None
    paused_for: float
    estimated: bool
    opening_shown: bool
    lap: float = 0.0

    def time(self, topic: str) -> TopicTime:
        """Plan and actual of this topic. Raises LookupError when it is not on the agenda."""
        for each in self.times:
            if each.topic == topic:
                return each
        raise LookupError(topic)

    @property
    def current(self) -> TopicTime | None:
        """The time of the topic that runs, or None before the start and after the end."""
        return self.time(self.topic) if self.topic else None

    @property
    def mood(self) -> str:
        """State for people: planned, running, wrap-up, over, paused or done."""
        current = self.current
        if self.state != "running" or current is None:
            return self.state
        if current.left < 0:
            return "over"
        return "wrap-up" if current.left <= wrap_up(current.planned) else "running"

    @property
    def spare(self) -> float:
        """Seconds gained so far: how much earlier than planned the meeting would end."""
        if self.planned_end is None or self.projected_end is None:
            return 0.0
        return max(0.0, (self.planned_end - self.projected_end).total_seconds())


@dataclass(frozen=True, slots=True)
class Payment:
    """Where extra time can come from: spare time (""), a later topic, or a later end ("end")."""

    payer: str
    title: str
    minutes_from: int = 0
    minutes_to: int = 0
    ends_at: datetime | None = None


def agenda(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """The topics in the order of the agenda."""
    return tuple(sorted(topics, key=lambda topic: topic.rank))


def wrap_up(planned: float) -> float:
    """Seconds before the end at which a topic of this length starts wrapping up."""
    return min(180.0, max(60.0, 0.2 * planned))


def read_clock(topics: Iterable[Topic], marks: Iterable[ClockMark], now: Instant) -> Reading:
    """The reading at `now`: marks are folded in the order they were made (`n`)."""
    order = agenda(topics)
    fold = _Fold({topic.id: topic.minutes * 60.0 for topic in order})
    for mark in sorted(marks, key=lambda mark: mark.n):
        fold.take(mark)
    return fold.reading(order, now)


def payments(topics: Iterable[Topic], reading: Reading, seconds: int) -> tuple[Payment, ...]:
    """Who can pay for extending the current topic: spare time alone if it suffices, else a choice.

    A later topic never falls below its floor (fix 5, sign 3 minutes in the default agenda).
    """
    if reading.spare >= seconds:
        return (Payment("", "spare time", ends_at=reading.planned_end),)
    order = agenda(topics)
    later = order[_index(order, reading.topic) + 1 :]
    offers = []
    for topic in later:
        planned = reading.time(topic.id).planned
        if not reading.time(topic.id).visited and planned - seconds >= topic.floor * 60:
            offers.append(
                Payment(topic.id, topic.title, round(planned / 60), round((planned - seconds) / 60))
            )
    ends = reading.projected_end + timedelta(seconds=seconds) if reading.projected_end else None
    return (*offers, Payment(END_LATER, "a later end", ends_at=ends))


def next_topic(topics: Iterable[Topic], current: str) -> Topic | None:
    """The topic after this one, the first when nothing runs, None after the last."""
    order = agenda(topics)
    index = _index(order, current) + 1
    return order[index] if index < len(order) else None


def previous_topic(topics: Iterable[Topic], current: str) -> Topic | None:
    """The topic before this one, or None."""
    order = agenda(topics)
    index = _index(order, current) - 1
    return order[index] if index >= 0 else None


def _index(order: Sequence[Topic], topic: str) -> int:
    return next((i for i, each in enumerate(order) if each.id == topic), -1)


@dataclass(slots=True)
class _Fold:
    planned: dict[str, float]
    spent: dict[str, float] = field(default_factory=dict)
    state: str = "planned"
    topic: str = ""
    came_from: str = ""
    lap: float = 0.0
    paused: float = 0.0
    base: float = 0.0
    later_end: float = 0.0
    estimated: bool = False
    opening_shown: bool = False
    last: ClockMark | None = None
    began: ClockMark | None = None

    def __post_init__(self) -> None:
        self.base = sum(self.planned.values())

    def take(self, mark: ClockMark) -> None:
        if mark.kind == "opening":
            self.opening_shown = True
            return
        self._pass(Instant(mark.at, mark.boot, mark.boot_id))
        getattr(self, f"_take_{mark.kind}")(mark)
        self.last = mark

    def _pass(self, now: Instant) -> None:
        if self.last is None:
            return
        seconds = now.since(self.last)
        if self.state in ("running", "paused") and now.boot_id != self.last.boot_id:
            self.estimated = True
        if self.state == "running":
            self.lap += seconds
            self.spent[self.topic] = self.spent.get(self.topic, 0.0) + seconds
        elif self.state == "paused":
            self.paused += seconds

    def _enter(self, topic: str) -> None:
        self.came_from, self.topic, self.lap = self.topic, topic, 0.0
        self.spent.setdefault(topic, 0.0)

    def _take_start(self, mark: ClockMark) -> None:
        self.began = self.began or mark
        self.state = "running"
        self._enter(mark.topic)

    def _take_pause(self, _mark: ClockMark) -> None:
        self.state = "paused"

    def _take_resume(self, _mark: ClockMark) -> None:
        self.state = "running"

    def _take_next(self, mark: ClockMark) -> None:
        self.state = "running"
        self._enter(mark.topic)

    def _take_go(self, mark: ClockMark) -> None:
        self._take_next(mark)

    def _take_back(self, mark: ClockMark) -> None:
        if mark.topic == self.came_from and self.lap <= MISTAKEN_NEXT:
            self.spent[self.topic] -= self.lap
            if self.spent[self.topic] <= 0:
                del self.spent[self.topic]
            self.spent[mark.topic] = self.spent.get(mark.topic, 0.0) + self.lap
        self.state = "running"
        self._enter(mark.topic)

    def _take_extend(self, mark: ClockMark) -> None:
        self.planned[mark.topic] = self.planned.get(mark.topic, 0.0) + mark.seconds
        if mark.payer == END_LATER:
            self.later_end += mark.seconds
        elif mark.payer:
            self.planned[mark.payer] = self.planned.get(mark.payer, 0.0) - mark.seconds

    def _take_discount(self, mark: ClockMark) -> None:
        topic = mark.topic or self.topic
        had = self.spent.get(topic, 0.0)
        # No more than there was, or the meeting would have lasted longer than it did.
        taken = min(float(mark.seconds), had)
        self.spent[topic] = had - taken
        self.paused = max(0.0, self.paused + taken)
        if topic == self.topic:
            self.lap = max(0.0, self.lap - taken)

    def _take_finish(self, _mark: ClockMark) -> None:
        self.state, self.topic = "done", ""

    def reading(self, order: Sequence[Topic], now: Instant) -> Reading:
        self._pass(now)
        times = tuple(
            TopicTime(
                t.id,
                self.planned.get(t.id, t.minutes * 60.0),
                self.spent.get(t.id, 0.0),
                t.id in self.spent,
            )
            for t in order
        )
        began = self.began.at if self.began else None
        return Reading(
            state=self.state,
            topic=self.topic if any(t.id == self.topic for t in order) else "",
            times=times,
            began=began,
            planned_end=began + timedelta(seconds=self.base) if began else None,
            projected_end=self._projected_end(times, order, now),
            paused_for=self.paused,
            estimated=self.estimated,
            opening_shown=self.opening_shown,
            lap=self.lap,
        )

    def _projected_end(
        self, times: Sequence[TopicTime], order: Sequence[Topic], now: Instant
    ) -> datetime | None:
        if self.began is None or self.last is None:
            return None
        if self.state == "done":
            return self.last.at
        here = _index(order, self.topic)
        ahead = sum(max(0.0, t.left) for i, t in enumerate(times) if i >= here)
        elapsed = now.since(self.began)
        return self.began.at + timedelta(seconds=elapsed + ahead)
