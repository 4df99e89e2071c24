"""What a drag of the mouse means: where moments would go, and the edit that a drop asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from facilitator.model.change import Edit
from facilitator.model.edits.moments import change_moment, stretch_moment
from facilitator.model.edits.timeline import forget_time, shift_moments
from facilitator.model.records import LANES, Moment
from facilitator.model.timeline_layout import Chart, snapped
from facilitator.model.timeline_picture import Box, Card, Picture
from facilitator.model.times import clock_text, length_text
from facilitator.ui.timeline.words import LANE_NAMES

_FASTEST = 60 / 8  # pixels a second from which a second is worth its digits
_WIDE_SECOND = 20.0


@dataclass(frozen=True, slots=True)
class Wish:
    """The edit a drop asks for: a function of the document and its values."""

    function: Callable[..., Edit]
    values: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)


class Drag(Protocol):
    """One drag from press to release; it changes nothing but what it shows."""

    ids: tuple[str, ...]
    ghosts: tuple[Card, ...]
    label: str
    guide: float | None

    def move(self, picture: Picture, x: float, y: float, *, free: bool) -> None:
        """Follow the pointer; `free` switches snapping off."""

    def wish(self) -> Wish | None:
        """What dropping here asks for; None when nothing changes."""


class MoveDrag:
    """Moments moved in time and between lanes, together, as the one that is held."""

    def __init__(self, chart: Chart, held: Moment, ids: tuple[str, ...], grabbed: float) -> None:
        """`grabbed` is how far to the right of its time the held moment was taken, in pixels."""
        self._chart = chart
        self._held = held
        self.ids = ids
        self._grabbed = grabbed
        self.ghosts: tuple[Card, ...] = ()
        self.label = ""
        self.guide: float | None = None
        self._at: float | None = None
        self._lane = held.lane
        self._moved = False

    def move(self, picture: Picture, x: float, y: float, *, free: bool) -> None:
        """Follow the pointer; `free` switches snapping off."""
        self._moved = True
        self.guide = None
        if y >= picture.lanes_bottom and picture.tray:
            self._at, self.label = None, "Time unknown"
            self.ghosts = ()
            return
        at, name = _aimed(self._chart, picture, x - self._grabbed, self.ids, free=free)
        self.guide = at if name else None
        self._at = at
        self._lane = _lane_under(picture, y, self._held.lane)
        self.label = _time_label(at, self._chart.zone, picture, name)
        if self._lane != self._held.lane:
            self.label = f"{self.label} · {LANE_NAMES[self._lane]}"
        self.ghosts = self._ghosts(picture)

    def wish(self) -> Wish | None:
        """What dropping here asks for; None when nothing changes."""
        if not self._moved:
            return None
        if self._at is None:
            return None if self._held.at is None else Wish(forget_time, (self.ids,))
        if self._held.at is None:
            values = {"at": _utc(self._at), "lane": self._lane, "precision": "about"}
            return Wish(change_moment, (self._held.id,), values)
        by = timedelta(microseconds=round((self._at - self._held.at.timestamp()) * 1e6))
        if not by and not self._lanes:
            return None
        return Wish(shift_moments, (self.ids, by, self._lanes))

    @property
    def _lanes(self) -> int:
        return LANES.index(self._lane) - LANES.index(self._held.lane)

    def _ghosts(self, picture: Picture) -> tuple[Card, ...]:
        if self._at is None:
            return ()
        if self._held.at is None:
            box = Box(picture.scale.x(self._at), 0, 120, picture.sizes.card)
            return (_in_lane(picture, box, self._held, self._lane),)
        shift = (self._at - self._held.at.timestamp()) * picture.scale.per_second
        ghosts = []
        for card in picture.cards():
            if card.moment.id in self.ids and card.moment.at is not None:
                box = card.box._replace(x=card.box.x + shift)
                place = LANES.index(card.moment.lane) + self._lanes
                lane = LANES[min(max(place, 0), len(LANES) - 1)]
                ghost = _in_lane(picture, box, card.moment, lane)
                ghosts.append(ghost._replace(until=card.until + shift))
        return tuple(ghosts)


class EdgeDrag:
    """One end of a moment moved: how long it took."""

    def __init__(self, chart: Chart, card: Card, grabbed: float, *, begin: bool) -> None:
        """`grabbed` is how far the pointer was from that end's time, in pixels."""
        self._chart = chart
        self._card = card
        self._grabbed = grabbed
        self._begin = begin
        self.ids: tuple[str, ...] = (card.moment.id,)
        self.ghosts: tuple[Card, ...] = ()
        self.label = ""
        self.guide: float | None = None
        self._at: float | None = None

    def move(self, picture: Picture, x: float, y: float, *, free: bool) -> None:
        """Follow the pointer; `free` switches snapping off."""
        moment = self._card.moment
        start, end = _times(moment)
        at, name = _aimed(self._chart, picture, x - self._grabbed, self.ids, free=free)
        at = min(at, end) if self._begin else max(at, start)
        self.guide = at if name else None
        self._at = at
        start, end = (at, end) if self._begin else (start, at)
        left, right = picture.scale.x(start), picture.scale.x(end)
        box = self._card.box._replace(x=left, width=max(right - left, 12.0))
        self.ghosts = (Card(box, moment, right),)
        length = length_text(timedelta(seconds=end - start))
        self.label = f"{_time_label(at, self._chart.zone, picture, name)} · {length}"

    def wish(self) -> Wish | None:
        """What dropping here asks for; None when nothing changes."""
        if self._at is None:
            return None
        if self._begin:
            return Wish(change_moment, (self._card.moment.id,), {"at": _utc(self._at)})
        start, _ = _times(self._card.moment)
        until = _utc(self._at) if self._at > start else None
        return Wish(stretch_moment, (self._card.moment.id, until))


