"""Where the cards of the 5-Whys tree lie: geometry for the screen and for paper.

All lengths are in units of one pixel at normal zoom. Columns are depths, the effect is column 0;
a parent stands beside the middle of its answers, and no two cards touch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from facilitator.model.records import Why

CARD_WIDTH: Final = 240.0
COLUMN_GAP: Final = 44.0
ROW_GAP: Final = 16.0
MARGIN: Final = 18.0
_NEAR: Final = 4.0  # how much a step sideways weighs against a step along, for the arrow keys

Tree = Mapping[str, Sequence[str]]


class Box(NamedTuple):
    """Where one card lies; `below` counts the answers that hang from it, shown or folded away."""

    id: str
    parent: str
    depth: int
    x: float
    y: float
    width: float
    height: float
    below: int
    folded: bool

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Halfway down: where links start and end."""
        return self.y + self.height / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies on this card."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom


class TreeLayout:
    """The boxes of a tree in reading order, found by id, by point and by rectangle."""

    __slots__ = ("_columns", "_tops", "boxes", "by_id", "height", "shown", "width")

    def __init__(self, boxes: Sequence[Box], shown: Tree) -> None:
        self.boxes = tuple(boxes)
        self.by_id = {box.id: box for box in boxes}
        self.shown = shown
        self._columns: list[list[Box]] = []
        for box in boxes:
            while len(self._columns) <= box.depth:
                self._columns.append([])
            self._columns[box.depth].append(box)
        self._tops = [[box.y for box in column] for column in self._columns]
        self.width = max((box.right for box in boxes), default=0.0) + MARGIN
        self.height = max((box.bottom for box in boxes), default=0.0) + MARGIN

    def at(self, x: float, y: float) -> Box | None:
        """The card at this point, or None."""
        return next((b for b in self.within(x, y, x, y) if b.contains(x, y)), None)

    def within(self, left: float, top: float, right: float, bottom: float) -> Iterator[Box]:
        """The cards that the rectangle touches, column by column."""
        for column, tops in zip(self._columns, self._tops, strict=True):
            if column[0].right < left or column[0].x > right:
                continue
            first = max(0, bisect_right(tops, top) - 1)
            for box in column[first : bisect_right(tops, bottom)]:
                if box.bottom >= top:
                    yield box

    def linked(
        self, left: float, top: float, right: float, bottom: float
    ) -> Iterator[tuple[Box, Box]]:
        """The links (parent, answer) that may show in the rectangle.

        Of the answers above or below it only the outermost is given: its link covers the others'.
        """
        for column in self._columns:
            if column[0].x > right or column[0].right + COLUMN_GAP < left:
                continue
            for parent in column:
                answers = self.shown.get(parent.id, ())
                if answers and self._spans(parent, answers, top, bottom):
                    for each in self._near(answers, top, bottom):
                        yield parent, each

    def neighbour(self, box_id: str, key: str) -> str:
        """The card to go to from this one with "left", "right", "up" or "down", by position."""
        box = self.by_id[box_id]
        if key == "left":
            return box.parent if box.parent in self.by_id else box_id
        if key == "right":
            answers = [self.by_id[a] for a in self.shown.get(box_id, ())]
            return min(answers, key=lambda b: abs(b.middle - box.middle)).id if answers else box_id
        column = self._columns[box.depth]
        index = bisect_left(self._tops[box.depth], box.y) + (1 if key == "down" else -1)
        if 0 <= index < len(column):
            return column[index].id
        return self._beyond(box, key)

    def siblings(self, box_id: str) -> Sequence[str]:
        """The cards with the same parent as this one, itself included, in order."""
        box = self.by_id[box_id]
        return self.shown.get(box.parent if box.parent in self.by_id else "", ())

    def _beyond(self, box: Box, key: str) -> str:
        """The nearest card above or below in another column, where this column has ended."""
        sign = 1 if key == "down" else -1
        reach = [b for b in self.boxes if (b.middle - box.middle) * sign > box.height / 2]
        if not reach:
            return box.id
        return min(reach, key=lambda b: abs(b.middle - box.middle) + _NEAR * abs(b.x - box.x)).id

    def _spans(self, parent: Box, answers: Sequence[str], top: float, bottom: float) -> bool:
        first, last = self.by_id[answers[0]], self.by_id[answers[-1]]
        return min(parent.middle, first.middle) <= bottom and max(parent.middle, last.middle) >= top

    def _near(self, answers: Sequence[str], top: float, bottom: float) -> Iterator[Box]:
        first = bisect_left(answers, top, key=self._bottom_of)
        last = bisect_right(answers, bottom, key=self._top_of)
        if first > 0:
            yield self.by_id[answers[0]]
        for answer in answers[first:last]:
            yield self.by_id[answer]
        if last < len(answers):
            yield self.by_id[answers[-1]]

    def _top_of(self, box_id: str) -> float:
        return self.by_id[box_id].y

    def _bottom_of(self, box_id: str) -> float:
        return self.by_id[box_id].bottom


