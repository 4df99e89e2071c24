"""Words are found as people write names, and a document without them is otherwise the same."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Change, Refused
from facilitator.model.document import Document
from facilitator.model.forgetting import Words, places, renamed, spellings, without, words_of
from facilitator.model.records import (
    Evidence,
    Fix,
    Incident,
    Moment,
    Person,
    Signature,
    Waiver,
    Why,
)
from facilitator.model.redact import name_roles
from facilitator.store.journal import body_of

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("Mark", "Mark saw it. It was marked; mark it.", "X saw it. It was marked; mark it."),
        ("Mark", "MARK! said Mark's friend", "X! said X's friend"),
        (
            "Mark",
            "@mark, mark.lee@example.org, ops/mark, mark_lee",
            "@X, X.lee@example.org, ops/X, X_lee",
        ),
        ("mark", "Mark and MARK", "X and X"),
        ("Aroha Tane", "aroha  tane, AROHA\nTANE", "X, X"),
        ("Māhina", "Ma\u0304hina and MĀHINA", "X and X"),
        ("Ann", "Announce, Hannah, Annas", "Announce, Hannah, Annas"),
        ('"Nan" \\ (x)', 'the "Nan" \\ (x).', "the X."),
        ("a{1}", "see a{1} here", "see X here"),
    ],
)
def test_a_name_is_found_as_a_word_of_its_own(word, text, said):
    words = words_of([word], "X")
    assert words.out_of(text) == said
    assert words.stand_in(text) == (text != said)


def test_wider_finds_any_case_and_longer_words():
    assert words_of(["Ann"], "X", any_case=True).out_of("ann, Annas") == "X, Annas"
    assert words_of(["Ann"], "X", inside=True).out_of("Annas channel") == "Xas chXel"


def test_a_role_begins_a_sentence_with_a_capital():
    words = words_of(["Kim"], "the tech lead")
    assert (
        words.out_of("Kim asked. Then Kim left") == "The tech lead asked. Then the tech lead left"
    )


@pytest.mark.parametrize(
    ("typed", "instead", "sentence"),
    [
        (["", " "], "", "Say which"),
        (["x"], "", "two characters|2 characters"),
        (["Kim"], "friend of Kim", "holds what"),
    ],
)
def test_words_that_cannot_be_forgotten_are_refused(typed, instead, sentence):
    with pytest.raises(Refused, match=sentence):
        words_of(typed, instead)


def full():
    return Document(
        [
            Incident("i", "Checkout", AT, zone="Pacific/Auckland", severity="P1"),
            Person("kim-1", "Kim Lane", "on-call", title="deputy of Kim"),
            Moment("m", "Kim restarted it", at=AT, source="kim.csv", original="Kim: restart"),
            Why("kim-why", "Kim was alone"),
            Why("w2", "Nobody else", "kim-why"),
            Evidence("e", "kim-why", "m"),
            Fix("f", why="kim-why", owner="On-call"),
            Waiver("v", "rule", "Kim said so", record="kim-why", field="text", digest="ab"),
            Signature("s", "r", "on-call", "Kim Lane", "ab" * 32, AT),
        ]
    )


def test_nothing_of_a_name_is_left_and_records_still_belong_together():
    words = words_of(["Kim Lane", "Kim"], "the on-call engineer")
    document = full()
    assert places(document, words).total() == 14
    made = without(document, words)
    assert places(made, words).total() == 0
    assert "kim" not in body_of(Change(None, r) for r in made.records()).casefold()
    first, second = made.all(Why)
    assert (second.parent, made.all(Fix)[0].why) == (first.id, first.id)
    assert (made.all(Evidence)[0].why, made.all(Waiver)[0].record) == (first.id, first.id)
    assert made.get(Moment, "m").text == "The on-call engineer restarted it"
    assert made.all(Person)[0].name == made.all(Signature)[0].name == "[name forgotten]"
    assert made.all(Person)[0].title == "deputy of the on-call engineer"
    assert made.incident == document.incident
    assert set(renamed(document, words)) == {"kim-1", "kim-why"}


def test_a_forgotten_participant_stays_another_one_and_no_word_becomes_a_name():
    people = [
        Person("a", "Kim Lane", "facilitator"),
        Person("b", "Kim Lane", "on-call"),
        Person("c", "Kim Mo", "tech-lead"),
        Person("d", "[name forgotten]", "scribe"),
    ]
    document = Document([Incident("i", "T", AT), *people])
    made = without(document, words_of(["Kim Lane", "Kim"], "the tech lead"))
    names = [person.name for person in made.all(Person)]
    assert names == ["[name-2 forgotten]"] * 2 + ["[name-3 forgotten] Mo", "[name forgotten]"]
    assert set(name_roles(made)) == {*names, "Mo"}


def test_our_own_words_are_nobodys_name():
    words = words_of(["Auckland", "on-call", "text", "moment", "P1"])
    document = full()
    assert places(document, words) == {"fix": 1}
    body = body_of(Change(None, r) for r in document.records() if not isinstance(r, Fix))
    assert not words.stand_in_json(body)


def test_a_word_in_the_id_of_the_incident_is_refused_with_a_way_out():
    document = Document([Incident("kim-1", "T", AT)])
    with pytest.raises(Refused, match="Export the incident as JSON"):
        without(document, words_of(["Kim"]))


def test_a_replacement_that_spells_it_again_is_refused():
    document = Document([Incident("i", "Anana", AT)])
    with pytest.raises(Refused, match="spells it again"):
        without(document, Words(("ana",), "a", inside=True))


def test_what_is_spelled_otherwise_is_counted():
    document = Document([Incident("i", "Mark marked the market", AT, impact="mark, MARKS Mark")])
    assert spellings(document, words_of(["Mark"])) == {
        "marked": 1,
        "market": 1,
        "mark": 1,
        "MARKS": 1,
    }


def test_what_stands_in_a_journal_is_found_behind_line_breaks_and_quotes():
    words = words_of(["Mark"])
    body = body_of([Change(None, Moment("m", 'He said:\nMark "x"'))])
    assert words.stand_in_json(body)
    assert words.stand_in_json('no json "mark')
    assert words.stand_in_json("[" * 100_000 + "mark")
    assert not words.stand_in_json("[[")


@given(st.text(max_size=60), st.sampled_from(["Mark", "ana", "Aroha Tane", "Ō"]))
def test_what_is_said_instead_never_holds_it(text, word):
    words = Words((word,), "someone", any_case=True, inside=True)
    assert not words.stand_in(words.out_of(f"{text}{word}{text}"))


@given(st.text(alphabet="aAnN _.@/\n", max_size=30))
def test_other_text_stays_as_it_is(text):
    document = Document([Incident("i", text, AT)])
    words = words_of(["Zoe"])
    assert without(document, words) == document
    assert replace(document.incident).title == text
