from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Change, Refused
from facilitator.model.document import Document
from facilitator.model.edits import (
    fixes,
    incident,
    moments,
    people,
    report,
    texts,
    timeline,
    waivers,
    whys,
)
from facilitator.model.freeze import (
    content_digest,
    frozen_revision,
    head_of,
    is_frozen,
    missing_roles,
    newest_revision,
    signatures_of,
)
from facilitator.model.records import (
    CHAIN_LEVELS,
    NOT_UNDOABLE,
    ClockMark,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Revision,
    Signature,
    Topic,
    Waiver,
    Why,
)

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROLES = ("tech-lead", "on-call")


def after(document, edit):
    """The document after an edit; the edit taken back gives the one before."""
    changed = document.with_changes(edit.changes)
    assert changed.with_changes(edit.reversed().changes) == document
    return changed


@pytest.fixture
def document():
    return Document(
        [
            Incident("i", "Search was down", AT, zone="Europe/Berlin"),
            Moment("m1", "Deploy", "change", AT, key="deployed"),
            Moment("m2", "Alert", "signal", AT + HOUR, until=AT + 2 * HOUR),
            Moment("m3", "Somebody noticed", "signal", precision="unknown"),
            Why("w1", "Effect", rank=1.0),
            Why("w2", "First answer", "w1", 1.0),
            Why("w3", "Second answer", "w1", 2.0),
            Why("w4", "Deeper", "w2", 1.0),
            Evidence("e1", "w4", "m1"),
            Evidence("e2", "w3", "m1"),
            Person("p1", "Aroha Tane", "on-call", rank=1.0),
        ]
    )


# ---- the incident


