"""A field to draw a mark in, with mouse, pen or finger; what is drawn is kept by nobody."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facilitator.report.ink import MOST_POINTS, MOST_STROKES, Ink, Point, curves_of, ink_of
from facilitator.ui.labels import PlainLabel, button

_HEIGHT = 110
_PEN = 2.4
# Nearer than this, in pixels, a pen has not moved.
_STILL = 1.5
_FULL = "The mark is as large as it may be. Undo a stroke to draw another."


class InkPad(QWidget):
    """White paper with a line to write on. Pens and fingers come as a mouse, by Qt's doing.

    A stroke follows the pen as it is, and is smoothed as it will be printed once it ends.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[Point]] = []
        self._points = 0
        self._is_drawing = False
        self._paper = QPixmap()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Field for a drawn mark")
        self.setAccessibleDescription("For a mouse, a pen or a finger; it may stay empty")
        self.setFixedHeight(_HEIGHT)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(4 * _HEIGHT, _HEIGHT)

    @property
    def strokes(self) -> int:
        """How many strokes there are."""
        return len(self._strokes)

    @property
    def is_full(self) -> bool:
        """Whether no more can be drawn."""
        return self._points >= MOST_POINTS or len(self._strokes) >= MOST_STROKES

    def ink(self) -> Ink | None:
        """What was drawn, None when that is nothing."""
        return ink_of(self._strokes, self.height())

    def undo(self) -> None:
        """Take the last stroke back."""
        self._keep(self._strokes[:-1])

    def clear(self) -> None:
        """Take everything back."""
        self._keep([])

    def _keep(self, strokes: list[list[Point]]) -> None:
        self._strokes = strokes
        self._points = sum(map(len, strokes))
        self._is_drawing = False
        self._paper = QPixmap()
        self.update()
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and not self.is_full:
            self._is_drawing = True
            self._strokes.append([])
            self._add(self._place(event.position()))
            self.changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it, up to the end of what a mark may have."""
        if not self._is_drawing or self._points >= MOST_POINTS:
            return
        x, y = self._place(event.position())
        before = self._strokes[-1][-1]
        if abs(x - before[0]) + abs(y - before[1]) >= _STILL:
            self._add((x, y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_drawing:
            self._keep(self._strokes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out new paper."""
        self._paper = QPixmap()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the paper with the strokes as they will be printed, and the one under the pen."""
        if self._paper.isNull() or self._paper.devicePixelRatio() != self.devicePixelRatioF():
            self._paper = self._drawn()
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.drawPixmap(0, 0, self._paper)
        if self._is_drawing:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(_pen())
            painter.drawPolyline([QPointF(*point) for point in self._strokes[-1]])

    def _place(self, at: QPointF) -> Point:
        """A point on the paper: a stroke that leaves it runs along its edge."""
        return min(max(at.x(), 0.0), self.width()), min(max(at.y(), 0.0), self.height())

    def _add(self, point: Point) -> None:
        stroke = self._strokes[-1]
        stroke.append(point)
        self._points += 1
        # Only where the pen is: all of a long stroke anew would make it lag behind.
        (x, y), (before_x, before_y) = point, stroke[max(len(stroke) - 2, 0)]
        corner = QPointF(min(x, before_x), min(y, before_y))
        dirty = QRectF(corner, QSizeF(abs(x - before_x), abs(y - before_y)))
        self.update(dirty.adjusted(-3, -3, 3, 3).toAlignedRect())

    def _drawn(self) -> QPixmap:
        """The paper with every stroke that has ended."""
        ratio = self.devicePixelRatioF()
        paper = QPixmap(self.size() * ratio)
        paper.setDevicePixelRatio(ratio)
        paper.fill(Qt.GlobalColor.transparent)
        painter = QPainter(paper)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Ink on paper, whatever the theme.
        painter.setBrush(Qt.GlobalColor.white)
        painter.setPen(QPen(QColor(Qt.GlobalColor.gray), 1))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        line = round(self.height() * 0.75)
        painter.setPen(QPen(QColor(Qt.GlobalColor.lightGray), 1, Qt.PenStyle.DashLine))
        painter.drawLine(16, line, self.width() - 16, line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen())
        for stroke in self._strokes[: -1 if self._is_drawing else None]:
            _draw_smooth(painter, stroke, self.height())
        painter.end()
        return paper


def _pen() -> QPen:
    ends, corners = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(QColor(Qt.GlobalColor.black), _PEN, Qt.PenStyle.SolidLine, ends, corners)


def _draw_smooth(painter: QPainter, stroke: list[Point], height: int) -> None:
    for curve in curves_of([(x / height, y / height) for x, y in stroke]):
        start, *rest = (QPointF(x * height, y * height) for x, y in curve)
        # Each curve on its own: as one path a long stroke takes many times as long.
        path = QPainterPath(start)
        path.cubicTo(*rest)
        painter.drawPath(path)


class InkPanel(QWidget):
    """The pad with its two buttons and what is to be said about it."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = InkPad()
        self.undo = button("Undo stroke")
        self.clear = button("Clear")
        for each in (self.undo, self.clear):
            each.setAutoDefault(False)
        self._words = PlainLabel(role="second", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self.undo)
        row.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.pad)
        column.addLayout(row)
        self.undo.clicked.connect(self.pad.undo)
        self.clear.clicked.connect(self.pad.clear)
        self.pad.changed.connect(self._refresh)
        self._refresh()

    @property
    def words(self) -> str:
        """What is said below the pad."""
        return self._words.text()

    def _refresh(self) -> None:
        for each in (self.undo, self.clear):
            each.setEnabled(self.pad.strokes > 0)
        usual = "Printed above your name, as an ornament: the proof is the digital signature."
        self._words.setText(_FULL if self.pad.is_full else usual)
