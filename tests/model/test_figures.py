from datetime import UTC, datetime, timedelta

import pytest

from facilitator.model.document import Document
from facilitator.model.figures import (
    began_at,
    deadline,
    deadline_text,
    figure,
    figures,
    key_name,
    order_problems,
    resolved_at,
    share_text,
)
from facilitator.model.records import KEY_MOMENTS, Incident, Moment
from facilitator.model.times import zone_of

ZONE = "Pacific/Auckland"


def local(day, hour, minute=0, month=6):
    return datetime(2026, month, day, hour, minute, tzinfo=zone_of(ZONE)).astimezone(UTC)


TIMES = {
    "deployed": local(18, 18, 10),
    "impact_began": local(18, 18, 14),
    "system_knew": local(18, 18, 31),
    "person_knew": local(18, 18, 37),
    "mitigated": local(18, 20, 45),
    "resolved": local(18, 21, 8),
}


def incident(**values):
    return Incident("i", "Booking", local(18, 22), zone=ZONE, **values)


def key(name, at, precision="exact"):
    return Moment(name, name, "signal", at, precision=precision, key=name)


def outage(**values):
    merged = key("merged", local(14, 0), "date")
    return Document([incident(**values), merged, *(key(k, at) for k, at in TIMES.items())])


def changed(document, *moments):
    ids = {m.id for m in moments}
    return Document([*(r for r in document.records() if r.id not in ids), *moments])


@pytest.mark.parametrize(
    ("figure_id", "text"),
    [
        ("detection_gap", "23 min"),
        ("system_gap", "17 min"),
        ("acknowledge", "6 min"),
        ("containment", "2 h 8 min"),
        ("time_to_mitigate", "2 h 31 min"),
        ("duration", "2 h 54 min"),
        ("detection_deficit", "about 4 d"),
    ],
)
def test_every_figure_follows_from_its_two_moments(figure_id, text):
    assert figure(outage(), figure_id).text == text


def test_figures_come_in_a_fixed_order_and_an_unknown_one_is_an_error():
    assert [f.id for f in figures(Document([incident()]))] == [f.id for f in figures(outage())]
    with pytest.raises(LookupError):
        figure(outage(), "mean_time")


def test_what_nobody_knows_is_left_open():
    assert {f.text for f in figures(Document([incident()]))} == {"not known"}


def test_an_inexact_moment_makes_an_inexact_figure():
    document = changed(outage(), key("person_knew", local(18, 18, 37), "about"))
    assert figure(document, "detection_gap").text == "about 23 min"
    assert figure(document, "system_gap").text == "17 min"


def test_a_date_counts_days_of_the_calendar_in_the_zone():
    # 42 hours after midnight of that date, and one day later on the calendar.
    late = changed(outage(), key("merged", local(17, 0), "date"))
    assert figure(late, "detection_deficit").text == "about 1 d"
    same = changed(outage(), key("merged", local(18, 0), "date"))
    assert figure(same, "detection_deficit").length == timedelta(0)


def test_moments_in_the_wrong_order_give_no_length_but_a_reason():
    document = changed(outage(), key("person_knew", local(18, 18)))
    found = figure(document, "detection_gap")
    assert (found.length, found.text) == (None, "Person knew is before Impact began")


def test_lengths_are_elapsed_time_over_the_change_of_clocks():
    # Clocks go forward at 02:00 on 27 September 2026 in New Zealand.
    began = datetime(2026, 9, 27, 1, 0, tzinfo=zone_of(ZONE)).astimezone(UTC)
    solved = datetime(2026, 9, 27, 4, 0, tzinfo=zone_of(ZONE)).astimezone(UTC)
    document = Document([incident(), key("impact_began", began), key("resolved", solved)])
    assert figure(document, "duration").text == "2 h"


def test_the_form_stands_in_for_a_key_moment_and_gives_way_to_it():
    form = {"started_at": local(18, 18, 0), "resolved_at": local(18, 22, 0)}
    assert figure(Document([incident(**form)]), "duration").text == "4 h"
    document = outage(**form)
    assert (began_at(document), resolved_at(document)) == (
        TIMES["impact_began"],
        TIMES["resolved"],
    )


def test_a_key_moment_without_a_time_does_not_count():
    document = changed(outage(), key("person_knew", None, "unknown"))
    assert figure(document, "detection_gap").length is None


@pytest.mark.parametrize(
    ("severity", "due"),
    [("P0", local(19, 21, 8)), ("P1", local(20, 21, 8)), ("P2", None), ("P3", None), ("", None)],
)
def test_the_deadline_follows_from_severity_and_resolution(severity, due):
    assert deadline(outage(severity=severity)) == due


def test_the_deadline_is_48_elapsed_hours_over_the_change_of_clocks():
    solved = datetime(2026, 9, 26, 12, 0, tzinfo=zone_of(ZONE)).astimezone(UTC)
    document = Document([incident(severity="P1", resolved_at=solved)])
    due = deadline(document)
    assert due - solved == timedelta(hours=48)
    assert due.astimezone(zone_of(ZONE)).hour == 13


@pytest.mark.parametrize(
    ("severity", "after", "text"),
    [
        ("P1", timedelta(hours=26, minutes=46), "post-mortem due in 21 h 14 min"),
        ("P1", timedelta(hours=48), "post-mortem due in 0 s"),
        ("P1", timedelta(hours=48, seconds=1), "post-mortem overdue by 1 s"),
        ("P0", timedelta(hours=25), "post-mortem overdue by 1 h"),
        ("P2", timedelta(0), "post-mortem optional"),
        ("P3", timedelta(0), "no post-mortem required"),
        ("", timedelta(0), "severity not set"),
    ],
)
def test_the_countdown_says_what_is_left(severity, after, text):
    assert deadline_text(outage(severity=severity), TIMES["resolved"] + after) == text


def test_while_it_is_not_resolved_the_deadline_is_unknown_not_a_number():
    document = Document([incident(severity="P0", started_at=local(18, 18))])
    assert deadline_text(document, local(19, 18)) == "deadline unknown: not resolved yet"
    moved = Document([incident(severity="P0", started_at=local(1, 1))])
    assert deadline(moved) is None


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (2340, 45000, "5.2 %"),
        (0, 10, "0.0 %"),
        (5, 0, "not defined"),
        (None, 10, "not defined"),
        (5, None, "not defined"),
    ],
)
def test_a_share_needs_a_base(part, whole, text):
    assert share_text(part, whole) == text


def test_moments_in_their_order_raise_no_problem():
    assert order_problems(outage()) == ()


def test_a_contradiction_is_said_in_a_sentence():
    document = changed(outage(), key("resolved", local(18, 17)))
    assert order_problems(document) == ("“Resolved” lies before “Mitigated”.",)


def test_a_date_contradicts_only_another_day():
    document = changed(outage(), key("deployed", local(18, 0), "date"))
    assert order_problems(document) == ()
    document = changed(outage(), key("merged", local(19, 0), "date"))
    assert order_problems(document) == ("“Deployed” lies before “Merged”.",)


def test_every_key_moment_has_a_name():
    assert [key_name(k) for k in KEY_MOMENTS][2:4] == ["Impact began", "System knew"]