def test_a_new_incident_needs_nothing_but_a_title():
    topics = (Topic("t", "whys", "5 Whys", "Why?", 20),)
    edit = incident.new_incident("  Search\nwas down ", topics, AT)
    made = Document().with_changes(edit.changes)
    assert (made.incident.title, made.incident.severity) == ("Search was down", "")
    assert made.all(Topic) == topics


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " \n"}, "needs a title"),
        ({"severity": "P9"}, "“P9” is no severity"),
        ({"severity": "P3"}, "Give a reason"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"level": "luck"}, "no chain level"),
        ({"other_levels": ("luck",)}, "no chain level"),
        ({"label": "oops"}, "no label"),
        ({"users_affected": -1}, "below zero"),
        ({"users_affected": 3, "users_total": 2}, "More people are affected"),
        ({"started_at": AT, "resolved_at": AT - HOUR}, "before it started"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(document, values, words):
    with pytest.raises(Refused, match=words):
        incident.change_incident(document, **values)


def test_a_field_is_set_and_the_step_named_after_it(document):
    edit = incident.change_incident(document, users_affected=2340)
    assert edit.label == "Edit users affected"
    assert after(document, edit).incident.users_affected == 2340
    assert incident.change_incident(document, title="Search was down").changes == ()
    assert incident.change_incident(document, title="Search was down").label == "Edit incident"


def test_a_p3_with_a_reason_is_held(document):
    edit = incident.change_incident(document, severity="P3", reason="Third time")
    assert after(document, edit).incident.reason == "Third time"


def test_texts_are_cleaned_and_markup_stays_as_typed(document):
    edit = incident.change_incident(document, summary="<b>a</b>\r\n\u202eb & c\x07")
    assert after(document, edit).incident.summary == "<b>a</b>\nb & c"


def test_there_is_one_answer_to_the_one_question(document):
    document = after(document, incident.choose_level(document, "scope"))
    document = after(document, incident.toggle_other_level(document, "operation"))
    document = after(document, incident.toggle_other_level(document, "strategy"))
    assert document.incident.other_levels == ("strategy", "operation")
    with pytest.raises(Refused, match="answer already"):
        incident.toggle_other_level(document, "scope")
    document = after(document, incident.choose_level(document, "operation"))
    assert (document.incident.level, document.incident.other_levels) == ("operation", ("strategy",))
    document = after(document, incident.toggle_other_level(document, "strategy"))
    assert document.incident.other_levels == ()
    assert after(document, incident.choose_level(document, "")).incident.level == ""
    assert incident.choose_level(document, "operation").changes == ()


# ---- moments


def test_a_moment_without_a_time_is_kept_and_none_is_invented(document):
    edit = moments.add_moment(document, "Customers wrote", None, "communication")
    made = after(document, edit).all(Moment)[-1]
    assert (made.at, made.precision, made.provenance) == (None, "unknown", "reconstructed")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": " "}, "needs a text"),
        ({"lane": "music"}, "“music” is no lane"),
        ({"precision": "maybe"}, "no precision"),
        ({"provenance": "heard"}, "no provenance"),
        ({"key": "lunch"}, "no key moment"),
        ({"until": AT - HOUR}, "cannot end before it begins"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(document, values, words):
    with pytest.raises(Refused, match=words):
        moments.change_moment(document, "m1", **values)


def test_a_key_moment_is_unique(document):
    edit = moments.change_moment(document, "m2", key="deployed")
    assert edit.label == "Set key moment"
    document = after(document, edit)
    assert [m.key for m in document.all(Moment)] == ["", "deployed", ""]
    added = moments.add_moment(document, "Again", AT, "change", key="deployed", id="m9")
    assert [m.id for m in after(document, added).all(Moment) if m.key] == ["m9"]


def test_a_moment_moves_with_its_length(document):
    edit = moments.move_moment(document, "m2", AT + 3 * HOUR, "action", burst="drag")
    moved = after(document, edit).get(Moment, "m2")
    assert (moved.at, moved.until, moved.lane) == (AT + 3 * HOUR, AT + 4 * HOUR, "action")
    assert edit.burst == "drag"
    assert moments.move_moment(document, "m2", AT + HOUR).changes == ()


def test_a_moment_out_of_the_tray_has_a_time_that_is_exact(document):
    moved = after(document, moments.move_moment(document, "m3", AT)).get(Moment, "m3")
    assert (moved.at, moved.precision) == (AT, "exact")
    back = after(document, timeline.forget_time(document, ["m2", "m3"]))
    assert [m.at for m in back.all(Moment)] == [AT, None, None]
    assert back.get(Moment, "m2").until is None


def test_a_moment_can_end_or_be_a_point_again(document):
    document = after(document, moments.stretch_moment(document, "m1", AT + HOUR))
    assert document.get(Moment, "m1").until == AT + HOUR
    document = after(document, moments.stretch_moment(document, "m1", None))
    assert document.get(Moment, "m1").until is None
    assert moments.stretch_moment(document, "m1", None).changes == ()


def test_removing_a_moment_takes_the_evidence_that_rests_on_it(document):
    edit = moments.remove_moments(document, ["m1", "m2"])
    assert edit.label == "Delete 2 moments"
    assert after(document, edit).all(Evidence) == ()
    assert moments.remove_moments(document, ["m1"]).label == "Delete moment"
    with pytest.raises(LookupError):
        moments.remove_moments(document, ["m9"])


def test_an_import_is_one_step_and_never_takes_a_key_away(document):
    found = (
        Moment("a", "x", "change", AT, key="deployed"),
        Moment("b", "y", "impact", AT, key="impact_began"),
        Moment("c", "z", "impact", AT, key="impact_began"),
    )
    edit = moments.add_moments(document, found, "Import log.csv")
    document = after(document, edit)
    assert {m.id: m.key for m in document.all(Moment) if m.key} == {
        "m1": "deployed",
        "b": "impact_began",
    }
    assert edit.label == "Import log.csv"


def test_several_moments_shift_together_and_lanes_end_at_the_last(document):
    edit = timeline.shift_moments(document, ["m1", "m2", "m3"], HOUR, lanes=9, burst="keys")
    moved = after(document, edit)
    assert [m.at for m in moved.all(Moment)] == [AT + HOUR, AT + 2 * HOUR, None]
    assert {m.lane for m in moved.all(Moment)} == {"impact"}
    assert (edit.label, edit.burst) == ("Move 3 moments", "keys")
    with pytest.raises(Refused, match="no such time"):
        timeline.shift_moments(document, ["m1"], timedelta(days=3_000_000))


def test_one_field_of_several_moments_is_set_in_one_step(document):
    edit = timeline.change_moments(document, ["m1", "m2"], lane="action")
    assert edit.label == "Edit 2 moments"
    assert {m.lane for m in after(document, edit).all(Moment)} == {"action", "signal"}
    assert timeline.change_moments(document, ["m1"], lane="action").label == "Edit moment"


# ---- whys


def test_answers_keep_their_order(document):
    document = after(document, whys.add_why(document, "Last", "w1", why_id="x"))
    document = after(document, whys.add_why(document, "First", "w1", before="w2", why_id="y"))
    document = after(document, whys.add_why(document, "Between", "w1", after="w2", why_id="z"))
    assert [w.id for w in whys.children(document, "w1")] == ["y", "w2", "z", "w3", "x"]


def test_an_answer_needs_words_and_a_question_that_is_there(document):
    with pytest.raises(Refused, match="needs words"):
        whys.add_why(document, " \n ", "w1")
    with pytest.raises(Refused, match="needs words"):
        whys.change_why(document, "w2", "")
    with pytest.raises(LookupError):
        whys.add_why(document, "x", "w9")
    assert whys.change_why(document, "w2", "First answer").changes == ()


def test_branches_and_leaves(document):
    assert [w.id for w in whys.branch(document, "w4")] == ["w1", "w2", "w4"]
    assert [w.id for w in whys.leaves(document)] == ["w4", "w3"]


@pytest.mark.parametrize("depth", [4, 7, 60])
def test_five_is_no_limit(document, depth):
    parent = "w4"
    for n in range(depth):
        document = after(document, whys.add_why(document, f"Why {n}", parent, why_id=f"d{n}"))
        parent = f"d{n}"
    assert len(whys.branch(document, parent)) == depth + 3


@pytest.mark.parametrize("level", [*CHAIN_LEVELS, ""])
def test_an_answer_has_one_of_five_levels_or_none(document, level):
    document = after(document, whys.set_level(document, "w4", level))
    assert document.get(Why, "w4").level == level
    with pytest.raises(Refused, match="no chain level"):
        whys.set_level(document, "w4", "luck")


def test_root_causes_are_marked_in_several_branches_but_never_the_effect(document):
    document = after(document, whys.mark_root_cause(document, "w4"))
    document = after(document, whys.mark_root_cause(document, "w3"))
    assert [w.id for w in document.all(Why) if w.root_cause] == ["w3", "w4"]
    with pytest.raises(Refused, match="Ask why first"):
        whys.mark_root_cause(document, "w1")
    edit = whys.mark_root_cause(document, "w3", False)
    assert edit.label == "Unmark root cause"
    assert not after(document, edit).get(Why, "w3").root_cause


def test_a_branch_moves_whole_but_not_into_itself(document):
    document = after(document, whys.mark_root_cause(document, "w2"))
    moved = after(document, whys.move_why(document, "w2", "w3"))
    assert [w.id for w in whys.branch(moved, "w4")] == ["w1", "w3", "w2", "w4"]
    with pytest.raises(Refused, match="its own branch"):
        whys.move_why(document, "w2", "w4")
    top = after(document, whys.move_why(document, "w2", ""))
    assert not top.get(Why, "w2").root_cause


def test_a_branch_goes_with_all_that_hangs_from_it(document):
    gone = after(document, whys.remove_branch(document, "w2"))
    assert [w.id for w in gone.all(Why)] == ["w1", "w3"]
    assert [e.id for e in gone.all(Evidence)] == ["e2"]


def test_evidence_is_attached_once(document):
    edit = whys.attach_evidence(document, "w4", ["m1", "m2", "m2"])
    document = after(document, edit)
    assert [m.id for m in whys.evidence_of(document, "w4")] == ["m1", "m2"]
    document = after(document, whys.detach_evidence(document, "w4", "m1"))
    assert [m.id for m in whys.evidence_of(document, "w4")] == ["m2"]
    with pytest.raises(LookupError):
        whys.attach_evidence(document, "w4", ["m9"])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5), st.booleans()), max_size=60))
