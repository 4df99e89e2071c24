"""Where the parts of a drawing lie, in units of its own: the same on paper and in HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final

from facilitator.model.records import Series
from facilitator.model.timeline_axis import Scale
from facilitator.model.timeline_layout import Chart, Entry

_MOST_ROWS: Final = 4
_MOST_LEVELS: Final = 4
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Pane:
    """The part of a drawing that lies under its time axis."""

    scale: Scale
    right: float

    @property
    def left(self) -> float:
        """Where the axis begins."""
        return self.scale.left

    def shows(self, at: float) -> bool:
        """Whether a time (seconds since the epoch) is on the axis."""
        return self.left <= self.scale.x(at) <= self.right


def outage(chart: Chart, pane: Pane) -> tuple[float, float] | None:
    """Left and right of the outage, None when none of it is in view."""
    if chart.began is None:
        return None
    begin = max(pane.scale.x(chart.began), pane.left)
    end = pane.right if chart.resolved is None else min(pane.scale.x(chart.resolved), pane.right)
    return (begin, end) if end > begin else None


def outside(chart: Chart, pane: Pane) -> str:
    """How many moments the axis does not reach, so that none seems forgotten."""
    before = sum(1 for entry in chart.order if pane.scale.x(entry.start) < pane.left)
    after = sum(1 for entry in chart.order if pane.scale.x(entry.start) > pane.right)
    said = (f"{before} earlier" if before else "", f"{after} later" if after else "")
    return ", ".join(words for words in said if words)


def dots(
    entries: Iterable[Entry], pane: Pane, diameter: float
) -> Iterator[tuple[Entry, float, int]]:
    """Each moment in view with its x and a row; what finds no row lies on the last."""
    ends = [float("-inf")] * _MOST_ROWS
    for entry in entries:
        if not pane.shows(entry.start):
            continue
        x = pane.scale.x(entry.start)
        free = (r for r, end in enumerate(ends) if end + diameter + 1.5 <= x)
        row = next(free, _MOST_ROWS - 1)
        ends[row] = max(x, min(pane.scale.x(entry.end), pane.right))
        yield entry, x, row


def flags(places: Sequence[tuple[float, float]], right: float) -> list[tuple[float, int]]:
    """Left and row of labels (x of the line, width) that overlap no other and no other's line.

    A label begins beside its line, or ends there where it would pass `right`.
    """
    begins: list[float] = []
    found: list[tuple[float, float, int]] = []
    # From right to left: then no line rises through the words of a later one.
    for x, wide in reversed(places):
        left = x + 3 if x + 3 + wide <= right else x - 3 - wide
        end = left + wide + 5
        crossed = max((row for at, _, row in found if left < at < end), default=-1)
        free = (r for r, begin in enumerate(begins) if end <= begin and r > crossed)
        row = next(free, len(begins))
        begins[row : row + 1] = [min(left, x)]
        found.append((x, left, row))
    return [(left, row) for _, left, row in reversed(found)]


@dataclass(frozen=True, slots=True)
class Levels:
    """The values of a metric from `low` to `high`, with the round ones that get a line."""

    low: float
    high: float
    lines: tuple[float, ...]

    def part(self, value: float) -> float:
        """How far up a value lies, from 0 to 1; in the middle when all are the same."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


def levels(values: Iterable[float]) -> Levels:
    """Round values around all of these; from 0 when that costs little of the height."""
    known = [value for value in values if isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if 0 < low < high / 2:
        low = 0.0
    if not 0 < high - low < float("inf"):
        return Levels(low, high, (low,))
    wanted = (high - low) / _MOST_LEVELS
    unit = 10.0 ** floor(log10(wanted))
    step = next(unit * n for n in _STEPS if unit * n >= wanted * 0.999)
    first, last = floor(low / step), ceil(high / step)
    return Levels(first * step, last * step, tuple(n * step for n in range(first, last + 1)))


def thinned(series: Series, pane: Pane, scale: Levels, hair: float) -> list[tuple[float, float]]:
    """The metric as points of a line (x, part of the height), from before the axis to after it.

    Of points that are closer than `hair` only the first, least, greatest and last are kept.
    """
    columns: dict[int, list[tuple[float, float]]] = {}
    for at, value in series.points:
        x = pane.scale.x(at)
        if pane.left - pane.right <= x <= 2 * pane.right and isfinite(value):
            columns.setdefault(round(x / hair), []).append((x, scale.part(value)))
    return [point for column in columns.values() for point in _four(column)]


def _four(column: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(column) <= 4:
        return column
    least = min(column, key=lambda point: point[1])
    greatest = max(column, key=lambda point: point[1])
    return [column[0], *sorted({least, greatest}), column[-1]]
