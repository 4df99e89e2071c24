"""Asking for the passphrase of a sealed bundle, and opening it while the window stays alive."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from facilitator.model.document import Document
from facilitator.store.bundle import read_bundle
from facilitator.store.problems import LibraryProblem
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.tasks import Tasks


def secret_line(name: str) -> QLineEdit:
    """A line for a passphrase, which is shown to nobody and kept nowhere."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    return made


class PassphraseDialog(QDialog):
    """Stays until the passphrase is right or the person gives up; then `document` is there."""

    def __init__(self, tasks: Tasks, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._path = tasks, path
        self.document: Document | None = None
        self.setWindowTitle("Passphrase")
        self.setModal(True)
        self.line = secret_line("Passphrase")
        self._notice = PlainLabel(wrap=True, role="problem")
        self.go = button("Open", primary=True)
        self.go.setDefault(True)
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(cancel)
        last.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel("This bundle is sealed", role="title"))
        column.addWidget(PlainLabel(f"{path.name} opens with its passphrase.", wrap=True))
        column.addWidget(self.line)
        column.addWidget(self._notice)
        column.addLayout(last)
        self.setMinimumWidth(420)

    @property
    def notice(self) -> str:
        """What was said last."""
        return self._notice.text()

    def accept(self) -> None:
        """Try the passphrase; it takes some seconds, on purpose."""
        if not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        self._notice.setText("Opening takes a few seconds …")
        self._tasks.run(
            read_bundle, self._path, self.line.text(), done=self._opened, failed=self._failed
        )

    def _opened(self, document: Document) -> None:
        self.document = document
        super().accept()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, LibraryProblem):
            raise error
        self.go.setEnabled(True)
        self._notice.setText(str(error))
        self.line.selectAll()
        self.line.setFocus()


def open_sealed(tasks: Tasks, parent: QWidget, path: Path) -> Document | None:
    """The incident in a sealed bundle, or None when the person thought better of it."""
    dialog = PassphraseDialog(tasks, path, parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.document