def tree_of(whys: Sequence[Why]) -> dict[str, list[str]]:
    """The answers under each answer, in order; "" holds the effects. Lost answers are effects."""
    known = {why.id for why in whys}
    tree: dict[str, list[str]] = {"": []}
    for why in sorted(whys, key=lambda w: (w.rank, w.id)):
        tree.setdefault(why.parent if why.parent in known else "", []).append(why.id)
    return tree


def reading_order(tree: Tree, folded: Collection[str] = ()) -> Iterator[tuple[str, str, int]]:
    """Every card (id, parent, depth) from top to bottom, parents first; folded branches closed."""
    waiting = [(root, "", 0) for root in reversed(tree.get("", ()))]
    while waiting:
        node, parent, depth = waiting.pop()
        yield node, parent, depth
        if node not in folded:
            waiting.extend((child, node, depth + 1) for child in reversed(tree.get(node, ())))


def lay_out(
    tree: Tree,
    height_of: Callable[[str], float],
    folded: Collection[str] = (),
    *,
    width: float = CARD_WIDTH,
) -> TreeLayout:
    """Place every card that is not folded away; `height_of` gives a card's height by its id."""
    order = list(reading_order(tree, folded))
    shown: dict[str, Sequence[str]] = {"": tree.get("", ())}
    shown.update((n, tree[n]) for n, _p, _d in order if n in tree and n not in folded)
    heights = {node: height_of(node) for node, _parent, _depth in order}
    below = _count_below(tree, folded)
    blocks, inner = _blocks(order, shown, heights)
    tops = {"": MARGIN}
    boxes = []
    for node, parent, depth in order:
        start = tops[parent]
        tops[parent] = start + blocks[node] + ROW_GAP
        tops[node] = start + (blocks[node] - inner[node]) / 2
        boxes.append(
            Box(
                id=node,
                parent=parent,
                depth=depth,
                x=MARGIN + depth * (width + COLUMN_GAP),
                y=start + (blocks[node] - heights[node]) / 2,
                width=width,
                height=heights[node],
                below=below.get(node, 0),
                folded=node in folded and bool(tree.get(node)),
            )
        )
    return TreeLayout(boxes, shown)


def _blocks(
    order: Sequence[tuple[str, str, int]], shown: Tree, heights: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """The height that each card needs with all that hangs from it, and that what hangs needs."""
    blocks: dict[str, float] = {}
    inner: dict[str, float] = {}
    for node, _parent, _depth in reversed(order):
        answers = shown.get(node)
        needed = 0.0
        if answers:
            needed = sum([blocks[a] for a in answers]) + ROW_GAP * (len(answers) - 1)
        inner[node] = needed
        blocks[node] = max(heights[node], needed)
    return blocks, inner


def _count_below(tree: Tree, folded: Collection[str]) -> dict[str, int]:
    """How many answers hang from each card that has any; of a folded one, all that it hides."""
    counts = {node: len(answers) for node, answers in tree.items() if answers}
    for node in folded:
        inside = list(tree.get(node, ()))
        for each in inside:
            inside.extend(tree.get(each, ()))
        if inside:
            counts[node] = len(inside)
    return counts
