"""The incident's form: what the executive page and the room's first card say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from facilitator.model.edits.incident import change_incident
from facilitator.model.records import LABELS, Incident
from facilitator.model.times import typed_time, zone_of
from facilitator.ui.forms import COUNT, RecordForm, Way, rows
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

SEVERITY_WORDS = (
    ("", "not set"),
    ("P0", "P0 · required, leadership signs, due in 24 h"),
    ("P1", "P1 · required, due in 48 h"),
    ("P2", "P2 · optional"),
    ("P3", "P3 · none required"),
)

_WITH_A_DAY = 9  # a time as short as this names no day


class IncidentForm(QWidget):
    """Title, severity, times, zone, impact, services, executive summary."""

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme) -> None:
        super().__init__()
        self._session = session
        form = RecordForm(
            session,
            hinting,
            theme,
            kind="incident",
            record=self._incident,
            change=change_incident,
            parent=self,
        )
        when = Way(self._time_typed, self._time_shown)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        self.title = form.text("title", field="title", hint="What could people not do?")
        rows(
            grid,
            (
                ("Title", self.title),
                ("Severity", form.choice("severity", SEVERITY_WORDS)),
                ("Why this severity", form.text("reason", field="note")),
                ("Organisation", form.text("organisation")),
                ("Impact began", form.text("started_at", way=when, hint="2026-06-18 18:14")),
                ("Resolved", form.text("resolved_at", way=when, hint="2026-06-18 21:08")),
                ("Meeting", form.text("meeting_at", way=when)),
                ("Time zone", form.text("zone", way=Way(_zone_typed, str), hint="Europe/Berlin")),
            ),
        )
        rows(
            grid,
            (
                ("Services", form.text("services")),
                ("Affected", form.text("users_affected", way=COUNT)),
                ("… of", form.text("users_total", way=COUNT)),
                ("… who are", form.text("users_word", hint="patients, users, shops")),
                ("Support calls", form.text("support_calls", way=COUNT)),
                ("Label", form.choice("label", [("", "not set"), *((x, x) for x in LABELS)])),
            ),
            column=1,
        )
        long_texts = self._long_texts(form)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(PlainLabel("Incident", role="heading"))
        column.addLayout(grid)
        column.addLayout(long_texts)
        column.addStretch(1)

    def _long_texts(self, form: RecordForm) -> QGridLayout:
        long_texts = QGridLayout()
        long_texts.setHorizontalSpacing(12)
        long_texts.setVerticalSpacing(6)
        rows(
            long_texts,
            (
                (
                    "Impact",
                    form.text("impact", field="impact", lines=2, hint="Who could not do what?"),
                ),
                ("Executive summary", form.text("summary", field="summary", lines=3)),
                ("Why the system allowed it", form.text("why_allowed", field="summary", lines=2)),
                ("What went well", form.text("went_well", field="note", lines=2)),
                ("What was hard", form.text("was_hard", field="note", lines=2)),
            ),
        )
        return long_texts

    def _incident(self) -> Incident:
        return self._session.document.incident

    def _time_typed(self, text: str) -> datetime | None:
        if not text.strip():
            return None
        incident = self._incident()
        now = datetime.now(UTC)
        at = typed_time(text, incident.started_at or now, incident.zone)[0]
        # 18:14 typed in the morning, with no day known yet, is yesterday's.
        later = incident.started_at is None and at > now and len(text.strip()) < _WITH_A_DAY
        return at - timedelta(days=1) if later else at

    def _time_shown(self, at: datetime | None) -> str:
        if at is None:
            return ""
        return at.astimezone(zone_of(self._incident().zone)).strftime("%Y-%m-%d %H:%M")


def _zone_typed(text: str) -> str:
    known = {name.casefold(): name for name in available_timezones()}
    plain = text.strip().replace(" ", "_")
    name = known.get(plain.casefold(), plain)
    zone_of(name)
    return name
