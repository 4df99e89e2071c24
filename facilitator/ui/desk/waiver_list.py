"""What is kept as said and which rules are silent here, each with a way to hear it again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.edits.waivers import take_back
from facilitator.model.records import Waiver
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.labels import PlainLabel, button, shortened
from facilitator.ui.qt_session import QtSession

_LONGEST: Final = 120
_WAIVER: Final = "waiver"


class WaiverList(QWidget):
    """One line with the count; open, a row for each waiver. Hidden while there is none."""

    def __init__(self, session: QtSession, book: HintBook) -> None:
        super().__init__()
        self._session = session
        self._book = book
        self._count = 0
        self._open = button("")
        self._open.setProperty("flat", True)
        self._open.setCheckable(True)
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._open.toggled.connect(self._unfold)
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._inside.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)
        session.changed.connect(self._follow)
        self._show()

    @property
    def rows(self) -> tuple[str, ...]:
        """What is listed, in words."""
        found = (self._rows.itemAt(n) for n in range(self._rows.count()))
        rows = (item.widget() for item in found if item is not None)
        return tuple(row.accessibleName() for row in rows if row is not None)

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Waiver) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        waivers = self._session.document.all(Waiver)
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for waiver in waivers:
            self._rows.addWidget(self._row(waiver))
        self._count = len(waivers)
        self._unfold(self._open.isChecked())
        self.setVisible(bool(waivers))

    def _row(self, waiver: Waiver) -> QWidget:
        row = QWidget()
        title = self._book.title_of(waiver.rule)
        scope = "kept" if waiver.record else "silent here"
        words = f"{title}, {scope}: {shortened(waiver.reason, _LONGEST)}"
        row.setAccessibleName(words)
        again = button("Hear again", hint="Take this waiver back")
        again.setAccessibleName(f"Hear again: {words}")
        again.setProperty(_WAIVER, waiver.id)
        again.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        again.setStyleSheet("padding-left: 7px; padding-right: 7px;")
        again.clicked.connect(self._take_back)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(PlainLabel(words, wrap=True, role="second"), 1)
        line.addWidget(again, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _unfold(self, on: bool) -> None:
        words = f"{self._count} kept or silenced · {'hide' if on else 'show'}"
        self._open.setText(words)
        self._open.setAccessibleName(words)
        self._inside.setVisible(on)

    def _take_back(self) -> None:
        waiver = self.sender().property(_WAIVER)
        if self._session.document.find(Waiver, waiver) is not None:
            self._session.do(take_back, waiver)
