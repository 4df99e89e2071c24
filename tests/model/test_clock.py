from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Refused
from facilitator.model.clock import (
    END_LATER,
    Instant,
    next_topic,
    payments,
    previous_topic,
    read_clock,
    wrap_up,
)
from facilitator.model.document import Document
from facilitator.model.edits import meeting
from facilitator.model.records import ClockMark, Topic

BEGIN = datetime(2026, 6, 18, 21, 0, tzinfo=UTC)
AGENDA = (
    Topic("restate", "restate", "Restate", "?", 5, rank=1),
    Topic("detection", "detection", "Detection", "?", 10, rank=2),
    Topic("whys", "whys", "5 Whys", "?", 20, rank=3),
    Topic("level", "level", "Missing level", "?", 10, rank=4),
    Topic("fix", "fix", "Structural fix", "?", 10, floor=5, rank=5),
    Topic("sign", "sign", "Sign", "?", 5, floor=3, rank=6),
)


@dataclass
class Meeting:
    """A meeting whose two clocks a test moves."""

    document: Document
    wall: float = 0.0
    boot: float = 5000.0
    boot_id: str = "first boot"

    def now(self):
        return Instant(BEGIN + timedelta(seconds=self.wall), self.boot, self.boot_id)

    def wait(self, seconds):
        self.wall += seconds
        self.boot += seconds
        return self

    def restart(self, seconds):
        """The machine is off for a while; the clock from boot begins anew."""
        self.wall += seconds
        self.boot, self.boot_id = 20.0, f"after {self.boot_id}"
        return self

    def press(self, edit, *values):
        made = edit(self.document, *values, self.now())
        self.document = self.document.with_changes(made.changes)
        return self

    def next(self, times=1):
        for _ in range(times):
            self.press(meeting.go_next)
        return self

    def read(self):
        return read_clock(self.document.all(Topic), self.document.all(ClockMark), self.now())

    def spent(self, topic):
        return self.read().time(topic).spent


def planned():
    return Meeting(Document(AGENDA))


def running():
    return planned().press(meeting.show_opening).press(meeting.start_or_pause)


def test_the_default_phases_are_sixty_minutes():
    assert sum(time.planned for time in planned().read().times) == 3600


def test_before_the_start_nothing_counts():
    reading = planned().wait(500).read()
    assert (reading.state, reading.topic, reading.planned_end) == ("planned", "", None)
    assert (reading.current, reading.mood, reading.spare) == (None, "planned", 0.0)


def test_the_clock_cannot_start_before_the_opening_was_shown():
    with pytest.raises(Refused, match="opening statement first"):
        planned().press(meeting.start_or_pause)
    assert not planned().read().opening_shown
    assert planned().press(meeting.show_opening).read().opening_shown


def test_next_before_the_start_starts_the_first_phase():
    reading = planned().press(meeting.show_opening).next().read()
    assert (reading.state, reading.topic) == ("running", "restate")


def test_an_empty_agenda_cannot_start():
    empty = Meeting(Document()).press(meeting.show_opening)
    with pytest.raises(Refused, match="agenda is empty"):
        empty.press(meeting.start_or_pause)


def test_time_runs_below_zero_and_says_so():
    meet = running().wait(5 * 60 - 60)
    assert (meet.read().current.left, meet.read().mood) == (60, "wrap-up")
    meet.wait(140)
    assert (meet.read().current.left, meet.read().mood) == (-80, "over")


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 60), (10, 120), (20, 180), (1, 60)])
def test_wrapping_up_begins_when_the_topic_asks_for_it(minutes, seconds):
    assert wrap_up(minutes * 60) == seconds


def test_nothing_advances_by_itself():
    assert running().wait(3 * 3600).read().topic == "restate"


def test_a_pause_stays_until_resumed_and_moves_the_end():
    meet = running().wait(60).press(meeting.start_or_pause).wait(600)
    reading = meet.read()
    assert (reading.state, reading.mood, reading.paused_for) == ("paused", "paused", 600)
    assert reading.time("restate").spent == 60
    assert reading.projected_end == BEGIN + timedelta(seconds=3600 + 600)
    meet.press(meeting.start_or_pause).wait(30)
    assert meet.spent("restate") == 90


def test_next_ends_the_phase_and_keeps_what_it_took():
    meet = running().wait(420).next().wait(60)
    reading = meet.read()
    assert reading.topic == "detection"
    assert (reading.time("restate").spent, reading.time("detection").spent) == (420, 60)
    assert reading.projected_end == BEGIN + timedelta(seconds=3600 + 120)


def test_a_phase_that_ends_early_gives_spare_time():
    reading = running().wait(120).next().read()
    assert reading.spare == 180
    assert reading.planned_end == BEGIN + timedelta(hours=1)


