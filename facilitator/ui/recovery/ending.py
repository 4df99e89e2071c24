"""When others end the app: a signal, the end of the desktop's session, a locked screen."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtGui import QGuiApplication, QSessionManager

from facilitator.ui.window import MainWindow

_ENDS: Final = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
]


class Ending(QObject):
    """Puts what is being typed on disk before the window goes, whoever ends it."""

    def __init__(self, app: QGuiApplication, window: MainWindow) -> None:
        super().__init__(app)
        self._app, self._window = app, window
        app.commitDataRequest.connect(self.end_of_session, Qt.ConnectionType.DirectConnection)
        app.applicationStateChanged.connect(self.look_away)
        self._read = -1
        # Elsewhere the end of the session is all that one is told.
        if sys.platform != "win32":
            self._listen()

    def end_of_session(self, manager: QSessionManager) -> None:
        """Keep what is typed; hold the session up only when there is no copy of it at all."""
        if not self._window.keep_typed() and manager.allowsInteraction():
            manager.cancel()

    def look_away(self, state: Qt.ApplicationState) -> None:
        """Keep what is typed when the screen is locked or another program comes to the front."""
        if state != Qt.ApplicationState.ApplicationActive and self._window.rescue is not None:
            self._window.rescue.settle()

    def stop(self) -> None:
        """Listen no more."""
        if self._read >= 0:
            signal.set_wakeup_fd(-1)
            for each in _ENDS:
                signal.signal(each, signal.SIG_DFL)
            self._notifier.setEnabled(False)
            os.close(self._read)
            os.close(self._write)
            self._read = -1

    def _listen(self) -> None:
        # Python hears a signal only when it is its turn; the pipe wakes Qt's loop, which gives it.
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for each in _ENDS:
            signal.signal(each, _wake)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def _heard(self) -> None:
        if set(os.read(self._read, 64)) & set(_ENDS) and self._window.close():
            self._app.quit()


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Nothing to do here: the pipe tells the window."""
