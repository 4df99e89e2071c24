"""Metric charts on paper: the curve, the outage behind it, and a flag at each key moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from facilitator.model.timeline_axis import fitted, ticks
from facilitator.report.blocks import MetricChart
from facilitator.report.figures import AFTER, GUTTER, KEY_ROW, LABEL_BOLD, SMALL, Colors, Drawing
from facilitator.report.fonts import draw_text, width_of
from facilitator.report.geometry import Pane, flags, levels, outage, thinned
from facilitator.report.metrics import note_text, number_text, span

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_PLOT: Final = 84.0
_AXIS: Final = 14.0
_HAIR: Final = 0.5
_POINT: Final = 2.2


class MetricDrawing(Drawing):
    """One metric, on the same axis as the timeline's lanes."""

    def __init__(self, block: MetricChart, colors: Colors) -> None:
        super().__init__(colors)
        self._block = block

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        block = self._block
        self._pane = Pane(fitted(*span(block.series, block.chart), GUTTER, width, AFTER), width)
        self._notes = [note for note in block.notes if self._pane.shows(note.at)]
        wide = [width_of(note_text(note), *LABEL_BOLD) for note in self._notes]
        places = [self._pane.scale.x(note.at) for note in self._notes]
        self._flags = flags(list(zip(places, wide, strict=True)), width)
        rows = 1 + max((row for _, row in self._flags), default=-1)
        self.height = _AXIS + _PLOT + 6 + rows * KEY_ROW
        return self.width, self.height

    def said(self) -> str:
        """What the chart shows, in words."""
        return f"{self._block.series.name} over time. {self._block.caption}"

    def paint(self) -> None:
        """Draw it on the page."""
        block, pane = self._block, self._pane
        self._levels = levels(value for _, value in block.series.points)
        seen = outage(block.chart, pane)
        if seen is not None:
            self.fill("outage")
            self.canv.rect(seen[0], _AXIS, seen[1] - seen[0], _PLOT, stroke=0, fill=1)
        self._draw_grid()
        self._draw_flags()
        self._draw_curve()

    def _draw_grid(self) -> None:
        canvas: Canvas = self.canv
        for value in self._levels.lines:
            y = self._y(value)
            self.stroke("grid", 0.5)
            canvas.line(GUTTER, y, self.width, y)
            self.fill("text.second")
            draw_text(canvas, (GUTTER - 5, y - 2.6), number_text(value), SMALL, "right")
        for tick in ticks(self._pane.scale, self.width, self._block.chart.zone, 54.0):
            x = self._pane.scale.x(tick.at)
            self.stroke("grid", 0.5)
            canvas.line(x, _AXIS, x, _AXIS + _PLOT)
            if x < self.width - 14:
                self.fill("text.second")
                draw_text(canvas, (x, 2), tick.label, SMALL, "middle")
        self.stroke("border", 0.6)
        canvas.line(GUTTER, _AXIS, self.width, _AXIS)

    def _draw_flags(self) -> None:
        top = _AXIS + _PLOT + 4
        for note, (left, row) in zip(self._notes, self._flags, strict=True):
            x = self._pane.scale.x(note.at)
            self.stroke("text.second", 0.7)
            self.canv.line(x, _AXIS, x, top + row * KEY_ROW + 6)
            self.fill("text")
            draw_text(self.canv, (left, top + row * KEY_ROW), note_text(note), LABEL_BOLD)

    def _draw_curve(self) -> None:
        canvas: Canvas = self.canv
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(GUTTER, _AXIS - 2, self.width - GUTTER, _PLOT + 4)
        canvas.clipPath(clip, stroke=0, fill=0)
        self.stroke("lane.signal", 1.2)
        path = canvas.beginPath()
        for n, (x, part) in enumerate(thinned(self._block.series, self._pane, self._levels, _HAIR)):
            (path.lineTo if n else path.moveTo)(x, _AXIS + part * _PLOT)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()
        self.fill("lane.signal")
        for note in self._notes:
            if note.point is not None and self._pane.shows(note.point[0]):
                x = self._pane.scale.x(note.point[0])
                canvas.circle(x, self._y(note.point[1]), _POINT, stroke=0, fill=1)

    def _y(self, value: float) -> float:
        return _AXIS + self._levels.part(value) * _PLOT
