"""The language commands of the desk: go through the hints, ask the room, on and off."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from facilitator.language.phrases import PhraseBank
from facilitator.language.rules import RuleSet
from facilitator.stage import Stage
from facilitator.ui.actions import key_of
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.desk.messages import MessageBar
from facilitator.ui.hinting import Hinting

_PROBLEM = 60  # seconds that a broken rule is told


class Listening(QObject):
    """Acts on what the book has heard; only a neutral question ever goes to the room."""

    jumped = Signal(str)  # kind:id:field of a text to look at
    looked_at = Signal(int)  # the number of the open hint that is looked at, newest first

    def __init__(
        self,
        book: HintBook,
        hinting: Hinting,
        bank: PhraseBank,
        stage: Stage,
        messages: MessageBar,
    ) -> None:
        super().__init__(messages)
        self._book = book
        self._hinting = hinting
        self._bank = bank
        self._stage = stage
        self._messages = messages
        self._place = ("", 0, "")  # of the hint that was looked at: key, start, words

    def next(self) -> None:
        """Go to the place of the next open hint, the newest first."""
        self._go(1)

    def back(self) -> None:
        """Go to the place of the open hint before."""
        self._go(-1)

    def ask_room(self) -> None:
        """Put the neutral question on the room screen, or take it away again."""
        if self._stage.scene.asked:
            self._stage.change(asked="")
            self._messages.say("The question is off the room screen.")
            return
        newest = self._book.newest()
        question = newest[1].question if newest else ""
        if not question:
            phrases = self._bank.situation("redirect")
            question = self._bank.fill(phrases[0].text, {}) if phrases else ""
        self._stage.change(asked=question)
        if not question:
            return
        away = f"{key_of('ask_room')} takes it away."
        if self._stage.scene.frozen or self._stage.scene.blank:
            kept = "frozen" if self._stage.scene.frozen else "blank"
            self._messages.say(f"The room is {kept}: it will see “{question}” after that. {away}")
        else:
            self._messages.say(f"The room sees: “{question}”. {away}")

    def toggle(self) -> None:
        """Hints off, or on again."""
        self._hinting.enabled = not self._hinting.enabled
        self._hinting.changed.emit()
        self._messages.say(f"Language hints are {'on' if self._hinting.enabled else 'off'}.")

    def take(self, rules: RuleSet, *, on: bool) -> None:
        """Hear by these rules from now on, or not at all."""
        others = rules is not self._hinting.rules
        if on != self._hinting.enabled:
            self._hinting.enabled = on
            self._hinting.changed.emit()
        self._hinting.use(rules)
        if others:
            self.tell_problems()

    def tell_problems(self) -> None:
        """Say which rules of a pack are left out, and where they stand."""
        problems = self._hinting.rules.problems
        if problems:
            more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
            sentence = f"A language rule is left out: {problems[0]}.{more} The other rules work."
            self._messages.say(sentence, seconds=_PROBLEM)

    def _go(self, step: int) -> None:
        places = [
            (heard.key, hint.start, hint.text) for heard in self._book.heard for hint in heard.hints
        ]
        if not places:
            self._messages.say("No hint is open.")
            return
        if self._place in places:
            at = (places.index(self._place) + step) % len(places)
        else:
            at = 0 if step > 0 else len(places) - 1
        self._place = places[at]
        self.jumped.emit(places[at][0])
        self.looked_at.emit(at)
