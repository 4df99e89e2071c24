"""The keys of the desk and of its canvases, in one table (F1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facilitator.ui.actions import COMMANDS
from facilitator.ui.labels import PlainLabel, button

Keys = tuple[tuple[str, str], ...]

CANVAS_KEYS: Final[dict[str, Keys]] = {
    "5 Whys, with the focus on the tree": (
        ("Tab", "Ask the next why"),
        ("Enter", "Another cause beside this one"),
        ("Shift Enter", "Another cause before this one"),
        ("F2, or type", "Edit the answer"),
        ("Arrows", "Go to the next answer in that direction"),
        ("Home, End", "First or last answer beside this one"),
        ("Space", "Fold or unfold the branch"),
        ("Ctrl ↑ ↓", "Move up or down among its siblings"),
        ("Ctrl ← →", "Move out or in by one level"),
        ("Del", "Delete the branch (Undo brings it back)"),
        ("Ctrl D", "Duplicate"),
        ("Ctrl C, X, V", "Copy, cut, paste, also as indented text"),
        ("Esc, F6", "Leave the tree"),
    ),
    "While an answer is typed": (
        ("Enter", "Commit"),
        ("Tab", "Commit and ask the next why"),
        ("Ctrl Enter", "Commit and add another cause"),
        ("Shift Enter", "New line"),
        ("Esc", "Back to what stood there"),
    ),
    "Timeline": (
        ("← →", "Previous or next moment in time"),
        ("↑ ↓", "The lane above or below"),
        ("Insert", "Add a moment"),
        ("Enter, F2", "Edit the moment"),
        ("Ctrl ← →", "Move it by 1 minute"),
        ("Ctrl Shift ← →", "Move it by 10 minutes"),
        ("Alt ← →", "Move it by 1 second"),
        ("Ctrl ↑ ↓", "Move it to another lane"),
        ("Ctrl 0, + −", "Fit, zoom in, zoom out"),
        ("Shift click", "Length between two moments"),
        ("Ctrl V", "Paste time-stamped lines as moments"),
        ("Esc, F6", "Leave the timeline"),
    ),
    "In any text": (
        ("Enter", "Commit"),
        ("Shift Enter", "New line"),
        ("Esc", "Back to the committed text"),
        ("Alt Enter", "Use the rewording"),
    ),
}


def command_keys() -> Iterator[tuple[str, Keys]]:
    """The commands that have a key, by group, with every key of each."""
    with_keys = [c for c in COMMANDS if c.keys]
    for group in dict.fromkeys(c.group for c in with_keys):
        yield group, tuple((_shown(c.keys), c.text) for c in with_keys if c.group == group)


def _shown(keys: tuple[str, ...]) -> str:
    shown = (key.replace("Return", "Enter").replace("+", " ") for key in keys)
    return ", ".join(dict.fromkeys(shown))


class KeysDialog(QDialog):
    """Shows every key, in two columns where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setModal(True)
        inside = QWidget()
        inside.setProperty("plain", True)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(18, 12, 18, 12)
        columns.setSpacing(36)
        columns.addLayout(_column(command_keys()), 1)
        columns.addLayout(_column(iter(CANVAS_KEYS.items())), 1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Keys")
        close = button("Close", primary=True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(PlainLabel("Ctrl K finds every command by its words.", role="second"), 1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        self.resize(1000, 640)


def _column(groups: Iterator[tuple[str, Keys]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(14)
    for heading, keys in groups:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        grid.addWidget(PlainLabel(heading, role="heading"), 0, 0, 1, 2)
        for row, (pressed, does) in enumerate(keys, 1):
            cap = PlainLabel(pressed)
            cap.setStyleSheet("font-weight: 600;")
            grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(does, wrap=True), row, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
    column.addStretch(1)
    return column
