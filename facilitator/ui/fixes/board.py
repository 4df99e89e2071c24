"""Phase five: one structural fix, owned, dated, checked; beside it the supporting actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.document import Document
from facilitator.model.edits.fixes import (
    add_follow_up,
    change_fix,
    change_follow_up,
    fix_gaps,
    remove_follow_up,
    the_fix,
)
from facilitator.model.edits.incident import change_incident
from facilitator.model.records import (
    ARTEFACTS,
    FOLLOW_UP_KINDS,
    STATUSES,
    Fix,
    FollowUp,
    Incident,
)
from facilitator.model.times import typed_date, zone_of
from facilitator.ui.fields import TextField
from facilitator.ui.forms import RecordForm, Way, rows
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel, button, panel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

Today = Callable[[], date]


def words_of(value: str) -> str:
    """An id in words: ci-step as Ci step."""
    special = {"ci-step": "CI step", "adr": "ADR", "": "not set"}
    return special.get(value, value.replace("-", " ").capitalize())


def date_way(today: Today) -> Way:
    """Reads "3 days", "1 week", "immediately" and ISO dates, from the meeting's day."""

    def parse(text: str) -> date | None:
        return typed_date(text, today())

    return Way(parse, lambda due: "" if due is None else due.isoformat())


class FixForm(QWidget):
    """The one structural fix, and what it still lacks."""

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme, today: Today) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        form = RecordForm(
            session, hinting, theme, kind="fix", record=self._fix, change=change_fix, parent=self
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        kinds = [(kind, words_of(kind)) for kind in ("", *ARTEFACTS)]
        self.change = form.text(
            "change", field="fix", lines=2, hint="Every story names its edge cases before …"
        )
        rows(
            grid,
            (
                ("What changes", self.change),
                ("Changed artefact", form.choice("artefact_kind", kinds)),
                ("Its name", form.text("artefact", hint="Story template")),
                ("Owner (a role)", form.text("owner", hint="Product owner")),
                ("Helped by", form.text("helpers", hint="Tech lead")),
                ("Due", form.text("due", way=date_way(today), hint="1 week, or 2026-06-26")),
                (
                    "We see it worked if",
                    form.text("check", field="fix", hint="zero bugs of this class in …"),
                ),
                ("Ticket", form.text("ticket", hint="BK-92")),
            ),
        )
        self._gaps = PlainLabel(wrap=True)
        outcome = RecordForm(
            session,
            hinting,
            theme,
            kind="incident",
            record=self._incident,
            change=change_incident,
            parent=self,
        )
        self._not_reached = outcome.text(
            "not_reached", field="note", hint="Only if the meeting found none: why not?"
        )
        rows(grid, (("Not reached", self._not_reached),))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(PlainLabel("Structural fix: one", role="title"))
        column.addLayout(grid)
        column.addWidget(self._gaps)
        column.addStretch(1)
        session.changed.connect(self._follow)
        self._show()

    def _fix(self) -> Fix:
        return the_fix(self._session.document)

    def _incident(self) -> Incident:
        return self._session.document.incident

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Fix) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        gaps = fix_gaps(self._fix())
        text = f"Still needs {', '.join(gaps)}." if gaps else "✓ Owned, dated, checked."
        self._gaps.setText(text)
        ink = self._theme.hex("hint" if gaps else "root.text")
        self._gaps.setStyleSheet(f"color: {ink}; font-weight: 600;")


class ActionCard(QWidget):
    """One supporting action on two lines."""

    def __init__(
        self, session: QtSession, hinting: Hinting, theme: Theme, today: Today, action: FollowUp
    ) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self.id = action.id
        form = RecordForm(
            session,
            hinting,
            theme,
            kind="follow_up",
            record=self._action,
            change=partial(_change_action, self.id),
            parent=self,
        )
        card = panel("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setSpacing(5)
        kinds = [(kind, words_of(kind)) for kind in ("", *FOLLOW_UP_KINDS)]
        text = form.text("text", field="action", hint="What will be done")
        owner = form.text("owner", hint="Owner (a role)")
        due = form.text("due", way=date_way(today), hint="3 days, immediately")
        ticket = form.text("ticket", hint="Ticket")
        kind = form.choice("kind", kinds)
        status = form.choice("status", [(s, words_of(s)) for s in STATUSES])
        named = (text, "Action"), (owner, "Owner"), (due, "Due"), (ticket, "Ticket"), (kind, "Kind")
        for widget, name in (*named, (status, "Status")):
            widget.setAccessibleName(name)
        remove = button("×", hint="Delete this action (Undo brings it back)")
        remove.setFixedWidth(34)
        remove.clicked.connect(self._remove)
        grid.addWidget(text, 0, 0, 1, 4)
        grid.addWidget(remove, 0, 4)
        grid.addWidget(owner, 1, 0)
        grid.addWidget(due, 1, 1)
        grid.addWidget(ticket, 1, 2)
        grid.addWidget(kind, 2, 0, 1, 2)
        grid.addWidget(status, 2, 2)
        self._wish = PlainLabel()
        self._wish.setStyleSheet(f"color: {theme.hex('hint')};")
        grid.addWidget(self._wish, 1, 3, 2, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.show_state()

    def show_state(self) -> None:
        """Say that it is a wish while it has no owner or no date."""
        action = self._action()
        self._wish.setText("" if action.owner and action.due else "a wish")

    def _action(self) -> FollowUp:
        return self._session.document.find(FollowUp, self.id) or FollowUp(self.id, "-")

    def _remove(self) -> None:
        self._session.do(remove_follow_up, self.id)


class FixBoard(QScrollArea):
    """The fix on the left, supporting actions on the right."""

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._hinting = hinting
        self._theme = theme
        self._cards: dict[str, ActionCard] = {}
        self.form = FixForm(session, hinting, theme, self._meeting_day)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.line = TextField(session, hinting, theme, key="follow_up:new:text", field="action")
        self.line.setPlaceholderText("Add a supporting action, Enter")
        self.line.setAccessibleName("Add a supporting action")
        self.line.committed.connect(self._add)
        self.line.show_text("")
        inside = QWidget()
        inside.setProperty("plain", True)
        row = QHBoxLayout(inside)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(18)
        row.addWidget(self.form, 1)
        actions = QVBoxLayout()
        actions.addWidget(PlainLabel("Supporting actions", role="title"))
        actions.addLayout(self._list)
        actions.addWidget(self.line)
        actions.addStretch(1)
        row.addLayout(actions, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        session.changed.connect(self._follow)
        self._show()

    def _meeting_day(self) -> date:
        incident = self._session.document.incident
        at = incident.meeting_at or datetime.now(UTC)
        return at.astimezone(zone_of(incident.zone)).date()

    def _add(self, text: str) -> None:
        if text.strip() and not self._session.do(add_follow_up, text):
            self.line.still_uncommitted("")
        else:
            self.line.begin_anew()

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, FollowUp) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        wanted = sorted(self._session.document.all(FollowUp), key=lambda f: f.rank)
        for gone in set(self._cards) - {action.id for action in wanted}:
            card = self._cards.pop(gone)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        for index, action in enumerate(wanted):
            if action.id not in self._cards:
                self._cards[action.id] = ActionCard(
                    self._session, self._hinting, self._theme, self._meeting_day, action
                )
                self._list.insertWidget(index, self._cards[action.id])
            self._cards[action.id].show_state()


def _change_action(action_id: str, document: Document, **values: Any) -> Edit:  # noqa: ANN401
    return change_follow_up(document, action_id, **values)
