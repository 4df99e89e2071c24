"""Rows of a list with quiet underlines below words that may blame."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facilitator.ui.marks import HintsIn, Underline, no_hints, underlines
from facilitator.ui.theme import Theme

KEY: Final = Qt.ItemDataRole.UserRole + 1  # kind:id:field of the text
TEXT: Final = Qt.ItemDataRole.UserRole + 2  # the text, with which the row begins
_TALL: Final = 100_000


class MarkedRows(QStyledItemDelegate):
    """Draws rows as ever, and lines below the hinted words of those that have some."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hints_in: HintsIn = no_hints

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        super().paint(painter, option, index)
        corner, lines = self.lines(option, index)
        painter.save()
        for line in lines:
            line.draw(painter, corner, self._theme.color("hint"))
        painter.restore()

    def lines(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[QPointF, tuple[Underline, ...]]:
        """The lines of a row, and the corner of its text."""
        hints = self.hints_in(str(index.data(KEY)), str(index.data(TEXT)))
        if not hints:
            return QPointF(), ()
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        style = full.widget.style()
        edge = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, full.widget) + 1
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, full, full.widget)
        box = box.adjusted(edge, 0, -edge, 0)
        flags = int(Qt.TextFlag.TextWordWrap)
        room = QRect(0, 0, box.width(), _TALL)
        tall = full.fontMetrics.boundingRect(room, flags, full.text).height()
        wrapping = QTextOption()
        wrapping.setWrapMode(QTextOption.WrapMode.WordWrap)
        top = box.top() + max(0, box.height() - tall) / 2
        return QPointF(box.left(), top), underlines(
            full.text, full.text, hints, font=full.font, width=box.width(), option=wrapping
        )
