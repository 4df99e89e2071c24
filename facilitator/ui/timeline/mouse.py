"""The mouse over the timeline: select, drag, pan, zoom; and a drag that leaves for another pane."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, SignalInstance
from PySide6.QtGui import QCursor, QDrag, QMouseEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from facilitator.model.change import Edit
from facilitator.model.timeline_picture import Box, Card, Picture
from facilitator.ui.timeline.choice import Choice
from facilitator.ui.timeline.dragging import Drag, EdgeDrag, MoveDrag, Wish
from facilitator.ui.timeline.view import View

MOMENTS_MIME: Final = "application/x-facilitator-moments"
_EDGE: Final = 6.0
_LEFT: Final = Qt.MouseButton.LeftButton
_MIDDLE: Final = Qt.MouseButton.MiddleButton
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier


class Surface(Protocol):
    """What the mouse needs of the canvas it is over."""

    view: View
    choice: Choice
    asked: SignalInstance

    def select(self, ids: Iterable[str], *, reveal: bool = True) -> None:
        """Select moments."""

    def do(self, function: Callable[..., Edit], *values: Any, **named: Any) -> bool:  # noqa: ANN401
        """Do an edit."""

    def new_pass(self) -> None:
        """Paint again."""

    def preview(self, wish: Wish | None) -> None:
        """Say what a drop would make."""

    def setCursor(self, cursor: QCursor | Qt.CursorShape) -> None:
        """Change the pointer's shape."""

    def grab_card(self, card: Card) -> QPixmap:
        """A picture of a card, to drag."""

    def widget(self) -> QWidget:
        """The widget itself."""


