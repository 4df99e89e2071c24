"""The commands of the 5-Whys tree by name; keys, menu and desk all come through here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from facilitator.model.change import Edit
from facilitator.model.edits.branches import (
    branch_text,
    duplicate_branch,
    indent_or_outdent,
    paste_branch,
    raise_or_lower,
)
from facilitator.model.edits.whys import (
    detach_evidence,
    mark_root_cause,
    remove_branch,
    set_level,
)
from facilitator.model.records import CHAIN_LEVELS, Why
from facilitator.model.tree_layout import TreeLayout
from facilitator.ui.qt_session import QtSession
from facilitator.ui.whys.editing import Editing

KEYS: Final = {
    "Tab": "ask_why",
    "Return": "another",
    "Enter": "another",
    "Shift+Return": "another_before",
    "Shift+Enter": "another_before",
    "F2": "edit",
    "Left": "go:left",
    "Right": "go:right",
    "Up": "go:up",
    "Down": "go:down",
    "Home": "go:first",
    "End": "go:last",
    "Ctrl+Up": "order:up",
    "Ctrl+Down": "order:down",
    "Ctrl+Left": "order:out",
    "Ctrl+Right": "order:in",
    "Del": "delete",
    "Ctrl+D": "duplicate",
    "Ctrl+C": "copy",
    "Ctrl+X": "cut",
    "Ctrl+V": "paste",
    "Ctrl++": "zoom:in",
    "Ctrl+=": "zoom:in",
    "Ctrl+-": "zoom:out",
    "Ctrl+0": "zoom:fit",
    "Alt+R": "root",
    "Alt+0": "level:",
    **{f"Alt+{n}": f"level:{level}" for n, level in enumerate(CHAIN_LEVELS, start=1)},
    "Shift+F10": "menu",
    "Menu": "menu",
    "Esc": "leave",
}


class Board(Protocol):
    """What the commands need of the canvas."""

    @property
    def selected(self) -> str:
        """The selected card's id, or nothing."""

    @property
    def layout_now(self) -> TreeLayout:
        """Where the cards lie."""

    def select(self, why_id: str) -> None:
        """Select a card."""

    def begin(self, editing: Editing) -> None:
        """Type on a card."""

    def fold(self, why_id: str) -> None:
        """Fold a branch or open it."""

    def zoom(self, way: str) -> None:
        """Zoom "in", "out" or "fit"."""

    def open_menu(self) -> None:
        """Show the commands of the selected card."""

    def leave(self) -> None:
        """Give the focus back."""

    def ask_park(self) -> None:
        """Ask the desk to park the selected card."""

    def ask_evidence(self) -> None:
        """Ask the desk for the moments to attach."""


class Steps:
    """Runs a command of the tree on the selected card."""

    def __init__(self, session: QtSession, board: Board) -> None:
        self._session = session
        self._board = board
        self._plain: dict[str, Callable[[], None]] = {
            "ask_why": self._ask_why,
            "another": self._another,
            "another_before": self._another_before,
            "edit": self._edit,
            "fold": self._fold,
            "delete": self._delete,
            "duplicate": self._duplicate,
            "copy": self._copy,
            "cut": self._cut,
            "paste": self._paste,
            "root": self._root,
            "menu": board.open_menu,
            "leave": board.leave,
            "park": board.ask_park,
            "evidence": board.ask_evidence,
        }
        self._with_value: dict[str, Callable[[str], None]] = {
            "go": self._go,
            "order": self._order,
            "level": self._level,
            "zoom": board.zoom,
            "detach": self._detach,
        }

    def run(self, name: str) -> None:
        """Do what the name says; "level:scope" and the like carry a value."""
        word, colon, value = name.partition(":")
        if colon:
            self._with_value[word](value)
        else:
            self._plain[word]()

    @property
    def why(self) -> Why | None:
        """The selected answer, or None."""
        return self._session.document.find(Why, self._board.selected)

    def _ask_why(self) -> None:
        if self.why is not None:
            self._board.begin(Editing("new", parent=self.why.id, came_from=self.why.id))

    def _another(self) -> None:
        why = self.why
        if why is not None and not why.parent:
            self._ask_why()
        elif why is not None:
            self._board.begin(Editing("new", why.parent, after=why.id, came_from=why.id))

    def _another_before(self) -> None:
        why = self.why
        if why is not None and not why.parent:
            self._ask_why()
        elif why is not None:
            self._board.begin(Editing("new", why.parent, before=why.id, came_from=why.id))

    def _edit(self) -> None:
        if self.why is not None:
            self._board.begin(Editing(self.why.id, self.why.parent, came_from=self.why.id))

    def _fold(self) -> None:
        if self.why is not None:
            self._board.fold(self.why.id)

    def _go(self, way: str) -> None:
        layout, here = self._board.layout_now, self._board.selected
        if here not in layout.by_id:
            if layout.boxes:
                self._board.select(layout.boxes[0].id)
        elif way == "first":
            self._board.select(layout.siblings(here)[0])
        elif way == "last":
            self._board.select(layout.siblings(here)[-1])
        elif way == "right" and layout.by_id[here].folded:
            self._board.fold(here)
        else:
            self._board.select(layout.neighbour(here, way))

    def _order(self, way: str) -> None:
        if self.why is None:
            return
        if way in ("up", "down"):
            self._session.do(raise_or_lower, self.why.id, -1 if way == "up" else 1)
        else:
            self._session.do(indent_or_outdent, self.why.id, -1 if way == "out" else 1)

    def _level(self, level: str) -> None:
        if self.why is not None:
            self._session.do(set_level, self.why.id, level)

    def _root(self) -> None:
        if self.why is not None:
            self._session.do(mark_root_cause, self.why.id, not self.why.root_cause)

    def _detach(self, moment: str) -> None:
        if self.why is not None:
            self._session.do(detach_evidence, self.why.id, moment)

    def _delete(self) -> None:
        why = self.why
        if why is None:
            return
        siblings = list(self._board.layout_now.siblings(why.id))
        index = siblings.index(why.id)
        rest = siblings[:index] + siblings[index + 1 :]
        self._session.do(remove_branch, why.id)
        self._board.select(rest[min(index, len(rest) - 1)] if rest else why.parent)

    def _duplicate(self) -> None:
        if self.why is not None:
            self._do_and_select(duplicate_branch, self.why.id)

    def _copy(self) -> None:
        if self.why is not None:
            text = branch_text(self._session.document, self.why.id)
            QGuiApplication.clipboard().setText(text)

    def _cut(self) -> None:
        self._copy()
        self._delete()

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        parent = self._board.selected
        if text.strip():
            self._do_and_select(paste_branch, parent, text)

    def _do_and_select(self, function: Callable[..., Edit], *values: str) -> None:
        """Do an edit that adds answers, and select the first of them."""
        before = {why.id for why in self._session.document.all(Why)}
        if self._session.do(function, *values):
            after = self._session.document.all(Why)
            self._board.select(next((w.id for w in after if w.id not in before), ""))


def is_typing(event: QKeyEvent) -> bool:
    """Whether a key gives a character rather than a command."""
    held = event.modifiers()
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    alt = bool(held & Qt.KeyboardModifier.AltModifier)
    # AltGr arrives as both of them on some systems.
    return control == alt and bool(event.text()) and event.text().isprintable()
