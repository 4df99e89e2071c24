"""Lines with a time become moments, and moments become such lines."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Refused
from facilitator.model.clean import clean_text
from facilitator.model.pasted import moment_lines, pasted_moments, split_stamp
from facilitator.model.records import LANES, Moment

NEAR = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)  # 18:14 in Auckland
ZONE = "Pacific/Auckland"


def read(text, near=NEAR, zone=ZONE):
    return pasted_moments(text, near, zone).moments


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("18:14 deploy 4.2.1", utc(2026, 6, 18, 6, 14), "deploy 4.2.1"),
        ("18:14:05 - deploy", utc(2026, 6, 18, 6, 14, 5), "deploy"),
        ("- 18:14: deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("[18:14] deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("18h14, deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("6:14 PM deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("12:05 a.m. deploy", utc(2026, 6, 17, 12, 5), "deploy"),
        ("2026-06-18 18:14 deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("2026-06-18T06:14:00Z deploy", utc(2026, 6, 18, 6, 14), "deploy"),
        ("2026-06-18T08:14:00.250+02:00\tdeploy", utc(2026, 6, 18, 6, 14, 0, 250_000), "deploy"),
        ("2026-06-18 06:14:00,123 +0000 deploy", utc(2026, 6, 18, 6, 14, 0, 123_000), "deploy"),
    ],
)
def test_a_line_gives_its_time_and_its_words(line, at, words):
    (moment,) = read(line)
    assert (moment.at, moment.text, moment.precision) == (at, words, "exact")


@pytest.mark.parametrize(
    ("line", "precision"),
    [
        ("≈18:14 deploy", "about"),
        ("~18:14 deploy", "about"),
        ("about 18:14 deploy", "about"),
        ("before 18:14 deploy", "before"),
        ("2026-06-18 deploy", "date"),
    ],
)
def test_how_well_a_time_is_known_is_kept(line, precision):
    assert read(line)[0].precision == precision


@pytest.mark.parametrize("line", ["18:14–21:08 error page", "18:14 to 21:08 error page"])
def test_two_times_are_beginning_and_end(line):
    (moment,) = read(line)
    assert (moment.at, moment.until) == (utc(2026, 6, 18, 6, 14), utc(2026, 6, 18, 9, 8))
    assert moment.text == "error page"


def test_an_end_before_the_beginning_is_on_the_next_day():
    (moment,) = read("23:50-00:10 cleanup job")
    assert moment.until - moment.at == timedelta(minutes=20)


def test_lines_run_on_over_midnight():
    first, second, third = read("23:58 alert\n00:05 on-call wakes\n00:20 restart")
    assert second.at - first.at == timedelta(minutes=7)
    assert third.at > second.at


def test_a_time_of_day_falls_on_the_day_of_the_line_before():
    _, second = read("2026-05-01 10:00 merged\n11:00 deployed")
    assert second.at == utc(2026, 4, 30, 23, 0)


def test_a_line_without_a_time_has_an_unknown_time_and_none_is_made_up():
    _, second = read("18:14 deploy\nsomebody noticed slow pages")
    assert (second.at, second.precision) == (None, "unknown")


@pytest.mark.parametrize("line", ["2340 patients affected", "4.2.1 released", "18:144 odd"])
def test_numbers_that_are_no_times_stay_words(line):
    moments = read(f"18:14 deploy\n{line}")
    assert (moments[1].at, moments[1].text) == (None, line)


def test_a_sign_chooses_the_lane():
    moments = read("18:14 ◆ deploy\n18:31 ● alert\n18:40 ▲ status page\n18:41 paged")
    assert [m.lane for m in moments] == ["change", "signal", "communication", "action"]


def test_text_without_any_time_is_refused():
    with pytest.raises(Refused, match="begins with a time"):
        pasted_moments("just\nwords", NEAR, ZONE)


def test_a_time_that_does_not_exist_is_named_and_the_rest_goes_on():
    pasted = pasted_moments("18:14 deploy\n25:10 never\n18:20 alert", NEAR, ZONE)
    assert [m.text for m in pasted.moments] == ["deploy", "alert"]
    assert pasted.problems == ("Line 2 has a time that does not exist: “25:10 never”.",)


def test_where_a_line_comes_from_is_kept():
    text = "18:14 deploy\n\n18:20 alert"
    first, second = read(text)
    assert (second.line, second.original, second.source) == (3, "18:20 alert", "pasted lines")
    assert first.digest == second.digest
    assert len(first.digest) == 64


def test_words_that_begin_with_a_time_bring_it_along():
    assert split_stamp("18:20 second deploy", NEAR, ZONE) == (
        utc(2026, 6, 18, 6, 20),
        "exact",
        "second deploy",
    )
    assert split_stamp("second deploy", NEAR, ZONE) is None


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).filter(
    lambda text: clean_text(text) == text and text[0] not in "◆●✚▲■"
)
times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(
    st.lists(
        st.builds(
            Moment,
            st.just("m"),
            words,
            st.sampled_from(LANES),
            times,
            st.none(),
            st.sampled_from(["exact", "about", "before"]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["UTC", "Pacific/Auckland", "America/St_Johns", "Europe/Berlin"]),
)
def test_copied_lines_paste_back_as_they_were(moments, zone):
    pasted = pasted_moments(moment_lines(moments, zone), NEAR, zone)
    assert pasted.problems == ()
    assert [(m.at, m.lane, m.text, m.precision) for m in pasted.moments] == [
        (m.at, m.lane, m.text, m.precision) for m in moments
    ]


def test_an_end_and_an_unknown_time_paste_back_too():
    moments = [
        Moment("a", "error page", "impact", NEAR, NEAR + timedelta(hours=3)),
        Moment("b", "cache was cold", "signal", None, precision="unknown"),
    ]
    first, second = read(moment_lines(moments, ZONE))
    assert (first.at, first.until, first.lane) == (moments[0].at, moments[0].until, "impact")
    assert (second.at, second.text, second.lane) == (None, "cache was cold", "signal")


@pytest.mark.parametrize(
    "line", ["2026-06-18T01:14-05:00 deploy", "2026-06-18 01:14:00-0500 deploy"]
)
def test_an_offset_west_of_greenwich_is_no_end(line):
    (moment,) = read(line)
    assert (moment.at, moment.until) == (utc(2026, 6, 18, 6, 14), None)


@given(st.text(max_size=200))
def test_any_text_after_a_line_with_a_time_is_read_without_a_fault(text):
    moments = read(f"18:14 deploy\n{text}")
    assert moments[0].text.startswith("deploy")
    assert all(moment.text for moment in moments)
