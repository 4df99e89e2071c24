"""Deleting an incident for good: says what goes, and wants a second press."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from facilitator.store.summaries import Summary
from facilitator.ui.labels import PlainLabel, button, shortened

CONSIDER: Final = 0.8  # seconds in which the second press of a double click does not count


class DeleteDialog(QDialog):
    """Asks whether an incident is to go; `backups_too` says from where."""

    def __init__(
        self,
        summary: Summary,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._armed_at: float | None = None
        self.setWindowTitle("Delete incident")
        self.setModal(True)
        self.backups = QCheckBox("Also take it out of every backup of this library")
        self.delete = button("Delete…")
        self.delete.setAutoDefault(False)
        self.delete.clicked.connect(self._press)
        self.keep = button("Keep it", primary=True)
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        self._warning = PlainLabel(wrap=True)
        self._lay_out(summary)

    @property
    def backups_too(self) -> bool:
        """Whether it is to go from the backups as well."""
        return self.backups.isChecked()

    @property
    def is_armed(self) -> bool:
        """Whether the next press deletes."""
        return self._armed_at is not None

    def _lay_out(self, summary: Summary) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Delete this incident?", role="title"))
        column.addWidget(PlainLabel(f"“{shortened(summary.title)}”", wrap=True))
        column.addWidget(PlainLabel(_what_goes(summary), wrap=True, role="second"))
        column.addWidget(self.backups)
        column.addWidget(self._warning)
        column.addStretch(1)
        column.addLayout(buttons)
        self._say_what_stays()
        self.backups.toggled.connect(self._say_what_stays)
        self.resize(500, 280)
        self.keep.setFocus()

    def _say_what_stays(self, _on: bool = False) -> None:
        self._disarm()
        self._warning.setText(
            "Nothing of it remains in this library. Undo cannot bring it back."
            if self.backups_too
            else "Undo cannot bring it back. Backups keep it until they are thinned out."
        )

    def _disarm(self) -> None:
        self._armed_at = None
        self.delete.setStyleSheet("")
        self.delete.setText("Delete…")
        self.delete.setAccessibleName("Delete, asks once more")

    def _press(self) -> None:
        if self._armed_at is None:
            self._armed_at = self._clock()
            danger = QApplication.palette().color(QPalette.ColorRole.BrightText).name()
            self.delete.setStyleSheet(f"color: {danger}; border-color: {danger};")
            self.delete.setText("Press again to delete for good")
            self.delete.setAccessibleName("Press again to delete for good")
        elif self._clock() - self._armed_at >= CONSIDER:
            self.accept()


def _what_goes(summary: Summary) -> str:
    sample = " It is a sample and can be opened again." if summary.sample else ""
    return (
        "Its timeline, 5 Whys, fix, actions, people, meeting times and the journal of every edit"
        f" go for good. Reports saved as PDF stay where they are.{sample}"
    )
