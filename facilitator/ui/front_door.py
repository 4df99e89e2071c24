"""Hears when a second window on the same library asks this one to come to the front."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from facilitator.front import take_request
from facilitator.ui.tasks import Tasks

_PAUSE: Final = 500  # ms between two looks


class FrontDoor(QTimer):
    """Looks for a request beside the library that is open, and never in the window's thread."""

    asked = Signal()

    def __init__(self, library: Callable[[], Path], tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._library, self._tasks = library, tasks
        self._looking = False
        self.setInterval(_PAUSE)
        self.timeout.connect(self.look)
        self.start()

    def look(self) -> None:
        """Look once; while a look at a disk that hangs goes on no other is begun."""
        if not self._looking:
            self._looking = True
            self._tasks.run(take_request, self._library(), done=self._looked)

    def _looked(self, asked: bool) -> None:
        self._looking = False
        if asked:
            self.asked.emit()
