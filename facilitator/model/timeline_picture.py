"""The visible part of the timeline as rectangles in pixels: what a screen or a page then paints."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from facilitator.model.records import LANES, Moment
from facilitator.model.timeline_axis import Scale, Tick, ticks
from facilitator.model.timeline_layout import (
    CROWDED,
    OVERFLOW,
    Chart,
    Group,
    Lane,
    Mark,
    Placement,
    Rules,
    density,
    is_crowded,
    share_heights,
)

CELL: Final = 4.0  # width of one bar of a density strip
_SIGNAL: Final = LANES.index("signal")
_MATTERS: Final = (
    "impact_began",
    "resolved",
    "person_knew",
    "system_knew",
    "mitigated",
    "deployed",
    "merged",
)
Placed = Callable[[Lane, int], Placement]
TextWidth = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The measures of a picture in pixels; `right` is the room kept for counts of what is later."""

    width: float
    height: float
    gutter: float = 150.0
    right: float = 34.0
    axis: float = 24.0
    flag: float = 18.0
    flag_rows: int = 2
    card: float = 28.0
    gap: float = 4.0
    pad: float = 4.0
    curve: float = 30.0
    tray: float = 36.0
    longest: float = 240.0
    words: float = 58.0

    @property
    def plot_right(self) -> float:
        """Where the plot ends."""
        return self.width - self.right

    @property
    def rules(self) -> Rules:
        """What placing needs of these."""
        return Rules(gap=self.gap, words=self.words)


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Card(NamedTuple):
    """A moment: its box, and the x where its time ends (the box's x is where it begins).

    `taken` is the room at its right end for a count of moments that found no row.
    """

    box: Box
    moment: Moment
    until: float
    taken: float = 0.0


class Cluster(NamedTuple):
    """A count, at the end of a card, of moments after it that found no row."""

    box: Box
    group: Group


@dataclass(frozen=True, slots=True)
class LanePicture:
    """One lane: where it lies, what is in it, and how many moments are earlier and later."""

    name: str
    box: Box
    cards: tuple[Card, ...]
    clusters: tuple[Cluster, ...]
    counts: tuple[int, ...]
    before: int
    after: int
    curve: Box


class Flag(NamedTuple):
    """The label of a key moment; without a row only its line is drawn."""

    mark: Mark
    x: float
    box: Box | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is visible; the lanes are scrolled, `hidden` is how far they can be."""

    scale: Scale
    sizes: Sizes
    ticks: tuple[Tick, ...]
    flags: tuple[Flag, ...]
    band: tuple[float, float] | None
    lanes: tuple[LanePicture, ...]
    lanes_top: float
    lanes_bottom: float
    tray: tuple[Card, ...]
    tray_more: int
    hidden: float

    def lane_at(self, y: float) -> LanePicture | None:
        """The lane at this height, or None above and below them."""
        if not self.lanes_top <= y < self.lanes_bottom:
            return None
        return next((lane for lane in self.lanes if lane.box.y <= y < lane.box.y + lane.box.height),
                    None)  # fmt: skip

    def card_at(self, x: float, y: float) -> Card | None:
        """The card under a point: what is painted last is found first."""
        if y >= self.lanes_bottom:
            return next((c for c in reversed(self.tray) if c.box.holds(x, y)), None)
        lane = self.lane_at(y)
        if lane is None or not self.sizes.gutter <= x < self.sizes.plot_right:
            return None
        return next((c for c in reversed(lane.cards) if c.box.holds(x, y)), None)

    def cards(self) -> list[Card]:
        """Every card there is to see, the tray's last."""
        return [card for lane in self.lanes for card in lane.cards] + list(self.tray)


