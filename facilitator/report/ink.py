"""A mark drawn by hand: strokes in, smooth curves out, the same ones on screen and on paper.

It is an ornament of a signature and proves nothing. It lives until the report is signed, and
after that only in the signed report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from facilitator.report.errors import SigningRefused

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
"""A cubic Bézier curve: start, two handles, end."""

MOST_STROKES: Final = 100
MOST_POINTS: Final = 1500
# In heights of the pad: what is nearer than a pen's tip is one place.
_APART: Final = 0.015
_LARGEST_GROWTH: Final = 2.0
_MOST_HEIGHTS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Ink:
    """What was drawn, in heights of the pad it was drawn on; x to the right, y down."""

    strokes: tuple[tuple[Point, ...], ...] = field(repr=False)


def ink_of(strokes: Sequence[Sequence[Point]], height: float) -> Ink | None:
    """What was drawn on a pad of this height, None for nothing. Raises SigningRefused."""
    drawn = tuple(
        tuple((x / height, y / height) for x, y in stroke) for stroke in strokes if stroke
    )
    if len(drawn) > MOST_STROKES or sum(map(len, drawn)) > MOST_POINTS:
        raise SigningRefused("The drawn mark is too large. Clear it and draw fewer strokes.")
    if not all(_is_near(point) for stroke in drawn for point in stroke):
        raise SigningRefused("The drawn mark lies outside its field. Clear it and draw again.")
    return Ink(drawn) if drawn else None


def curves_of(stroke: Sequence[Point], apart: float = _APART) -> list[Curve]:
    """One stroke as smooth curves; a dot is a very short one. `apart` is a pen's tip."""
    points = _steadied(_thinned(stroke, apart))
    if len(points) == 1:
        ((x, y),) = points
        points = [(x, y), (x + apart / 10, y)]
    last = len(points) - 1
    return [
        (
            points[n],
            _handle(points[n], points[max(n - 1, 0)], points[n + 1]),
            _handle(points[n + 1], points[min(n + 2, last)], points[n]),
            points[n + 1],
        )
        for n in range(last)
    ]


def placed(ink: Ink, width: float, height: float) -> list[list[Curve]]:
    """The strokes inside a box with its corner at the origin, x to the right, y up.

    As large as the box allows, but at most twice as large as it was drawn for it.
    """
    every = [point for stroke in ink.strokes for point in stroke]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    top, bottom = min(y for _, y in every), max(y for _, y in every)
    wide, high = max(right - left, _APART), max(bottom - top, _APART)
    scale = min(width / wide, height / high, _LARGEST_GROWTH * height)
    # On a line, as one writes: short marks stand on the ground of the box.
    rise = min((height - high * scale) / 2, height * 0.1)

    def place(point: Point) -> Point:
        return (point[0] - left) * scale, rise + (bottom - point[1]) * scale

    return [
        [(place(a), place(b), place(c), place(d)) for a, b, c, d in curves_of(stroke)]
        for stroke in ink.strokes
    ]


def _is_near(point: Point) -> bool:
    return all(math.isfinite(value) and abs(value) <= _MOST_HEIGHTS for value in point)


def _thinned(stroke: Sequence[Point], apart: float) -> list[Point]:
    """The stroke without points that lie as good as on the one before; its end stays."""
    thin = [stroke[0]]
    for point in stroke[1:]:
        if math.dist(point, thin[-1]) >= apart:
            thin.append(point)
    if len(thin) > 1:
        thin[-1] = stroke[-1]
    return thin


def _steadied(points: list[Point]) -> list[Point]:
    """Each point a little nearer to its neighbours, which takes out a trembling hand."""
    if len(points) < 3:
        return points
    steady = [
        ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
        for a, b, c in zip(points, points[1:], points[2:], strict=False)
    ]
    return [points[0], *steady, points[-1]]


def _handle(at: Point, beyond: Point, other: Point) -> Point:
    """Where a Catmull-Rom curve leaves a point towards another."""
    return at[0] + (other[0] - beyond[0]) / 6, at[1] + (other[1] - beyond[1]) / 6
