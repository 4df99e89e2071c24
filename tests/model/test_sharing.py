"""A share-safe copy names nobody, says none of the chosen words, and still holds together."""

from datetime import UTC, date, datetime

import pytest

from facilitator.model.change import Refused
from facilitator.model.codec import canonical, document_plain
from facilitator.model.document import Document
from facilitator.model.edits.fixes import the_fix
from facilitator.model.records import (
    ClockMark,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Person,
    Revision,
    Series,
    Signature,
    Topic,
    Waiver,
    Why,
)
from facilitator.model.sharing import leaks, read_words, share_safe

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def small(*more, **incident):
    base = Incident("mere-1", "Acme's checkout fails", AT, started_at=AT, **incident)
    people = (
        Person("p1", "Mere Tipene", "on-call"),
        Person("p2", "Hugh Calder", "tech-lead", title="lead of ACME payments"),
    )
    return Document((base, *people, *more))


def text_after(text, words=(), **incident):
    shared = share_safe(small(Moment("m", text), **incident), read_words(words))
    return shared.all(Moment)[0].text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Mere Tipene was paged.", "The on-call engineer was paged."),
        ("mere tipene was paged", "the on-call engineer was paged"),
        ("MERE  TIPENE was paged", "the on-call engineer was paged"),
        ("asked Mere's team", "asked the on-call engineer's team"),
        ("asked MERE", "asked the on-call engineer"),
        ("@mere saw it", "@the on-call engineer saw it"),
        ("mere.tipene@example.org", "the on-call engineer.the on-call engineer@example.org"),
        ("merely a test", "merely a test"),
        ("ran calder_fix.sh", "ran lead of ACME payments_fix.sh"),
    ],
)
def test_names_become_roles_in_any_case_and_in_handles(text, safe):
    # A title in the person's own words is how prose speaks of them.
    said = text_after(text)
    assert said == safe.replace("lead of ACME payments", "the lead of ACME payments")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Acme rang", "the customer rang"),
        ("ACME rang", "the customer rang"),
        ("api.acme-shop.example", "api.the customer-shop.example"),
        ("AcmePay failed", "the customerPay failed"),
        ("the blue\nroom", "the [removed]"),
        ("Cafe\u0301 closed", "Z closed"),
    ],
)
def test_chosen_words_are_replaced_wherever_they_stand(text, safe):
    words = ("Acme = the customer", "blue room", "Café=Z", "")
    assert text_after(text, words) == safe


def test_the_structural_fix_is_still_the_structural_fix():
    shared = share_safe(small(Fix("fix", "Mere checks", owner="QA lead")))
    assert the_fix(shared).change == "The on-call engineer checks"


def test_the_longest_word_wins():
    assert text_after("Acme Shop and Acme", ["Acme=A1", "Acme Shop=S1"]) == "S1 and A1"


@pytest.mark.parametrize("line", ["a", "=nothing", " x = y"])
def test_a_word_too_short_to_mean_anything_is_refused(line):
    with pytest.raises(Refused, match="two characters"):
        read_words([line])


def test_a_replacement_that_holds_a_word_is_refused():
    with pytest.raises(Refused, match="holds “Acme”"):
        read_words(["Acme=an ACME customer"])


def test_replacements_that_spell_a_word_together_are_refused():
    with pytest.raises(Refused, match="would still stand"):
        text_after("onetwo", ["one=se", "two=cret", "secret"])


def test_where_things_came_from_and_who_signed_stays_behind():
    document = small(
        Moment("m", "Alert", source="mere-notes.csv", line=4, original="Mere: x", digest="ab"),
        Series("s", "errors", points=((1.0, 2.0),), source="acme.csv", digest="cd"),
        Waiver("w", "counterfactual", "Mere wants it"),
        Revision("r", 1, AT, "digest", "3:xyzzy"),
        Signature("g", "r", "on-call", "Mere Tipene", "quux-print", AT),
    )
    shared = share_safe(document, read_words(["Acme"]))
    raw = canonical(document_plain(shared)).casefold()
    for word in (
        "mere",
        "tipene",
        "hugh",
        "calder",
        "acme",
        "notes.csv",
        "xyzzy",
        "quux-print",
        "counterf",
    ):
        assert word not in raw
    assert shared.all(Series)[0].points == ((1.0, 2.0),)


def test_what_points_at_what_stays():
    document = small(
        Topic("mere-topic", "whys", "Whys", "Why?", 10),
        Moment("mere-m", "Alert"),
        Why("root", "It failed"),
        Why("mere-w", "No check", parent="root"),
        Evidence("e", "mere-w", "mere-m"),
        Fix("f", "Add a check", owner="Hugh Calder", due=date(2026, 6, 26), why="mere-w"),
        FollowUp("u", "Ask Hugh", owner="Hugh"),
        ClockMark("c1", "start", AT, 5.0, "boot-of-mere", 1, "mere-topic"),
        ClockMark("c2", "extend", AT, 6.0, "boot-of-mere", 2, "mere-topic", 60, "end"),
    )
    shared = share_safe(document)
    root, child = shared.all(Why)
    assert (root.parent, child.parent) == ("", root.id)
    assert shared.all(Evidence)[0].why == child.id
    assert shared.all(Evidence)[0].moment == shared.all(Moment)[0].id
    assert shared.all(Fix)[0].why == child.id
    assert [mark.topic for mark in shared.all(ClockMark)] == [shared.all(Topic)[0].id] * 2
    assert [mark.payer for mark in shared.all(ClockMark)] == ["", "end"]
    assert {mark.boot_id for mark in shared.all(ClockMark)} == {"boot-1"}
    assert "mere" not in canonical(document_plain(shared)).casefold()


@pytest.mark.parametrize(
    ("zone", "kept"),
    [("Pacific/Auckland", "Etc/GMT-12"), ("Asia/Kolkata", "UTC"), ("Europe/Berlin", None)],
)
def test_a_zone_that_names_a_chosen_place_becomes_an_offset(zone, kept):
    words = read_words(["Auckland", "Kolkata"])
    shared = share_safe(small(zone=zone), words)
    assert shared.incident.zone == (kept or zone)
    assert leaks(shared, words) == ()


def test_the_original_is_as_it_was():
    document = small(Moment("m", "Mere saw it"))
    before = canonical(document_plain(document))
    assert share_safe(document, read_words(["alert"])) != document
    assert canonical(document_plain(document)) == before
