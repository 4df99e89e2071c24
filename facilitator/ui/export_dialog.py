"""Asks what an export is to be, then where it goes; writes it on another thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from facilitator.exporting import Source, source_later
from facilitator.model.change import Refused
from facilitator.model.sharing import read_words
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.store.sealing import check_passphrase
from facilitator.ui.dialogs import closing_row, column_of, named_fields
from facilitator.ui.exports import KINDS, SUFFIXES, Wish, write_export
from facilitator.ui.files import AskPath, ask_save, documents_folder, file_words
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.passphrase import secret_line
from facilitator.ui.tasks import Tasks

Tell = Callable[[str], object]


class ExportDialog(QDialog):
    """Form, share-safe or whole, and a passphrase where the form has one."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle("Export")
        self.setModal(True)
        self.kind = Choice()
        self.kind.setAccessibleName("Form")
        for kind, words, suffix in KINDS:
            self.kind.addItem(f"{words} ({suffix})", kind)
        self.share = QCheckBox("Share-safe copy: names become roles, chosen words are replaced")
        self.first, self.again = secret_line("Passphrase"), secret_line("Passphrase again")
        self._secrets = QWidget()
        self._words = PlainLabel(self._about_words(), role="second", wrap=True)
        self._problem = PlainLabel(wrap=True, role="problem")
        self._problem.hide()
        self.go = button("Choose a file…", primary=True)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._refresh)
        self.share.toggled.connect(self._refresh)
        self.go.clicked.connect(self.accept)
        self._refresh()

    def _lay_out(self) -> None:
        grid, _names = named_fields(
            (line.accessibleName(), line) for line in (self.first, self.again)
        )
        grid.setContentsMargins(0, 0, 0, 0)
        lost = "Whoever opens the file needs it. Nobody can open it without, you neither."
        grid.addWidget(PlainLabel(lost, role="second", wrap=True), 2, 0, 1, 2)
        self._secrets.setLayout(grid)
        column = column_of(self, "Export")
        for each in (self.kind, self._secrets, self.share, self._words, self._problem):
            column.addWidget(each)
        column.addLayout(closing_row(self, self.go))
        self.setMinimumWidth(460)

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        kind = str(self.kind.currentData())
        secret = self.first.text() if kind == "sealed" else ""
        return Wish(kind, self.share.isChecked(), secret)

    @property
    def problem(self) -> str:
        """What is wrong with what was chosen, or nothing."""
        return self._problem.text()

    def accept(self) -> None:
        """Go on to the file when everything is in order."""
        try:
            self._check()
        except (Refused, LibraryProblem) as problem:
            self._problem.setText(str(problem))
            self._problem.show()
            return
        super().accept()

    def _check(self) -> None:
        if self.share.isChecked():
            read_words(self._settings.share_words.splitlines())
        if self.kind.currentData() == "sealed":
            check_passphrase(self.first.text())
            if self.first.text() != self.again.text():
                raise Refused("The two passphrases are not the same. Type them again.")

    def _refresh(self, _value: object = None) -> None:
        self._secrets.setVisible(self.kind.currentData() == "sealed")
        self._words.setVisible(self.share.isChecked())
        self._problem.hide()

    def _about_words(self) -> str:
        lines = [line for line in self._settings.share_words.splitlines() if line.strip()]
        if not lines:
            return "No words are chosen yet; Settings has a list for them."
        return f"{len(lines)} chosen word{'s' if len(lines) > 1 else ''} from Settings."


class Exporting(QObject):
    """One export after another from a window, never in its thread."""

    def __init__(self, parent: QWidget, tasks: Tasks, *, ask: AskPath = ask_save) -> None:
        super().__init__(parent)
        self._parent, self._tasks, self._ask = parent, tasks, ask
        self._tell: Tell | None = None

    def ask(self, session: Session, settings: Settings, at: datetime, tell: Tell) -> None:
        """Ask what and where, write it, and tell how it went."""
        dialog = ExportDialog(settings, self._parent)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        wish = dialog.wish
        dialog.deleteLater()
        if agreed:
            self.write(wish, session, settings, at, tell)

    def write(
        self, wish: Wish, session: Session, settings: Settings, at: datetime, tell: Tell
    ) -> None:
        """Ask where, and write what is wished."""
        folder = Path(settings.reports_folder or documents_folder())
        # A name of a file is read by more people than the file.
        name = file_words("" if wish.share_safe else session.document.incident.title)
        suffix = SUFFIXES[wish.kind]
        path = self._ask(self._parent, "Export", folder / f"{name}{suffix}", f"*{suffix}")
        if path is None:
            return
        self._tell = tell
        chosen = read_words(settings.share_words.splitlines()) if wish.share_safe else {}
        source = source_later(session, at)
        self._tasks.run(_write, path, source, wish, chosen, done=self._done, failed=self._failed)

    def _done(self, sentence: str) -> None:
        if self._tell is not None:
            self._tell(sentence)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            sentence = f"Nothing was exported: {error.strerror}. Choose another folder."
        elif isinstance(error, (Refused, LibraryProblem, NotSaved)):
            sentence = f"Nothing was exported. {error}"
        else:
            raise error
        self._done(sentence)


def _write(path: Path, source: Callable[[], Source], wish: Wish, words: Mapping[str, str]) -> str:
    return write_export(path, source(), wish, words)
