"""Drawings of the report, as vectors: the impact strip, the timeline by lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from facilitator.model.timeline_axis import Scale, fitted, ticks
from facilitator.model.timeline_layout import Chart, Entry
from facilitator.report.blocks import LaneChart, Strip, StripMark
from facilitator.report.fonts import BOLD, REGULAR, draw_text, width_of
from facilitator.report.geometry import Pane, dots, flags, outage, outside
from facilitator.report.phrasing import KEY_WORDS, LANE_WORDS
from facilitator.report.piece import Piece
from facilitator.report.tags import Element

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Colors = Mapping[str, str]
_LABEL: Final = (REGULAR, 8.0)
SMALL: Final = (REGULAR, 7.5)
LABEL_BOLD: Final = (BOLD, 7.5)
# All charts have their axis in the same place, so that one can be read under the other.
GUTTER: Final = 84.0
AFTER: Final = 30.0
_DOT: Final = 5.6
_ROW: Final = 15.0
KEY_ROW: Final = 11.0


class Drawing(Piece):
    """A drawing as wide as its column."""

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self.colors = colors

    def said(self) -> str:
        """The drawing in words, for who cannot see it."""
        raise NotImplementedError

    def paint(self) -> None:
        """Draw it on the page."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw it as a figure with words for it."""
        canvas = self.canv
        box = canvas.box_of(self.width, self.height)
        with canvas.marked(Element("Figure", alt=self.said(), box=box)):
            self.paint()

    def fill(self, token: str) -> None:
        """Fill with a colour of the theme."""
        self.canv.setFillColor(self.colors[token])

    def stroke(self, token: str, width: float) -> None:
        """Draw lines in a colour of the theme, this many points wide."""
        self.canv.setStrokeColor(self.colors[token])
        self.canv.setLineWidth(width)


class StripDrawing(Drawing):
    """The outage on one line: moments as dots, the impact as a band."""

    def __init__(self, strip: Strip, colors: Colors) -> None:
        super().__init__(colors)
        self._strip = strip

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        self._scale = _strip_scale(self._strip, width)
        self._labels = list(_stacked(self._strip.marks, self._scale, width))
        self._rows = 1 + max((row for _, _, row in self._labels), default=0)
        self.height = 46 + (self._rows - 1) * 11
        return self.width, self.height

    def said(self) -> str:
        """The moments in order, each with its time."""
        marks = "; ".join(f"{mark.time} {mark.label}" for mark in self._strip.marks)
        return f"The outage on one line. {marks}."

    def paint(self) -> None:
        """Draw it on the page."""
        canvas: Canvas = self.canv
        y = 22.0
        self._draw_band(y)
        self.stroke("border", 1.6)
        canvas.line(0, y, self.width, y)
        for mark, left, row in self._labels:
            at = self._scale.x(mark.at.timestamp())
            top = y + 13 + row * 11
            if self._rows > 1:
                self.stroke("border", 0.6)
                canvas.line(at, y, at, top + 6)
            self.fill("text")
            draw_text(canvas, (left, top), mark.label, _LABEL)
        for mark in self._strip.marks:
            at = self._scale.x(mark.at.timestamp())
            self.fill(mark.tone)
            canvas.circle(at, y, 4.2, stroke=0, fill=1)
        self._draw_times(y)

    def _draw_band(self, y: float) -> None:
        strip = self._strip
        if strip.begins is None:
            return
        begin = self._scale.x(strip.begins.timestamp())
        end = self.width if strip.ends is None else self._scale.x(strip.ends.timestamp())
        self.fill("lane.impact.ground")
        self.canv.rect(begin, y - 7, end - begin, 14, stroke=0, fill=1)

    def _draw_times(self, y: float) -> None:
        self.fill("text.second")
        taken = float("-inf")
        for mark in self._strip.marks:
            width = width_of(mark.time, *SMALL)
            at = self._scale.x(mark.at.timestamp())
            x = min(max(at, width / 2), self.width - width / 2)
            # Times that would touch step aside to the right, in order.
            x = max(x, taken + 6 + width / 2)
            draw_text(self.canv, (x, y - 18), mark.time, SMALL, "middle")
            taken = x + width / 2


def _strip_scale(strip: Strip, width: float) -> Scale:
    times = [mark.at.timestamp() for mark in strip.marks]
    times += [at.timestamp() for at in (strip.begins, strip.ends) if at is not None]
    return fitted(min(times), max(times), 0.0, width, 46.0)


def _stacked(
    marks: tuple[StripMark, ...], scale: Scale, width: float
) -> Iterator[tuple[StripMark, float, int]]:
    """Each mark with the left of its label and its row: over its dot while there is room for all.

    In a crowd labels begin at their line and rise to the left, so that no line crosses words.
    """
    xs = [scale.x(mark.at.timestamp()) for mark in marks]
    wide = [width_of(mark.label, *_LABEL) for mark in marks]
    over = [min(max(x - w / 2, 0.0), width - w) for x, w in zip(xs, wide, strict=True)]
    if all(x + w + 6 <= after for x, w, after in zip(over, wide, over[1:], strict=False)):
        yield from zip(marks, over, [0] * len(marks), strict=True)
        return
    places = flags(list(zip(xs, wide, strict=True)), width)
    yield from ((mark, left, row) for mark, (left, row) in zip(marks, places, strict=True))


