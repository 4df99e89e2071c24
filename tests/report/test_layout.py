"""How the pages fall: what belongs together stands together, and what goes on says from where."""

import re

import pypdfium2
import pytest

from facilitator.model.document import Document
from facilitator.model.records import FollowUp, Moment, Why
from facilitator.report.content import edition_of, report_content
from facilitator.report.pdf import render_report
from tests.report.report_kit import AT, HEAD, empty, rich, utc


def draft(document, **more):
    return render_report(document, final=False, head=HEAD, at=AT, **more)


def pages_of(pdf):
    """The lines of each page, without its head and foot."""
    with pypdfium2.PdfDocument(pdf) as document:
        said = [page.get_textpage().get_text_bounded() for page in document]
    furniture = re.compile(r"Document FR-|page \d+ of|DRAFT of|(P\d|severity not set) · ")
    return [[line for line in page.splitlines() if not furniture.match(line)] for page in said]


def with_more(moments, actions=0):
    """The rich incident with so many more moments and actions, so that all else moves down."""
    more = [Moment(f"n{n:03}", "One more thing", "action", utc(19, n % 60)) for n in range(moments)]
    more += [FollowUp(f"x{n:03}", "One more action", rank=9.0 + n) for n in range(actions)]
    return Document([*rich().records(), *more])


@pytest.mark.parametrize("moments", range(0, 24, 3))
def test_a_card_stands_on_one_page_wherever_it_falls(moments):
    pages = [" ".join(lines) for lines in pages_of(draft(with_more(moments)))]
    page = next(page for page in pages if "Which level of the chain was missing?" in page)
    assert "neither written down nor tested" in page


@pytest.mark.parametrize("more", range(0, 24, 4))
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_no_heading_stands_last_on_a_page(more, paper):
    document = with_more(more, more)
    report = report_content(document, edition_of(document, final=False, head=HEAD, at=AT))
    headings = {section.title for section in report.sections}
    headings |= {b.text for s in report.sections for b in s.blocks if type(b).__name__ == "Heading"}
    ends = [lines[-1] for lines in pages_of(draft(document, paper=paper))]
    assert [end for end in ends if end in headings] == []


def test_a_page_that_begins_amid_the_whys_says_what_it_goes_on_from():
    whys = [Why("w0", "The effect")]
    whys += [Why(f"w{n}", f"Answer {n}", f"w{n - 1}") for n in range(1, 60)]
    pages = pages_of(draft(Document([*empty().records(), *whys])))
    inside = [lines for lines in pages if any(line.startswith("Answer") for line in lines)][1:]
    firsts = [next(re.findall(r"why of (\d+)", line) for line in lines if "why of" in line)[0]
              for lines in inside]  # fmt: skip
    assert len(inside) > 1
    assert [lines[0] for lines in inside] == [
        f"continued from why {n}: Answer {int(n) - 1}" for n in firsts
    ]


def test_a_long_answer_that_goes_on_says_whose_it_is():
    whys = [Why("w0", "The effect"), Why("w1", "word " * 3000, "w0")]
    pages = pages_of(draft(Document([*empty().records(), *whys])))
    assert sum(lines[0] == "continued: why 2" for lines in pages if lines) > 1