def test_however_often_answers_are_reordered_their_order_is_what_was_asked(steps):
    document = Document([Why("e", "Effect"), *(Why(f"w{n}", "x", "e", n) for n in range(6))])
    for moving, beside, below in steps:
        if beside < 0 or moving == beside:
            continue
        where = {"after" if below else "before": f"w{beside}"}
        document = document.with_changes(
            whys.move_why(document, f"w{moving}", "e", **where).changes
        )
        order = [w.id for w in whys.children(document, "e")]
        assert len(set(order)) == 6
        step = order.index(f"w{moving}") - order.index(f"w{beside}")
        assert step == (1 if below else -1)


def test_room_between_two_answers_never_runs_out():
    document = Document([Why("e", "Effect"), Why("a", "x", "e", 1.0), Why("z", "x", "e", 2.0)])
    for n in range(120):
        edit = whys.add_why(document, "x", "e", after="a", why_id=f"n{n:03}")
        document = document.with_changes(edit.changes)
    expected = ["a", *(f"n{n:03}" for n in reversed(range(120))), "z"]
    assert [w.id for w in whys.children(document, "e")] == expected


# ---- fix, actions, parking lot


def test_there_is_one_fix_and_a_second_goes_to_the_parking_lot(document):
    document = after(document, fixes.propose_fix(document, "Test the empty case"))
    document = after(document, fixes.propose_fix(document, "Another idea", AT))
    assert [f.change for f in document.all(Fix)] == ["Test the empty case"]
    (parked,) = document.all(Parked)
    assert (parked.text, parked.phase, parked.at, parked.destination) == (
        "Another idea",
        "fix",
        AT,
        "retro",
    )