class LaneDrawing(Drawing):
    """The timeline by lanes: numbered dots on a shared time axis."""

    def __init__(self, block: LaneChart, colors: Colors) -> None:
        super().__init__(colors)
        self._block = block
        self._chart = block.chart

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        window = self._chart.window() or self._chart.extent() or (0.0, 3600.0)
        self._pane = Pane(fitted(*window, GUTTER, width, AFTER), width)
        self._dots = {
            lane.name: list(dots(lane.entries, self._pane, 2 * _DOT)) for lane in self._chart.lanes
        }
        self._keys, rows = _key_rows(self._chart, self._pane)
        self._head = 16.0 + rows * KEY_ROW
        self._heights = {
            name: max(20.0, 6 + _ROW * (1 + max((row for _, _, row in placed), default=0)))
            for name, placed in self._dots.items()
        }
        self.height = self._head + sum(self._heights.values()) + 2
        return self.width, self.height

    def said(self) -> str:
        """What is drawn and where the same stands in words."""
        count = len(self._chart.order)
        lanes = ", ".join(LANE_WORDS[lane.name] for lane in self._chart.lanes)
        return (
            f"The timeline by lanes ({lanes}), {count} moments. {self._block.caption} "
            "The table of moments says the same in words."
        )

    def paint(self) -> None:
        """Draw it on the page."""
        canvas: Canvas = self.canv
        top = self.height - self._head
        self._draw_band(top)
        self._draw_axis(top)
        self._draw_outside()
        self._draw_keys(top)
        y = top
        for name, placed in self._dots.items():
            y -= self._heights[name]
            self._draw_lane(name, placed, y)
        self.stroke("border", 0.6)
        canvas.line(0, y, self.width, y)

    def _draw_band(self, top: float) -> None:
        seen = outage(self._chart, self._pane)
        if seen is not None:
            self.fill("outage")
            self.canv.rect(seen[0], 0, seen[1] - seen[0], top, stroke=0, fill=1)

    def _draw_axis(self, top: float) -> None:
        for tick in ticks(self._pane.scale, self.width, self._chart.zone, 54.0):
            x = self._pane.scale.x(tick.at)
            self.stroke("grid", 0.5)
            self.canv.line(x, 0, x, top)
            if x < self.width - 14:
                self.fill("text.second")
                draw_text(self.canv, (x, self.height - 9), tick.label, SMALL, "middle")

    def _draw_outside(self) -> None:
        self.fill("text.second")
        said = outside(self._chart, self._pane)
        draw_text(self.canv, (0, self.height - 9), said, SMALL)

    def _draw_keys(self, top: float) -> None:
        for label, x, text_x, row in self._keys:
            self.stroke("text.second", 0.7)
            self.canv.line(x, 0, x, top + row * KEY_ROW + 3)
            self.fill("text")
            draw_text(self.canv, (text_x, top + row * KEY_ROW + 3), label, LABEL_BOLD)

    def _draw_lane(self, name: str, placed: list[tuple[Entry, float, int]], y: float) -> None:
        canvas: Canvas = self.canv
        height = self._heights[name]
        self.stroke("border.soft", 0.6)
        canvas.line(0, y + height, self.width, y + height)
        self.fill(f"lane.{name}")
        draw_text(canvas, (0, y + height / 2 - 3), LANE_WORDS[name], (BOLD, 8.0))
        for entry, x, row in placed:
            middle = y + height - 3 - _ROW * (row + 0.5)
            self.fill(f"lane.{name}")
            end = min(self._pane.scale.x(entry.end), self.width)
            if end > x:
                canvas.rect(x, middle - 1.5, end - x, 3, stroke=0, fill=1)
            canvas.circle(x, middle, _DOT, stroke=0, fill=1)
            number = str(self._block.numbers[entry.moment.id])
            self.fill("ground")
            size = 6.8 if len(number) < 3 else 5.0
            draw_text(canvas, (x, middle - size * 0.36), number, (BOLD, size), "middle")


def _key_rows(chart: Chart, pane: Pane) -> tuple[list[tuple[str, float, float, int]], int]:
    """Labels of key moments in view: words, x of the line, x of the words, row; and the rows."""
    seen = [
        (KEY_WORDS.get(mark.key, mark.name), pane.scale.x(mark.at))
        for mark in chart.marks
        if pane.shows(mark.at)
    ]
    places = flags([(x, width_of(label, *LABEL_BOLD)) for label, x in seen], pane.right)
    labels = [(label, x, left, row) for (label, x), (left, row) in zip(seen, places, strict=True)]
    return labels, 1 + max((row for _, row in places), default=-1)
