"""The table of places in which words stand: incidents first, then copies, then the settings."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from facilitator.model.forgetting import lines_without
from facilitator.ui.forgetting.survey import (
    Survey,
    copy_line,
    count,
    held_line,
    standing_line,
)
from facilitator.ui.labels import shortened


class FoundTable(QTreeWidget):
    """A row for each place, with what stands there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Where it stands")
        self.setHeaderLabels(["Where it stands", "What"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumHeight(120)
        self.setStyleSheet("QTreeWidget::item { padding: 3px 5px; }")
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 375)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What stands in the table."""
        found = (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
        return tuple((row.text(0), row.text(1)) for row in found if row is not None)

    def show_survey(self, found: Survey, incident: str, share_words: str) -> None:
        """Show these places; `incident` is the one that is open, if any."""
        self.clear()
        for standing in (*found.here, *found.others):
            if standing or standing.problem or standing in found.here:
                this = "This incident: " if standing.incident == incident else ""
                where = f"{this}“{shortened(standing.title, 70)}”"
                self._add(where, standing_line(standing))
        for held in found.held:
            self._add(copy_line(held.copy), held_line(held), str(held.copy.path))
        lines = len(share_words.splitlines())
        kept = len(lines_without(share_words, found.words).splitlines())
        if kept < lines:
            words = "Settings: words that share-safe copies replace"
            self._add(words, count(lines - kept, "line"))

    def _add(self, where: str, what: str, tip: str = "") -> None:
        row = QTreeWidgetItem([where, what])
        for column, text in enumerate((tip or where, what)):
            row.setToolTip(column, f"<p>{escape(text)}</p>")
        self.addTopLevelItem(row)
