"""Reading ahead: what opening an incident would wait for, a little at a time while nobody waits."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

_BETWEEN: Final = 30  # ms in which the window answers keys before the next piece of work
_AT_FIRST: Final = 250  # ms after the first window, so that it is painted and ready


class Warming(QObject):
    """Goes through the work piece by piece; each piece is short, so that no key waits for it."""

    def __init__(self, work: Iterator[None], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._timer = QTimer(self)
        self._timer.setInterval(_AT_FIRST)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self._timer.isActive()

    def start(self) -> None:
        """Begin, a moment from now."""
        self._timer.start()

    def _go_on(self) -> None:
        self._timer.setInterval(_BETWEEN)
        try:
            next(self._work)
        except StopIteration:
            self._timer.stop()
            # What was read stays for good: a full collection need not walk it in a meeting.
            gc.collect()
            gc.freeze()
        except BaseException:
            # Whoever needs it will meet the same fault; here it is told once.
            self._timer.stop()
            raise
