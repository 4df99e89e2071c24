"""A list with a search line that lies over the window: type, choose with the arrows, Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facilitator.ui.labels import PlainLabel

_ROW: Final = Qt.ItemDataRole.UserRole
_MOVES: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an overlay; a heading cannot be chosen, one that is off cannot be run."""

    id: str
    text: str
    right: str = ""
    heading: bool = False
    on: bool = True


class Overlay(QFrame):
    """Lies over its parent until something is chosen, Esc is pressed or another widget is used."""

    def __init__(self, parent: QWidget, *, name: str, hint: str, wrap: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.setAccessibleName(name)
        self._came_from: QWidget | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setStyleSheet("QListWidget { border: none; }")
        self.list.setAccessibleName(name)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setItemDelegate(_Rows(self.list, wrap=wrap))
        self._none = PlainLabel("Nothing is called that.", role="second")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._click)
        parent.installEventFilter(self)
        self.hide()

    def rows(self, query: str) -> Sequence[Row]:
        """What to list for what was typed; an overlay of a kind says it."""
        raise NotImplementedError

    def choose(self, row: Row) -> None:
        """What Enter does with a row; an overlay of a kind says it."""
        raise NotImplementedError

    def open(self) -> None:
        """Show it over the parent, with everything listed."""
        window = self.window()
        self._came_from = window.focusWidget()
        self._place()
        self.line.clear()
        self._search("")
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def shut(self) -> None:
        """Go away, and give the keyboard back to where it was."""
        came_from, self._came_from = self._came_from, None
        self.hide()
        if came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    @property
    def listed(self) -> list[Row]:
        """What is listed now."""
        return [self.list.item(i).data(_ROW) for i in range(self.list.count())]

    @property
    def current(self) -> Row | None:
        """The row that Enter would choose."""
        item = self.list.currentItem()
        row = item.data(_ROW) if item is not None else None
        return row if isinstance(row, Row) else None

    def _search(self, query: str) -> None:
        self.list.clear()
        for row in self.rows(query):
            item = QListWidgetItem(row.text)
            item.setData(_ROW, row)
            if row.heading:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{row.text}, {row.right}".rstrip(", ")
            )
            self.list.addItem(item)
        self._step_to(0, 1)
        self._none.setVisible(not self.list.count())

    def _step_to(self, index: int, step: int) -> None:
        while 0 <= index < self.list.count():
            if not self.list.item(index).data(_ROW).heading:
                self.list.setCurrentRow(index)
                if index == 1:
                    self.list.scrollToTop()
                return
            index += step

    def _enter(self) -> None:
        row = self.current
        if row is not None and row.on:
            self.shut()
            self.choose(row)

    def _click(self, item: QListWidgetItem) -> None:
        self.list.setCurrentItem(item)
        self._enter()

    def _place(self) -> None:
        around = self.parentWidget()
        if around is None:
            return
        width = min(680, around.width() - 40)
        height = min(520, around.height() - 60)
        top = max(20, min(84, around.height() - height - 20))
        self.setGeometry((around.width() - width) // 2, top, width, height)

    def _press(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.shut()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in _MOVES:
            step = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1
            far = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) else 8
            last = self.list.count() - 1
            self._step_to(min(max(self.list.currentRow() + step * far, 0), last), step)
        else:
            # Tab goes nowhere: there is one line to type in.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list while one types, and the size of what lies below."""
        if watched is self.line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._press(event)
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                self._lose_focus()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _lose_focus(self) -> None:
        window = self.window()
        if window.isActiveWindow() and window.focusWidget() is not self.line:
            self._came_from = None
            self.shut()


class _Rows(QStyledItemDelegate):
    """Draws a row with its key at the right; long sentences wrap where that is wanted."""

    def __init__(self, parent: QListWidget, *, wrap: bool) -> None:
        super().__init__(parent)
        self._list = parent
        self._wrap = wrap

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line, or as many as the sentence needs at this width."""
        row = index.data(_ROW)
        if not self._wrap or row.heading:
            return QSize(100, 34)
        width = max(100, self._list.viewport().width() - 28)
        lines = option.fontMetrics.boundingRect(  # type: ignore[attr-defined,unused-ignore]
            QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, row.text
        )
        return QSize(100, lines.height() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(_ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The application's: a style sheet puts a paler grey into the list's own palette.
        palette, box = QApplication.palette(), QRect(option.rect)
        picked = bool(option.state & QStyle.StateFlag.State_Selected)
        if picked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        ink = QPalette.ColorRole.HighlightedText if picked else QPalette.ColorRole.Text
        second = ink if picked else QPalette.ColorRole.PlaceholderText
        font = option.font
        if row.heading:
            font.setBold(True)
        painter.setFont(font)
        inner = box.adjusted(12, 4, -12, -4)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(second))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | middle, row.right)
        painter.setPen(palette.color(second if row.heading or not row.on else ink))
        room = painter.fontMetrics().horizontalAdvance(row.right)
        line = inner.adjusted(0, 0, -room - 12 if room else 0, 0)
        if self._wrap and not row.heading:
            painter.drawText(line, Qt.TextFlag.TextWordWrap | middle, row.text)
        else:
            shown = painter.fontMetrics().elidedText(
                row.text, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, shown)
        painter.restore()
