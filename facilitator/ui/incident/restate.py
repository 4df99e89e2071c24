"""Phase one: the opening statement, read aloud before the clock starts, and the incident's form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.clock import Reading
from facilitator.model.edits.incident import change_incident
from facilitator.model.records import Incident
from facilitator.ui.actions import key_of
from facilitator.ui.forms import RecordForm
from facilitator.ui.hinting import Hinting
from facilitator.ui.incident.form import IncidentForm
from facilitator.ui.incident.people import PeopleBoard
from facilitator.ui.labels import PlainLabel, button, panel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

_NARROW = 960


class RestateBoard(QScrollArea):
    """Opening statement and people on the left, the incident on the right."""

    def __init__(
        self,
        session: QtSession,
        hinting: Hinting,
        theme: Theme,
        trigger: Callable[[str], None],
        default_opening: str,
    ) -> None:
        super().__init__()
        self._session = session
        self._trigger = trigger
        self._default = default_opening
        self._theme = theme
        self.form = IncidentForm(session, hinting, theme)
        self.people = PeopleBoard(session, hinting, theme)
        left = panel("card")
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 12, 10)
        self._heading = PlainLabel("Opening statement", role="heading")
        column.addWidget(self._heading)
        texts = RecordForm(
            session,
            hinting,
            theme,
            kind="incident",
            record=self._incident,
            change=change_incident,
            parent=self,
        )
        self.opening = texts.text("opening", field="note", lines=4, hint=default_opening)
        self.opening.setAccessibleName("Opening statement")
        column.addWidget(self.opening)
        keys = QHBoxLayout()
        self._show = button("Show it to the room")
        self._show.clicked.connect(self._press_show)
        self._read = button("Read the timeline aloud", key=key_of("read_aloud"))
        self._read.clicked.connect(self._press_read)
        keys.addWidget(self._show)
        keys.addWidget(self._read)
        keys.addStretch(1)
        column.addLayout(keys)
        column.addWidget(self.people)
        column.addStretch(1)
        inside = QWidget()
        inside.setProperty("plain", True)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._halves.setContentsMargins(0, 0, 4, 0)
        self._halves.setSpacing(10)
        self._halves.addWidget(left, 2)
        self._halves.addWidget(self.form, 3)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        session.changed.connect(self._follow)

    def show_reading(self, reading: Reading) -> None:
        """Say whether the opening statement was shown."""
        shown = "shown to the room ✓" if reading.opening_shown else "not shown yet"
        text = f"Opening statement · {shown}"
        if self._heading.text() != text:
            self._heading.setText(text)
            self._show.setProperty("primary", not reading.opening_shown)
            self._show.style().polish(self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else below one another."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        narrow = self.width() < _NARROW
        self._halves.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def focus_title(self) -> None:
        """Put the cursor into the incident's title."""
        self.form.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _incident(self) -> Incident:
        return self._session.document.incident

    def _follow(self, _edit: Edit) -> None:
        self._read.setEnabled(True)

    def _press_show(self) -> None:
        self._trigger("opening")

    def _press_read(self) -> None:
        self._trigger("read_aloud")
