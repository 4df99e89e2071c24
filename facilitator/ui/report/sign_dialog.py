"""One person signs: their identity, their passphrase, where the signed file goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facilitator.report.errors import ReportError
from facilitator.report.fields import ROLE_TITLES
from facilitator.ui.files import AskPath, ask_open, ask_save
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.report.identity_dialog import IdentityDialog
from facilitator.ui.report.work import (
    Checked,
    fingerprint_in,
    make_card,
    sentence_of,
    sign_file,
    whose,
)
from facilitator.ui.tasks import Tasks

_IDENTITIES = "Identities (*.pmid *.p12 *.pfx *.pem);;All files (*)"
_SIGNED = re.compile(r"[-_ ]signed-\d+of\d+$")


def signed_name(pdf: Path, signed: int, of: int) -> Path:
    """Where the next signed copy goes: beside the file, with how many have signed in its name."""
    return pdf.with_name(f"{_SIGNED.sub('', pdf.stem)}-signed-{signed}of{of}.pdf")


class SignDialog(QDialog):
    """Signs a final report as one role; `signed` tells the file and its verdict."""

    signed = Signal(object)  # Checked
    identity_chosen = Signal(object)  # Path

    def __init__(
        self,
        tasks: Tasks,
        pdf: Path,
        role: str,
        parent: QWidget | None = None,
        *,
        target: Path,
        name: str = "",
        folder: str = "",
        ask_read: AskPath = ask_open,
        ask_write: AskPath = ask_save,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._role = role
        self._name = name
        self._folder = folder
        self._ask_read = ask_read
        self._ask_write = ask_write
        self._busy = False
        title = ROLE_TITLES[role]
        self.setWindowTitle(f"Sign as {title.lower()}")
        self.setModal(True)
        self.pdf = QLineEdit(str(pdf))
        self.identity = QLineEdit()
        self.identity.setPlaceholderText("Your identity file (.pmid or .p12)")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText("Asked for at each signature, kept nowhere")
        self.target = QLineEdit(str(target))
        self._whose = PlainLabel(role="second", wrap=True)
        self.card = _small("Save card…", "Save what others need to trust this identity")
        self.card.setAutoDefault(False)
        self.card.hide()
        self._problem = PlainLabel(wrap=True, role="problem")
        self._problem.hide()
        self.sign = button("Sign", primary=True)
        self.sign.setDefault(True)
        self._lay_out(title)
        self.identity.textChanged.connect(self._read_identity)
        for line in (self.pdf, self.identity, self.passphrase, self.target):
            line.textChanged.connect(self._refresh)
        self.sign.clicked.connect(self.accept)
        self._refresh()
        self.identity.setFocus()

    def _lay_out(self, title: str) -> None:
        choose_pdf = _small("Choose…", "Choose the report to sign")
        choose_pdf.clicked.connect(self._choose_pdf)
        choose = _small("Choose…", "Choose an identity file")
        choose.clicked.connect(self._choose_identity)
        self.new = _small("New…", "Make a new identity here")
        self.new.clicked.connect(self._make_identity)
        choose_target = _small("Choose…", "Choose where the signed report goes")
        choose_target.clicked.connect(self._choose_target)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        lines: Sequence[tuple[str, QLineEdit, Sequence[QPushButton]]] = (
            ("Report", self.pdf, (choose_pdf,)),
            ("Identity", self.identity, (choose, self.new)),
            ("Passphrase", self.passphrase, ()),
            ("Save as", self.target, (choose_target,)),
        )
        for row, (words, line, buttons) in enumerate(lines):
            label = PlainLabel(words, role="second")
            label.setBuddy(line)
            line.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1, 1, 1 if buttons else 3)
            for offset, each in enumerate(buttons):
                each.setAutoDefault(False)
                grid.addWidget(each, row, 2 + offset, 1, 1 if len(buttons) == 2 else 2)
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        last = QHBoxLayout()
        self.card.clicked.connect(self._save_card)
        last.addWidget(self._whose, 1)
        last.addWidget(self.card)
        last.addWidget(cancel)
        last.addWidget(self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel(f"Sign as {title.lower()}", role="title"))
        column.addWidget(
            PlainLabel(
                "You approve the report as it is. Afterwards every changed byte is told.",
                role="second",
                wrap=True,
            )
        )
        column.addLayout(grid)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addLayout(last)
        self.resize(640, 330)

    @property
    def problem(self) -> str:
        """What went wrong, or nothing."""
        return self._problem.text()

    @property
    def about(self) -> str:
        """Whose identity it is, or what was done with it."""
        return self._whose.text()

    def accept(self) -> None:
        """Sign; the dialog closes when the signed file is there."""
        if self._busy or not self.sign.isEnabled():
            return
        passphrase = self.passphrase.text()
        identity = Path(self.identity.text()).expanduser()
        self._set_busy(True)
        self.identity_chosen.emit(identity)
        self._tasks.run(
            sign_file,
            Path(self.pdf.text()).expanduser(),
            identity,
            passphrase,
            self._role,
            Path(self.target.text()).expanduser(),
            done=self._done,
            failed=self._failed,
        )

    def _done(self, checked: Checked) -> None:
        self._set_busy(False)
        self.signed.emit(checked)
        super().accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.passphrase.clear()
        self._tell(sentence_of(error))
        self.passphrase.setFocus()

    def done(self, result: int) -> None:
        """Whatever the end, no passphrase stays in the field."""
        self.passphrase.clear()
        super().done(result)

    def reject(self) -> None:
        """Close, but not while the signature is on its way."""
        if not self._busy:
            super().reject()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.sign.setText("Signing …" if busy else "Sign")
        for line in (self.pdf, self.identity, self.passphrase, self.target):
            line.setEnabled(not busy)
        self._tell("")
        self._refresh()

    def _tell(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _refresh(self) -> None:
        lines = (self.pdf, self.identity, self.passphrase, self.target)
        self.sign.setEnabled(not self._busy and all(line.text().strip() for line in lines))

    def _read_identity(self, text: str) -> None:
        path = Path(text).expanduser()
        self._whose.setText(whose(path) if path.is_file() else "")
        self.card.setVisible(path.is_file() and bool(fingerprint_in(path)))

    def _save_card(self) -> None:
        identity = Path(self.identity.text()).expanduser()
        suggested = identity.with_name(f"{identity.stem}-card.pem")
        path = self._ask_write(self, "Save the card", suggested, "Card (*.pem)")
        if path is None:
            return
        try:
            make_card(identity, path)
        except (OSError, ReportError) as error:
            self._tell(sentence_of(error))
            return
        self._tell("")
        self._whose.setText(f"Hand {path.name} over and read aloud: {fingerprint_in(path)}")

    def _choose_pdf(self) -> None:
        path = self._ask_read(self, "The report to sign", Path(self.pdf.text()), "PDF (*.pdf)")
        if path is not None:
            self.pdf.setText(str(path))

    def _choose_identity(self) -> None:
        folder = Path(self._folder) if self._folder else Path.home()
        path = self._ask_read(self, "Your identity", folder, _IDENTITIES)
        if path is not None:
            self.take_identity(path)

    def _make_identity(self) -> None:
        dialog = IdentityDialog(
            self._tasks, self, role=self._role, name=self._name, folder=self._folder
        )
        dialog.made.connect(self.take_identity)
        dialog.exec()
        dialog.deleteLater()

    def take_identity(self, path: Path) -> None:
        """Sign with the identity in this file."""
        self.identity.setText(str(path))
        self.passphrase.setFocus()

    def _choose_target(self) -> None:
        path = self._ask_write(
            self, "Where the signed report goes", Path(self.target.text()), "PDF (*.pdf)"
        )
        if path is not None:
            self.target.setText(str(path))


def _small(words: str, hint: str) -> QPushButton:
    made = button(words, hint=hint)
    made.setAccessibleName(hint)
    return made
