"""Phase six: what stands in the way, the final report, and who signs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from facilitator.checks.gates import gates
from facilitator.checks.signers import signers
from facilitator.checks.wording import OpenHint
from facilitator.instants import utc_now
from facilitator.model.change import Refused
from facilitator.model.edits.report import freeze_report, open_revision, record_signature
from facilitator.model.freeze import (
    content_digest,
    frozen_revision,
    head_of,
    missing_roles,
    newest_revision,
)
from facilitator.model.sharing import read_words, share_safe
from facilitator.settings import Settings
from facilitator.ui.files import AskPath, ask_save, documents_folder, file_words
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.report.parts import GapList, RevisionLine, SignatureRows, Steps, column
from facilitator.ui.report.preview import Preview
from facilitator.ui.report.sign_dialog import SignDialog, signed_name
from facilitator.ui.report.stamping import Stamping
from facilitator.ui.report.verdict_view import ResultCard
from facilitator.ui.report.verify_dialog import VerifyDialog
from facilitator.ui.report.work import (
    Checked,
    Made,
    Order,
    make_report,
    report_number,
    save_file,
    sentence_of,
)
from facilitator.ui.tasks import Tasks
from facilitator.ui.theme import Theme

Now = Callable[[], datetime]
_NARROW = 720
_PDF = "PDF (*.pdf)"


class SignBoard(QScrollArea):
    """Gates and signatures; makes the report and has it signed. Only the facilitator sees it."""

    go_asked = Signal(str)  # where a gap is: kind:id:field or a board's name
    settings_changed = Signal(object)  # Settings

    def __init__(
        self,
        session: QtSession,
        theme: Theme,
        *,
        settings: Callable[[], Settings],
        tasks: Tasks,
        open_hints: Callable[[], Sequence[OpenHint]],
        now: Now = utc_now,
        ask: AskPath = ask_save,
    ) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._chosen = settings
        self._tasks = tasks
        self._open_hints = open_hints
        self._now = now
        self._ask = ask
        self._target: Path | None = None
        self._busy = ""
        self.gaps = GapList(theme)
        self.signatures = SignatureRows(theme)
        self.revision = RevisionLine(theme)
        self.steps = Steps()
        self.result = ResultCard(theme)
        self._notice = PlainLabel(wrap=True)
        self._notice.setStyleSheet(f"color: {theme.hex('hint')}; font-weight: 600;")
        self._notice.hide()
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("plain", True)
        left = column("Before it can be signed", self.gaps)
        shown = (self.revision, self.signatures, self.steps, self._notice, self.result)
        right = column("Report and signatures", *shown)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(14, 10, 14, 10)
        self._columns.setSpacing(28)
        self._columns.addLayout(left, 4)
        self._columns.addLayout(right, 6)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _connect(self) -> None:
        self.gaps.go_asked.connect(self.go_asked)
        self.signatures.sign_asked.connect(self.ask_to_sign)
        self.revision.open_asked.connect(self.open_next_revision)
        self.steps.preview_asked.connect(self.preview)
        self.steps.draft_asked.connect(self.save_draft)
        self.steps.final_asked.connect(self.make_final)
        self.steps.verify_asked.connect(self.verify)
        self.result.told.connect(self._tell)
        self.stamping = Stamping(self.result, self._tasks, self._chosen, ask=self._ask)
        self.stamping.stamped.connect(self._signed)
        self._session.changed.connect(self._follow)

    # ---- what is shown

    def refresh(self) -> None:
        """Show the gates and signatures as they are now."""
        document = self._session.document
        frozen = frozen_revision(document)
        found = () if frozen else gates(document, self._open_hints())
        self.gaps.show_gaps(found, frozen=frozen is not None)
        self.revision.show_revision(frozen, newest_revision(document), document.incident.zone)
        self.signatures.show_signers(document, busy=bool(self._busy))
        self.steps.show_state(gaps=len(found), frozen=frozen is not None, busy=self._busy)

    @property
    def notice(self) -> str:
        """What was told last."""
        return self._notice.text()

    @property
    def _settings(self) -> Settings:
        return self._chosen()

    def showEvent(self, event: object) -> None:
        """Hints may have come and gone while another board was shown."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little width, the signatures go below the gates."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(down if self.viewport().width() < _NARROW else across)

    def _follow(self, _edit: object) -> None:
        if self.isVisible():
            self.refresh()

    def _tell(self, sentence: str) -> None:
        self._notice.setText(sentence)
        self._notice.setVisible(bool(sentence))

    def _reveal(self) -> None:
        # Its height is known only once it is laid out.
        QTimer.singleShot(0, self, self._scroll_to_result)

    def _scroll_to_result(self) -> None:
        self.ensureWidgetVisible(self.result)

    def _set_busy(self, words: str) -> None:
        self._busy = words
        self.refresh()

    # ---- the report

    def preview(self) -> Preview | None:
        """Show the pages: of what was signed, of what is final, else of a draft."""
        frozen = frozen_revision(self._session.document)
        try:
            order = self._order(final=True) if frozen else self._draft_order()
        except Refused as problem:
            self._tell(str(problem))
            return None
        kind = "final" if frozen else "draft"
        suggested = self._suggested(kind)
        shown = Preview(
            self._tasks,
            self._theme,
            self.window(),
            suggested=suggested,
            ask=self._ask,
            verify=self.verify if frozen else None,
        )
        file = self._report_file() if frozen else None
        if file is not None:
            shown.show_file(file, order, file.name)
        else:
            shown.show_order(order, f"Revision {order.revision}, {kind}")
        shown.finished.connect(shown.deleteLater)
        shown.open()
        return shown

    def save_draft(self) -> None:
        """Ask for a place and write a draft there."""
        try:
            order = self._draft_order()
        except Refused as problem:
            self._tell(str(problem))
            return
        path = self._ask(self, "Save the draft", self._suggested("draft"), _PDF)
        if path is not None:
            self._make(path, order)

    def make_final(self) -> None:
        """Ask for a place, freeze the incident and write the report that is signed."""
        document = self._session.document
        frozen = frozen_revision(document)
        if frozen is None and gates(document, self._open_hints()):
            self._tell("Something still stands in the way; see the list.")
            return
        path = self._ask(self, "Save the final report", self._suggested("final"), _PDF)
        if path is not None:
            self._make(path, self._order(final=True))

    def open_next_revision(self) -> None:
        """Let the incident be edited again; what was signed stays signed."""
        if self._session.record(open_revision, self._now()):
            self.result.hide()
            self._tell("The incident can be edited again. What was signed stays as it is.")

    def _make(self, path: Path, order: Order) -> None:
        self._target = path
        self._keep_folder(path.parent)
        self._tell("")
        self._set_busy("Making the report …")
        self._tasks.run(make_report, order, done=self._made, failed=self._failed)

    def _draft_order(self) -> Order:
        order = self._order(final=False)
        if not self.steps.share.isChecked():
            return order
        words = read_words(self._settings.share_words.splitlines())
        return replace(order, document=share_safe(order.document, words))

    def _order(self, *, final: bool) -> Order:
        document = self._session.document
        frozen, changed = frozen_revision(document), self._session.session.revised_later()
        if frozen is not None and final:
            return Order(document, head_of(frozen), frozen.at, frozen.number, final, changed)
        newest = newest_revision(document)
        number = 1 if newest is None else newest.number + bool(newest.digest)
        return Order(document, self._session.session.head, self._now(), number, final, changed)

    def _made(self, made: Made) -> None:
        order = made.order
        if order.final and not self._freeze(order):
            self._set_busy("")
            return
        self._set_busy("Saving …")
        if self._target is not None:
            then = self._final_saved if order.final else self._draft_saved
            self._tasks.run(save_file, self._target, made.pdf, done=then, failed=self._failed)

    def _freeze(self, order: Order) -> bool:
        document = self._session.document
        if frozen_revision(document) is not None:
            return True
        is_same = document is order.document
        if not is_same and content_digest(document) != content_digest(order.document):
            self._tell("The incident changed while the report was made. Make it once more.")
            return False
        roles = tuple(signers(order.document))
        return self._session.record(freeze_report, order.at, order.head, roles)

    def _draft_saved(self, path: Path) -> None:
        self._set_busy("")
        self.result.show_file(path, "The draft is saved. Nobody can sign it.")
        self._reveal()

    def _final_saved(self, path: Path) -> None:
        self._remember_file(path)
        self._set_busy("")
        self.result.show_file(path, "The final report is saved. Now it can be signed.")
        self._reveal()

    def _failed(self, error: Exception) -> None:
        self._set_busy("")
        self._tell(sentence_of(error))

    # ---- signatures

    def ask_to_sign(self, role: str) -> None:
        """Let the person in this role sign."""
        dialog = self.sign_dialog(role)
        if dialog is not None:
            dialog.exec()
            dialog.deleteLater()

    def sign_dialog(self, role: str) -> SignDialog | None:
        """The dialog for this role, or None while there is no final report on disk."""
        document = self._session.document
        frozen = frozen_revision(document)
        pdf = self._report_file()
        if frozen is None or pdf is None:
            self._tell("Make the final report first, or save it again: its file is not there.")
            return None
        signed = len(frozen.roles) - len(missing_roles(document)) + 1
        person = signers(document).get(role)
        dialog = SignDialog(
            self._tasks,
            pdf,
            role,
            self,
            target=signed_name(pdf, signed, len(frozen.roles)),
            name=person.name if person else "",
            settings=self._settings,
        )
        dialog.signed.connect(self._signed)
        dialog.chosen.connect(self._keep_choice)
        return dialog

    def verify(self, path: Path | None = None) -> None:
        """Verify this PDF or any; signatures on a copy of this very report are remembered."""
        dialog = VerifyDialog(
            self._tasks, self._theme, self, folder=self._folder(), settings=self._settings
        )
        dialog.checked.connect(self._take_copy)
        if path is not None:
            dialog.take([path])
        dialog.exec()
        dialog.deleteLater()

    def _signed(self, checked: Checked) -> None:
        self._keep_folder(checked.path.parent)
        self._take_copy(checked)
        self.result.show_checked(checked)
        self._reveal()
        # The button that was pressed is gone; the keyboard goes on with whoever signs next.
        waiting = next(iter(self.signatures.buttons.values()), self.steps.verify)
        waiting.setFocus()

    def _take_copy(self, checked: Checked) -> None:
        """Remember who signed this copy, when it is one of what is frozen here."""
        document = self._session.document
        frozen = frozen_revision(document)
        if frozen is None or not checked.verdict.holds or not checked.verdict.signatures:
            return
        if checked.verdict.number != report_number(self._order(final=True)):
            return
        self._remember_file(checked.path)
        for found in checked.verdict.signatures:
            if found.role in missing_roles(self._session.document):
                at = found.at or self._now()
                self._session.record(
                    record_signature, found.role, found.name, found.fingerprint, at
                )
        self.refresh()

    # ---- places

    def _suggested(self, kind: str) -> Path:
        number = self._order(final=kind == "final").revision
        # The title may say what a share-safe copy does not.
        is_copy = kind == "draft" and self.steps.share.isChecked()
        name = file_words("" if is_copy else self._session.document.incident.title)
        return self._folder() / f"{name}-r{number}{'-draft' if kind == 'draft' else ''}.pdf"

    def _folder(self) -> Path:
        kept = self._settings.reports_folder
        return Path(kept) if kept and Path(kept).is_dir() else documents_folder()

    def _keep_folder(self, folder: Path) -> None:
        self._keep(reports_folder=str(folder))

    def _keep_choice(self, name: str, value: str) -> None:
        self._keep(**{name: value})

    def _keep(self, **values: str) -> None:
        changed = self._settings.with_values(**values)
        if changed != self._settings:
            self.settings_changed.emit(changed)

    def _file_key(self) -> str:
        frozen = frozen_revision(self._session.document)
        return f"revision:{frozen.id if frozen else ''}:file"

    def _remember_file(self, path: Path) -> None:
        # Kept beside the document: where a file lies is nobody else's business.
        self._session.keep_draft(self._file_key(), str(path))

    def _report_file(self) -> Path | None:
        kept = self._session.draft(self._file_key())
        return Path(kept) if kept and Path(kept).is_file() else None
