"""The list of what was begun: each text with its place, to put back, to copy or to forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facilitator.ui.labels import PlainLabel, button, panel
from facilitator.ui.recovery.typed import Typed

_LONGEST: Final = 1_000  # characters shown; copied and put back are all


class TypedRow(QWidget):
    """One text with its buttons. What is to be forgotten goes when the list is closed."""

    put_back_asked = Signal(object)  # Typed

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed
        self.is_forgotten = False
        self._text = PlainLabel(_shown(typed.text), wrap=True)
        self.back = button("Put back")
        self.back.clicked.connect(self._put_back)
        self.back.setVisible(not typed.is_homeless)
        self.copy = button("Copy")
        self.copy.clicked.connect(self._copy)
        self.forget = button("Forget")
        self.forget.clicked.connect(self._forget)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for each in (self.back, self.copy, self.forget):
            each.setAccessibleName(f"{each.text()}: {typed.place}")
            buttons.addWidget(each)
        buttons.addStretch(1)
        card = panel("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 8, 12, 10)
        inside.setSpacing(6)
        inside.addWidget(PlainLabel(typed.place, role="heading", wrap=True))
        inside.addWidget(self._text)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(card)

    def _put_back(self) -> None:
        self.put_back_asked.emit(self.typed)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.typed.text)
        self.copy.setText("Copied")

    def _forget(self) -> None:
        self.is_forgotten = not self.is_forgotten
        self.forget.setText("Keep it after all" if self.is_forgotten else "Forget")
        for each in (self._text, self.back, self.copy):
            each.setEnabled(not self.is_forgotten)


class TypedDialog(QDialog):
    """Lists what was begun; tells what is wanted of it when it closes."""

    put_back_asked = Signal(object)  # Typed
    forgotten = Signal(object)  # Typed

    def __init__(self, texts: Sequence[Typed], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("You had begun to type")
        self.setModal(True)
        self.rows = [TypedRow(typed) for typed in texts]
        leave = button("Close", primary=True)
        leave.setDefault(True)
        leave.clicked.connect(self.accept)
        inside = QWidget()
        listed = QVBoxLayout(inside)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(8)
        for row in self.rows:
            row.put_back_asked.connect(self._put_back)
            listed.addWidget(row)
        listed.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        last = QHBoxLayout()
        last.addWidget(PlainLabel(_ABOUT, role="second", wrap=True), 1)
        last.addWidget(leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("You had begun to type …", role="title"))
        column.addWidget(scroll, 1)
        column.addLayout(last)
        self.resize(600, min(560, 190 + 120 * len(self.rows)))
        if self.rows:
            (self.rows[0].copy if self.rows[0].typed.is_homeless else self.rows[0].back).setFocus()

    def done(self, result: int) -> None:
        """Whatever closes the list, what is to be forgotten is forgotten now."""
        for row in self.rows:
            if row.is_forgotten:
                self.forgotten.emit(row.typed)
        super().done(result)

    def _put_back(self, typed: Typed) -> None:
        self.accept()
        self.put_back_asked.emit(typed)


_ABOUT: Final = "Kept beside the incident: in no report, on no room screen."


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
