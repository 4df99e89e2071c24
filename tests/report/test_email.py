"""The e-mail to leadership: ready to be sent, with roles for names, and whose turn it is."""

from dataclasses import replace

import pytest

from facilitator.model.change import Change
from facilitator.model.document import Document
from facilitator.model.edits.report import freeze_report, record_signature
from facilitator.model.records import FollowUp
from facilitator.report.content import edition_of
from facilitator.report.email_text import email_text
from tests.report.report_kit import AT, HEAD, HOSTILE, empty, rich

ROLES = ("tech-lead", "on-call", "product-owner", "leadership")


def said(document, *, final=False):
    return email_text(document, edition_of(document, final=final, head=HEAD, at=AT))


@pytest.fixture
def frozen():
    incident = rich().incident
    document = rich().with_changes([Change(incident, replace(incident, severity="P0"))])
    return document.with_changes(freeze_report(document, AT, HEAD, ROLES).changes)


def signed(document, *roles):
    for role in roles:
        edit = record_signature(document, role, "Somebody Else", "ab" * 32, AT)
        document = document.with_changes(edit.changes)
    return document


def test_the_subject_stands_first_and_says_how_severe_it_was():
    assert said(rich()).splitlines()[0] == (
        "Subject: P1 incident review: First-time patients could not book appointments for "
        "2 h 54 min"
    )
    assert said(empty()).startswith("Subject: Incident review: Untitled\n")


def test_what_was_agreed_is_a_list_and_the_fix_has_its_facts_one_to_a_line():
    lines = said(rich()).splitlines()
    fix = lines.index("THE STRUCTURAL FIX")
    assert lines[fix + 2 : fix + 5] == [
        "- Owner: product owner, with tech lead",
        "- Due 26 June 2026",
        "- Ticket QA-311",
    ]
    also = lines.index("ALSO AGREED")
    assert [line[:2] for line in lines[also + 1 : also + 4]] == ["- ", "- ", "- "]


def test_a_draft_says_that_nobody_signed_it_and_asks_nobody_to():
    assert "nobody has signed it" in said(rich())
    assert "SIGNATURES" not in said(rich())


def test_who_signed_and_who_still_has_to_is_said(frozen):
    assert "Signed:" not in said(frozen, final=True)
    three = said(signed(frozen, *ROLES[:3]), final=True)
    assert "- Signed: tech lead, on-call and product owner." in three
    assert "- Still to sign: leadership." in three
    assert "Verify or sign a PDF…" in three
    assert "Still to sign" not in said(signed(frozen, *ROLES), final=True)


def test_no_name_is_said_and_whatever_was_typed_is_as_it_was(frozen):
    told = said(signed(frozen, "tech-lead"), final=True)
    names = ("Marama", "Tāne", "Ines", "Petrov", "Ruiz", "Somebody Else")
    assert [name for name in names if name in told] == []
    odd = Document([*empty().records(), *(FollowUp(f"f{n}", t) for n, t in enumerate(HOSTILE[:5]))])
    assert [text for text in HOSTILE[:5] if text not in said(odd)] == []
