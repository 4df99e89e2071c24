"""The menu of the timeline: every command there is, by name, for whoever does not drag."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from facilitator.model.figures import key_name
from facilitator.model.records import KEY_MOMENTS, LANES, Moment
from facilitator.ui.timeline.words import LANE_NAMES


class TimelineMenu(QMenu):
    """Says by signal which command was chosen; it does nothing itself."""

    def __init__(self, moments: Sequence[Moment], asked: SignalInstance, parent: QWidget) -> None:
        super().__init__(parent)
        self._asked = asked
        self.triggered.connect(self._tell)
        some = bool(moments)
        one = len(moments) == 1
        self._add(self, "Edit", "edit", shortcut="F2", enabled=one)
        self._add(self, "New moment", "new", shortcut="Ins")
        self.addSeparator()
        keys = self.addMenu("Key moment")
        keys.setEnabled(one)
        fill_keys(keys, moments[0] if one else None)
        lanes = self.addMenu("Lane")
        lanes.setEnabled(some)
        for lane in LANES:
            action = self._add(lanes, LANE_NAMES[lane], "set-lane", lane)
            action.setCheckable(True)
            action.setChecked(some and all(m.lane == lane for m in moments))
        self._move_menu(timed=any(m.at for m in moments))
        recorded = self._add(self, "Recorded during the incident", "recorded", enabled=some)
        recorded.setCheckable(True)
        recorded.setChecked(some and all(m.provenance == "recorded" for m in moments))
        self._add(self, "Time unknown", "unknown", enabled=any(m.at for m in moments))
        self.addSeparator()
        self._add(self, "Attach to the selected why", "evidence", shortcut="Alt+E", enabled=some)
        self._add(self, "Park", "park", shortcut="Ctrl+M", enabled=some)
        self._add(self, "Copy as lines", "copy", shortcut="Ctrl+C", enabled=some)
        self._add(self, "Paste lines", "paste", shortcut="Ctrl+V")
        self._add(self, "Delete", "delete", shortcut="Del", enabled=some)
        self.addSeparator()
        self._add(self, "Fit the outage, or all", "fit", shortcut="Ctrl+0")
        self._add(self, "Zoom in", "zoom", 1, shortcut="Ctrl++")
        self._add(self, "Zoom out", "zoom", -1, shortcut="Ctrl+−")

    def _move_menu(self, *, timed: bool) -> None:
        moves = self.addMenu("Move")
        moves.setEnabled(timed)
        for words, seconds, keys in (
            ("1 minute earlier", -60, "Ctrl+←"),
            ("1 minute later", 60, "Ctrl+→"),
            ("10 minutes earlier", -600, "Ctrl+Shift+←"),
            ("10 minutes later", 600, "Ctrl+Shift+→"),
            ("1 second earlier", -1, "Alt+←"),
            ("1 second later", 1, "Alt+→"),
        ):
            self._add(moves, words, "nudge", seconds, shortcut=keys)

    def _add(
        self, menu: QMenu, words: str, name: str, value: object = 0, *, shortcut: str = "",
        enabled: bool = True,
    ) -> QAction:  # fmt: skip
        # Shown only: the keys belong to the canvas, and a second owner would make them ambiguous.
        action = menu.addAction(f"{words}\t{shortcut}" if shortcut else words)
        action.setData((name, value))
        action.setEnabled(enabled)
        return action

    def _tell(self, action: QAction) -> None:
        chosen = action.data()
        if chosen:
            self._asked.emit(chosen[0], chosen[1])


class KeyMenu(QMenu):
    """The key moments alone."""

    def __init__(self, moment: Moment, asked: SignalInstance, parent: QWidget) -> None:
        super().__init__(parent)
        self._asked = asked
        fill_keys(self, moment)
        self.triggered.connect(self._tell)

    def _tell(self, action: QAction) -> None:
        name, value = action.data()
        self._asked.emit(name, value)


def fill_keys(menu: QMenu, moment: Moment | None) -> None:
    """Add an entry for each key moment, the one this moment has checked, and one for none."""
    for key in (*KEY_MOMENTS, ""):
        if not key:
            menu.addSeparator()
        action = menu.addAction(key_name(key) if key else "None")
        action.setData(("set-key", key))
        action.setCheckable(True)
        action.setChecked(moment is not None and moment.key == key)
