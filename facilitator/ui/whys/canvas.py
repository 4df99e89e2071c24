"""The painted tree: selection, editing in place, and what the document says."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QKeyCombination,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from facilitator.model.change import Edit
from facilitator.model.edits.whys import attach_evidence
from facilitator.model.records import Evidence, Incident, Moment, Why
from facilitator.model.tree_layout import Box, TreeLayout
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.whys.cards import Cards
from facilitator.ui.whys.drag import moments_in
from facilitator.ui.whys.editing import Editing
from facilitator.ui.whys.lens import STEP, Lens
from facilitator.ui.whys.menu import make_menu
from facilitator.ui.whys.painting import Look, paint_bars, paint_tree
from facilitator.ui.whys.persons import Persons
from facilitator.ui.whys.picture import Picture
from facilitator.ui.whys.pointer import Pointer
from facilitator.ui.whys.steps import KEYS, Steps, is_typing
from facilitator.ui.whys.typist import Typist

MOMENTS: Final = "application/x-facilitator-moments"
_LEAST_AT_FIRST: Final = 0.85
_READABLE: Final = 0.6  # zoom under which a tool tip repeats the words
_TIP: Final = 3_000


class WhyCanvas(QWidget):
    """Draws the tree of the open incident; what is typed becomes an edit when it is committed."""

    selection_changed = Signal(str)
    park_asked = Signal(str)  # the words to park
    evidence_asked = Signal(str)
    left = Signal()

    def __init__(
        self, session: QtSession, hinting: Hinting, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.lens = Lens()
        self.cards = Cards(theme)
        self.persons = Persons(hinting, self)
        self.picture = Picture(self.cards, self.persons)
        self.steps = Steps(session, self)
        self._theme = theme
        self._selected = ""
        self._folded: set[str] = set()
        self._target = ""
        self._fits_itself = True  # until somebody zooms
        self._pointer = Pointer(self, self)
        self.typist = Typist(self, self, session, hinting, theme)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName("5 Whys")
        self.setMinimumSize(240, 120)
        session.changed.connect(self._follow)
        hinting.changed.connect(self.persons.forget)
        self.persons.learnt.connect(self.refresh)
        self.typist.open_what_was_typed()
        self.refresh()
        self.typist.offer_effect()

    # What the tree shows

    @property
    def selected(self) -> str:
        """The id of the selected answer, or nothing."""
        return self._selected

    @property
    def layout_now(self) -> TreeLayout:
        """Where the cards lie."""
        return self.picture.layout

    @property
    def is_typing(self) -> bool:
        """Whether a card is being typed on."""
        return self.typist.editing is not None and self.typist.field.hasFocus()

    def refresh(self) -> None:
        """Lay the tree out anew and draw it; the selected card keeps its place."""
        held = self._held()
        typist = self.typist
        self.picture.take_typed(typist.field.toPlainText(), typist.field_height(self.lens.zoom))
        self.picture.show(self.session.document, self._folded, typist.editing)
        layout = self.picture.layout
        self.lens.resize(QSizeF(self.size()), QSizeF(layout.width, layout.height))
        now = layout.by_id.get(held.id) if held else None
        if held is not None and now is not None:
            self.lens.hold(QPointF(held.x, held.middle), QPointF(now.x, now.middle))
        self.typist.place(self.picture, self.lens)
        self.update()

    def select(self, why_id: str) -> None:
        """Select an answer and bring it into sight; its folded ancestors open."""
        document = self.session.document
        why = document.find(Why, why_id)
        found = why.id if why else ""
        while why is not None and why.parent:
            self._folded.discard(why.parent)
            why = document.find(Why, why.parent)
        changed = found != self._selected
        self._selected = found
        self.refresh()
        self.reveal(found)
        if changed:
            self.selection_changed.emit(found)

    def open(self, why_id: str) -> None:
        """Open a folded branch at the next refresh."""
        self._folded.discard(why_id)

    def begin(self, editing: Editing) -> None:
        """Type on a card."""
        self.typist.begin(editing)

    def fold(self, why_id: str) -> None:
        """Fold a branch, or open it again."""
        if not self.picture.tree.get(why_id):
            return
        self._folded ^= {why_id}
        if self._selected not in self.picture.layout.by_id:
            self.select(why_id)
        self.refresh()

    def zoom(self, way: str) -> None:
        """Zoom "in", "out", or "fit" the whole tree."""
        box = self.picture.layout.by_id.get(self._selected)
        center = QPointF(self.width() / 2, self.height() / 2)
        if box is not None:
            center = self.lens.to_window(QRectF(box.x, box.y, box.width, box.height)).center()
        if way == "fit":
            self._fits_itself = False
            self.lens.fit()
            self.moved()
        else:
            self.zoom_at(center, STEP if way == "in" else 1 / STEP)

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom, with this point of the window staying where it is."""
        self._fits_itself = False
        self.lens.zoom_at(point, factor)
        self.moved()

    def moved(self) -> None:
        """The lens shows another part, or from another distance."""
        self.typist.place(self.picture, self.lens)
        self.update()

    # What happens elsewhere

    def _follow(self, edit: Edit) -> None:
        kinds = {type(change.record) for change in edit.changes}
        if not kinds & {Why, Evidence, Incident}:
            return
        gone = {c.record.id: c.before for c in edit.changes if c.after is None}
        lost = gone.get(self._selected)
        self.typist.follow()
        self._folded -= gone.keys()
        if isinstance(lost, Why):
            self.select(lost.parent)
        self.refresh()
        self.typist.offer_effect()

    def attach(self, moment_ids: list[str], why_id: str = "") -> None:
        """Let an answer, the selected one if none is named, rest on these moments."""
        document = self.session.document
        target = why_id or self._selected
        known = [m for m in moment_ids if document.find(Moment, m) is not None]
        if not document.find(Why, target):
            self.session.refused.emit("Select the answer first that the moments support.")
        elif known:
            self.session.do(attach_evidence, target, known)

    def ask_park(self) -> None:
        """Ask the desk to park the words of the selected answer."""
        why = self.session.document.find(Why, self._selected)
        if why is not None:
            self.park_asked.emit(why.text)

    def ask_evidence(self) -> None:
        """Ask the desk for the moments that are selected on the timeline."""
        if self._selected:
            self.evidence_asked.emit(self._selected)

    def leave(self) -> None:
        """Stop what the mouse is doing, or give the focus back."""
        if not self._pointer.stop():
            self.left.emit()

    def open_menu(self, at: QPoint | None = None) -> None:
        """Show the commands of the selected card, at a point or beside it."""
        why = self.session.document.find(Why, self._selected)
        menu = make_menu(self, self.session.document, why, self._selected in self._folded)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.triggered.connect(self._chosen)
        box = self.picture.layout.by_id.get(self._selected)
        if at is None and box is not None:
            rect = self.lens.to_window(QRectF(box.x, box.y, box.width, box.height))
            at = rect.bottomLeft().toPoint()
        menu.popup(self.mapToGlobal(at or self.rect().center()))

    def _chosen(self, action: QAction) -> None:
        self.steps.run(action.data())

    def _held(self) -> Box | None:
        by_id, editing = self.picture.layout.by_id, self.typist.editing
        if editing is not None:
            return by_id.get(editing.came_from) or by_id.get(editing.node)
        return by_id.get(self._selected)

    def reveal(self, node: str) -> None:
        """Bring a card into sight."""
        box = self.picture.layout.by_id.get(node)
        if box is not None:
            self.lens.reveal(QRectF(box.x, box.y, box.width, box.height))
            self.moved()

    def _box_at(self, where: QPointF) -> Box | None:
        at = self.lens.to_picture(where)
        return self.picture.layout.at(at.x(), at.y())

    # Qt calls these

    def sizeHint(self) -> QSize:
        """Room for three columns."""
        return QSize(900, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in sight."""
        look = Look(
            self._selected,
            self.typist.node,
            self.hasFocus() or self.typist.field.hasFocus(),
            self._target,
            self._pointer.drag,
        )
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), self._theme.color("ground"))
            paint_tree(painter, self.picture, self.cards, self.lens, look)
            paint_bars(painter, self.lens, self._theme, self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as can be read; once somebody has zoomed, the zoom stays."""
        super().resizeEvent(event)
        self.refresh()
        if self._fits_itself:
            self.lens.fit(least=_LEAST_AT_FIRST)
        self.reveal(self.typist.node or self._selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key is a command, or the first character of a text."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
        command = KEYS.get(pressed.toString(QKeySequence.SequenceFormat.PortableText), "")
        if event.key() == Qt.Key.Key_Space and not held:
            self._pointer.hold_space(event)
        elif command:
            self.steps.run(command)
        elif self._selected and is_typing(event):
            self.typist.type_over(event.text())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space folds when it goes up, unless it held the tree for panning."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self._pointer.let_space_go():
                self.steps.run("fold")
        else:
            super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab asks the next why; Shift+Tab goes back to where the focus came from."""
        return False if forward else super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A card that is being typed on goes on; else something is selected for the arrows."""
        super().focusInEvent(event)
        if self.typist.editing is not None:
            self.typist.field.setFocus(event.reason())
        elif not self._selected and self.picture.layout.boxes:
            self.select(self.picture.layout.boxes[0].id)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring gets thinner."""
        super().focusOutEvent(event)
        self._pointer.space = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is typed is committed, then see Pointer."""
        self.typist.leave()
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See Pointer."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See Pointer."""
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See Pointer."""
        self._pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See Pointer."""
        self._pointer.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the card under the mouse."""
        self.open_menu(event.pos() if event.reason() == event.Reason.Mouse else None)

    def event(self, event: QEvent) -> bool:
        """A tool tip gives the words of a card that is too small for them, as plain text."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            box = self._box_at(QPointF(event.pos()))
            card = self.picture.cards.get(box.id) if box else None
            if card is not None and (self.cards.is_cut(card) or self.lens.zoom < _READABLE):
                QToolTip.showText(event.globalPos(), f"<p>{escape(card.text[:_TIP])}</p>", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Moments of the timeline are welcome."""
        if event.mimeData().hasFormat(MOMENTS):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show on which card they would be dropped."""
        box = self._box_at(event.position())
        self._target = box.id if box and event.mimeData().hasFormat(MOMENTS) else ""
        event.setAccepted(bool(self._target))
        self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        super().dragLeaveEvent(event)
        self._target = ""
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """The answer under the mouse rests on the dropped moments."""
        box = self._box_at(event.position())
        self._target = ""
        moments = moments_in(bytes(event.mimeData().data(MOMENTS).data()))
        if box is not None and moments:
            event.acceptProposedAction()
            self.select(box.id)
            self.attach(moments, box.id)
        self.update()
