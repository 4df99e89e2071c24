"""The painted timeline: shows the document, and turns mouse and keys into edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.records import Incident, Moment, Series
from facilitator.model.timeline_picture import Box, Card
from facilitator.ui.marks import HintsIn, no_hints
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.accessible import PROPERTY, announce, install
from facilitator.ui.timeline.choice import Choice
from facilitator.ui.timeline.dragging import Drag, Wish
from facilitator.ui.timeline.keys import command_for
from facilitator.ui.timeline.mouse import Mouse
from facilitator.ui.timeline.painting import Brush, Shown
from facilitator.ui.timeline.tips import tip_at
from facilitator.ui.timeline.view import View

_FEW = 30  # moments that come at once and are still selected together
_EMPTY = (
    "Nothing on the timeline yet.",
    "Press Insert, paste lines like “18:14 deploy 4.2.1”, or drop a CSV file here.",
)


class Canvas(QWidget):
    """A picture of the timeline that listens. It keeps what is selected and in view, no more."""

    selection_changed = Signal(list)
    asked = Signal(str, object)  # a command of the board, and what it is about
    previewed = Signal(object)  # the document as a drop would make it, or as it is
    files_dropped = Signal(list)
    left = Signal()

    def __init__(self, session: QtSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._theme = theme
        self._hints_in: HintsIn = no_hints
        self._brush = Brush(theme)
        self.view = View(session.document, self._brush.card, self._brush.flag)
        self.choice = Choice(self.view)
        self._mouse = Mouse(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline")
        self.note = ""
        self.setProperty(PROPERTY, True)
        install()
        session.changed.connect(self._follow)

    def select(self, ids: Iterable[str], *, reveal: bool = True) -> None:
        """Select these moments; the first of them is current and comes into view."""
        if self.choice.set(ids):
            self.selection_changed.emit(list(self.choice.ids))
        if reveal and self.choice.current:
            self.view.reveal(self.choice.current)
        self.update()

    def do(self, function: Callable[..., Edit], *values: Any, **named: Any) -> bool:  # noqa: ANN401
        """Do an edit; what it did arrives like any other change. False when it was refused."""
        done = self.session.do(function, *values, **named)
        self.update()
        return done

    @property
    def drag(self) -> Drag | None:
        """The drag under way, if any."""
        return self._mouse.drag

    def cancel_drag(self) -> bool:
        """Give up the drag under way; False when there is none."""
        return self._mouse.cancel()

    def new_pass(self) -> None:
        """The view changed: paint it, and let go of what the pointer was over."""
        QToolTip.hideText()
        self.update()

    def preview(self, wish: Wish | None) -> None:
        """Say what the document would be if this were dropped; None is the end of a drag."""
        document = self.session.document
        if wish is not None:
            with suppress(Refused):
                edit = wish.function(document, *wish.values, **wish.named)
                document = document.with_changes(edit.changes)
        self.previewed.emit(document)

    def moment(self, moment_id: str) -> Moment | None:
        """The moment with this id as the document has it now."""
        return self.session.document.find(Moment, moment_id)

    def anchor(self, moment_id: str) -> tuple[int, int, int, int]:
        """Box (x, y, width, height) of a moment in this widget; the middle when out of view."""
        card = self.view.card_of(moment_id)
        if card is None:
            return self.width() // 2 - 60, self.height() // 2, 120, 24
        box = card.box
        return round(box.x), round(box.y), round(box.width), round(box.height)

    def widget(self) -> QWidget:
        """This widget."""
        return self

    def grab_card(self, card: Card) -> QPixmap:
        """A picture of a card, to drag to another pane."""
        scale = self.devicePixelRatioF()
        box = card.box
        width = min(box.width, 260.0)
        pixmap = QPixmap(QSizeF(width * scale, box.height * scale).toSize())
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        alone = card._replace(
            box=Box(0, 0, width, box.height), until=min(card.until - box.x, width)
        )
        self._brush.alone(painter, self.view.picture(), alone)
        painter.end()
        return pixmap

    def speak_focus(self) -> None:
        """Tell a screen reader that another moment is current."""
        chart = self.view.chart
        tray = [moment.id for moment in chart.tray]
        current = self.choice.current
        place = chart.places.get(current, -1)
        announce(self, len(chart.order) + tray.index(current) if current in tray else place)

    def set_theme(self, theme: Theme) -> None:
        """Paint with another theme from now on."""
        self._theme = theme
        self._restyle()

    def mark(self, hints_in: HintsIn) -> None:
        """Underline what these hints are about."""
        self._hints_in = hints_in
        self._restyle()

    def _restyle(self) -> None:
        self._brush = Brush(self._theme, compact=self.view.is_compact, hints_in=self._hints_in)
        self.view.use_words(self._brush.card, self._brush.flag)
        self.update()

    def _follow(self, edit: Edit) -> None:
        if not any(isinstance(c.record, Moment | Series | Incident) for c in edit.changes):
            return
        self._mouse.cancel()
        self.view.show(self.session.document)
        if any(isinstance(c.record, Incident) and _moves_outage(c) for c in edit.changes):
            self.view.fit("outage")
        # What an undo brings back is what the next key is meant for.
        back = [c.record.id for c in edit.changes if isinstance(c.after, Moment) and not c.before]
        if (0 < len(back) <= _FEW and self.choice.set(back)) or self.choice.keep_known(
            self.session.document
        ):
            self.selection_changed.emit(list(self.choice.ids))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for five lanes."""
        return QSize(900, 320)

    def minimumSizeHint(self) -> QSize:
        """Small enough for the smallest desk."""
        return QSize(360, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, or keep the time at the left."""
        super().resizeEvent(event)
        compact = self.view.is_compact
        self.view.resize(self.width(), self.height())
        if compact != self.view.is_compact:
            self._restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is visible."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        chart = self.view.chart
        drag = self._mouse.drag
        shown = Shown(
            selected=frozenset(self.choice.ids),
            current=self.choice.current,
            focused=self.hasFocus(),
            hovered=self._mouse.hovered,
            dragged=frozenset(drag.ids) if drag else frozenset(),
            ghosts=drag.ghosts if drag else (),
            label=drag.label if drag else "",
            label_at=self._mouse.position,
            guide=drag.guide if drag else None,
            measured=self.choice.measured(),
        )
        picture = self.view.picture(self.choice.current)
        self._brush.paint(painter, picture, self.view.curves, shown)
        if chart.is_empty:
            self._brush.say(painter, picture, _EMPTY)
        self._brush.where(painter, picture, chart.zone, self.note)
        if self.hasFocus():
            self._brush.frame(painter, picture)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select, or begin to drag."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or show what the pointer is over."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop."""
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit a moment, or add one at this time."""
        self._mouse.double(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._mouse.leave()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pan along time; with Shift over the lanes, with Ctrl zoom at the pointer."""
        self._mouse.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show every command for what is selected."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.asked.emit("menu", event.globalPos() if by_mouse else 0)

    def event(self, event: QEvent) -> bool:
        """Keep this canvas's keys from the window's shortcuts, and answer with plain tool tips."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if command_for(event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = tip_at(self.view, event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Carry out the command of the key."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._mouse.hold(panning=True)
            return
        command = command_for(event)
        if command is None:
            super().keyPressEvent(event)
        elif command.name == "escape":
            if not self._mouse.cancel():
                self.left.emit()
        else:
            self.asked.emit(command.name, command.value)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space ends panning."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._mouse.hold(panning=False)
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring; the first moment becomes current for the arrow keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus ring; a drag that was under way is given up."""
        super().focusOutEvent(event)
        self._mouse.hold(panning=False)
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and lines of text from outside."""
        if _files(event) or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand dropped files on; dropped lines are as good as pasted ones."""
        files = _files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)
        elif event.mimeData().hasText():
            event.acceptProposedAction()
            self.asked.emit("paste-text", event.mimeData().text())


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _moves_outage(change: Change) -> bool:
    """Whether the incident's form now has another beginning or end."""
    before, after = change.before, change.after
    if not isinstance(before, Incident) or not isinstance(after, Incident):
        return False
    return (before.started_at, before.resolved_at) != (after.started_at, after.resolved_at)