def test_back_within_a_minute_takes_a_mistaken_next_back():
    meet = running().wait(200).next().wait(60).press(meeting.go_back)
    reading = meet.read()
    assert (reading.topic, reading.time("restate").spent) == ("restate", 260)
    assert (reading.time("detection").spent, reading.time("detection").visited) == (0, False)


def test_back_after_a_minute_leaves_the_lap_where_it_was():
    meet = running().wait(200).next().wait(61).press(meeting.go_back).wait(10)
    reading = meet.read()
    assert (reading.time("restate").spent, reading.time("detection").spent) == (210, 61)
    assert reading.time("detection").visited


def test_back_soon_keeps_what_an_earlier_visit_took():
    meet = running().next().wait(300).next().wait(100)
    meet.press(meeting.go_back).wait(70).next().wait(10).press(meeting.go_back)
    reading = meet.read()
    assert (reading.time("whys").spent, reading.time("detection").spent) == (100, 380)


def test_going_from_the_third_phase_to_the_second_and_back_adds_up():
    meet = running().next(2).wait(300)
    meet.press(meeting.go_to, "detection").wait(120)
    meet.press(meeting.go_to, "whys").wait(240)
    assert (meet.spent("whys"), meet.spent("detection")) == (540, 120)


def test_there_is_nothing_before_the_first_phase():
    with pytest.raises(Refused, match="first phase"):
        running().press(meeting.go_back)


def test_a_phase_can_only_be_gone_to_in_a_meeting_that_runs():
    with pytest.raises(Refused, match="not started"):
        planned().press(meeting.go_to, "whys")
    with pytest.raises(LookupError):
        running().press(meeting.go_to, "lunch")


def test_the_last_next_ends_the_meeting():
    meet = running().wait(60).next(6)
    ended = meet.read()
    assert (ended.state, ended.mood, ended.current) == ("done", "done", None)
    assert ended.projected_end == BEGIN + timedelta(seconds=60)
    meet.wait(1000)
    assert meet.read() == ended
    for edit in (meeting.go_next, meeting.start_or_pause):
        with pytest.raises(Refused, match="has ended"):
            meet.press(edit)


def test_back_after_the_end_goes_on_with_the_last_phase():
    meet = running().next(6).wait(1000).press(meeting.go_back).wait(30)
    reading = meet.read()
    assert (reading.state, reading.topic, reading.time("sign").spent) == ("running", "sign", 30)


def test_sleep_counts():
    meet = running()
    meet.wait(1800)
    assert meet.spent("restate") == 1800
    assert not meet.read().estimated


def test_a_wall_clock_that_is_set_changes_nothing():
    meet = running().wait(60)
    meet.wall -= 7200
    assert meet.spent("restate") == 60
    assert meet.read().projected_end == BEGIN + timedelta(seconds=3600)


def test_a_restart_goes_by_the_wall_clock_and_says_that_it_is_estimated():
    meet = running().wait(60).restart(600)
    assert meet.spent("restate") == 660
    assert meet.read().estimated
    meet.next().wait(30)
    assert meet.spent("detection") == 30


def test_time_never_runs_backwards_over_a_restart():
    meet = running().wait(60).next().wait(10).restart(-3600)
    assert (meet.spent("restate"), meet.spent("detection")) == (60, 0)


def test_a_restart_before_the_start_estimates_nothing():
    meet = planned().press(meeting.show_opening).restart(60).press(meeting.start_or_pause)
    assert not meet.wait(5).read().estimated


def test_time_asleep_can_be_taken_out_and_given_back():
    meet = running().wait(2000).press(meeting.take_out, 1800)
    assert (meet.spent("restate"), meet.read().paused_for) == (200, 1800)
    meet.press(meeting.take_out, -600)
    assert (meet.spent("restate"), meet.read().paused_for) == (800, 1200)


def test_no_more_can_be_taken_out_than_there_was():
    meet = running().wait(100).press(meeting.take_out, 500)
    assert (meet.spent("restate"), meet.read().paused_for) == (0, 100)


def test_spare_time_pays_first():
    meet = running().wait(60).next()
    (offer,) = payments(AGENDA, meet.read(), 120)
    assert (offer.payer, offer.ends_at) == ("", BEGIN + timedelta(hours=1))
    meet.press(meeting.extend, 120, "")
    assert meet.read().time("detection").planned == 720
    assert meet.read().spare == 120


def test_without_spare_time_the_facilitator_chooses_who_pays():
    meet = running().wait(300).next().wait(600).next()
    offers = payments(AGENDA, meet.read(), 300)
    assert [(o.payer, o.minutes_from, o.minutes_to) for o in offers[:-1]] == [
        ("level", 10, 5),
        ("fix", 10, 5),
    ]
    assert offers[-1].payer == END_LATER
    assert offers[-1].ends_at == meet.read().projected_end + timedelta(seconds=300)
    with pytest.raises(Refused, match="no spare time"):
        meet.press(meeting.extend, 600, "")


