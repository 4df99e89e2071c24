"""The ways out of a desk and of the window: first all is on disk, or kept in a second copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSettings

from facilitator.store.library import Library
from facilitator.store.problems import NotSaved
from facilitator.ui.recovery.second_copy import SECOND_COPY
from facilitator.ui.tasks import GaveUp

if TYPE_CHECKING:
    from facilitator.ui.filing import IncidentWindow

GEOMETRY: Final = "window/geometry"
_AS_LONG_AS_IT_TAKES: Final = 3600.0  # seconds: whether to wait is for the person to say


class Leaving:
    """Closes a window's desk and library; nothing that was typed is lost on the way."""

    def __init__(self, window: IncidentWindow) -> None:
        self._window = window
        self._told = self._gone = False
        self.is_on = False

    def leave_desk(self) -> bool:
        """Close the desk; False when something is not on disk: then it stays, and says so."""
        try:
            self._close_desk()
        except (NotSaved, GaveUp) as problem:
            self._window.waiting.leaves_by_itself = False
            if self._window.rescue is not None:
                self._window.rescue.refuse_leaving(str(problem))
            return False
        return True

    def leave_window(self, geometry: QByteArray | None) -> bool:
        """Close the desk, then the library; False when the window has to stay.

        `geometry` is kept for the next time.
        """
        if self._gone:
            return True
        self.is_on = True
        try:
            agreed = self._is_agreed()
            self._gone = self.leave_desk() and self._close_library(geometry, agreed=agreed)
        finally:
            self.is_on = False
        return self._gone

    def _close_desk(self) -> None:
        window = self._window
        if window.desk is not None:
            # What is being typed is committed by leaving the field.
            window.setFocus()
            window.desk.end()
            try:
                self._save()
            except (NotSaved, GaveUp):
                if not self._is_agreed():
                    window.desk.go_on()
                    raise
                # Agreed to: the second copy has it.
                window.desk.session.let_go()
            window.desk = window.rescue = None
        if window.room is not None:
            window.room.close()
            window.room = None

    def _save(self) -> None:
        window = self._window
        if window.desk is None:
            return
        session = window.desk.session.session
        window.waiting.leaves_by_itself |= self._is_agreed()
        if session.saving.state != "saved":
            wait = partial(session.wait, _AS_LONG_AS_IT_TAKES)
            window.waiting.work("Saving the last edits …", wait, late=_nothing)
        window.desk.session.close()

    def _close_library(self, geometry: QByteArray | None, *, agreed: bool) -> bool:
        window = self._window
        try:
            window.waiting.work("Closing the library …", _close, window.library, geometry)
        except NotSaved as problem:
            # Said once: nothing more can be done about it, for the library is closed.
            if not (agreed or self._told or SECOND_COPY in str(problem)):
                self._told = True
                window.tell(f"Not everything is on disk: {problem}")
                return False
        return True

    def _is_agreed(self) -> bool:
        rescue = self._window.rescue
        return rescue is not None and rescue.may_leave_unsaved


def _close(library: Library, geometry: QByteArray | None) -> None:
    if geometry is not None:
        QSettings().setValue(GEOMETRY, geometry)
    library.close()


def _nothing(_result: object) -> None:
    """Nobody waits for it any more."""
