"""A verdict in plain words: the outcome first, then each signature."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from facilitator.report.verdict import GOOD, INCOMPLETE, SignatureReport
from facilitator.ui.labels import PlainLabel, button, plain_tip
from facilitator.ui.report.work import Checked
from facilitator.ui.theme import Theme


class ResultCard(QFrame):
    """A file that was written or verified: where it lies, and what is to be said about it."""

    told = Signal(str)  # a short sentence: the path was copied

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.path: Path | None = None
        self.setProperty("card", True)
        self._name = PlainLabel(wrap=True)
        self._outcome = PlainLabel(wrap=True)
        self._outcome.setStyleSheet("font-weight: 600;")
        self._blocks: list[PlainLabel] = []
        self._signatures = QVBoxLayout()
        self._signatures.setSpacing(6)
        self._lines = PlainLabel(wrap=True, role="second")
        self.stamp = button("Add archive timestamp…")
        self.stamp.setAutoDefault(False)
        self.stamp.setToolTip("Shows in years that all signatures were there, and breaks none")
        self._open = button("Open folder")
        self._copy = button("Copy path")
        self._open.clicked.connect(self.open_folder)
        self._copy.clicked.connect(self.copy_path)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self.stamp)
        row.addWidget(self._open)
        row.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._outcome)
        column.addLayout(self._signatures)
        column.addWidget(self._lines)
        self.hide()

    def show_file(self, path: Path, sentence: str) -> None:
        """Show a file and one sentence about it."""
        self._show(path, sentence, "text")
        self._show_signatures(())
        self.stamp.hide()
        self._lines.setText("")
        self._lines.hide()

    def show_checked(self, checked: Checked) -> None:
        """Show a file and its verdict."""
        outcome, word = checked.verdict.sentences[0], checked.verdict.word
        mark = {GOOD: "✓", INCOMPLETE: "○"}.get(word, "✗")
        token = {GOOD: "root.text", INCOMPLETE: "text"}.get(word, "danger")
        self._show(checked.path, f"{mark}  {outcome}", token)
        self._show_signatures(checked.verdict.signatures)
        lines = [*checked.verdict.others, *checked.notes]
        self._lines.setText("\n".join(lines))
        self._lines.setVisible(bool(lines))
        self.stamp.setVisible(word == GOOD)

    @property
    def text(self) -> str:
        """All that is said."""
        labels = (self._name, self._outcome, *self._blocks, self._lines)
        return "\n".join(each.text() for each in labels)

    def open_folder(self) -> None:
        """Open the folder that the file lies in."""
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))

    def copy_path(self) -> None:
        """Put the file's path on the clipboard."""
        if self.path is not None:
            QGuiApplication.clipboard().setText(str(self.path))
            self.told.emit("The path is on the clipboard.")

    def _show_signatures(self, signatures: Sequence[SignatureReport]) -> None:
        while (item := self._signatures.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._blocks.clear()
        for each in signatures:
            self._signatures.addWidget(self._signature(each))

    def _signature(self, found: SignatureReport) -> QWidget:
        """Who signed, when, how it stands and what came after: a line each."""
        holds = found.intact and not found.problems
        head = PlainLabel(f"{'✓' if holds else '✗'}  {found.title}: {found.name}", wrap=True)
        token = "text" if holds else "danger"
        head.setStyleSheet(f"font-weight: 600; color: {self._theme.hex(token)};")
        lines = (f"{line[0].upper()}{line[1:]}." for line in (found.when, found.state, found.after))
        below = PlainLabel("\n".join(lines), wrap=True, role="second")
        below.setIndent(below.fontMetrics().horizontalAdvance("✓  "))
        self._blocks += (head, below)
        made = QWidget()
        made.setAccessibleName(f"{head.text()}. {below.text()}")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(head)
        column.addWidget(below)
        return made

    def _show(self, path: Path, sentence: str, token: str) -> None:
        self.path = path
        self._name.setText(path.name)
        plain_tip(self._name, str(path))
        self._outcome.setText(sentence)
        self._outcome.setStyleSheet(f"font-weight: 600; color: {self._theme.hex(token)};")
        self.setAccessibleName(f"{path.name}: {sentence}")
        self.show()
