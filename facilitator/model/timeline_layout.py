"""Where every moment of the timeline lies: rows, cards, counts; for screen and paper, without Qt.

Times are seconds since the epoch. `Chart` is the document put in order, once per change;
`place` gives every moment of a lane a row at a given zoom, so that panning moves nothing up or
down; `arrange` (timeline_picture) makes the picture of what is visible.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import floor
from operator import itemgetter
from typing import Final, NamedTuple

from facilitator.model.document import Document
from facilitator.model.figures import began_at, key_name, resolved_at
from facilitator.model.records import KEY_MOMENTS, LANES, Moment, Series
from facilitator.model.timeline_axis import Scale, fitted

OVERFLOW: Final = -1
PAGE: Final = 1600.0  # pixels; the parts that a large lane is placed in


class Entry(NamedTuple):
    """A moment with its times as seconds; `end` equals `start` for a point in time."""

    start: float
    end: float
    moment: Moment


class Mark(NamedTuple):
    """A key moment: its time, its id and name, and the moment that carries it, if one does."""

    at: float
    key: str
    name: str
    moment: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The moments of one lane in order of time.

    `reach` is the latest end up to each of them, `ends` are all ends in order.
    """

    name: str
    entries: tuple[Entry, ...]
    starts: tuple[float, ...]
    reach: tuple[float, ...]
    ends: tuple[float, ...]

    def between(self, begin: float, end: float) -> range:
        """Indexes from the first moment that reaches into the window to the last that begins."""
        return range(bisect_left(self.reach, begin), bisect_right(self.starts, end))


