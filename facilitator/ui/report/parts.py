"""The pieces of the sign board: what is missing, the revision, who signs, the next steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facilitator.checks.gates import Gap
from facilitator.checks.signers import signers
from facilitator.model.document import Document
from facilitator.model.freeze import frozen_revision, signatures_of
from facilitator.model.records import Revision
from facilitator.model.times import day_text
from facilitator.report.fields import ROLE_TITLES
from facilitator.ui.labels import MarkedLine, PlainLabel, button, panel, shortened
from facilitator.ui.theme import Theme
from facilitator.ui.zones import named_time

MOST_GAPS: Final = 12


class GapList(QWidget):
    """What stands between now and a signature, each with a way to it."""

    go_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._shown: tuple[tuple[Gap, ...], bool] | None = None
        self.sentences: tuple[str, ...] = ()

    def show_gaps(self, found: Sequence[Gap], *, frozen: bool) -> None:
        """Show these; none of them once the report is frozen."""
        wanted = (tuple(found), frozen)
        if wanted == self._shown:
            return
        self._shown = wanted
        self.sentences = tuple(gap.sentence for gap in found)
        _empty(self._column)
        if not found:
            done = "It is final: its gates were passed." if frozen else "Nothing stands in the way."
            style = f"color: {self._theme.hex('root.text')}; font-weight: 600;"
            self._column.addWidget(MarkedLine("✓", done, style=style))
        for gap in found[:MOST_GAPS]:
            self._column.addWidget(self._line(gap))
        if len(found) > MOST_GAPS:
            self._column.addWidget(
                PlainLabel(f"… and {len(found) - MOST_GAPS} more.", role="second")
            )

    def _line(self, gap: Gap) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = MarkedLine("○", gap.sentence)
        go = button("Go there")
        go.setAccessibleName(f"Go there: {gap.sentence}")
        go.setProperty("where", gap.where)
        go.clicked.connect(self._go)
        row.addWidget(words, 1)
        row.addWidget(go)
        return line

    def _go(self) -> None:
        self.go_asked.emit(str(self.sender().property("where")))


class RevisionLine(QWidget):
    """Which revision holds, and the way to the next one: a second press, so that none slips."""

    open_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._number = 0
        self._armed = False
        self.words = PlainLabel(wrap=True)
        self.open = button("Open a new revision…")
        self.open.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.open)

    def show_revision(self, frozen: Revision | None, newest: Revision | None, zone: str) -> None:
        """Say what is final, or what would be."""
        self._armed = False
        self.open.setVisible(frozen is not None)
        if frozen is not None:
            self._number = frozen.number + 1
            when = f"{day_text(frozen.at, zone)}, {named_time(frozen.at, zone)}"
            self.words.setText(f"Revision {frozen.number} is final since {when}.")
            self.open.setText("Change something…")
        elif newest is not None:
            self.words.setText(
                f"Revision {newest.number} is open. What was signed before stays as it is."
            )
        else:
            self.words.setText(
                "A draft can be saved at any time. Making it final freezes the incident."
            )

    def _press(self) -> None:
        if self._armed:
            self.open_asked.emit()
            return
        self._armed = True
        self.open.setText(f"Open revision {self._number}")
        self.words.setText(
            f"Revision {self._number} will need all signatures anew. Press once more to open it."
        )


class SignatureRows(QWidget):
    """Each role that signs, who that is, and whether they have."""

    sign_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.buttons: dict[str, QPushButton] = {}
        self.states: dict[str, str] = {}

    def show_signers(self, document: Document, *, busy: bool) -> None:
        """Show the roles that this severity asks for, with their state."""
        _empty(self._column)
        self.buttons, self.states = {}, {}
        frozen = frozen_revision(document)
        named = signers(document)
        roles = frozen.roles if frozen is not None else tuple(named)
        done = signatures_of(document, frozen) if frozen is not None else {}
        card = panel("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(12, 8, 8, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        zone = document.incident.zone
        for row, role in enumerate(roles):
            person = named.get(role)
            title = PlainLabel(ROLE_TITLES.get(role, role))
            title.setStyleSheet("font-weight: 600;")
            grid.addWidget(title, row, 0)
            grid.addWidget(
                PlainLabel(shortened(person.name, 40) if person else "not named"), row, 1
            )
            signature = done.get(role)
            if signature is not None:
                at = f"{day_text(signature.at, zone)}, {named_time(signature.at, zone)}"
                state = PlainLabel(f"✓  signed {at}", wrap=True)
                state.setStyleSheet(f"color: {self._theme.hex('root.text')}; font-weight: 600;")
            else:
                state = PlainLabel("to sign" if frozen else "signs once it is final")
            self.states[role] = state.text()
            grid.addWidget(state, row, 2)
            if frozen is not None and signature is None:
                grid.addWidget(self._button(role, busy=busy), row, 3)
            grid.setRowMinimumHeight(row, 34)
        self._column.addWidget(card)

    def _button(self, role: str, *, busy: bool) -> QPushButton:
        made = button("Sign…", primary=True)
        made.setAccessibleName(f"Sign as {ROLE_TITLES.get(role, role).lower()}")
        made.setProperty("role", role)
        made.setEnabled(not busy)
        made.clicked.connect(self._press)
        self.buttons[role] = made
        return made

    def _press(self) -> None:
        self.sign_asked.emit(str(self.sender().property("role")))


class Steps(QWidget):
    """The buttons: draft, final, verify; they say why one of them cannot be pressed."""

    preview_asked = Signal()
    draft_asked = Signal()
    final_asked = Signal()
    verify_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.preview = button("Preview")
        self.draft = button("Save draft PDF…")
        self.final = button("Make final report…", primary=True)
        self.verify = button("Verify a PDF…")
        self.share = QCheckBox("Draft as a share-safe copy")
        self.share.setToolTip("Names become roles; the words chosen in Settings are replaced")
        self._why = PlainLabel(role="second", wrap=True)
        self.preview.clicked.connect(self.preview_asked)
        self.draft.clicked.connect(self.draft_asked)
        self.final.clicked.connect(self.final_asked)
        self.verify.clicked.connect(self.verify_asked)
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.final, self.preview, self.draft, self.verify):
            row.addWidget(each)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.share)
        column.addWidget(self._why)

    def show_state(self, *, gaps: int, frozen: bool, busy: str) -> None:
        """Enable what can be done now."""
        self.draft.setEnabled(not busy)
        self.draft.setVisible(not frozen)
        self.share.setVisible(not frozen)
        self.final.setText("Save the final report again…" if frozen else "Make final report…")
        self.final.setEnabled(not busy and not gaps)
        self.final.setProperty("primary", not frozen)
        self.final.style().unpolish(self.final)
        self.final.style().polish(self.final)
        many = "s" if gaps > 1 else ""
        self._why.setText(busy or (f"{gaps} thing{many} to settle first." if gaps else ""))
        self._why.setVisible(bool(self._why.text()))


def column(title: str, *widgets: QWidget) -> QVBoxLayout:
    """These below a title, as high as they are."""
    made = QVBoxLayout()
    made.setSpacing(8)
    made.addWidget(PlainLabel(title, role="title"))
    for each in widgets:
        made.addWidget(each)
    made.addStretch(1)
    return made


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
