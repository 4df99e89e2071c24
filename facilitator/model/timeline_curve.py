"""Metric curves on the timeline's axis: thinned to what pixels can show, peaks kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import floor, log2
from operator import itemgetter
from typing import Final

from facilitator.model.records import Series
from facilitator.model.timeline_axis import Scale

Points = Sequence[tuple[float, float]]
_KEPT: Final = 40


class Curves:
    """The curves of one document; what is thinned for a zoom is kept, so that panning is quick."""

    def __init__(self, series: Sequence[Series]) -> None:
        self.series = tuple(series)
        self._bounds = [_bounds(each) for each in self.series]
        self._thinned: dict[tuple[int, int], Points] = {}

    def line(
        self, number: int, scale: Scale, right: float, top: float, bottom: float
    ) -> list[tuple[float, float]]:
        """A curve as points of a line: x is the time's, y runs from its least to its greatest.

        Where many points share a pixel, its first, least, greatest and last stand for them. One
        point on either side of the view is part of it, so that the line reaches the edges.
        """
        points = self._at_zoom(number, scale.per_second)
        low, high = self._bounds[number]
        first = max(bisect_left(points, scale.start, key=itemgetter(0)) - 1, 0)
        last = bisect_right(points, scale.at(right), key=itemgetter(0)) + 1
        if high <= low:
            return [(scale.x(at), (top + bottom) / 2) for at, _ in points[first:last]]
        per_value = (bottom - top) / (high - low)
        return [
            (scale.x(at), bottom - (value - low) * per_value) for at, value in points[first:last]
        ]

    def value_at(self, number: int, at: float) -> tuple[float, float]:
        """The point (time, value) of a curve that lies nearest to a time."""
        points = self.series[number].points
        place = bisect_left(points, at, key=itemgetter(0))
        return min(points[max(place - 1, 0) : place + 1], key=lambda point: abs(point[0] - at))

    def _at_zoom(self, number: int, per_second: float) -> Points:
        level = floor(log2(per_second))
        if (number, level) not in self._thinned:
            if len(self._thinned) > _KEPT:
                self._thinned.clear()
            self._thinned[number, level] = thinned(self.series[number].points, 2.0**-level / 2)
        return self._thinned[number, level]


def thinned(points: Points, bucket: float) -> Points:
    """At most four points for each stretch of `bucket` seconds: first, least, greatest, last."""
    kept: list[tuple[float, float]] = []
    stretch: list[tuple[float, float]] = []
    for point in points:
        if stretch and point[0] // bucket != stretch[0][0] // bucket:
            kept += _four(stretch)
            stretch = []
        stretch.append(point)
    return kept + _four(stretch)


def _bounds(series: Series) -> tuple[float, float]:
    values = [value for _, value in series.points]
    return min(values), max(values)


def _four(stretch: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(stretch) <= 4:
        return stretch
    lowest = min(stretch, key=itemgetter(1))
    highest = max(stretch, key=itemgetter(1))
    return sorted({stretch[0], lowest, highest, stretch[-1]})
