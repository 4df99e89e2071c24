"""A button for what cannot be undone: it wants a second press, and not that of a double click."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

CONSIDER: Final = 0.8  # seconds in which the second press of a double click does not count


class TwiceButton(QPushButton):
    """Says `words` first; pressed once it says `then`, and pressed again `agreed` is told."""

    agreed = Signal()

    def __init__(
        self,
        words: str,
        then: str,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(words, parent)
        self._words, self._then, self._clock = words, then, clock
        self._armed_at: float | None = None
        self.setAutoDefault(False)
        self.clicked.connect(self._press)
        self.disarm()

    @property
    def is_armed(self) -> bool:
        """Whether the next press does it."""
        return self._armed_at is not None

    def disarm(self) -> None:
        """Ask anew: what would be done has changed."""
        self._armed_at = None
        self.setStyleSheet("")
        self.setText(self._words)
        self.setAccessibleName(f"{self._words.rstrip('…')}, asks once more")

    def _press(self) -> None:
        if self._armed_at is None:
            self._armed_at = self._clock()
            danger = QApplication.palette().color(QPalette.ColorRole.BrightText).name()
            self.setStyleSheet(f"color: {danger}; border-color: {danger};")
            self.setText(self._then)
            self.setAccessibleName(self._then)
        elif self._clock() - self._armed_at >= CONSIDER:
            self.agreed.emit()