def arrange(
    chart: Chart,
    scale: Scale,
    sizes: Sizes,
    placed: Placed,
    text_width: TextWidth,
    *,
    scrolled: float = 0.0,
    tray_from: int = 0,
    tray_width: Callable[[Moment], float] | None = None,
) -> Picture:
    """The picture at this scale; `placed` gives the placement of a lane in at most so many rows.

    `scrolled` moves the lanes up by pixels, `tray_from` is the first moment shown in the tray.
    """
    flags, rows = _flags(chart.marks, scale, sizes, text_width)
    top = sizes.axis + rows * sizes.flag + (2 if rows else 0)
    bottom = sizes.height - (sizes.tray if chart.tray else 0.0)
    placements, curve = _fitting(chart, scale, sizes, placed, bottom - top)
    needs = [_need(placement, sizes) for placement in placements]
    needs[_SIGNAL] += curve
    heights = share_heights(needs, bottom - top)
    hidden = max(sum(heights) - (bottom - top), 0.0)
    lanes: list[LanePicture] = []
    y = top - min(max(scrolled, 0.0), hidden)
    for lane, height, placement in zip(chart.lanes, heights, placements, strict=True):
        box = Box(0.0, y, sizes.width, height)
        has_curve = lane.name == "signal" and bool(chart.series)
        parts = _split(box, sizes, placement, has_curve)
        lanes.append(_lane(lane, (box, *parts), scale, sizes, placement))
        y += height
    tray, more = _tray(chart.tray[tray_from:], bottom, sizes, tray_width)
    return Picture(
        scale,
        sizes,
        ticks(scale, sizes.plot_right, chart.zone),
        flags,
        _band(chart, scale, sizes),
        tuple(lanes),
        top,
        bottom,
        tray,
        more,
        hidden,
    )


def _fitting(
    chart: Chart, scale: Scale, sizes: Sizes, placed: Placed, available: float
) -> tuple[list[Placement], float]:
    """Placements that fit the height, by taking rows where that hides least; room for a curve."""
    most = sizes.rules.most_rows
    placements = [
        CROWDED if is_crowded(lane, scale, sizes.plot_right, sizes.rules) else placed(lane, most)
        for lane in chart.lanes
    ]
    curve = sizes.curve if chart.series and placements[_SIGNAL].used else 0.0
    while sum(_need(placement, sizes) for placement in placements) + curve > available:
        fewer = {
            i: placed(lane, placements[i].used - 1)
            for i, lane in enumerate(chart.lanes)
            if placements[i].used > 1
        }
        costs = {
            i: (each.missed - placements[i].missed, each.shrunk - placements[i].shrunk)
            for i, each in fewer.items()
        }
        cheapest = min(costs, key=costs.__getitem__, default=None)
        if curve and (cheapest is None or costs[cheapest][0] > 0):
            # The curve goes behind the cards before any moment goes out of sight.
            curve = 0.0
        elif cheapest is None:
            break
        else:
            placements[cheapest] = fewer[cheapest]
    return placements, curve


def _need(placement: Placement, sizes: Sizes) -> float:
    rows = max(placement.used, 1)
    return rows * (sizes.card + sizes.gap) - sizes.gap + 2 * sizes.pad


def _lane(
    lane: Lane, boxes: tuple[Box, Box, Box], scale: Scale, sizes: Sizes, placement: Placement
) -> LanePicture:
    box, curve, rest = boxes
    begin, end = scale.start, scale.at(sizes.plot_right)
    before = bisect_left(lane.ends, begin)
    after = len(lane.starts) - bisect_right(lane.starts, end)
    cards: list[Card] = []
    clusters: list[Cluster] = []
    missed = 0
    groups = {group.host: group for group in placement.groups}
    top, step = _first_row(rest, sizes, placement), sizes.card + sizes.gap
    for position, i in enumerate(placement.indexes):
        entry, row = lane.entries[i], placement.rows[position]
        group = groups.get(position)
        if max(entry.end, group.end if group else 0.0) < begin or entry.start > end:
            continue
        if row == OVERFLOW:
            missed += 1
            continue
        its = Box(scale.x(entry.start), top + row * step, placement.widths[position], sizes.card)
        pill = _pill(its, group, scale) if group else None
        if pill:
            clusters.append(pill)
        if entry.end >= begin:
            until, taken = scale.x(entry.end), pill.box.width + 4 if pill else 0.0
            cards.append(Card(its, entry.moment, until, taken))
    if placement.is_dense or missed > max(2 * len(cards), 20):
        counts = density(lane, scale, sizes.plot_right, CELL)
        return LanePicture(lane.name, box, (), (), counts, before, after, curve)
    return LanePicture(lane.name, box, tuple(cards), tuple(clusters), (), before, after, curve)


