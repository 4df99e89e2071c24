"""The menu of a card: every command of the tree, also those that the mouse drags for."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from facilitator.model.document import Document
from facilitator.model.edits.whys import evidence_of
from facilitator.model.records import CHAIN_LEVELS, Why
from facilitator.ui.whys.cards import LEVEL_NAMES

_LONGEST = 60


def make_menu(parent: QWidget, document: Document, why: Why | None, folded: bool) -> QMenu:
    """A menu whose actions carry the name of their command as data."""
    menu = QMenu(parent)
    if why is None:
        _add(menu, "Paste", "paste", "Ctrl+V")
        return menu
    _add(menu, "Ask why", "ask_why", "Tab")
    _add(menu, "Another cause", "another", "Enter")
    _add(menu, "Edit", "edit", "F2")
    menu.addSeparator()
    menu.addMenu(_levels(menu, why))
    root = _add(menu, "Root cause", "root", "Alt+R")
    root.setCheckable(True)
    root.setChecked(why.root_cause)
    root.setEnabled(bool(why.parent))
    _add(menu, "Attach selected moments as evidence", "evidence", "Alt+E")
    menu.addMenu(_evidence(menu, document, why))
    menu.addSeparator()
    menu.addMenu(_moves(menu, why))
    _add(menu, "Open the branch" if folded else "Fold the branch", "fold", "Space")
    menu.addSeparator()
    _add(menu, "Cut", "cut", "Ctrl+X")
    _add(menu, "Copy", "copy", "Ctrl+C")
    _add(menu, "Paste under this", "paste", "Ctrl+V")
    _add(menu, "Duplicate", "duplicate", "Ctrl+D")
    menu.addSeparator()
    _add(menu, "Park", "park", "Ctrl+M")
    _add(menu, "Delete branch", "delete", "Del")
    return menu


def _levels(parent: QMenu, why: Why) -> QMenu:
    menu = QMenu("Chain level", parent)
    group = QActionGroup(menu)
    for n, level in enumerate(CHAIN_LEVELS, start=1):
        action = _add(menu, LEVEL_NAMES[level], f"level:{level}", f"Alt+{n}")
        action.setCheckable(True)
        action.setChecked(why.level == level)
        group.addAction(action)
    menu.addSeparator()
    _add(menu, "No level", "level:", "Alt+0")
    return menu


def _evidence(parent: QMenu, document: Document, why: Why) -> QMenu:
    menu = QMenu("Detach evidence", parent)
    for moment in evidence_of(document, why.id):
        words = " ".join(moment.text.split())
        short = words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + "…"
        # An ampersand would become the mark of a mnemonic and vanish.
        _add(menu, short.replace("&", "&&"), f"detach:{moment.id}", "")
    menu.setEnabled(not menu.isEmpty())
    return menu


def _moves(parent: QMenu, why: Why) -> QMenu:
    menu = QMenu("Move", parent)
    _add(menu, "Up", "order:up", "Ctrl+Up")
    _add(menu, "Down", "order:down", "Ctrl+Down")
    _add(menu, "Under the answer above", "order:in", "Ctrl+Right")
    _add(menu, "Beside the answer it hangs from", "order:out", "Ctrl+Left")
    menu.setEnabled(bool(why.parent))
    return menu


def _add(menu: QMenu, words: str, command: str, key: str) -> QAction:
    # The key stands behind a tab: it is shown, and is no shortcut of its own.
    action = QAction(f"{words}\t{key}" if key else words, menu)
    action.setData(command)
    menu.addAction(action)
    return action
