"""Asks the clock four times a second; notices sleep; keeps a sign of life on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from facilitator.model.change import Edit
from facilitator.model.clock import JUMP, Instant, Reading, read_clock
from facilitator.model.codec import iso
from facilitator.model.records import ClockMark, Topic
from facilitator.ui.qt_session import QtSession

_SEEN = "meeting:seen:at"
_SIGN_OF_LIFE = 10.0  # seconds between two notes that the app was running


class Ticker(QObject):
    """Gives a reading at each tick. Nothing is counted: a late tick reads the same clock."""

    ticked = Signal(object)  # Reading
    jumped = Signal(int, str)  # seconds that passed unseen, and in what: "asleep" or "closed"

    def __init__(
        self,
        session: QtSession,
        now: Callable[[], Instant],
        parent: QObject | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._steady = steady
        self._last: tuple[Instant, float] | None = None
        self._noted = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self.tick)
        session.changed.connect(self._follow)

    def start(self) -> None:
        """Begin ticking; tells how long the app was closed while the clock ran."""
        self._ask_about_closed()
        self._timer.start()
        self.tick()

    def stop(self) -> None:
        """Tick no more: the incident is about to be closed."""
        self._timer.stop()

    def go_on(self) -> None:
        """Tick again: the incident stays open after all."""
        self._timer.start()

    def now(self) -> Instant:
        """The instant, by both clocks."""
        return self._now()

    def reading(self) -> Reading:
        """What the clock says now."""
        document = self._session.document
        return read_clock(document.all(Topic), document.all(ClockMark), self._now())

    def tick(self) -> None:
        """Read the clock once."""
        now, steady = self._now(), self._steady()
        reading = self.reading()
        if self._last is not None and reading.state == "running":
            self._notice_sleep(now, steady)
        self._last = (now, steady)
        if reading.state == "running" and steady - self._noted > _SIGN_OF_LIFE:
            self._noted = steady
            self._session.keep_draft(_SEEN, iso(now.at))
        self.ticked.emit(reading)

    def _notice_sleep(self, now: Instant, steady: float) -> None:
        last, last_steady = self._last if self._last else (now, steady)
        if last.boot_id != now.boot_id:
            return
        slept = (now.boot - last.boot) - (steady - last_steady)
        if slept > JUMP:
            self.jumped.emit(round(slept), "asleep")

    def _ask_about_closed(self) -> None:
        seen = self._session.draft(_SEEN)
        reading = self.reading()
        if seen is None or reading.state != "running":
            return
        last_seen = datetime.fromisoformat(seen)
        marks = self._session.document.all(ClockMark)
        if marks:
            last_seen = max(last_seen, *(mark.at for mark in marks))
        closed = (self._now().at - last_seen).total_seconds()
        if closed > 2 * _SIGN_OF_LIFE:
            self.jumped.emit(round(closed), "closed")

    def _follow(self, edit: Edit) -> None:
        changes = edit.changes
        if any(isinstance(change.record, ClockMark | Topic) for change in changes):
            self.tick()
