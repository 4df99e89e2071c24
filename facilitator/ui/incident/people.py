"""People and roles: names stay here and in the sign-off block, the room sees roles."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.change import Edit
from facilitator.model.edits.people import add_person, change_person, remove_person
from facilitator.model.records import ROLES, Person
from facilitator.model.redact import role_title
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme


class PersonRow(QObject):
    """The widgets of one person."""

    def __init__(self, session: QtSession, person: Person, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._id = person.id
        self.name = QLineEdit(person.name)
        self.name.setAccessibleName("Name")
        self.name.editingFinished.connect(self._rename)
        self.role = Choice()
        self.role.setAccessibleName(f"Role of {person.name}")
        for role in ROLES:
            self.role.addItem(role_title(role), role)
        self.role.setCurrentIndex(ROLES.index(person.role))
        self.role.activated.connect(self._set_role)
        self.notified = QCheckBox("only told")
        self.notified.setToolTip("Was told, is not in the room, cannot sign")
        self.notified.setChecked(person.notified)
        self.notified.clicked.connect(self._set_notified)
        self.remove = button("×", hint="Remove this person (Undo brings them back)")
        self.remove.setAccessibleName(f"Remove {person.name}")
        self.remove.setFixedWidth(34)
        self.remove.clicked.connect(self._remove)

    def _rename(self) -> None:
        text = self.name.text()
        if text.strip() and text != self._session.document.get(Person, self._id).name:
            self._session.do(change_person, self._id, name=text)

    def _set_role(self, index: int) -> None:
        self._session.do(change_person, self._id, role=ROLES[index])

    def _set_notified(self, on: bool) -> None:
        self._session.do(change_person, self._id, notified=on, present=not on)

    def _remove(self) -> None:
        self._session.do(remove_person, self._id)


class PeopleBoard(QWidget):
    """A row for each person and a line to add the next one."""

    def __init__(self, session: QtSession, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._rows: list[PersonRow] = []
        self._heading = PlainLabel("People", role="heading")
        self._warning = PlainLabel(wrap=True)
        self._warning.setStyleSheet(f"color: {theme.hex('hint')};")
        self._grid = QGridLayout()
        self._grid.setSpacing(5)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 3)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Add a person by name, Enter")
        self.line.setAccessibleName("Add a person by name")
        self.line.returnPressed.connect(self._add)
        self._new_role = Choice()
        self._new_role.setAccessibleName("Role of the new person")
        for role in ROLES:
            self._new_role.addItem(role_title(role), role)
        self._new_role.setCurrentIndex(ROLES.index("participant"))
        add = QHBoxLayout()
        add.addWidget(self.line, 1)
        add.addWidget(self._new_role)
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
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for old in self._rows:
            old.deleteLater()
        people = sorted(self._session.document.all(Person), key=lambda p: p.rank)
        self._rows = [PersonRow(self._session, person, self) for person in people]
        for number, row in enumerate(self._rows):
            for column, widget in enumerate((row.name, row.role, row.notified, row.remove)):
                self._grid.addWidget(widget, number, column)
        self._heading.setText(f"People ({len(people)}) · the room sees roles, never names")
        self._warn(people)

    def _warn(self, people: list[Person]) -> None:
        leads = {p.name for p in people if p.role == "facilitator"}
        responders = {p.name for p in people if p.role in ("on-call", "investigator")}
        both = sorted(leads & responders)
        text = f"{both[0]} both facilitates and responded; the report says so." if both else ""
        self._warning.setText(text)
        self._warning.setVisible(bool(text))

    def _add(self) -> None:
        role = ROLES[self._new_role.currentIndex()]
        if self._session.do(add_person, self.line.text(), role):
            self.line.clear()
