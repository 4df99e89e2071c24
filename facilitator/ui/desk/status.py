"""The status line: is it saved, what would Undo undo, who can sign, that nothing leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.records import Person
from facilitator.model.redact import role_title
from facilitator.session import Saving
from facilitator.settings import Settings
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.zones import local_time

_LOCAL = "Offline · this computer only"
_SIGNERS = ("tech-lead", "on-call", "product-owner")


class StatusLine(QWidget):
    """Words, never colour alone, for whether what was typed is on disk."""

    begun_asked = Signal()

    def __init__(self, session: QtSession, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self.setProperty("plain", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._saved = PlainLabel(role="second")
        self._undo = PlainLabel(role="second")
        self.begun = button("", hint="What was typed and is not committed")
        self.begun.setProperty("flat", True)
        self.begun.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.begun.setStyleSheet("padding: 0 6px; min-height: 0;")
        self.begun.clicked.connect(self.begun_asked)
        self.begun.hide()
        self._signing = PlainLabel(role="second")
        self._local = PlainLabel(_LOCAL, role="second")
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 5, 18, 5)
        row.setSpacing(22)
        row.addWidget(self._saved)
        row.addWidget(self._undo)
        row.addWidget(self.begun)
        row.addStretch(1)
        row.addWidget(self._signing)
        row.addWidget(self._local)
        session.saving.connect(self.show_saving)
        session.changed.connect(self._follow)
        self.show_saving(session.session.saving)
        self._show()

    @property
    def saved_text(self) -> str:
        """What the line says about saving."""
        return self._saved.text()

    @property
    def place_text(self) -> str:
        """Whether anything ever leaves this computer."""
        return self._local.text()

    def show_leaving(self, settings: Settings) -> None:
        """Say when something leaves this computer: never, unless the settings name a service."""
        asks = bool(settings.timestamp_url) or settings.revocation_fetch
        self._local.setText("Offline until somebody signs" if asks else _LOCAL)

    def show_begun(self, count: int) -> None:
        """Say how many texts were begun and stand in no field; nothing when there is none."""
        words = f"{count} text{'s' if count > 1 else ''} begun …"
        self.begun.setText(words)
        self.begun.setAccessibleName(words)
        self.begun.setVisible(count > 0)

    def show_saving(self, saving: Saving) -> None:
        """Say "Saved hh:mm:ss", "Saving", or that it is not saved; the strip above says why."""
        zone = self._session.document.incident.zone
        text = {
            "saved": f"Saved {local_time(saving.at, zone)}" if saving.at else "Saved",
            "saving": "Saving …",
        }.get(saving.state, "NOT SAVED (why: see above)")
        self._saved.setText(text)
        ink = "danger" if saving.state == "not-saved" else "text.second"
        weight = "700" if saving.state == "not-saved" else "400"
        self._saved.setStyleSheet(f"color: {self._theme.hex(ink)}; font-weight: {weight};")

    def _follow(self, _edit: Edit) -> None:
        self._show()

    def _show(self) -> None:
        label = self._session.undo_label
        self._undo.setText(f"Undo: “{label}”" if label else "Nothing to undo")
        document = self._session.document
        wanted = (*_SIGNERS, *(("leadership",) if document.incident.severity == "P0" else ()))
        there = {p.role for p in document.all(Person) if not p.notified}
        missing = [role_title(role).lower() for role in wanted if role not in there]
        self._signing.setText(
            f"Signing needs: {', '.join(missing)}"
            if missing
            else f"Signing ready: {', '.join(role_title(role).lower() for role in wanted)}"
        )
