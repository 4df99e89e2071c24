"""The time axis: a linear scale, and ticks at round local times that survive a DST change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import floor
from typing import Final
from zoneinfo import ZoneInfo

from facilitator.model.times import zone_of

_DAY: Final = 86_400
_STEPS: Final = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, _DAY, 2 * _DAY, 7 * _DAY),
)
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 600)
_MONDAY: Final = 4 * _DAY  # 5 January 1970, the first Monday of the epoch
_FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC).timestamp()
_LAST: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
CLOSEST: Final = 100.0  # pixels for a second
FARTHEST: Final = 1 / (20 * _DAY)


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds since the epoch to x: `start` is at `left`, a second is `per_second` pixels wide."""

    left: float
    start: float
    per_second: float

    def x(self, at: float) -> float:
        """Where this time is drawn."""
        return self.left + (at - self.start) * self.per_second

    def at(self, x: float) -> float:
        """The time that is drawn there."""
        return self.start + (x - self.left) / self.per_second

    def zoomed(self, factor: float, x: float) -> Scale:
        """The scale enlarged by this factor around the time under x, within reason."""
        per_second = min(max(self.per_second * factor, FARTHEST), CLOSEST)
        start = self.at(x) - (x - self.left) / per_second
        return replace(self, start=_within(start), per_second=per_second)

    def panned(self, pixels: float) -> Scale:
        """The scale with everything moved to the right by this many pixels."""
        return replace(self, start=_within(self.start - pixels / self.per_second))


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis; `strong` where a new day begins."""

    at: float
    label: str
    strong: bool = False


def fitted(begin: float, end: float, left: float, right: float, after: float = 0.0) -> Scale:
    """The scale that shows begin to end with a tenth of their length free on either side.

    `after` is the least room in pixels to the right of `end`, for the words that begin there.
    """
    width = max(right - left, 40.0)
    length = max(end - begin, 60.0)
    margin = length * 0.1
    room = min(max(after, width * 0.1 / 1.2), width * 0.4)
    per_second = min((width - room) / (length + margin), CLOSEST)
    return Scale(left, _within(begin - margin), max(per_second, FARTHEST))


def ticks(scale: Scale, right: float, zone: str, room: float = 76.0) -> tuple[Tick, ...]:
    """Ticks from the scale's left to `right`, at least `room` pixels apart, in order of time."""
    begin, end = max(scale.start, _FIRST), min(scale.at(right), _LAST)
    tz = zone_of(zone)
    least = room / scale.per_second
    for step in _STEPS:
        if step >= least:
            return tuple(_labelled(_aligned(begin, end, step, tz), step, tz))
    months = next((m for m in _MONTHS if m * 30 * _DAY >= least), _MONTHS[-1])
    return tuple(_monthly(begin, end, months, tz))


def _within(start: float) -> float:
    return min(max(start, _FIRST), _LAST)


def _offset(at: float, tz: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(at, tz).utcoffset()
    return offset.total_seconds() if offset else 0.0


def _phase(at: float, step: int, tz: ZoneInfo) -> float:
    return (at + _offset(at, tz) - (_MONDAY if step > _DAY else 0)) % step


def _aligned(begin: float, end: float, step: int, tz: ZoneInfo) -> Iterator[float]:
    """Times whose local clock is a multiple of the step, whatever the zone's offset does."""
    # Whole seconds, so that the remainders below are exact.
    at = float(floor(begin) - step)
    while at <= end:
        before = _offset(at, tz)
        jump = step - _phase(at, step, tz)
        reached = at + jump
        # Where the offset changed on the way, the local clock is not where the jump aimed at.
        mended = reached - (_offset(reached, tz) - before)
        fits = [t for t in (reached, mended) if t > at and _phase(t, step, tz) == 0]
        at = min(fits) if fits else max(reached, mended)
        if fits and begin <= at <= end:
            yield at


def _labelled(times: Iterator[float], step: int, tz: ZoneInfo) -> Iterator[Tick]:
    previous: str | None = None
    for at in times:
        local = datetime.fromtimestamp(at, tz)
        midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
        if step >= _DAY or midnight:
            first_of_year = (local.month, local.day) == (1, 1)
            label = f"{local.day} {local:%b}" + (f" {local.year}" if first_of_year else "")
        else:
            label = f"{local:%H:%M:%S}" if step < 60 else f"{local:%H:%M}"
        name = zone_name(local)
        if previous is not None and name != previous and step < _DAY:
            label = f"{label} {name}"
        previous = name
        yield Tick(at, label, midnight)


def _monthly(begin: float, end: float, months: int, tz: ZoneInfo) -> Iterator[Tick]:
    first = datetime.fromtimestamp(begin, tz)
    count = (first.year * 12 + first.month - 1) // months * months
    while True:
        local = datetime(count // 12, count % 12 + 1, 1, tzinfo=tz)
        at = local.timestamp()
        if at > end:
            return
        if at >= begin:
            yield Tick(at, f"{local:%b} {local.year}" if months < 12 else str(local.year), True)
        count += months


def zone_name(local: datetime) -> str:
    """The short name of an aware time's zone, as NZST, or its offset where it has no name."""
    name = local.strftime("%Z")
    return name if name.isalpha() else f"UTC{name}"
