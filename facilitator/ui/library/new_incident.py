"""A new incident: a title is enough, the rest can be said now or later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimer, QTimeZone
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QHBoxLayout,
    QWidget,
)

from facilitator.instants import utc_now
from facilitator.model.change import Refused
from facilitator.model.edits.incident import new_incident
from facilitator.model.figures import DEADLINE_HOURS
from facilitator.model.times import clock_text, day_text, typed_time, zone_of, zone_text
from facilitator.store.beginnings import TITLE
from facilitator.ui.dialogs import closing_row, column_of, named_fields
from facilitator.ui.drafting import ChoiceKeeper, Drafts, LineField, Nowhere
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button

Now = Callable[[], datetime]

SEVERITY_WORDS: Final = (
    ("", "Not set yet"),
    ("P0", "P0 · post-mortem within 24 h, leadership signs"),
    ("P1", "P1 · post-mortem within 48 h"),
    ("P2", "P2 · post-mortem optional"),
    ("P3", "P3 · no post-mortem, unless for a reason"),
)

_BEGUN: Final = "You had begun this when Facilitator ended."


def system_zone() -> str:
    """The zone of this machine by its IANA name; UTC where it has none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    try:
        zone = zone_of(name).key
    except Refused:
        zone = ""
    return "UTC" if zone in ("", "Etc/UTC") else zone


class NewIncidentDialog(QDialog):
    """Asks for what an incident begins with; `values` are for `new_incident` once accepted."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        drafts: Drafts | None = None,
        now: Now = utc_now,
    ) -> None:
        super().__init__(parent)
        self._now = now
        drafts = drafts or Nowhere()
        self.values: dict[str, Any] | None = None
        self.setWindowTitle("New incident")
        self.setModal(True)
        self.title = LineField(drafts, TITLE)
        self.title.setPlaceholderText("What broke, for whom: Checkout refuses saved cards")
        self.severity = Choice()
        for value, words in SEVERITY_WORDS:
            self.severity.addItem(words, value)
        self.reason = LineField(drafts, "incident:new:reason")
        self.reason.setPlaceholderText("Why hold one for a P3?")
        self.zone = _zones()
        self.started = LineField(drafts, "incident:new:started_at")
        self.started.setPlaceholderText("18:14 or 2026-06-18 18:14, if it is known")
        self.resolved = LineField(drafts, "incident:new:resolved_at")
        self.resolved.setPlaceholderText("21:08, or empty while it goes on")
        self._lines = (self.title, self.reason, self.started, self.resolved)
        self._severity_keeper = ChoiceKeeper(drafts, "incident:new:severity", self.severity)
        self._zone_keeper = ChoiceKeeper(drafts, "incident:new:zone", self.zone)
        self._keepers = (
            *(line.keeper for line in self._lines),
            self._severity_keeper,
            self._zone_keeper,
        )
        self._begun = PlainLabel(_BEGUN, role="second", wrap=True)
        self._afresh = button("Begin afresh", hint="Forget what was begun")
        self._afresh.setAutoDefault(False)
        self._afresh.clicked.connect(self._forget)
        self._read = PlainLabel(role="second", wrap=True)
        self._problem = PlainLabel(wrap=True, role="problem")
        self.start = button("Start", primary=True)
        self._lay_out()
        self.title.textChanged.connect(self._refresh)
        self.severity.currentIndexChanged.connect(self._refresh)
        for line in (self.started, self.resolved, self.reason):
            line.textChanged.connect(self._refresh)
        self.zone.currentTextChanged.connect(self._refresh)
        self.start.clicked.connect(self.accept)
        self._show_begun()

    def _show_begun(self) -> None:
        begun = any(keeper.draft for keeper in self._keepers)
        for line in self._lines:
            line.show_text("")
        self._severity_keeper.show_value("")
        self._zone_keeper.show_value(system_zone())
        self.title.setFocus()
        self._begun.setVisible(begun)
        self._afresh.setVisible(begun)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on behind what was typed: a key is not to replace all of it."""
        super().showEvent(event)
        QTimer.singleShot(0, self.title, self._go_on)

    def _go_on(self) -> None:
        self.title.end(False)

    def _forget(self) -> None:
        for keeper in self._keepers:
            keeper.drop()
        self._show_begun()

    def _lay_out(self) -> None:
        grid, names = named_fields(
            (
                ("Title", self.title),
                ("Severity", self.severity),
                ("Reason", self.reason),
                ("Time zone", self.zone),
                ("Impact began", self.started),
                ("Resolved", self.resolved),
            )
        )
        self._reason_label = names[2]
        column = column_of(
            self,
            "New incident",
            "Only the title is needed; the agenda comes with it. All else can wait.",
        )
        begun = QHBoxLayout()
        begun.addWidget(self._begun, 1)
        begun.addWidget(self._afresh)
        column.addLayout(begun)
        column.addLayout(grid)
        column.addWidget(self._read)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addLayout(closing_row(self, self.start))
        self.resize(560, 420)

    def accept(self) -> None:
        """Keep what was said when it can be; else say what is wrong and stay."""
        try:
            values = self._said()
            new_incident(**values, topics=(), created_at=self._now())
        except Refused as refusal:
            self._tell(str(refusal))
            return
        # Kept until the incident is there: it takes the drafts away with it.
        for keeper in self._keepers:
            keeper.settle()
        self.values = values
        super().accept()

    def reject(self) -> None:
        """Give it up, with what was typed."""
        for keeper in self._keepers:
            keeper.drop()
        super().reject()

    def _said(self) -> dict[str, Any]:
        values: dict[str, Any] = {"title": self.title.text(), "zone": self.zone.currentText()}
        severity = self.severity.currentData()
        if severity:
            values["severity"] = severity
        if severity == "P3":
            values["reason"] = self.reason.text()
        started = self._time(self.started, self._now())
        if started is not None:
            values["started_at"] = started
        resolved = self._time(self.resolved, started or self._now())
        if resolved is not None:
            values["resolved_at"] = resolved
        return values

    def _time(self, line: LineField, near: datetime) -> datetime | None:
        text = line.text().strip()
        if not text:
            return None
        return typed_time(text, near, self.zone.currentText().strip())[0]

    def _refresh(self) -> None:
        p3 = self.severity.currentData() == "P3"
        self.reason.setVisible(p3)
        self._reason_label.setVisible(p3)
        self.start.setEnabled(bool(self.title.text().strip()))
        try:
            values = self._said()
        except Refused as refusal:
            self._read.setText("")
            self._tell(str(refusal))
            return
        self._tell("")
        self._read.setText(_read_back(values))

    def _tell(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    @property
    def problem(self) -> str:
        """What is wrong with what was typed, or nothing."""
        return self._problem.text()

    @property
    def read_back(self) -> str:
        """How the times that were typed are understood."""
        return self._read.text()


def _read_back(values: dict[str, Any]) -> str:
    zone = values["zone"].strip()
    parts = []
    for words, name in (("Began", "started_at"), ("resolved", "resolved_at")):
        at = values.get(name)
        if at is not None:
            day = day_text(at, zone, weekday=True)
            parts.append(f"{words} {day}, {clock_text(at, zone)} {zone_text(at, zone)}")
    hours = DEADLINE_HOURS.get(values.get("severity", ""))
    if hours and "resolved_at" in values:
        parts.append(f"the post-mortem is due {hours} h after that")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _zones() -> QComboBox:
    made = Choice()
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    known = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
    here = system_zone()
    made.addItems([*dict.fromkeys([here, "UTC", *known])])
    made.setCurrentText(here)
    completer = made.completer()
    if completer is not None:
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    return made
