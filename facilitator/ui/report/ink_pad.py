"""A field to draw a mark in, with mouse, pen or finger; what is drawn is kept by nobody."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facilitator.report.ink import MOST_POINTS, MOST_STROKES, Ink, Point, curves_of, ink_of
from facilitator.ui.labels import PlainLabel, button

_HEIGHT = 110
_PEN = 2.4
# Nearer than this, in pixels, a pen has not moved.
_STILL = 1.5
_FULL = "The mark is as large as it may be. Undo a stroke to draw another."


class InkPad(QWidget):
    """White paper with a line to write on. Pens and fingers come as a mouse, by Qt's doing."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[Point]] = []
        self._paths: list[QPainterPath] = []
        self._is_drawing = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Field for a drawn mark")
        self.setAccessibleDescription(
            "To be drawn in with a mouse, a pen or a finger; may stay empty"
        )
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
        points = sum(map(len, self._strokes))
        return points >= MOST_POINTS or len(self._strokes) >= MOST_STROKES

    def ink(self) -> Ink | None:
        """What was drawn, None when that is nothing."""
        return ink_of(self._strokes, self.height())

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
            self._paths.pop()
            self._is_drawing = False
            self.update()
            self.changed.emit()

    def clear(self) -> None:
        """Take everything back."""
        self._strokes.clear()
        self._paths.clear()
        self._is_drawing = False
        self.update()
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and not self.is_full:
            self._is_drawing = True
            self._strokes.append([self._place(event.position())])
            self._paths.append(QPainterPath())
            self._draw_last()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if not self._is_drawing:
            return
        x, y = self._place(event.position())
        before = self._strokes[-1][-1]
        if abs(x - before[0]) + abs(y - before[1]) >= _STILL:
            self._strokes[-1].append((x, y))
            self._draw_last()
        # One more stroke may not begin, and this one ends here.
        self._is_drawing = sum(map(len, self._strokes)) < MOST_POINTS

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_drawing = False
            self.changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the paper, the line and the strokes as they will be printed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Ink on paper, whatever the theme.
        painter.setBrush(Qt.GlobalColor.white)
        painter.setPen(QPen(QColor(Qt.GlobalColor.gray), 1))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        line = round(self.height() * 0.75)
        painter.setPen(QPen(QColor(Qt.GlobalColor.lightGray), 1, Qt.PenStyle.DashLine))
        painter.drawLine(16, line, self.width() - 16, line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        round_ends, round_corners = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        black = QColor(Qt.GlobalColor.black)
        painter.setPen(QPen(black, _PEN, Qt.PenStyle.SolidLine, round_ends, round_corners))
        for path in self._paths:
            painter.drawPath(path)

    def _place(self, at: QPointF) -> Point:
        """A point on the paper: a stroke that leaves it runs along its edge."""
        return min(max(at.x(), 0.0), self.width()), min(max(at.y(), 0.0), self.height())

    def _draw_last(self) -> None:
        height = self.height()
        path = QPainterPath()
        curves = curves_of([(x / height, y / height) for x, y in self._strokes[-1]])
        path.moveTo(*(each * height for each in curves[0][0]))
        for _start, *rest in curves:
            path.cubicTo(*(QPointF(x * height, y * height) for x, y in rest))
        self._paths[-1] = path
        self.update()
        self.changed.emit()


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
