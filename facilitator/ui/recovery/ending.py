"""When others end the app: a signal, the end of the desktop's session, a console, a lost display.

Qt as it comes here speaks no session protocol on Linux: there a session ends by a signal, or by the
display going away. Elsewhere Qt tells.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

from PySide6.QtCore import (
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QSessionManager

from facilitator.store.problems import NotSaved
from facilitator.ui.drafting import settle_all
from facilitator.ui.recovery.console import Console, listen_to_windows
from facilitator.ui.window import MainWindow

_ENDS: Final = [
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
_DISPLAY_LOST: Final = "connection broke"  # so Qt says of X11 and Wayland, and exits
_PATIENCE: Final = 4.0  # seconds for a disk, when nobody can be asked any more

Hear = Callable[[QtMsgType, Any, str], object]


class Ending(QObject):
    """Puts what is being typed on disk before the window goes, whoever ends it."""

    def __init__(self, app: QGuiApplication, window: MainWindow) -> None:
        super().__init__(app)
        self._app, self._window = app, window
        app.commitDataRequest.connect(self.end_of_session, Qt.ConnectionType.DirectConnection)
        app.applicationStateChanged.connect(self.look_away)
        self._read = -1
        for each in _ENDS:
            signal.signal(each, self._wake)
        if sys.platform != "win32":
            self._listen()
        self._console = Console(listen_to_windows, self)
        self._console.closes.connect(self.end)
        self._gone = False
        self._hear_before: Hear | None = qInstallMessageHandler(self._hear_qt)

    def end(self) -> None:
        """Commit what is typed, close everything, and end."""
        # Nobody may be there to say whether a disk that hangs is to be waited for.
        self._window.waiting.leaves_by_itself = True
        if self._window.close():
            self._app.quit()

    def end_of_session(self, manager: QSessionManager) -> None:
        """Commit what is typed; hold the session up only when there is no copy of it at all.

        The window is closed by Qt, once everybody has agreed to the end.
        """
        if self._window.desk is not None:
            self._window.desk.end()
            self._window.desk.go_on()
        if not self._window.keep_typed() and manager.allowsInteraction():
            manager.cancel()

    def look_away(self, state: Qt.ApplicationState) -> None:
        """Keep what is typed when the screen is locked or another program comes to the front."""
        if state != Qt.ApplicationState.ApplicationActive and self._window.rescue is not None:
            self._window.rescue.settle()

    def lose_display(self) -> None:
        """Put on disk what there is, at once and without showing anything: Qt is about to exit."""
        self._gone = True
        settle_all(self._window)
        closing = threading.Thread(target=self._close_library, daemon=True)
        closing.start()
        closing.join(_PATIENCE)

    def stop(self) -> None:
        """Listen no more."""
        if self._read >= 0:
            signal.set_wakeup_fd(-1)
            self._notifier.setEnabled(False)
            os.close(self._read)
            os.close(self._write)
            self._read = -1
        for each in _ENDS:
            signal.signal(each, signal.SIG_DFL)
        qInstallMessageHandler(self._hear_before)

    def _listen(self) -> None:
        # Python hears a signal only when it is its turn; the pipe wakes Qt's loop, which gives it.
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def _heard(self) -> None:
        if set(os.read(self._read, 64)) & set(_ENDS):
            self.end()

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        # Where the pipe wakes the loop there is nothing to do. Windows has none; there Python's
        # turn comes with the next timer of the window, which is never far.
        if self._read < 0:
            QTimer.singleShot(0, self, self.end)

    def _hear_qt(self, kind: QtMsgType, context: Any, message: str) -> None:  # noqa: ANN401
        if self._hear_before is not None:
            self._hear_before(kind, context, message)
        elif sys.stderr is not None:
            sys.stderr.write(f"{message}\n")
        if _DISPLAY_LOST in message and not self._gone:
            self.lose_display()

    def _close_library(self) -> None:
        # What the disk does not take is in the second copy.
        with suppress(NotSaved):
            self._window.library.close()
