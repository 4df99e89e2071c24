"""The backups of a library, each with when it was made, its size and what it holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from facilitator.model.times import day_text
from facilitator.store.backups import Backup
from facilitator.store.library import preview
from facilitator.store.problems import LibraryProblem
from facilitator.store.summaries import Summary
from facilitator.ui.labels import PlainLabel, shortened
from facilitator.ui.tasks import Tasks
from facilitator.ui.zones import named_time

Preview = tuple[Summary, ...] | str
_TITLE: Final = 60


class BackupList(QWidget):
    """A table of backups, newest first; below it the incidents in the selected one.

    What they hold is read on another thread, one after the other.
    """

    picked = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._backups: tuple[Backup, ...] = ()
        self._held: dict[Path, Preview] = {}
        self._sizes: dict[Path, str] = {}
        self.table = _table("Backups, newest first", ("Made", "Size", "Holds"))
        self.table.currentItemChanged.connect(self._pick)
        self._about = PlainLabel("They are being looked for …", role="second")
        self.incidents = _table(
            "Incidents in the selected backup", ("Incident", "Began", "Last edit", "Edits")
        )
        self.incidents.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table, 3)
        column.addWidget(self._about)
        column.addWidget(self.incidents, 2)

    @property
    def chosen(self) -> Backup | None:
        """The backup that is selected, or None."""
        row = self.table.currentIndex().row()
        return self._backups[row] if 0 <= row < len(self._backups) else None

    @property
    def is_sound(self) -> bool:
        """Whether the selected backup has been read and found in order."""
        return self.chosen is not None and isinstance(self._held.get(self.chosen.path), tuple)

    def show_backups(self, backups: tuple[Backup, ...]) -> None:
        """List these, the newest selected."""
        self._backups = backups
        self.table.clear()
        for backup in backups:
            held, size = self._held.get(backup.path), self._sizes.get(backup.path, "")
            row = QTreeWidgetItem([when(backup.at), size, _line(held)])
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.addTopLevelItem(row)
        if backups:
            self.table.setCurrentIndex(self.table.model().index(0, 0))
        else:
            self._about.setText("There is no backup yet.")
        self._read_next()

    def _read_next(self) -> None:
        unread = [b.path for b in self._backups if b.path not in self._held]
        if unread:
            self._tasks.run(_held_by, unread[0], done=self._take)

    def _take(self, found: tuple[Path, str, Preview]) -> None:
        path, size, held = found
        self._held[path], self._sizes[path] = held, size
        for number, backup in enumerate(self._backups):
            row = self.table.topLevelItem(number)
            if backup.path == path and row is not None:
                row.setText(1, size)
                row.setText(2, _line(held))
        if self.chosen is not None and self.chosen.path == path:
            self._pick()
        self._read_next()

    def _pick(self, *_items: object) -> None:
        backup = self.chosen
        held = self._held.get(backup.path) if backup is not None else None
        self.incidents.clear()
        if backup is not None:
            said = held if isinstance(held, str) else "It holds:"
            self._about.setText(said if held is not None else "It is being read …")
        for summary in held if isinstance(held, tuple) else ():
            cells = [
                shortened(summary.title, _TITLE),
                _began(summary),
                when(summary.changed_at),
                f"{summary.edits:,}",
            ]
            row = QTreeWidgetItem(cells)
            row.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.incidents.addTopLevelItem(row)
        self.picked.emit()


def when(at: datetime) -> str:
    """A time for people, in the zone of this computer."""
    return f"{at.astimezone():%d %b %Y, %H:%M:%S}"


def _began(summary: Summary) -> str:
    at, zone = summary.started_at, summary.zone
    return f"{day_text(at, zone)}, {named_time(at, zone)}" if at is not None else ""


def _held_by(path: Path) -> tuple[Path, str, Preview]:
    size = _size(path)
    try:
        return path, size, preview(path)
    except LibraryProblem as problem:
        return path, size, str(problem)


def _line(held: Preview | None) -> str:
    if held is None:
        return "…"
    if isinstance(held, str):
        return "Cannot be read"
    if not held:
        return "No incident"
    edits = sum(summary.edits for summary in held)
    counts = f"{_count(len(held), 'incident')}, {_count(edits, 'edit')}"
    newest = max(summary.changed_at for summary in held)
    return f"{counts}, the last {when(newest)}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _size(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return ""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"


def _table(name: str, columns: tuple[str, ...]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(columns)
    table.setRootIsDecorated(False)
    table.setStyleSheet("QTreeWidget::item { padding: 3px 5px; }")
    table.setUniformRowHeights(True)
    table.setAllColumnsShowFocus(True)
    table.setMinimumHeight(110)
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionsMovable(False)
    stretched = columns.index("Holds") if "Holds" in columns else 0
    for index in range(len(columns)):
        mode = QHeaderView.ResizeMode
        header.setSectionResizeMode(
            index, mode.Stretch if index == stretched else mode.ResizeToContents
        )
    return table
