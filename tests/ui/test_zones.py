"""Times of an incident and of this computer are told apart where their clocks differ."""

import time
from datetime import UTC, datetime

import pytest

from facilitator.ui.zones import incident_time, local_time, named_time

AT = datetime(2026, 6, 18, 6, 14, 5, tzinfo=UTC)
THERE = "Pacific/Auckland"

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set here")


@pytest.fixture
def here(monkeypatch):
    def here(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield here
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "incident", "local"),
    [
        ("Pacific/Auckland", "18:14", "18:14:05"),
        ("Antarctica/McMurdo", "18:14", "18:14:05"),
        ("Europe/Berlin", "18:14 NZST", "08:14:05 local time"),
        ("UTC", "18:14 NZST", "06:14:05 local time"),
    ],
)
def test_a_zone_is_named_only_where_the_clocks_differ(here, zone, incident, local):
    here(zone)
    assert incident_time(AT, THERE) == incident
    assert named_time(AT, THERE) == "18:14 NZST"
    assert local_time(AT, THERE) == local
