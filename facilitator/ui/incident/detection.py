"""Phase two: when did the system know, when did a person know, and what follows from it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.edits.moments import change_moment
from facilitator.model.figures import began_at, figures, key_moments, key_name, order_problems
from facilitator.model.records import KEY_MOMENTS, Incident, Moment
from facilitator.model.times import clock_text, day_text
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, panel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme


class DetectionBoard(QWidget):
    """Key moments chosen from the timeline on the left, the figures on the right."""

    def __init__(self, session: QtSession, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._pickers: dict[str, Choice] = {}
        self._moments: list[str] = []
        self._values: dict[str, PlainLabel] = {}
        self._problems = PlainLabel(wrap=True)
        self._problems.setStyleSheet(f"color: {theme.hex('hint')};")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._left(), 3)
        row.addWidget(self._right(), 2)
        session.changed.connect(self._follow)
        self._show()

    def _left(self) -> QWidget:
        frame = panel()
        column = QVBoxLayout(frame)
        column.addWidget(PlainLabel("Key moments", role="heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for number, key in enumerate(KEY_MOMENTS):
            picker = Choice()
            picker.setObjectName(key)
            picker.setAccessibleName(key_name(key))
            picker.activated.connect(self._pick)
            self._pickers[key] = picker
            grid.addWidget(PlainLabel(key_name(key), role="second"), number, 0)
            grid.addWidget(picker, number, 1)
        column.addLayout(grid)
        column.addWidget(self._problems)
        column.addStretch(1)
        return frame

    def _right(self) -> QWidget:
        frame = panel()
        column = QVBoxLayout(frame)
        column.addWidget(PlainLabel("Figures, computed from the key moments", role="heading"))
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for number, each in enumerate(figures(self._session.document)):
            value = PlainLabel()
            value.setFont(self._theme.font(self.fontInfo().pixelSize() + 4, 700))
            self._values[each.id] = value
            grid.addWidget(PlainLabel(each.name, role="second"), number, 0)
            grid.addWidget(value, number, 1)
        column.addLayout(grid)
        column.addStretch(1)
        return frame

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Moment | Incident) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        document = self._session.document
        zone = document.incident.zone
        timed = sorted(
            ((m.at, m) for m in document.all(Moment) if m.at is not None), key=lambda pair: pair[0]
        )
        self._moments = [m.id for _at, m in timed]
        began = began_at(document)
        words = [f"{_when(m, at, began, zone)}  {_short(m.text)}" for at, m in timed]
        keys = key_moments(document)
        for key, picker in self._pickers.items():
            picker.clear()
            picker.addItem("not known")
            picker.addItems(words)
            picker.setCurrentIndex(self._moments.index(keys[key].id) + 1 if key in keys else 0)
        for each in figures(document):
            self._values[each.id].setText(each.text)
        problems = order_problems(document)
        self._problems.setText(" ".join(problems))
        self._problems.setVisible(bool(problems))

    def _pick(self, index: int) -> None:
        picker = self.sender()
        if not isinstance(picker, Choice):
            return
        key = picker.objectName()
        if index > 0:
            self._session.do(change_moment, self._moments[index - 1], key=key)
        elif (current := key_moments(self._session.document).get(key)) is not None:
            self._session.do(change_moment, current.id, key="")


def _when(moment: Moment, at: datetime, began: datetime | None, zone: str) -> str:
    """The time of day; the date for a date, and before it on another day than the impact's."""
    day = day_text(at, zone).rsplit(" ", 1)[0]
    if moment.precision == "date":
        return day
    same = began is not None and day_text(began, zone) == day_text(at, zone)
    return clock_text(at, zone) if same else f"{day} {clock_text(at, zone)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:58]}…"
