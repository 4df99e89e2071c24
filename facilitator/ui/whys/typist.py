"""Typing on the tree: a field lies over the card; what is committed becomes an edit."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtWidgets import QWidget

from facilitator.model.edits import new_id
from facilitator.model.edits.whys import add_why, change_why
from facilitator.model.records import Why
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.whys.cards import TEXT_PX
from facilitator.ui.whys.editing import NEW, Editing, WhyField
from facilitator.ui.whys.lens import Lens
from facilitator.ui.whys.picture import Picture
from facilitator.ui.whys.steps import Steps

_FIELD_LEFT: Final = 8.0  # a field has margins of its own around its text
_FIELD_TOP: Final = 4.0
_SMALLEST: Final = 11  # px, below which nobody types
_NARROWEST: Final = 160


class Canvas(Protocol):
    """What typing needs of the canvas."""

    steps: Steps

    def refresh(self) -> None:
        """Lay out and draw anew."""

    def select(self, why_id: str) -> None:
        """Select a card."""

    def reveal(self, node: str) -> None:
        """Bring a card into sight."""

    def open(self, why_id: str) -> None:
        """Open a folded branch."""

    def leave(self) -> None:
        """Give the focus back."""


class Typist(QObject):
    """Opens the field over a card, stores what was typed, and goes on as it was left."""

    def __init__(
        self, canvas: Canvas, widget: QWidget, session: QtSession, hinting: Hinting, theme: Theme
    ) -> None:
        super().__init__(widget)
        self._canvas = canvas
        self._widget = widget
        self._session = session
        self._theme = theme
        self._storing = False
        self.editing: Editing | None = None
        self.field = WhyField(session, hinting, theme, widget)
        self.field.hide()
        self.field.committed.connect(self._store)
        self.field.finished.connect(self._finished)
        self.field.textChanged.connect(self._typed)

    @property
    def node(self) -> str:
        """The card that is typed on, or nothing."""
        return self.editing.node if self.editing else ""

    def field_height(self, zoom: float) -> float:
        """The field's height in units of the picture."""
        return self.field.height() / zoom

    def begin(self, editing: Editing, *, focus: bool = True) -> None:
        """Type on a card: an existing one, or a new one that is no record until it is committed."""
        if self.editing is not None:
            self.field.commit()
        self._end()
        why = self._session.document.find(Why, editing.node)
        self.field.rekey(editing.key)
        self.field.show_text(why.text if why else "")
        self.editing = editing
        if editing.offered and not self.field.toPlainText():
            self.field.offer(editing.offered)
        self._canvas.open(editing.parent)
        self.field.show()
        self._canvas.refresh()
        self._canvas.reveal(editing.node)
        if editing.offered or not self.field.is_dirty:
            self.field.selectAll()
        if focus:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_over(self, text: str) -> None:
        """Start typing on the selected card with these characters in place of its words."""
        self._canvas.steps.run("edit")
        if self.editing is not None:
            self.field.insertPlainText(text)

    def leave(self) -> None:
        """Commit what is typed and close the field."""
        if self.editing is not None:
            self.field.commit()
            self._finished("left")

    def follow(self) -> None:
        """The document has changed: the card typed on may have gone, or have other words."""
        editing = self.editing
        if editing is None or self._storing:
            return
        document = self._session.document
        wanted = editing.parent if editing.is_new else editing.node
        lost = wanted and document.find(Why, wanted) is None
        if lost or (editing.offered and document.all(Why)):
            self._end()
        elif not editing.is_new:
            self.field.show_text(document.get(Why, editing.node).text)

    def open_what_was_typed(self) -> None:
        """Go on with a card whose words were being typed when the app ended."""
        any(self.put_back(key, focus=False) for key in self._session.session.drafts)

    def place_of(self, key: str) -> Editing | None:
        """The card on which a draft of this key was typed, or None when it is no more."""
        document = self._session.document
        kind, record, rest = (*key.split(":", 2), "", "")[:3]
        if kind != "why":
            return None
        why = document.find(Why, record)
        if why is not None:
            return Editing(why.id, why.parent, came_from=why.id)
        known = document.find(Why, rest) is not None if rest else not document.all(Why)
        return Editing(NEW, rest, came_from=rest) if record == NEW and known else None

    def put_back(self, key: str, *, focus: bool = True) -> bool:
        """Go on typing what was kept under this key; False when its card is no more."""
        editing = self.place_of(key)
        if editing is not None:
            self.begin(editing, focus=focus)
        return editing is not None

    def offer_effect(self) -> None:
        """An empty tree begins with the effect being typed, the incident's title offered."""
        document = self._session.document
        if self.editing is None and not document.all(Why):
            focus = self._widget.hasFocus()
            self.begin(Editing(NEW, offered=document.incident.title), focus=focus)

    def place(self, picture: Picture, lens: Lens) -> None:
        """Put the field over its card."""
        box = picture.layout.by_id.get(self.node)
        if box is None:
            return
        zoom = lens.zoom
        rect = lens.to_window(QRectF(box.x, box.y, box.width, box.height))
        font = self._theme.font(max(_SMALLEST, round(TEXT_PX * zoom)))
        if self.field.font() != font:
            self.field.setFont(font)
        self.field.setFixedWidth(round(max(_NARROWEST, rect.width() - 2 * _FIELD_LEFT * zoom)))
        self.field.move(round(rect.x() + _FIELD_LEFT * zoom), round(rect.y() + _FIELD_TOP * zoom))

    def _typed(self) -> None:
        if self.editing is not None:
            self._canvas.refresh()
            self._canvas.reveal(self.editing.node)

    def _store(self, text: str) -> None:
        editing = self.editing
        if editing is None or (not text.strip() and editing.is_new):
            return
        self._storing = True  # our own edit tells us nothing new, and its draft is still there
        if editing.is_new:
            self._store_new(editing, text)
        elif not self._session.do(change_why, editing.node, text):
            self.field.still_uncommitted(self._session.document.get(Why, editing.node).text)
        self._storing = False

    def _store_new(self, editing: Editing, text: str) -> None:
        made = new_id()
        self.editing = Editing(made, editing.parent, came_from=editing.came_from)
        beside = {"after": editing.after, "before": editing.before, "why_id": made}
        if self._session.do(add_why, text, editing.parent, **beside):
            self._session.drop_draft(editing.key)
            self.field.key = self.editing.key
        else:
            self.editing = editing
            self.field.still_uncommitted("")

    def _finished(self, way: str) -> None:
        if self.editing is None:
            return
        if way in ("enter", "child", "sibling") and self.editing.offered:
            self.field.take_offer()
        editing = self.editing
        if way != "cancel" and self._is_refused(editing):
            return
        if way == "left" and not self._session.document.all(Why):
            return
        self._end()
        stored = self._session.document.find(Why, editing.node)
        if way != "left":
            self._widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._canvas.select(stored.id if stored else editing.came_from)
        if stored is not None and way in ("child", "sibling"):
            self._canvas.steps.run("ask_why" if way == "child" else "another")
        elif way == "cancel" and not self._session.document.all(Why):
            self._canvas.leave()
            self.offer_effect()

    def _is_refused(self, editing: Editing) -> bool:
        """Whether words stand here that the edit did not take: they stay open to be mended."""
        return (
            self.field.is_dirty
            and bool(self.field.toPlainText().strip())
            and (not editing.offered or self.field.toPlainText() != editing.offered)
        )

    def _end(self) -> None:
        """Close the field; words that could not be committed stay a draft."""
        if self.editing is None:
            return
        self.editing = None
        if self.field.hasFocus():
            self._widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.put_away()
        self.field.hide()
        self._canvas.refresh()
