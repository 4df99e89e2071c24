"""When the library cannot be opened: why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facilitator.model.clock import Instant
from facilitator.store import backups
from facilitator.store.backups import Backup
from facilitator.store.library import repair, restore
from facilitator.store.problems import LibraryProblem
from facilitator.ui.files import AskPath, ask_open, ask_save, documents_folder
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.recovery.backup_list import BackupList
from facilitator.ui.tasks import Tasks
from facilitator.ui.waiting import Waiting

_KINDS: Final = "Library (*.sqlite);;All files (*)"
# A backup may take the place of these; of a file that is in order it must not.
_REPLACEABLE: Final = ("damaged", "empty", "foreign", "missing")


@dataclass(frozen=True, slots=True)
class Way:
    """How to go on: with which file, only to look at it or not."""

    path: Path
    read_only: bool = False


class OpeningDialog(QDialog):
    """Accepted with a `way` to go on; whatever file lay there is kept."""

    def __init__(
        self,
        path: Path,
        problem: LibraryProblem,
        now: Callable[[], Instant],
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        leave: Callable[[], object],
        ask_file: AskPath = ask_open,
        ask_new: AskPath = ask_save,
    ) -> None:
        super().__init__(parent)
        self._path, self._now, self._kind = path, now, problem.kind
        self._ask_file, self._ask_new = ask_file, ask_new
        self._tasks = tasks
        self._waiting = Waiting(tasks, self, keep=_nothing_typed, leave=leave)
        self.way: Way | None = None
        self.setWindowTitle("Facilitator: the library cannot be opened")
        self.list = BackupList(tasks)
        self.list.picked.connect(self._follow)
        self.said = PlainLabel(wrap=True)
        self.leave = _button("Quit", self.reject)
        self.another = _button("Choose another library…", self._choose)
        self.new = _button("New library elsewhere…", self._begin)
        self.again = _button("Try again", self._try_again)
        self.look = _button("Open read-only", self._look)
        self.repair = _button("Repair what can be read", self._repair)
        self.restore = _button("Restore this backup", self._restore)
        self._offer()
        self._lay_out(str(problem))
        self._fill()

    def _offer(self) -> None:
        """Show what helps with this kind of problem; a newer version is only refused."""
        kind, newer = self._kind, self._kind == "newer"
        for each, offered in (
            (self.another, not newer),
            (self.new, not newer),
            (self.again, not newer and kind not in ("damaged", "foreign", "empty")),
            (self.look, not newer),
            (self.repair, kind == "damaged"),
            (self.restore, kind in _REPLACEABLE),
        ):
            each.setVisible(offered)
        main = self.restore if kind in _REPLACEABLE else self.look
        main.setProperty("primary", True)

    def _fill(self) -> None:
        newer = self._kind == "newer"
        self.list.setVisible(not newer)
        # As large as it may get: a window that grows later would grow off a small screen.
        self.resize(820, 240 if newer else 600)
        self._follow()
        if not newer:
            self._tasks.run(backups.listed, self._path, done=self._list, failed=self._not_listed)

    def _list(self, found: tuple[Backup, ...]) -> None:
        if self._kind == "locked":
            found = found[:1]
        self.list.setVisible(bool(found))
        self.list.show_backups(found)
        self._follow()
        if not found:
            self.resize(820, 240)

    def _not_listed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.said.setText(f"Its backups cannot be listed: {error.strerror}.")

    def _follow(self) -> None:
        self.restore.setEnabled(self.list.is_sound)
        self.look.setEnabled(self.list.is_sound or self._kind == "read-only")
        itself = self._kind == "read-only"
        self.look.setText("Open read-only" if itself else "Open this backup read-only")

    def _lay_out(self, sentence: str) -> None:
        places, ways = QHBoxLayout(), QHBoxLayout()
        for row, these in (
            (places, (self.another, self.new)),
            (ways, (self.again, self.repair, self.look, self.restore)),
        ):
            if row is ways:
                row.addWidget(self.leave)
            row.addStretch(1)
            for each in these:
                row.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("The library cannot be opened", role="title"))
        column.addWidget(PlainLabel(sentence, wrap=True))
        column.addWidget(self.list, 1)
        if self._kind in _REPLACEABLE:
            kept = (
                "Whatever you choose, the present file is kept beside it under a name of its own."
            )
            column.addWidget(PlainLabel(kept, role="second", wrap=True))
        column.addWidget(self.said)
        column.addStretch(0)
        column.addLayout(places)
        column.addLayout(ways)

    def _go(self, path: Path, *, read_only: bool = False) -> None:
        if not self._waiting.close_after:
            self.way = Way(path, read_only)
            self.accept()

    def _try_again(self) -> None:
        self._go(self._path)

    def _choose(self) -> None:
        path = self._ask_file(self, "Choose another library", documents_folder(), _KINDS)
        if path is not None:
            self._go(path)

    def _begin(self) -> None:
        suggested = documents_folder() / "facilitator.sqlite"
        path = self._ask_new(self, "New library", suggested, _KINDS)
        if path is None:
            return
        if path.exists():
            self.said.setText(f"{path} exists already. Name a new file, or choose it as a library.")
            return
        self._go(path)

    def _look(self) -> None:
        backup = self.list.chosen
        if self._kind == "read-only":
            self._go(self._path, read_only=True)
        elif backup is not None:
            self._go(backup.path, read_only=True)

    def _restore(self) -> None:
        backup = self.list.chosen
        if backup is None:
            return
        what = (backup.path, self._path, self._now().at)
        try:
            self._waiting.work("The backup is being restored …", restore, *what)
        except (LibraryProblem, OSError) as problem:
            self.said.setText(str(problem))
        else:
            self._go(self._path)

    def _repair(self) -> None:
        words = "The library is being repaired …"
        try:
            done = self._waiting.work(words, repair, self._path, self._now)
        except (LibraryProblem, OSError) as problem:
            self.said.setText(str(problem))
            return
        if all(note.endswith("as its journal tells.") for note in done.notes):
            self._go(self._path)
            return
        # Something was lost or taken on trust: the person reads that before going on.
        self.said.setText("\n".join(done.notes))
        self.repair.setEnabled(False)
        self.leave.setText("Go on")
        self.leave.clicked.disconnect(self.reject)
        self.leave.clicked.connect(self._try_again)

    def reject(self) -> None:
        """Esc and the window's own button; what is being done to the file is done first."""
        if self._waiting.is_on:
            self._waiting.close_when_done()
        else:
            super().reject()


def _nothing_typed() -> None:
    """There is no incident open, so there is nothing to keep."""


def _button(text: str, slot: Callable[[], object]) -> QPushButton:
    made = button(text)
    made.setAutoDefault(False)
    made.clicked.connect(slot)
    return made
