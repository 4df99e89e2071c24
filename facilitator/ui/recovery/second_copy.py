"""While a disk hangs, what it does not take is kept on this computer, edit after edit."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from facilitator.store.library import Library
from facilitator.store.problems import NotSaved
from facilitator.ui.tasks import Tasks

if TYPE_CHECKING:
    from facilitator.session import Saving
    from facilitator.ui.qt_session import QtSession

PAUSE: Final = 1_000  # ms in which nothing reached the disk
SECOND_COPY: Final = "second copy on this computer"  # so the store says that its spool has it


def let_go(library: Library) -> None:
    """Close a library that may be gone; what it lacks stays in the second copy."""
    with suppress(NotSaved):
        library.close()


class SecondCopy(QObject):
    """Watches one session; a disk that fails is the store's own business, one that hangs is not."""

    told = Signal(bool)  # whether all that waits is kept

    def __init__(self, session: QtSession, library: Library, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._library, self._tasks = library, tasks
        self._running = self.is_made = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.make)
        session.saving.connect(self._follow)

    def go_on_in(self, library: Library) -> None:
        """Keep for another library from now on."""
        self._library = library

    def make(self) -> None:
        """Keep what waits now, and again after each pause in which nothing reached the disk."""
        if not self._running:
            self._running = True
            self._tasks.run(self._library.keep_waiting, done=self._kept, failed=self._failed)
        self._pause.start()

    def _follow(self, saving: Saving) -> None:
        if saving.state == "saving":
            self._pause.start()
        else:
            self._pause.stop()
            self.is_made = False

    def _kept(self, path: Path | None) -> None:
        self._running, self.is_made = False, path is not None
        self.told.emit(self.is_made)

    def _failed(self, error: Exception) -> None:
        self._kept(None)
        if not isinstance(error, NotSaved):
            raise error