def test_a_fix_says_what_it_lacks_until_it_is_owned_dated_and_checked(document):
    assert fixes.fix_gaps(fixes.the_fix(document)) == (
        "the change",
        "the artefact",
        "an owner",
        "a date",
        "a check",
    )
    steps = (
        {"change": "Test the empty case"},
        {"artefact_kind": "test"},
        {"owner": "Tech lead"},
        {"due": date(2026, 6, 26)},
        {"check": "No such bug in the next release"},
    )
    for number, step in enumerate(steps, 1):
        document = after(document, fixes.change_fix(document, **step))
        assert len(fixes.fix_gaps(fixes.the_fix(document))) == 5 - number


def test_an_artefact_of_another_kind_needs_its_name():
    full = Fix("fix", "c", "other", "", "o", "", date(2026, 6, 26), "k")
    assert fixes.fix_gaps(full) == ("the artefact",)
    with pytest.raises(Refused, match="no kind of artefact"):
        fixes.change_fix(Document(), artefact_kind="hope")
    assert fixes.change_fix(Document(), change=" ").changes == ()


def test_actions_are_added_changed_and_removed(document):
    document = after(document, fixes.add_follow_up(document, "Write it down", owner="On-call"))
    (action,) = document.all(FollowUp)
    assert (action.owner, action.status, action.due) == ("On-call", "open", None)
    document = after(document, fixes.change_follow_up(document, action.id, status="done"))
    assert document.get(FollowUp, action.id).status == "done"
    assert fixes.change_follow_up(document, action.id, status="done").changes == ()
    assert after(document, fixes.remove_follow_up(document, action.id)).all(FollowUp) == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": " "}, "needs a text"),
        ({"kind": "hope"}, "no kind of action"),
        ({"status": "lost"}, "no status"),
    ],
)
def test_an_action_that_cannot_be_is_refused(document, values, words):
    document = after(document, fixes.add_follow_up(document, "x", id="f"))
    with pytest.raises(Refused, match=words):
        fixes.change_follow_up(document, "f", **values)


def test_what_is_parked_can_be_reworded_sent_on_and_taken_off(document):
    document = after(document, fixes.park(document, "Alert routing", phase="whys", at=AT))
    (parked,) = document.all(Parked)
    document = after(document, fixes.change_parked(document, parked.id, destination="next"))
    assert document.get(Parked, parked.id).destination == "next"
    for values in ({"text": ""}, {"destination": "bin"}):
        with pytest.raises(Refused, match="A parked point"):
            fixes.change_parked(document, parked.id, **values)
    with pytest.raises(Refused, match="nothing to park"):
        fixes.park(document, "  ")
    assert after(document, fixes.remove_parked(document, parked.id)).all(Parked) == ()


# ---- people, waivers, wording


def test_people_come_change_and_go(document):
    document = after(document, people.add_person(document, " Bo  Lind ", "tech-lead"))
    bo = document.all(Person)[-1]
    assert (bo.name, bo.rank) == ("Bo Lind", 2.0)
    document = after(document, people.change_person(document, bo.id, notified=True))
    assert document.get(Person, bo.id).notified
    assert people.change_person(document, bo.id, notified=True).changes == ()
    assert after(document, people.remove_person(document, bo.id)).all(Person)[-1].id == "p1"
    with pytest.raises(Refused, match="needs a name"):
        people.add_person(document, " ")
    with pytest.raises(Refused, match="no role"):
        people.change_person(document, bo.id, role="boss")


def test_words_are_kept_with_a_reason_and_heard_again_without_it(document):
    where = {"record": "w2", "field": "text", "digest": "ab"}
    with pytest.raises(Refused, match="the report lists the reason"):
        waivers.waive(document, "blame", " ", **where)
    document = after(document, waivers.waive(document, "blame", "A quote", **where))
    assert waivers.waive(document, "blame", "Again", **where).changes == ()
    (waiver,) = document.all(Waiver)
    assert after(document, waivers.take_back(document, waiver.id)).all(Waiver) == ()


def test_a_rule_is_silenced_with_a_reason(document):
    with pytest.raises(Refused, match="why this rule is silent"):
        waivers.silence(document, "absolute", "")
    document = after(document, waivers.silence(document, "absolute", "House word", AT))
    assert [(w.rule, w.record) for w in document.all(Waiver)] == [("absolute", "")]
    assert waivers.silence(document, "absolute", "Again").changes == ()


