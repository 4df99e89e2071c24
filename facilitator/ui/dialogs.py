"""How a dialog that asks is laid out: its title, named fields, and the buttons at its foot."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facilitator.ui.labels import PlainLabel, button


def column_of(dialog: QDialog, title: str, about: str = "") -> QVBoxLayout:
    """The dialog's column, begun with its title and a sentence on what it is for."""
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(10)
    column.addWidget(PlainLabel(title, role="title"))
    if about:
        column.addWidget(PlainLabel(about, role="second", wrap=True))
    return column


def named_fields(fields: Iterable[tuple[str, QWidget]]) -> tuple[QGridLayout, list[PlainLabel]]:
    """Fields below each other with their names beside them, also for who hears them; the names."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    names = []
    for row, (words, field) in enumerate(fields):
        name = PlainLabel(words, role="second")
        name.setBuddy(field)
        field.setAccessibleName(words)
        grid.addWidget(name, row, 0)
        grid.addWidget(field, row, 1)
        names.append(name)
    return grid, names


def closing_row(dialog: QDialog, go: QPushButton) -> QHBoxLayout:
    """Cancel and what goes on, which Return presses."""
    cancel = button("Cancel")
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    go.setDefault(True)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(go)
    return row
