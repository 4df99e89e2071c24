"""Every command by its words: Ctrl+K, type a few letters, Enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from facilitator.ui.actions import COMMANDS, key_of
from facilitator.ui.overlay import Overlay, Row


class CommandPalette(Overlay):
    """Lists the actions there are, with their keys, and triggers the one that is chosen."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent, name="All commands", hint="Type what you want to do")
        self._actions = actions

    def rows(self, query: str) -> Sequence[Row]:
        """The commands that hold every word that was typed, those that begin with it first."""
        words = query.casefold().split()
        found = []
        for command in COMMANDS:
            action = self._actions.get(command.id)
            if action is None or command.id == "palette":
                continue
            text = command.text.casefold()
            if all(word in f"{text} {command.group.casefold()}" for word in words):
                row = Row(command.id, command.text, key_of(command.id), on=action.isEnabled())
                found.append((not text.startswith(query.casefold().strip()), row))
        return [row for _later, row in sorted(found, key=lambda each: each[0])]

    def choose(self, row: Row) -> None:
        """Do it."""
        self._actions[row.id].trigger()
