"""The keys of the timeline, as a table: what is pressed, and the command it stands for."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_K = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier
_TIME_SIGNS: Final = "0123456789+-≈~"


class Command(NamedTuple):
    """What a key asks for, and a value: a step, seconds, or the letter that was typed."""

    name: str
    value: int | str = 0


_TABLE: Final[dict[tuple[Qt.Key, Qt.KeyboardModifier], Command]] = {
    (_K.Key_Left, _NONE): Command("step", -1),
    (_K.Key_Right, _NONE): Command("step", 1),
    (_K.Key_Up, _NONE): Command("across", -1),
    (_K.Key_Down, _NONE): Command("across", 1),
    (_K.Key_Left, _SHIFT): Command("extend", -1),
    (_K.Key_Right, _SHIFT): Command("extend", 1),
    (_K.Key_Home, _NONE): Command("end", 0),
    (_K.Key_End, _NONE): Command("end", 1),
    (_K.Key_PageUp, _NONE): Command("page", 1),
    (_K.Key_PageDown, _NONE): Command("page", -1),
    (_K.Key_Left, _CTRL): Command("nudge", -60),
    (_K.Key_Right, _CTRL): Command("nudge", 60),
    (_K.Key_Left, _CTRL | _SHIFT): Command("nudge", -600),
    (_K.Key_Right, _CTRL | _SHIFT): Command("nudge", 600),
    (_K.Key_Left, _ALT): Command("nudge", -1),
    (_K.Key_Right, _ALT): Command("nudge", 1),
    (_K.Key_Up, _CTRL): Command("lane", -1),
    (_K.Key_Down, _CTRL): Command("lane", 1),
    (_K.Key_Return, _NONE): Command("edit"),
    (_K.Key_Enter, _NONE): Command("edit"),
    (_K.Key_F2, _NONE): Command("edit"),
    (_K.Key_Insert, _NONE): Command("new"),
    (_K.Key_Delete, _NONE): Command("delete"),
    (_K.Key_Backspace, _NONE): Command("delete"),
    (_K.Key_C, _CTRL): Command("copy"),
    (_K.Key_X, _CTRL): Command("cut"),
    (_K.Key_V, _CTRL): Command("paste"),
    (_K.Key_A, _CTRL): Command("all"),
    (_K.Key_0, _CTRL): Command("fit"),
    (_K.Key_Plus, _CTRL): Command("zoom", 1),
    (_K.Key_Equal, _CTRL): Command("zoom", 1),
    (_K.Key_Plus, _CTRL | _SHIFT): Command("zoom", 1),
    (_K.Key_Minus, _CTRL): Command("zoom", -1),
    (_K.Key_K, _NONE): Command("keys"),
    (_K.Key_F10, _SHIFT): Command("menu"),
    (_K.Key_Escape, _NONE): Command("escape"),
}


def command_for(event: QKeyEvent) -> Command | None:
    """The command of a key press; None when the key is none of the timeline's."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    found = _TABLE.get((Qt.Key(event.key()), modifiers))
    if found is not None:
        return found
    typed = event.text()
    plain = not modifiers & (_CTRL | _ALT | Qt.KeyboardModifier.MetaModifier)
    if plain and len(typed) == 1 and typed in _TIME_SIGNS:
        return Command("time", typed)
    return None