def _pill(host: Box, group: Group, scale: Scale) -> Cluster:
    """The count at the right end of its host; within the plot, when the host began before it."""
    width = 13.0 + 7 * len(str(group.size))
    x = max(host.x + host.width - width - 4, scale.left)
    return Cluster(Box(x, host.y + host.height / 2 - 8, width, 16.0), group)


def _split(box: Box, sizes: Sizes, placement: Placement, has_curve: bool) -> tuple[Box, Box]:
    """The lane's upper part for the curve, the lower for cards; no curve is a box of no height."""
    inner = Box(box.x, box.y + sizes.pad, box.width, box.height - 2 * sizes.pad)
    if not has_curve:
        return inner._replace(height=0.0), inner
    cards = placement.used * (sizes.card + sizes.gap)
    height = inner.height - cards
    if height < sizes.curve / 2:
        return inner, inner
    return inner._replace(height=height), inner._replace(y=inner.y + height, height=cards)


def _first_row(rest: Box, sizes: Sizes, placement: Placement) -> float:
    """The y of the first row, so that the rows stand in the middle of their part."""
    taken = placement.used * (sizes.card + sizes.gap) - sizes.gap
    return round(rest.y + max((rest.height - taken) / 2, 0.0))


def _flags(
    marks: Sequence[Mark], scale: Scale, sizes: Sizes, text_width: TextWidth
) -> tuple[tuple[Flag, ...], int]:
    """Labels of the key moments in view, none over another, and how many rows all of them take.

    Those that matter most get their label first; what finds no place keeps its line only.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(sizes.flag_rows)]
    flags: dict[int, Flag] = {}
    for i in sorted(range(len(marks)), key=lambda i: _MATTERS.index(marks[i].key)):
        mark = marks[i]
        x = scale.x(mark.at)
        box = _label_place(x, text_width(mark.name) + 8, taken, sizes)
        if scale.left <= x <= sizes.plot_right:
            flags[i] = Flag(mark, x, box)
    used = max((row + 1 for row, places in enumerate(taken) if places), default=0)
    return tuple(flags[i] for i in sorted(flags)), used


def _label_place(
    x: float, width: float, taken: list[list[tuple[float, float]]], sizes: Sizes
) -> Box | None:
    """A free place for a label right of its line, else left of it; it is taken from then on."""
    lefts = [x, x - width] if x + width <= sizes.width else [x - width]
    for left in lefts:
        for row, places in enumerate(taken):
            if all(left + width + 2 <= begin or end + 2 <= left for begin, end in places):
                places.append((left, left + width))
                return Box(left, sizes.axis + row * sizes.flag, width, sizes.flag)
    return None


def _band(chart: Chart, scale: Scale, sizes: Sizes) -> tuple[float, float] | None:
    if chart.began is None:
        return None
    end = sizes.plot_right if chart.resolved is None else scale.x(chart.resolved)
    begin, end = max(scale.x(chart.began), scale.left), min(end, sizes.plot_right)
    return (begin, end) if end > begin else None


def _tray(
    moments: Sequence[Moment],
    top: float,
    sizes: Sizes,
    tray_width: Callable[[Moment], float] | None,
) -> tuple[tuple[Card, ...], int]:
    cards: list[Card] = []
    x = sizes.gutter
    for moment in moments:
        width = min(tray_width(moment) if tray_width else 160.0, sizes.longest)
        if x + width > sizes.width - 64 and cards:
            break
        y = round(top + (sizes.tray - sizes.card) / 2)
        cards.append(Card(Box(x, y, width, sizes.card), moment, x))
        x += width + sizes.gap * 2
    return tuple(cards), len(moments) - len(cards)
