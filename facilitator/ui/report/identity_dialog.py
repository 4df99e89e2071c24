"""Making a signing identity in place: a name, a role, a passphrase twice, a file."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from facilitator.paths import data_dir
from facilitator.report.fields import ROLE_TITLES
from facilitator.report.identity import SHORTEST_PASSPHRASE, Identity, fingerprint_text
from facilitator.ui.dialogs import closing_row, column_of, named_fields
from facilitator.ui.files import AskPath, ask_save
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.report.work import make_identity, sentence_of
from facilitator.ui.tasks import Tasks

ENDING = ".pmid"


class IdentityDialog(QDialog):
    """Makes an identity file; `made` tells where it lies."""

    made = Signal(object)  # Path

    def __init__(
        self,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        role: str = "",
        name: str = "",
        folder: str = "",
        ask: AskPath = ask_save,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._ask = ask
        self._folder = Path(folder) if folder else data_dir() / "identities"
        self._place_chosen = False
        self._busy = False
        self.setWindowTitle("New signing identity")
        self.setModal(True)
        self.name = QLineEdit(name)
        self.name.setPlaceholderText("As it shall stand under the report")
        self.role = Choice()
        for each, title in ROLE_TITLES.items():
            self.role.addItem(title, each)
        self.role.setCurrentIndex(max(0, self.role.findData(role)))
        self.email = QLineEdit()
        self.email.setPlaceholderText("May stay empty")
        self.passphrase = _secret("four or five unrelated words")
        self.again = _secret("the same once more")
        self.place = QLineEdit()
        self._state = PlainLabel(role="second", wrap=True)
        self._problem = PlainLabel(wrap=True, role="problem")
        self.make = button("Make identity", primary=True)
        self._lay_out()
        for line in (self.name, self.passphrase, self.again, self.place):
            line.textChanged.connect(self._refresh)
        self.place.textEdited.connect(self._place_typed)
        self.role.currentIndexChanged.connect(self._refresh)
        self.make.clicked.connect(self.accept)
        self._refresh()

    def _lay_out(self) -> None:
        choose = button("Choose…", hint="Choose where the identity file lies")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.place, 1)
        place.addWidget(choose)
        fields = (
            ("Name", self.name),
            ("Signs as", self.role),
            ("E-mail", self.email),
            ("Passphrase", self.passphrase),
            ("Once more", self.again),
        )
        grid, _names = named_fields(fields)
        grid.addWidget(PlainLabel("File", role="second"), len(fields), 0)
        grid.addLayout(place, len(fields), 1)
        self.place.setAccessibleName("File")
        column = column_of(
            self,
            "New signing identity",
            "A file that only its owner should have, opened by a passphrase that is kept"
            " nowhere: who loses it makes a new identity.",
        )
        column.addLayout(grid)
        column.addWidget(self._state)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addLayout(closing_row(self, self.make))
        self.resize(560, 420)

    @property
    def problem(self) -> str:
        """What went wrong, or nothing."""
        return self._problem.text()

    @property
    def state(self) -> str:
        """What is still missing, in words."""
        return self._state.text()

    def accept(self) -> None:
        """Make it; the dialog closes when the file is there."""
        if self._busy or not self.make.isEnabled():
            return
        passphrase = self.passphrase.text()
        path = Path(self.place.text()).expanduser()
        self._set_busy(True)
        self._tasks.run(
            make_identity,
            path,
            self.name.text(),
            self.role.currentData(),
            self.email.text(),
            passphrase,
            done=self._done,
            failed=self._failed,
        )

    def _done(self, identity: Identity) -> None:
        self._set_busy(False)
        self._forget()
        self.setProperty("fingerprint", fingerprint_text(identity.fingerprint))
        self.made.emit(Path(self.place.text()).expanduser())
        super().accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._problem.setText(sentence_of(error))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._problem.setText("")
        self.make.setText("Making it …" if busy else "Make identity")
        for field in (self.name, self.role, self.email, self.passphrase, self.again, self.place):
            field.setEnabled(not busy)
        self._refresh()

    def _forget(self) -> None:
        self.passphrase.clear()
        self.again.clear()

    def reject(self) -> None:
        """Close, but not while the identity is on its way."""
        if not self._busy:
            super().reject()

    def done(self, result: int) -> None:
        """Whatever the end, no passphrase stays in a field."""
        self._forget()
        super().done(result)

    def _refresh(self) -> None:
        if not self._place_chosen:
            self.place.setText(str(self._folder / self._file_name()))
        lacks = self._lacks()
        self._state.setText(lacks)
        self.make.setEnabled(not lacks and not self._busy)

    def _lacks(self) -> str:
        short = SHORTEST_PASSPHRASE - len(self.passphrase.text())
        if not self.name.text().strip():
            return "A name is needed."
        if short > 0:
            many = "s" if short > 1 else ""
            return f"The passphrase needs {short} more character{many}; at least 12 in all."
        if self.passphrase.text() != self.again.text():
            return "The two passphrases are not the same yet."
        return "" if self.place.text().strip() else "Say where the file is to lie."

    def _file_name(self) -> str:
        words = re.findall(r"\w+", f"{self.name.text()} {self.role.currentData()}".lower())
        return "-".join(words)[:80] + ENDING

    def _place_typed(self, _text: str) -> None:
        self._place_chosen = True

    def _choose(self) -> None:
        path = self._ask(
            self, "Where the identity lies", Path(self.place.text()), f"Identity (*{ENDING})"
        )
        if path is not None:
            self._place_chosen = True
            self.place.setText(str(path))


def _secret(hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setPlaceholderText(hint)
    return line
