"""What the tree shows now: the document's answers as cards, laid out, with what is typed."""

from __future__ import annotations

from collections import Counter

from facilitator.model.document import Document
from facilitator.model.records import Evidence, Why
from facilitator.model.tree_layout import TreeLayout, lay_out, tree_of
from facilitator.ui.whys.cards import Card, Cards
from facilitator.ui.whys.editing import NEW, Editing
from facilitator.ui.whys.persons import Persons

_FIELD_PAD = 18.0  # a field has this much less room for its text than its own height


class Picture:
    """Cards and boxes of one document; made anew at every change, shaped texts are kept."""

    def __init__(self, cards: Cards, persons: Persons) -> None:
        self._cards = cards
        self._persons = persons
        self.cards: dict[str, Card] = {}
        self.tree: dict[str, list[str]] = {"": []}
        self.layout: TreeLayout = lay_out(self.tree, self._no_height)
        self._typed = ""
        self._field_height = 0.0
        self._editing = ""

    def take_typed(self, text: str, field_height: float) -> None:
        """What stands in the field now, and how tall the field is."""
        self._typed, self._field_height = text, field_height

    def show(self, document: Document, folded: set[str], editing: Editing | None) -> None:
        """Take over the document as it is, with the card that is being typed."""
        whys = document.all(Why)
        self.tree = tree_of(whys)
        evidence = Counter(e.why for e in document.all(Evidence))
        label = document.incident.label
        self._persons.begin()
        stops = self._persons.stops
        self.cards = {
            w.id: Card(
                w.text,
                evidence.get(w.id, 0),
                w.level,
                w.root_cause,
                label if w.root_cause else "",
                # Where the next why is answered already, the branch does not stop here.
                bool(w.parent) and not self.tree.get(w.id) and stops(w.text),
                not w.parent,
            )
            for w in whys
        }
        if editing is not None:
            self._put_typed(editing)
        self._editing = editing.node if editing else ""
        self.layout = lay_out(self.tree, self._height, folded)

    def _put_typed(self, editing: Editing) -> None:
        """The card being typed on looks as it will when it is committed."""
        person = bool(editing.parent) and self._persons.stops(self._typed)
        if not editing.is_new:
            was = self.cards[editing.node]
            self.cards[editing.node] = Card(
                self._typed,
                was.evidence,
                was.level,
                was.root_cause,
                was.label,
                not was.effect
                and not self.tree.get(editing.node)
                and self._persons.stops(self._typed),
                was.effect,
            )
            return
        self.cards[NEW] = Card(self._typed, person=person, effect=not editing.parent)
        beside = self.tree.setdefault(editing.parent, [])
        index = len(beside)
        if editing.after in beside:
            index = beside.index(editing.after) + 1
        elif editing.before in beside:
            index = beside.index(editing.before)
        beside.insert(index, NEW)

    def _height(self, node: str) -> float:
        card = self.cards[node]
        if node == self._editing:
            return self._cards.height(card, text_height=self._field_height - _FIELD_PAD)
        return self._cards.height(card)

    def _no_height(self, _node: str) -> float:
        return 0.0
