"""What a screen reader is told of the painted timeline: a list with one item for each moment."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from facilitator.model.figures import key_name
from facilitator.model.records import Moment
from facilitator.ui.timeline.choice import Choice
from facilitator.ui.timeline.view import View
from facilitator.ui.timeline.words import LANE_NAMES, when_text

PROPERTY = "timelineCanvas"
_KEPT = 500  # items made at a time; a reader asks for those near the current one


class Listed(Protocol):
    """What the interface needs of the canvas."""

    view: View
    choice: Choice

    def moment(self, moment_id: str) -> Moment | None:
        """The moment with this id."""

    def anchor(self, moment_id: str) -> tuple[int, int, int, int]:
        """Its box."""


def describe(moment: Moment, zone: str) -> str:
    """A moment in one sentence: what, when, lane, key, and whether it was recorded."""
    parts = [" ".join(moment.text[:400].split()), when_text(moment, zone), LANE_NAMES[moment.lane]]
    if moment.key:
        parts.append(f"key moment {key_name(moment.key)}")
    parts.append(moment.provenance)
    return ", ".join(parts)


class TimelineInterface(QAccessibleWidget):
    """The timeline as a list of moments in order of time, those without a time last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, QAccessible.Role.List, "Timeline")
        self._canvas = cast(Listed, widget)
        self._items: dict[str, MomentInterface] = {}

    def ids(self) -> list[str]:
        """The ids of the moments in the list's order."""
        chart = self._canvas.view.chart
        return [e.moment.id for e in chart.order] + [m.id for m in chart.tray]

    def childCount(self) -> int:
        """How many moments there are."""
        chart = self._canvas.view.chart
        return len(chart.order) + len(chart.tray)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The moment at a place of the list."""
        chart = self._canvas.view.chart
        if not 0 <= index < self.childCount():
            return None
        timed = len(chart.order)
        moment = chart.order[index].moment if index < timed else chart.tray[index - timed]
        if moment.id not in self._items:
            if len(self._items) > _KEPT:
                self._items.clear()
            self._items[moment.id] = MomentInterface(self, self._canvas, moment.id)
        return self._items[moment.id]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of an item in the list."""
        return self.place(child.moment_id) if isinstance(child, MomentInterface) else -1

    def place(self, moment_id: str) -> int:
        """The place of a moment in the list, -1 when it is not there."""
        chart = self._canvas.view.chart
        found = chart.places.get(moment_id)
        if found is not None:
            return found
        tray = [moment.id for moment in chart.tray]
        return len(chart.order) + tray.index(moment_id) if moment_id in tray else -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The current moment."""
        return self.child(self.place(self._canvas.choice.current))

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The moment under a point of the screen."""
        here = self.widget().mapFromGlobal(QPoint(x, y))
        card = self._canvas.view.picture().card_at(here.x(), here.y())
        return self.child(self.place(card.moment.id)) if card else None


class MomentInterface(QAccessibleInterface):
    """One moment as an item of the list."""

    def __init__(self, parent: TimelineInterface, canvas: Listed, moment_id: str) -> None:
        super().__init__()
        self._parent = parent
        self._canvas = canvas
        self.moment_id = moment_id

    def isValid(self) -> bool:
        """Whether the moment is still there."""
        return self._canvas.moment(self.moment_id) is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        """A moment is no object of Qt's."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window the timeline is in."""
        return self._parent.window()

    def parent(self) -> QAccessibleInterface:
        """The list."""
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A moment has no parts."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A moment has no parts."""
        return None

    def childCount(self) -> int:
        """A moment has no parts."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A moment has no parts."""
        return -1

    def relations(self, match: Any = None) -> list[Any]:  # noqa: ANN401
        """None beyond the list's."""
        return []

    def text(self, kind: QAccessible.Text) -> str:
        """Its name: what, when, where."""
        moment = self._canvas.moment(self.moment_id)
        if moment is None or kind != QAccessible.Text.Name:
            return ""
        return describe(moment, self._canvas.view.chart.zone)

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Its name follows from the document."""

    def rect(self) -> QRect:
        """Where it lies on the screen."""
        widget = self._parent.widget()
        x, y, width, height = self._canvas.anchor(self.moment_id)
        return QRect(widget.mapToGlobal(QPoint(x, y)), QSize(width, height))

    def role(self) -> QAccessible.Role:
        """An item of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Selectable; focused when it is the current moment."""
        state = QAccessible.State()
        choice = self._canvas.choice
        state.selectable = state.focusable = True
        state.selected = self.moment_id in choice.ids
        state.focused = self.moment_id == choice.current
        return state

    def foregroundColor(self) -> QColor:
        """As the widget's."""
        return QColor()

    def backgroundColor(self) -> QColor:
        """As the widget's."""
        return QColor()


_interfaces: dict[int, TimelineInterface] = {}


def _make(class_name: str, watched: QObject) -> QAccessibleInterface | None:
    if not isinstance(watched, QWidget) or not watched.property(PROPERTY):
        return None
    # Qt holds no reference that Python sees: without ours the interface would be collected.
    key = id(watched)
    _interfaces[key] = TimelineInterface(watched)
    watched.destroyed.connect(_Forget(key))
    return _interfaces[key]


class _Forget:
    """Lets go of an interface when its widget goes."""

    def __init__(self, key: int) -> None:
        self._key = key

    def __call__(self) -> None:
        _interfaces.pop(self._key, None)


@cache
def install() -> None:
    """Teach Qt to describe timelines; once for the whole application."""
    QAccessible.installFactory(_make)


def announce(canvas: QWidget, index: int) -> None:
    """Tell a screen reader that the item at this place is current now."""
    if index >= 0 and QAccessible.isActive():
        event = QAccessibleEvent(canvas, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)
