"""Phase four: five tiles, one answer, others as contributing; then the label."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.edits.incident import change_incident, choose_level, toggle_other_level
from facilitator.model.records import CHAIN_LEVELS, LABELS, Incident
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

LEVEL_HELP: Final = {
    "strategy": "What we chose to build, and what we chose to leave",
    "discovery": "What we learned about people before building",
    "scope": "What the story said it had to handle",
    "execution": "How it was built, reviewed and tested",
    "operation": "How it was released, watched and repaired",
}
LABEL_HELP: Final = {
    "scenario-gap": "the code does what was specified; nobody wrote a scenario for this case",
    "adr-drift": "the scenario passes, the code breaks an architecture decision",
    "integration-gap": "two systems meant to work together do not",
    "observation-mismatch": "works as specified, not as the person needs",
    "configuration": "the code is right, its settings were not",
}


class LevelTile(QWidget):
    """One chain level: letter, name, one line of help; chosen, contributing, or neither."""

    chosen = Signal(str)
    contributing = Signal(str)

    def __init__(self, level: str, theme: Theme) -> None:
        super().__init__()
        self._level = level
        self._theme = theme
        self._state = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(110, 96)

    def show_state(self, state: str) -> None:
        """Show "chosen", "contributing" or nothing."""
        self._state = state
        said = {"chosen": ", the missing level", "contributing": ", contributing"}.get(state, "")
        self.setAccessibleName(f"{self._level.capitalize()}{said}")
        self.setAccessibleDescription(LEVEL_HELP[self._level])
        self.update()

    def sizeHint(self) -> QSize:
        """About a fifth of the board."""
        return QSize(190, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tile."""
        ink = self._theme.color(f"level.{self._level}")
        chosen = self._state == "chosen"
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(ink if self._state else self._theme.color("border"), 3 if chosen else 1)
            if self._state == "contributing":
                pen = QPen(ink, 2, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(self._theme.color("selection" if chosen else "ground"))
            painter.drawRoundedRect(box, 8, 8)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.color("focus"), 3))
                painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 6, 6)
            self._paint_words(painter, box.adjusted(10, 8, -10, -8))

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        px = max(13, self.fontInfo().pixelSize())
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.setPen(self._theme.color(f"level.{self._level}"))
        painter.setFont(self._theme.font(px + 5, QFont.Weight.Bold))
        head = QRectF(box.x(), box.y(), box.width(), (px + 5) * 1.45)
        painter.drawText(head, wrap, self._level.capitalize())
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(px - 1))
        words = LEVEL_HELP[self._level]
        below = QRectF(box.x(), head.bottom(), box.width(), box.bottom() - head.bottom())
        painter.drawText(below, wrap, words)
        if self._state:
            painter.setFont(self._theme.font(px - 1, QFont.Weight.Bold))
            state = "✓ Missing level" if self._state == "chosen" else "Contributing"
            foot = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(box, foot, state)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses; with Ctrl it marks as contributing."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.contributing.emit(self._level)
        else:
            self.chosen.emit(self._level)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """The other button marks as contributing."""
        self.contributing.emit(self._level)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space chooses; Shift with them marks as contributing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.contributing.emit(self._level)
        else:
            self.chosen.emit(self._level)


class LevelBoard(QWidget):
    """Which chain level was missing? Exactly one answer."""

    def __init__(self, session: QtSession, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self.setProperty("plain", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        question = PlainLabel("Which chain level was missing?", role="title")
        help_line = PlainLabel(
            "Click or Enter: the missing level · Ctrl+click or Shift+Enter: contributing",
            role="second",
        )
        self._tiles = {level: LevelTile(level, theme) for level in CHAIN_LEVELS}
        tiles = QHBoxLayout()
        tiles.setSpacing(8)
        for tile in self._tiles.values():
            tile.chosen.connect(self._choose)
            tile.contributing.connect(self._contribute)
            tiles.addWidget(tile)
        self._label = Choice()
        self._label.setAccessibleName("Label")
        self._label.addItem("Label: not set")
        for label in LABELS:
            self._label.addItem(f"{label}: {LABEL_HELP[label]}")
        self._label.activated.connect(self._set_label)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.addWidget(question)
        column.addWidget(help_line)
        column.addLayout(tiles, 1)
        column.addWidget(self._label)
        session.changed.connect(self._follow)
        self._show()

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Incident) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        incident = self._session.document.incident
        for level, tile in self._tiles.items():
            other = "contributing" if level in incident.other_levels else ""
            tile.show_state("chosen" if level == incident.level else other)
        self._label.setCurrentIndex(LABELS.index(incident.label) + 1 if incident.label else 0)

    def _choose(self, level: str) -> None:
        again = level == self._session.document.incident.level
        self._session.do(choose_level, "" if again else level)

    def _contribute(self, level: str) -> None:
        self._session.do(toggle_other_level, level)

    def _set_label(self, index: int) -> None:
        label = LABELS[index - 1] if index else ""
        self._session.do(change_incident, label=label)
