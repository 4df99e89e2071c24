"""The parking lot: what deserves its own time, with a line to type the next one."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.edits.fixes import change_parked, park, remove_parked
from facilitator.model.records import Parked
from facilitator.ui.fields import TextField
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel
from facilitator.ui.marked_rows import KEY, TEXT, MarkedRows
from facilitator.ui.marks import HintsIn
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

_WHERE = {"retro": "retro", "next": "next post-mortem"}


class ParkingLot(QWidget):
    """Parked points; Enter in the line adds one, Delete on a point removes it."""

    count_changed = Signal(int)

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._phase = ""
        self._heading = PlainLabel(role="heading")
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setAccessibleName("Parking lot")
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._menu)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.installEventFilter(self)
        self._rows = MarkedRows(self._list, theme)
        self._list.setItemDelegate(self._rows)
        self.line = TextField(session, hinting, theme, key="parked:new:text", field="parked")
        self.line.setPlaceholderText("Park a point, Enter")
        self.line.setAccessibleName("Park a point")
        self.line.committed.connect(self._add)
        self.line.show_text("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._heading)
        column.addWidget(self._list, 1)
        column.addWidget(self.line)
        session.changed.connect(self._follow)
        self._show()

    def mark(self, hints_in: HintsIn) -> None:
        """Underline what these hints are about."""
        self._rows.hints_in = hints_in

    def go_to(self, point: str) -> None:
        """Select a parked point and give the list the keys."""
        for row in range(self._list.count()):
            if self._list.item(row).data(Qt.ItemDataRole.UserRole) == point:
                self._list.setCurrentRow(row)
                self._list.setFocus()

    def update_marks(self) -> None:
        """The hints are others."""
        self._list.viewport().update()

    def set_phase(self, phase: str) -> None:
        """The phase in which the next point comes up."""
        self._phase = phase

    def park_text(self, text: str) -> bool:
        """Park these words; False when that is refused."""
        return self._session.do(park, text, phase=self._phase, at=datetime.now(UTC))

    def _add(self, text: str) -> None:
        if text.strip() and not self.park_text(text):
            self.line.still_uncommitted("")
        else:
            self.line.begin_anew()

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Parked) for change in edit.changes):
            self._show()

    def _show(self) -> None:
        parked = sorted(self._session.document.all(Parked), key=lambda p: p.rank)
        self._heading.setText(f"Parking lot ({len(parked)})")
        self._list.clear()
        for point in parked:
            extra = "" if point.destination == "retro" else f"  → {_WHERE[point.destination]}"
            item = QListWidgetItem(f"{point.text}{extra}")
            item.setData(Qt.ItemDataRole.UserRole, point.id)
            item.setData(KEY, f"parked:{point.id}:text")
            item.setData(TEXT, point.text)
            self._list.addItem(item)
        self._list.setVisible(bool(parked))
        self.count_changed.emit(len(parked))

    def _menu(self, position: QPoint) -> None:
        item = self._list.itemAt(position)
        if item is None:
            return
        self._list.setCurrentItem(item)
        menu = QMenu(self._list)
        menu.addAction("To the retro").triggered.connect(self._to_retro)
        menu.addAction("To the next post-mortem").triggered.connect(self._to_next)
        menu.addAction("Delete").triggered.connect(self._remove)
        menu.exec(self._list.mapToGlobal(position))
        menu.deleteLater()

    def _current(self) -> str:
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _to_retro(self) -> None:
        self._session.do(change_parked, self._current(), destination="retro")

    def _to_next(self) -> None:
        self._session.do(change_parked, self._current(), destination="next")

    def _remove(self) -> None:
        if self._current():
            self._session.do(remove_parked, self._current())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete on a point takes it off the list."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
        ):
            self._remove()
            return True
        return super().eventFilter(watched, event)
