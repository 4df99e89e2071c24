"""The private panel: hints, phrases to say, readiness, and what the room sees now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from facilitator.checks.readiness import Check, readiness
from facilitator.language.phrases import PhraseBank
from facilitator.ui.actions import key_of
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.desk.hints_panel import HintsPanel
from facilitator.ui.labels import MarkedLine, PlainLabel, button, panel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme


class PrivatePanel(QWidget):
    """Only the facilitator sees this; it is hidden while screens are mirrored."""

    def __init__(
        self,
        session: QtSession,
        book: HintBook,
        bank: PhraseBank,
        theme: Theme,
        trigger: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._book = book
        self._bank = bank
        self._theme = theme
        self._trigger = trigger
        self._phase = "restate"
        self._values: dict[str, str] = {}
        self._checks: tuple[Check, ...] | None = None
        self.setProperty("plain", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hints = HintsPanel(session, book, theme)
        self._heading = PlainLabel(role="heading", wrap=True)
        self._say = PlainLabel(wrap=True)
        self._ready = QVBoxLayout()
        self._ready.setSpacing(3)
        self._room_heading = PlainLabel("Room screen", role="heading")
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName("What the room sees")
        self._mirrored = PlainLabel(
            "Screens are mirrored: the room sees this window.", wrap=True, role="strong"
        )
        self._inside = QWidget()
        self._lay_out()
        book.changed.connect(self.refresh)
        session.changed.connect(self._follow)
        self.refresh()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.setSpacing(8)
        inside.addWidget(self._heading)
        inside.addWidget(self.hints)
        inside.addWidget(PlainLabel(f"Say next  {key_of('redirect')}", role="heading"))
        say = panel("card")
        QVBoxLayout(say).addWidget(self._say)
        inside.addWidget(say)
        inside.addWidget(PlainLabel("Ready for the next phase?", role="heading"))
        inside.addLayout(self._ready)
        inside.addStretch(1)
        self._inside.setProperty("plain", True)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 10, 10)
        column.setSpacing(8)
        column.addWidget(self._mirrored)
        column.addWidget(scroll, 1)
        column.addWidget(self._room_heading)
        column.addWidget(self.preview)
        column.addLayout(self._room_buttons())
        self._mirrored.hide()

    def _room_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for words, command, slot in (
            ("Freeze", "room_freeze", self._press_freeze),
            ("Blank", "room_blank", self._press_blank),
            ("Swap", "room_swap", self._press_swap),
        ):
            made = button(words, key=key_of(command))
            made.setStyleSheet("padding-left: 4px; padding-right: 4px;")
            made.clicked.connect(slot)
            row.addWidget(made)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words wrap at the panel's edge, whatever would like to be wider."""
        super().resizeEvent(event)
        self._inside.setMaximumWidth(self.width() - 28)

    def set_phase(self, phase: str, values: dict[str, str]) -> None:
        """Show phrases and readiness for this phase; `values` fill the blanks of phrases."""
        self._phase = phase
        self._values = values
        self.refresh()

    def set_mirrored(self, mirrored: bool) -> None:
        """Hide everything private while the room sees this window."""
        self._mirrored.setVisible(mirrored)
        self._scroll.setVisible(not mirrored)

    def show_room(self, picture: QPixmap, where: str) -> None:
        """Show what the room sees now, and on which display."""
        self.preview.setPixmap(picture)
        self._room_heading.setText(where)

    def preview_size(self) -> QSize:
        """How large the picture of the room can be."""
        width = max(160, self.width() - 30)
        tall = 190 if self.height() > 700 else 110
        return QSize(min(width, tall * 16 // 9), min(tall, width * 9 // 16))

    def say(self, sentence: str) -> None:
        """Show one sentence to say, in large letters of the panel, and bring it into sight."""
        self._offer(sentence)
        # Its height follows from its words; only then can it be brought into sight whole.
        self._inside.adjustSize()
        self._scroll.ensureWidgetVisible(self._say, 0, 16)

    def _offer(self, sentence: str) -> None:
        self._say.setText(sentence)
        self._say.setAccessibleName(f"Say: {sentence}")

    def redirect(self) -> str:
        """Show a sentence that redirects what was heard last; it is returned too."""
        newest = self._book.newest()
        family = newest[1].family if newest else "redirect"
        sentence = (newest[1].say if newest else "") or self._bank.redirect_for(
            family, self._values
        )
        self.say(f"“{sentence}”")
        return sentence

    def refresh(self) -> None:
        """Show what is open, what to say and what is missing for the next phase."""
        count = self._book.count
        open_now = f" · {count} open" if count else " · blame-free"
        self._heading.setText(f"Language · only you see this{open_now}")
        newest = self._book.newest()
        if newest is not None and newest[1].say:
            self._offer(f"“{newest[1].say}”")
        else:
            prompts = self._bank.prompts_for(self._phase)
            lines = (self._bank.fill(p.text, self._values) for p in prompts[:2])
            self._offer("\n".join(f"“{line}”" for line in lines))
        self._show_readiness()

    def _show_readiness(self) -> None:
        jargon = self._book.jargon_on_page_one() if self._phase == "sign" else ()
        checks = readiness(self._session.document, self._phase, self._book.open_hints(), jargon)
        if checks == self._checks:
            return
        self._checks = checks
        while (item := self._ready.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for check in checks:
            line = MarkedLine("✓" if check.ok else "○", check.text)
            line.setAccessibleName(f"{'Done' if check.ok else 'Open'}: {check.text}")
            self._ready.addWidget(line)

    def _follow(self, _edit: object) -> None:
        self._show_readiness()

    def _press_freeze(self) -> None:
        self._trigger("room_freeze")

    def _press_blank(self) -> None:
        self._trigger("room_blank")

    def _press_swap(self) -> None:
        self._trigger("room_swap")
