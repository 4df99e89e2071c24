"""What the report says, before it is set on any paper."""

from dataclasses import replace
from datetime import timedelta

import pytest

from facilitator.model.change import Change
from facilitator.model.document import Document
from facilitator.model.freeze import content_digest
from facilitator.model.records import (
    ClockMark,
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
)
from facilitator.report import blocks as b
from facilitator.report.content import (
    HEADINGS,
    edition_of,
    incident_json,
    report_content,
    shorter_front,
)
from facilitator.report.metrics import number_text
from tests.report.report_kit import AT, HEAD, empty, rich, utc


def report(document, *, final=False):
    return report_content(document, edition_of(document, final=final, head=HEAD, at=AT))


def front_of(document):
    return report(document).front


def section(document, number):
    return report(document, final=True).sections[number - 1].blocks


def only(kind, found):
    (block,) = (each for each in found if isinstance(each, kind))
    return block


def changed(document, kind, record_id="", **values):
    record = document.get(kind, record_id) if record_id else document.all(kind)[0]
    return document.with_changes([Change(record, replace(record, **values))])


def words(value):
    """Every text in blocks, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [w for each in value for w in words(each)]
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, b.LaneChart):
        return [w for name in value.__dataclass_fields__ for w in words(getattr(value, name))]
    return []


def test_five_sections_in_order_then_the_sources():
    titles = [each.title for each in report(rich()).sections]
    assert titles == [*HEADINGS, "Sources and how to check"]


def test_page_one_has_four_figures_with_their_sources():
    tiles = only(b.Tiles, front_of(rich()).blocks).tiles
    assert [(t.value, t.label, t.source) for t in tiles] == [
        ("2,340", "patients affected", "5.2 % of 45,000"),
        ("2 h 54 min", "from impact to resolved", "computed: 18:14 to 21:08"),
        ("17", "support calls", "0.7 % of those affected"),
        ("23 min", "until a person knew", "computed: 18:14 to 18:37"),
    ]


def test_page_one_says_date_severity_and_house_and_that_the_review_was_in_time():
    front = front_of(rich())
    assert (
        front.meta
        == "Incident review · P1 · 19 June 2026 · Ōtautahi Health · example · times in NZST"
    )
    assert front.subtitle.startswith("Blameless review held within 48 hours.")


def test_a_late_review_says_how_late():
    late = changed(rich(), Incident, meeting_at=utc(21, 8) + timedelta(hours=50))
    assert "2 h after the 48 hours allowed" in front_of(late).subtitle


def test_the_strip_leaves_out_what_lies_days_before():
    strip = only(b.Strip, front_of(rich()).blocks)
    assert [mark.label for mark in strip.marks] == [
        "Released", "Impact began", "System knew", "A person knew", "Resolved",
    ]  # fmt: skip


def test_the_fix_says_owner_date_ticket_and_check():
    callout = only(b.Callout, front_of(rich()).blocks)
    assert callout.title == "Every story names its edge cases before work starts."
    assert callout.lines == ("Owner: product owner, with tech lead  ·  Due 26 June 2026  ·  "
                             "Ticket QA-311",)  # fmt: skip
    assert callout.note.startswith("Holds if: no bug of this kind")


def test_what_is_due_on_the_day_is_in_force_and_what_nobody_promised_is_a_wish():
    also = [t.text for t in front_of(rich()).blocks if isinstance(t, b.Text)][-1]
    assert "freeze (tech lead, in force)" in also
    assert "first-time patients (a wish: no owner or no date yet)" in also


def test_page_one_names_a_few_actions_what_was_agreed_first_and_counts_the_rest():
    more = [FollowUp(f"x{n}", f"Wish {n}", rank=-9.0) for n in range(4)]
    dated = [FollowUp(f"y{n}", f"Promise {n}", owner="QA lead", due=utc(9, 0).date(), rank=9.0)
             for n in range(2)]  # fmt: skip
    front = front_of(Document([*rich().records(), *more, *dated]))
    also = [t.text for t in front.blocks if isinstance(t, b.Text)][-1]
    assert also.index("Promise 1") < also.index("Wish 0")
    assert also.count("(") == 5
    assert also.endswith("Section 5 has 4 more, 4 of them without owner or date.")


def test_wishes_alone_are_not_called_agreed():
    gone = [r for r in rich().records() if not isinstance(r, FollowUp) or not r.owner]
    headings = [x.text for x in front_of(Document(gone)).blocks if isinstance(x, b.Heading)]
    assert headings[-1] == "Also wished for"


def test_page_one_of_a_second_revision_says_what_it_replaces():
    edition = edition_of(
        rich(), final=True, head=HEAD, at=AT, revision=2, changed=("Timeline: 1 added",)
    )
    front = report_content(rich(), edition).front
    assert "revision 2" in front.meta
    assert only_strong(front).startswith("Revision 2 replaces revision 1. What changed stands")
    assert only_strong(front_of(rich())) == ""


def only_strong(front):
    return "".join(x.text for x in front.blocks if isinstance(x, b.Text) and x.tone == "strong")


def test_the_card_that_the_fix_answers_says_so():
    tree = only(b.Tree, section(rich(), 3))
    assert [answer.number for answer in tree.answers if answer.fixed] == [5]


def test_a_metric_says_its_value_at_each_key_moment_and_where_it_was_farthest():
    chart = only(b.MetricChart, section(rich(), 2))
    assert [(n.words, n.point and n.point[1]) for n in chart.notes] == [
        ("Released", 0.1), ("Impact began", 0.1), ("System knew", 0.9), ("A person knew", 1.6),
        ("Highest", 3.4), ("Resolved", 0.3),
    ]  # fmt: skip
    assert "highest 3.4 % (19:30)" in chart.caption


def test_a_metric_of_another_day_is_shown_with_its_own_times():
    start = utc(9, 0, day=2).timestamp()
    other = Series("s2", "Queue", "", ((start, 5.0), (start + 60, 2.0)))
    chart = [x for x in section(Document([*rich().records(), other]), 2)
             if isinstance(x, b.MetricChart)][1]  # fmt: skip
    assert [(n.words, n.point) for n in chart.notes] == [("Lowest", (start + 60, 2.0))]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (9.72, "9.72"), (999.7, "1,000"), (1234567.8, "1,234,568"), (0.0123, "0.0123"),
     (-4.0, "-4"), (1e20, "1e+20"), (1e-9, "1e-09"), (float("nan"), "nan")],
)  # fmt: skip
def test_measured_values_have_three_digits_that_count(value, said):
    assert number_text(value) == said


def test_an_action_without_a_ticket_is_not_filed():
    table = next(t for t in section(rich(), 5) if isinstance(t, b.Table))
    assert [row.cells[-1].text for row in table.rows] == ["QA-312", "not filed", "not filed"]
    assert [row.cells[1].mark for row in table.rows] == ["", "", "Wish"]


def test_a_cause_that_was_not_reached_is_said_with_its_reason():
    gone = [r for r in rich().records() if not isinstance(r, Fix)]
    document = changed(Document(gone), Incident, not_reached="The logs come on Monday.",
                       why_allowed="")  # fmt: skip
    said = words([*front_of(document).blocks, *section(document, 3)])
    assert "Not reached in this meeting." in said
    assert "Not reached in this meeting: The logs come on Monday." in said


def test_the_timeline_says_provenance_key_and_how_exact_a_time_is():
    table = only(b.Table, section(rich(), 2))
    rows = {row.cells[0].text: row.cells for row in table.rows if not row.is_band}
    assert [cell.text for cell in rows["2"]][1:3] == ["18:10", "Change"]
    assert rows["2"][3].mark == "Released"
    assert rows["2"][4].text == "Recorded"
    assert rows["7"][1].text == "about 18:45–19:20"
    assert rows["1"][1].text == "that day"
    assert rows["–"][1].text == "not known"


def test_days_stand_between_the_moments():
    table = only(b.Table, section(rich(), 2))
    bands = [row.cells[0].text for row in table.rows if row.is_band]
    assert bands == ["Sunday 14 June 2026", "Thursday 18 June 2026", "Time not known"]


def test_answers_name_what_they_answer_and_their_evidence():
    answers = only(b.Tree, section(rich(), 3)).answers
    assert [(a.number, a.parent, a.depth) for a in answers][:6] == [
        (1, 0, 0), (2, 1, 1), (3, 2, 2), (4, 3, 3), (5, 4, 4), (6, 2, 2),
    ]  # fmt: skip
    assert [a.number for a in answers if a.root_cause] == [5]
    assert answers[1].evidence[0] == "No. 3, 18:14: First error page for a patient with no history"


def test_real_names_stand_in_the_sign_off_and_nowhere_else():
    made = report(rich(), final=True)
    fields = only(b.SignFields, made.sections[4].blocks)
    assert [(f.title, f.name) for f in fields.fields] == [
        ("Tech lead", "Tāne Rangi"), ("On-call", "Ines Okafor"), ("Product owner", "Sol Petrov"),
    ]  # fmt: skip
    rest = [x for s in made.sections for x in s.blocks if not isinstance(x, b.SignFields)]
    said = " ".join(words([made.front, rest]))
    names = ("Marama", "Whetū", "Tāne", "Rangi", "Ines", "Okafor", "Petrov", "Dana", "Ruiz")
    assert [name for name in names if name in said] == []
    assert "The on-call engineer read the alert" in said


def test_a_name_in_a_waivers_reason_is_not_said():
    document = changed(rich(), Waiver, reason="Ines wants it so")
    assert "Ines" not in " ".join(words(section(document, 6)))


def test_a_facilitator_who_also_responded_is_said():
    sentence = "The facilitator of the review also responded to the incident."
    assert sentence not in words(section(rich(), 5))
    assert sentence in words(section(changed(rich(), Person, "p0", name="Ines Okafor"), 5))


def test_leadership_signs_a_p0_and_no_p1():
    p0 = changed(rich(), Incident, severity="P0")
    titles = [f.title for f in only(b.SignFields, section(p0, 5)).fields]
    assert titles == ["Tech lead", "On-call", "Product owner", "Leadership"]


def test_who_was_only_told_does_not_sign():
    p0 = changed(rich(), Incident, severity="P0")
    assert only(b.SignFields, section(p0, 5)).fields[-1].name == "nobody named"
    told = changed(p0, Person, "p9", present=True)
    assert only(b.SignFields, section(told, 5)).fields[-1].name == "Dana Ruiz"


def test_nothing_printed_depends_on_who_has_signed():
    signed = Signature("s", "r", "tech-lead", "Tāne Rangi", "ab", AT)
    with_signature = Document([*rich().records(), signed])
    assert report(with_signature, final=True) == report(rich(), final=True)


def test_the_reason_of_a_p3_is_printed():
    p3 = changed(rich(), Incident, severity="P3", reason="The same class as in May.")
    pairs = next(block for block in section(p3, 1) if isinstance(block, b.Pairs))
    assert ("Why reviewed", "The same class as in May.") in pairs.rows


def test_shares_without_a_base_are_not_defined_and_never_zero():
    document = changed(rich(), Incident, users_affected=0, users_total=0)
    said = " ".join(words([front_of(document), section(document, 1)]))
    assert "0 %" not in said.replace("0.0 %", "")
    assert "nan" not in said


def test_inputs_that_were_missing_are_named():
    bare = Document([r for r in rich().records() if not isinstance(r, Moment)])
    said = " ".join(words(section(bare, 6)))
    assert "The record of what customers were told." in said


def test_imported_lines_stand_in_the_sources_with_file_line_and_digest():
    blocks = section(rich(), 6)
    table = only(b.Table, blocks)
    assert [cell.text for cell in table.rows[0].cells] == [
        "merges.csv", "12", "2026-06-14,merge,#4821 tidy booking",
    ]  # fmt: skip
    assert ("merges.csv", "ab" * 32) in [
        row for x in blocks if isinstance(x, b.Pairs) for row in x.rows
    ]


def test_an_empty_incident_has_every_section():
    made = report(empty())
    assert all(each.blocks for each in made.sections)
    assert [t.value for t in only(b.Tiles, made.front.blocks).tiles] == ["not known"] * 4


@pytest.mark.parametrize("most", [90, 300])
def test_page_one_can_be_made_shorter_and_says_that_it_goes_on(most):
    long = changed(rich(), Incident, summary="A sentence that is said again. " * 200)
    front = shorter_front(long, edition_of(long, final=False, head=HEAD, at=AT), most)
    summary = next(t.text for t in front.blocks if isinstance(t, b.Text))
    assert len(summary) <= most
    assert summary.endswith(". … (continues inside)")


def test_the_attachment_is_the_incident_without_names_tied_to_the_journal():
    data = incident_json(rich(), HEAD, 1).decode()
    assert "Okafor" not in data
    assert f'"journal":{{"hash":"{HEAD[1]}","seq":{HEAD[0]}}}' in data
    assert content_digest(rich()) in data
    assert data == incident_json(rich(), HEAD, 1).decode()


def test_the_digest_follows_the_content_and_not_the_clock():
    mark = ClockMark("c", "start", AT, 1.0, "boot")
    assert content_digest(Document([*rich().records(), mark])) == content_digest(rich())
    other = changed(rich(), FollowUp, "f1", text="Something else")
    assert content_digest(other) != content_digest(rich())


def test_the_document_number_begins_with_the_attachments_hash():
    edition = edition_of(rich(), final=True, head=HEAD, at=AT)
    digits = edition.number.removeprefix("FR-").removesuffix("-R1").replace("-", "")
    assert edition.sha256.upper().startswith(digits)


def marks(*kinds):
    at = utc(9, 0, day=19)
    return [
        ClockMark(f"c{n}", kind, at + timedelta(minutes=n * 7), n * 420.0, "b", n, topic)
        for n, (kind, topic) in enumerate(kinds)
    ]


AGENDA = (Topic("restate", "restate", "Re-state", "What happened?", 5, rank=1.0),
          Topic("whys", "whys", "5 Whys", "How did the chain allow it?", 20, rank=2.0))  # fmt: skip


def test_the_meeting_is_told_phase_by_phase():
    document = Document(
        [*rich().records(), *AGENDA, *marks(("start", "restate"), ("next", "whys"), ("finish", ""))]
    )
    blocks = section(document, 6)
    table = next(t for t in blocks if isinstance(t, b.Table) and t.heads[0] == "Phase")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Re-state", "5:00", "7:00", "+2:00"],
        ["5 Whys", "20:00", "7:00", "−13:00"],
    ]


def test_what_the_clock_did_after_the_report_was_made_is_not_in_it():
    early = [*rich().records(), *AGENDA, *marks(("start", "restate"), ("next", "whys"))]
    late = ClockMark("z", "finish", AT + timedelta(minutes=5), 0.0, "b", 9)
    assert report(Document([*early, late])) == report(Document(early))


def test_a_later_revision_names_what_it_replaces_and_not_itself():
    revisions = [Revision(f"r{n}", n, AT, f"{n}e" * 32, "1:ab") for n in (1, 2)]
    document = Document([*rich().records(), *revisions])
    edition = edition_of(document, final=True, head=HEAD, at=AT, revision=2)
    said = " ".join(words(report_content(document, edition).sections[5].blocks))
    assert "1e" * 32 in said
    assert "2e" * 32 not in said
    assert "Earlier revisions" not in " ".join(words(section(document, 6)))
