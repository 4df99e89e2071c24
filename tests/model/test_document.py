import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Change, Edit, Refused, join
from facilitator.model.clean import LONGEST_TEXT, clean_line, clean_text, was_cleaned
from facilitator.model.codec import (
    Malformed,
    canonical,
    document_digest,
    document_plain,
    from_plain,
    iso,
    to_plain,
)
from facilitator.model.document import Conflict, Document
from facilitator.model.records import (
    KINDS,
    NAMES,
    Fix,
    Moment,
    Person,
    Series,
    Why,
)

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
ONE = Why("w1", "Effect")
TWO = Why("w2", "Answer", "w1", 1.0)


def test_a_document_answers_by_kind_and_id():
    document = Document([ONE, TWO, Person("w1", "Somebody")])
    assert document.get(Why, "w1") == ONE
    assert document.find(Why, "w9") is None
    assert document.all(Why) == (ONE, TWO)
    with pytest.raises(LookupError):
        document.get(Why, "w9")
    with pytest.raises(LookupError, match="no incident"):
        _ = document.incident


def test_a_change_gives_a_new_value_and_leaves_the_old_one():
    before = Document([ONE])
    after = before.with_changes([Change(None, TWO), Change(ONE, replace(ONE, text="Other"))])
    assert before.all(Why) == (ONE,)
    assert [why.text for why in after.all(Why)] == ["Other", "Answer"]
    assert after.with_changes([Change(TWO, None)]).all(Why) == (replace(ONE, text="Other"),)


@pytest.mark.parametrize(
    "change", [Change(TWO, None), Change(None, ONE), Change(replace(ONE, rank=2.0), ONE)]
)
def test_a_change_that_does_not_fit_is_a_conflict_and_changes_nothing(change):
    document = Document([ONE])
    with pytest.raises(Conflict):
        document.with_changes([Change(None, Why("w3", "New")), change])
    assert document == Document([ONE])


def test_documents_are_equal_by_what_they_hold():
    assert Document([ONE, TWO]) == Document([ONE]).with_changes([Change(None, TWO)])
    assert Document([ONE]) != Document([TWO])
    assert Document() != 1


def test_a_change_needs_a_side():
    assert Change(ONE, None).key == (Why, "w1")
    with pytest.raises(ValueError, match="at least one side"):
        _ = Change(None, None).record


WHYS = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.none(), st.text("ab", max_size=2))), max_size=12
)


def edits_of(steps, document):
    """Edits that each set or remove one answer, and the document after all of them."""
    edits = []
    for number, text in steps:
        before = document.find(Why, f"w{number}")
        after = None if text is None else Why(f"w{number}", text)
        changes = () if before == after else (Change(before, after),)
        edits.append(Edit("Step", changes))
        document = document.with_changes(changes)
    return edits, document


@given(WHYS)
def test_joined_edits_do_what_they_do_one_after_the_other(steps):
    start = Document([Why("w0", "a")])
    edits, end = edits_of(steps, start)
    joined = join("All", edits)
    assert start.with_changes(joined.changes) == end
    assert end.with_changes(joined.reversed().changes) == start
    assert len({change.key for change in joined.changes}) == len(joined.changes)


def example(kind):
    """A record of this kind with something in every field that can hold something."""
    values = {}
    for f in fields(kind):
        values[f.name] = {
            "str": f"{f.name} Ōtautahi “<b>&",
            "int": 3,
            "int | None": 4,
            "float": 1.5,
            "bool": True,
            "datetime": AT,
            "datetime | None": AT + timedelta(microseconds=7),
            "date | None": date(2026, 6, 26),
            "tuple[str, ...]": ("a", "b"),
            "tuple[tuple[float, float], ...]": ((1.0, 2.5), (2.0, -1.0)),
        }[f.type]
    return kind(**values)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_record_survives_json(kind):
    record = example(kind)
    assert from_plain(kind, json.loads(canonical(to_plain(record)))) == record
    assert KINDS[NAMES[kind]] is kind


@pytest.mark.parametrize(
    ("kind", "plain", "words"),
    [
        (Why, {"id": "w", "text": "x", "colour": "red"}, "why: unknown field 'colour'"),
        (Why, {"id": "w"}, "why: field 'text' is missing"),
        (Why, {"id": "w", "text": 3}, "why.text: str is expected, not int"),
        (Why, {"id": "w", "text": None}, "why.text: str is expected, not NoneType"),
        (Why, {"id": "w", "text": "x", "rank": "1"}, "why.rank: float is expected, not str"),
        (Why, {"id": "w", "text": "x", "root_cause": 1}, "why.root_cause: bool is expected"),
        (Moment, {"id": "m", "text": "x", "at": "soon"}, "'soon' is not ISO 8601"),
        (Moment, {"id": "m", "text": "x", "at": "2026-06-18T06:14"}, "has no offset from UTC"),
        (Moment, {"id": "m", "text": "x", "at": 3}, "a datetime in ISO 8601 is expected"),
        (Moment, {"id": "m", "text": "x", "line": True}, "int is expected, not bool"),
        (Fix, {"id": "f", "due": "26.6."}, "'26.6.' is not ISO 8601"),
        (Series, {"id": "s", "name": "n", "points": [[1.0]]}, "2 values are expected"),
        (Series, {"id": "s", "name": "n", "points": 3}, "a list is expected"),
    ],
)
def test_what_is_no_record_is_named(kind, plain, words):
    with pytest.raises(Malformed, match=r"^[a-z_.]+: ") as caught:
        from_plain(kind, plain)
    assert words in str(caught.value)


def test_whole_numbers_pass_as_floats_and_times_become_utc():
    assert from_plain(Why, {"id": "w", "text": "x", "rank": 2}) == Why("w", "x", rank=2.0)
    moment = from_plain(Moment, {"id": "m", "text": "x", "at": "2026-06-18T18:14:00+12:00"})
    assert moment.at == AT
    assert iso(AT.astimezone(timezone(timedelta(hours=12)))) == "2026-06-18T06:14:00Z"


def test_canonical_json_has_one_spelling():
    assert canonical({"b": "Ō", "a": [1, 2.5, None]}) == '{"a":[1,2.5,null],"b":"Ō"}'
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(float("nan"))


def test_the_digest_depends_on_content_and_not_on_the_order_of_work():
    assert document_digest(Document([ONE, TWO])) == document_digest(Document([TWO, ONE]))
    assert document_digest(Document([ONE])) != document_digest(Document([replace(ONE, text="x")]))
    assert set(document_plain(Document())) == set(KINDS)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("a\x00\x07b\x1b[31m", "ab[31m"),
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("O\u0304", "Ō"),
        ("tab\tstays <b>&", "tab\tstays <b>&"),
        ("\ud800x", "x"),
        ("👩‍🚀", "👩‍🚀"),
    ],
)
def test_text_from_outside_is_cleaned_once(text, cleaned):
    assert clean_text(text) == cleaned


def test_cleaning_is_said_where_the_eye_sees_nothing():
    assert was_cleaned("a\u202eb")
    assert not was_cleaned("plain\n\ttext")
    assert clean_line(" a \n\n b\tc ") == "a b c"


def test_long_text_is_kept_whole_and_longer_refused():
    assert len(clean_text("x" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(Refused, match="100,001 characters; at most 100,000"):
        clean_text("x" * (LONGEST_TEXT + 1))


@given(st.text())
def test_clean_text_stays_clean(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not was_cleaned(cleaned)
    cleaned.encode()
