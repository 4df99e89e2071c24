"""Eight hours in fast-forward: asleep in between, clocks set back and forth, restarted."""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facilitator.model.clock import Instant, agenda, read_clock
from facilitator.model.edits import meeting
from facilitator.model.edits.incident import new_incident
from facilitator.model.edits.moments import add_moment, change_moment
from facilitator.model.records import PHASES, ClockMark, Moment, Topic
from facilitator.model.times import clock_text
from facilitator.session import Session
from facilitator.store.library import Library

ZONE = "Pacific/Auckland"
# Midnight there; at 03:00 of this night daylight saving time ends.
BEGIN = datetime(2026, 4, 4, 11, 0, tzinfo=UTC)
HOUR, STEP, ASLEEP = 3600, 10, 1200
MOST_MEGABYTES = 40


class Machine:
    """A computer whose clocks a test moves: true time goes on, its wall clock may be wrong."""

    def __init__(self):
        self.true = 0.0
        self.booted = -5000.0
        self.boots = 1
        self.wrong_by = 0.0

    def __call__(self):
        wall = BEGIN + timedelta(seconds=self.true + self.wrong_by)
        return Instant(wall, self.true - self.booted, f"boot-{self.boots}")

    def restart(self):
        self.booted, self.boots = self.true - 30.0, self.boots + 1


class Meeting:
    """A session that is led, read every ten seconds and written to all the time."""

    def __init__(self, path):
        self.path = path
        self.machine = Machine()
        self.rng = random.Random(8)
        self.library = Library(path, now=self.machine)
        topics = tuple(Topic(p, p, p.title(), "?", 80, 3, n) for n, p in enumerate(PHASES))
        edit = new_incident("A long one", topics, BEGIN, incident_id="long", zone=ZONE)
        self.session = Session(self.library, self.library.create(edit))
        self.spent_before = 0.0

    def close(self):
        self.session.close()
        self.library.close()

    def restart(self, *, machine):
        self.close()
        if machine:
            self.machine.restart()
        self.library = Library(self.path, now=self.machine)
        self.session = Session(self.library, "long")

    def press(self, what, *values):
        self.session.record(what(self.session.document, *values, self.machine()))

    def read(self):
        document = self.session.document
        return read_clock(document.all(Topic), document.all(ClockMark), self.machine())

    def spent(self):
        return sum(time.spent for time in self.read().times)

    def go_on(self, seconds):
        for _ in range(int(seconds) // STEP):
            self.machine.true += STEP
            before, self.spent_before = self.spent_before, self.spent()
            assert self.spent_before - before == pytest.approx(STEP, abs=0.01)
            if self.rng.random() < 0.3:
                self.write()

    def write(self):
        moments = self.session.document.all(Moment)
        if moments and self.rng.random() < 0.9:
            text = f"What was seen, {self.rng.random()}"
            record = self.rng.choice(moments).id
            edit = change_moment(self.session.document, record, text=text)
        else:
            edit = add_moment(self.session.document, "Seen", None)
        self.session.do(edit)
        if self.rng.random() < 0.1:
            self.session.undo()


@pytest.fixture
def led(tmp_path):
    made = Meeting(tmp_path / "library.sqlite")
    yield made
    made.close()


def megabytes():
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def set_back_and_asleep(led):
    # The wall clock is set back an hour.
    led.machine.wrong_by = -HOUR
    led.go_on(70 * 60)
    led.press(meeting.go_next)  # 150 min: ten saved
    reading = led.read()
    assert reading.time("detection").spent == pytest.approx(70 * 60, abs=0.01)
    assert reading.spare == pytest.approx(600, abs=0.01)
    assert clock_text(reading.planned_end, ZONE) == "07:00"  # eight hours, one of them twice

    # The lid is closed for twenty minutes; they count until somebody takes them out.
    led.go_on(20 * 60)
    led.machine.true += ASLEEP
    assert led.read().time("whys").spent == pytest.approx(40 * 60, abs=0.01)
    led.press(meeting.take_out, ASLEEP)
    assert led.read().time("whys").spent == pytest.approx(20 * 60, abs=0.01)
    led.spent_before = led.spent()
    led.go_on(60 * 60)
    led.press(meeting.go_next)  # 250 min with the sleep, past the end of daylight saving time


def started_again(led):
    # The app is started again, with the clock still wrong; then the clock is put right.
    led.restart(machine=False)
    led.go_on(30 * 60)
    led.machine.wrong_by = 0.0
    led.go_on(50 * 60)
    assert not led.read().estimated
    led.press(meeting.go_next)  # 330 min

    # The whole machine is started again: what lies between is known by the wall clock alone.
    led.go_on(40 * 60)
    led.restart(machine=True)
    led.go_on(40 * 60)
    assert led.read().estimated
    led.press(meeting.start_or_pause)
    led.machine.true += 300
    led.press(meeting.start_or_pause)
    led.press(meeting.go_next)  # 415 min
    led.spent_before = led.spent()
    led.go_on(65 * 60)
    led.press(meeting.go_next)  # 480 min


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_eight_hours_stay_right_and_small(led, record_property, capsys):
    led.press(meeting.show_opening)
    led.press(meeting.start_or_pause)
    led.go_on(10 * 60)
    at_start = megabytes()
    led.go_on(70 * 60)
    led.press(meeting.go_next)  # 80 min: on plan
    assert led.read().spare == pytest.approx(0, abs=0.01)
    set_back_and_asleep(led)
    started_again(led)

    reading = led.read()
    spent = {time.topic: round(time.spent / 60, 2) for time in reading.times}
    assert reading.state == "done"
    assert spent == dict(zip(PHASES, (80, 70, 80, 80, 80, 65), strict=True))
    assert reading.paused_for == pytest.approx(ASLEEP + 300, abs=0.01)
    assert reading.projected_end == BEGIN + timedelta(hours=8)
    assert [t.minutes for t in agenda(led.session.document.all(Topic))] == [80] * 6

    led.session.wait()
    at_end = megabytes()
    record_property("rss_mb", (round(at_start), round(at_end)))
    with capsys.disabled():
        sys.stderr.write(f"[{at_start:.0f} MB after 10 minutes, {at_end:.0f} MB after 8 hours] ")
    assert at_end - at_start < MOST_MEGABYTES
    assert led.library.check().is_clean
