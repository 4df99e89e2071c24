"""Phrases to say, private: F4, type a word or browse by situation, Enter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facilitator.language.phrases import Phrase, PhraseBank, Section
from facilitator.ui.labels import shortened
from facilitator.ui.overlay import Overlay, Row


class PhrasesPopup(Overlay):
    """Lists phrases with their blanks filled; the chosen one goes to the private panel."""

    chosen = Signal(str)

    def __init__(self, bank: PhraseBank, values: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(
            parent,
            name="Phrases to say, only you see them",
            hint="A word, or a situation: pause, evidence, silence …",
            wrap=True,
        )
        self._bank = bank
        self._values = {blank: shortened(value) for blank, value in values.items()}

    def rows(self, query: str) -> Sequence[Row]:
        """Every phrase under its heading, or those that hold every word that was typed."""
        wanted = {phrase.id for phrase in self._bank.search(query)}
        return list(self._listed(wanted))

    def choose(self, row: Row) -> None:
        """Hand the sentence over."""
        self.chosen.emit(row.text)

    def _listed(self, wanted: set[str]) -> Iterator[Row]:
        bank = self._bank
        for number, section in enumerate(bank.elements, 1):
            yield from self._section(section, wanted, f"{number}. {section.title}")
        for section in (*bank.situations, *bank.families, *bank.prompts):
            yield from self._section(section, wanted, section.title)
        openings = [phrase for phrase in bank.openings if phrase.id in wanted]
        if openings:
            yield Row("", "Opening", heading=True)
            yield from (self._phrase(phrase) for phrase in openings)

    def _section(self, section: Section, wanted: set[str], title: str) -> Iterator[Row]:
        phrases = [phrase for phrase in section.phrases if phrase.id in wanted]
        if phrases:
            yield Row("", title, heading=True)
            yield from (self._phrase(phrase) for phrase in phrases)

    def _phrase(self, phrase: Phrase) -> Row:
        return Row(phrase.id, self._bank.fill(phrase.text, self._values))
