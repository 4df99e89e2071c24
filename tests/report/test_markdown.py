"""The report in Markdown: the same content, and nothing that was typed becomes markup."""

import re

import pytest

from facilitator.model.document import Document
from facilitator.model.records import Why
from facilitator.report.content import HEADINGS
from facilitator.report.markdown import escape_markdown, render_markdown
from tests.report.report_kit import AT, HEAD, HOSTILE, empty, hostile, rich

# What an escape takes the meaning from, in the way a reader of Markdown does.
UNESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def rendered(document, **more):
    return render_markdown(document, head=HEAD, at=AT, **more)


def test_the_five_sections_stand_in_order():
    lines = rendered(rich()).splitlines()
    found = [UNESCAPE.sub(r"\1", line[3:]) for line in lines if line.startswith("## ")]
    assert tuple(found[:5]) == HEADINGS


def test_the_same_facts_as_on_paper():
    said = UNESCAPE.sub(r"\1", rendered(rich()))
    for fact in (
        "Ōtautahi Health",
        "2,340 of 45,000 patients (5.2 %)",
        "2 h 54 min",
        "QA-311",
        "★"[:0],
    ):
        assert fact in said


def test_no_name_is_said():
    said = rendered(rich())
    assert [name for name in ("Marama", "Tāne", "Ines", "Petrov", "Ruiz") if name in said] == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_text_reads_as_typed(typed):
    assert UNESCAPE.sub(r"\1", escape_markdown(typed)) == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("# heading", r"\# heading"),
        ("- point", r"\- point"),
        ("12. point", r"12\. point"),
        ("> quote", r"\> quote"),
        ("=== underline", r"\=== underline"),
        ("![x](file:///etc/passwd)", r"\!\[x\](file\:///etc/passwd)"),
        ("www.example.org", r"www\.example.org"),
        ("one\ntwo", "one<br>two"),
        ("18:14, 2.5 (first-time)", "18:14, 2.5 (first-time)"),
    ],
)
def test_markup_is_escaped_only_where_it_would_be_read_as_such(typed, said):
    assert escape_markdown(typed) == said


def test_hostile_text_opens_no_tag_and_breaks_no_table():
    said = rendered(hostile(length=2_000))
    tags = re.findall(r"(?<!\\)<(?!br>)", said)
    rows = [line for line in said.splitlines() if line.startswith("| ")]
    widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert (tags, widths) == ([], {4, 5, 6, 8})


def test_an_empty_incident_says_what_is_not_known():
    said = rendered(empty())
    assert "not known" in said
    assert "Not agreed yet." in said


def test_a_deep_tree_nests_no_deeper_than_readers_follow():
    whys = [Why(f"w{n:02}", f"Answer {n}", f"w{n - 1:02}" if n else "") for n in range(40)]
    said = rendered(Document([*empty().records(), *whys]))
    answers = re.findall(r"^( *)- Answer (\d+) \(No", said, re.MULTILINE)
    assert len(answers) == 40
    assert max(len(indent) for indent, _ in answers) == 16


def test_a_day_stands_in_the_column_of_what_happened():
    lines = rendered(rich()).splitlines()
    assert "|  |  |  | **Thursday 18 June 2026** |  |" in lines


def test_a_metric_is_told_in_words():
    assert "highest 3.4 % (19:30)" in rendered(rich())


def test_what_is_not_final_says_draft_and_all_say_what_is_signed():
    final, draft = rendered(rich()), rendered(rich(), final=False)
    assert "DRAFT" not in final
    assert "**DRAFT of 20 June 2026**" in draft
    assert "what people sign is the PDF with this number" in final
    assert "what people sign is the PDF of the final report" in draft
