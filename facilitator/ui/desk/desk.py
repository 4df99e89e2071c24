"""The desk of one incident: rail, centre, private panel, and everything connected."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from facilitator.language.phrases import PhraseBank
from facilitator.language.rules import RuleSet
from facilitator.model.clock import Instant, Reading
from facilitator.model.edits.whys import branch
from facilitator.model.records import PHASES, Moment, Topic, Why
from facilitator.model.times import clock_text
from facilitator.stage import Stage
from facilitator.ui.actions import make_actions
from facilitator.ui.desk.agenda import AgendaPanel
from facilitator.ui.desk.centre import Centre, first_field, go_into
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.desk.listening import Listening
from facilitator.ui.desk.marking import Marking
from facilitator.ui.desk.meeting import Meeting
from facilitator.ui.desk.messages import MessageBar
from facilitator.ui.desk.private import PrivatePanel
from facilitator.ui.desk.status import StatusLine
from facilitator.ui.desk.ticker import Ticker
from facilitator.ui.desk.topbar import TopBar
from facilitator.ui.drafting import settle_all
from facilitator.ui.fields import TextField
from facilitator.ui.fixes.board import FixBoard
from facilitator.ui.hinting import Hinting
from facilitator.ui.incident.detection import DetectionBoard
from facilitator.ui.incident.restate import RestateBoard
from facilitator.ui.level.board import LevelBoard
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.board import TimelineBoard
from facilitator.ui.whys.board import WhyBoard

Slots = dict[str, Callable[[], object]]
_NARROW = 1400
_RAIL = 268
_PRIVATE = (352, 290)
_BOARD_OF = {"why": "whys", "moment": "detection", "fix": "fix", "follow_up": "fix"}


class Desk(QWidget):
    """Everything the facilitator works with. `outer` are the commands of the window around it."""

    files_dropped = Signal(list)  # list[Path]
    looked_at = Signal(str)

    def __init__(
        self,
        session: QtSession,
        *,
        theme: Theme,
        rules: RuleSet,
        bank: PhraseBank,
        stage: Stage,
        now: Callable[[], Instant],
        steady: Callable[[], float] = time.monotonic,
        sign_board: Callable[[HintBook], QWidget],
        outer: Slots,
    ) -> None:
        super().__init__()
        self.session = session
        self.theme = theme
        self.stage = stage
        self.bank = bank
        self.hinting = Hinting(session, rules, self)
        self.book = HintBook(session, self.hinting, self)
        self.ticker = Ticker(session, now, self, steady=steady)
        self.messages = MessageBar(theme)
        self.timeline = TimelineBoard(session, self.hinting, theme)
        self.whys = WhyBoard(session, self.hinting, theme)
        self.fixes = FixBoard(session, self.hinting, theme)
        opening = bank.fill(bank.openings[0].text, {}) if bank.openings else ""
        self.restate = RestateBoard(session, self.hinting, theme, self.trigger, opening)
        self.sign = sign_board(self.book)
        self.agenda = AgendaPanel(session, self.hinting, theme, self.trigger)
        self.private = PrivatePanel(session, self.book, bank, theme, self.trigger)
        self.top = TopBar(session, theme, self.trigger, self._wall)
        self.status = StatusLine(session, theme)
        self.centre = Centre(self.timeline, self._boards(), self.messages)
        self.listening = Listening(self.book, self.hinting, bank, stage, self.messages)
        self.meeting = Meeting(session, self.ticker, stage, self.messages, self.agenda.more_button)
        self._refusal = ""
        self._minute = QTimer(self)
        self._minute.setInterval(20_000)
        self._minute.timeout.connect(self._show_deadline)
        painted = (self.timeline.canvas, self.whys.canvas, self.agenda.parking)
        Marking(self.book, self.hinting, *painted)
        self._lay_out()
        self.actions_by_id = make_actions(self, {**self._slots(), **outer})
        self._connect()

    def begin(self) -> None:
        """Start the clock's eye, read every text, and show the phase that runs."""
        self.book.read_all()
        self.ticker.start()
        self._minute.start()
        self._show_deadline()
        if not self.meeting_runs():
            self.look("restate")
        self.timeline.setFocus()
        self.listening.tell_problems()

    def end(self) -> None:
        """Commit what is being typed and let the clocks rest; the session closes next."""
        self.ticker.stop()
        self._minute.stop()
        # Leaving a field commits it, but no focus leaves a window that is not the active one.
        here = self.focusWidget()
        if isinstance(here, TextField):
            here.commit()
        if self.timeline.editor is not None:
            self.timeline.editor.commit()
        settle_all(self)

    def go_on(self) -> None:
        """The incident could not be closed: everything runs as before."""
        self.ticker.go_on()
        self._minute.start()

    def put_below_top(self, strip: QWidget) -> None:
        """Give a strip its place between the top bar and everything else."""
        self._column.insertWidget(1, strip)

    def meeting_runs(self) -> bool:
        """Whether a phase runs or is paused."""
        return bool(self.ticker.reading().topic)

    def trigger(self, command: str) -> None:
        """Do what a command's key does."""
        self.actions_by_id[command].trigger()

    def action(self, command: str) -> QAction:
        """The action of a command."""
        return self.actions_by_id[command]

    def look(self, phase: str) -> None:
        """Look at a phase's board; the clock stays where it is."""
        self.centre.look(phase)
        topic = next((t for t in self.session.document.all(Topic) if t.phase == phase), None)
        self.agenda.look(topic.id if topic else "")
        self.agenda.parking.set_phase(phase)
        self.private.set_phase(phase, self.phrase_values())
        self.looked_at.emit(phase)

    def phrase_values(self) -> dict[str, str]:
        """What fills the blanks of phrases: roles, times and answers of this incident."""
        document = self.session.document
        zone = document.incident.zone
        values = {"Role": "the on-call engineer"}
        latest = [m for m in document.all(Moment) if m.at is not None]
        if latest:
            values["Time"] = clock_text(max(m.at for m in latest if m.at), zone)
        why = self.stage.scene.why
        if why and document.find(Why, why) is not None:
            values["Answer"] = branch(document, why)[-1].text
        return values

    def go_to(self, where: str) -> None:
        """Show what a gate names: kind:id:field, or a board by its phase."""
        kind, _, rest = where.partition(":")
        if kind in PHASES and not rest:
            self.look(kind)
            return
        if self._focus_text(where):
            return
        if kind == "parked":
            self.agenda.parking.go_to(rest.split(":")[0])
            return
        board = _BOARD_OF.get(kind, "restate")
        self.look(board)
        record = rest.split(":")[0]
        if kind == "why" and record:
            self.whys.select(record)
        elif kind == "moment" and record:
            self.timeline.select([record])
        elif kind == "person":
            self.restate.people.line.setFocus()
        else:
            self._focus_text(where)

    def _focus_text(self, key: str) -> bool:
        """Put the cursor into the field that shows this text; False if there is none."""
        for field in self.findChildren(TextField):
            if field.key == key:
                self.look(self.centre.phase_of(field) or self.centre.phase)
                if field.isVisible():
                    go_into(field)
                    return True
        return False

    def _boards(self) -> dict[str, QWidget]:
        return {
            "restate": self.restate,
            "detection": DetectionBoard(self.session, self.theme),
            "whys": self.whys,
            "level": LevelBoard(self.session, self.theme),
            "fix": self.fixes,
            "sign": self.sign,
        }

    def _slots(self) -> Slots:
        return {
            "start": self.meeting.start,
            "next": self.meeting.next,
            "back": self.meeting.back,
            "extend_2": self.meeting.extend_2,
            "extend_5": self.meeting.extend_5,
            "opening": self.meeting.opening,
            "read_aloud": self.meeting.read_aloud,
            "park": self.park,
            "timeline": self._go_timeline,
            "whys": self._go_whys,
            "pane_next": partial(self._go_pane, 1),
            "pane_back": partial(self._go_pane, -1),
            "rewording": self.private.hints.use_first,
            "rewording_other": self.private.hints.other_first,
            "keep_words": self.private.hints.keep_first,
            "redirect": self._redirect,
            "hints": self.listening.toggle,
            "hint_next": self.listening.next,
            "hint_back": self.listening.back,
            "ask_room": self.listening.ask_room,
            "undo": self.session.undo,
            "redo": self.session.redo,
            "ask_why": self.whys.ask_why,
            "root_cause": partial(self.whys.run, "root"),
            "new_moment": self._new_moment,
            "evidence": self._attach_evidence,
            "incident": self._go_incident,
            "people": self._go_people,
            **{f"view_{n}": partial(self.look, phase) for n, phase in enumerate(PHASES, 1)},
        }

    def _lay_out(self) -> None:
        self._columns = QSplitter()
        self._columns.setHandleWidth(1)
        self._columns.setChildrenCollapsible(False)
        self.agenda.setMinimumWidth(220)
        self.private.setMinimumWidth(270)
        for each in (self.agenda, self.centre, self.private):
            self._columns.addWidget(each)
        self._columns.setStretchFactor(1, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self._columns)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(middle, 1)
        column.addWidget(self.status)

    def _connect(self) -> None:
        self.session.refused.connect(self._refused)
        self.session.changed.connect(self._forget_refusal)
        self.private.hints.said.connect(self.messages.say)
        self.private.hints.jumped.connect(self.go_to)
        self.listening.jumped.connect(self.go_to)
        self.listening.looked_at.connect(self.private.hints.look_at)
        self.ticker.ticked.connect(self._tick)
        self.meeting.phase_changed.connect(self._enter_topic)
        self.meeting.park_asked.connect(self.park)
        self.agenda.looked_at.connect(self._look_at_topic)
        self.agenda.go_asked.connect(self.meeting.go)
        self.centre.looked_at.connect(self.look)
        self.top.incident_asked.connect(self._go_incident)
        self.timeline.files_dropped.connect(self.files_dropped)
        self.timeline.park_asked.connect(self.agenda.parking.park_text)
        self.timeline.evidence_asked.connect(self.whys.attach)
        self.timeline.told.connect(self.messages.say)
        self.timeline.left.connect(self._leave_canvas)
        self.whys.park_asked.connect(self.agenda.parking.park_text)
        self.whys.evidence_asked.connect(self._attach_to)
        self.whys.selection_changed.connect(self._spotlight)
        self.whys.left.connect(self._leave_canvas)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below 1400 pixels the rails give way."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        rail, private = (224, _PRIVATE[1]) if narrow else (_RAIL, _PRIVATE[0])
        self._columns.setSizes([rail, max(200, self.width() - rail - private), private])

    def park(self) -> None:
        """Park the selected moment or answer, or put the cursor into the parking line."""
        if self.timeline.isAncestorOf(self.focusWidget() or self):
            picked = self.timeline.selected()
            if picked:
                moment = self.session.document.get(Moment, picked[0])
                self.agenda.parking.park_text(moment.text)
                return
        elif self.whys.selected() and self.whys.isAncestorOf(self.focusWidget() or self):
            why = self.session.document.get(Why, self.whys.selected())
            self.agenda.parking.park_text(why.text)
            return
        self.agenda.parking.line.setFocus()

    def set_mirrored(self, mirrored: bool) -> None:
        """Hide what is private while the room sees this window."""
        self.private.set_mirrored(mirrored)
        self.hinting.show_marks(on=not mirrored)

    def _tick(self, reading: Reading) -> None:
        self.agenda.show_reading(reading)
        self.restate.show_reading(reading)

    def _enter_topic(self, topic_id: str) -> None:
        topic = self.session.document.find(Topic, topic_id)
        if topic is not None:
            self.stage.change(card=topic.phase, reading=-1, asked="")
            self.look(topic.phase)

    def _look_at_topic(self, topic_id: str) -> None:
        self.look(self.session.document.get(Topic, topic_id).phase)

    def _spotlight(self, why_id: str) -> None:
        self.stage.change(why=why_id)

    def _redirect(self) -> None:
        self.private.redirect()

    def _new_moment(self) -> None:
        self.timeline.new_moment()

    def _attach_evidence(self) -> None:
        why = self.whys.selected()
        if why:
            self._attach_to(why)
        else:
            self.messages.say("Select an answer in the 5 Whys first.")

    def _attach_to(self, _why: str) -> None:
        picked = self.timeline.selected()
        if picked:
            self.whys.attach(picked)
        else:
            self.messages.say("Select moments in the timeline first, then attach them here.")

    def _refused(self, sentence: str) -> None:
        self.messages.say(sentence, seconds=20)
        self._refusal = sentence

    def _forget_refusal(self, _edit: object) -> None:
        if self._refusal and self.messages.text == self._refusal:
            self.messages.dismiss()
        self._refusal = ""

    def _go_timeline(self) -> None:
        self.timeline.setFocus()

    def _go_whys(self) -> None:
        self.look("whys")
        self.whys.setFocus()

    def _go_incident(self) -> None:
        self.look("restate")
        self.restate.focus_title()

    def _go_people(self) -> None:
        self.look("restate")
        self.restate.people.line.setFocus()

    def _go_pane(self, step: int) -> None:
        panes = (self.timeline, self.centre.board, self.private, self.agenda)
        here = self.focusWidget()
        index = 0
        for number, pane in enumerate(panes):
            if here is not None and (pane is here or pane.isAncestorOf(here)):
                index = (number + step) % len(panes)
        target = panes[index]
        first = target if target in (self.timeline, self.whys) else first_field(target)
        first.setFocus()

    def _leave_canvas(self) -> None:
        self._go_pane(1)

    def _wall(self) -> datetime:
        return self.ticker.now().at

    def _show_deadline(self) -> None:
        self.top.show_now(self._wall())
