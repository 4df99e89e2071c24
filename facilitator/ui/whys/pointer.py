"""The mouse on the tree: select, edit, fold, drag a card, pan and zoom."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from facilitator.model.edits.whys import move_why
from facilitator.model.tree_layout import Box, TreeLayout
from facilitator.ui.qt_session import QtSession
from facilitator.ui.whys.drag import Drag, Place
from facilitator.ui.whys.lens import STEP, Lens
from facilitator.ui.whys.steps import Steps

_TARGET: Final = 12.0  # half of the 24 px that a fold mark can be hit in
_EDGE: Final = 28
_SPEED: Final = 14
_OWN_BRANCH: Final = "An answer cannot move into its own branch."


class Tree(Protocol):
    """What the pointer needs of the canvas."""

    session: QtSession
    lens: Lens
    steps: Steps

    @property
    def selected(self) -> str:
        """The selected card's id."""

    @property
    def layout_now(self) -> TreeLayout:
        """Where the cards lie."""

    def select(self, why_id: str) -> None:
        """Select a card."""

    def fold(self, why_id: str) -> None:
        """Fold a branch or open it."""

    def moved(self) -> None:
        """The lens has moved."""

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom, with this point of the window staying where it is."""


class Pointer(QObject):
    """Follows the mouse; `drag` is the card on its way, `panning` whether the tree is."""

    def __init__(self, tree: Tree, widget: QWidget) -> None:
        super().__init__(widget)
        self._tree = tree
        self._widget = widget
        self._pressed: QPointF | None = None
        self._card: Box | None = None
        self._last = QPointF()
        self.drag: Drag | None = None
        self.panning = False
        self.space = False
        self.space_used = False
        self._edge_timer = QTimer(self)
        self._edge_timer.setInterval(30)
        self._edge_timer.timeout.connect(self._pan_at_edge)

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        where = event.position()
        self._last = where
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self.space):
            self.panning = self.space_used = True
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        box = self._box_at(where)
        mark = self._mark_at(where)
        if left and mark is not None and (box is None or box.id == mark.id):
            self._tree.fold(mark.id)
            return
        self._tree.select(box.id if box else "")
        if left and box is not None:
            self._pressed, self._card = where, self._tree.layout_now.by_id.get(box.id)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves, with or without a button."""
        where = event.position()
        step, self._last = where - self._last, where
        if self.panning:
            self._tree.lens.pan(step.x(), step.y())
            self._tree.moved()
        elif self.drag is not None:
            self._follow(where)
        elif self._pressed is not None and self._card is not None:
            if (where - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                self._begin_drag(self._card, self._pressed)
                self._follow(where)
        else:
            self._hover(where)

    def release(self, _event: QMouseEvent) -> None:
        """A button goes up."""
        drag = self.drag
        self.stop()
        if drag is not None and drag.place is not None:
            self._drop(drag.node, drag.place)
        self._widget.update()

    def double_click(self, event: QMouseEvent) -> None:
        """A double click edits the card."""
        box = self._box_at(event.position())
        if box is not None and event.button() == Qt.MouseButton.LeftButton:
            self._tree.select(box.id)
            self._tree.steps.run("edit")

    def wheel(self, event: QWheelEvent) -> None:
        """The wheel pans, with Ctrl it zooms at the pointer, with Shift it pans across."""
        turn = event.angleDelta()
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            steps = turn.y() / 120
            self._tree.zoom_at(event.position(), STEP**steps)
        elif not event.pixelDelta().isNull():
            self._tree.lens.pan(event.pixelDelta().x(), event.pixelDelta().y())
        elif held & Qt.KeyboardModifier.ShiftModifier:
            self._tree.lens.pan((turn.y() or turn.x()) / 2, 0)
        else:
            self._tree.lens.pan(turn.x() / 2, turn.y() / 2)
        self._tree.moved()

    def hold_space(self, event: QKeyEvent) -> None:
        """Space goes down: it folds when it comes up, unless the tree is dragged meanwhile."""
        if not event.isAutoRepeat():
            self.space, self.space_used = True, False

    def let_space_go(self) -> bool:
        """Space comes up: whether it was pressed for itself."""
        alone = self.space and not self.space_used
        self.space = False
        return alone

    def stop(self) -> bool:
        """Give up what the mouse was doing; says whether there was anything."""
        busy = self.drag is not None or self.panning
        self.drag, self.panning = None, False
        self._pressed = self._card = None
        self._edge_timer.stop()
        self._widget.unsetCursor()
        self._widget.update()
        return busy

    def _begin_drag(self, box: Box, pressed: QPointF) -> None:
        if box.parent:
            at = self._tree.lens.to_picture(pressed)
            self.drag = Drag(box.id, at - QPointF(box.x, box.y), at)
            self._edge_timer.start()

    def _follow(self, where: QPointF) -> None:
        if self.drag is None:
            return
        self.drag.follow(self._tree.lens.to_picture(where), self._tree.layout_now)
        place = self.drag.place
        refused = place is not None and not place.allowed
        shape = Qt.CursorShape.ForbiddenCursor if refused else Qt.CursorShape.ClosedHandCursor
        self._widget.setCursor(shape)
        self._widget.update()

    def _drop(self, node: str, place: Place) -> None:
        session = self._tree.session
        if not place.allowed:
            session.refused.emit(_OWN_BRANCH)
        elif place.way == "child":
            session.do(move_why, node, place.target)
        else:
            parent = self._tree.layout_now.by_id[place.target].parent
            session.do(move_why, node, parent, **{place.way: place.target})

    def _pan_at_edge(self) -> None:
        """A card held at the edge of the window moves the tree, so that it can be dropped there."""
        if self.drag is None:
            return
        at = self._widget.mapFromGlobal(QCursor.pos())
        inside = self._widget.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        if not self._widget.rect().contains(at) or inside.contains(at):
            return
        dx = _SPEED * ((at.x() < inside.left()) - (at.x() > inside.right()))
        dy = _SPEED * ((at.y() < inside.top()) - (at.y() > inside.bottom()))
        self._tree.lens.pan(dx, dy)
        self._tree.moved()
        self._follow(QPointF(at))

    def _hover(self, where: QPointF) -> None:
        over = self._mark_at(where) or self._box_at(where)
        if over is None:
            self._widget.unsetCursor()
        else:
            self._widget.setCursor(Qt.CursorShape.PointingHandCursor)

    def _box_at(self, where: QPointF) -> Box | None:
        at = self._tree.lens.to_picture(where)
        return self._tree.layout_now.at(at.x(), at.y())

    def _mark_at(self, where: QPointF) -> Box | None:
        """The card whose fold mark lies here; the mark is 24 px large at every zoom."""
        at, reach = self._tree.lens.to_picture(where), _TARGET / self._tree.lens.zoom
        near = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        for box in self._tree.layout_now.within(
            near.left(), near.top(), near.right(), near.bottom()
        ):
            if box.below and near.contains(QPointF(box.right, box.middle)):
                return box
        return None
