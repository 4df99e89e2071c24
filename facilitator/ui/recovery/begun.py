"""Keeps an eye on what was begun and is in no field, and shows it when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from facilitator.ui.desk.desk import Desk
from facilitator.ui.recovery.typed import Typed, begun, forget, left_typed, put_back, told
from facilitator.ui.recovery.typed_list import TypedDialog


class Begun(QObject):
    """Watches one desk: what was typed when the app ended, and what lost its field since."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._told = ""
        self._known = set(left_typed(desk.session.document, desk.session.session.drafts))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._count)
        for changed in (desk.session.changed, desk.session.drafts_changed):
            changed.connect(self._count_soon)
        desk.status.begun_asked.connect(self.show)
        self._soon.start()

    def texts(self) -> tuple[Typed, ...]:
        """What was typed before or lost its field since, and is not committed."""
        # A text that was committed or given up and is typed anew is in its field.
        self._known &= self._desk.session.session.drafts.keys()
        return begun(self._desk, self._known)

    def tell(self) -> None:
        """Say once what was being typed when the app ended."""
        if count := len(self.texts()):
            self._told = told(count)
            self._desk.messages.ask(self._told, (("Show", self.show), ("Close", self._nothing)))

    def show(self) -> None:
        """List it, to put back, to copy or to forget."""
        texts = self.texts()
        self._ask_no_more()
        if not texts:
            self._desk.messages.say("Everything that was typed is committed, or in its field.")
            return
        dialog = TypedDialog(texts, self._desk.window())
        dialog.put_back_asked.connect(self._put_back)
        dialog.forgotten.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _put_back(self, typed: Typed) -> None:
        put_back(self._desk, typed)

    def _forget(self, typed: Typed) -> None:
        forget(self._desk, typed)

    def _count_soon(self) -> None:
        self._soon.start()

    def _count(self) -> None:
        count = len(self.texts())
        self._desk.status.show_begun(count)
        if not count:
            self._ask_no_more()

    def _ask_no_more(self) -> None:
        if self._told and self._desk.messages.text == self._told:
            self._desk.messages.dismiss()

    def _nothing(self) -> None:
        return None
