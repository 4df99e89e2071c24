"""One page of a report, large: fitted to the width, or at any size, sharp on every screen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from facilitator.ui.theme import Theme

STEPS: Final = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
# More pixels than any screen has would take memory and show nothing.
MOST_PIXELS: Final = 4096
_PER_POINT: Final = 96 / 72
_MARGIN: Final = 16
_OVERLAP: Final = 40


class PageView(QAbstractScrollArea):
    """Paints what it is given; says when it needs the page at another size."""

    size_needed = Signal()  # `pixels` changed: another picture would be sharper
    zoomed = Signal()
    turned = Signal(int)  # by how many pages

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points = (595.0, 842.0)
        self._picture: QPixmap | None = None
        self._zoom = 0.0  # 0 is the width of the window
        self._needed = 0
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Page")

    # ---- what is shown

    def show_page(self, points: tuple[float, float], picture: QPixmap | None) -> None:
        """Turn to a page of this size in points, from its top; a small picture will do at first."""
        self._points, self._picture = points, picture
        self._measure()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def sharpen(self, picture: QPixmap) -> None:
        """The same page, drawn anew."""
        self._picture = picture
        self.viewport().update()

    def show_end(self) -> None:
        """Go to the foot of the page."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @property
    def scale(self) -> float:
        """How large the page is shown; 1.0 is its size on paper, by the screen's reckoning."""
        return self._zoom or self._fitting()

    @property
    def is_fitted(self) -> bool:
        """Whether the page is as wide as the window."""
        return not self._zoom

    @property
    def pixels(self) -> int:
        """How many pixels of the screen the page is wide, at most MOST_PIXELS."""
        return min(round(self._page().width() * self.devicePixelRatioF()), MOST_PIXELS)

    # ---- its size

    def fit(self) -> None:
        """As wide as the window, from now on."""
        self._set(0.0)

    def real_size(self) -> None:
        """As large as on paper."""
        self._set(1.0)

    def larger(self) -> None:
        """The next larger step."""
        now = self.scale * 1.001
        self._set(next((step for step in STEPS if step > now), STEPS[-1]))

    def smaller(self) -> None:
        """The next smaller step."""
        now = self.scale * 0.999
        self._set(next((step for step in reversed(STEPS) if step < now), STEPS[0]))

    def _set(self, zoom: float) -> None:
        bar = self.verticalScrollBar()
        part = bar.value() / max(bar.maximum(), 1)
        self._zoom = zoom
        self._measure()
        bar.setValue(round(part * bar.maximum()))
        self.viewport().update()
        self.zoomed.emit()

    def _fitting(self) -> float:
        room = max(self.viewport().width() - 2 * _MARGIN, 120)
        return min(room / (self._points[0] * _PER_POINT), STEPS[-1])

    def _page(self) -> QRect:
        """The page, in a view that is not scrolled."""
        scale = self.scale * _PER_POINT
        width, height = (max(round(each * scale), 1) for each in self._points)
        left = max((self.viewport().width() - width) // 2, _MARGIN)
        top = max((self.viewport().height() - height) // 2, _MARGIN)
        return QRect(left, top, width, height)

    def _measure(self) -> None:
        page, seen = self._page(), self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(page.width() + 2 * _MARGIN - seen.width(), 0))
        down.setRange(0, max(page.height() + 2 * _MARGIN - seen.height(), 0))
        for bar, room in ((across, seen.width()), (down, seen.height())):
            bar.setPageStep(room)
            bar.setSingleStep(max(room // 12, 20))
        if self.pixels != self._needed:
            self._needed = self.pixels
            self.size_needed.emit()

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The paper, and on it what is there of the page."""
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), self._theme.color("backdrop"))
            shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
            page = self._page().translated(-shift)
            painter.fillRect(page, Qt.GlobalColor.white)
            if self._picture is not None:
                self._paint_picture(painter, page, self._picture)
            painter.setPen(self._theme.color("border"))
            painter.drawRect(page.adjusted(-1, -1, 0, 0))
            if self.hasFocus():
                pen = painter.pen()
                pen.setColor(self._theme.color("focus"))
                pen.setWidth(3)
                painter.setPen(pen)
                painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))

    def _paint_picture(self, painter: QPainter, page: QRect, picture: QPixmap) -> None:
        if picture.width() == self.pixels < MOST_PIXELS:
            # A row more or less in its height would have the whole picture scaled.
            painter.drawPixmap(page.topLeft(), picture)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Only what is seen is scaled: a large page costs no more than a small one.
        seen = page.intersected(self.viewport().rect())
        ratio = picture.width() / page.width(), picture.height() / page.height()
        source = QRectF(
            (seen.x() - page.x()) * ratio[0],
            (seen.y() - page.y()) * ratio[1],
            seen.width() * ratio[0],
            seen.height() * ratio[1],
        )
        painter.drawPixmap(QRectF(seen), picture, source)

    # ---- hands

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page that fits goes on fitting."""
        super().resizeEvent(event)
        self._measure()
        self.zoomed.emit()

    def event(self, event: QEvent) -> bool:
        """Moved to a screen with other pixels: the page is drawn anew."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return super().event(event)

    def go_on(self) -> None:
        """What follows below; at the end of the page, the next one."""
        self._go(1)

    def go_back(self) -> None:
        """What stands above; at the top of the page, the one before."""
        self._go(-1)

    def _go(self, pages: int) -> None:
        bar = self.verticalScrollBar()
        if bar.value() == (bar.maximum() if pages > 0 else bar.minimum()):
            self.turned.emit(pages)
        else:
            # A line or two that were seen before show where one is.
            bar.setValue(bar.value() + pages * max(bar.pageStep() - _OVERLAP, 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PageUp, PageDown and Space go on through the pages, arrows scroll."""
        key = event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            self.go_on()
        elif key == Qt.Key.Key_PageUp:
            self.go_back()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls, and with Ctrl zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.larger if event.angleDelta().y() > 0 else self.smaller)()
            event.accept()
        else:
            super().wheelEvent(event)
