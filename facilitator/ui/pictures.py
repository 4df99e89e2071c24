"""Pictures of every screen with the sample incident, for the README and for looking at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from facilitator.model.clock import Instant
from facilitator.model.records import PHASES, Topic, Why
from facilitator.ui.window import MainWindow

SIZES: Final = ((1920, 1080), (1280, 720))


class SteppedClock:
    """A clock that stands still until it is told how much time went by."""

    def __init__(self, start: datetime) -> None:
        self._now = Instant(start, 1_000.0, "pictures")

    def __call__(self) -> Instant:
        """The instant it stands at."""
        return self._now

    def steady(self) -> float:
        """Seconds by the same clock: it never sleeps."""
        return self._now.boot

    def step(self, minutes: float) -> None:
        """Let time go by."""
        self._now = Instant(
            self._now.at + timedelta(minutes=minutes),
            self._now.boot + minutes * 60,
            self._now.boot_id,
        )


def settle(milliseconds: int = 120) -> None:
    """Let Qt draw what is waiting."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    QCoreApplication.processEvents()


def save(widget: QWidget, folder: Path, name: str) -> Path:
    """Save what a widget shows as a PNG; its path."""
    path = folder / f"{name}.png"
    widget.grab().save(str(path))
    return path


class Photographer:
    """Walks a window through the meeting and takes a picture of every screen on the way."""

    def __init__(self, window: MainWindow, clock: SteppedClock, folder: Path) -> None:
        self._window = window
        self._clock = clock
        self._folder = folder
        self.taken: list[Path] = []

    def start_page(self) -> None:
        """The start page, in both sizes."""
        self._window.show_start()
        self._in_sizes("start")

    def meeting(self, after_phase: Callable[[str], None] | None = None) -> None:
        """Every phase of the sample's meeting on the desk and in the room."""
        self._window.open_demo()
        desk = self._window.desk
        if desk is None:
            return
        desk.meeting.opening()
        self._in_sizes("desk-0-opening")
        self._room("room-0-opening")
        desk.meeting.start()
        for number, topic in enumerate(self._topics(), 1):
            self._clock.step(topic.minutes * 0.415)
            desk.ticker.tick()
            desk.look(topic.phase)
            if topic.phase == "whys":
                self._select_root_cause()
            self._in_sizes(f"desk-{number}-{topic.phase}")
            self._room(f"room-{number}-{topic.phase}")
            if topic.phase == "restate":
                desk.meeting.read_aloud()
                self._room("room-1-reading-aloud")
            if after_phase is not None:
                after_phase(topic.phase)
            self._clock.step(topic.minutes * 0.585)
            desk.meeting.next()

    def dark(self) -> None:
        """The desk in the dark theme."""
        self._window.toggle_theme()
        if self._window.desk is not None:
            self._window.desk.look("whys")
        self._in_sizes("desk-dark")
        self._window.toggle_theme()

    def widget(self, widget: QWidget, name: str) -> None:
        """Any other widget, as it is."""
        settle()
        self.taken.append(save(widget, self._folder, name))

    def _topics(self) -> list[Topic]:
        if self._window.desk is None:
            return []
        topics = self._window.desk.session.document.all(Topic)
        return sorted(topics, key=lambda t: PHASES.index(t.phase))

    def _select_root_cause(self) -> None:
        desk = self._window.desk
        if desk is None:
            return
        for why in desk.session.document.all(Why):
            if why.root_cause:
                desk.whys.select(why.id)

    def _in_sizes(self, name: str) -> None:
        for width, height in SIZES:
            self._window.resize(width, height)
            settle()
            self.taken.append(save(self._window, self._folder, f"{name}-{height}"))

    def _room(self, name: str) -> None:
        if self._window.room is not None:
            picture = self._window.room.picture(1920, 1080)
            path = self._folder / f"{name}.png"
            picture.save(str(path))
            self.taken.append(path)
