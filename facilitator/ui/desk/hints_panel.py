"""The private list of language hints: what was heard, why it matters, what to write instead."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from facilitator.checks.wording import words_digest
from facilitator.language.hints import Hint
from facilitator.model.edits.texts import replaced, reword
from facilitator.model.edits.waivers import silence, waive
from facilitator.ui.actions import key_of
from facilitator.ui.desk.hint_book import Heard, HintBook
from facilitator.ui.fields import TextField
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

_SHOWN = 3
_WHERE = {
    "incident": "Incident",
    "moment": "Timeline",
    "why": "5 Whys",
    "fix": "Structural fix",
    "follow_up": "Action",
    "parked": "Parking lot",
}


class HintCard(QFrame):
    """One hint with its rewording, or a question where no honest rewording exists."""

    used = Signal(object, object)  # Heard, Hint
    kept = Signal(object, object, str)
    silenced = Signal(object, str)
    jumped = Signal(str)

    def __init__(self, heard: Heard, hint: Hint, theme: Theme, *, first: bool) -> None:
        super().__init__()
        self._heard = heard
        self._hint = hint
        self._silence = False
        strong = hint.strength == "strong"
        edge = theme.hex("hint") if strong else theme.hex("border.soft")
        self.setObjectName("hint")
        self.setStyleSheet(
            f"QFrame#hint {{ background: {theme.hex('ground')}; border: 1px solid "
            f"{theme.hex('border.soft')}; border-left: 4px solid {edge}; border-radius: 6px; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(4)
        quote = PlainLabel(f"“{_short(hint.text)}”", wrap=True)
        quote.setFont(theme.font(self.fontInfo().pixelSize(), 600))
        column.addWidget(quote)
        place = _WHERE.get(heard.key.split(":", 1)[0], "")
        column.addWidget(PlainLabel(f"{hint.reason} · {place}", wrap=True, role="second"))
        offer = hint.suggestions[0] if hint.suggestions else hint.question or hint.say
        words = PlainLabel(offer, wrap=True)
        words.setStyleSheet(
            f"background: {theme.hex('suggestion')}; border-radius: 5px; padding: 6px 8px;"
        )
        column.addWidget(words)
        column.addLayout(self._buttons(hint, first))
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Why keep it? Enter. The report lists it.")
        self._reason.returnPressed.connect(self._give_reason)
        self._reason.hide()
        column.addWidget(self._reason)
        self.setAccessibleName(f"{hint.text}: {hint.reason}. {offer}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click: show the place")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the card shows the place where the words stand."""
        super().mousePressEvent(event)
        self.jumped.emit(self._heard.key)

    def ask_reason(self) -> None:
        """Ask why the words stay as said."""
        self._silence = False
        self._reason.show()
        self._reason.setFocus()

    def _buttons(self, hint: Hint, first: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        if hint.suggestions:
            use = button("Use it", key=key_of("rewording") if first else "")
            use.clicked.connect(self._use)
            _add(row, use)
        keep = button("Keep mine")
        keep.clicked.connect(self.ask_reason)
        _add(row, keep)
        mute = button("Not here", hint="Silence this rule for this incident")
        mute.clicked.connect(self._ask_silence)
        _add(row, mute)
        row.addStretch(1)
        return row

    def _use(self) -> None:
        self.used.emit(self._heard, self._hint)

    def _ask_silence(self) -> None:
        self._silence = True
        self._reason.show()
        self._reason.setFocus()

    def _give_reason(self) -> None:
        reason = self._reason.text()
        if self._silence:
            self.silenced.emit(self._hint, reason)
        else:
            self.kept.emit(self._heard, self._hint, reason)


class HintsPanel(QWidget):
    """The newest hints as cards, and how many more are open."""

    said = Signal(str)  # a sentence for the message bar
    jumped = Signal(str)  # kind:id:field of a text to look at

    def __init__(self, session: QtSession, book: HintBook, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._book = book
        self._theme = theme
        self._cards: list[HintCard] = []
        self._shown: tuple[tuple[Heard, Hint], ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._rest = PlainLabel(role="second", wrap=True)
        self._column.addWidget(self._rest)
        book.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is open now; an answer being typed in a card is not disturbed."""
        shown = tuple((heard, hint) for heard in self._book.heard for hint in heard.hints)
        if shown == self._shown:
            return
        self._shown = shown
        for card in self._cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self._cards = []
        for index, (heard, hint) in enumerate(shown[:_SHOWN]):
            card = HintCard(heard, hint, self._theme, first=index == 0)
            card.used.connect(self._use)
            card.kept.connect(self._keep)
            card.silenced.connect(self._silence)
            card.jumped.connect(self.jumped)
            self._cards.append(card)
            self._column.insertWidget(index, card)
        more = len(shown) - _SHOWN
        self._rest.setText("Nothing to reword." if not shown else f"{more} more open")
        self._rest.setVisible(not shown or more > 0)

    def use_first(self) -> None:
        """Put the newest hint's rewording in place."""
        for heard, hint in self._shown or ():
            if hint.suggestions:
                self._use(heard, hint)
                return
        self.said.emit("No rewording is offered here; ask the question instead.")

    def keep_first(self) -> None:
        """Ask why the newest hint's words stay as said."""
        if self._cards:
            self._cards[0].ask_reason()

    def _use(self, heard: Heard, hint: Hint) -> None:
        field = self._field(heard.key)
        if field is not None and field.toPlainText() == heard.value:
            field.apply_suggestion(hint, hint.suggestions[0])
            field.setFocus()
            return
        kind, record, name = heard.key.split(":", 2)
        value = replaced(heard.value, hint.sentence, hint.suggestions[0])
        self._session.do(reword, kind, record, name, value)

    def _keep(self, heard: Heard, hint: Hint, reason: str) -> None:
        _kind, record, name = heard.key.split(":", 2)
        if record == "new":
            self.said.emit("Commit the text with Enter first, then keep it.")
            return
        self._session.do(
            waive,
            hint.rule,
            reason,
            record=record,
            field=name,
            digest=words_digest(hint.text),
            at=datetime.now(UTC),
        )

    def _silence(self, hint: Hint, reason: str) -> None:
        self._session.do(silence, hint.rule, reason, datetime.now(UTC))

    def _field(self, key: str) -> TextField | None:
        for field in self.window().findChildren(TextField):
            if field.key == key and field.isVisible():
                return field
        return None


def _add(row: QHBoxLayout, narrow: QPushButton) -> None:
    # A click must not take the focus: leaving the field commits it and replaces this card.
    narrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    narrow.setStyleSheet("padding-left: 7px; padding-right: 7px;")
    row.addWidget(narrow)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"
