"""CSV as it comes, and what is said about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.exchange.imported import ImportProblem, import_edit
from facilitator.exchange.json_document import export_json, import_json
from facilitator.exchange.reading import named_source
from facilitator.exchange.registry import read_bytes, read_file
from facilitator.model.document import Document
from facilitator.model.edits.incident import new_incident
from facilitator.model.records import Moment

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ZONE = "Pacific/Auckland"


def read(text, name="notes.csv", zone=ZONE):
    return read_bytes(name, text.encode() if isinstance(text, str) else text, zone)


def test_a_war_rooms_notes_become_moments_with_their_origin():
    found = read_file(FIXTURES / "war-room.csv", ZONE)
    alarm = found.moments[1]
    assert (found.format, found.events, found.warnings) == ("csv", 4, ())
    assert alarm.text == "Alarm: errors above 5 %,\nfor ten minutes"
    assert alarm.at == datetime(2026, 6, 18, 6, 31, tzinfo=UTC)
    assert (alarm.lane, alarm.provenance) == ("signal", "recorded")
    assert (alarm.source, alarm.line) == ("monitoring, in war-room.csv", 3)
    assert alarm.original.startswith('2026-06-18T18:31:00+12:00,"Alarm')
    assert alarm.digest == found.digest
    assert found.moments[2].line == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(delimiter):
    text = f"time{delimiter}text\n2026-06-18T18:14Z{delimiter}deploy\n"
    assert read(text).moments[0].text == "deploy"


def test_a_delimiter_that_the_file_names_is_believed():
    found = read("sep=;\ntime;text\n2026-06-18T18:14Z;one, two\n")
    assert (found.moments[0].text, found.moments[0].line) == ("one, two", 3)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_end_counts_as_one_line(ends):
    found = read(f"time,text{ends}2026-06-18T18:14Z,a{ends}2026-06-18T18:15Z,b{ends}")
    assert [(m.text, m.line) for m in found.moments] == [("a", 2), ("b", 3)]


@pytest.mark.parametrize(
    "header",
    [
        "datetime,message",
        "Timestamp,Summary",
        "Created,Description",
        "@timestamp,event",
        "Date,What",
    ],
)
def test_columns_are_known_by_many_names(header):
    assert read(f"{header}\n2026-06-18T18:14Z,deploy\n").moments[0].text == "deploy"


def test_the_names_win_over_the_order():
    found = read("text,id,time\ndeploy,17,2026-06-18T18:14Z\n")
    assert found.moments[0].text == "deploy"


def test_day_and_time_of_day_in_two_columns_are_put_together():
    found = read("Date,Time,Event\n2026-06-18,18:14,deploy\n")
    assert found.moments[0].at == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def test_a_column_of_offsets_belongs_to_the_time():
    found = read("date,time,timezone,desc\n06/18/2026,06:14:00,UTC,deploy\n")
    assert found.moments[0].at == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def test_a_column_of_times_under_another_name_is_used_and_said():
    found = read("wann genau,Nachricht\n2026-06-18 18:14,deploy\n")
    assert found.moments[0].at == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
    assert "The column “wann genau” is read as the time." in found.warnings


def test_a_header_that_says_utc_is_believed():
    found = read("Time (UTC),Message\n2026-06-18 06:14,deploy\n")
    assert found.moments[0].at == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
    assert any("UTC" in w for w in found.warnings)


def test_a_file_without_a_header_is_read_and_said_to_be():
    found = read("2026-06-18T18:14Z,deploy\n2026-06-18T18:15Z,crash\n")
    assert [m.text for m in found.moments] == ["deploy", "crash"]
    assert any("no header" in w for w in found.warnings)


def test_a_comma_that_nobody_quoted_does_not_cut_the_text_short():
    found = read("time,text\n2026-06-18T18:14Z,one, two, three\n")
    assert found.moments[0].text == "one, two, three"


def test_repeated_column_names_do_no_harm():
    found = read("Summary,Created,Labels,Labels\nFirst,2026-06-18T18:14Z,a,b\n")
    assert found.moments[0].text == "First"


def test_a_row_with_a_time_that_cannot_be_read_waits_in_the_tray_and_is_named():
    found = read("time,text\n2026-06-18T18:14Z,a\nlater,b\n,c\n")
    assert [m.at for m in found.moments[1:]] == [None, None]
    assert any("lines 3 and 4" in w and "“later”" in w for w in found.warnings)


def test_a_row_without_a_text_says_what_its_other_cells_hold():
    found = read("time,text,host\n2026-06-18T18:14Z,,db1\n2026-06-18T18:15Z,x,\n")
    assert found.moments[0].text == "host: db1"


def test_a_row_without_anything_but_a_time_is_left_out_and_named():
    found = read("time,text\n2026-06-18T18:14Z,a\n2026-06-18T18:15Z,\n")
    assert found.events == 1
    assert any("line 3" in w for w in found.warnings)


def test_control_characters_are_taken_out_and_said():
    found = read("time,text\n2026-06-18T18:14Z,a\x1b[31mb\u202egnp\x00\n")
    assert found.moments[0].text == "a[31mbgnp"
    assert "\u202e" not in found.moments[0].original
    assert any("Control characters" in w and "line 2" in w for w in found.warnings)


def test_markup_stays_as_it_was_typed():
    text = '<img src="file:///etc/passwd"> & <b>'
    assert read(f"time\ttext\n2026-06-18T18:14Z\t{text}\n").moments[0].text == text


def test_a_lane_that_is_none_is_said_and_stands_in_the_usual_one():
    found = read("time,text,lane\n2026-06-18T18:14Z,a,deploy\n2026-06-18T18:14Z,b,moon\n")
    assert [m.lane for m in found.moments] == ["change", "action"]
    assert any("“moon” is no lane" in w for w in found.warnings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,value\nfoo,1\n", ["no column of times", "“name”, “value”", "Name one of them"]),
        ("time,text\nsoon,a\nlater,b\n", ["no time can be read", "line 2", "“soon”", "Write"]),
        ("time,text\n", ["a header and no rows"]),
        ('time,text\n2026-06-18T18:14Z,a\n2026-06-18T18:15Z,"b\n', ["line 3", "never closed"]),
        (f"time,text\n2026-06-18T18:14Z,{'a' * 100_001}\n", ["line 2", "100,001", "Cut"]),
        ("<html><body>no</body></html>", ["HTML"]),
        ('{"a": 1}', ["JSON", "Timesketch"]),
        ("[" * 50_000, ["JSON"]),
    ],
)
def test_what_cannot_be_imported_is_told_with_file_place_and_what_to_do(text, words):
    with pytest.raises(ImportProblem) as problem:
        read(text, "bad.csv")
    assert [w for w in ["bad.csv", *words] if w not in str(problem.value)] == []


def test_an_unknown_format_and_an_unknown_zone_are_refused():
    with pytest.raises(ImportProblem, match="no format"):
        read_bytes("a.csv", b"time,text\n1781763240,a\n", ZONE, "excel")
    with pytest.raises(ImportProblem, match="no time zone"):
        read_bytes("a.csv", b"time,text\n1781763240,a\n", "Mars/Base")


def test_an_import_is_one_edit_and_not_made_twice():
    found = read_file(FIXTURES / "war-room.csv", ZONE)
    begun = new_incident("Title", (), datetime(2026, 6, 18, tzinfo=UTC))
    document = Document().with_changes(begun.changes)
    edit = import_edit(document, [found])
    document = document.with_changes(edit.changes)
    assert (edit.label, len(document.all(Moment))) == ("Import war-room.csv", 4)
    again = read_file(FIXTURES / "war-room.csv", ZONE)
    assert import_edit(document, [again]).changes == ()
    assert import_edit(Document().with_changes(begun.changes), [found, again]).changes == (
        edit.changes
    )


BEGUN = new_incident("Title", (), datetime(2026, 6, 18, tzinfo=UTC))


def what_comes_of(data):
    """A number of events, or the sentence that says why there are none."""
    try:
        found = read_bytes("any.csv", data, ZONE)
    except ImportProblem as problem:
        return str(problem)
    document = Document().with_changes(BEGUN.changes)
    document = document.with_changes(import_edit(document, [found]).changes)
    # Whatever came in goes out and comes back.
    again = import_json(named_source("export.json", export_json(document).encode()))
    return found.events if again == document else ""


@given(st.text(max_size=80))
def test_any_words_in_a_row_come_in_and_go_out(words):
    cell = words.replace('"', '""')
    assert what_comes_of(f'time,text\n2026-06-18T18:14Z,"{cell}"\n'.encode(errors="replace"))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_import_stumble(data):
    assert what_comes_of(data)


@given(st.text(alphabet=st.sampled_from('time,tx;"\n\t0123456789-: Z#{}[]|é'), max_size=200))
def test_no_text_makes_the_import_stumble(text):
    assert what_comes_of(text.encode())
