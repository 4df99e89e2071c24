"""The 5-Whys tree on paper: cards indented by depth, joined by lines, whole over any page break.

A page that begins amid the tree says which why its first card goes on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from facilitator.report.blocks import Answer, Tree
from facilitator.report.figures import Colors
from facilitator.report.fonts import (
    BOLD,
    ITALIC,
    REGULAR,
    SYMBOLS,
    draw_text,
    fitting,
)
from facilitator.report.phrasing import LEVEL_WORDS
from facilitator.report.piece import Piece
from facilitator.report.prose import Prose
from facilitator.report.stretches import Words
from facilitator.report.styles import Look, pieces
from facilitator.report.tags import Element

_STEP: Final = 22.0
# Deeper answers stay at this indent, so that their text keeps a readable measure.
_DEEPEST: Final = 9
_GAP: Final = 7.0
_PAD: Final = 6.0
_RAIL: Final = 9.0
_CHARS: Final = 900
_LINES: Final = 22
# What a line end counts for among characters.
_LINE: Final = 60
_APART: Final = Words("  ·  ", REGULAR)
_CUE: Final = 15.0
_CUE_FACE: Final = (ITALIC, 8.4)


@dataclass(frozen=True, slots=True)
class Rails:
    """Which lines pass a card: depths of open branches, and whether its own goes on below."""

    passing: tuple[int, ...]
    goes_on: bool


class AnswerCard(Piece):
    """One answer, or a part of a long one, with the lines that join it to the tree."""

    def __init__(
        self,
        parts: list[Prose],
        answer: Answer,
        rails: Rails,
        colors: Colors,
        *,
        first: bool,
        last: bool,
    ) -> None:
        super().__init__()
        self.answer = answer
        self.is_first = first
        self._parts = parts
        self._rails = rails
        self._colors = colors
        # Parts of one long answer stand flush, as one card.
        self._above = _PAD if first else 0.0
        self._below = _PAD if last else 0.0

    @property
    def left(self) -> float:
        """How far it is indented."""
        return min(self.answer.depth, _DEEPEST) * _STEP

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        inner = width - self.left - 2 * _PAD - 3
        self._heights = [part.wrap(inner, height)[1] for part in self._parts]
        gap = _GAP if self.is_first else 0.0
        self.height = sum(self._heights) + self._above + self._below + gap
        return self.width, self.height

    def draw(self) -> None:
        """Draw lines, card and text."""
        canvas = self.canv
        top = self.height - (_GAP if self.is_first else 0.0)
        self._draw_rails(top)
        is_root, is_effect = self.answer.root_cause, not self.answer.parent
        bar = "root" if is_root else "lane.impact" if is_effect else "accent"
        ground = "root.ground" if is_root else "lane.impact.ground" if is_effect else "card"
        canvas.setFillColor(self._colors[ground])
        canvas.rect(self.left, 0, self.width - self.left, top, stroke=0, fill=1)
        canvas.setFillColor(self._colors[bar])
        canvas.rect(self.left, 0, 2.5, top, stroke=0, fill=1)
        y = top - self._above
        for part, height in zip(self._parts, self._heights, strict=True):
            y -= height
            part.drawOn(canvas, self.left + _PAD + 3, y)

    def _draw_rails(self, top: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(self._colors["border"])
        canvas.setLineWidth(0.9)
        for depth in self._rails.passing:
            x = (depth - 1) * _STEP + _RAIL
            canvas.line(x, 0, x, self.height)
        depth = min(self.answer.depth, _DEEPEST)
        if not depth:
            return
        x = (depth - 1) * _STEP + _RAIL
        middle = top - _PAD - 7
        bottom = 0.0 if self._rails.goes_on else middle
        if self.is_first:
            canvas.line(x, bottom, x, self.height)
            canvas.line(x, middle, self.left, middle)
        elif self._rails.goes_on:
            canvas.line(x, 0, x, self.height)


@dataclass(slots=True)
class Cards:
    """All cards of a tree, shared by its parts; `tops` are the heights of all before each."""

    cards: list[AnswerCard]
    texts: dict[int, str]
    """What each answer says, by its number."""
    width: float = 0.0
    tops: list[float] = field(default_factory=list)

    def measure(self, width: float) -> None:
        """Set every card once for a width."""
        if self.width != width:
            self.width = width
            heights = [card.wrap(width, 1.0)[1] for card in self.cards]
            self.tops = list(accumulate(heights, initial=0.0))


class WhysDrawing(Piece):
    """The cards from `first` to before `last`, with a word on what they go on from."""

    def __init__(self, cards: Cards, colors: Colors, first: int, last: int) -> None:
        super().__init__()
        self._all = cards
        self._colors = colors
        self._first, self._last = first, last
        self._cue = _cue(cards, first) if first < last else ""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self._all.measure(width)
        self.width = width
        self.height = self._above() + self._tall(self._last)
        return self.width, self.height

    def beginning(self) -> float:
        """The height of the first two cards."""
        return self._above() + self._tall(min(self._first + 2, self._last))

    def split(self, width: float, height: float) -> list[WhysDrawing]:
        """The cards that fit and the rest; nothing when none does."""
        self.wrap(width, height)
        end = self._first
        while end < self._last and self._above() + self._tall(end + 1) <= height:
            end += 1
        if end in (self._first, self._last):
            return []
        parts = ((self._first, end), (end, self._last))
        return [WhysDrawing(self._all, self._colors, *part) for part in parts]

    def draw(self) -> None:
        """Draw the cards from the top."""
        y = self.height
        if self._cue:
            left = self._all.cards[self._first].left
            said = fitting(self._cue, *_CUE_FACE, self.width - left)
            self.canv.setFillColor(self._colors["text.second"])
            draw_text(self.canv, (left, y - 9), said, _CUE_FACE)
            y -= _CUE
        for card in self._all.cards[self._first : self._last]:
            y -= card.wrap(self.width, 1.0)[1]
            card.drawOn(self.canv, 0, y)

    def _above(self) -> float:
        return _CUE if self._cue else 0.0

    def _tall(self, last: int) -> float:
        return self._all.tops[last] - self._all.tops[self._first]


def drawing(tree: Tree, look: Look) -> WhysDrawing:
    """A tree as a drawing, in reading order, ready to flow."""
    cards = list(_cards(tree, look))
    texts = {answer.number: answer.text for answer in tree.answers}
    return WhysDrawing(Cards(cards, texts), look.colors, 0, len(cards))


def _cue(cards: Cards, first: int) -> str:
    """What a page says that begins with this card; an effect begins anew."""
    card = cards.cards[first]
    if not first:
        return ""
    if not card.is_first:
        return f"continued: why {card.answer.number}"
    above = card.answer.parent
    return f"continued from why {above}: {cards.texts[above]}" if above else ""


def _cards(tree: Tree, look: Look) -> Iterator[AnswerCard]:
    lists: dict[int, Element] = {}
    bodies: dict[int, Element] = {}
    for answer, rails in _with_rails(tree):
        groups = list(_parts(answer, look))
        body = _body(lists, bodies, min(answer.depth, _DEEPEST))
        for part in (part for group in groups for part in group):
            part.tag = body.child("P")
        for n, group in enumerate(groups, start=1):
            ends = {"first": n == 1, "last": n == len(groups)}
            yield AnswerCard(group, answer, rails, look.colors, **ends)


def _body(lists: dict[int, Element], bodies: dict[int, Element], depth: int) -> Element:
    """The body of a new point: of the list that is open at this depth, or one in the point above.

    `lists` and `bodies` hold the open list and point of each depth; they are brought up to date.
    """
    for deeper in [d for d in lists if d > depth]:
        del lists[deeper]
    if depth not in lists:
        above = max(lists, default=None)
        lists[depth] = Element("L") if above is None else bodies[above].child("L")
    bodies[depth] = lists[depth].child("LI").child("LBody")
    return bodies[depth]


def _with_rails(tree: Tree) -> Iterator[tuple[Answer, Rails]]:
    open_at: dict[int, bool] = {}
    for answer in tree.answers:
        open_at[answer.depth] = answer.siblings_follow
        passing = tuple(
            depth for depth in range(1, min(answer.depth, _DEEPEST)) if open_at.get(depth)
        )
        yield answer, Rails(passing, answer.siblings_follow and answer.depth > 0)


def _parts(answer: Answer, look: Look) -> Iterator[list[Prose]]:
    """Head, text and evidence in groups that each fit a page."""
    group = [_head(answer, look)]
    for n, piece in enumerate(pieces(answer.text, _CHARS, _LINES)):
        if n:
            yield group
            group = []
        group.append(look.paragraph(piece, "strong" if answer.root_cause else "body"))
    taken = 0
    for evidence in answer.evidence:
        for piece in pieces(f"Evidence: {evidence}", _CHARS, _LINES):
            taken += len(piece) + _LINE * (1 + piece.count("\n"))
            if taken > 2 * _CHARS:
                yield group
                group, taken = [], 0
            group.append(look.paragraph(piece, "small"))
    yield group


def _head(answer: Answer, look: Look) -> Prose:
    colors = look.colors
    what = f"why of {answer.parent}" if answer.parent else "effect"
    said = [Words(f"{answer.number}  ·  {what}", REGULAR)]
    if answer.level:
        word = LEVEL_WORDS[answer.level]
        said += [_APART, Words(word, BOLD, colors[f"level.{answer.level}"])]
    if answer.fixed:
        said += [_APART, Words("answered by the structural fix", REGULAR)]
    if answer.root_cause:
        star = Words("★", SYMBOLS, colors["root.text"])
        said += [_APART, star, Words(" Root cause", BOLD, colors["root.text"])]
    return Prose(said, look.style("source"))
