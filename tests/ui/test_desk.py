"""The desk of an open incident, by what a facilitator presses and sees."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton
from shiboken6 import isValid

from facilitator.app import make_parts
from facilitator.model.records import Moment, Parked, Topic, Waiver, Why
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.desk.hints_panel import HintCard
from facilitator.ui.fields import TextField
from facilitator.ui.labels import PlainLabel
from facilitator.ui.pictures import SteppedClock
from facilitator.ui.window import MainWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
BLAME = "The developer should have tested the change."


class Desks:
    """Opens windows on one library, each after the one before has gone."""

    def __init__(self, qtbot, library_file):
        self._qtbot = qtbot
        self._file = library_file
        self.clock = SteppedClock(datetime(2026, 6, 18, 21, 0, tzinfo=UTC))
        self.window = None

    def open(self, incident=""):
        parts = replace(make_parts(Library(self._file)), now=self.clock, steady=self.clock.steady)
        self.window = MainWindow(parts, Settings(), remember=False)
        self._qtbot.addWidget(self.window)
        self.window.resize(1600, 950)
        if incident:
            self.window.open_incident(incident)
        else:
            self.window.open_demo()
        self.window.show()
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)
        return self.window.desk

    def close(self):
        if self.window is not None:
            self.window.close()
            self.window = None


@pytest.fixture
def desks(qtbot, tmp_path):
    desks = Desks(qtbot, tmp_path / "library.sqlite")
    yield desks
    desks.close()


@pytest.fixture
def desk(desks):
    return desks.open()


@pytest.fixture
def clock(desks):
    return desks.clock


def press(desk, key, modifiers=NONE):
    """A key wherever the focus is, as a person presses it."""
    QTest.keyClick(QApplication.focusWidget() or desk, key, modifiers)


def write(words):
    QTest.keyClicks(QApplication.focusWidget(), words)


def go_by(desk, clock, minutes):
    clock.step(minutes)
    desk.ticker.tick()


def reading(desk):
    return desk.ticker.reading()


def phase(desk):
    return desk.session.document.get(Topic, reading(desk).topic).phase


def begin(desk):
    """The opening statement, then the clock."""
    press(desk, Key.Key_F5)
    press(desk, Key.Key_F5)


def texts(widget):
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisible()]


def answer(desk, words):
    """The button with these words in the message bar."""
    return next(b for b in desk.messages.findChildren(QPushButton) if b.text().startswith(words))


def minutes_left(desk, topic_phase):
    topic = next(t for t in desk.session.document.all(Topic) if t.phase == topic_phase)
    return reading(desk).time(topic.id).planned / 60


@pytest.fixture
def why_field(desk):
    """The field over a new answer under the selected one."""
    press(desk, Key.Key_W, ALT)
    desk.whys.select(desk.session.document.all(Why)[-1].id)
    press(desk, Key.Key_Tab)
    field = QApplication.focusWidget()
    assert isinstance(field, TextField)
    return field


# ---- the clock


def test_f5_shows_the_opening_statement_first_and_starts_the_clock_then(desk):
    press(desk, Key.Key_F5)
    assert desk.stage.scene.card == "opening"
    assert reading(desk).state == "planned"
    press(desk, Key.Key_F5)
    assert (reading(desk).state, phase(desk)) == ("running", "restate")


def test_f5_pauses_and_goes_on(desk, clock):
    begin(desk)
    go_by(desk, clock, 1)
    press(desk, Key.Key_F5)
    go_by(desk, clock, 10)
    assert reading(desk).state == "paused"
    press(desk, Key.Key_F5)
    go_by(desk, clock, 1)
    assert reading(desk).current.spent == pytest.approx(120)


def test_f12_shows_the_next_board_and_says_what_ended(desk, clock):
    begin(desk)
    go_by(desk, clock, 3)
    press(desk, Key.Key_F12)
    assert (phase(desk), desk.centre.phase) == ("detection", "detection")
    assert desk.messages.text.startswith("Restate")
    assert "ended at" in desk.messages.text


def test_undo_in_the_toast_takes_a_mistaken_next_back_with_its_time(desk, clock):
    begin(desk)
    go_by(desk, clock, 2)
    press(desk, Key.Key_F12)
    go_by(desk, clock, 0.5)
    answer(desk, "Undo").click()
    assert phase(desk) == "restate"
    assert reading(desk).current.spent == pytest.approx(150)


def test_ctrl_z_never_moves_the_clock(desk, clock):
    begin(desk)
    go_by(desk, clock, 2)
    press(desk, Key.Key_F12)
    press(desk, Key.Key_Z, CTRL)
    assert phase(desk) == "detection"


def test_two_more_minutes_ask_who_pays_and_take_it_from_there(qtbot, desk, clock):
    begin(desk)
    whys = minutes_left(desk, "whys")
    press(desk, Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offer = next(a for a in menu.actions() if "5 Whys" in a.text())
    assert "2 min" in offer.text()
    offer.trigger()
    menu.close()
    assert minutes_left(desk, "whys") == whys - 2
    assert minutes_left(desk, "restate") == 5 + 2


def test_two_more_minutes_come_from_spare_time_without_a_question(desk, clock):
    begin(desk)
    go_by(desk, clock, 1)
    press(desk, Key.Key_F12)
    before = minutes_left(desk, "detection")
    press(desk, Key.Key_T, CTRL)
    assert QApplication.activePopupWidget() is None
    assert minutes_left(desk, "detection") == before + 2


def test_nothing_to_extend_is_said_in_words(desk):
    press(desk, Key.Key_T, CTRL)
    assert "nothing to extend" in desk.messages.text


def test_a_computer_that_slept_is_one_question_and_the_time_can_be_taken_out(desks):
    awake = [0.0]
    desk = desks.open()
    desk.ticker._steady = lambda: awake[0]
    begin(desk)
    go_by(desk, desks.clock, 0)
    go_by(desk, desks.clock, 20)  # twenty minutes by the clock of the room, none awake
    assert "slept for 20 min" in desk.messages.text
    answer(desk, "Take it out").click()
    assert reading(desk).current.spent == pytest.approx(0, abs=1)
    assert desk.messages.text == ""


def test_two_minutes_over_the_desk_asks_once_what_to_do(desk, clock):
    begin(desk)
    go_by(desk, clock, 8)
    assert "two minutes over" in desk.messages.text
    answer(desk, "Next").click()
    assert phase(desk) == "detection"


def test_the_meeting_goes_on_after_the_desk_was_closed_and_opened(desks):
    desk = desks.open()
    incident = desk.session.document.incident.id
    begin(desk)
    go_by(desk, desks.clock, 1)
    desks.close()
    desks.clock.step(2)
    desk = desks.open(incident)
    assert (reading(desk).state, phase(desk)) == ("running", "restate")
    assert reading(desk).current.spent == pytest.approx(180)
    assert "closed for" in desk.messages.text


# ---- what is typed


def test_an_edit_is_saved_by_itself_and_the_status_says_when(qtbot, desk, why_field):
    write("Nobody had drawn the queue.")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: desk.status.saved_text.startswith("Saved "))
    # On a computer whose clock is not the incident's it says so.
    said = desk.status.saved_text.removesuffix(" local time")
    assert datetime.strptime(said, "Saved %H:%M:%S")


def test_the_status_names_what_undo_would_take_back(desk, why_field):
    write("Nobody had drawn the queue.")
    press(desk, Key.Key_Return)
    label = desk.session.undo_label
    assert label
    assert f"Undo: “{label}”" in texts(desk.status)
    press(desk, Key.Key_Z, CTRL)
    assert f"Undo: “{label}”" not in texts(desk.status)


def test_an_answer_is_no_record_before_enter(desk, why_field):
    write("Nobody had drawn the queue.")
    assert not [w for w in desk.session.document.all(Why) if "drawn" in w.text]
    press(desk, Key.Key_Return)
    assert [w for w in desk.session.document.all(Why) if "drawn" in w.text]


def test_esc_goes_back_to_what_was_committed(desk):
    title = desk.session.document.incident.title
    desk.action("incident").trigger()
    field = desk.restate.form.title
    assert field.hasFocus()
    write(" and more")
    press(desk, Key.Key_Escape)
    assert field.toPlainText() == title
    assert desk.session.document.incident.title == title
    assert desk.session.draft(field.key) is None


def test_undo_in_a_field_is_the_one_undo_of_the_window(desk):
    title = desk.session.document.incident.title
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(" again")
    press(desk, Key.Key_Return)
    assert desk.session.document.incident.title == f"{title} again"
    press(desk, Key.Key_Z, CTRL)
    assert desk.session.document.incident.title == title
    assert desk.restate.form.title.toPlainText() == title
    press(desk, Key.Key_Z, CTRL | SHIFT)
    assert desk.session.document.incident.title == f"{title} again"


def test_undo_while_typing_takes_back_what_is_being_typed_first(desk):
    title = desk.session.document.incident.title
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(" half a th")
    press(desk, Key.Key_Z, CTRL)
    assert desk.session.document.incident.title == title
    assert desk.restate.form.title.toPlainText() == title


def test_what_was_being_typed_is_there_after_a_kill(qtbot, tmp_path, desks):
    desk = desks.open()
    incident = desk.session.document.incident.id
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(" in the ev")
    field = desk.restate.form.title
    qtbot.waitUntil(lambda: desk.session.draft(field.key) is not None)
    desk.session.session.wait()
    # What a killed process leaves: the file and its log as they are now, and nobody in it.
    killed = tmp_path / "killed.sqlite"
    for suffix in ("", "-wal"):
        source = tmp_path / f"library.sqlite{suffix}"
        if source.exists():
            (tmp_path / f"killed.sqlite{suffix}").write_bytes(source.read_bytes())
    again = Desks(qtbot, killed)
    reopened = again.open(incident)
    assert reopened.restate.form.title.toPlainText().endswith(" in the ev")
    assert not reopened.session.document.incident.title.endswith(" in the ev")
    again.close()


# ---- hints


def test_a_hint_is_underlined_and_listed_while_the_answer_is_typed(qtbot, desk, why_field):
    write(BLAME)
    qtbot.waitUntil(lambda: bool(why_field.hints))
    assert why_field.extraSelections()
    assert any("should have" in text for text in texts(desk.private.hints))


def test_alt_enter_puts_the_rewording_in_place_of_the_sentence(qtbot, desk, why_field):
    write(BLAME)
    qtbot.waitUntil(lambda: any(h.suggestions for h in why_field.hints))
    wanted = next(h.suggestions[0] for h in why_field.hints if h.suggestions)
    press(desk, Key.Key_Return, ALT)
    assert wanted in why_field.toPlainText()
    assert "should have" not in why_field.toPlainText()


def test_words_that_are_kept_need_a_reason_and_are_listed_as_a_waiver(qtbot, desk, why_field):
    write(BLAME)
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: desk.book.count > 0)
    before = desk.book.count
    desk.action("keep_words").trigger()
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    press(desk, Key.Key_Return)
    assert not desk.session.document.all(Waiver)
    assert "Say in a few words why" in desk.messages.text
    write("A quotation of the chat, kept as it was.")
    press(desk, Key.Key_Return)
    waiver = desk.session.document.all(Waiver)[-1]
    assert waiver.reason == "A quotation of the chat, kept as it was."
    assert desk.book.count < before


def test_a_reason_being_typed_survives_a_hint_that_comes_up_elsewhere(qtbot, desk, why_field):
    write(BLAME)
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: desk.book.count > 0)
    desk.action("keep_words").trigger()
    line = QApplication.focusWidget()
    write("It is a quo")
    before = desk.book.count
    desk.hinting.heard.emit("incident:x:summary", BLAME, desk.hinting.find(BLAME, "note"))
    qtbot.waitUntil(lambda: desk.book.count > before)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert isValid(line)
    assert (line.hasFocus(), line.text()) == (True, "It is a quo")


def test_cards_of_hints_are_filled_anew_and_not_made_anew_while_typing(qtbot, desk, why_field):
    write(BLAME)
    qtbot.waitUntil(lambda: bool(why_field.hints))
    cards = desk.private.hints.findChildren(HintCard)
    write(" And nobody ever looked at it, because people are careless.")
    qtbot.waitUntil(lambda: len(why_field.hints) > 1)
    assert desk.private.hints.findChildren(HintCard) == cards


def test_hints_off_takes_the_marks_away(qtbot, desk, why_field):
    write(BLAME)
    qtbot.waitUntil(lambda: bool(why_field.hints))
    desk.action("hints").trigger()
    assert why_field.hints == ()
    assert desk.book.count == 0


# ---- parking, panes


def test_ctrl_m_parks_the_selected_answer(desk):
    press(desk, Key.Key_W, ALT)
    why = desk.session.document.all(Why)[1]
    desk.whys.select(why.id)
    before = len(desk.session.document.all(Parked))
    press(desk, Key.Key_M, CTRL)
    assert len(desk.session.document.all(Parked)) == before + 1
    assert desk.session.document.all(Parked)[-1].text == why.text


def test_ctrl_m_with_nothing_selected_takes_a_typed_line(desk):
    desk.look("fix")
    desk.top.setFocus()
    press(desk, Key.Key_M, CTRL)
    assert desk.agenda.parking.line.hasFocus()
    write("Who owns the old queue?")
    press(desk, Key.Key_Return)
    assert desk.session.document.all(Parked)[-1].text == "Who owns the old queue?"
    assert desk.agenda.parking.line.toPlainText() == ""


def test_ctrl_m_parks_the_selected_moment(desk):
    desk.timeline.setFocus()
    moment = desk.session.document.all(Moment)[2]
    desk.timeline.select([moment.id])
    press(desk, Key.Key_M, CTRL)
    assert desk.session.document.all(Parked)[-1].text == moment.text


def test_f6_goes_round_all_panes_and_comes_back(desk):
    desk.timeline.setFocus()
    seen = []
    for _ in range(4):
        press(desk, Key.Key_F6)
        here = QApplication.focusWidget()
        panes = {
            "timeline": desk.timeline,
            "board": desk.centre.board,
            "private": desk.private,
            "agenda": desk.agenda,
        }
        seen += [n for n, pane in panes.items() if pane is here or pane.isAncestorOf(here)]
    assert seen == ["board", "private", "agenda", "timeline"]


def test_looking_at_another_phase_leaves_the_clock_where_it_is(desk):
    begin(desk)
    press(desk, Key.Key_5, CTRL)
    assert (desk.centre.phase, phase(desk)) == ("fix", "restate")


def test_the_window_is_named_after_the_incident(desk, desks):
    assert desks.window.windowTitle().startswith("Facilitator")
    assert desk.session.document.incident.title in desks.window.windowTitle()


# ---- going away


def test_what_is_being_typed_is_committed_when_the_window_closes(desks):
    desk = desks.open()
    incident = desk.session.document.incident.id
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(", at last")
    desks.close()
    desk = desks.open(incident)
    assert desk.session.document.incident.title.endswith(", at last")


def test_what_is_being_typed_is_committed_when_another_window_has_the_focus(qtbot, desks):
    desk = desks.open()
    incident = desk.session.document.incident.id
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(", at last")
    other = PlainLabel("another window")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    desks.close()
    desk = desks.open(incident)
    assert desk.session.document.incident.title.endswith(", at last")


def test_a_desk_that_was_left_ticks_no_more(qtbot, desks):
    desk = desks.open()
    begin(desk)
    ticks = []
    desk.ticker.ticked.connect(ticks.append)
    desks.window.show_start()
    ticks.clear()
    desks.clock.step(1)
    qtbot.waitUntil(lambda: not isValid(desk))
    assert ticks == []


def test_changing_the_theme_keeps_the_meeting_and_what_is_typed(desks):
    desk = desks.open()
    begin(desk)
    desk.action("incident").trigger()
    press(desk, Key.Key_End, CTRL)
    write(", still")
    desks.window.toggle_theme()
    desk = desks.window.desk
    assert desk.session.document.incident.title.endswith(", still")
    assert reading(desk).state == "running"
    assert desk.messages.text == ""