def test_an_extension_keeps_the_sum_at_sixty_minutes():
    meet = running().wait(300).next(2).press(meeting.extend, 300, "fix")
    reading = meet.read()
    assert (reading.time("whys").planned, reading.time("fix").planned) == (1500, 300)
    assert sum(time.planned for time in reading.times) == 3600


@pytest.mark.parametrize(("payer", "seconds", "floor"), [("fix", 301, 5), ("sign", 121, 3)])
def test_fix_and_sign_never_fall_below_their_floor(payer, seconds, floor):
    meet = running().wait(300).next(2)
    with pytest.raises(Refused, match=f"never falls below {floor} minutes"):
        meet.press(meeting.extend, seconds, payer)


def test_who_was_visited_does_not_pay_and_a_later_end_moves_the_end():
    meet = running()
    for minutes in (5, 10, 20, 10):
        meet.wait(minutes * 60).next()
    meet.wait(60).press(meeting.go_to, "detection")
    assert [o.payer for o in payments(AGENDA, meet.read(), 60)] == ["sign", END_LATER]
    before = meet.read().projected_end
    meet.press(meeting.extend, 120, END_LATER)
    assert meet.read().projected_end == before + timedelta(seconds=120)
    assert meet.read().planned_end == BEGIN + timedelta(hours=1)


def test_without_a_phase_nothing_is_extended():
    with pytest.raises(Refused, match="No phase is running"):
        planned().press(meeting.extend, 60, END_LATER)


def test_marks_are_read_in_the_order_they_were_made():
    meet = running().wait(60).next().wait(60)
    shuffled = tuple(reversed(meet.document.all(ClockMark)))
    assert read_clock(reversed(AGENDA), shuffled, meet.now()) == meet.read()


def test_a_topic_that_is_gone_takes_its_time_with_it_and_nothing_breaks():
    meet = running().wait(60).next()
    rest = [topic for topic in AGENDA if topic.id != "detection"]
    reading = read_clock(rest, meet.document.all(ClockMark), meet.now())
    assert (reading.topic, reading.current) == ("", None)
    with pytest.raises(LookupError):
        reading.time("detection")


def test_neighbours_on_the_agenda():
    assert next_topic(AGENDA, "").id == "restate"
    assert next_topic(AGENDA, "sign") is None
    assert previous_topic(AGENDA, "restate") is None
    assert previous_topic(AGENDA, "whys").id == "detection"


PRESSES = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 4000)),
    st.tuples(st.just("restart"), st.integers(0, 4000)),
    st.tuples(
        st.sampled_from(["next", "back", "pause", "go", "extend", "take_out"]),
        st.integers(0, 5),
    ),
)


def _go(meet, number):
    meet.press(meeting.go_to, AGENDA[number].id)


def _next(meet, _number):
    if meet.read().topic != "sign":
        meet.next()


def _back(meet, _number):
    if meet.read().topic != "restate":
        meet.press(meeting.go_back)


def _extend(meet, number):
    for offer in payments(AGENDA, meet.read(), 60)[number : number + 1]:
        meet.press(meeting.extend, 60, offer.payer)


PLAY = {
    "wait": Meeting.wait,
    "restart": Meeting.restart,
    "next": _next,
    "back": _back,
    "go": _go,
    "extend": _extend,
    "pause": lambda meet, _number: meet.press(meeting.start_or_pause),
    "take_out": lambda meet, number: meet.press(meeting.take_out, number * 400),
}


@given(st.lists(PRESSES, max_size=25))
def test_time_is_never_lost(presses):
    meet = running()
    for what, number in presses:
        PLAY[what](meet, number)
        reading = meet.read()
        assert all(time.spent >= 0 for time in reading.times)
        counted = sum(time.spent for time in reading.times) + reading.paused_for
        assert counted == pytest.approx(meet.wall)
        given_later = sum(
            mark.seconds
            for mark in meet.document.all(ClockMark)
            if mark.kind == "extend" and mark.payer in ("", END_LATER)
        )
        assert sum(time.planned for time in reading.times) == 3600 + given_later
        assert all(
            reading.time(topic.id).planned >= topic.floor * 60 for topic in AGENDA if topic.floor
        )


@given(st.lists(PRESSES, max_size=12))
def test_reading_twice_says_the_same_and_changes_nothing(presses):
    meet = running()
    for what, number in presses:
        PLAY[what](meet, number)
    before = meet.document
    assert meet.read() == meet.read()
    assert meet.document == before


def test_marks_are_numbered_by_how_many_there_are():
    meet = running().next().next()
    assert [mark.n for mark in meet.document.all(ClockMark)] == [0, 1, 2, 3]
