"""Verifying any PDF: drop or choose it, name the cards one trusts, read the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facilitator.report.fields import ROLE_TITLES
from facilitator.settings import Settings
from facilitator.ui.files import (
    AskPath,
    AskPaths,
    ask_open,
    ask_open_several,
    ask_save,
    documents_folder,
)
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button, panel
from facilitator.ui.report.preview import Preview
from facilitator.ui.report.sign_dialog import SignDialog, signed_name
from facilitator.ui.report.stamping import Stamping
from facilitator.ui.report.verdict_view import ResultCard
from facilitator.ui.report.work import NO_SETTINGS, Checked, sentence_of, verify_file
from facilitator.ui.tasks import Tasks
from facilitator.ui.theme import Theme

_CARDS = "Cards and certificates (*.pem *.crt *.card);;All files (*)"


class VerifyDialog(QDialog):
    """Says of a PDF who signed it and whether anything changed since, and lets one sign it."""

    checked = Signal(object)  # Checked

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        folder: Path | None = None,
        settings: Settings = NO_SETTINGS,
        ask_pdf: AskPath = ask_open,
        ask_cards: AskPaths = ask_open_several,
        ask_new: AskPath = ask_save,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = theme
        self._folder = folder or documents_folder()
        self._settings = settings
        self._ask_pdf = ask_pdf
        self._ask_cards = ask_cards
        self._cards: tuple[Path, ...] = ()
        self._pdf: Path | None = None
        self._signed = 0
        self.setWindowTitle("Verify or sign a report")
        self.setModal(True)
        self.setAcceptDrops(True)
        self._drop = panel("card")
        self._drop_line = PlainLabel("Drop a PDF here, and cards of people you trust.", wrap=True)
        self._cards_line = PlainLabel(role="second", wrap=True)
        self.result_card = ResultCard(theme)
        self.result_card.told.connect(self._tell)
        self.stamping = Stamping(self.result_card, tasks, self._chosen, ask=ask_new)
        self.stamping.stamped.connect(self._take_signed)
        self.roles = Choice()
        self.roles.setAccessibleName("Role to sign as")
        self.roles.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.sign = button("Sign as this role…")
        self.sign.clicked.connect(self._press_sign)
        self.look = button("Look at the pages")
        self.look.clicked.connect(self.look_at_pages)
        self.look.setEnabled(False)
        self._signing = QWidget()
        self._problem = PlainLabel(wrap=True)
        self._lay_out()
        self._show_cards()

    def _lay_out(self) -> None:
        choose = button("Choose a PDF…", primary=True)
        choose.clicked.connect(self._choose_pdf)
        cards = button("Trust cards…", hint="Cards people handed to you, with their fingerprints")
        cards.clicked.connect(self._choose_cards)
        inside = QVBoxLayout(self._drop)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.setSpacing(8)
        inside.addWidget(self._drop_line)
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addWidget(cards)
        row.addWidget(self.look)
        row.addStretch(1)
        inside.addLayout(row)
        inside.addWidget(self._cards_line)
        holder = QWidget()
        below = QVBoxLayout(holder)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.result_card)
        below.addWidget(self._signing)
        below.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        signing = QHBoxLayout(self._signing)
        signing.setContentsMargins(0, 4, 0, 0)
        signing.addWidget(PlainLabel("It waits for your signature?"))
        signing.addWidget(self.roles)
        signing.addWidget(self.sign)
        signing.addStretch(1)
        self._signing.hide()
        close = button("Close")
        close.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.addWidget(self._problem, 1)
        last.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Verify or sign a report", role="title"))
        column.addWidget(self._drop)
        column.addWidget(scroll, 1)
        column.addLayout(last)
        self.resize(700, 640)

    def _chosen(self) -> Settings:
        return self._settings

    @property
    def problem(self) -> str:
        """What is going on or went wrong, or nothing."""
        return self._problem.text()

    def take(self, paths: Sequence[Path]) -> None:
        """Verify the PDF among these files, with the others as cards."""
        pdfs = [path for path in paths if path.suffix.lower() == ".pdf"]
        cards = [path for path in paths if path not in pdfs]
        if cards:
            self._cards = tuple(dict.fromkeys((*self._cards, *cards)))
            self._show_cards()
        if pdfs:
            self._pdf = pdfs[0]
        self._verify()

    def _verify(self) -> None:
        if self._pdf is None:
            return
        self._tell(f"Looking at {self._pdf.name} …")
        self.look.setEnabled(True)
        self.result_card.hide()
        self._signing.hide()
        self._tasks.run(
            verify_file,
            self._pdf,
            self._cards,
            self._settings,
            done=self._verified,
            failed=self._failed,
        )

    def _verified(self, checked: Checked) -> None:
        if checked.path == self._pdf:
            self._tell("")
            self.result_card.show_checked(checked)
            self._offer_to_sign(checked)
            self.checked.emit(checked)

    def _offer_to_sign(self, checked: Checked) -> None:
        missing = checked.verdict.missing if checked.verdict.holds else ()
        self.roles.clear()
        for role in missing:
            self.roles.addItem(ROLE_TITLES[role], role)
        self._signed = len(checked.verdict.signatures)
        self._signing.setVisible(bool(missing))

    def look_at_pages(self) -> Preview | None:
        """Show what would be signed, page by page."""
        if self._pdf is None:
            return None
        shown = Preview(self._tasks, self._theme, self, suggested=self._pdf)
        shown.show_file(self._pdf, None, self._pdf.name)
        shown.finished.connect(shown.deleteLater)
        shown.open()
        return shown

    def _press_sign(self) -> None:
        dialog = self.sign_dialog(str(self.roles.currentData()))
        if dialog is not None:
            dialog.exec()
            dialog.deleteLater()

    def sign_dialog(self, role: str) -> SignDialog | None:
        """The dialog in which somebody signs the PDF that was looked at, from any machine."""
        if self._pdf is None or self.roles.findData(role) < 0:
            return None
        of = self._signed + self.roles.count()
        target = signed_name(self._pdf, self._signed + 1, of)
        dialog = SignDialog(
            self._tasks, self._pdf, role, self, target=target, settings=self._settings
        )
        dialog.signed.connect(self._take_signed)
        return dialog

    def _take_signed(self, signed: Checked) -> None:
        # Looked at once more, since the cards decide what is said.
        self.take([signed.path])

    def _failed(self, error: Exception) -> None:
        self._cards = ()
        self._show_cards()
        self._tell(sentence_of(error).replace(" Nothing was changed.", ""))

    def _tell(self, sentence: str) -> None:
        self._problem.setText(sentence)

    def _show_cards(self) -> None:
        names = ", ".join(path.name for path in self._cards)
        self._cards_line.setText(
            f"Trusted: {names}."
            if names
            else "Without cards the verdict says whether anything changed, not who people are."
        )

    def _choose_pdf(self) -> None:
        path = self._ask_pdf(self, "The PDF to verify", self._folder, "PDF (*.pdf)")
        if path is not None:
            self._pdf = path
            self._verify()

    def _choose_cards(self) -> None:
        paths = self._ask_cards(self, "Cards to trust", self._folder, _CARDS)
        if paths:
            self.take(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        event.acceptProposedAction()
        self.take([Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()])
