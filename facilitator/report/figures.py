"""Drawings of the report, as vectors: the impact strip, the timeline by lanes, metric curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from facilitator.model.timeline_axis import Scale, fitted, ticks
from facilitator.model.timeline_layout import Chart, Entry
from facilitator.report.blocks import LaneChart, Strip, StripMark
from facilitator.report.fonts import BOLD, REGULAR, draw_text, fitting, width_of
from facilitator.report.phrasing import KEY_WORDS, LANE_WORDS
from facilitator.report.piece import Piece
from facilitator.report.tags import Element

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from facilitator.model.records import Series

Colors = Mapping[str, str]
_LABEL: Final = (REGULAR, 8.0)
_SMALL: Final = (REGULAR, 7.5)
_LANE_GUTTER: Final = 84.0
_DOT: Final = 5.6
_ROW: Final = 15.0
_MOST_ROWS: Final = 4
_KEY_ROW: Final = 11.0
_CURVE: Final = 46.0
_HAIR: Final = 0.5


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
            width = width_of(mark.time, *_SMALL)
            at = self._scale.x(mark.at.timestamp())
            x = min(max(at, width / 2), self.width - width / 2)
            # Times that would touch step aside to the right, in order.
            x = max(x, taken + 6 + width / 2)
            draw_text(self.canv, (x, y - 18), mark.time, _SMALL, "middle")
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
    flags = _flags([(x, w) for x, w in zip(xs, wide, strict=True)], width)
    yield from ((mark, left, row) for mark, (left, row) in zip(marks, flags, strict=True))


def _flags(places: list[tuple[float, float]], width: float) -> list[tuple[float, int]]:
    """Left and row of labels (x of the line, width) that overlap no other and no other's line."""
    begins: list[float] = []
    found: list[tuple[float, float, int]] = []
    # From right to left: then no line rises through the words of a later one.
    for x, wide in reversed(places):
        left = x + 3 if x + 3 + wide <= width else x - 3 - wide
        end = left + wide + 5
        crossed = max((row for at, _, row in found if left < at < end), default=-1)
        free = (r for r, begin in enumerate(begins) if end <= begin and r > crossed)
        row = next(free, len(begins))
        begins[row : row + 1] = [min(left, x)]
        found.append((x, left, row))
    return [(left, row) for _, left, row in reversed(found)]


