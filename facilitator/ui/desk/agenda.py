"""The left rail: clock, the three buttons, the phases with plan and actual, the parking lot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.clock import Reading, agenda
from facilitator.model.records import Incident, Parked, Topic
from facilitator.model.times import clock_text
from facilitator.ui.actions import key_of
from facilitator.ui.desk.parking import ParkingLot
from facilitator.ui.desk.ring import ClockRing
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.zones import incident_time

_NARROW = 250  # pixels below which keys leave the buttons


class PhaseRow(QFrame):
    """One phase: state mark, title, minutes; a click looks at it without touching the clock."""

    clicked = Signal(str)
    go_asked = Signal(str)

    def __init__(self, topic: Topic, number: int, theme: Theme) -> None:
        super().__init__()
        self._topic = topic.id
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._mark = PlainLabel()
        self._mark.setFixedWidth(22)
        self._title = PlainLabel(topic.title, wrap=True)
        self._minutes = PlainLabel()
        self._minutes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._mark)
        row.addWidget(self._title, 1)
        row.addWidget(self._minutes)
        self._number = number
        self._shown: tuple[object, ...] = ()

    def show_state(self, minutes: str, *, current: bool, visited: bool, looked_at: bool) -> None:
        """Show minutes and whether the phase runs, ran, or is being looked at."""
        shown = (minutes, current, visited, looked_at, self._theme.name)
        if shown == self._shown:
            return
        self._shown = shown
        self._mark.setText("▶" if current else "✓" if visited else str(self._number))
        self._minutes.setText(minutes)
        weight = 700 if current else 400
        ink = "text" if current or not visited else "text.second"
        self._title.setFont(self._theme.font(self.fontInfo().pixelSize(), weight))
        ground = self._theme.hex("selection") if current else "transparent"
        edge = self._theme.hex("border") if looked_at and not current else "transparent"
        self.setStyleSheet(
            f"PhaseRow {{ background: {ground}; border: 1px solid {edge}; border-radius: 6px; }}"
            f"PhaseRow:focus {{ border: 2px solid {self._theme.hex('focus')}; }}"
            f"QLabel {{ color: {self._theme.hex(ink)}; }}"
        )
        state = "runs now" if current else "done" if visited else "planned"
        self.setAccessibleName(f"Phase {self._number}, {self._title.text()}, {minutes}, {state}")

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Look at this phase."""
        self.clicked.emit(self._topic)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Jump to this phase: the clock goes with it."""
        self.go_asked.emit(self._topic)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space looks at this phase."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.clicked.emit(self._topic)
        else:
            super().keyPressEvent(event)


class AgendaPanel(QWidget):
    """Where the meeting is, what it has left, and when it ends."""

    looked_at = Signal(str)  # topic id
    go_asked = Signal(str)

    def __init__(
        self,
        session: QtSession,
        hinting: Hinting,
        theme: Theme,
        trigger: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._trigger = trigger
        self._rows: dict[str, PhaseRow] = {}
        self._looking = ""
        self._reading: Reading | None = None
        self.setProperty("plain", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.ring = ClockRing(theme)
        self._phase = PlainLabel(role="title", wrap=True)
        self._phase.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._start = button("Start", key=key_of("start"))
        self._more = button("+2", key=key_of("extend_2"))
        self._next = button("Next", key=key_of("next"), primary=True)
        self._start.clicked.connect(self._press_start)
        self._more.clicked.connect(self._press_more)
        self._next.clicked.connect(self._press_next)
        self._ends = PlainLabel(role="second", wrap=True)
        self.parking = ParkingLot(session, hinting, theme)
        self._phases = QVBoxLayout()
        self._phases.setSpacing(2)
        self._lay_out()
        session.changed.connect(self._follow)
        self._rebuild()

    @property
    def more_button(self) -> QWidget:
        """The +2 button, under which the choice of who pays opens."""
        return self._more

    def _lay_out(self) -> None:
        keys = QGridLayout()
        keys.setSpacing(6)
        for column, each in enumerate((self._start, self._more, self._next)):
            each.setStyleSheet("padding-left: 4px; padding-right: 4px;")
            keys.addWidget(each, 0, column)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(14, 12, 14, 8)
        column_box.setSpacing(8)
        column_box.addWidget(self.ring, 3)
        column_box.addWidget(self._phase)
        column_box.addLayout(keys)
        column_box.addLayout(self._phases)
        column_box.addWidget(self._ends)
        column_box.addWidget(self.parking, 4)
        self.ring.setMinimumHeight(104)
        self.ring.setMaximumHeight(232)

    def look(self, topic_id: str) -> None:
        """Mark the phase that is being looked at."""
        self._looking = topic_id
        if self._reading is not None:
            self.show_reading(self._reading)

    def show_reading(self, reading: Reading) -> None:
        """Show what the clock says."""
        self._reading = reading
        topics = agenda(self._session.document.all(Topic))
        first = topics[0].minutes if topics else 0
        self.ring.show_reading(reading, first)
        titles = {topic.id: topic.title for topic in topics}
        default = {"planned": "Ready to begin", "done": "The meeting has ended"}
        _set(self._phase, titles.get(reading.topic, default.get(reading.state, "")))
        self._name(self._start, _start_word(reading), "start")
        self._start.setEnabled(reading.state != "done")
        self._more.setEnabled(bool(reading.topic))
        last = bool(topics) and reading.topic == topics[-1].id
        self._name(self._next, "End" if last else "Next", "next")
        self._name(self._more, "+2", "extend_2")
        self._next.setEnabled(reading.state != "done")
        for topic in topics:
            self._show_row(topic, reading)
        _set(self._ends, self._end_text(reading))

    def _show_row(self, topic: Topic, reading: Reading) -> None:
        time = reading.time(topic.id)
        row = self._rows.get(topic.id)
        if row is None:
            return
        given = round(time.planned / 60) - topic.minutes
        minutes = f"{topic.minutes} min" + (f" {given:+d}".replace("-", "−") if given else "")
        row.show_state(
            minutes,
            current=topic.id == reading.topic,
            visited=time.visited and topic.id != reading.topic,
            looked_at=topic.id == self._looking,
        )

    def _end_text(self, reading: Reading) -> str:
        zone = self._session.document.incident.zone
        if reading.began is None or reading.projected_end is None or reading.planned_end is None:
            total = sum(topic.minutes for topic in self._session.document.all(Topic))
            return f"{total} min in all"
        planned = incident_time(reading.planned_end, zone)
        if reading.state == "done":
            return f"Ended {clock_text(reading.projected_end, zone)} · plan {planned}"
        moving = " · moving while paused" if reading.state == "paused" else ""
        about = "about " if reading.estimated else ""
        return f"Ends {about}{clock_text(reading.projected_end, zone)} · plan {planned}{moving}"

    def _rebuild(self) -> None:
        while (item := self._phases.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._rows.clear()
        for number, topic in enumerate(agenda(self._session.document.all(Topic)), 1):
            row = PhaseRow(topic, number, self._theme)
            row.clicked.connect(self.looked_at)
            row.go_asked.connect(self.go_asked)
            self._rows[topic.id] = row
            self._phases.addWidget(row)

    def _follow(self, edit: Edit) -> None:
        kinds = {type(change.record) for change in edit.changes}
        if Topic in kinds:
            self._rebuild()
        if kinds & {Topic, Incident, Parked} and self._reading is not None:
            self.show_reading(self._reading)

    def _name(self, pressed: QPushButton, text: str, command: str) -> None:
        # A narrow rail has room for the words; the key is in the tool tip then.
        key = key_of(command)
        shown = text if self.width() < _NARROW else f"{text}  {key}"
        if pressed.text() != shown:
            pressed.setText(shown)
            pressed.setToolTip(key)
            pressed.setAccessibleName(f"{text} ({key})")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons show their keys only where there is room."""
        super().resizeEvent(event)
        if self._reading is not None:
            self.show_reading(self._reading)

    def _press_start(self) -> None:
        self._trigger("start")

    def _press_more(self) -> None:
        self._trigger("extend_2")

    def _press_next(self) -> None:
        self._trigger("next")


def _start_word(reading: Reading) -> str:
    if reading.state == "planned":
        return "Start" if reading.opening_shown else "Open"
    return "Resume" if reading.state == "paused" else "Pause"


def _set(label: PlainLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
