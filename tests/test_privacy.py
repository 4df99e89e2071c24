"""Nothing private reaches the room: not by any edit, not on any card, not while it is typed."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant, read_clock
from facilitator.model.codec import canonical, document_plain
from facilitator.model.document import Document
from facilitator.model.edits.whys import add_why, change_why
from facilitator.model.records import (
    KINDS,
    PHASES,
    ClockMark,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Revision,
    Series,
    Signature,
    Topic,
    Waiver,
    Why,
)
from facilitator.model.redact import Redactor, redact
from facilitator.stage import Scene
from facilitator.ui.room.sizes import SIZES
from facilitator.ui.room.view import RoomView
from facilitator.ui.theme import Theme

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
PEOPLE = ("Aroha Tane", "Bo Lind", "Quill van Oss", "Zed", "Aroha Lind")
WORDS = ("Aroha", "Tane", "Bo", "Lind", "Quill", "Oss", "Zed")
NAMES = re.compile(rf"(?<!\w)(?:{'|'.join((*PEOPLE, *WORDS))})(?!\w)")

# What the room may show of a record, word for word. Everything else is private.
PUBLIC = {
    "incident.title",
    "incident.severity",
    "incident.impact",
    "incident.services",
    "incident.users_word",
    "incident.opening",
    "incident.not_reached",
    "topic.title",
    "topic.question",
    "moment.text",
    "why.text",
    "fix.change",
    "fix.artefact",
    "fix.owner",
    "fix.helpers",
    "fix.check",
}
# Words that have to be what the rules allow, so that a card can be drawn at all.
FIXED = {
    "id", "parent", "why", "moment", "revision", "topic", "record", "phase", "lane", "key", "zone",
    "kind", "precision", "provenance", "role", "level", "artefact_kind", "status", "payer",
    "severity",
}  # fmt: skip

people = st.tuples(
    *(
        st.builds(
            Person,
            st.just(f"p{n}"),
            st.just(name),
            st.sampled_from(["tech-lead", "on-call", "participant"]),
            st.sampled_from(["", "head of ticketing", "deputy of Aroha", "Zed"]),
        )
        for n, name in enumerate(PEOPLE)
    )
)
prose = st.lists(
    st.sampled_from([*PEOPLE, *WORDS, "said", "the", "printer's", ".", "\n", "Bo's", "(Zed)", "ß"]),
    min_size=1,
    max_size=8,
).map(" ".join)


def of_any_kind(text):
    """A record of any kind that holds the text wherever it can."""
    return [
        Incident("i", text, AT, "P1", text, text, impact=text, services=text, summary=text,
                 opening=text, went_well=text, was_hard=text, why_allowed=text),
        Topic("t", "whys", text, text, 5),
        Moment("m", text, at=AT, source=text, original=text),
        Series("s", text, text, source=text),
        Why("w", text),
        Fix("f", text, "other", text, text, text, check=text, ticket=text),
        FollowUp("u", text, owner=text, helpers=text, check=text),
        Parked("k", text),
        Waiver("v", "rule", text, "w", "text", "ab"),
        Signature("g", "r", "tech-lead", "Aroha Tane", "ff", AT),
    ]  # fmt: skip


@given(people, prose)
def test_no_name_is_left_in_any_field_of_any_record(persons, text):
    seen = redact(Document([*persons, *of_any_kind(text)]))
    left = {
        (type(record).__name__, f.name, getattr(record, f.name))
        for record in seen.records()
        for f in fields(record)
        if isinstance(getattr(record, f.name), str) and NAMES.search(getattr(record, f.name))
    }
    assert left == set()


def _edit_person(document, n, text):
    before = document.get(Person, "p0")
    after = replace(before, role=("scribe", "on-call")[n % 2], title=text)
    return Edit("Edit person", (Change(before, after),) if after != before else ())


EDITS = {
    "add": lambda document, n, text: add_why(document, text, "w", why_id=f"w{n}"),
    "change": lambda document, _n, text: change_why(document, "w", text),
    "waive": lambda _document, n, text: Edit(
        "Waive", (Change(None, Waiver(f"v{n}", "rule", text, "w", "text", "ab")),)
    ),
    "person": _edit_person,
}


@given(people, st.lists(st.tuples(st.sampled_from(sorted(EDITS)), prose), max_size=12))
def test_after_any_edits_nothing_private_is_left(persons, steps):
    """A redactor that follows the edits says the same as one that starts afresh."""
    document = Document([Incident("i", "T", AT), Why("w", "E"), *persons])
    follow = Redactor()
    follow(document)
    for n, (step, text) in enumerate(steps):
        document = document.with_changes(EDITS[step](document, n, f"It {text}").changes)
        seen = follow(document)
        assert seen == redact(document)
        assert not NAMES.search(canonical(document_plain(seen)))
        assert all((w.record, w.field, w.digest) == ("", "", "") for w in seen.all(Waiver))


def filled():
    """A document in which every text of every record says where it stands."""
    blank = {
        Incident: Incident("i", "x", AT, users_affected=5, users_total=9, started_at=AT),
        Person: Person("p", "x"),
        Moment: Moment("m", "x", at=AT, key="system_knew"),
        Series: Series("s", "x"),
        Why: Why("w", "x"),
        Evidence: Evidence("e", "w", "m"),
        Fix: Fix("f", due=AT.date()),
        FollowUp: FollowUp("u", "x"),
        Parked: Parked("k", "x"),
        Waiver: Waiver("v", "x", "x"),
        Revision: Revision("r", 1, AT, "x", "1:x", ("tech-lead",)),
        Signature: Signature("g", "r", "tech-lead", "x", "x", AT),
        ClockMark: ClockMark("c", "opening", AT, 0.0, "x"),
    }
    records = [_with_canaries(record) for record in blank.values()]
    topics = [Topic(f"t-{p}", p, "x", "x", 5, rank=n) for n, p in enumerate(PHASES)]
    return Document([*records, *map(_with_canaries, topics)])


def _with_canaries(record):
    kind = next(name for name, each in KINDS.items() if each is type(record))
    texts = {
        f.name: f"<{kind}.{f.name}>"
        for f in fields(record)
        if isinstance(getattr(record, f.name), str) and f.name not in FIXED
    }
    return replace(record, **texts)


def canaries_in(texts):
    return set(re.findall(r"<(\w+\.\w+)>", " ".join(texts)))


SCENES = [
    *(Scene(card) for card in ("opening", *PHASES)),
    Scene("restate", reading=0),
    Scene("whys", "w", asked="What made that the sensible step?"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s.card}{s.reading}{bool(s.asked)}")
def test_the_room_draws_only_what_is_on_the_list(qtbot, scene, size):
    document = filled()
    view = RoomView(Theme("light"), size)
    qtbot.addWidget(view)
    view.resize(1920, 1080)
    reading = read_clock(document.all(Topic), (), Instant(AT, 1.0, "b"))
    view.show_meeting(redact(document), scene, reading)
    view.grab()
    assert view.texts()
    assert canaries_in(view.texts()) <= PUBLIC


def test_the_list_is_no_longer_than_it_has_to_be(qtbot):
    """Every public field is drawn somewhere: what is not drawn needs no permission."""
    document = filled()
    drawn = set()
    view = RoomView(Theme("light"), "small")
    qtbot.addWidget(view)
    view.resize(3840, 1080)
    reading = read_clock(document.all(Topic), (), Instant(AT, 1.0, "b"))
    for given_document in (document, _without_fix(document)):
        for scene in SCENES:
            view.show_meeting(redact(given_document), scene, reading)
            view.grab()
            drawn |= canaries_in(view.texts())
    assert drawn == PUBLIC - {"incident.severity"}


def _without_fix(document):
    return document.with_changes([Change(document.get(Fix, "f"), None)])


def test_a_blank_room_says_nothing(qtbot):
    view = RoomView(Theme("light"))
    qtbot.addWidget(view)
    document = filled()
    reading = read_clock(document.all(Topic), (), Instant(AT, 1.0, "b"))
    view.show_meeting(redact(document), Scene("restate", blank=True), reading)
    image = view.grab().toImage()
    assert view.texts() == ()
    assert {image.pixelColor(x, y).name() for x in (0, 300) for y in (0, 200)} == {"#000000"}
