"""The private list of language hints: what was heard, why it matters, what to write instead."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from facilitator.checks.wording import words_digest
from facilitator.language.hints import Hint
from facilitator.model.edits.texts import replaced, reword
from facilitator.model.edits.waivers import silence, waive
from facilitator.ui.desk.hint_book import Heard, HintBook
from facilitator.ui.desk.hint_card import HintCard, reason_key, same_words
from facilitator.ui.desk.waiver_list import WaiverList
from facilitator.ui.fields import TextField
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

_SHOWN = 3


class HintsPanel(QWidget):
    """The newest hints as cards, and how many more are open."""

    said = Signal(str)  # a sentence for the message bar
    jumped = Signal(str)  # kind:id:field of a text to look at

    def __init__(self, session: QtSession, book: HintBook, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._book = book
        self._shown: tuple[tuple[Heard, Hint], ...] | None = None
        self._looked_at: tuple[Heard, Hint] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._cards = [HintCard(theme, session) for _ in range(_SHOWN)]
        for card in self._cards:
            card.used.connect(self._use)
            card.kept.connect(self._keep)
            card.silenced.connect(self._silence)
            card.jumped.connect(self.jumped)
            card.hide()
            self._column.addWidget(card)
        self._rest = PlainLabel(role="second", wrap=True)
        self._column.addWidget(self._rest)
        self.waivers = WaiverList(session, book)
        self._column.addWidget(self.waivers)
        book.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is open now; an answer being typed in a card is not disturbed."""
        shown = tuple((heard, hint) for heard in self._book.heard for hint in heard.hints)
        if shown == self._shown:
            return
        if not shown or not self._shown or not same_words(shown[0], self._shown[0]):
            self._looked_at = None  # something newer was heard
        self._shown = shown
        self._show()

    def look_at(self, number: int) -> None:
        """Show this open hint, counted from the newest, in the first card."""
        if self._shown and number < len(self._shown):
            self._looked_at = self._shown[number]
            self._show()

    def _show(self) -> None:
        shown = self._shown or ()
        placed = self._placed(self._in_order(shown))
        first = next((n for n, pair in enumerate(placed) if pair[1].suggestions), -1)
        for index, card in enumerate(self._cards):
            if index < len(placed):
                card.show_hint(*placed[index], first=index == first)
            else:
                card.put_away()
        more = len(shown) - _SHOWN
        self._rest.setText("Nothing to reword." if not shown else f"{more} more open")
        self._rest.setVisible(not shown or more > 0)

    def _in_order(self, shown: tuple[tuple[Heard, Hint], ...]) -> tuple[tuple[Heard, Hint], ...]:
        """The newest first, after the one that was looked at."""
        looked_at = [p for p in shown if self._looked_at and same_words(p, self._looked_at)][:1]
        return (*looked_at, *(p for p in shown if p not in looked_at))

    def _placed(self, shown: tuple[tuple[Heard, Hint], ...]) -> list[tuple[Heard, Hint]]:
        """The newest hints, with those that a reason is being given for where they are."""
        answered = {
            index: pair
            for index, card in enumerate(self._cards)
            if card.is_answering
            for pair in shown
            if card.is_about(*pair)
        }
        kept = list(answered.values())
        newest = [p for p in shown if not any(same_words(p, each) for each in kept)]
        placed = newest[: max(0, _SHOWN - len(answered))]
        for index, pair in sorted(answered.items()):
            placed.insert(index, pair)
        return placed

    def use_first(self) -> None:
        """Put a rewording in place: of the text that is being typed, else of the first card."""
        card = self._aim()
        if card is None:
            self.said.emit("No rewording is offered here; ask the question instead.")
        else:
            card.use()

    def other_first(self) -> None:
        """Show another rewording, where the key would use one."""
        card = self._aim()
        if card is not None:
            card.show_other()

    def _aim(self) -> HintCard | None:
        """The card whose rewording the key means."""
        here = self.window().focusWidget()
        key = here.key if isinstance(here, TextField) and here.hints else ""
        offering = [card for card in self._cards if not card.isHidden() and card.offer]
        # Who types a text means this one, not a text that is out of sight.
        return next((card for card in offering if card.key.startswith(key)), None)

    def keep_first(self) -> None:
        """Ask why the newest hint's words stay as said."""
        if not self._cards[0].isHidden():
            self._cards[0].ask_reason()

    def _use(self, heard: Heard, hint: Hint, words: str) -> None:
        field = self._field(heard.key)
        if field is not None and field.toPlainText() == heard.value:
            field.apply_suggestion(hint, words)
            field.setFocus()
            return
        kind, record, name = heard.key.split(":", 2)
        value = replaced(heard.value, hint.sentence, words)
        self._session.do(reword, kind, record, name, value)

    def _keep(self, heard: Heard, hint: Hint, reason: str) -> None:
        _kind, record, name = heard.key.split(":", 2)
        if record == "new":
            self.said.emit("Commit the text with Enter first, then keep it.")
            return
        taken = self._session.do(
            waive,
            hint.rule,
            reason,
            record=record,
            field=name,
            digest=words_digest(hint.text),
            at=datetime.now(UTC),
        )
        if taken:
            self._session.drop_draft(reason_key(heard, hint))

    def _silence(self, heard: Heard, hint: Hint, reason: str) -> None:
        if self._session.do(silence, hint.rule, reason, datetime.now(UTC)):
            self._session.drop_draft(reason_key(heard, hint))

    def can_answer(self, key: str) -> bool:
        """Whether the hint is open for which a reason was kept under this key."""
        return any(reason_key(*pair) == key for pair in self._shown or ())

    def answer(self, key: str) -> None:
        """Ask for that reason again, with what was typed of it."""
        for number, pair in enumerate(self._shown or ()):
            if reason_key(*pair) == key:
                self.look_at(number)
                card = next(card for card in self._cards if card.is_about(*pair))
                card.ask_reason()
                return

    def _field(self, key: str) -> TextField | None:
        for field in self.window().findChildren(TextField):
            if field.key == key and field.isVisible():
                return field
        return None
