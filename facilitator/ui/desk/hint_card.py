"""One hint on a card: what was heard, why it matters, what to write instead."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from facilitator.language.hints import Hint
from facilitator.ui.actions import key_of
from facilitator.ui.desk.hint_book import Heard
from facilitator.ui.drafting import Drafts, LineField
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.theme import Theme

_WHERE = {
    "incident": "Incident",
    "moment": "Timeline",
    "why": "5 Whys",
    "fix": "Structural fix",
    "follow_up": "Action",
    "parked": "Parking lot",
}


def reason_key(heard: Heard, hint: Hint) -> str:
    """The key of the draft of a reason to keep these words, or not to hear of them here."""
    return f"waiver:new:{heard.key}:{hint.rule}"


class ReasonLine(LineField):
    """A line for a reason; Esc leaves it. The keys go back to where they came from."""

    left = Signal()

    def __init__(self, drafts: Drafts) -> None:
        super().__init__(drafts, "waiver:new:")
        self._came_from: QWidget | None = None

    def ask(self, key: str) -> None:
        """Take the keys; what was typed under this key before is there again."""
        if key != self.keeper.key or self.isHidden():
            self.put_away()
            self.keeper.key = key
            self.show_text("")
        here = self.window().focusWidget()
        if here is not None and here is not self:
            self._came_from = here
        self.show()
        self.setFocus()

    def put_away(self) -> None:
        """Hide; what was typed stays a draft."""
        self.keeper.settle()
        self.clear()
        self.hide()

    def give_back(self) -> None:
        """Let go of the keys."""
        came_from, self._came_from = self._came_from, None
        if came_from is not None and isValid(came_from) and came_from.isVisible():
            came_from.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class HintCard(QFrame):
    """One hint with its rewording, or a question where no honest rewording exists.

    A card is filled anew, not made anew: while somebody types, hints come and go at every pause.
    """

    used = Signal(object, object, str)  # Heard, Hint, the rewording
    kept = Signal(object, object, str)
    silenced = Signal(object, object, str)
    jumped = Signal(str)

    def __init__(self, theme: Theme, drafts: Drafts) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[Heard, Hint] | None = None
        self._silence = False
        self._choice = 0
        self._edge = ""
        self.setObjectName("hint")
        self._column = column = QVBoxLayout(self)
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
        self._reason = ReasonLine(drafts)
        self._reason.left.connect(self._no_reason)
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

    def put_away(self) -> None:
        """Hide; a reason that is being typed stays a draft."""
        self._reason.put_away()
        self.hide()

    def is_about(self, heard: Heard, hint: Hint) -> bool:
        """Whether this card shows that hint already, though the text around it may have grown."""
        return self._shown is not None and same_words(self._shown, (heard, hint))

    def show_hint(self, heard: Heard, hint: Hint, *, first: bool) -> None:
        """Show this hint; a reason that is being given for the same one stays."""
        if self._shown is None or self._shown[1].suggestions != hint.suggestions:
            self._choice = 0
        if not self.is_about(heard, hint):
            self._reason.put_away()
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
        self._fold()
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
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons that find no room beside each other stand in two rows."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        shown = [each for each in self.findChildren(QPushButton) if not each.isHidden()]
        wanted = sum(each.sizeHint().width() + self._rows.spacing() for each in shown)
        margins = self.contentsMargins() + self._column.contentsMargins()
        narrow = wanted > self.width() - margins.left() - margins.right()
        way = QBoxLayout.Direction
        self._rows.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def _buttons(self) -> QBoxLayout:
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._use_it = button("Use it")
        self._use_it.clicked.connect(self.use)
        _add(row, self._use_it)
        self._other = button("", hint="Show another rewording")
        self._other.clicked.connect(self.show_other)
        _add(row, self._other)
        self._rows.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(6)
        keep = button("Keep mine")
        keep.clicked.connect(self.ask_reason)
        _add(row, keep)
        mute = button("Not here", hint="Silence this rule for this incident")
        mute.clicked.connect(self._ask_silence)
        _add(row, mute)
        row.addStretch(1)
        self._rows.addLayout(row, 1)
        return self._rows

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
        self._ask()

    def _ask(self) -> None:
        if self._shown is not None:
            self._reason.ask(reason_key(*self._shown))

    def _no_reason(self) -> None:
        self._reason.give_back()
        self._reason.keeper.drop()
        self._reason.put_away()

    def _give_reason(self) -> None:
        reason = self._reason.text()
        if self._shown is None:
            return
        heard, hint = self._shown
        self._reason.keeper.settle()
        if reason.strip():
            # Before the card goes: else the keys go to whatever comes next.
            self._reason.give_back()
        if self._silence:
            self.silenced.emit(heard, hint, reason)
        else:
            self.kept.emit(heard, hint, reason)


def same_words(one: tuple[Heard, Hint], other: tuple[Heard, Hint]) -> bool:
    """Whether both are about the same words of the same field."""
    (heard, hint), (also_heard, also) = one, other
    return (heard.key, hint.rule, hint.text) == (also_heard.key, also.rule, also.text)


def _add(row: QHBoxLayout, narrow: QPushButton) -> None:
    # A click must not take the focus: leaving the field commits it and replaces this card.
    narrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    narrow.setStyleSheet("padding-left: 7px; padding-right: 7px;")
    row.addWidget(narrow)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"
