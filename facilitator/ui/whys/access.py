"""The painted tree for screen readers: every card is listed by its words."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QColor
from PySide6.QtWidgets import QAccessibleWidget

from facilitator.model.tree_layout import Box
from facilitator.ui.whys.canvas import WhyCanvas

# Qt's stubs know no None here, but None is how "there is none" is said.
_Maybe = Any
# Qt asks for children again and again and keeps none of the Python objects alive.
_kept: dict[int, Any] = {}


class CardInterface(QAccessibleInterface):
    """One card: its words, its place, whether it is selected."""

    def __init__(self, canvas: WhyCanvas, node: str) -> None:
        super().__init__()
        self._canvas = canvas
        self._node = node

    def _box(self) -> Box | None:
        return self._canvas.layout_now.by_id.get(self._node)

    def isValid(self) -> bool:
        """Whether the card still is shown."""
        return self._box() is not None

    def object(self) -> _Maybe:
        """No object stands behind a card."""
        return None

    def parent(self) -> _Maybe:
        """The tree."""
        return QAccessible.queryAccessibleInterface(self._canvas)

    def child(self, _index: int) -> _Maybe:
        """A card has no children of its own here; its level says where it hangs."""
        return None

    def childAt(self, _x: int, _y: int) -> _Maybe:
        """See child."""
        return None

    def childCount(self) -> int:
        """See child."""
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        """See child."""
        return -1

    def role(self) -> QAccessible.Role:
        """An entry of a tree."""
        return QAccessible.Role.TreeItem

    def rect(self) -> QRect:
        """Where it lies on the screen."""
        box = self._box()
        if box is None:
            return QRect()
        seen = self._canvas.lens.to_window(QRectF(box.x, box.y, box.width, box.height)).toRect()
        return QRect(self._canvas.mapToGlobal(seen.topLeft()), seen.size())

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """Words change by typing on the card."""

    def text(self, kind: QAccessible.Text) -> str:
        """The card's words, and what it is in the tree."""
        card = self._canvas.picture.cards.get(self._node)
        box = self._box()
        if card is None or box is None:
            return ""
        if kind == QAccessible.Text.Name:
            return card.words
        if kind == QAccessible.Text.Description:
            return "Effect" if not box.depth else f"Why {box.depth}"
        return ""

    def state(self) -> QAccessible.State:
        """Selectable, and whether it is selected."""
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = self._canvas.selected == self._node
        state.focused = state.selected and self._canvas.hasFocus()
        return state

    def backgroundColor(self) -> QColor:
        """Not told."""
        return QColor()

    def foregroundColor(self) -> QColor:
        """Not told."""
        return QColor()


class TreeInterface(QAccessibleWidget):
    """The tree: its cards in reading order, then the field if one is open."""

    def __init__(self, canvas: WhyCanvas) -> None:
        super().__init__(canvas, QAccessible.Role.Tree, "5 Whys")
        self._canvas = canvas
        self._children: dict[str, CardInterface] = {}

    def childCount(self) -> int:
        """How many cards are shown."""
        return len(self._canvas.layout_now.boxes)

    def child(self, index: int) -> _Maybe:
        """The card at this place of the reading order."""
        boxes = self._canvas.layout_now.boxes
        return self._card(boxes[index].id) if 0 <= index < len(boxes) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of a card in the reading order."""
        boxes = self._canvas.layout_now.boxes
        return next((i for i, b in enumerate(boxes) if self._children.get(b.id) is child), -1)

    def childAt(self, x: int, y: int) -> _Maybe:
        """The card at a point of the screen."""
        at = self._canvas.lens.to_picture(QPointF(self._canvas.mapFromGlobal(QPoint(x, y))))
        box = self._canvas.layout_now.at(at.x(), at.y())
        return self._card(box.id) if box else None

    def focusChild(self) -> _Maybe:
        """The selected card."""
        node = self._canvas.selected
        return self._card(node) if node in self._canvas.layout_now.by_id else None

    def _card(self, node: str) -> CardInterface:
        if node not in self._children:
            self._children[node] = CardInterface(self._canvas, node)
        return self._children[node]


@cache
def make_accessible() -> None:
    """Tell Qt how a screen reader reads a tree canvas."""
    QAccessible.installFactory(_interface_for)


def tell_selected(canvas: WhyCanvas, why_id: str) -> None:
    """Let a screen reader say the card that is selected now."""
    boxes = canvas.layout_now.boxes
    index = next((i for i, box in enumerate(boxes) if box.id == why_id), -1)
    if index >= 0 and QAccessible.isActive():
        event = QAccessibleEvent(canvas, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


def _interface_for(_class_name: str, target: QObject | None) -> _Maybe:
    if not isinstance(target, WhyCanvas):
        return None
    made = TreeInterface(target)
    _kept[id(target)] = made
    target.destroyed.connect(_forget)
    return made


def _forget(target: QObject) -> None:
    _kept.pop(id(target), None)
