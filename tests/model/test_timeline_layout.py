"""The timeline's geometry: rows, ticks, snapping, and what is in view."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.document import Document
from facilitator.model.records import LANES, Incident, Moment, Series
from facilitator.model.timeline_axis import Scale, fitted, ticks
from facilitator.model.timeline_curve import Curves, thinned
from facilitator.model.timeline_layout import (
    OVERFLOW,
    Rules,
    chart_of,
    density,
    part_of,
    place,
    share_heights,
    snapped,
)
from facilitator.model.timeline_picture import Sizes, arrange

START = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
T0 = START.timestamp()


def minutes(count):
    return START + timedelta(minutes=count)


def chart(*moments, series=(), **incident):
    incident.setdefault("zone", "Europe/Berlin")
    root = Incident("i", "Empty tickets", START, **incident)
    return chart_of(Document([root, *moments, *series]))


def picture(made, scale, width=1000, height=400, **sizes):
    return arrange(
        made,
        scale,
        Sizes(width, height, **sizes),
        lambda lane, rows: placed(lane, scale.per_second, 90, most_rows=rows),
        lambda text: 7.0 * len(text),
    )


def placed(lane, per_second, width=80.0, **rules):
    return place(lane, per_second, lambda index: width, Rules(**rules))


moments = st.lists(
    st.tuples(
        st.integers(-5000, 5000),
        st.one_of(st.none(), st.integers(0, 600)),
        st.sampled_from(LANES),
    ),
    max_size=60,
).map(
    lambda rows: [
        Moment(f"m{i}", f"moment {i}", lane, minutes(at), None if lasts is None else
               minutes(at + lasts))
        for i, (at, lasts, lane) in enumerate(rows)
    ]
)  # fmt: skip
scales = st.floats(1e-5, 2.0).map(lambda per_second: Scale(150.0, T0 - 3600, per_second))


@given(moments, st.floats(1e-5, 2.0), st.integers(1, 4))
def test_no_two_cards_of_a_row_overlap(made, per_second, rows):
    for lane in chart(*made).lanes:
        made_rows = placed(lane, per_second, most_rows=rows)
        for row in range(made_rows.used if made_rows.rows else 0):
            boxes = [
                (entry.start * per_second, width)
                for entry, width, its in zip(
                    lane.entries, made_rows.widths, made_rows.rows, strict=True
                )
                if its == row
            ]
            for (left, width), (following, _) in pairwise(boxes):
                assert left + width <= following + 1e-3


@given(moments, st.floats(1e-5, 2.0))
def test_a_card_is_never_shorter_than_its_time(made, per_second):
    for lane in chart(*made).lanes:
        made_rows = placed(lane, per_second)
        for entry, width in zip(
            lane.entries if made_rows.rows else (), made_rows.widths, strict=True
        ):
            assert width >= (entry.end - entry.start) * per_second


@given(moments, st.floats(1e-5, 2.0))
def test_every_moment_has_a_row_or_is_counted(made, per_second):
    for lane in chart(*made).lanes:
        made_rows = placed(lane, per_second)
        if not made_rows.is_dense:
            assert made_rows.rows.count(OVERFLOW) == sum(group.size for group in made_rows.groups)


@given(moments)
def test_moments_come_in_order_of_time(made):
    starts = [entry.start for entry in chart(*made).order]
    assert starts == sorted(starts)
    assert len(starts) == len(made)


@given(scales, st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_x_grows_with_time(scale, at, later):
    assert scale.x(T0 + at) <= scale.x(T0 + at + later)


@given(scales, st.floats(150, 900), st.floats(0.1, 10))
def test_zooming_keeps_the_time_under_the_pointer(scale, x, factor):
    zoomed = scale.zoomed(factor, x)
    assert zoomed.at(x) == pytest.approx(scale.at(x), abs=2 / zoomed.per_second)


@given(moments, scales)
def test_what_is_not_in_view_is_counted_at_the_edges(made, scale):
    whole = chart(*made)
    shown = picture(whole, scale)
    for lane, its in zip(whole.lanes, shown.lanes, strict=True):
        begin, end = scale.start, scale.at(966)
        assert its.before == sum(1 for e in lane.entries if e.end < begin)
        assert its.after == sum(1 for e in lane.entries if e.start > end)
        inside = len(lane.entries) - its.before - its.after
        if not its.counts:
            groups = sum(c.group.size for c in its.clusters)
            assert len(its.cards) <= inside <= len(its.cards) + groups


@given(moments, scales)
def test_panning_moves_no_card_up_or_down(made, scale):
    whole = chart(*made)
    here = {card.moment.id: card.box.y for card in picture(whole, scale).cards()}
    there = {c.moment.id: c.box.y for c in picture(whole, scale.panned(-75)).cards()}
    assert {i: y for i, y in here.items() if i in there} == {
        i: y for i, y in there.items() if i in here
    }


@given(moments, scales, st.integers(180, 700))
def test_lanes_fill_the_height_and_do_not_overlap(made, scale, height):
    shown = picture(chart(*made), scale, height=height)
    tops = [lane.box.y for lane in shown.lanes]
    for lane, below in pairwise(shown.lanes):
        assert lane.box.y + lane.box.height == pytest.approx(below.box.y)
        assert all(card.box.y + card.box.height <= below.box.y + 1 for card in lane.cards)
    last = shown.lanes[-1].box
    assert tops[0] == pytest.approx(shown.lanes_top)
    assert last.y + last.height == pytest.approx(shown.lanes_bottom + shown.hidden)


@given(moments, st.floats(1e-4, 0.5), st.floats(-3e5, 3e5))
def test_a_part_of_a_large_lane_holds_all_that_is_in_view(made, per_second, begin):
    scale = Scale(150, T0 + begin, per_second)
    for lane in chart(*made).lanes:
        number, indexes = part_of(lane, scale, 966)
        seen = {
            i
            for i, e in enumerate(lane.entries)
            if e.end >= scale.start and e.start <= scale.at(966)
        }
        assert seen <= set(indexes)
        assert list(indexes) == sorted(set(indexes))
        assert part_of(lane, scale.panned(0.001), 966)[0] in (number, number - 1)


def test_a_card_gives_way_before_a_moment_goes_out_of_sight():
    lane = chart(Moment("a", "a", "action", minutes(0)), Moment("b", "b", "action", minutes(10)))
    made_rows = placed(lane.lanes[2], 0.15, 200.0, most_rows=1)
    assert made_rows.rows == (0, 0)
    assert made_rows.widths == (90 - 4, 200)


def test_moments_too_close_for_cards_become_one_count():
    crowd = [Moment(f"m{i}", "x", "signal", START + timedelta(seconds=i)) for i in range(12)]
    made_rows = placed(chart(*crowd).lanes[1], 1.0, 90.0, most_rows=2)
    assert made_rows.rows.count(OVERFLOW) == 10
    assert [group.size for group in made_rows.groups] == [10]


def test_a_lane_that_is_far_too_full_is_a_strip_of_counts():
    crowd = [Moment(f"m{i}", "x", "signal", minutes(i)) for i in range(5000)]
    made = chart(*crowd)
    scale = fitted(T0, T0 + 5000 * 60, 150, 966)
    shown = picture(made, scale)
    assert shown.lanes[1].cards == ()
    assert sum(density(made.lanes[1], scale, 966, 4.0)) == pytest.approx(5000, abs=40)


def test_the_outage_fills_the_view_though_the_merge_was_days_before():
    made = chart(
        Moment("m", "merged", "change", minutes(-4 * 1440), key="merged"),
        Moment("b", "impact", "impact", minutes(0), minutes(174), key="impact_began"),
        Moment("r", "resolved", "action", minutes(174), key="resolved"),
    )
    assert made.window() == (T0, T0 + 174 * 60)
    scale = fitted(*made.window(), 150, 966, 110)
    shown = picture(made, scale)
    assert scale.x(T0) == pytest.approx(150 + 0.1 * 174 * 60 * scale.per_second)
    assert 800 < scale.x(T0 + 174 * 60) <= 966 - 110
    assert shown.lanes[0].before == 1


def test_a_moment_without_a_time_waits_in_the_tray():
    made = chart(Moment("u", "unknown", "action", None, precision="unknown"))
    assert [m.id for m in made.tray] == ["u"]
    assert made.order == ()
    assert [card.moment.id for card in picture(made, Scale(150, T0, 0.1)).tray] == ["u"]


def test_long_moments_that_began_before_the_view_stay_in_it():
    made = chart(
        Moment("long", "error page", "impact", minutes(0), minutes(600)),
        *(Moment(f"m{i}", "x", "impact", minutes(i)) for i in range(1, 20)),
    )
    shown = picture(made, Scale(150, minutes(500).timestamp(), 0.1))
    assert [card.moment.id for card in shown.lanes[4].cards] == ["long"]
    assert shown.lanes[4].before == 19


def test_labels_of_key_moments_do_not_overlap():
    keys = ("deployed", "impact_began", "system_knew", "person_knew", "mitigated", "resolved")
    made = chart(*(Moment(k, k, "action", minutes(i * 2), key=k) for i, k in enumerate(keys)))
    boxes = [f.box for f in picture(made, Scale(150, T0 - 600, 0.2)).flags if f.box]
    assert len(boxes) >= 3
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y != other.y


def test_the_form_of_the_incident_marks_the_outage_until_a_moment_does():
    made = chart(started_at=minutes(5), resolved_at=minutes(65))
    assert [(mark.key, mark.moment) for mark in made.marks] == [
        ("impact_began", ""),
        ("resolved", ""),
    ]


@given(st.lists(st.floats(20, 120), min_size=1, max_size=6), st.floats(0, 900))
def test_heights_are_at_least_what_is_needed_and_fill_what_there_is(needs, available):
    heights = share_heights(needs, available)
    assert all(h >= n - 1e-6 for h, n in zip(heights, needs, strict=True))
    assert sum(heights) == pytest.approx(max(available, sum(needs)))


def test_ticks_stand_at_round_local_times():
    scale = Scale(150, T0 - 900, 1000 / 14_400)
    labels = [tick.label for tick in ticks(scale, 1150, "Pacific/Auckland")]
    assert labels == ["21:00", "21:30", "22:00", "22:30", "23:00", "23:30", "6 Mar", "00:30"]


@pytest.mark.parametrize(
    ("zone", "day", "missing", "twice"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29), "02:00", ""),
        ("Europe/Berlin", datetime(2026, 10, 25), "", "02:00"),
        ("Australia/Lord_Howe", datetime(2026, 10, 4), "", ""),
    ],
)
def test_ticks_survive_a_change_of_the_clock(zone, day, missing, twice):
    begin = day.replace(tzinfo=ZoneInfo(zone)).timestamp()
    hours = [t for t in ticks(Scale(0, begin - 1, 100 / 3600), 2250, zone)]
    clocks = [t.label[:5] for t in hours if ":" in t.label]
    assert [t.at for t in hours] == sorted({t.at for t in hours})
    assert all(datetime.fromtimestamp(t.at, ZoneInfo(zone)).minute == 0 for t in hours)
    assert missing not in clocks
    assert not twice or clocks.count(twice) == 2


def test_a_tick_after_a_change_of_the_clock_names_its_zone():
    begin = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    labels = [t.label for t in ticks(Scale(0, begin, 100 / 3600), 800, "Europe/Berlin")]
    assert "02:00 CET" in labels


@given(st.floats(1e-9, 100), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_ticks_are_few_and_in_order_at_any_zoom(per_second, zone):
    made = ticks(Scale(0, T0, per_second), 1000, zone)
    assert len(made) <= 1000 / 76 + 2
    assert [t.at for t in made] == sorted({t.at for t in made})


def test_months_and_years_when_far_out():
    far = Scale(0, datetime(2024, 1, 1, tzinfo=UTC).timestamp(), 1000 / (5 * 365 * 86_400))
    assert [t.label for t in ticks(far, 1000, "UTC")][:3] == ["Jan 2024", "Jul 2024", "Jan 2025"]


def test_snapping_prefers_a_moment_to_the_minute():
    scale = Scale(0, T0, 0.1)
    assert snapped(T0 + 130, scale, [(T0 + 95, "gate")]) == (T0 + 95, "gate")
    assert snapped(T0 + 130, scale, [(T0 + 900, "gate")]) == (T0 + 120, "")


def test_snapping_leaves_a_time_alone_that_is_near_nothing():
    assert snapped(T0 + 30, Scale(0, T0, 2.0), []) == (T0 + 30, "")


def test_a_point_of_a_curve_lies_at_the_x_of_its_time():
    series = Series("s", "errors", points=((T0, 1.0), (T0 + 60, 5.0), (T0 + 120, 1.0)))
    points = Curves([series]).line(0, Scale(150, T0, 1.0), 400, 10, 50)
    assert points == [(150, 50), (210, 10), (270, 50)]


def test_a_curve_of_many_points_keeps_its_peaks():
    values = [(T0 + i * 0.01, 100.0 if i == 5000 else 1.0) for i in range(10_000)]
    points = Curves([Series("s", "cpu", points=tuple(values))]).line(
        0, Scale(0, T0, 1.0), 100, 0, 40
    )
    assert len(points) <= 4 * 2 * 101
    assert min(y for _, y in points) == 0


def test_a_curve_that_never_changes_is_a_level_line():
    series = Series("s", "x", points=((T0, 3.0), (T0 + 9, 3.0)))
    points = Curves([series]).line(0, Scale(0, T0, 1), 50, 0, 40)
    assert [y for _, y in points] == [20, 20]


def test_the_value_of_a_curve_is_that_of_its_nearest_point():
    curves = Curves([Series("s", "x", points=((T0, 3.0), (T0 + 60, 7.0)))])
    assert curves.value_at(0, T0 + 40) == (T0 + 60, 7.0)
    assert curves.value_at(0, T0 - 4000) == (T0, 3.0)


@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(-1e6, 1e6)), min_size=1).map(sorted),
    st.floats(0.01, 1e4),
)
def test_a_thinned_curve_keeps_order_ends_and_extremes(points, bucket):
    kept = thinned(points, bucket)
    assert set(kept) <= set(points)
    assert [at for at, _ in kept] == sorted(at for at, _ in kept)
    assert (kept[0][0], kept[-1][0]) == (points[0][0], points[-1][0])
    assert {min(v for _, v in kept), max(v for _, v in kept)} == {
        min(v for _, v in points),
        max(v for _, v in points),
    }
