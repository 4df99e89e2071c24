"""Everything goes out as JSON and comes back equal; what is no export is refused."""

import json
import typing
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.demo.incident import demo_edit
from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.json_document import (
    CHOICES,
    creating,
    export_json,
    import_json,
    is_altered,
)
from facilitator.exchange.reading import named_source
from facilitator.model.document import Document
from facilitator.model.records import KINDS, Evidence, Incident, Moment, Why

AT = datetime(2026, 6, 18, 21, tzinfo=UTC)


def demo():
    return Document().with_changes(demo_edit(AT).changes)


def back(text):
    return import_json(named_source("export.json", text.encode()))


# Whatever can be kept: all but the signs that cleaning takes out.
signs = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn"], include_characters="\n\t")
texts = st.text(signs, max_size=40)
VALUES = {
    str: texts,
    int: st.integers(-(2**50), 2**50),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
}


def value_of(name, field, wanted):
    known = CHOICES.get((name, field))
    if known is not None:
        return st.sampled_from(known)
    if field == "id":
        return st.uuids().map(str)
    if field == "zone":
        return st.sampled_from(["UTC", "Pacific/Auckland", "America/St_Johns"])
    parts = [part for part in typing.get_args(wanted) if part is not Ellipsis]
    if typing.get_origin(wanted) is tuple:
        inner = st.tuples(*(VALUES[float] for _ in "xy")) if field == "points" else texts
        return st.lists(inner, max_size=3).map(tuple)
    if type(None) in parts:
        return st.none() | VALUES[next(part for part in parts if part is not type(None))]
    return VALUES[wanted]


def records_of(name):
    kind = KINDS[name]
    hints = typing.get_type_hints(kind)
    given_fields = {f.name: value_of(name, f.name, hints[f.name]) for f in fields(kind)}
    if kind is Why:
        given_fields["parent"] = st.just("")
    if kind is Moment:
        given_fields["key"] = st.just("")
    assert all(f.default is MISSING or f.name in given_fields for f in fields(kind))
    return st.builds(kind, **given_fields)


documents = st.tuples(
    records_of("incident"),
    st.lists(
        st.one_of(*(records_of(n) for n in KINDS if n not in ("incident", "evidence"))), max_size=8
    ),
).map(lambda parts: Document([parts[0], *parts[1]]))


@given(documents)
def test_a_round_trip_loses_nothing(document):
    again = back(export_json(document))
    assert again == document
    assert [r.id for r in again.records()] == [r.id for r in document.records()]


def test_the_demo_comes_back_equal_and_unaltered():
    source = named_source("export.json", export_json(demo()).encode())
    again = import_json(source)
    assert {type(r): len(again.all(type(r))) for r in again.records()}[Moment] == 19
    assert not is_altered(source, again)


def test_a_changed_word_is_noticed():
    text = export_json(demo()).replace("War room opened", "War room closed")
    source = named_source("export.json", text.encode())
    assert is_altered(source, import_json(source))


def test_an_incident_that_is_there_already_gets_a_new_id_and_keeps_all_else():
    document = demo()
    copy = Document().with_changes(creating(document, [document.incident.id]).changes)
    assert copy.incident.id != document.incident.id
    assert [r for r in copy.records() if not isinstance(r, Incident)] == [
        r for r in document.records() if not isinstance(r, Incident)
    ]


def changed(**values):
    plain = json.loads(export_json(demo()))
    plain["records"]["incident"][0].update(values)
    return json.dumps(plain)


def broken(kind, record):
    plain = json.loads(export_json(demo()))
    plain["records"][kind].append(record)
    return json.dumps(plain)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{}", "schema"),
        ("[]", "schema"),
        ("nonsense", "line 1"),
        ('{"schema": "facilitator/export/2", "records": {}}', "facilitator/export/1"),
        ('{"schema": "facilitator/export/1", "records": {}}', "0 incidents"),
        ('{"schema": "facilitator/export/1", "records": {"cause": []}}', "'cause'"),
        ('{"schema": "facilitator/export/1", "records": {"incident": {}}}', "no list"),
        ('{"schema": "facilitator/export/1", "x": 1, "records": {}}', "'x'"),
        (changed(severity="P9"), "P9"),
        (changed(zone="Mars/Base"), "Mars/Base"),
        (changed(users_affected=10**30), "too large"),
        (changed(users_affected="many"), "int is expected"),
        (changed(title="a\u202eb"), "control characters"),
        (changed(summary="a" * 100_001), "100,001"),
        (changed(started_at="2026-06-18T18:14:00"), "no offset"),
        (changed(surprise=1), "surprise"),
        (broken("why", {"id": "x", "text": "t", "parent": "nowhere"}), "nowhere"),
        (broken("why", {"id": "x", "text": "t", "parent": "x"}), "circle"),
        (broken("why", {"id": "crashed", "text": "t"}), "twice"),
        (broken("why", {"text": "t"}), "'id' is missing"),
        (broken("why", 7), "no object"),
        (broken("evidence", {"id": "x", "why": "crashed", "moment": "gone"}), "not there"),
        (broken("moment", {"id": "x", "text": "t", "key": "merged"}), "merged"),
        (export_json(demo()).replace("2340", "NaN", 1), "NaN"),
        ("[" * 50_000, "schema"),
    ],
)
def test_what_is_no_export_is_refused_with_what_is_wrong(text, word):
    with pytest.raises(ImportProblem) as problem:
        back(text)
    assert "export.json" in str(problem.value)
    assert word in str(problem.value) or "recursion" in str(problem.value)


def test_evidence_of_what_is_there_is_taken():
    document = Document([*demo().records(), Evidence("extra", "crashed", "alarm")])
    assert back(export_json(document)) == document
