"""The top bar: what broke, how bad, for whom, and until when the post-mortem is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from facilitator.model.change import Edit
from facilitator.model.figures import deadline_text, figure
from facilitator.model.records import Incident, Moment
from facilitator.ui.actions import key_of
from facilitator.ui.labels import PlainLabel, button, plain_tip
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme


class ElidedLabel(QWidget):
    """One line that ends in an ellipsis when there is no room; the tool tip has the whole."""

    clicked = Signal()

    def __init__(self, theme: Theme, px: int, weight: int, ink: str) -> None:
        super().__init__()
        self._theme = theme
        self._ink = ink
        self._text = ""
        self.setFont(theme.font(px, weight))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show this text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            plain_tip(self, text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self._text) + 4, self.fontMetrics().height()
        )

    def minimumSizeHint(self) -> QSize:
        """It can become short."""
        return QSize(60, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, elided."""
        with QPainter(self) as painter:
            painter.setPen(self._theme.color(self._ink))
            shown = self.fontMetrics().elidedText(
                self._text, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown
            )

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Somebody wants to see more."""
        self.clicked.emit()


class TopBar(QWidget):
    """Incident, severity, impact, deadline; the four buttons used in a meeting."""

    incident_asked = Signal()

    def __init__(
        self,
        session: QtSession,
        theme: Theme,
        trigger: Callable[[str], None],
        now: Callable[[], datetime],
        px: int = 14,
    ) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._trigger = trigger
        self._now = now
        self.setProperty("plain", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = ElidedLabel(theme, px + 6, 700, "text")
        self._title.clicked.connect(self.incident_asked)
        self._title.setCursor(Qt.CursorShape.PointingHandCursor)
        self._severity = PlainLabel()
        self._read_only = PlainLabel("READ-ONLY")
        self._read_only.setStyleSheet(
            f"background: {theme.hex('over')}; color: {theme.hex('over.text')};"
            "border-radius: 5px; padding: 3px 8px; font-weight: 700;"
        )
        self._read_only.hide()
        self._facts = ElidedLabel(theme, px, 400, "text.second")
        self._due = PlainLabel()
        self._due.setFont(theme.font(px, 600))
        self._undo = button("Undo", hint="Undo (Ctrl Z)")
        self._commands = button("Commands", key=key_of("palette"))
        self._room = button("Room screen")
        self._report = button("Report", primary=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(self._read_only)
        row.addWidget(self._title)
        row.addWidget(self._severity)
        row.addWidget(self._facts)
        row.addWidget(self._due)
        row.addStretch(1)
        for each, slot in (
            (self._undo, self._press_undo),
            (self._commands, self._press_commands),
            (self._room, self._press_room),
            (self._report, self._press_report),
        ):
            each.clicked.connect(slot)
            row.addWidget(each)
        session.changed.connect(self._follow)

    def show_now(self, now: datetime) -> None:
        """Show title, severity, impact and what is left of the deadline at `now` (UTC)."""
        document = self._session.document
        incident = document.incident
        self._title.show_text(incident.title)
        self._severity.setText(incident.severity or "P?")
        self._severity.setStyleSheet(
            f"background: {self._theme.hex('severity.ground')}; color: "
            f"{self._theme.hex('severity')}; border-radius: 5px; padding: 3px 8px;"
            "font-weight: 700;"
        )
        parts = []
        duration = figure(document, "duration")
        if duration.length is not None:
            parts.append(duration.text)
        if incident.users_affected is not None:
            parts.append(f"{incident.users_affected:,} {incident.users_word}")
        self._due.setText(deadline_text(document, now))
        self._facts.show_text(" · ".join(parts))
        self._undo.setEnabled(bool(self._session.undo_label))

    def show_read_only(self) -> None:
        """Say that this is a copy to look at."""
        self._read_only.show()

    def show_room(self, state: str) -> None:
        """Show the room screen's state on its button: "", "on", "frozen" or "blank"."""
        words = {"": "Room screen", "on": "Room screen on"}.get(state, f"ROOM {state.upper()}")
        if self._room.text() != words:
            self._room.setText(words)
            self._room.setAccessibleName(words)

    @property
    def room_button(self) -> QPushButton:
        """The room button, under which the list of displays opens."""
        return self._room

    def _follow(self, edit: Edit) -> None:
        self._undo.setEnabled(bool(self._session.undo_label))
        kinds = {type(change.record) for change in edit.changes}
        if kinds & {Incident, Moment}:
            self.show_now(self._now())

    def _press_undo(self) -> None:
        self._trigger("undo")

    def _press_commands(self) -> None:
        self._trigger("palette")

    def _press_room(self) -> None:
        self._trigger("room_open")

    def _press_report(self) -> None:
        self._trigger("report")