class Mouse:
    """What is pressed, where, and the drag that came of it."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self.drag: Drag | None = None
        self.hovered = ""
        self.position = (0.0, 0.0)
        self._pressed: QPointF | None = None
        self._card: Card | None = None
        self._panning = False
        self._pan_from: float | None = None
        self._narrow = False
        self._leaving = ""

    def hold(self, *, panning: bool) -> None:
        """Space is held, or let go: a drag pans."""
        self._panning = panning
        if not panning and self.drag is None:
            self._pan_from = None
        self._surface.setCursor(
            Qt.CursorShape.OpenHandCursor if panning else Qt.CursorShape.ArrowCursor
        )

    def cancel(self) -> bool:
        """Give up the drag under way; False when there is none."""
        had = self.drag is not None
        if had and self._marks_time():
            self._surface.preview(None)
        self.drag = None
        self._pressed = self._pan_from = self._card = None
        if had:
            self._surface.new_pass()
        return had

    def leave(self) -> None:
        """The pointer left."""
        if self.hovered:
            self.hovered = ""
            self._surface.new_pass()

    def press(self, event: QMouseEvent) -> None:
        """Select what is under the pointer; a drag may follow."""
        x, y = event.position().x(), event.position().y()
        if event.button() == _MIDDLE or (self._panning and event.button() == _LEFT):
            self._pan_from = x
            self._surface.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if event.button() not in (_LEFT, Qt.MouseButton.RightButton):
            return
        picture = self._picture()
        if event.button() == _LEFT and self._opened(picture, x, y):
            return
        card = picture.card_at(x, y) or self._flagged(picture, x, y)
        if card is None:
            self._press_ground(event, picture)
            return
        self._choose(card.moment.id, event.modifiers())
        if event.button() == _LEFT:
            self._pressed, self._card = event.position(), card

    def move(self, event: QMouseEvent) -> None:
        """Pan, drag, or only hover."""
        here = event.position()
        self.position = (here.x(), here.y())
        if self._pan_from is not None:
            self._surface.view.pan(here.x() - self._pan_from)
            self._pan_from = here.x()
            self._surface.new_pass()
        elif self._card is not None and self._pressed is not None:
            self._drag_to(here, event.modifiers())
        else:
            self._hover(here)

    def release(self, event: QMouseEvent) -> None:
        """Drop what is dragged: the edit decides what that means."""
        drag, self.drag = self.drag, None
        leaving, self._leaving = self._leaving, ""
        if leaving and drag is None and self._card is not None:
            kept = [each for each in self._surface.choice.ids if each != leaving]
            self._surface.select(kept, reveal=False)
        self._pressed = self._card = self._pan_from = None
        shape = Qt.CursorShape.OpenHandCursor if self._panning else Qt.CursorShape.ArrowCursor
        self._surface.setCursor(shape)
        if drag is not None:
            wish = drag.wish()
            if wish is not None:
                self._surface.do(wish.function, *wish.values, **wish.named)
            self._surface.preview(None)
        self._surface.new_pass()

    def double(self, event: QMouseEvent) -> None:
        """Edit the moment, or begin one at this time and lane."""
        if event.button() != _LEFT:
            return
        x, y = event.position().x(), event.position().y()
        picture = self._picture()
        card = picture.card_at(x, y)
        self.cancel()
        if card is not None:
            self._surface.select([card.moment.id], reveal=False)
            self._surface.asked.emit("edit", 0)
        elif picture.sizes.gutter <= x < picture.sizes.plot_right:
            lane = picture.lane_at(y)
            if lane is not None:
                self._surface.asked.emit("new-at", (picture.scale.at(x), lane.name, x, y))

    def wheel(self, event: QWheelEvent) -> None:
        """Pan along time; Shift scrolls the lanes, Ctrl zooms at the pointer."""
        view = self._surface.view
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        amount = delta.y() or delta.x()
        if event.modifiers() & _CTRL:
            view.zoom(1.0015**amount, event.position().x())
        elif event.modifiers() & _SHIFT:
            view.scroll(-amount / 2)
        elif event.position().y() >= self._picture().lanes_bottom:
            view.scroll_tray(-1 if amount > 0 else 1)
        else:
            view.pan(float(delta.x() or amount))
        event.accept()
        self._surface.new_pass()

    def _picture(self) -> Picture:
        return self._surface.view.picture(self._surface.choice.current)

    def _choose(self, moment_id: str, modifiers: Qt.KeyboardModifier) -> None:
        choice = self._surface.choice
        if modifiers & _CTRL:
            kept = [each for each in choice.ids if each != moment_id]
            # A press on a selected card may begin a drag: only the release takes it out.
            self._leaving = moment_id if moment_id in choice.ids else ""
            self._surface.select([*kept, moment_id], reveal=False)
        elif modifiers & _SHIFT:
            first = [choice.current] if choice.current and choice.current != moment_id else []
            self._surface.select([*first, moment_id], reveal=False)
        elif moment_id in choice.ids:
            choice.set(choice.ids, moment_id)
            self._surface.new_pass()
        else:
            self._surface.select([moment_id], reveal=False)

    def _press_ground(self, event: QMouseEvent, picture: Picture) -> None:
        x, y = event.position().x(), event.position().y()
        view = self._surface.view
        lane = picture.lane_at(y)
        if lane is not None and event.button() == _LEFT:
            if x < picture.sizes.gutter and lane.before:
                self._surface.select([self._outside(lane.name, before=True)])
                return
            if x >= picture.sizes.plot_right and lane.after:
                self._surface.select([self._outside(lane.name, before=False)])
                return
            if lane.counts:
                view.zoom(4.0, x)
                self._surface.new_pass()
                return
        self._surface.select([])
        if event.button() == _LEFT:
            self._pan_from = x

    def _opened(self, picture: Picture, x: float, y: float) -> bool:
        """Whether a count was under the pointer; then what it counts fills the view."""
        lane = picture.lane_at(y)
        for cluster in lane.clusters if lane else ():
            if cluster.box.holds(x, y):
                view, group = self._surface.view, cluster.group
                shown = (picture.sizes.plot_right - picture.scale.left) / picture.scale.per_second
                if group.end - group.begin < shown / 4:
                    view.show_window(group.begin, group.end)
                else:
                    view.zoom(4.0, picture.scale.x(group.begin))
                self._surface.new_pass()
                return True
        return False

    def _outside(self, lane_name: str, *, before: bool) -> str:
        view = self._surface.view
        entries = next(lane for lane in view.chart.lanes if lane.name == lane_name).entries
        if before:
            outside = [e for e in entries if e.end < view.scale.start]
            return outside[-1].moment.id
        end = view.scale.at(view.sizes.plot_right)
        return next(e for e in entries if e.start > end).moment.id

    def _flagged(self, picture: Picture, x: float, y: float) -> Card | None:
        """The moment behind the label of a key moment, as a card that lies at the label."""
        for flag in picture.flags:
            if flag.box and flag.mark.moment and flag.box.holds(x, y):
                entry = self._surface.view.chart.find(flag.mark.moment)
                if entry is not None:
                    return Card(flag.box._replace(x=flag.x), entry.moment, flag.x)
        return None

    def _drag_to(self, here: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self.drag is None:
            if not self._far_enough(here):
                return
            if modifiers & _CTRL:
                self._carry_out()
                return
            self.drag = self._begin()
        picture = self._picture()
        if isinstance(self.drag, MoveDrag) and here.y() > picture.sizes.height:
            self._carry_out()
            return
        lane_y = min(max(here.y(), picture.lanes_top), picture.sizes.height)
        # A key moment is dragged by its label above the lanes: it keeps its lane there.
        if self._card is not None and self._card.box.y < picture.lanes_top:
            lane_y = self._lane_middle(picture, self._card)
        picture = self._followed(picture, here.x())
        self.drag.move(picture, here.x(), lane_y, free=bool(modifiers & _ALT))
        if self._marks_time():
            self._surface.preview(self.drag.wish())
        self._surface.new_pass()

    def _marks_time(self) -> bool:
        """Whether figures depend on what is dragged."""
        marked = {mark.moment for mark in self._surface.view.chart.marks}
        return self.drag is not None and not marked.isdisjoint(self.drag.ids)

    def _followed(self, picture: Picture, x: float) -> Picture:
        """The picture, panned when the pointer is beyond an end of it."""
        beyond = max(x - picture.sizes.plot_right, 0.0) + min(x - picture.sizes.gutter, 0.0)
        if not beyond:
            return picture
        self._surface.view.pan(-max(min(beyond, 24.0), -24.0))
        return self._picture()

    def _lane_middle(self, picture: Picture, card: Card) -> float:
        lane = next(each for each in picture.lanes if each.name == card.moment.lane)
        return lane.box.y + lane.box.height / 2

    def _far_enough(self, here: QPointF) -> bool:
        if self._pressed is None:
            return False
        moved = (here - self._pressed).manhattanLength()
        return moved >= QApplication.startDragDistance()

    def _begin(self) -> Drag:
        card, pressed = self._card, self._pressed
        if card is None or pressed is None:
            raise RuntimeError("a drag begins with a press on a card")
        chart = self._surface.view.chart
        side = _edge(card, pressed.x())
        if side and card.moment.at is not None:
            begin = side == "begin"
            end = card.box.x if begin else card.until
            grabbed = pressed.x() - end if card.moment.until else 0.0
            return EdgeDrag(chart, card, grabbed, begin=begin)
        grabbed = pressed.x() - card.box.x
        if card.moment.at is None:
            return MoveDrag(chart, card.moment, (card.moment.id,), grabbed)
        ids = self._surface.choice.ids
        return MoveDrag(chart, card.moment, ids or (card.moment.id,), grabbed)

    def _carry_out(self) -> None:
        """Go on as a drag between panes: the moments' ids, for whoever takes them as evidence."""
        card = self._card
        self.cancel()
        if card is None:
            return
        ids = self._surface.choice.ids or (card.moment.id,)
        carried = QDrag(self._surface.widget())
        data = QMimeData()
        data.setData(MOMENTS_MIME, json.dumps(list(ids)).encode())
        carried.setMimeData(data)
        carried.setPixmap(self._surface.grab_card(card))
        carried.setHotSpot(QPoint(12, 12))
        carried.exec(Qt.DropAction.LinkAction | Qt.DropAction.CopyAction)
        self._surface.new_pass()

    def _hover(self, here: QPointF) -> None:
        picture = self._picture()
        card = picture.card_at(here.x(), here.y())
        hovered = card.moment.id if card else ""
        narrow = card is not None and bool(_edge(card, here.x()))
        if narrow != self._narrow and not self._panning:
            self._narrow = narrow
            shape = Qt.CursorShape.SizeHorCursor if narrow else Qt.CursorShape.ArrowCursor
            self._surface.setCursor(shape)
        if hovered != self.hovered:
            self.hovered = hovered
            self._surface.new_pass()


def _edge(card: Card, x: float) -> str:
    """Which end of a card the pointer holds: "begin", "end", or none in its middle."""
    box: Box = card.box
    if card.moment.at is None or box.width < 3 * _EDGE:
        return ""
    if box.x + box.width - _EDGE <= x:
        return "end"
    if card.moment.until is not None and x < box.x + _EDGE:
        return "begin"
    return ""
