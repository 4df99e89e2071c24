"""The small panel in which a moment is written: words, time, end, lane, key moment, precision."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.change import Refused
from facilitator.model.document import Document
from facilitator.model.figures import key_name
from facilitator.model.pasted import split_stamp
from facilitator.model.records import KEY_MOMENTS, LANES, PRECISIONS, Moment
from facilitator.model.times import clock_text, typed_time, zone_of
from facilitator.ui.drafting import ChoiceKeeper, Keeper, LineField
from facilitator.ui.fields import TextField
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.words import LANE_NAMES, PRECISION_NAMES

_DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHILE_PRESSED = 30  # ms
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the editor: the fields of a moment, and its id unless it is a new one."""

    moment: str
    values: dict[str, Any]


class Editor(QFrame):
    """Enter commits all fields at once, Esc goes back; leaving the panel commits too."""

    written = Signal(object)  # Written
    closed = Signal()

    def __init__(
        self,
        session: QtSession,
        hinting: Hinting,
        theme: Theme,
        moment: Moment | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._hinting = hinting
        self._moment = moment
        self._host = parent
        self._ended = False
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self._leave)
        self.setObjectName("momentEditor")
        self.setStyleSheet(
            f"#momentEditor {{ background: {theme.hex('ground')};"
            f" border: 1px solid {theme.hex('border')}; border-radius: 8px; }}"
        )
        place = f"moment:{moment.id if moment else 'new'}"
        self.text = TextField(session, hinting, theme, key=f"{place}:text", field="moment")
        self.text.setPlaceholderText("What happened?")
        self.text.setAccessibleName("What happened")
        self.text.committed.connect(self._keep_words)
        self.time = LineField(session, f"{place}:at")
        self.end = LineField(session, f"{place}:until")
        _name(self.time, "Time", "18:14, +12m, ≈18:14")
        _name(self.end, "End", "none")
        self.lane = _choice({name: LANE_NAMES[name] for name in LANES}, "Lane")
        self.key = _choice({"": "none", **{k: key_name(k) for k in KEY_MOMENTS}}, "Key moment")
        self.precision = _choice({p: PRECISION_NAMES[p] for p in PRECISIONS}, "Precision")
        self._problem = PlainLabel("", wrap=True)
        self._problem.setStyleSheet(f"color: {theme.hex('danger')}; font-size: 12px;")
        self._problem.hide()
        self._lay_out()
        self._near = session.document.incident.created_at
        self._choices = (
            ChoiceKeeper(session, f"{place}:lane", self.lane),
            ChoiceKeeper(session, f"{place}:key", self.key),
            ChoiceKeeper(session, f"{place}:precision", self.precision),
        )
        # The day that a time of day was meant for is part of what a new moment says.
        near = Keeper(session, f"{place}:near", self._near_said, self)
        lines = (self.text.keeper, self.time.keeper, self.end.keeper)
        self._keepers: tuple[Keeper, ...] = (*lines, *self._choices, near)
        for keeper in self._keepers:
            keeper.touched.connect(self._touch)
        for field in (self.text, self.time, self.end, self.lane, self.key, self.precision):
            field.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def show_values(self, near: datetime, *, at: datetime | None = None, lane: str = "") -> None:
        """Show the moment, or an empty one; times of day typed here fall on the day of `near`."""
        moment = self._moment or Moment("new", "")
        self._near = near
        with suppress(ValueError):
            self._near = datetime.fromisoformat(self._keepers[-1].draft or "")
        self._shown = (self._time_text(moment.at), self._time_text(moment.until))
        was_kept = any(keeper.draft is not None for keeper in self._keepers)
        self.text.show_text(moment.text)
        self.time.show_text(self._shown[0])
        self.end.show_text(self._shown[1])
        values = (moment.lane, moment.key, moment.precision)
        for choice, value in zip(self._choices, values, strict=True):
            choice.show_value(value)
        if self._moment is None and not was_kept:
            self.time.setText(self._time_text(at))
            self.lane.setCurrentIndex(max(self.lane.findData(lane or "action"), 0))

    def open_at(self, point: QPoint, anchor_height: int, *, typed: str = "") -> None:
        """Come up below a point of the parent (above it where there is no room), ready to type."""
        host = self._host
        self.setFixedWidth(min(470, host.width() - 8))
        self.adjustSize()
        x = min(max(point.x() - 12, 4), host.width() - self.width() - 4)
        below = point.y() + anchor_height + 6
        above = point.y() - self.height() - 6
        y = below if below + self.height() <= host.height() - 4 or above < 0 else above
        self.move(x, max(min(y, host.height() - self.height() - 4), 0))
        self.show()
        self.raise_()
        if typed:
            self.time.setFocus()
            self.time.setText(typed)
            self.time.keeper.touch()
        else:
            self.text.setFocus()
            # A key is not to replace what was kept from before.
            if not self.text.is_dirty:
                self.text.selectAll()

    @property
    def problem(self) -> str:
        """Why what is written cannot be kept, or nothing."""
        return self._problem.text()

    def commit(self) -> None:
        """Hand over what is written; a time that cannot be read keeps the panel open."""
        if self._ended:
            return
        text = self.text.toPlainText()
        if not text.strip() and self._moment is None:
            self.cancel()
            return
        try:
            values = self._values(text)
        except Refused as refusal:
            self.tell(str(refusal))
            return
        self.written.emit(Written(self._moment.id if self._moment else "", values))

    def tell(self, problem: str) -> None:
        """Say why this cannot be kept as it is."""
        self._problem.setText(problem)
        self._problem.show()
        self.adjustSize()
        self.move(self.x(), max(min(self.y(), self._host.height() - self.height() - 4), 0))

    def cancel(self) -> None:
        """Close without a change; what was typed is forgotten."""
        self.finish()

    def put_away(self) -> None:
        """Close, with what is typed and not committed kept as a draft."""
        for keeper in self._keepers:
            keeper.keep()
        self.text.put_away()
        self.finish(drop=False)

    def finish(self, *, drop: bool = True) -> None:
        """Close: all is committed, or given up with its drafts unless told otherwise."""
        if self._ended:
            return
        self._ended = True
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._focus_moved)
        self._leaving.stop()
        self.text.blockSignals(True)
        # What the document says now is what hints are to be about from here on.
        if drop:
            for keeper in self._keepers:
                keeper.drop()
            self.text.cancel()
        self._hear_committed()
        self.closed.emit()
        self.hide()
        self.deleteLater()

    def is_orphan(self, document: Document) -> bool:
        """Whether the moment that is edited here is no more."""
        return self._moment is not None and document.find(Moment, self._moment.id) is None

    def holds_focus(self) -> bool:
        """Whether the keys go to a field of this panel."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter commits and Esc cancels from every field of the panel."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if event.key() == Qt.Key.Key_Escape:
                self.cancel()
                return True
            if event.key() in _ENTER and plain:
                self.commit()
                return True
        return super().eventFilter(watched, event)

    def _values(self, text: str) -> dict[str, Any]:
        values: dict[str, Any] = {"text": text, "lane": self.lane.currentData(),
                                  "key": self.key.currentData()}  # fmt: skip
        values |= self._times(values)
        return values

    def _times(self, values: dict[str, Any]) -> dict[str, Any]:
        zone = self._session.document.incident.zone
        typed, ending = self.time.text().strip(), self.end.text().strip()
        precision = self.precision.currentData()
        at = self._moment.at if self._moment else None
        if typed != self._shown[0] or at is None:
            at, precision = self._typed(typed, self._near, precision)
            if at is None and self._moment is None:
                # Words such as "18:14 deploy" bring their time along.
                found = split_stamp(values["text"], self._near, zone)
                if found is not None:
                    at, precision, values["text"] = found
        until = self._moment.until if self._moment else None
        if ending != self._shown[1]:
            until = typed_time(ending, at or self._near, zone)[0] if ending else None
        elif until is not None and self._moment is not None and self._moment.at and at:
            until = at + (until - self._moment.at)
        if at is None:
            return {"at": None, "until": None, "precision": "unknown"}
        return {"at": at, "until": until,
                "precision": "exact" if precision == "unknown" else precision}  # fmt: skip

    def _typed(self, typed: str, near: datetime, precision: str) -> tuple[datetime | None, str]:
        if not typed:
            return None, "unknown"
        at, told = typed_time(typed, near, self._session.document.incident.zone)
        if _DAY_ALONE.fullmatch(typed):
            return at, "date"
        if told == "exact" and precision != "date":
            return at, precision
        return at, told

    def _time_text(self, at: datetime | None) -> str:
        if at is None:
            return ""
        zone = self._session.document.incident.zone
        near = self._near.astimezone(zone_of(zone)).date()
        day = at.astimezone(zone_of(zone)).date()
        clock = clock_text(at, zone, seconds=bool(at.second))
        return clock if day == near else f"{day.isoformat()} {clock}"

    def _hear_committed(self) -> None:
        moment = self._moment and self._session.document.find(Moment, self._moment.id)
        self._hinting.hear(self.text.key, moment.text if moment else "", self.text.field)

    def _near_said(self) -> str | None:
        said = any(keeper.is_holding for keeper in self._keepers[:-1])
        return self._near.isoformat() if said and self._moment is None else None

    def _touch(self) -> None:
        # They are one text: what was filled in for a new moment is kept along with what is typed.
        for keeper in self._keepers:
            keeper.touch()

    def _keep_words(self) -> None:
        # The words are left for another field here; until all is written they stay a draft.
        committed = self._moment.text if self._moment else ""
        self.text.still_uncommitted(committed, refused=False)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None or old is None or self.isAncestorOf(new) or not self.isAncestorOf(old):
            return
        if new.window() is self.window():
            self._leaving.start(0)

    def _leave(self) -> None:
        """Commit once the mouse is up: the click may be on a rewording of what stands here."""
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._leaving.start(_WHILE_PRESSED)
        elif not self.holds_focus():
            self.commit()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 10, 10, 10)
        outer.setSpacing(6)
        outer.addWidget(self.text)
        first = (("Time", self.time, 4), ("End", self.end, 3), ("Precision", self.precision, 0))
        second = (("Lane", self.lane, 1), ("Key moment", self.key, 1))
        for pairs in (first, second):
            row = QHBoxLayout()
            row.setSpacing(6)
            for name, field, stretch in pairs:
                label: QLabel = PlainLabel(name, role="second")
                label.setBuddy(field)
                row.addWidget(label)
                row.addWidget(field, stretch)
            outer.addLayout(row)
        outer.addWidget(self._problem)


def _name(field: LineField, name: str, hint: str) -> None:
    field.setPlaceholderText(hint)
    field.setAccessibleName(name)
    field.setMinimumWidth(70)


def _choice(options: dict[str, str], name: str) -> QComboBox:
    field = QComboBox()
    for value, words in options.items():
        field.addItem(words, value)
    field.setAccessibleName(name)
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(max(map(len, options.values())))
    return field
