"""Dragging a card to another place of the tree: which place the pointer means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from facilitator.model.tree_layout import Box, TreeLayout

_EDGE: Final = 0.25  # of a card's height, above and below, that means before and after


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dropped card would go: under `target`, or "before" or "after" it."""

    target: str
    way: str
    allowed: bool = True


@dataclass(slots=True)
class Drag:
    """A card on its way; `pointer` is in the picture's units, `grip` within the card."""

    node: str
    grip: QPointF
    pointer: QPointF
    place: Place | None = None

    def follow(self, pointer: QPointF, layout: TreeLayout) -> None:
        """The pointer is here now."""
        self.pointer = pointer
        box = layout.at(pointer.x(), pointer.y())
        self.place = place_on(box, pointer.y(), self.node, layout) if box else None


def place_on(box: Box, y: float, moving: str, layout: TreeLayout) -> Place | None:
    """The place that a height on a card means; None on the moving card itself."""
    if box.id == moving:
        return None
    share = (y - box.y) / box.height
    way = "child"
    if box.parent and share < _EDGE:
        way = "before"
    elif box.parent and share > 1 - _EDGE:
        way = "after"
    return Place(box.id, way, not _is_below(box, moving, layout))


def bar_of(box: Box, way: str) -> QRectF:
    """The 4 px bar that shows the place, or the whole card for a child."""
    if way == "before":
        return QRectF(box.x, box.y - 6, box.width, 4)
    if way == "after":
        return QRectF(box.x, box.bottom + 2, box.width, 4)
    return QRectF(box.x - 3, box.y - 3, box.width + 6, box.height + 6)


def _is_below(box: Box, above: str, layout: TreeLayout) -> bool:
    parent = box.parent
    while parent:
        if parent == above:
            return True
        parent = layout.by_id[parent].parent
    return False


def moments_in(data: bytes) -> list[str]:
    """The ids of the moments that were dragged here; none when it is no list of ids."""
    try:
        found = json.loads(data)
    except ValueError:
        return []
    return [m for m in found if isinstance(m, str)] if isinstance(found, list) else []
