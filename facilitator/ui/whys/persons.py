"""Which answers stop at a person: asked of the hints, remembered for each text."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from facilitator.ui.hinting import Hinting

_FAMILIES: Final = {"person-fault", "human-error", "who-question"}
_AT_ONCE: Final = 0.06  # seconds that a layout may spend asking; the rest is asked when idle
_SLICE: Final = 0.008


class Persons(QObject):
    """Says of a text whether it stops at a person; thousands of texts are asked bit by bit."""

    learnt = Signal()

    def __init__(self, hinting: Hinting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hinting = hinting
        self._known: dict[str, bool] = {}
        self._waiting: dict[str, None] = {}
        self._spent = 0.0
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._ask_waiting)

    def begin(self) -> None:
        """A layout begins: it may ask for a moment, then answers come later."""
        if not self._waiting:
            self._spent = 0.0

    def stops(self, text: str) -> bool:
        """Whether this text stops at a person, as far as known; `learnt` tells when it is."""
        if not self._hinting.marks_shown:
            return False
        known = self._known.get(text)
        if known is not None:
            return known
        if self._spent < _AT_ONCE:
            return self.ask(text)
        self._waiting[text] = None
        self._idle.start()
        return False

    def ask(self, text: str) -> bool:
        """Whether this text stops at a person, asked now."""
        began = perf_counter()
        hints = self._hinting.find(text, "why")
        answer = any(h.names_person or h.family in _FAMILIES for h in hints)
        self._known[text] = answer
        self._spent += perf_counter() - began
        return answer

    def forget(self) -> None:
        """Names or rules are others: ask anew."""
        self._known.clear()
        self._waiting.clear()
        self.learnt.emit()

    def _ask_waiting(self) -> None:
        ends = perf_counter() + _SLICE
        while self._waiting and perf_counter() < ends:
            text = next(iter(self._waiting))
            del self._waiting[text]
            self.ask(text)
        if not self._waiting:
            self._idle.stop()
            self.learnt.emit()
