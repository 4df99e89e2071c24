import io
import struct
import wave
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QObject, Signal

from facilitator.model.clock import Reading, TopicTime
from facilitator.ui.desk import chime
from facilitator.ui.desk.chime import Chime, chime_wav, player


class Ticks(QObject):
    ticked = Signal(object)

    def left(self, seconds, topic="whys", state="running"):
        time = TopicTime(topic, 60.0, 60.0 - seconds, True)
        now = datetime(2026, 6, 18, tzinfo=UTC) + timedelta(seconds=60 - seconds)
        self.ticked.emit(Reading(state, topic, (time,), now, now, now, 0.0, False, True))


@pytest.fixture
def played():
    return []


@pytest.fixture
def ticks(qapp, played):
    ticks = Ticks()
    ticks.on = True
    ticks.chime = Chime(ticks, lambda: ticks.on, ticks, play=lambda: played.append(1))
    return ticks


def test_it_sounds_once_when_the_time_is_up_and_not_before(ticks, played):
    for seconds in (90, 30, 0.2):
        ticks.left(seconds)
    assert played == []
    for seconds in (0, -1, -60):
        ticks.left(seconds)
    assert played == [1]


def test_more_time_that_runs_out_again_sounds_again(ticks, played):
    for seconds in (1, -1, 119, -1):
        ticks.left(seconds)
    assert played == [1, 1]


def test_a_meeting_that_is_opened_late_is_silent(ticks, played):
    ticks.left(-300)
    ticks.left(5, topic="level")
    ticks.left(-5, topic="whys")
    assert played == []


def test_nothing_sounds_while_paused_or_switched_off(ticks, played):
    ticks.left(1)
    ticks.left(-1, state="paused")
    ticks.left(-2)
    ticks.on = False
    ticks.left(1)
    ticks.left(-1)
    assert played == []


def test_the_sound_is_short_soft_and_begins_and_ends_in_silence():
    with wave.open(io.BytesIO(chime_wav())) as file:
        count = file.getnframes()
        assert count / file.getframerate() == 0.5
        values = struct.unpack(f"<{count}h", file.readframes(count))
    assert 0.2 < max(map(abs, values)) / 32_767 < 0.41
    assert max(map(abs, (*values[:3], *values[-50:]))) < 1_000


def test_without_a_player_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(chime.shutil, "which", lambda _name: None)
    assert player(tmp_path) == []
    monkeypatch.setattr(
        chime.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "aplay" else None
    )
    assert player(tmp_path / "a.wav") == ["/usr/bin/aplay", "-q", str(tmp_path / "a.wav")]
