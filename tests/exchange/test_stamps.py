"""Times as files write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.exchange.stamps import EPOCH, StampReader

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def read(text, zone="Pacific/Auckland"):
    return StampReader(zone, [text]).read(text, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-18T18:14:00+12:00",
        "2026-06-18T06:14:00Z",
        "2026-06-18 06:14:00 UTC",
        "2026-06-18 18:14:00 +1200",
        "2026-06-18T06:14:00.000000000Z",
        "2026-06-18T18:14+12:00[Pacific/Auckland]",
        "2026-06-18 18:14",
        "2026/06/18 18:14:00",
        "18.06.2026 18:14",
        "18/06/2026 6:14 PM",
        "18/Jun/26 06:14 PM",
        "Thu, 18 Jun 2026 18:14:00 +1200",
        "[18/Jun/2026:18:14:00 +1200]",
        "Jun 18, 2026, 6:14:00 p.m.",
        "18 June 2026 at 18:14",
        "2026-06-18 18:14 NZST",
        "20260618181400",
        "1781763240",
        "1781763240.0",
        "1781763240000",
        "1781763240000000",
        "1781763240000000000",
    ],
)
def test_each_way_to_write_one_instant_is_that_instant(text):
    assert read(text) == (AT, "exact")


@pytest.mark.parametrize("text", ["2026-06-14", "14.06.2026", "20260614", "14 Jun 2026"])
def test_a_day_without_a_time_stays_a_day(text):
    assert read(text) == (datetime(2026, 6, 13, 12, tzinfo=UTC), "date")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "18:14",
        "12345",
        "99/99/2026 10:00",
        "2026-13-40 10:00",
        "2026-06-18 25:14",
        "2026-06-18 13:14 PM",
        "2026-06-18 18:14 XYZ",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "31 Foo 2026 10:00",
        "9" * 5000,
        "1e99",
    ],
)
def test_what_is_no_time_is_none(text):
    assert read(text)[0] is None


def test_the_unit_of_a_number_is_said():
    reader = StampReader("UTC")
    reader.read("1781763240", 1)
    reader.read("1781763240000", 2)
    assert [w for w in reader.warnings() if "read as seconds since 1970" in w]
    assert [w for w in reader.warnings() if "read as milliseconds since 1970" in w]


def test_a_time_without_a_zone_is_said_to_be_read_in_the_incidents():
    reader = StampReader("Pacific/Auckland")
    reader.read("2026-06-18 18:14", 1)
    assert reader.warnings() == ["Times without a zone are read in Pacific/Auckland (1 of them)."]


def test_a_time_with_its_offset_needs_no_word():
    reader = StampReader("Pacific/Auckland")
    reader.read("2026-06-18T18:14+12:00", 1)
    assert reader.warnings() == []


def test_an_hour_that_comes_twice_and_one_that_never_comes_are_named():
    reader = StampReader("Pacific/Auckland")
    reader.read("2026-04-05 02:30", 4)
    reader.read("2026-09-27 02:30", 7)
    twice, never = reader.warnings()[1:]
    assert "put back" in twice
    assert "line 4" in twice
    assert "put forward" in never
    assert "line 7" in never


def test_one_row_with_a_day_above_twelve_settles_the_order_for_all():
    reader = StampReader("Europe/Berlin", ["6/8/2026 18:14", "6/18/2026 18:14"])
    assert reader.read("6/8/2026 18:14", 1)[0] == datetime(2026, 6, 8, 16, 14, tzinfo=UTC)
    assert not [w for w in reader.warnings() if "month" in w]


def test_an_order_that_nothing_settles_is_said():
    reader = StampReader("Pacific/Auckland", ["6/8/2026 18:14"])
    assert reader.read("6/8/2026 18:14", 1)[0] == datetime(2026, 8, 6, 6, 14, tzinfo=UTC)
    assert any("day/month" in w for w in reader.warnings())


@given(
    st.integers(min_value=10**8, max_value=4 * 10**9),
    st.sampled_from([(1, 0), (10**3, 3), (10**6, 6), (10**9, 9)]),
)
def test_a_number_is_the_same_instant_in_every_unit(seconds, unit):
    factor, _ = unit
    if seconds * factor < 10**11 and factor == 1000:
        seconds += 10**8
    assert read(str(seconds * factor), "UTC")[0] == EPOCH + timedelta(seconds=seconds)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_stumble(text):
    at, precision = read(text)
    assert (at is None) == (precision == "unknown")


@given(
    st.datetimes(
        min_value=datetime(1901, 1, 1),
        max_value=datetime(2199, 1, 1),
        timezones=st.timezones(),
    )
)
def test_iso_with_an_offset_comes_back_exactly(at):
    if at.utcoffset().microseconds or at.utcoffset().seconds % 60:
        at = at.astimezone(UTC)
    assert read(at.isoformat())[0] == at.astimezone(UTC)
