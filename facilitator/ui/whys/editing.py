"""The field that lies over a card while its words are typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from facilitator.ui.fields import TextField, is_leaving
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

NEW: Final = "new"  # stands for the id of a card that is no record yet
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Editing:
    """The card being typed on; a new one knows its parent and the sibling it comes beside."""

    node: str
    parent: str = ""
    after: str = ""
    before: str = ""
    came_from: str = ""
    offered: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the card is no record yet."""
        return self.node == NEW

    @property
    def key(self) -> str:
        """The key of its draft: a new card is found again by its parent."""
        return f"why:{NEW}:{self.parent}" if self.is_new else f"why:{self.node}:text"


class WhyField(TextField):
    """A text field that also says how it was left: `finished` with what to do next."""

    finished = Signal(str)  # "enter", "child", "sibling", "cancel" or "left"

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme, parent: QWidget) -> None:
        super().__init__(session, hinting, theme, key=f"why:{NEW}:", field="why", parent=parent)
        self._offered = ""
        self.setTabChangesFocus(False)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setStyleSheet(
            "QPlainTextEdit, QPlainTextEdit:focus"
            " { border: none; background: transparent; padding: 0; border-radius: 0; }"
        )
        self.setAccessibleName("Words of this answer")

    def offer(self, text: str) -> None:
        """Show words that are neither committed nor a draft until they are touched."""
        self._offered = text
        self._showing = True
        self.setPlainText(text)
        self._showing = False
        self._fit()

    def take_offer(self) -> None:
        """Commit the offered words as they stand."""
        self._offered = ""
        self.commit()

    def rekey(self, key: str) -> None:
        """Show another answer's words from now on."""
        super().rekey(key)
        self._offered = ""

    def _said(self) -> str | None:
        return None if self._offered and self.toPlainText() == self._offered else super()._said()

    def commit(self) -> None:
        """Make what is typed part of the document; untouched words that were offered are not."""
        if not self._offered or self.toPlainText() != self._offered:
            super().commit()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Tab asks the next why instead of leaving."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Tab and Ctrl+Enter commit and go on; Esc goes back."""
        way = _way_out(event)
        if way == "cancel":
            self.cancel()
        elif way:
            self.commit()
        if way:
            self.finished.emit(way)
        elif event.key() not in (Qt.Key.Key_Backtab, Qt.Key.Key_Tab):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving commits; a menu or another window does not."""
        super().focusOutEvent(event)
        if is_leaving(event):
            self.finished.emit("left")


def _way_out(event: QKeyEvent) -> str:
    key = event.key()
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key == Qt.Key.Key_Escape and not held:
        return "cancel"
    if key == Qt.Key.Key_Tab and not held:
        return "child"
    if key in _ENTER and not held:
        return "enter"
    if key in _ENTER and held == Qt.KeyboardModifier.ControlModifier:
        return "sibling"
    return ""