class LaneDrawing(Drawing):
    """The timeline by lanes: numbered dots on a shared time axis, metric curves above them."""

    def __init__(self, block: LaneChart, colors: Colors) -> None:
        super().__init__(colors)
        self._block = block
        self._chart = block.chart

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        window = self._chart.window() or self._chart.extent() or (0.0, 3600.0)
        self._scale = fitted(*window, _LANE_GUTTER, width, 30.0)
        self._dots = {lane.name: list(self._rows_of(lane.entries)) for lane in self._chart.lanes}
        self._keys, rows = _key_rows(self._chart, self._scale, width)
        self._head = 16.0 + rows * _KEY_ROW
        self._heights = {
            name: max(20.0, 6 + _ROW * (1 + max((row for _, _, row in dots), default=0)))
            for name, dots in self._dots.items()
        }
        curves = len(self._chart.series) * (_CURVE + 6)
        self.height = self._head + curves + sum(self._heights.values()) + 2
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
        for series in self._chart.series:
            y -= _CURVE + 6
            self._draw_curve(series, y + 3)
        for name, dots in self._dots.items():
            y -= self._heights[name]
            self._draw_lane(name, dots, y)
        self.stroke("border", 0.6)
        canvas.line(0, y, self.width, y)

    def _rows_of(self, entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, float, int]]:
        """Each moment in view with its x and a row; what finds no row lies on the last."""
        ends = [float("-inf")] * _MOST_ROWS
        for entry in entries:
            x = self._scale.x(entry.start)
            if not _LANE_GUTTER <= x <= self.width:
                continue
            free = (r for r, end in enumerate(ends) if end + 2 * _DOT + 1.5 <= x)
            row = next(free, _MOST_ROWS - 1)
            ends[row] = max(x, min(self._scale.x(entry.end), self.width))
            yield entry, x, row

    def _draw_band(self, top: float) -> None:
        chart = self._chart
        if chart.began is None:
            return
        begin = max(self._scale.x(chart.began), _LANE_GUTTER)
        end = self.width if chart.resolved is None else self._scale.x(chart.resolved)
        if (width := min(end, self.width) - begin) > 0:
            self.fill("outage")
            self.canv.rect(begin, 0, width, top, stroke=0, fill=1)

    def _draw_axis(self, top: float) -> None:
        for tick in ticks(self._scale, self.width, self._chart.zone, 54.0):
            x = self._scale.x(tick.at)
            self.stroke("grid", 0.5)
            self.canv.line(x, 0, x, top)
            if x < self.width - 14:
                self.fill("text.second")
                draw_text(self.canv, (x, self.height - 9), tick.label, _SMALL, "middle")

    def _draw_outside(self) -> None:
        """Say how many moments the axis does not reach, so that none seems forgotten."""
        order = self._chart.order
        before = sum(1 for entry in order if self._scale.x(entry.start) < _LANE_GUTTER)
        after = sum(1 for entry in order if self._scale.x(entry.start) > self.width)
        said = [f"{before} earlier" if before else "", f"{after} later" if after else ""]
        self.fill("text.second")
        draw_text(self.canv, (0, self.height - 9), ", ".join(w for w in said if w), _SMALL)

    def _draw_keys(self, top: float) -> None:
        for label, x, text_x, row in self._keys:
            self.stroke("text.second", 0.7)
            self.canv.line(x, 0, x, top + row * _KEY_ROW + 3)
            self.fill("text")
            draw_text(self.canv, (text_x, top + row * _KEY_ROW + 3), label, (BOLD, 7.5))

    def _draw_curve(self, series: Series, bottom: float) -> None:
        canvas: Canvas = self.canv
        values = [value for _, value in series.points]
        high = bottom + _CURVE
        points = _line(series, self._scale, self.width, (bottom, high))
        self.stroke("border.soft", 0.5)
        canvas.line(_LANE_GUTTER, bottom, self.width, bottom)
        self._draw_name(series, bottom)
        self.fill("text.second")
        for y, value in ((bottom, min(values)), (high - 6, max(values))):
            said = fitting(f"{value:g} {series.unit}".strip(), *_SMALL, _LANE_GUTTER / 2)
            draw_text(canvas, (_LANE_GUTTER - 4, y), said, _SMALL, "right")
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(_LANE_GUTTER, bottom - 2, self.width - _LANE_GUTTER, _CURVE + 4)
        canvas.clipPath(clip, stroke=0, fill=0)
        self.stroke("lane.signal", 1.1)
        path = canvas.beginPath()
        for n, (x, y) in enumerate(points):
            (path.lineTo if n else path.moveTo)(x, y)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()

    def _draw_name(self, series: Series, bottom: float) -> None:
        self.fill("lane.signal")
        name = fitting(series.name, BOLD, 7.5, _LANE_GUTTER - 4)
        draw_text(self.canv, (0, bottom + _CURVE / 2 - 3), name, (BOLD, 7.5))

    def _draw_lane(self, name: str, dots: list[tuple[Entry, float, int]], y: float) -> None:
        canvas: Canvas = self.canv
        height = self._heights[name]
        self.stroke("border.soft", 0.6)
        canvas.line(0, y + height, self.width, y + height)
        self.fill(f"lane.{name}")
        draw_text(canvas, (0, y + height / 2 - 3), LANE_WORDS[name], (BOLD, 8.0))
        for entry, x, row in dots:
            middle = y + height - 3 - _ROW * (row + 0.5)
            self.fill(f"lane.{name}")
            end = min(self._scale.x(entry.end), self.width)
            if end > x:
                canvas.rect(x, middle - 1.5, end - x, 3, stroke=0, fill=1)
            canvas.circle(x, middle, _DOT, stroke=0, fill=1)
            number = str(self._block.numbers[entry.moment.id])
            self.fill("ground")
            size = 6.8 if len(number) < 3 else 5.0
            draw_text(canvas, (x, middle - size * 0.36), number, (BOLD, size), "middle")


def _key_rows(
    chart: Chart, scale: Scale, width: float
) -> tuple[list[tuple[str, float, float, int]], int]:
    """Labels of key moments in view: words, x of the line, x of the words, row; and the rows."""
    marks = [(KEY_WORDS.get(mark.key, mark.name), scale.x(mark.at)) for mark in chart.marks]
    seen = [(label, x) for label, x in marks if _LANE_GUTTER <= x <= width]
    flags = _flags([(x, width_of(label, BOLD, 7.5)) for label, x in seen], width)
    labels = [(label, x, left, row) for (label, x), (left, row) in zip(seen, flags, strict=True)]
    return labels, 1 + max((row for _, row in flags), default=-1)


def _line(
    series: Series, scale: Scale, right: float, span: tuple[float, float]
) -> list[tuple[float, float]]:
    """The metric as points of a line, from one before the axis to one after it.

    Of points that are closer than a hair only the first, least, greatest and last are kept.
    """
    values = [value for _, value in series.points]
    low, high = min(values), max(values)
    middle = sum(span) / 2
    columns: dict[int, list[tuple[float, float]]] = {}
    for at, value in series.points:
        x = scale.x(at)
        if not scale.left - right <= x <= 2 * right:
            continue
        part = (value - low) / (high - low) if high > low else None
        y = middle if part is None else span[0] + part * (span[1] - span[0])
        columns.setdefault(round(x / _HAIR), []).append((x, y))
    return [point for column in columns.values() for point in _four(column)]


def _four(column: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(column) <= 4:
        return column
    least = min(column, key=lambda point: point[1])
    greatest = max(column, key=lambda point: point[1])
    return [column[0], *sorted({least, greatest}), column[-1]]
