"""What signatures bring along and whom one trusts with the time: the one thing that may leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from facilitator.report.errors import ReportError
from facilitator.report.proofs import check_address
from facilitator.settings import Settings
from facilitator.ui.files import AskPaths, ask_open_several, documents_folder
from facilitator.ui.labels import PlainLabel, button, plain_tip, shortened
from facilitator.ui.report.work import check_revocation, check_services, sentence_of

_CERTIFICATES = "Certificates (*.pem *.crt *.cer);;All files (*)"
_REVOCATION = "Revocation data (*.crl *.ors *.der *.pem *.crt *.cer);;All files (*)"
_LEAVES = (
    "Empty: nothing leaves this computer. With an address, a hash of each signature goes there, "
    "nothing of the report; the service sees your network address and the time."
)
_ASKS = (
    "That goes to the addresses in the signers' certificates: their issuers learn that they are "
    "being used. Identities made in Facilitator have none."
)


class FileChoice(QWidget):
    """Files that were chosen, by name; they are looked at before they are taken."""

    changed = Signal(str)  # their paths, a line each
    told = Signal(str)

    def __init__(
        self, words: str, kinds: str, check: Callable[[Path], object], ask: AskPaths
    ) -> None:
        super().__init__()
        self._words, self._kinds, self._check, self._ask = words, kinds, check, ask
        self._paths: tuple[Path, ...] = ()
        self.names = PlainLabel(role="second", wrap=True)
        self.choose = button("Choose…", hint=f"Choose: {words.lower()}")
        self.none = button("Clear", hint=f"Clear: {words.lower()}")
        row = QHBoxLayout()
        row.addWidget(PlainLabel(words), 1)
        for each, slot in ((self.choose, self._choose), (self.none, self._clear)):
            each.setAccessibleName(each.toolTip())
            each.setAutoDefault(False)
            each.clicked.connect(slot)
            row.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.names)

    def show_files(self, paths: tuple[Path, ...]) -> None:
        """Show these."""
        self._paths = paths
        self.names.setText(shortened(", ".join(path.name for path in paths)) or "None chosen.")
        plain_tip(self.names, "\n".join(map(str, paths)))
        self.none.setEnabled(bool(paths))

    def take(self, paths: tuple[Path, ...]) -> None:
        """Use these from now on, unless one of them is of no use."""
        for path in paths:
            try:
                self._check(path)
            except (OSError, ReportError) as error:
                self.told.emit(f"{path.name}: {sentence_of(error)}")
                return
        self.told.emit("")
        self.show_files(paths)
        self.changed.emit("\n".join(map(str, paths)))

    def _choose(self) -> None:
        folder = self._paths[0].parent if self._paths else documents_folder()
        chosen = self._ask(self, self._words, folder, self._kinds)
        if chosen:
            self.take(tuple(chosen))

    def _clear(self) -> None:
        self.take(())


class ProofSettings(QWidget):
    """The settings of timestamps and revocation data; tells each change as it is made."""

    changed = Signal(str, object)  # a setting's name and its value
    told = Signal(str)  # what is wrong with what was typed or chosen, or nothing

    def __init__(self, settings: Settings, *, ask: AskPaths = ask_open_several) -> None:
        super().__init__()
        self._is_wrong = False
        self.url = QLineEdit(settings.timestamp_url)
        self.url.setPlaceholderText("None. For example https://time.example.org/tsa")
        self.url.setAccessibleName("Address of a timestamp service")
        self.url.setAccessibleDescription(_LEAVES)
        self.without = QCheckBox("When it does not answer, sign without it and do not ask")
        self.fetch = QCheckBox("Ask whether the signers' certificates were revoked")
        self.fetch.setAccessibleDescription(_ASKS)
        self.trust = FileChoice("Timestamp services I trust", _CERTIFICATES, check_services, ask)
        self.lists = FileChoice(
            "Revocation lists I have as files", _REVOCATION, check_revocation, ask
        )
        self.without.setChecked(settings.sign_without_timestamp)
        self.fetch.setChecked(settings.revocation_fetch)
        self.trust.show_files(settings.files_of("timestamp_trust"))
        self.lists.show_files(settings.files_of("revocation_files"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel("Timestamps on signatures", role="heading"))
        column.addWidget(self.url)
        column.addWidget(PlainLabel(_LEAVES, role="second", wrap=True))
        column.addWidget(self.without)
        column.addWidget(self.trust)
        column.addSpacing(6)
        column.addWidget(PlainLabel("Revoked certificates", role="heading"))
        column.addWidget(self.fetch)
        column.addWidget(PlainLabel(_ASKS, role="second", wrap=True))
        column.addWidget(self.lists)
        column.addStretch(1)

    def _connect(self) -> None:
        self.url.editingFinished.connect(self.take_address)
        self.without.toggled.connect(self._take_without)
        self.fetch.toggled.connect(self._take_fetch)
        self.trust.changed.connect(self._take_trust)
        self.lists.changed.connect(self._take_lists)
        for each in (self.trust, self.lists):
            each.told.connect(self.told)

    def take_address(self) -> bool:
        """Use the address that was typed; False when it is none, which is told."""
        text = self.url.text().strip()
        try:
            address = check_address(text) if text else ""
        except ReportError as error:
            self._is_wrong = True
            self.told.emit(error.sentence)
            return False
        if self._is_wrong:
            self.told.emit("")
        self._is_wrong = False
        self.changed.emit("timestamp_url", address)
        return True

    def _take_without(self, on: bool) -> None:
        self.changed.emit("sign_without_timestamp", on)

    def _take_fetch(self, on: bool) -> None:
        self.changed.emit("revocation_fetch", on)

    def _take_trust(self, paths: str) -> None:
        self.changed.emit("timestamp_trust", paths)

    def _take_lists(self, paths: str) -> None:
        self.changed.emit("revocation_files", paths)
