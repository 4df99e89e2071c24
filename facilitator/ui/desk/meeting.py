"""The meeting's buttons: start, pause, next, back, more time; what the clock asks in return."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QMenu, QWidget

from facilitator.model.clock import END_LATER, Payment, Reading, agenda, payments
from facilitator.model.edits.meeting import (
    extend,
    go_back,
    go_next,
    go_to,
    show_opening,
    start_or_pause,
    take_out,
)
from facilitator.model.records import Moment, Topic
from facilitator.model.times import length_text
from facilitator.stage import Stage
from facilitator.ui.desk.messages import MessageBar
from facilitator.ui.desk.ticker import Ticker
from facilitator.ui.qt_session import QtSession
from facilitator.ui.zones import incident_time

_LONG_OVER = 120.0  # seconds over after which the desk asks once what to do


class Meeting(QObject):
    """Turns keys into clock marks, and clock moods into questions for the facilitator alone."""

    phase_changed = Signal(str)  # topic id, "" before the start and after the end
    park_asked = Signal()

    def __init__(
        self,
        session: QtSession,
        ticker: Ticker,
        stage: Stage,
        messages: MessageBar,
        owner: QWidget,
    ) -> None:
        super().__init__(owner)
        self._session = session
        self._ticker = ticker
        self._stage = stage
        self._messages = messages
        self._owner = owner
        self._topic: str | None = None
        self._mood = ""
        self._asked_over = ""
        ticker.ticked.connect(self._follow_clock)
        ticker.jumped.connect(self._ask_about_jump)

    def opening(self) -> None:
        """Put the opening statement on the room screen and record that it was shown."""
        self._stage.change(card="opening", reading=-1)
        if not self._ticker.reading().opening_shown:
            self._session.record(show_opening, self._ticker.now())
        self._messages.say("Read the opening statement aloud. F5 starts the clock.", seconds=20)

    def start(self) -> None:
        """Open, start, pause or resume."""
        reading = self._ticker.reading()
        if reading.state == "planned" and not reading.opening_shown:
            self.opening()
            return
        if self._session.record(start_or_pause, self._ticker.now()):
            self._announce()

    def next(self) -> None:
        """End this phase and start the next one; Shift+F12 takes it back."""
        before = self._ticker.reading()
        if before.state == "planned":
            self.start()
            return
        if not self._session.record(go_next, self._ticker.now()):
            return
        ended = self._session.document.find(Topic, before.topic)
        if ended is not None:
            zone = self._session.document.incident.zone
            at = incident_time(self._ticker.now().at, zone)
            self._messages.say(f"{ended.title} ended at {at}.", (("Undo  Shift F12", self.back),))
        self._announce()

    def back(self) -> None:
        """Go to the phase before."""
        if self._session.record(go_back, self._ticker.now()):
            self._announce()

    def go(self, topic_id: str) -> None:
        """Jump to a phase; time used there goes on counting."""
        self._session.record(go_to, topic_id, self._ticker.now())

    def extend_2(self) -> None:
        """Two more minutes."""
        self._extend(120)

    def extend_5(self) -> None:
        """Five more minutes."""
        self._extend(300)

    def read_aloud(self) -> None:
        """Show the next moment of the timeline large in the room; after the last one, none."""
        count = sum(1 for m in self._session.document.all(Moment) if m.at is not None)
        following = self._stage.scene.reading + 1
        if count == 0:
            self._messages.say("The timeline is empty: there is nothing to read aloud.")
        elif following >= count:
            self._stage.change(reading=-1)
            self._messages.say("That was the whole timeline.")
        else:
            self._stage.change(card="restate", reading=following)

    def _extend(self, seconds: int) -> None:
        reading = self._ticker.reading()
        if not reading.topic:
            self._messages.say("No phase is running: there is nothing to extend.")
            return
        offers = payments(self._session.document.all(Topic), reading, seconds)
        if offers[0].payer == "":
            self._give(seconds, "")
            return
        menu = QMenu(self._owner)
        for offer in offers:
            menu.addAction(self._offer_text(offer, seconds)).triggered.connect(
                partial(self._give, seconds, offer.payer)
            )
        menu.setActiveAction(menu.actions()[0])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._owner.mapToGlobal(QPoint(0, self._owner.height() + 2)))

    def _offer_text(self, offer: Payment, seconds: int) -> str:
        if offer.payer == END_LATER and offer.ends_at is not None:
            zone = self._session.document.incident.zone
            return f"End at {incident_time(offer.ends_at, zone)}"
        title = offer.title.replace("&", "&&")
        minutes = seconds // 60
        return f"Take {minutes} min from {title} ({offer.minutes_from} → {offer.minutes_to})"

    def _give(self, seconds: int, payer: str, _checked: bool = False) -> None:
        self._session.record(extend, seconds, payer, self._ticker.now())

    def _follow_clock(self, reading: Reading) -> None:
        if reading.topic != self._topic:
            self._topic = reading.topic
            self.phase_changed.emit(reading.topic)
        if reading.mood != self._mood:
            was, self._mood = self._mood, reading.mood
            if was and reading.mood in ("wrap-up", "over"):
                self._announce()
        current = reading.current
        if current is not None and reading.state == "running" and current.left < -_LONG_OVER:
            self._ask_over(reading)

    def _ask_over(self, reading: Reading) -> None:
        # While it is asked whether time asleep counts, nobody knows whether this is over.
        if self._asked_over == reading.topic or self._messages.is_asking:
            return
        self._asked_over = reading.topic
        self._messages.say(
            "This phase is two minutes over.",
            (
                ("Extend  Ctrl T", self.extend_2),
                ("Park and go on", self._park_and_go),
                ("Next  F12", self.next),
            ),
            seconds=60,
        )

    def _park_and_go(self) -> None:
        self.park_asked.emit()
        self.next()

    def _ask_about_jump(self, seconds: int, how: str) -> None:
        length = length_text(timedelta(seconds=seconds))
        where = "This computer slept for" if how == "asleep" else "Facilitator was closed for"
        self._messages.ask(
            f"{where} {length} while the clock ran. Count that time?",
            (("Count it", self._nothing), ("Take it out", partial(self._take_out, seconds))),
        )

    def _take_out(self, seconds: int) -> None:
        self._session.record(take_out, seconds, self._ticker.now())

    def _nothing(self) -> None:
        return None

    def _announce(self) -> None:
        reading = self._ticker.reading()
        titles = {t.id: t.title for t in agenda(self._session.document.all(Topic))}
        words = f"{titles.get(reading.topic, 'Meeting')}: {reading.mood}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._owner, words))
