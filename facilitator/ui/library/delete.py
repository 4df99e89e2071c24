"""Deleting an incident for good: says what goes, and wants a second press."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from facilitator.store.reaching import Held
from facilitator.store.summaries import Summary
from facilitator.ui.forgetting.survey import count, damaged_dates
from facilitator.ui.labels import PlainLabel, button, plain_tip, shortened
from facilitator.ui.twice import TwiceButton


class DeleteDialog(QDialog):
    """Asks whether an incident is to go, and from where; `held` are the copies that hold it."""

    def __init__(
        self,
        summary: Summary,
        parent: QWidget | None = None,
        *,
        held: tuple[Held, ...] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Delete incident")
        self.setModal(True)
        self.backups = QCheckBox("Also take it out of every backup and other copy of this library")
        damaged = [each.copy for each in held if each.can_be_destroyed]
        self.damaged = QCheckBox(
            f"Also delete {count(len(damaged), 'file')} that may hold it and cannot be edited"
            f" ({damaged_dates(damaged)})"
        )
        plain_tip(self.damaged, "\n".join(str(copy.path) for copy in damaged))
        self.damaged.setVisible(bool(damaged))
        self.delete = TwiceButton("Delete…", "Press again to delete for good", clock=clock)
        self.delete.agreed.connect(self.accept)
        self.keep = button("Keep it", primary=True)
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        self._warning = PlainLabel(wrap=True)
        self._lay_out(summary)

    @property
    def backups_too(self) -> bool:
        """Whether it is to go from the copies as well."""
        return self.backups.isChecked()

    @property
    def damaged_too(self) -> bool:
        """Whether damaged copies, which may hold it, are to be deleted."""
        return self.damaged.isChecked()

    @property
    def is_armed(self) -> bool:
        """Whether the next press deletes."""
        return self.delete.is_armed

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
        column.addWidget(self.damaged)
        column.addWidget(self._warning)
        column.addStretch(1)
        column.addLayout(buttons)
        self._say_what_stays()
        for box in (self.backups, self.damaged):
            box.toggled.connect(self._say_what_stays)
        self.resize(560, 310)
        self.keep.setFocus()

    def _say_what_stays(self, _on: bool = False) -> None:
        self.delete.disarm()
        kept = "" if self.damaged_too or self.damaged.isHidden() else " Damaged files may keep it."
        self._warning.setText(
            f"Nothing of it remains in this library. Undo cannot bring it back.{kept}"
            if self.backups_too
            else "Undo cannot bring it back. Backups keep it until they are thinned out."
        )


def _what_goes(summary: Summary) -> str:
    sample = " It is a sample and can be opened again." if summary.sample else ""
    return (
        "Its timeline, 5 Whys, fix, actions, people, meeting times and the journal of every edit"
        f" go for good. Reports saved as PDF stay where they are.{sample}"
    )
