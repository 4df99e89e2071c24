"""The open incident for widgets: edits in, signals out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from facilitator.model.change import Edit, Refused
from facilitator.model.document import Document
from facilitator.session import NotSaved, Saving, Session


class QtSession(QObject):
    """Wraps a session: what was done arrives as signals, in the GUI thread."""

    changed = Signal(object)  # Edit
    saving = Signal(object)  # Saving
    refused = Signal(str)  # a sentence for the facilitator
    drafts_changed = Signal()
    _saving_heard = Signal(object, object)  # Session, Saving

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        # The writer thread calls; a queued signal brings it over to this thread.
        self._saving_heard.connect(self._tell_saving)
        self._stops: tuple[Callable[[], None], ...] = ()
        self._listen()

    @property
    def session(self) -> Session:
        """The session itself."""
        return self._session

    @property
    def document(self) -> Document:
        """The incident as it is now."""
        return self._session.document

    @property
    def undo_label(self) -> str:
        """What Undo would take back, or nothing."""
        return self._session.undo_label

    @property
    def redo_label(self) -> str:
        """What Redo would do again, or nothing."""
        return self._session.redo_label

    def do(self, function: Callable[..., Edit], *values: Any, **named: Any) -> bool:  # noqa: ANN401
        """Do what the function makes of the document; False when it was refused."""
        return self._take(self._session.do, function, values, named)

    def record(self, function: Callable[..., Edit], *values: Any, **named: Any) -> bool:  # noqa: ANN401
        """The same for what undo leaves alone: the clock, revisions, signatures."""
        return self._take(self._session.record, function, values, named)

    def undo(self) -> None:
        """Take the newest step back."""
        self._step(self._session.undo)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._step(self._session.redo)

    def keep_draft(self, key: str, text: str) -> None:
        """Keep what is being typed, beside the document."""
        self._session.keep_draft(key, text)
        self.drafts_changed.emit()

    def drop_draft(self, key: str) -> None:
        """Forget what was being typed: it is committed or given up."""
        if key in self._session.drafts:
            self._session.drop_draft(key)
            self.drafts_changed.emit()

    def draft(self, key: str) -> str | None:
        """What was being typed here when the app ended, if anything."""
        return self._session.drafts.get(key)

    def close(self) -> None:
        """Close the session and stop listening. Raises NotSaved, and then stays open."""
        if self._stops:
            self._session.close()
        self.let_go()

    def let_go(self) -> None:
        """Stop listening without waiting for the disk: the incident goes on elsewhere, or later."""
        for stop in self._stops:
            stop()
        self._stops = ()

    def go_on_with(self, session: Session) -> None:
        """Be another session of the same incident from now on: what widgets show stays as it is."""
        self.let_go()
        self._session = session
        self._listen()
        self.changed.emit(Edit("", ()))
        self.saving.emit(session.saving)

    def _listen(self) -> None:
        self._stops = (
            self._session.subscribe(self._tell_change),
            self._session.on_saving(partial(self._hear, self._session)),
        )

    def _hear(self, session: Session, saving: Saving) -> None:
        self._saving_heard.emit(session, saving)

    def _tell_saving(self, session: Session, saving: Saving) -> None:
        # What the session before said last may come after it was let go.
        if session is self._session:
            self.saving.emit(saving)

    def _take(
        self,
        way: Callable[[Edit], None],
        function: Callable[..., Edit],
        values: tuple[Any, ...],
        named: dict[str, Any],
    ) -> bool:
        try:
            way(function(self.document, *values, **named))
        except Refused as refusal:
            self.refused.emit(str(refusal))
            return False
        return True

    def _step(self, way: Callable[[], None]) -> None:
        try:
            way()
        except Refused as refusal:
            self.refused.emit(str(refusal))

    def _tell_change(self, edit: Edit) -> None:
        self.changed.emit(edit)


__all__ = ["NotSaved", "QtSession", "Saving"]
