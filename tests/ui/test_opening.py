from datetime import UTC, datetime

import pytest

from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.edits.incident import new_incident
from facilitator.model.records import Moment
from facilitator.ui.library.opening import begin_from_file, open_file
from tests.ui.conftest import small_incident

NOON = datetime(2026, 6, 19, tzinfo=UTC)


def begin(**values):
    return new_incident(topics=(), created_at=NOON, **values)


def opened(path, taken=()):
    return begin_from_file(path, "Europe/Berlin", begin, taken)


def test_moments_become_a_new_incident_named_after_the_file(tmp_path):
    path = tmp_path / "Night shift.csv"
    path.write_text("time,text\n2026-06-18 20:14,Gate opened\n2026-06-18 20:20,Gate stuck\n")
    begun = opened(path)
    document = Document().with_changes(begun.edit.changes)
    assert (document.incident.title, document.incident.zone) == ("Night shift", "Europe/Berlin")
    assert [m.at.hour for m in document.all(Moment)] == [18, 18]
    assert begun.sentence.startswith("Night shift.csv: 2 moments, 0 curves.")


def test_an_export_comes_back_as_it_was_and_beside_the_one_that_is_there(tmp_path):
    original = Document().with_changes(small_incident().changes)
    path = tmp_path / "tickets.json"
    path.write_text(export_json(original))
    assert Document().with_changes(opened(path).edit.changes) == original
    again = Document().with_changes(opened(path, ["tickets"]).edit.changes)
    assert again.incident.id != "tickets"
    assert again.all(Moment) == original.all(Moment)


def test_an_export_that_was_changed_says_so(tmp_path):
    original = Document().with_changes(small_incident().changes)
    path = tmp_path / "tickets.json"
    path.write_text(export_json(original).replace("Driver taken back", "Driver taken out"))
    assert "changed after it was exported" in opened(path).sentence


@pytest.mark.parametrize("text", ["", "no,columns\n", "{", '{"schema": "other"}', "<html>"])
def test_a_file_that_is_none_makes_no_incident_but_a_sentence(tmp_path, text):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ImportProblem, match=r"bad\.json"):
        opened(path)


def test_a_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(ImportProblem, match=r"gone\.csv"):
        opened(tmp_path / "gone.csv")


def test_opening_a_file_leaves_the_library_as_it_was_when_it_cannot_be(library, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("")
    assert open_file(library, bad, begin)[0] == ""
    assert library.incidents() == ()
    good = tmp_path / "good.csv"
    good.write_text("time,text\n2026-06-18 20:14,Gate opened\n")
    incident, sentence = open_file(library, good, begin)
    assert library.document(incident).incident.title == "good"
    assert sentence.startswith("good.csv: ")
