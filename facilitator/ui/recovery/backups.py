"""The window of backups: what there is, one more now, one looked into, one restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from facilitator.store.backups import Backup
from facilitator.store.library import Library, restore
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.files import AskPath, ask_save, documents_folder
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.recovery.backup_list import BackupList, when
from facilitator.ui.recovery.looking import look_into
from facilitator.ui.tasks import Tasks


class BackupsDialog(QDialog):
    """Accepted with `to_restore` when a backup is to take the library's place."""

    def __init__(
        self,
        library: Library,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        ask: AskPath = ask_save,
        look: Callable[[Path], None] = look_into,
    ) -> None:
        super().__init__(parent)
        self._library, self._tasks, self._ask, self._look = library, tasks, ask, look
        self._sure: Backup | None = None
        self._then, self._busy = "", False
        self.to_restore: Path | None = None
        self.setWindowTitle("Backups")
        self.list = BackupList(tasks)
        self.list.picked.connect(self._follow)
        self.said = PlainLabel(wrap=True)
        self.make = button("Back up now")
        self.elsewhere = button("Save a copy elsewhere…")
        self.read = button("Open read-only")
        self.restore = button("Restore…", primary=True)
        self.leave = button("Close")
        for each, slot in (
            (self.make, self._make),
            (self.elsewhere, self._copy_elsewhere),
            (self.read, self._open),
            (self.restore, self._restore),
            (self.leave, self.reject),
        ):
            each.clicked.connect(slot)
            each.setAutoDefault(False)
        self._lay_out()
        self._show_list()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        for each in (self.make, self.elsewhere, self.read, self.restore):
            buttons.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Backups of this library", role="title"))
        column.addWidget(
            PlainLabel(
                "Made by itself every ten minutes of change, before an update of its format and on"
                f" closing; each is read again after it is written. They lie beside"
                f" {self._library.path}.",
                role="second",
                wrap=True,
            )
        )
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.resize(820, 560)

    def _show_list(self, then: str = "") -> None:
        """Look at what there is, then say `then` of the newest (its time goes in place of {})."""
        self._then = then
        self._tasks.run(self._library.backups, done=self._list, failed=self._not_listed)

    def _list(self, found: tuple[Backup, ...]) -> None:
        self.list.show_backups(found)
        self._follow()
        if self._then and found:
            self.said.setText(self._then.format(when(found[0].at)))

    def _not_listed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.said.setText(f"The backups cannot be listed: {error.strerror}.")

    def _follow(self) -> None:
        self._sure = None
        self.restore.setText("Restore…")
        free = not (self._library.read_only or self._busy)
        self.restore.setEnabled(self.list.is_sound and free)
        self.read.setEnabled(self.list.is_sound)
        self.make.setEnabled(free)
        self.elsewhere.setEnabled(not self._busy)

    def _begin(self, words: str) -> None:
        """One at a time: the buttons rest and it is said what goes on."""
        self._busy = True
        self._follow()
        self.said.setText(words)

    def _make(self) -> None:
        self._begin("A backup is being made …")
        self._tasks.run(self._library.back_up, done=self._made, failed=self._fail)

    def _made(self, _nothing: object) -> None:
        self._busy = False
        self._show_list("A verified backup was made at {}.")

    def _copy_elsewhere(self) -> None:
        suggested = documents_folder() / "facilitator-backup.sqlite"
        chosen = self._ask(self, "Save a copy of the library", suggested, "SQLite (*.sqlite)")
        if chosen is not None:
            self._begin(f"A copy is being written to {chosen} …")
            self._tasks.run(_copied, self._library, chosen, done=self._copied)

    def _copied(self, sentence: str) -> None:
        self._busy = False
        self._follow()
        self.said.setText(sentence)

    def _fail(self, problem: Exception) -> None:
        if not isinstance(problem, (LibraryProblem, NotSaved, OSError)):
            raise problem
        self._busy = False
        self._follow()
        self.said.setText(f"No backup was made. {problem}")

    def _open(self) -> None:
        backup = self.list.chosen
        if backup is None:
            return
        try:
            self._look(backup.path)
        except OSError as error:
            self.said.setText(f"It cannot be shown: {error.strerror}.")
        else:
            self.said.setText("It opens read-only in a window of its own.")

    def _restore(self) -> None:
        backup = self.list.chosen
        if backup is None:
            return
        if self._sure != backup:
            self._sure = backup
            self.restore.setText("Restore it now")
            self.said.setText(
                f"The whole library, every incident in it, becomes as it was {when(backup.at)}."
                " The present one is kept beside it. Press again to do it."
            )
            return
        self.to_restore = backup.path
        self.accept()


def restored(library: Library, backup: Path) -> tuple[Library, str]:
    """The library to go on with after a backup took its place, and what is said about it.

    The present library is backed up and kept under another name. When that does not work out,
    the library is the present one again.
    """
    path, now = library.path, library.now
    try:
        library.close()
        kept = restore(backup, path, now().at)
    except (LibraryProblem, NotSaved) as problem:
        return Library(path, now=now), f"Nothing was restored. {problem}"
    beside = f" What was there before is kept as {kept.name}." if kept is not None else ""
    return Library(path, now=now), f"The backup is in place.{beside}"


def _copied(library: Library, target: Path) -> str:
    try:
        library.backup(target)
    except (LibraryProblem, NotSaved, OSError) as problem:
        return f"No copy was made. {problem}"
    return f"A verified copy lies at {target}."
