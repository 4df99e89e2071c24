"""What stands between a document and a signature, and what is ready for the next phase."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from facilitator.bundled import language_rules
from facilitator.checks.gates import gates, wishes
from facilitator.checks.readiness import readiness
from facilitator.checks.signers import may_sign, signer_roles, signers
from facilitator.checks.wording import OpenHint, jargon_on_page_one
from facilitator.language.hints import Hint
from facilitator.model.change import Change
from facilitator.model.document import Document
from facilitator.model.records import (
    PHASES,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Person,
    Why,
)

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)


def ready():
    """The least that can be signed."""
    return Document(
        [
            Incident("i", "Cards were refused", AT, severity="P1", summary="Cards were refused.",
                     impact="Nobody could pay.", level="scope"),
            Moment("m", "First refused card", "impact", AT, key="impact_began"),
            Why("w0", "Cards were refused"),
            Why("w1", "The limit had no test", "w0", level="scope", root_cause=True),
            Evidence("e", "w1", "m"),
            Fix("fix", "The checklist names limits", "checklist", "release checklist",
                "product owner", "", date(2026, 7, 1), "no refused card next month"),
            Person("p1", "Ana Sol", "tech-lead"),
            Person("p2", "Ben Orr", "on-call"),
            Person("p3", "Cy Lund", "product-owner"),
        ]
    )  # fmt: skip


def changed(kind, record_id, **values):
    document = ready()
    record = document.get(kind, record_id)
    return document.with_changes([Change(record, replace(record, **values))])


def without(kind, record_id):
    document = ready()
    return document.with_changes([Change(document.get(kind, record_id), None)])


def sentences(document, hints=()):
    return [gap.sentence for gap in gates(document, hints)]


def hint(record="w1", *, person=True, kind="why", family="person-fault"):
    found = Hint("person-fault.did", family, "strong", 0, 3, "Ana forgot", "a person", "",
                 (), "", (0, 10), person)  # fmt: skip
    return OpenHint(kind, record, "text", "Ana forgot", found)


def test_what_has_everything_passes():
    assert gates(ready(), ()) == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"summary": ""}, "Write the summary: what happened, in plain words."),
        ({"impact": ""}, "Say what the impact was."),
        ({"severity": ""}, "Set the severity."),
        ({"level": ""}, "Answer the one question: which chain level was missing?"),
        ({"severity": "P3"}, "Say why a P3 gets a post-mortem."),
    ],
)
def test_what_the_incident_lacks_is_said_in_a_sentence(values, said):
    assert sentences(changed(Incident, "i", **values)) == [said]


def test_a_number_of_people_is_an_impact():
    assert sentences(changed(Incident, "i", impact="", users_affected=0)) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"owner": ""}, "an owner"),
        ({"due": None}, "a date"),
        ({"check": ""}, "a check"),
        ({"artefact_kind": ""}, "the artefact"),
    ],
)
def test_each_missing_field_of_the_fix_is_named(values, words):
    assert sentences(changed(Fix, "fix", **values)) == [f"The structural fix still lacks {words}."]


def test_no_fix_needs_a_reason_and_a_reason_is_enough():
    bare = without(Fix, "fix")
    assert sentences(bare) == ["Agree on one structural fix, or say why none was reached."]
    was = bare.incident
    said = bare.with_changes([Change(was, replace(was, not_reached="Logs come on Monday."))])
    assert sentences(said) == []


def test_a_half_written_fix_is_not_excused_by_a_reason():
    document = changed(Fix, "fix", owner="")
    was = document.incident
    said = document.with_changes([Change(was, replace(was, not_reached="No time."))])
    assert sentences(said) == ["The structural fix still lacks an owner."]


def test_a_cause_is_marked_or_said_not_to_be_reached():
    assert "Mark the root cause in the 5 Whys, or say why it was not reached." in sentences(
        changed(Why, "w1", root_cause=False)
    )


def test_the_timeline_needs_a_moment_with_a_time():
    gap = "Put at least one moment with a time on the timeline."
    assert sentences(changed(Moment, "m", at=None)) == [gap]


def test_an_open_hint_stands_in_the_way_and_says_where():
    (gap,) = gates(ready(), (hint(),))
    assert gap.where == "why:w1:text"
    assert gap.sentence.startswith("“Ana forgot” may read as blame")


@pytest.mark.parametrize(
    ("severity", "roles"),
    [
        ("P0", ("tech-lead", "on-call", "product-owner", "leadership")),
        ("P1", ("tech-lead", "on-call", "product-owner")),
        ("P2", ("tech-lead", "on-call", "product-owner")),
        ("", ("tech-lead", "on-call", "product-owner")),
    ],
)
def test_who_signs_follows_from_the_severity(severity, roles):
    assert signer_roles(severity) == roles


def test_a_role_that_nobody_has_is_named():
    assert sentences(without(Person, "p2")) == ["On-call: name the person who signs."]


def test_who_was_only_told_cannot_sign():
    told = changed(Person, "p3", present=False, notified=True)
    assert sentences(told) == [
        "Product owner: who was only told of the meeting cannot sign. Name somebody who can."
    ]
    assert not may_sign(told.get(Person, "p3"))


def test_leadership_that_was_not_in_the_room_may_sign():
    document = Document(
        [
            *(r for r in ready().records() if not isinstance(r, Incident)),
            replace(ready().incident, severity="P0"),
            Person("p4", "Dee Roy", "leadership", present=False),
        ]
    )
    assert gates(document, ()) == ()
    assert signers(document)["leadership"].name == "Dee Roy"


def test_without_owner_or_date_an_action_is_a_wish():
    actions = [FollowUp("a", "Do it", owner="QA", due=date(2026, 7, 1)), FollowUp("b", "Some day")]
    assert [f.id for f in wishes(Document([*ready().records(), *actions]))] == ["b"]


def checks(document, phase, hints=()):
    return {check.text: check.ok for check in readiness(document, phase, hints)}


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_has_its_checks(phase):
    assert len(readiness(ready(), phase)) >= 3


def test_an_unknown_phase_has_none():
    assert readiness(ready(), "lunch") == ()


def test_a_facilitator_who_responded_is_a_warning_and_no_gate():
    both = Document([*ready().records(), Person("p9", "Ben Orr", "facilitator")])
    assert checks(both, "restate")["The facilitator did not respond to the incident"] is False
    assert gates(both, ()) == ()


def test_a_branch_that_ends_at_the_system_with_evidence_is_ready():
    assert set(checks(ready(), "whys").values()) == {True}


def test_an_answer_that_stops_at_a_person_is_counted_for_the_facilitator_only():
    found = readiness(ready(), "whys", (hint(),))
    line = next(c for c in found if c.text.startswith("No answer stops"))
    assert (line.text, line.ok, line.private) == (
        "No answer stops at a person (1 does)", False, True,
    )  # fmt: skip
    assert not next(c for c in found if c.text == "A branch ends at the system").ok


def test_a_hint_on_the_timeline_says_nothing_about_the_whys():
    assert set(checks(ready(), "whys", (hint("m", kind="moment"),)).values()) == {True}


def test_answers_without_evidence_are_counted():
    document = without(Evidence, "e")
    assert checks(document, "whys")["Evidence on every answer (1 without)"] is False


def test_the_fix_is_checked_point_by_point():
    assert checks(changed(Fix, "fix", due=None), "fix")["It has a date"] is False
    assert set(checks(ready(), "fix").values()) == {True}


def test_hints_still_open_show_before_signing_and_stay_private():
    found = readiness(ready(), "sign", (hint(),))
    private = {c.text: c.ok for c in found if c.private}
    assert private == {
        "Every hint is resolved or kept with a reason (1 open)": False,
        "Page one is in plain words": True,
    }


def test_words_of_the_trade_on_page_one_are_told_and_are_no_gate():
    document = changed(Fix, "fix", change="Add a null check to the CI/CD step “Edge cases”")
    found = jargon_on_page_one(document, language_rules())
    assert found == ("null check", "CI/CD")
    line = readiness(document, "sign", (), found)[-1]
    assert (line.text, line.ok, line.private) == (
        "Page one is in plain words (not yet: “null check”, “CI/CD”)", False, True,
    )  # fmt: skip
    assert gates(document, ()) == ()


def test_a_gate_says_what_kind_of_words_stand_in_the_way():
    (gap,) = gates(ready(), (hint(family="jargon"),))
    assert "is not plain for leadership: reword it" in gap.sentence


def test_nothing_at_all_is_not_ready_and_breaks_nothing():
    empty = Document([Incident("i", "x", AT)])
    for phase in PHASES:
        assert any(not check.ok for check in readiness(empty, phase))
    assert len(gates(empty, ())) > 5
