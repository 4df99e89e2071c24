"""Every command of the desk in one table: menus, palette, shortcuts and the README read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its id, words for people, keys (the first is shown) and its group."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    group: str = "Meeting"


COMMANDS: Final = (
    Command("start", "Start, pause or resume the clock", ("F5",)),
    Command("next", "Next phase", ("F12",)),
    Command("back", "Previous phase", ("Shift+F12",)),
    Command("extend_2", "Give this phase 2 more minutes", ("Ctrl+T",)),
    Command("extend_5", "Give this phase 5 more minutes", ("Ctrl+Shift+T",)),
    Command("opening", "Show the opening statement"),
    Command("read_aloud", "Read the timeline aloud, one moment at a time", ("Ctrl+R",)),
    Command("park", "Park the selected point or a typed line", ("Ctrl+M",)),
    Command("view_1", "Look at Restate", ("Ctrl+1",), "View"),
    Command("view_2", "Look at Detection", ("Ctrl+2",), "View"),
    Command("view_3", "Look at 5 Whys", ("Ctrl+3",), "View"),
    Command("view_4", "Look at Missing level", ("Ctrl+4",), "View"),
    Command("view_5", "Look at Structural fix", ("Ctrl+5",), "View"),
    Command("view_6", "Look at Sign", ("Ctrl+6",), "View"),
    Command("timeline", "Go to the timeline", ("Alt+T",), "View"),
    Command("whys", "Go to the 5 Whys", ("Alt+W",), "View"),
    Command("pane_next", "Next pane", ("F6",), "View"),
    Command("pane_back", "Previous pane", ("Shift+F6",), "View"),
    Command("full_screen", "Full screen", ("F11",), "View"),
    Command("theme", "Light or dark", (), "View"),
    Command("room_open", "Room screen: choose its display", ("Shift+F5",), "Room"),
    Command("room_swap", "Swap desk and room", ("F7",), "Room"),
    Command("room_freeze", "Freeze the room's picture", ("F8",), "Room"),
    Command("room_blank", "Blank the room's picture", ("F9",), "Room"),
    Command("room_hide", "Hide the room screen", ("Shift+F9",), "Room"),
    Command("ask_room", "Ask the room the neutral question", ("Shift+F3",), "Room"),
    Command("rewording", "Use the rewording", ("Alt+Return", "Alt+Enter"), "Language"),
    Command("rewording_other", "Show another rewording", ("Alt+Shift+Return",), "Language"),
    Command("hint_next", "Next open hint: go to its place", ("Alt+H",), "Language"),
    Command("hint_back", "Previous open hint", ("Alt+Shift+H",), "Language"),
    Command("keep_words", "Keep these words, with a reason", (), "Language"),
    Command("redirect", "Redirect: a sentence to say now", ("F3",), "Language"),
    Command("phrases", "Phrases to say", ("F4",), "Language"),
    Command("hints", "Language hints on or off", (), "Language"),
    Command("undo", "Undo", ("Ctrl+Z",), "Edit"),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit"),
    Command("ask_why", "Ask the next why", (), "Edit"),
    Command("root_cause", "Mark the selected answer as root cause", (), "Edit"),
    Command("new_moment", "Add a moment to the timeline", (), "Edit"),
    Command("evidence", "Attach the selected moments as evidence", ("Alt+E",), "Edit"),
    Command("import", "Import a file into the timeline", ("Ctrl+I",), "Edit"),
    Command("typed", "What was begun and is not committed", (), "Edit"),
    Command("incident", "Incident: title, severity, times, impact", (), "Edit"),
    Command("people", "People and roles", (), "Edit"),
    Command("new", "New incident", ("Ctrl+N",), "File"),
    Command("open", "Open an incident", ("Ctrl+O",), "File"),
    Command("report", "Report: draft, final, signatures", ("Ctrl+P",), "File"),
    Command("preview", "Preview the report", ("Ctrl+Shift+P",), "File"),
    Command("export", "Export: JSON, Markdown, a bundle; whole or share-safe", (), "File"),
    Command("backup", "Backups…", (), "File"),
    Command("delete", "Delete this incident", (), "File"),
    Command("forget", "Forget a name or words…", (), "File"),
    Command("settings", "Settings", ("Ctrl+,",), "File"),
    Command("palette", "All commands", ("Ctrl+K",), "Help"),
    Command("keys", "Keys of this view", ("F1",), "Help"),
    Command("quit", "Quit", ("Ctrl+Q",), "File"),
)


def make_actions(owner: QWidget, slots: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """An action for every command that has a slot, added to the owner. Slots are bound methods."""
    made: dict[str, QAction] = {}
    for command in COMMANDS:
        slot = slots.get(command.id)
        if slot is None:
            continue
        action = QAction(command.text, owner)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        # The room window may have the focus; the keys of the meeting work there as well.
        action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        action.triggered.connect(slot)
        owner.addAction(action)
        made[command.id] = action
    return made


def key_of(command_id: str) -> str:
    """The key that is shown for a command, or nothing."""
    command = next(c for c in COMMANDS if c.id == command_id)
    return command.keys[0].replace("Return", "Enter").replace("+", " ") if command.keys else ""
