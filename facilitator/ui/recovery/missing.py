"""When a library lacks edits that it had: a backup has them, most likely, and can be restored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facilitator.store.behind import Behind
from facilitator.store.library import Library
from facilitator.store.problems import NotSaved
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.recovery.backup_list import when
from facilitator.ui.recovery.backups import restored
from facilitator.ui.recovery.looking import look_into
from facilitator.ui.waiting import Waiting

_HOW: Final = (
    "That happens when an older copy of the file was put in its place, by hand or by a synchronised"
    " folder, or when a file beside it was cleared away after a crash."
)


class MissingDialog(QDialog):
    """Ends with `choice`: "restore", "go on", or nothing, which asks again next time."""

    def __init__(
        self,
        library: Path,
        behind: Behind,
        parent: QWidget | None = None,
        *,
        look: Callable[[Path], None] = look_into,
    ) -> None:
        super().__init__(parent)
        self._backup, self._look = behind.backup, look
        self.choice = ""
        self.setWindowTitle("Facilitator: edits are missing")
        self.later = _button("Ask me next time", self.reject)
        self.go_on = _button("Go on without them", self._go_on)
        self.look = _button("Look into the backup", self._look_into)
        self.restore = _button("Restore the backup", self._restore)
        self.said = PlainLabel(wrap=True)
        self._lay_out(library, behind)

    def _lay_out(self, library: Path, behind: Behind) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.later)
        buttons.addStretch(1)
        for each in (self.go_on, self.look, self.restore):
            buttons.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Edits are missing from this library", role="title"))
        column.addWidget(PlainLabel(str(behind), wrap=True))
        column.addWidget(PlainLabel(f"{library}\n{_HOW}", role="second", wrap=True))
        backup = self._backup
        for each in (self.look, self.restore):
            each.setVisible(backup is not None)
        main = self.go_on
        if backup is not None:
            main = self.restore
            self.said.setText(
                f"The backup was made {when(backup.at)}. Restored, the whole library becomes as it"
                " was then, and the present one is kept beside it under a name of its own."
            )
        main.setProperty("primary", True)
        main.setDefault(True)
        column.addWidget(self.said)
        column.addStretch(1)
        column.addLayout(buttons)
        self.resize(640, 300)

    def _restore(self) -> None:
        self._end("restore")

    def _go_on(self) -> None:
        self._end("go on")

    def _end(self, choice: str) -> None:
        self.choice = choice
        self.accept()

    def _look_into(self) -> None:
        if self._backup is None:
            return
        try:
            self._look(self._backup.path)
        except OSError as error:
            self.said.setText(f"It cannot be shown: {error.strerror}.")


def without_gap(library: Library, waiting: Waiting) -> Library:
    """The library to go on with, after the person said what is to become of what it lacks."""
    behind = library.behind
    if behind is None:
        return library
    dialog = MissingDialog(library.path, behind)
    dialog.exec()
    if dialog.choice == "restore" and behind.backup is not None:
        restore = partial(restored, library, behind.backup.path)
        library = waiting.work("The backup is being restored …", restore)[0]
    elif dialog.choice == "go on":
        # If not, it is asked again; the window says what keeps the disk from saving.
        with suppress(NotSaved):
            waiting.work("Opening …", library.stay_behind)
    return library


def _button(text: str, slot: Callable[[], object]) -> QPushButton:
    made = button(text)
    made.setAutoDefault(False)
    made.clicked.connect(slot)
    return made
