"""Timesketch in both its forms, in and out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facilitator.demo.incident import demo_edit
from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.registry import read_bytes, read_file
from facilitator.exchange.timesketch import timesketch_lines
from facilitator.model.document import Document
from facilitator.model.records import Moment

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ZONE = "Pacific/Auckland"


def test_json_lines_become_moments_with_line_and_original():
    found = read_file(FIXTURES / "feed.jsonl", ZONE)
    assert (found.format, found.events, found.warnings) == ("timesketch_jsonl", 3, ())
    assert found.first == datetime(2026, 6, 18, 6, 10, tzinfo=UTC)
    assert found.last == datetime(2026, 6, 18, 9, 8, 0, 250_000, tzinfo=UTC)
    assert [(m.lane, m.line) for m in found.moments] == [
        ("change", 1),
        ("signal", 2),
        ("signal", 3),
    ]
    assert json.loads(found.moments[2].original)["extra"] == [1, 2]


def test_the_datetime_decides_where_the_timestamp_says_something_else():
    found = read_file(FIXTURES / "feed.jsonl", ZONE)
    assert found.moments[1].at == datetime(2026, 6, 18, 6, 31, tzinfo=UTC)


def test_the_timestamp_counts_where_there_is_no_datetime_and_its_unit_is_said():
    found = read_bytes("a.jsonl", b'{"message": "a", "timestamp": 1781763240000000}\n', ZONE)
    assert found.first == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
    assert any("microseconds" in w for w in found.warnings)


def test_a_line_that_is_no_object_is_named_and_the_rest_is_read():
    data = b'{"message": "a", "datetime": "2026-06-18T06:14Z"}\n{"message": "b", "datet\n\n7\n'
    found = read_bytes("cut.jsonl", data, ZONE)
    assert found.events == 1
    assert any("lines 2 and 4" in w for w in found.warnings)


def test_one_json_list_of_such_objects_is_read_too():
    data = b'[\n{"message": "a", "datetime": "2026-06-18T06:14Z"}\n]'
    assert read_bytes("a.json", data, ZONE).events == 1


def test_the_csv_form_is_told_by_its_three_columns():
    data = b"datetime,timestamp_desc,message,timestamp\n2026-06-18T06:14:00Z,Alarm,errors,5\n"
    found = read_bytes("a.csv", data, ZONE)
    assert (found.format, found.moments[0].text) == ("timesketch_csv", "errors")
    assert found.first == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def test_the_csv_form_falls_back_on_its_timestamp():
    data = b"datetime,timestamp_desc,message,timestamp\n,Alarm,errors,1781763240000000\n"
    found = read_bytes("a.csv", data, ZONE)
    assert found.first == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def test_a_forced_format_that_does_not_fit_says_what_is_missing():
    with pytest.raises(ImportProblem, match="datetime and message"):
        read_bytes("a.csv", b"time,text\n1781763240,a\n", ZONE, "timesketch-csv")
    with pytest.raises(ImportProblem, match="no line with “message”"):
        read_bytes("a.csv", b"time,text\n1781763240,a\n", ZONE, "timesketch_jsonl")


def test_what_is_written_comes_back_as_it_was():
    document = Document().with_changes(demo_edit(datetime(2026, 6, 19, tzinfo=UTC)).changes)
    back = read_bytes("out.jsonl", timesketch_lines(document).encode(), ZONE)
    kept = [(m.text, m.at, m.until, m.lane, m.key, m.precision) for m in back.moments]
    placed = sorted(document.all(Moment), key=lambda m: m.at)
    assert kept == [(m.text, m.at, m.until, m.lane, m.key, m.precision) for m in placed]
