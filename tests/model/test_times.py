from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Refused
from facilitator.model.times import (
    clock_text,
    countdown_text,
    day_text,
    length_text,
    typed_date,
    typed_time,
    zone_of,
    zone_text,
)

ZONE = "Pacific/Auckland"
NEAR = datetime(2026, 6, 18, 8, 37, tzinfo=UTC)  # 20:37 on the 18th there


@pytest.mark.parametrize(
    "text", ["1814", "18:14", "18.14", "18h14", " 18:14 ", "2026-06-18 18:14", "2026-06-18T18:14"]
)
def test_a_time_is_read_on_the_day_at_hand_in_the_zone(text):
    assert typed_time(text, NEAR, ZONE) == (datetime(2026, 6, 18, 6, 14, tzinfo=UTC), "exact")


@pytest.mark.parametrize("text", ["≈18:14", "~ 1814", "about 18:14", "ca. 18:14", "About 18:14"])
def test_a_time_may_be_about(text):
    assert typed_time(text, NEAR, ZONE) == (datetime(2026, 6, 18, 6, 14, tzinfo=UTC), "about")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+12m", 720), ("+12", 720), ("-90s", -90), ("+ 2 h", 7200), ("+5 min", 300), ("-1sec", -1)],
)
def test_a_step_counts_from_the_time_at_hand(text, seconds):
    assert typed_time(text, NEAR, ZONE)[0] == NEAR + timedelta(seconds=seconds)


def test_seconds_and_offsets_are_kept():
    assert typed_time("18:14:05", NEAR, ZONE)[0] == datetime(2026, 6, 18, 6, 14, 5, tzinfo=UTC)
    stated = typed_time("2026-06-18T18:14:00+02:00", NEAR, ZONE)[0]
    assert stated == datetime(2026, 6, 18, 16, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "18:60", "1814x", "+m", "2026-13-01 10:00", "0001-01-01"]
)
def test_what_is_no_time_is_named(text):
    with pytest.raises(Refused, match=r"is no time\. Write 18:14"):
        typed_time(text, NEAR, ZONE)


TYPED = st.one_of(st.text(max_size=30), st.from_regex(r"[+-] ?\d{1,30}[smh]?", fullmatch=True))


@given(TYPED)
def test_any_typed_text_gives_a_time_in_utc_or_a_sentence(text):
    try:
        at, precision = typed_time(text, NEAR, ZONE)
    except Refused as refusal:
        at, precision = NEAR, "exact" if "is no time" in str(refusal) else "no sentence"
    assert at.utcoffset() == timedelta(0)
    assert precision in ("exact", "about")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("  ", None),
        ("2026-06-26", date(2026, 6, 26)),
        ("3 days", date(2026, 6, 21)),
        ("in 1 day", date(2026, 6, 19)),
        ("1 week", date(2026, 6, 25)),
        ("Immediately", date(2026, 6, 18)),
        ("today", date(2026, 6, 18)),
    ],
)
def test_a_date_may_be_said_from_the_meeting(text, day):
    assert typed_date(text, date(2026, 6, 18)) == day


@pytest.mark.parametrize("text", ["soon", "26.6.", "2026-02-30", "1000 weeks", "-3 days"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(Refused, match=r"is no date\. Write 2026-06-26"):
        typed_date(text, date(2026, 6, 18))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "a\0b", "/etc/passwd"])
def test_a_zone_that_is_none_is_named(name):
    with pytest.raises(Refused, match=r"is no time zone\. Write a name such as"):
        zone_of(name)


def test_times_are_said_in_the_zone():
    at = datetime(2026, 6, 18, 6, 14, 5, tzinfo=UTC)
    assert clock_text(at, ZONE) == "18:14"
    assert clock_text(at, ZONE, seconds=True) == "18:14:05"
    assert day_text(at, ZONE, weekday=True) == "Thursday 18 June 2026"
    assert day_text(date(2026, 6, 8)) == "8 June 2026"


@pytest.mark.parametrize(
    ("month", "zone", "name"),
    [
        (7, ZONE, "NZST"),
        (11, ZONE, "NZDT"),
        (7, "America/Sao_Paulo", "UTC-03"),
        (7, "UTC", "UTC"),
        (7, "Asia/Kathmandu", "UTC+0545"),
    ],
)
def test_a_zone_has_its_name_of_that_day_or_its_offset(month, zone, name):
    assert zone_text(datetime(2026, month, 1, tzinfo=UTC), zone) == name


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (40, "40 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (23 * 60, "23 min"),
        (3600, "1 h"),
        (3599, "1 h"),
        (10440, "2 h 54 min"),
        (47 * 3600, "47 h"),
        (48 * 3600, "2 d"),
        (102 * 3600, "4 d 6 h"),
        (-90, "−2 min"),
    ],
)
def test_lengths_are_said_as_people_say_them(seconds, text):
    assert length_text(timedelta(seconds=seconds)) == text


@given(st.integers(0, 10**7))
def test_a_length_never_says_sixty_of_anything(seconds):
    words = length_text(timedelta(seconds=seconds)).split()
    assert not {("60", "s"), ("60", "min")} & set(zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(702, "11:42"), (0, "0:00"), (59.9, "0:59"), (-0.5, "0:00"), (-80, "+1:20"), (-1, "+0:01")],
)
def test_the_countdown_turns_into_a_count_of_what_is_over(seconds, text):
    assert countdown_text(seconds) == text
