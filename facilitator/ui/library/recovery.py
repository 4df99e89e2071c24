"""When the library cannot be opened: its backups with what each holds, and repair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.clock import Instant
from facilitator.store import backups
from facilitator.store.backups import Backup
from facilitator.store.library import preview, repair, restore
from facilitator.store.problems import LibraryProblem
from facilitator.ui.labels import PlainLabel, button, shortened

RECOVERABLE: Final = ("damaged", "empty", "foreign")
_SHOWN: Final = 3


class RecoveryDialog(QDialog):
    """Accepted when a whole library lies in the place of the one that cannot be opened.

    Whatever lay there before is kept beside it, under a name of its own.
    """

    def __init__(
        self,
        path: Path,
        problem: LibraryProblem,
        now: Callable[[], Instant],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._path, self._now = path, now
        self._backups = backups.listed(path)
        self.setWindowTitle("Facilitator: the library cannot be opened")
        self.list = QListWidget()
        self.list.setAccessibleName("Backups, newest first")
        self.restore = button("Restore this backup", primary=True)
        self.restore.clicked.connect(self._restore)
        self.repair = button("Repair what can be read")
        self.repair.clicked.connect(self._repair)
        self.repair.setVisible(problem.kind == "damaged")
        self.leave = button("Close")
        self.leave.clicked.connect(self.reject)
        self.said = PlainLabel(wrap=True)
        self._fill()
        self._lay_out(str(problem))

    @property
    def chosen(self) -> Backup | None:
        """The backup that is selected, or None."""
        row = self.list.currentRow()
        return self._backups[row] if 0 <= row < len(self._backups) else None

    def _fill(self) -> None:
        for backup in self._backups:
            self.list.addItem(f"{backup.at.astimezone():%d %B %Y, %H:%M:%S}   {_held(backup)}")
        self.list.setCurrentRow(0)
        self.restore.setEnabled(self.list.count() > 0)

    def _lay_out(self, sentence: str) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.repair)
        buttons.addWidget(self.restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("The library cannot be opened", role="title"))
        column.addWidget(PlainLabel(sentence, wrap=True))
        there = "Backups, newest first:" if self.list.count() else "There is no backup of it."
        column.addWidget(PlainLabel(there, role="second"))
        column.addWidget(self.list)
        column.addWidget(
            PlainLabel("The present file is kept beside it in either case.", role="second")
        )
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.resize(640, 420)

    def _restore(self) -> None:
        backup = self.chosen
        if backup is None:
            return
        try:
            restore(backup.path, self._path, self._now().at)
        except LibraryProblem as problem:
            self.said.setText(str(problem))
        else:
            self.accept()

    def _repair(self) -> None:
        try:
            done = repair(self._path, self._now)
        except LibraryProblem as problem:
            self.said.setText(str(problem))
            return
        if all(note.endswith("as its journal tells.") for note in done.notes):
            self.accept()
            return
        # Something was lost or taken on trust: the person reads that before going on.
        self.said.setText("\n".join(done.notes))
        self.repair.setEnabled(False)
        self.leave.setText("Go on")
        self.leave.clicked.disconnect(self.reject)
        self.leave.clicked.connect(self.accept)


def _held(backup: Backup) -> str:
    try:
        found = preview(backup.path)
    except LibraryProblem:
        return "cannot be read"
    titles = [f"“{shortened(summary.title)}”" for summary in found[:_SHOWN]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{', '.join(titles)}{more}" if titles else "no incident"
