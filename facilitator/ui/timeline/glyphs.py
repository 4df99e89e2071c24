"""The signs of the lanes and other small marks, as paths, so that no font can lack them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


@lru_cache(maxsize=64)
def lane_sign(lane: str, size: float) -> QPainterPath:
    """The sign of a lane around (0, 0): diamond, circle, plus, triangle or square."""
    h = size / 2
    if lane == "change":
        return _polygon((0, -h * 1.1), (h * 1.1, 0), (0, h * 1.1), (-h * 1.1, 0))
    if lane == "signal":
        path = QPainterPath()
        path.addEllipse(QRectF(-h, -h, size, size))
        return path
    if lane == "action":
        t = h / 2.6
        return _polygon((-t, -h), (t, -h), (t, -t), (h, -t), (h, t), (t, t), (t, h), (-t, h),
                        (-t, t), (-h, t), (-h, -t), (-t, -t))  # fmt: skip
    if lane == "communication":
        return _polygon((0, -h), (h * 1.1, h * 0.9), (-h * 1.1, h * 0.9))
    return _polygon((-h * 0.9, -h * 0.9), (h * 0.9, -h * 0.9), (h * 0.9, h * 0.9),
                    (-h * 0.9, h * 0.9))  # fmt: skip


@lru_cache(maxsize=4)
def pennant(height: float) -> QPainterPath:
    """A small flag, for key moments; (0, 0) is the middle of its pole."""
    h = height / 2
    path = _polygon((0.8, -h), (h * 1.5, -h * 0.5), (0.8, 0))
    path.addRect(QRectF(-0.7, -h, 1.5, height))
    return path


@lru_cache(maxsize=4)
def arrow(size: float, direction: int) -> QPainterPath:
    """A triangle around (0, 0) that points left (-1) or right (1)."""
    h = size / 2
    return _polygon((-h * 0.8 * direction, -h), (h * 0.8 * direction, 0), (-h * 0.8 * direction, h))
