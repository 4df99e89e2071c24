import ctypes
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from facilitator import instants


@pytest.fixture
def elsewhere(monkeypatch):
    """A machine without Linux's boot id."""
    monkeypatch.setattr(instants, "_BOOT_ID", Path("/nowhere/boot_id"))
    instants._boot_id.cache_clear()
    yield monkeypatch
    instants._boot_id.cache_clear()


def test_on_windows_the_clock_is_the_one_that_counts_sleep(elsewhere):
    def tick_count():
        return 90_061_500

    libraries = {"kernel32": SimpleNamespace(GetTickCount64=tick_count)}
    elsewhere.setattr(ctypes, "WinDLL", libraries.__getitem__, raising=False)
    elsewhere.setattr(instants.sys, "platform", "win32")
    assert instants.read_instant().boot == 90_061.5


def test_on_a_mac_the_clock_is_the_one_that_counts_sleep(elsewhere):
    elsewhere.setattr(instants.sys, "platform", "darwin")
    elsewhere.setattr(time, "CLOCK_MONOTONIC_RAW", 4, raising=False)
    elsewhere.setattr(time, "clock_gettime", {4: 1234.5}.__getitem__)
    assert instants.read_instant().boot == 1234.5


def test_anywhere_else_the_clock_still_only_goes_forward(elsewhere):
    elsewhere.setattr(instants.sys, "platform", "sunos5")
    first, second = instants.read_instant(), instants.read_instant()
    assert second.boot >= first.boot


def test_where_boots_have_no_name_a_run_of_the_app_has_one(elsewhere):
    first, second = instants.read_instant(), instants.read_instant()
    assert first.boot_id == second.boot_id
    instants._boot_id.cache_clear()
    assert instants.read_instant().boot_id != first.boot_id
