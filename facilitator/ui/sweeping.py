"""Python's garbage is collected in the window's thread alone, between two events.

Left to itself Python collects on whatever thread happens to ask for memory. A timer or widget that
dies on another thread than its own takes the whole app with it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

_PAUSE: Final = 1_000  # ms between two looks
_YOUNG: Final = 700  # objects more than before, from which looking for garbage pays; Python's own
_ALL_AFTER: Final = 60.0  # seconds between two collections of everything


class Sweeping(QTimer):
    """From when it is made on nobody else collects."""

    def __init__(self, parent: QObject, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        gc.disable()
        self._clock, self._all_at = clock, clock()
        self.setInterval(_PAUSE)
        self.timeout.connect(self.sweep)
        self.start()

    def sweep(self) -> None:
        """Collect what is young, and now and then everything."""
        young, _middle, old = gc.get_count()
        if young < _YOUNG:
            return
        now = self._clock()
        if old and now - self._all_at >= _ALL_AFTER:
            self._all_at = now
            gc.collect()
        else:
            gc.collect(1)
