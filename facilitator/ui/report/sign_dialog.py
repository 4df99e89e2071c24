"""One person signs: their key, its passphrase or PIN, where the signed file goes."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from facilitator.report.errors import ReportError, TimestampFailed
from facilitator.report.fields import ROLE_TITLES
from facilitator.report.proofs import host_of
from facilitator.settings import Settings
from facilitator.ui.files import AskPath, ask_open, ask_save
from facilitator.ui.labels import PlainLabel, button, shortened
from facilitator.ui.report.identity_dialog import IdentityDialog
from facilitator.ui.report.ink_pad import InkPanel
from facilitator.ui.report.key_panels import (
    FilePanel,
    TokenPanel,
    add_row,
    new_grid,
    small_button,
)
from facilitator.ui.report.signing import (
    FileKey,
    SignOrder,
    get_ready,
    make_token_card,
    sign_file,
)
from facilitator.ui.report.work import NO_SETTINGS, Checked, make_card, sentence_of
from facilitator.ui.tasks import Tasks

_OWN = "Identities (*.pmid *.pem);;All files (*)"
_P12 = "PKCS#12 (*.p12 *.pfx);;All files (*)"
_FRAME = 40  # pixels that a window's title and edges may take
_SIGNED = re.compile(r"[-_ ]signed-\d+of\d+$")


def signed_name(pdf: Path, signed: int, of: int) -> Path:
    """Where the next signed copy goes: beside the file, with how many have signed in its name."""
    return pdf.with_name(f"{_SIGNED.sub('', pdf.stem)}-signed-{signed}of{of}.pdf")


class SignDialog(QDialog):
    """Signs a final report as one role; `signed` tells the file and its verdict."""

    signed = Signal(object)  # Checked
    chosen = Signal(str, str)  # a setting's name and its value: what to begin with next time

    def __init__(
        self,
        tasks: Tasks,
        pdf: Path,
        role: str,
        parent: QWidget | None = None,
        *,
        target: Path,
        name: str = "",
        settings: Settings = NO_SETTINGS,
        ask_read: AskPath = ask_open,
        ask_write: AskPath = ask_save,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._role = role
        self._name = name
        self._settings = settings
        self._ask_read = ask_read
        self._ask_write = ask_write
        self._busy = False
        self._fitted = QSize()
        self.setWindowTitle(f"Sign as {ROLE_TITLES[role].lower()}")
        self.setModal(True)
        self.pdf = QLineEdit(str(pdf))
        self.target = QLineEdit(str(target))
        self.file = FilePanel(self._choose_identity, self._make_identity)
        self.token = TokenPanel(tasks, ask_read, settings.token_module)
        self.identity, self.passphrase = self.file.identity, self.file.passphrase
        self.kinds = QButtonGroup(self)
        self.own = self._kind("Identity made here")
        self.p12 = self._kind(".p12 file")
        self.card_or_token = self._kind("Card or token")
        self.draw = button("Draw…", hint="Add a mark drawn by hand, if you like")
        self.draw.setCheckable(True)
        self.draw.setAutoDefault(False)
        self.ink = InkPanel()
        self._whose = PlainLabel(role="second", wrap=True)
        self.card = small_button("Save card…", "Save what others need to trust this identity")
        self._problem = PlainLabel(wrap=True, role="problem")
        self.without = button("Sign without a timestamp")
        self.sign = button("Sign", primary=True)
        self.sign.setDefault(True)
        self._lay_out()
        self._connect()
        self.own.setChecked(True)
        self._refresh()
        self._tasks.run(get_ready)
        self.file.start()

    def _kind(self, words: str) -> QRadioButton:
        made = QRadioButton(words)
        self.kinds.addButton(made)
        return made

    def _lay_out(self) -> None:
        choose_pdf = small_button("Choose…", "Choose the report to sign")
        choose_pdf.clicked.connect(self._choose_pdf)
        choose_target = small_button("Choose…", "Choose where the signed report goes")
        choose_target.clicked.connect(self._choose_target)
        kinds = QWidget()
        row = QHBoxLayout(kinds)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        for each in self.kinds.buttons():
            row.addWidget(each)
        row.addStretch(1)
        drawing = QWidget()
        line = QHBoxLayout(drawing)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.draw)
        line.addWidget(PlainLabel("May stay empty; it proves nothing.", role="second"), 1)
        above, below = new_grid(), new_grid()
        add_row(above, "Report", self.pdf, (choose_pdf,))
        add_row(above, "Sign with", kinds)
        add_row(below, "Drawn mark", drawing)
        below.addWidget(self.ink, 1, 1, 1, 3)
        add_row(below, "Save as", self.target, (choose_target,))
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel(self.windowTitle(), role="title"))
        promise = "You approve the report as it is. Afterwards every changed byte is told."
        column.addWidget(PlainLabel(promise, role="second", wrap=True))
        if self._settings.timestamp_url:
            host = shortened(host_of(self._settings.timestamp_url), 80)
            leaves = f"A hash of your signature, and nothing else, goes to {host} for a timestamp."
            column.addWidget(PlainLabel(leaves, role="second", wrap=True))
        column.addLayout(above)
        column.addWidget(self.file)
        column.addWidget(self.token)
        column.addLayout(below)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addLayout(self._last_row())
        for hidden in (self.ink, self.card, self._problem, self.without):
            hidden.hide()
        self.setMinimumWidth(640)

    def _last_row(self) -> QHBoxLayout:
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.addWidget(self._whose, 1)
        last.addWidget(self.card)
        last.addWidget(cancel)
        last.addWidget(self.without)
        last.addWidget(self.sign)
        return last

    def _connect(self) -> None:
        for line in (self.pdf, self.target):
            line.textChanged.connect(self._refresh)
        for panel in (self.file, self.token):
            panel.changed.connect(self._show_owner)
        self.token.module_chosen.connect(self._keep_module)
        self.kinds.buttonToggled.connect(self._show_kind)
        self.draw.toggled.connect(self._show_pad)
        self.card.clicked.connect(self._save_card)
        self.sign.clicked.connect(self.accept)
        self.without.clicked.connect(self.sign_without_timestamp)

    @property
    def problem(self) -> str:
        """What went wrong, or nothing."""
        return self._problem.text()

    @property
    def about(self) -> str:
        """Whose identity it is, or what was done with it."""
        return self._whose.text()

    @property
    def _panel(self) -> FilePanel | TokenPanel:
        return self.token if self.card_or_token.isChecked() else self.file

    def accept(self) -> None:
        """Sign; the dialog closes when the signed file is there."""
        self._begin(without=False)

    def sign_without_timestamp(self) -> None:
        """Sign as `accept` does, and ask no timestamp service."""
        self._begin(without=True)

    def _begin(self, *, without: bool) -> None:
        key = self._panel.key
        if self._busy or key is None or not self.sign.isEnabled():
            return
        try:
            ink = self.ink.pad.ink()
        except ReportError as error:
            self._tell(sentence_of(error))
            return
        order = SignOrder(
            Path(self.pdf.text()).expanduser(),
            self._role,
            Path(self.target.text()).expanduser(),
            key,
            ink,
            self._settings,
            without,
        )
        self._set_busy(True)
        if isinstance(key, FileKey):
            self.chosen.emit("identity_folder", str(key.path.parent))
        elif not key.key.asks_for_pin:
            self._whose.setText(key.key.advice)
        self._tasks.run(sign_file, order, done=self._done, failed=self._failed)

    def _done(self, checked: Checked) -> None:
        self._set_busy(False)
        self.signed.emit(checked)
        super().accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, TimestampFailed):
            # No secret was used yet: whoever signs decides with one more press.
            later = "A timestamp can be added to the finished report later."
            self._tell(f"{error.sentence} Nothing was signed yet. {later}")
            self.sign.setText("Try again")
            self.without.show()
            self.without.setFocus()
            return
        self._panel.forget()
        self._tell(sentence_of(error))
        if isinstance(self._panel, TokenPanel):
            # How many tries are left, and whether it is there at all, may be different now.
            self.token.look_again()
        self._panel.start()

    def done(self, result: int) -> None:
        """Whatever the end, no secret stays in a field, and nothing that was drawn."""
        self.file.forget()
        self.token.forget()
        self.ink.pad.clear()
        super().done(result)

    def reject(self) -> None:
        """Close, but not while the signature is on its way."""
        if not self._busy:
            super().reject()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.without.hide()
        self.sign.setText("Signing …" if busy else "Sign")
        fields = (self.pdf, self.target, self.file, self.token, self.ink, self.draw)
        for each in (*fields, *self.kinds.buttons()):
            each.setEnabled(not busy)
        self._tell("")
        self._refresh()

    def _tell(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        QTimer.singleShot(0, self, self._fit)

    def _refresh(self) -> None:
        named = bool(self.pdf.text().strip() and self.target.text().strip())
        self.sign.setEnabled(not self._busy and named and self._panel.key is not None)

    def _show_kind(self) -> None:
        self.file.setVisible(not self.card_or_token.isChecked())
        self.token.setVisible(self.card_or_token.isChecked())
        self.file.show_kind(made_here=self.own.isChecked())
        self._tell("")
        self._show_owner()
        for each in self.kinds.buttons():
            # Tab stops at the one that is chosen, arrows go to the others.
            focus = Qt.FocusPolicy.StrongFocus if each.isChecked() else Qt.FocusPolicy.ClickFocus
            each.setFocusPolicy(focus)
        if self.card_or_token.isChecked():
            self.token.prepare()

    def _show_pad(self, shown: bool) -> None:
        if not shown:
            self.ink.pad.clear()
        self.ink.setVisible(shown)
        self.draw.setText("Leave it out" if shown else "Draw…")
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        # Parts come and go; what is left is neither squeezed nor floats apart. Its size is known
        # only when it was laid out, so this is called a moment later.
        self._column.activate()
        width = max(self.width(), self.minimumWidth(), self._column.totalMinimumSize().width())
        room = self.screen().availableSize().height() - _FRAME
        wanted = QSize(width, min(self._column.totalHeightForWidth(width), room))
        if wanted != self._fitted:
            self._fitted = wanted
            self.resize(wanted)

    def _show_owner(self) -> None:
        self._whose.setText(self._panel.about)
        self.card.setVisible(bool(self._panel.fingerprint))
        self._refresh()
        QTimer.singleShot(0, self, self._fit)

    def _keep_module(self, module: Path) -> None:
        self.chosen.emit("token_module", str(module))

    def _save_card(self) -> None:
        key = self.token.chosen if self._panel is self.token else None
        beside = self.file.path if key is None else Path(self.target.text()).expanduser()
        suggested = beside.with_name(f"{beside.stem}-card.pem" if key is None else "card.pem")
        path = self._ask_write(self, "Save the card", suggested, "Card (*.pem)")
        if path is None:
            return
        try:
            make_card(self.file.path, path) if key is None else make_token_card(key, path)
        except (OSError, ReportError) as error:
            self._tell(sentence_of(error))
            return
        self._tell("")
        self._whose.setText(f"Hand {path.name} over and read aloud: {self._panel.fingerprint}")

    def _choose_pdf(self) -> None:
        path = self._ask_read(self, "The report to sign", Path(self.pdf.text()), "PDF (*.pdf)")
        if path is not None:
            self.pdf.setText(str(path))

    def _choose_identity(self) -> None:
        kept = self._settings.identity_folder
        folder = Path(kept) if kept else Path.home()
        kinds = _OWN if self.own.isChecked() else _P12
        path = self._ask_read(self, "Your identity", folder, kinds)
        if path is not None:
            self.take_identity(path)

    def _make_identity(self) -> None:
        dialog = IdentityDialog(
            self._tasks,
            self,
            role=self._role,
            name=self._name,
            folder=self._settings.identity_folder,
        )
        dialog.made.connect(self.take_identity)
        dialog.exec()
        dialog.deleteLater()

    def take_identity(self, path: Path) -> None:
        """Sign with the identity in this file."""
        is_p12 = path.suffix.lower() in (".p12", ".pfx")
        (self.p12 if is_p12 else self.own).setChecked(True)
        self.identity.setText(str(path))
        self.passphrase.setFocus()

    def _choose_target(self) -> None:
        path = self._ask_write(
            self, "Where the signed report goes", Path(self.target.text()), "PDF (*.pdf)"
        )
        if path is not None:
            self.target.setText(str(path))
