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
from facilitator.ui.desk.waiver_list import WaiverList
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
    """One hint with its rewording, or a question where no honest rewording exists.

    A card is filled anew, not made anew: while somebody types, hints come and go at every pause.
    """

    used = Signal(object, object, str)  # Heard, Hint, the rewording
    kept = Signal(object, object, str)
    silenced = Signal(object, str)
    jumped = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[Heard, Hint] | None = None
        self._silence = False
        self._choice = 0
        self._edge = ""
        self.setObjectName("hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(4)
        self._quote = PlainLabel(wrap=True)
        self._quote.setFont(theme.font(self.fontInfo().pixelSize(), 600))
        column.addWidget(self._quote)
        self._why = PlainLabel(wrap=True, role="second")
        column.addWidget(self._why)
        self._offer = PlainLabel(wrap=True)
        self._offer.setStyleSheet(
            f"background: {theme.hex('suggestion')}; border-radius: 5px; padding: 6px 8px;"
        )
        column.addWidget(self._offer)
        column.addLayout(self._buttons())
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Why keep it? Enter. The report lists it.")
        self._reason.returnPressed.connect(self._give_reason)
        self._reason.hide()
        column.addWidget(self._reason)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click: show the place")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the card shows the place where the words stand."""
        super().mousePressEvent(event)
        if self._shown is not None:
            self.jumped.emit(self._shown[0].key)

    @property
    def is_answering(self) -> bool:
        """Whether a reason is being given here."""
        return not self._reason.isHidden()

    def is_about(self, heard: Heard, hint: Hint) -> bool:
        """Whether this card shows that hint already, though the text around it may have grown."""
        return self._shown is not None and _same(self._shown, (heard, hint))

    def show_hint(self, heard: Heard, hint: Hint, *, first: bool) -> None:
        """Show this hint; a reason that is being given for the same one stays."""
        if self._shown is None or self._shown[1].suggestions != hint.suggestions:
            self._choice = 0
        if not self.is_about(heard, hint):
            self._reason.clear()
            self._reason.hide()
        self._shown = (heard, hint)
        edge = self._theme.hex("hint" if hint.strength == "strong" else "border.soft")
        if edge != self._edge:
            self._edge = edge
            soft = self._theme.hex("border.soft")
            self.setStyleSheet(
                f"QFrame#hint {{ background: {self._theme.hex('ground')}; border: 1px solid "
                f"{soft}; border-left: 4px solid {edge}; border-radius: 6px; }}"
            )
        place = _WHERE.get(heard.key.split(":", 1)[0], "")
        self._quote.setText(f"“{_short(hint.text)}”")
        self._why.setText(f"{hint.reason} · {place}")
        self._show_offer(hint)
        self._use_it.setVisible(bool(hint.suggestions))
        key = f"  {key_of('rewording')}" if first else ""
        self._use_it.setText(f"Use it{key}")
        self._use_it.setAccessibleName(f"Use it ({key.strip()})" if first else "Use it")
        self.show()

    @property
    def offer(self) -> str:
        """The rewording that is shown, or nothing where a question is asked instead."""
        offers = self._shown[1].suggestions if self._shown else ()
        return offers[self._choice] if offers else ""

    def show_other(self) -> None:
        """Show the next rewording of this sentence."""
        if self._shown is not None and self._shown[1].suggestions:
            self._choice = (self._choice + 1) % len(self._shown[1].suggestions)
            self._show_offer(self._shown[1])

    def _show_offer(self, hint: Hint) -> None:
        offer = self.offer or hint.question or hint.say
        self._offer.setText(offer)
        count = len(hint.suggestions)
        self._other.setVisible(count > 1)
        self._other.setText(f"{self._choice + 1} of {count}")
        self._other.setAccessibleName(f"Rewording {self._choice + 1} of {count}: show another")
        self.setAccessibleName(f"{hint.text}: {hint.reason}. {offer}")

    def ask_reason(self) -> None:
        """Ask why the words stay as said."""
        self._silence = False
        self._reason.show()
        self._reason.setFocus()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._use_it = button("Use it")
        self._use_it.clicked.connect(self.use)
        _add(row, self._use_it)
        self._other = button("", hint="Show another rewording")
        self._other.clicked.connect(self.show_other)
        _add(row, self._other)
        keep = button("Keep mine")
        keep.clicked.connect(self.ask_reason)
        _add(row, keep)
        mute = button("Not here", hint="Silence this rule for this incident")
        mute.clicked.connect(self._ask_silence)
        _add(row, mute)
        row.addStretch(1)
        return row

    @property
    def key(self) -> str:
        """Where the hint stands, as kind:id:field."""
        return self._shown[0].key if self._shown else ""

    def use(self) -> None:
        """Put the rewording that is shown in place."""
        if self._shown is not None:
            self.used.emit(*self._shown, self.offer)

    def _ask_silence(self) -> None:
        self._silence = True
        self._reason.show()
        self._reason.setFocus()

    def _give_reason(self) -> None:
        reason = self._reason.text()
        if self._shown is None:
            return
        heard, hint = self._shown
        if self._silence:
            self.silenced.emit(hint, reason)
        else:
            self.kept.emit(heard, hint, reason)


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
        self._cards = [HintCard(theme) for _ in range(_SHOWN)]
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
        if not shown or not self._shown or not _same(shown[0], self._shown[0]):
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
                card.hide()
        more = len(shown) - _SHOWN
        self._rest.setText("Nothing to reword." if not shown else f"{more} more open")
        self._rest.setVisible(not shown or more > 0)

    def _in_order(self, shown: tuple[tuple[Heard, Hint], ...]) -> tuple[tuple[Heard, Hint], ...]:
        """The newest first, after the one that was looked at."""
        looked_at = [p for p in shown if self._looked_at and _same(p, self._looked_at)][:1]
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
        newest = [p for p in shown if not any(_same(p, each) for each in kept)]
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


def _same(one: tuple[Heard, Hint], other: tuple[Heard, Hint]) -> bool:
    """Whether both are about the same words of the same field."""
    (heard, hint), (also_heard, also) = one, other
    return (heard.key, hint.rule, hint.text) == (also_heard.key, also.rule, also.text)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"