def test_a_rewording_reaches_any_text(document):
    document = after(document, fixes.add_follow_up(document, "x", id="f"))
    document = after(document, fixes.park(document, "x"))
    parked = document.all(Parked)[0].id
    for kind, record, field in (
        ("incident", "i", "summary"),
        ("moment", "m1", "text"),
        ("why", "w2", "text"),
        ("fix", "fix", "check"),
        ("follow_up", "f", "text"),
        ("parked", parked, "text"),
    ):
        edit = texts.reword(document, kind, record, field, "Said anew")
        assert edit.label == "Use rewording"
        assert getattr(edit.changes[0].after, field) == "Said anew"
    with pytest.raises(LookupError):
        texts.reword(document, "person", "p1", "name", "x")
    assert texts.replaced("a 👩 bad end", (4, 7), "good") == "a 👩 good end"


# ---- the report


def frozen_document(document):
    edit = report.freeze_report(document, AT, (7, "ab" * 32), ROLES)
    return document.with_changes(edit.changes)


def test_freezing_keeps_digest_head_and_who_has_to_sign(document):
    assert not is_frozen(document)
    frozen = frozen_document(document)
    revision = frozen_revision(frozen)
    assert (revision.number, revision.at, revision.roles) == (1, AT, ROLES)
    assert revision.digest == content_digest(document) == content_digest(frozen)
    assert head_of(revision) == (7, "ab" * 32)
    assert missing_roles(frozen) == ROLES
    with pytest.raises(Refused, match="Revision 1 is final already"):
        report.freeze_report(frozen, AT, (8, ""), ROLES)


def test_the_clock_may_run_on_without_changing_what_was_frozen(document):
    frozen = frozen_document(document)
    mark = Change(None, ClockMark("c", "finish", AT, 1.0, "boot"))
    assert content_digest(frozen.with_changes([mark])) == frozen_revision(frozen).digest
    changed = frozen.with_changes([Change(None, Parked("k", "x"))])
    assert content_digest(changed) != frozen_revision(frozen).digest


def test_each_role_signs_once_what_is_frozen(document):
    with pytest.raises(Refused, match="a draft is not signed"):
        report.record_signature(document, "on-call", "Bo", "ff", AT)
    frozen = frozen_document(document)
    signed = frozen.with_changes(
        report.record_signature(frozen, "on-call", "Bo Lind", "ff", AT).changes
    )
    assert missing_roles(signed) == ("tech-lead",)
    assert signatures_of(signed, frozen_revision(signed))["on-call"].name == "Bo Lind"
    with pytest.raises(Refused, match="signed as on-call already"):
        report.record_signature(signed, "on-call", "Bo", "ff", AT)
    with pytest.raises(Refused, match="does not ask"):
        report.record_signature(signed, "leadership", "Dana", "ff", AT)


def test_a_new_revision_is_open_until_it_is_frozen_and_keeps_what_was_signed(document):
    with pytest.raises(Refused, match="Nothing is final"):
        report.open_revision(document, AT)
    frozen = frozen_document(document)
    signed = frozen.with_changes(report.record_signature(frozen, "on-call", "Bo", "ff", AT).changes)
    opened = signed.with_changes(report.open_revision(signed, AT + HOUR).changes)
    assert not is_frozen(opened)
    assert newest_revision(opened).number == 2
    assert missing_roles(opened) == ()
    with pytest.raises(Refused, match="Nothing is final"):
        report.open_revision(opened, AT)
    again = opened.with_changes(report.freeze_report(opened, AT + HOUR, (9, "cd"), ROLES).changes)
    assert [r.number for r in again.all(Revision)] == [1, 2]
    assert missing_roles(again) == ROLES
    assert len(again.all(Signature)) == 1


def test_what_the_report_records_is_left_alone_by_undo(document):
    frozen = frozen_document(document)
    edits = (
        report.freeze_report(document, AT, (7, "ab"), ROLES),
        report.open_revision(frozen, AT),
        report.record_signature(frozen, "on-call", "Bo", "ff", AT),
    )
    assert all(isinstance(c.record, NOT_UNDOABLE) for edit in edits for c in edit.changes)


def test_every_text_of_an_incident_is_cleaned(document):
    texts_of = [f.name for f in fields(Incident) if f.type == "str"]
    free = set(texts_of) - {"id", "zone", "severity", "level", "label"}
    edit = incident.change_incident(document, **dict.fromkeys(free, "a\u202e\x00b"))
    assert {getattr(edit.changes[0].after, name) for name in free} == {"ab"}
