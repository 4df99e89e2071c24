"""The clock as a ring: how much is left is read without reading digits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facilitator.model.clock import Reading
from facilitator.model.times import countdown_text
from facilitator.ui.theme import Theme

MOOD_WORDS = {
    "planned": "not started",
    "running": "on track",
    "wrap-up": "wrapping up",
    "over": "over",
    "paused": "paused",
    "done": "ended",
}


class ClockRing(QWidget):
    """Time left of the current phase; over time counts up, paused is hollow and dashed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = "–:––"
        self._below = ""
        self._mood = "planned"
        self._part = 1.0

    def show_reading(self, reading: Reading, first_minutes: int) -> None:
        """Show this reading; before the start, the first phase's minutes."""
        current = reading.current
        if current is None:
            text = f"{first_minutes}:00" if reading.state == "planned" else "0:00"
            below = MOOD_WORDS[reading.mood]
            part = 1.0 if reading.state == "planned" else 0.0
        else:
            text = countdown_text(current.left)
            planned = round(current.planned / 60)
            below = f"left of {planned} min" if current.left >= 0 else f"over {planned} min"
            if reading.mood in ("wrap-up", "paused"):
                below = f"{MOOD_WORDS[reading.mood].capitalize()} · of {planned} min"
            part = max(0.0, min(1.0, current.left / current.planned)) if current.planned else 0.0
        shown = (text, below, reading.mood, round(part, 3))
        if shown != (self._text, self._below, self._mood, round(self._part, 3)):
            self._text, self._below, self._mood, self._part = shown
            self.setAccessibleName(f"{text} {below}")
            self.update()

    def sizeHint(self) -> QSize:
        """Square, as in the picture."""
        return QSize(232, 232)

    def hasHeightForWidth(self) -> bool:
        """The ring stays round."""
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ring, digits and the line below them."""
        side = min(self.width(), self.height()) - 8
        width = max(8.0, side * 0.062)
        ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        ring.adjust(width / 2, width / 2, -width / 2, -width / 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ring(painter, ring, width)
            self._paint_words(painter, ring)

    def _paint_ring(self, painter: QPainter, ring: QRectF, width: float) -> None:
        track = QPen(self._theme.color("grid"), width)
        painter.setPen(track)
        painter.drawEllipse(ring)
        pen = QPen(self._mood_color(), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self._mood == "paused":
            pen = QPen(self._theme.color("border"), max(3.0, width / 3))
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        part = 1.0 if self._mood == "over" else self._part
        if part > 0:
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * part))

    def _paint_words(self, painter: QPainter, ring: QRectF) -> None:
        size = max(20, round(ring.height() * (0.27 if len(self._text) < 6 else 0.22)))
        painter.setFont(self._theme.font(size, 700))
        painter.setPen(self._theme.color("text"))
        upper = QRectF(ring.x(), ring.y() + ring.height() * 0.24, ring.width(), size * 1.3)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.setFont(self._fitting(ring.width() * 0.8, round(ring.height() * 0.068)))
        painter.setPen(self._theme.color("text.second"))
        lower = QRectF(ring.x(), upper.bottom(), ring.width(), ring.height() * 0.13)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, self._below)

    def _fitting(self, room: float, px: int) -> QFont:
        """The largest face, from `px` down, in which the line below fits inside the ring."""
        for size in range(max(11, px), 7, -1):
            font = self._theme.font(size)
            if QFontMetricsF(font).horizontalAdvance(self._below) <= room:
                return font
        return self._theme.font(8)

    def _mood_color(self) -> QColor:
        token = {"wrap-up": "wrap-up", "over": "over"}.get(self._mood, "accent")
        return self._theme.color(token)
