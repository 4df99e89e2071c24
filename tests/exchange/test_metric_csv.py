"""Numbers over time become curves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.metric_csv import number_of
from facilitator.exchange.registry import read_bytes, read_file

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ZONE = "Pacific/Auckland"
AT = datetime(2026, 6, 18, 6, 12, tzinfo=UTC).timestamp()


def test_a_column_of_numbers_is_a_curve_with_name_unit_and_gaps():
    found = read_file(FIXTURES / "error-rate.csv", ZONE)
    (curve,) = found.series
    assert (found.format, found.events) == ("metric_csv", 3)
    assert (curve.name, curve.unit, curve.source) == ("error rate", "%", "error-rate.csv")
    assert curve.points == ((AT, 0.4), (AT + 60, 0.5), (AT + 180, 6.2))
    assert any("line 4" in w and "gap" in w for w in found.warnings)


def test_a_plain_value_column_is_named_after_the_file():
    found = read_bytes("latency.csv", b"timestamp,value\n1781763120,45\n", ZONE)
    assert found.series[0].name == "latency"


def test_the_number_of_a_row_is_no_curve():
    found = read_bytes("a.csv", b",timestamp,cpu\n0,1781763120,45\n1,1781763180,46\n", ZONE)
    assert [(s.name, len(s.points)) for s in found.series] == [("cpu", 2)]


def test_several_columns_are_several_curves():
    found = read_bytes("a.csv", b"time,cpu,memory (GB)\n1781763120,45,3.5\n", ZONE)
    assert [(s.name, s.unit) for s in found.series] == [("cpu", ""), ("memory", "GB")]


def test_curves_below_one_another_are_told_apart_by_their_name():
    data = b"time,metric,value\n1781763120,cpu,1\n1781763120,disk,2\n1781763180,cpu,3\n"
    found = read_bytes("a.csv", data, ZONE)
    assert [(s.name, len(s.points)) for s in found.series] == [("cpu", 2), ("disk", 1)]


def test_points_are_kept_in_order_of_time_and_repeated_times_all_stay():
    data = b"time,value\n1781763180,2\n1781763120,1\n1781763180,3\n"
    (curve,) = read_bytes("a.csv", data, ZONE).series
    assert curve.points == ((AT, 1.0), (AT + 60, 2.0), (AT + 60, 3.0))


def test_words_in_a_column_of_text_make_moments_of_it_even_when_they_are_digits():
    found = read_bytes("a.csv", b"time,message\n1781763120,500\n", ZONE)
    assert (found.format, found.moments[0].text) == ("csv", "500")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.132", 0.132),
        ("31 %", 31.0),
        ("0,4", 0.4),
        ("1,234", 1234.0),
        ("1,234.5", 1234.5),
        ("-3e2", -300.0),
        ("12ms", 12.0),
        ("", None),
        ("NaN", None),
        ("+Inf", None),
        ("1e999", None),
        ("soon", None),
        ("%", None),
    ],
)
def test_a_cell_is_a_number_or_a_gap(text, value):
    assert number_of(text) == value


def test_a_curve_without_any_time_is_refused():
    with pytest.raises(ImportProblem, match=r"a\.csv: no row has both a time and a number"):
        read_bytes("a.csv", b"time,value\nsoon,1\nlater,2\n", ZONE)


def test_too_many_curves_are_refused_with_what_to_do():
    header = ",".join(["time", *(f"m{n}" for n in range(13))])
    row = ",".join(["1781763120", *("1" for _ in range(13))])
    with pytest.raises(ImportProblem, match="Keep the columns that matter"):
        read_bytes("a.csv", f"{header}\n{row}\n".encode(), ZONE)
