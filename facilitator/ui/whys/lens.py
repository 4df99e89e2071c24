"""The part of a large picture that a small window shows: zoom and pan."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

NEAREST: Final = 3.0
FARTHEST: Final = 0.05
STEP: Final = 1.15


class Lens:
    """Maps the picture to the window; never lets the picture out of sight."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self._offset = QPointF(0, 0)
        self._window = QSizeF(1, 1)
        self._picture = QSizeF(1, 1)

    def fit(self, *, least: float = FARTHEST, most: float = 1.0) -> None:
        """Show the whole picture, as far as the bounds of the zoom allow."""
        across = self._window.width() / max(1.0, self._picture.width())
        down = self._window.height() / max(1.0, self._picture.height())
        self.zoom = max(least, min(most, across, down))
        self._offset = QPointF(0, 0)
        self._clamp()

    def resize(self, window: QSizeF, picture: QSizeF) -> None:
        """The window or the picture has another size."""
        self._window, self._picture = window, picture
        self._clamp()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many pixels of the window."""
        self._offset -= QPointF(dx, dy)
        self._clamp()

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom, with what lies under the point staying under it."""
        fixed = self.to_picture(point)
        self.zoom = max(FARTHEST, min(NEAREST, self.zoom * factor))
        self._offset = fixed * self.zoom - point
        self._clamp()

    def reveal(self, rect: QRectF, margin: float = 14.0) -> None:
        """Pan as little as is needed to show this part of the picture."""
        seen = self.to_window(rect).adjusted(-margin, -margin, margin, margin)
        dx = _nudge(seen.left(), seen.right(), self._window.width())
        dy = _nudge(seen.top(), seen.bottom(), self._window.height())
        self._offset += QPointF(dx, dy)
        self._clamp()

    def hold(self, before: QPointF, after: QPointF) -> None:
        """A point of the picture has moved: keep it where it was in the window."""
        self._offset += (after - before) * self.zoom
        self._clamp()

    def to_picture(self, point: QPointF) -> QPointF:
        """The point of the picture under a point of the window."""
        return (point + self._offset) / self.zoom

    def to_window(self, rect: QRectF) -> QRectF:
        """Where a rectangle of the picture lies in the window."""
        top_left = rect.topLeft() * self.zoom - self._offset
        return QRectF(top_left, rect.size() * self.zoom)

    @property
    def seen(self) -> QRectF:
        """The part of the picture that the window shows."""
        return QRectF(self.to_picture(QPointF(0, 0)), self._window / self.zoom)

    @property
    def transform(self) -> QTransform:
        """From the picture to the window."""
        return QTransform(self.zoom, 0, 0, self.zoom, -self._offset.x(), -self._offset.y())

    def bars(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """For each axis, from where to where the window shows the picture, as shares of it."""
        seen = self.seen
        return (
            _share(seen.left(), seen.right(), self._picture.width()),
            _share(seen.top(), seen.bottom(), self._picture.height()),
        )

    def _clamp(self) -> None:
        wide, high = self._picture.width() * self.zoom, self._picture.height() * self.zoom
        x = max(0.0, min(self._offset.x(), wide - self._window.width()))
        spare = high - self._window.height()
        # A picture that fits stands in the middle of the height, and at the left.
        y = spare / 2 if spare <= 0 else max(0.0, min(self._offset.y(), spare))
        self._offset = QPointF(x, y)


def _nudge(low: float, high: float, room: float) -> float:
    if high - low > room or low < 0:
        return low
    return max(0.0, high - room)


def _share(low: float, high: float, whole: float) -> tuple[float, float]:
    return (0.0, 1.0) if whole <= 0 else (max(0.0, low / whole), min(1.0, high / whole))
