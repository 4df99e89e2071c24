"""The list of incidents on the start page: two lines each, drawn as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facilitator.model.times import day_text, length_text
from facilitator.store.summaries import Summary
from facilitator.ui.labels import shortened
from facilitator.ui.theme import Theme
from facilitator.ui.zones import named_time

STATE_WORDS: Final = {
    "planned": "Planned",
    "running": "Meeting runs",
    "held": "Meeting held",
    "final": "Final, not all signed",
    "signed": "Signed",
}
_SUMMARY: Final = Qt.ItemDataRole.UserRole
_TALL: Final = 66
Index = QModelIndex | QPersistentModelIndex


def line_about(summary: Summary) -> str:
    """When it was, how long it took, in the incident's own zone, and what is still to do."""
    parts = []
    if summary.started_at is not None:
        day = day_text(summary.started_at, summary.zone)
        parts.append(f"{day}, {named_time(summary.started_at, summary.zone)}")
        if summary.resolved_at is not None:
            parts.append(length_text(summary.resolved_at - summary.started_at))
    else:
        parts.append(f"Begun {day_text(summary.created_at, summary.zone)}")
    if summary.open_actions:
        many = "s" if summary.open_actions > 1 else ""
        parts.append(f"{summary.open_actions} open action{many}")
    return " · ".join(parts)


class RecentList(QListWidget):
    """Incidents, newest change first. Enter or a double click opens, Delete asks."""

    open_asked = Signal(str)
    delete_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Incidents in this library")
        self.setItemDelegate(_Rows(theme, self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setStyleSheet("RecentList { border: none; }")
        self.itemDoubleClicked.connect(self._open)

    def show_incidents(self, summaries: Iterable[Summary]) -> None:
        """Show these, the one changed last on top."""
        picked = self.picked
        self.clear()
        for summary in sorted(summaries, key=lambda s: s.changed_at, reverse=True):
            item = QListWidgetItem(shortened(summary.title, 300))
            item.setData(_SUMMARY, summary)
            state = STATE_WORDS.get(summary.state, summary.state)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{shortened(summary.title)}, {summary.severity or 'no severity'}, {state},"
                f" {line_about(summary)}",
            )
            self.addItem(item)
            if picked is not None and picked.id == summary.id:
                self.setCurrentItem(item)
        if self.count() and self.currentRow() < 0:
            self.setCurrentRow(0)

    @property
    def picked(self) -> Summary | None:
        """The incident that is selected."""
        item = self.currentItem()
        found = item.data(_SUMMARY) if item is not None else None
        return found if isinstance(found, Summary) else None

    def _open(self, _item: QListWidgetItem) -> None:
        if self.picked is not None:
            self.open_asked.emit(self.picked.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete asks."""
        picked = self.picked
        if picked is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit(picked.id)
        elif picked is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit(picked.id)
        else:
            super().keyPressEvent(event)


class _Rows(QStyledItemDelegate):
    """Draws a row: title and severity, under them when and how far."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are equally tall."""
        return QSize(200, _TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one incident."""
        summary = index.data(_SUMMARY)
        if not isinstance(summary, Summary):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(option.rect).adjusted(4, 2, -4, -2)
        self._ground(painter, box, option)
        inner = box.adjusted(14, 8, -14, -8)
        upper = QRect(inner.left(), inner.top(), inner.width(), 22)
        lower = QRect(inner.left(), inner.top() + 26, inner.width(), 20)
        state = STATE_WORDS.get(summary.state, summary.state)
        room = self._right(painter, upper, state) + 16
        left = self._severity(painter, upper, summary.severity)
        title = upper.adjusted(left, 0, -room, 0)
        words = f"{summary.title} (sample)" if summary.sample else summary.title
        self._text(painter, title, words, self._theme.font(15, 600), "text")
        self._text(painter, lower, line_about(summary), self._theme.font(13), "text.second")
        painter.restore()

    def _ground(self, painter: QPainter, box: QRect, option: QStyleOptionViewItem) -> None:
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selection" if selected else "card"))
            painter.drawRoundedRect(box, 8, 8)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)

    def _right(self, painter: QPainter, line: QRect, words: str) -> int:
        font = self._theme.font(13, 600)
        painter.setFont(font)
        painter.setPen(self._theme.color("text.second"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        return painter.fontMetrics().horizontalAdvance(words)

    def _severity(self, painter: QPainter, line: QRect, severity: str) -> int:
        if not severity:
            return 0
        chip = QRect(line.left(), line.top() + 1, 34, 20)
        loud = severity in ("P0", "P1")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("severity.ground" if loud else "card"))
        painter.drawRoundedRect(chip, 5, 5)
        painter.setFont(self._theme.font(13, 700))
        painter.setPen(self._theme.color("severity" if loud else "text.second"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, severity)
        return chip.width() + 10

    def _text(self, painter: QPainter, line: QRect, words: str, font: QFont, token: str) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        shown = painter.fontMetrics().elidedText(
            shortened(words, 300), Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
