import random
from collections import Counter

import pytest

from facilitator.store.problems import LibraryProblem
from tests.store import bundle_flips
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


def test_a_flipped_bit_in_a_bundle_is_told_or_harmless_and_never_half_brought_in():
    plain, light = bundle_flips.sample()[1], bundle_flips.sealed_lightly()
    counts = bundle_flips.flips(40, 4, plain, spots=bundle_flips.used(plain))
    counts += bundle_flips.cuts(10, 5, plain)
    assert set(counts) <= {"variants", "told", "harmless"}
    assert counts["told"] > 25
    sealed = bundle_flips.flips(40, 6, light, bundle_flips.WORDS)
    sealed += bundle_flips.cuts(10, 7, light, bundle_flips.WORDS)
    assert sealed == {"variants": 50, "told": 50}


def test_a_bundle_that_nobody_hurt_is_brought_in_and_half_of_one_would_be_noticed(monkeypatch):
    plain, light = bundle_flips.sample()[1], bundle_flips.sealed_lightly()
    assert bundle_flips.brought_in(plain) == "harmless"
    assert bundle_flips.brought_in(light, bundle_flips.WORDS) == "harmless"
    create = bundle_flips.Library.create

    def half(library, edit):
        create(library, edit)
        raise LibraryProblem("It is damaged.", "damaged")

    monkeypatch.setattr(bundle_flips.Library, "create", half)
    assert bundle_flips.brought_in(plain) == "half"


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
