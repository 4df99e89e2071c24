import random
from collections import Counter

import pytest

from tests.store.powercut import power_cuts
from tests.store.storms import FAULTS, bit_flips, can_trace, fault, fault_points, kill_storm, sample


def test_nothing_acknowledged_is_lost_or_doubled_when_the_process_is_killed(tmp_path):
    counts = kill_storm(tmp_path, kills=6, seed=20260618)
    assert counts["kills"] == 6
    assert counts["acknowledged"] > 0
    assert set(counts) == {"kills", "acknowledged"}


def test_every_flipped_bit_in_what_a_person_wrote_is_told(tmp_path):
    path, words = sample(tmp_path)
    counts = bit_flips(path, 150, seed=1, words=words)
    assert counts == {"variants": 150, "told": 150}


def test_no_flipped_bit_anywhere_changes_content_without_a_word(filled):
    counts = bit_flips(filled, 150, seed=2)
    assert counts["told"] > 0
    assert (counts["silent"], counts["overwritten"]) == (0, 0)


WITH_STRACE = pytest.mark.skipif(not can_trace(), reason="strace records and fails calls")


@WITH_STRACE
def test_nothing_acknowledged_is_lost_when_a_system_call_fails(tmp_path):
    points = fault_points(tmp_path, seed=3)
    chance = random.Random(20260618)
    total = sum((fault(tmp_path, chance.choice(points), how, 3) for how in FAULTS), Counter())
    assert total == dict.fromkeys(FAULTS, 1)


@WITH_STRACE
def test_nothing_acknowledged_is_lost_when_the_power_goes(tmp_path):
    counts = power_cuts(tmp_path, cuts=60, seed=5)
    assert counts["cuts"] == 60
    assert counts["before an acknowledgement"] < 30
    assert set(counts) == {"cuts", "before an acknowledgement"}
