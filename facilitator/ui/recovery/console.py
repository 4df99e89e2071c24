"""The console that a window was started from, on Windows: it is closed, or its session ends.

Windows ends the process as soon as whoever was told has answered. So the answer is held back, on
the thread that Windows tells, until the window has put everything on disk.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

CLOSED, LOGGED_OFF, SHUT_DOWN = 2, 5, 6
_PATIENCE: Final = 4.5  # seconds; Windows waits for five

Tell = Callable[[int], bool]


class Console(QObject):
    """Tells, in the thread that made it, that all has to be on disk when the slot returns."""

    closes = Signal()
    _heard = Signal(object)  # threading.Event

    def __init__(self, listen: Callable[[Tell], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard.connect(self._close, Qt.ConnectionType.QueuedConnection)
        # Kept for as long as Windows may call it.
        self._kept = listen(self.tell)

    def tell(self, kind: int) -> bool:
        """For Windows, on a thread of its own: whether this kind of end was seen to."""
        if kind not in (CLOSED, LOGGED_OFF, SHUT_DOWN):
            return False
        done = threading.Event()
        self._heard.emit(done)
        return done.wait(_PATIENCE)

    def _close(self, done: threading.Event) -> None:
        try:
            self.closes.emit()
        finally:
            done.set()


def listen_to_windows(tell: Tell) -> Any:  # noqa: ANN401  (only Windows knows the type)
    """Have Windows call `tell` for the console, for as long as what is returned is kept."""
    if sys.platform != "win32":
        return None
    heard = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(tell)
    ctypes.WinDLL("kernel32").SetConsoleCtrlHandler(heard, 1)
    return heard
