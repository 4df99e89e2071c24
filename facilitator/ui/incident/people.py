"""People and roles: names stay here and in the sign-off block, the room sees roles."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.change import Edit
from facilitator.model.edits.people import add_person, change_person, remove_person
from facilitator.model.records import ROLES, Person
from facilitator.model.redact import role_title
from facilitator.ui.drafting import Keeper
from facilitator.ui.fields import TextField, is_leaving
from facilitator.ui.forms import Choice
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme


class RoleChoice(Choice):
    """One of the roles."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        for role in ROLES:
            self.addItem(role_title(role), role)

    def show_role(self, role: str) -> None:
        """Show this role."""
        self.setCurrentIndex(max(self.findData(role), 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say when it is left; its own list, a menu or another window is no leaving."""
        super().focusOutEvent(event)
        if is_leaving(event):
            self.left.emit()


class PersonRow(QObject):
    """The widgets of one person."""

    forget_asked = Signal(str)  # the person's id

    def __init__(
        self, session: QtSession, hinting: Hinting, theme: Theme, person: Person, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.id = person.id
        self.name = TextField(session, hinting, theme, key=f"person:{person.id}:name", field="")
        self.name.setAccessibleName("Name")
        self.name.committed.connect(self._rename)
        self.role = RoleChoice()
        self.role.activated.connect(self._set_role)
        self.notified = QCheckBox("only told")
        self.notified.setToolTip("Was told, is not in the room, cannot sign")
        self.notified.clicked.connect(self._set_notified)
        self.remove = button("×", hint="Remove this person (Undo brings them back)")
        self.remove.setFixedWidth(34)
        self.remove.clicked.connect(self._remove)
        for widget in self.widgets:
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(self._show_menu)
        self.show_person(person)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """What stands in the row, from the left."""
        return self.name, self.role, self.notified, self.remove

    def show_person(self, person: Person) -> None:
        """Show the person as they are now; a name that is being typed stays."""
        self.name.show_text(person.name)
        self.role.show_role(person.role)
        self.role.setAccessibleName(f"Role of {person.name}")
        self.notified.setChecked(person.notified)
        self.remove.setAccessibleName(f"Remove {person.name}")

    def _rename(self, text: str) -> None:
        name = self._session.document.get(Person, self.id).name
        if text.strip() and self._session.do(change_person, self.id, name=text):
            self.name.show_text(self._session.document.get(Person, self.id).name)
            return
        self.name.still_uncommitted(name)
        if not text.strip():
            self.name.cancel()

    def _set_role(self, index: int) -> None:
        self._session.do(change_person, self.id, role=ROLES[index])

    def _set_notified(self, on: bool) -> None:
        self._session.do(change_person, self.id, notified=on, present=not on)

    def _show_menu(self, place: QPoint) -> None:
        widget = self.sender()
        if isinstance(widget, QWidget):
            menu = self.name.createStandardContextMenu() if widget is self.name else QMenu(widget)
            menu.addSeparator()
            menu.addAction("Forget this name…").triggered.connect(self._ask_to_forget)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(widget.mapToGlobal(place))

    def _ask_to_forget(self) -> None:
        self.forget_asked.emit(self.id)

    def _remove(self) -> None:
        self._session.do(remove_person, self.id)


class PeopleBoard(QWidget):
    """A row for each person and a line to add the next one."""

    forget_asked = Signal(str)  # a person's id

    def __init__(self, session: QtSession, hinting: Hinting, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._hinting = hinting
        self._theme = theme
        self._rows: dict[str, PersonRow] = {}
        self._heading = PlainLabel("People", role="heading")
        self._warning = PlainLabel(wrap=True)
        self._warning.setStyleSheet(f"color: {theme.hex('hint')};")
        self._grid = QGridLayout()
        self._grid.setSpacing(5)
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 5)
        self.line = TextField(session, hinting, theme, key="person:new:name", field="")
        self.line.setPlaceholderText("Add a person by name, Enter")
        self.line.setAccessibleName("Add a person by name")
        self.line.committed.connect(self._add)
        self.line.show_text("")
        self.new_role = RoleChoice()
        self.new_role.setAccessibleName("Role of the new person")
        self.new_role.left.connect(self._leave_role)
        self.line.goes_on_to = self.new_role
        self._role_keeper = Keeper(session, "person:new:role", self._role_said, self)
        for touched in (self.line.keeper.touched, self.new_role.activated):
            touched.connect(self._role_keeper.touch)
        self.line.cancelled.connect(self._role_keeper.drop)
        self.new_role.show_role(self._role_keeper.draft or "participant")
        add = QHBoxLayout()
        add.addWidget(self.line, 1)
        add.addWidget(self.new_role)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._heading)
        column.addLayout(self._grid)
        column.addWidget(self._warning)
        column.addLayout(add)
        session.changed.connect(self._follow)
        self._rebuild()

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(change.record, Person) for change in edit.changes):
            self._rebuild()

    def _rebuild(self) -> None:
        people = sorted(self._session.document.all(Person), key=lambda p: p.rank)
        for gone in set(self._rows) - {person.id for person in people}:
            row = self._rows.pop(gone)
            for widget in row.widgets:
                widget.hide()
                widget.deleteLater()
            row.deleteLater()
        for number, person in enumerate(people):
            if person.id not in self._rows:
                self._rows[person.id] = PersonRow(
                    self._session, self._hinting, self._theme, person, self
                )
                self._rows[person.id].forget_asked.connect(self.forget_asked)
            self._rows[person.id].show_person(person)
            for column, widget in enumerate(self._rows[person.id].widgets):
                self._grid.addWidget(widget, number, column)
        self._order_keys()
        self._heading.setText(f"People ({len(people)}) · the room sees roles, never names")
        self._warn(people)

    def _order_keys(self) -> None:
        """Tab goes down the rows and then to the line for the next person."""
        rows = [self._rows[each] for each in self._rows]
        widgets = [widget for row in rows for widget in row.widgets]
        for one, other in pairwise((*widgets, self.line, self.new_role)):
            QWidget.setTabOrder(one, other)

    def _warn(self, people: list[Person]) -> None:
        leads = {p.name for p in people if p.role == "facilitator"}
        responders = {p.name for p in people if p.role in ("on-call", "investigator")}
        both = sorted(leads & responders)
        text = f"{both[0]} both facilitates and responded; the report says so." if both else ""
        self._warning.setText(text)
        self._warning.setVisible(bool(text))

    def _add(self, text: str) -> None:
        role = str(self.new_role.currentData())
        if text.strip() and not self._session.do(add_person, text, role):
            self.line.still_uncommitted("")
        else:
            self.line.begin_anew()
            self._role_keeper.drop()

    def _leave_role(self) -> None:
        if not self.line.hasFocus():
            self.line.commit()

    def _role_said(self) -> str | None:
        return str(self.new_role.currentData()) if self.line.is_dirty else None
