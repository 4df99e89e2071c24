"""Adding an archive timestamp to the finished report that a card shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from facilitator.report.proofs import host_of
from facilitator.settings import Settings
from facilitator.ui.files import AskPath, ask_save
from facilitator.ui.labels import shortened
from facilitator.ui.report.verdict_view import ResultCard
from facilitator.ui.report.work import Checked, sentence_of, stamp_file
from facilitator.ui.tasks import Tasks

_STAMPED = re.compile(r"-timestamped(?:-\d+)?$")


def stamped_name(pdf: Path) -> Path:
    """Where the report with one more archive timestamp goes: beside it, under a name of its own."""
    stem, number = _STAMPED.sub("", pdf.stem), 1
    while True:
        more = f"-{number}" if number > 1 else ""
        found = pdf.with_name(f"{stem}-timestamped{more}.pdf")
        if not found.exists():
            return found
        number += 1


class Stamping(QObject):
    """Does what the card's button asks for, on another thread; `stamped` tells the new file."""

    stamped = Signal(object)  # Checked

    def __init__(
        self,
        card: ResultCard,
        tasks: Tasks,
        settings: Callable[[], Settings],
        *,
        ask: AskPath = ask_save,
    ) -> None:
        super().__init__(card)
        self._card, self._tasks, self._settings, self._ask = card, tasks, settings, ask
        card.stamp.clicked.connect(self.begin)

    def begin(self) -> None:
        """Ask for a place, then the service for its timestamp."""
        settings, pdf = self._settings(), self._card.path
        if pdf is None:
            return
        if not settings.timestamp_url:
            self._card.told.emit(
                "Name a timestamp service in Settings first (Ctrl+,): it is sent a hash of the "
                "report, and nothing else."
            )
            return
        path = self._ask(self._card, "Save with the timestamp", stamped_name(pdf), "PDF (*.pdf)")
        if path is None:
            return
        self._card.stamp.setEnabled(False)
        self._card.told.emit(f"Asking {shortened(host_of(settings.timestamp_url), 80)} …")
        self._tasks.run(stamp_file, pdf, path, settings, done=self._done, failed=self._failed)

    def _done(self, checked: Checked) -> None:
        self._card.stamp.setEnabled(True)
        self._card.told.emit("")
        self.stamped.emit(checked)

    def _failed(self, error: Exception) -> None:
        self._card.stamp.setEnabled(True)
        self._card.told.emit(sentence_of(error))
