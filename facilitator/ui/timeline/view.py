"""What part of the timeline is in view: scale, scrolling, fit; gives the picture to paint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from facilitator.model.document import Document
from facilitator.model.records import Moment
from facilitator.model.timeline_axis import Scale
from facilitator.model.timeline_curve import Curves
from facilitator.model.timeline_layout import (
    Chart,
    Lane,
    Placement,
    chart_of,
    first_view,
    part_of,
    place,
)
from facilitator.model.timeline_picture import Box, Card, Picture, Sizes, arrange
from facilitator.ui.timeline.words import Words, card_text, card_width

_SMALL_HEIGHT: Final = 370.0
_LEAST_HEIGHT: Final = 250.0
_LARGE: Final = 400  # moments of a lane from which only the part around the view is placed
_SMALL_WIDTH: Final = 760.0


def sizes_for(width: float, height: float) -> Sizes:
    """The measures for a canvas of this size: closer together where there is little room."""
    gutter = 150.0 if width >= _SMALL_WIDTH else 144.0
    if height < _LEAST_HEIGHT:
        return Sizes(width, height, gutter, axis=18, flag=15, flag_rows=1, card=22, gap=2, pad=2.5,
                     curve=20, tray=27, longest=190, words=46)  # fmt: skip
    if height < _SMALL_HEIGHT:
        return Sizes(width, height, gutter, axis=22, flag=16, card=25, gap=3, pad=3, curve=24,
                     tray=31, longest=220, words=52)  # fmt: skip
    return Sizes(width, height, gutter)


class View:
    """The window into the timeline of one document. Widths and times, no widget."""

    def __init__(self, document: Document, words: Words, small: Words) -> None:
        self.chart: Chart = chart_of(document)
        self.curves = Curves(self.chart.series)
        self.sizes = Sizes(800, 300)
        self._now = document.incident.created_at.timestamp()
        self._words = words
        self._small = small
        self._placed: dict[tuple[str, int, float, int], Placement] = {}
        self._widths: dict[str, dict[int, float]] = {}
        self._fitted = "outage"
        self._scrolled = 0.0
        self.tray_from = 0
        self.scale = first_view(self.chart, self._now, 150, 700, everything=False)
        self._picture: Picture | None = None

    @property
    def is_compact(self) -> bool:
        """Whether the smallest measures are in use."""
        return self.sizes.card < 25

    def show(self, document: Document) -> None:
        """Show another value of the document; the window stays unless there was none to see."""
        had = self.chart.window() or self.chart.extent()
        self.chart = chart_of(document)
        if self.chart.series != self.curves.series:
            self.curves = Curves(self.chart.series)
        self._forget_places()
        self.tray_from = min(self.tray_from, max(len(self.chart.tray) - 1, 0))
        if not had and self._fitted:
            self.fit(self._fitted)
        self._picture = None

    def use_words(self, words: Words, small: Words) -> None:
        """Measure with other fonts from now on."""
        self._words, self._small = words, small
        self._forget_places()

    def resize(self, width: float, height: float) -> None:
        """Another size of canvas: what was fitted is fitted again, else the left time stays."""
        self.sizes = sizes_for(width, height)
        if self._fitted:
            self.fit(self._fitted)
        else:
            self.scale = replace(self.scale, left=self.sizes.gutter)
        self._forget_places()

    def fit(self, what: str = "") -> str:
        """Fit "outage" or "all"; without a word the one that is not shown. Returns which."""
        if not what:
            what = "all" if self._fitted == "outage" and self.chart.window() else "outage"
        sizes = self.sizes
        self.scale = first_view(
            self.chart, self._now, sizes.gutter, sizes.plot_right, everything=what == "all"
        )
        self._fitted = what
        self._scrolled = 0.0
        self._picture = None
        return what

    def zoom(self, factor: float, x: float) -> None:
        """Enlarge around the time under x."""
        self.scale = self.scale.zoomed(
            factor, min(max(x, self.sizes.gutter), self.sizes.plot_right)
        )
        self._moved()

    def pan(self, pixels: float) -> None:
        """Move everything to the right by pixels."""
        self.scale = self.scale.panned(pixels)
        self._moved()

    def scroll(self, pixels: float) -> None:
        """Move the lanes up by pixels, as far as some are hidden."""
        hidden = self.picture().hidden
        self._scrolled = min(max(self._scrolled + pixels, 0.0), hidden)
        self._picture = None

    def scroll_tray(self, count: int) -> None:
        """Show the tray from `count` moments later on."""
        last = max(len(self.chart.tray) - 1, 0)
        self.tray_from = min(max(self.tray_from + count, 0), last)
        self._picture = None

    def show_window(self, begin: float, end: float) -> None:
        """Show this stretch of time, with a little room around it."""
        middle = (begin + end) / 2
        room = self.sizes.plot_right - self.sizes.gutter
        per_second = min(room / max((end - begin) * 1.6, 1.0), 100.0)
        start = middle - room / 2 / per_second
        self.scale = Scale(self.sizes.gutter, start, per_second)
        self._moved()

    def reveal(self, moment_id: str) -> None:
        """Pan and scroll as little as needed for this moment to be seen."""
        entry = self.chart.find(moment_id)
        if entry is None:
            self._reveal_in_tray(moment_id)
            return
        shift = self._shift_to_show(self.scale.x(entry.start), self.scale.x(entry.end))
        if shift:
            self.pan(shift)
        lane = next(each for each in self.picture().lanes if each.name == entry.moment.lane)
        over = self.picture().lanes_top - lane.box.y
        under = lane.box.y + lane.box.height - self.picture().lanes_bottom
        if over > 0 or under > 0:
            self.scroll(-over if over > 0 else min(under, -over))

    def _shift_to_show(self, begin: float, end: float) -> float:
        """How far to pan for a stretch to be seen: a little from near, to the middle from afar."""
        left, right = self.sizes.gutter, self.sizes.plot_right
        room = min(110.0, (right - left) / 4)
        if end >= left + 24 and begin <= right - room and (begin >= left or end > begin):
            return 0.0
        if begin > right + (right - left) or end < left - (right - left):
            return (left + right) / 2 - room / 2 - begin
        return right - room - begin if begin > right - room else left + 40 - begin

    def picture(self, current: str = "") -> Picture:
        """What is visible now; the current moment gets a card even where there is only a count."""
        if self._picture is None:
            self._picture = self._arranged()
        if current and self._lacks_card(current, self._picture):
            return _with_cards(self._picture, self._extra(current))
        return self._picture

    def card_of(self, moment_id: str) -> Card | None:
        """The card of a moment in view, or None."""
        cards = self.picture(moment_id).cards()
        return next((card for card in cards if card.moment.id == moment_id), None)

    def _moved(self) -> None:
        self._fitted = ""
        self._picture = None

    def _reveal_in_tray(self, moment_id: str) -> None:
        ids = [moment.id for moment in self.chart.tray]
        if moment_id in ids and self._lacks_card(moment_id, self.picture()):
            self.tray_from = ids.index(moment_id)
            self._picture = None

    def _arranged(self) -> Picture:
        width_of = card_width(self._words, self.sizes.longest)
        return arrange(
            self.chart,
            self.scale,
            self.sizes,
            self._placement,
            self._small.width,
            scrolled=self._scrolled,
            tray_from=self.tray_from,
            tray_width=width_of,
        )

    def _placement(self, lane: Lane, rows: int) -> Placement:
        part, indexes = 0, None
        if len(lane.entries) > _LARGE:
            part, indexes = part_of(lane, self.scale, self.sizes.plot_right)
        key = (lane.name, rows, self.scale.per_second, part)
        if key not in self._placed:
            if len(self._placed) > 60:
                self._placed.clear()
            rules = replace(self.sizes.rules, most_rows=rows)
            wanted = self._wanted(lane)
            self._placed[key] = place(lane, self.scale.per_second, wanted, rules, indexes)
        return self._placed[key]

    def _wanted(self, lane: Lane) -> Callable[[int], float]:
        """How wide the cards of a lane would like to be at any zoom, by index; asked for once."""
        known = self._widths.setdefault(lane.name, {})
        width_of = card_width(self._words, self.sizes.longest)

        def wanted(index: int) -> float:
            width = known.get(index)
            if width is None:
                width = known[index] = width_of(lane.entries[index].moment)
            return width

        return wanted

    def _forget_places(self) -> None:
        self._placed.clear()
        self._widths.clear()
        self._picture = None

    def _lacks_card(self, moment_id: str, picture: Picture) -> bool:
        return all(card.moment.id != moment_id for card in picture.cards())

    def _extra(self, moment_id: str) -> list[Card]:
        entry = self.chart.find(moment_id)
        if entry is None or self._picture is None:
            return []
        moment: Moment = entry.moment
        lane = next(each for each in self._picture.lanes if each.name == moment.lane)
        x, end = self.scale.x(entry.start), self.scale.x(entry.end)
        width = max(self._words.width(card_text(moment)[:80]) + 24, end - x)
        width = max(min(width, self.sizes.longest), end - x)
        if x > self.sizes.plot_right or x + width < self.sizes.gutter:
            return []
        y = round(lane.box.y + lane.box.height - self.sizes.pad - self.sizes.card)
        return [Card(Box(x, y, width, self.sizes.card), moment, end)]


def _with_cards(picture: Picture, extra: list[Card]) -> Picture:
    if not extra:
        return picture
    lanes = tuple(
        replace(lane, cards=(*lane.cards, *(c for c in extra if c.moment.lane == lane.name)))
        for lane in picture.lanes
    )
    return replace(picture, lanes=lanes)