@dataclass(frozen=True, slots=True)
class Chart:
    """The document as the timeline sees it."""

    lanes: tuple[Lane, ...]
    order: tuple[Entry, ...]
    tray: tuple[Moment, ...]
    marks: tuple[Mark, ...]
    series: tuple[Series, ...]
    zone: str
    began: float | None
    resolved: float | None
    places: dict[str, int]
    long: tuple[Entry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no moment at all."""
        return not self.order and not self.tray

    def find(self, moment_id: str) -> Entry | None:
        """The entry of a moment with a time, or None."""
        place = self.places.get(moment_id)
        return None if place is None else self.order[place]

    def near(self, at: float, count: int = 6) -> tuple[Entry, ...]:
        """The moments that begin nearest to a time, as many on either side, and all long ones."""
        place = bisect_left(self.order, at, key=itemgetter(0))
        return (*self.order[max(place - count, 0) : place + count], *self.long)

    def window(self) -> tuple[float, float] | None:
        """The outage, as far as its ends are known; None when neither is.

        A key moment shortly before or after, such as the deployment, belongs to it.
        """
        began, resolved = self.began, self.resolved
        if began is not None and resolved is not None and resolved >= began:
            room = 0.3 * (resolved - began)
            times = [m.at for m in self.marks if began - room <= m.at <= resolved + room]
            return min(began, *times), max(resolved, *times)
        known = began if began is not None else resolved
        if known is None:
            return None
        near = [e.start for e in self.order if abs(e.start - known) < 43_200]
        return min([known, *near]), max([known + 3600, *near])

    def extent(self) -> tuple[float, float] | None:
        """First and last time of anything here; None when nothing has a time."""
        times = [e.start for e in self.order[:1]]
        times += [lane.ends[-1] for lane in self.lanes if lane.ends]
        times += [mark.at for mark in self.marks]
        for each in self.series:
            times += [p[0] for p in (*each.points[:1], *each.points[-1:])]
        return (min(times), max(times)) if times else None


def chart_of(document: Document) -> Chart:
    """The timeline's view of a document, in order of time."""
    timed: list[Entry] = []
    tray: list[Moment] = []
    for moment in document.all(Moment):
        if moment.at is None:
            tray.append(moment)
            continue
        start = moment.at.timestamp()
        timed.append(Entry(start, moment.until.timestamp() if moment.until else start, moment))
    # Of two at the same time the one that came to be first is first.
    timed.sort(key=itemgetter(0))
    order = tuple(timed)
    entries: dict[str, list[Entry]] = {name: [] for name in LANES}
    for entry in order:
        entries[entry.moment.lane].append(entry)
    began, resolved = began_at(document), resolved_at(document)
    return Chart(
        tuple(_lane(name, entries[name]) for name in LANES),
        order,
        tuple(tray),
        _marks(document, order),
        tuple(s for s in document.all(Series) if s.points),
        document.incident.zone,
        began.timestamp() if began else None,
        resolved.timestamp() if resolved else None,
        {entry.moment.id: i for i, entry in enumerate(order)},
        tuple(e for e in order if e.end > e.start)[:200],
    )


def _lane(name: str, entries: Sequence[Entry]) -> Lane:
    reach = accumulate((e.end for e in entries), max)
    ends = tuple(sorted(e.end for e in entries))
    return Lane(name, tuple(entries), tuple(e.start for e in entries), tuple(reach), ends)


def _marks(document: Document, order: Iterable[Entry]) -> tuple[Mark, ...]:
    marks = [Mark(e.start, e.moment.key, key_name(e.moment.key), e.moment.id)
             for e in order if e.moment.key]  # fmt: skip
    carried = {mark.key for mark in marks}
    for key, at in (("impact_began", began_at(document)), ("resolved", resolved_at(document))):
        if key not in carried and at is not None:
            marks.append(Mark(at.timestamp(), key, key_name(key), ""))
    return tuple(sorted(marks, key=lambda mark: (mark.at, KEY_MOMENTS.index(mark.key))))


class Group(NamedTuple):
    """Moments that found no row: which placed card counts them, their times, how many they are."""

    host: int
    begin: float
    end: float
    size: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A lane at one zoom: row and width (pixels) of its moments, and the rows there are.

    `indexes` says which of the lane's entries are placed, in order of time. Those without a row
    (OVERFLOW) are counted in `groups`, by the card before them that had no more room to give.
    """

    indexes: Sequence[int]
    rows: tuple[int, ...]
    widths: tuple[float, ...]
    used: int
    groups: tuple[Group, ...]
    shrunk: float = 0.0  # pixels that words had to give up

    @property
    def missed(self) -> int:
        """How many moments have no row; a dense lane counts as thousands, for it has no card."""
        return sum(group.size for group in self.groups) if self.rows else self.used * 1000

    @property
    def is_dense(self) -> bool:
        """Whether the lane is so full at this zoom that only a strip of counts makes sense."""
        return not self.rows and self.used > 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Sizes in pixels that placing follows; `words` is what a card keeps when it has to shrink."""

    most_rows: int = 3
    gap: float = 4.0
    least: float = 26.0
    words: float = 58.0
    counted: float = 48.0


def place(
    lane: Lane,
    per_second: float,
    wanted: Callable[[int], float],
    rules: Rules,
    indexes: Sequence[int] | None = None,
) -> Placement:
    """Give each moment the first row where it overlaps nothing; the rest become counts.

    A moment is as wide as its words want (`wanted`, by its index) or as its length in time,
    whichever is more. Where no row is free, a card before it gives way and keeps at least
    `rules.words` of its width. `indexes` places a part of a large lane only.
    """
    chosen = range(len(lane.entries)) if indexes is None else indexes
    if not chosen:
        return Placement((), (), (), 0, ())
    rows: list[int] = []
    widths: list[float] = []
    groups: dict[int, Group] = {}
    shrunk = 0.0
    ends = [float("-inf")] * rules.most_rows
    last = [(-1, 0.0, 0.0)] * rules.most_rows
    for i in chosen:
        start, end, _ = lane.entries[i]
        x, length = start * per_second, (end - start) * per_second
        width = max(rules.least, wanted(i), length)
        row = OVERFLOW
        for each, taken in enumerate(ends):
            if taken <= x:
                row = each
                break
        else:
            row, room = _room_made(last, x, rules)
            if row == OVERFLOW:
                host_row = max(range(rules.most_rows), key=lambda each: last[each][1])
                host, left, _ = last[host_row]
                widths[host] = max(widths[host], rules.counted)
                ends[host_row] = max(ends[host_row], left + rules.counted + rules.gap)
                known = groups.get(host, Group(host, start, start, 0))
                groups[host] = Group(host, known.begin, max(known.end, end), known.size + 1)
            else:
                shrunk += widths[last[row][0]] - room
                widths[last[row][0]] = room
        if row != OVERFLOW:
            last[row] = (len(rows), x, length)
            ends[row] = x + width + rules.gap
        rows.append(row)
        widths.append(width)
    counted = tuple(groups.values())
    return Placement(chosen, tuple(rows), tuple(widths), max(rows) + 1, counted, shrunk)


def part_of(lane: Lane, scale: Scale, right: float) -> tuple[int, Sequence[int]]:
    """Which part of a large lane to place for a view: the number of the part, and its indexes.

    Parts begin at fixed times, some way before the view, so that panning keeps every row.
    """
    page = PAGE / scale.per_second
    number = floor(scale.start / page)
    begin, end = (number - 1) * page, (floor(scale.at(right) / page) + 1) * page
    reaching = lane.between(begin, end)
    first = bisect_left(lane.starts, begin, reaching.start)
    before = [i for i in range(reaching.start, first) if lane.entries[i].end >= begin]
    return number, (*before, *range(first, reaching.stop))


def _room_made(
    last: Sequence[tuple[int, float, float]], x: float, rules: Rules
) -> tuple[int, float]:
    """The row whose last card keeps most when it has to end before x, and how much that is."""
    best, most = OVERFLOW, 0.0
    for row, (_, left, length) in enumerate(last):
        room = x - rules.gap - left
        if room > most and room >= rules.words and room >= length:
            best, most = row, room
    return best, most


def is_crowded(lane: Lane, scale: Scale, right: float, rules: Rules) -> bool:
    """Whether so much is in view that most of it would find no row: then only counts make sense."""
    seen = len(lane.between(scale.start, scale.at(right)))
    return seen * (rules.words + rules.gap) > 2 * rules.most_rows * (right - scale.left)


CROWDED: Final = Placement((), (), (), 1, ())


def share_heights(needs: Sequence[float], available: float) -> tuple[float, ...]:
    """Heights of the lanes: at least what each needs, and evenly what is free beyond that."""
    heights = list(needs)
    order = sorted(range(len(needs)), key=needs.__getitem__)
    for count in range(len(order), 0, -1):
        rest = sum(needs[i] for i in order[count:])
        level = (available - rest) / count
        if level >= needs[order[count - 1]]:
            for i in order[:count]:
                heights[i] = level
            break
    return tuple(heights)


def density(lane: Lane, scale: Scale, right: float, cell: float) -> tuple[int, ...]:
    """How many moments begin in each cell (pixels) from the scale's left edge to `right`."""
    count = max(int((right - scale.left) / cell), 0)
    edges = [bisect_left(lane.starts, scale.start + i * cell / scale.per_second)
             for i in range(count + 1)]  # fmt: skip
    return tuple(b - a for a, b in pairwise(edges))


def snapped(
    at: float, scale: Scale, targets: Iterable[tuple[float, str]], reach: float = 8.0
) -> tuple[float, str]:
    """The time to snap to within `reach` pixels, and what it is the time of ("" for a minute).

    A target (time, name) goes before the minute; without either the time stays as it is.
    """
    near = reach / scale.per_second
    best = min(targets, key=lambda target: abs(target[0] - at), default=None)
    if best is not None and abs(best[0] - at) <= near:
        return best
    minute = round(at / 60) * 60
    return (float(minute), "") if abs(minute - at) <= near else (at, "")


def first_view(chart: Chart, now: float, left: float, right: float, *, everything: bool) -> Scale:
    """The scale to begin with: the outage with a tenth around it, or all there is."""
    window = chart.extent() if everything else chart.window()
    window = window or chart.extent() or (now - 3 * 3600, now)
    return fitted(*window, left, right, min(150.0, (right - left) * 0.22))
