from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.codec import canonical, document_plain
from facilitator.model.document import Document
from facilitator.model.records import (
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Signature,
    Topic,
    Waiver,
    Why,
)
from facilitator.model.redact import name_roles, redact, role_title, without_names

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
PEOPLE = (
    Person("p1", "Aroha Tane", "on-call"),
    Person("p2", "Mark Webb", "tech-lead"),
    Person("p3", "Ines Mark", "participant", title="head of care"),
)
ROLES = name_roles(Document(PEOPLE))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Aroha Tane restarted it.", "The on-call engineer restarted it."),
        ("Then Aroha restarted it.", "Then the on-call engineer restarted it."),
        ("It was slow. Webb saw it.", "It was slow. The tech lead saw it."),
        ("Ask Ines Mark", "Ask the head of care"),
        ("Tane's laptop", "The on-call engineer's laptop"),
        ("(Webb)", "(the tech lead)"),
        ("Webber and webb and Tanex", "Webber and webb and Tanex"),
        ("Then Mark came", "Then a participant came"),
        ("", ""),
    ],
)
def test_a_name_in_prose_becomes_the_role(text, said):
    assert without_names(text, ROLES) == said


def test_without_people_nothing_changes():
    assert without_names("Aroha did it", {}) == "Aroha did it"
    assert name_roles(Document()) == {}


def test_a_name_without_a_letter_is_no_name():
    roles = name_roles(Document([Person("p", " "), Person("q", "")]))
    assert without_names("All was quiet.", roles) == "All was quiet."


def test_short_names_count_and_small_words_do_not():
    roles = name_roles(Document([Person("p", "Bo van My", "scribe")]))
    assert roles == {"Bo van My": "the scribe", "Bo": "the scribe"}


def test_a_name_inside_a_title_is_not_said_either():
    people = Document(
        [Person("a", "Kim Lee", "scribe"), Person("b", "Ida", title="deputy of Kim Lee")]
    )
    assert without_names("Ida wrote", name_roles(people)) == "The deputy of a participant wrote"
    assert "Kim" not in redact(people).get(Person, "b").title


def test_a_person_without_a_name_is_no_reason_to_stop():
    assert name_roles(Document([Person("p", " ", "scribe")])) == {}


def test_a_whole_name_that_two_people_share_is_said_with_one_of_the_roles():
    twins = Document([Person("a", "Kim Lee", "scribe"), Person("b", "Kim Lee", "on-call")])
    assert "Kim" not in without_names("Kim Lee came", name_roles(twins))


@pytest.fixture
def document():
    return Document(
        [
            Incident("i", "Aroha's outage", AT, summary="Webb called Aroha Tane."),
            *PEOPLE,
            Topic("t", "whys", "5 Whys", "Why?", 20),
            Moment("m", "Aroha paged", at=AT, original="06:14 Aroha: paged"),
            Why("w", "Webb merged it"),
            Fix("fix", change="Webb adds a test", owner="Mark Webb", helpers="Aroha"),
            FollowUp("f", "Aroha writes it down", owner="Aroha Tane"),
            Parked("k", "Ask Webb"),
            Waiver("x", "blame", "quoted", record="w", field="text", digest="ab"),
            Signature("s", "r", "tech-lead", "Mark Webb", "ff", AT),
        ]
    )


def test_no_name_is_left_anywhere(document):
    text = canonical(document_plain(redact(document)))
    for name in ("Aroha", "Tane", "Webb", "Ines"):
        assert name not in text


def test_people_and_signatures_show_roles(document):
    seen = redact(document)
    assert [(p.name, p.role) for p in seen.all(Person)] == [
        ("On-call", "on-call"),
        ("Tech lead", "tech-lead"),
        ("Participant", "participant"),
    ]
    assert seen.get(Signature, "s").name == "Tech lead"
    assert role_title("product-owner") == "Product owner"


def test_a_waiver_keeps_rule_and_reason_and_no_sentence(document):
    waiver = redact(document).get(Waiver, "x")
    assert (waiver.rule, waiver.reason) == ("blame", "quoted")
    assert (waiver.record, waiver.field, waiver.digest) == ("", "", "")


def test_what_holds_no_name_is_the_same_record(document):
    seen = redact(document)
    assert seen.get(Topic, "t") is document.get(Topic, "t")
    assert seen.incident.id == "i"


NAMES = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=8)


@given(first=NAMES, last=NAMES, before=st.text(max_size=20), after=st.text(max_size=20))
def test_any_full_name_that_stands_alone_is_replaced(first, last, before, after):
    name = f"{first} {last}"
    document = Document(
        [
            Incident("i", "T", AT),
            Person("p", name, "scribe"),
            Why("w", f"{before} {name} {after}"),
        ]
    )
    assert name not in redact(document).get(Why, "w").text