def _times(moment: Moment) -> tuple[float, float]:
    start = moment.at.timestamp() if moment.at else 0.0
    return start, moment.until.timestamp() if moment.until else start


def _aimed(
    chart: Chart, picture: Picture, x: float, ids: tuple[str, ...], *, free: bool
) -> tuple[float, str]:
    """The time under x, snapped unless free, and the name of what it snapped to."""
    at = picture.scale.at(x)
    # No hand aims at a part of a second unless a second is wide.
    if picture.scale.per_second < _WIDE_SECOND:
        at = float(round(at))
    return (at, "") if free else snapped(at, picture.scale, _targets(chart, at, ids))


def _targets(chart: Chart, at: float, ids: tuple[str, ...]) -> list[tuple[float, str]]:
    """What lies near enough to snap to: key moments first, then other moments' ends."""
    targets = [(mark.at, mark.name) for mark in chart.marks if mark.moment not in ids]
    for entry in chart.near(at):
        if entry.moment.id not in ids:
            name = " ".join(entry.moment.text[:40].split())
            targets += [(t, name) for t in dict.fromkeys((entry.start, entry.end))]
    return targets


def _lane_under(picture: Picture, y: float, otherwise: str) -> str:
    lane = picture.lane_at(min(max(y, picture.lanes_top), picture.lanes_bottom - 1))
    return lane.name if lane else otherwise


def _in_lane(picture: Picture, box: Box, moment: Moment, lane: str) -> Card:
    if lane == moment.lane and moment.at is not None:
        return Card(box, moment, box.x)
    target = picture.lanes[LANES.index(lane)].box
    return Card(box._replace(y=target.y + (target.height - box.height) / 2), moment, box.x)


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _time_label(at: float, zone: str, picture: Picture, name: str) -> str:
    close = picture.scale.per_second >= _FASTEST or at % 60 > 0.5
    text = clock_text(_utc(at), zone, seconds=close)
    return f"{text} · {name}" if name else text
