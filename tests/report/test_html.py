"""The report as one HTML file: the same content, nothing from outside, no text becomes markup."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from facilitator.model.document import Document
from facilitator.model.records import Incident, Moment, Person, Why
from facilitator.report.content import HEADINGS
from facilitator.report.html import POLICY, render_html
from tests.report.report_kit import AT, HEAD, HOSTILE, empty, hostile, rich, utc

VOID = {"meta", "br", "rect", "circle", "line", "polyline"}
KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "footer"),
    *("h1", "h2", "h3", "p", "br", "strong", "span", "div", "ul", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("svg", "rect", "circle", "line", "polyline", "text"),
}
KNOWN_ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "scope", "colspan"),
    *("aria-labelledby", "aria-label", "role", "viewbox", "x", "y", "x1", "x2", "y1", "y2"),
    *("cx", "cy", "r", "points", "width", "height", "fill", "stroke", "stroke-width"),
    *("font-size", "font-weight", "text-anchor"),
}


class Page(HTMLParser):
    """What a page holds: tags, attributes, headings and text; says when tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes = [], set(), []
        self.headings, self.texts, self.heads = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag in ("h1", "h2", "h3"):
            self.headings.append([tag, ""])
        if tag == "th":
            self.heads.append(dict(attrs).get("scope"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings[-1][1] += data
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


def rendered(document):
    return render_html(document, head=HEAD, at=AT)


def test_the_five_sections_stand_in_order_and_no_level_is_left_out():
    page = Page(rendered(rich()))
    found = [text for tag, text in page.headings if tag == "h2" and text[0].isdigit()]
    assert tuple(found) == HEADINGS
    levels = [int(tag[1]) for tag, _ in page.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.open == []


def test_language_title_and_policy_are_said():
    page = Page(rendered(rich()))
    assert ("html", "lang", "en") in page.attributes
    assert ("meta", "content", POLICY) in page.attributes
    assert rich().incident.title in page.texts


def test_every_head_of_a_table_says_what_it_heads():
    heads = Page(rendered(rich())).heads
    assert set(heads) == {"col", "row", "rowgroup"}


def test_the_same_facts_as_on_paper():
    said = Page(rendered(rich())).text
    for fact in ("Ōtautahi Health", "2,340 of 45,000 patients (5.2 %)", "2 h 54 min", "QA-311"):
        assert fact in said


def test_no_name_is_said():
    said = rendered(rich())
    assert [name for name in ("Marama", "Tāne", "Ines", "Petrov", "Ruiz") if name in said] == []


@pytest.mark.parametrize(
    "document", [rich(), empty(), hostile(2_000)], ids=["rich", "empty", "bad"]
)
def test_nothing_runs_and_nothing_is_fetched(document):
    text = rendered(document)
    page = Page(text)
    assert page.tags - KNOWN == set()
    assert {name for _, name, _ in page.attributes} - KNOWN_ATTRIBUTES == set()
    assert page.open == []
    sheet = text[text.index("<style>") : text.index("</style>")]
    assert re.findall(r"url\(|@import|expression|</", sheet) == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_text_reads_as_typed_wherever_it_stands(typed):
    document = Document(
        [
            Incident(
                "i", typed, utc(9, 0), organisation=typed, summary=typed, started_at=utc(18, 14)
            ),
            Person("p", "Nomen Nescio", "tech-lead", typed),
            Moment("m", typed, "signal", utc(18, 20)),
            Why("w", typed, root_cause=True),
        ]
    )
    page = Page(rendered(document))
    assert page.text.count(" ".join(typed.split())) >= 4
    assert page.tags - KNOWN == set()


def test_the_whys_are_nested_as_they_were_asked_and_a_deep_tree_ends():
    whys = [Why(f"w{n}", f"answer {n}", f"w{n - 1}" if n else "") for n in range(3_000)]
    page = Page(rendered(Document([Incident("i", "Deep", utc(9, 0)), *whys])))
    assert page.open == []
    assert "answer 2999" in page.text
    assert "why of 2999" in page.text


def test_an_empty_incident_says_what_is_not_known():
    said = Page(rendered(empty())).text
    assert "not known" in said
    assert "Not agreed yet." in said


def test_the_timeline_is_drawn_with_the_numbers_of_its_table():
    text = rendered(rich())
    drawn = re.findall(r'text-anchor="middle">(\d+)</text>', text)
    assert len(drawn) >= 5
    assert text.count('role="img"') == 3


def test_what_is_not_final_says_draft():
    draft = render_html(rich(), head=HEAD, at=AT, final=False)
    assert "DRAFT of 20 June 2026" in draft
    assert "DRAFT" not in rendered(rich())


def test_every_colour_is_one_of_the_page_by_day_and_by_night():
    text = rendered(rich())
    style = text[text.index("<style>") : text.index("</style>")]
    day, night = re.findall(r":root \{([^}]*)\}", style)
    names = [set(re.findall(r"--([\w-]+):", each)) for each in (day, night)]
    assert names[0] == names[1]
    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= names[0]
    assert day != night
    assert re.findall(r"#[0-9A-Fa-f]{6}\b", re.sub(r":root \{[^}]*\}", "", text)) == []


def test_a_table_is_named_by_its_heading_and_short_cells_stay_on_a_line():
    page = Page(rendered(rich()))
    assert ("table", "aria-label", "Actions") in page.attributes
    assert ("td", "class", "short") in page.attributes


def test_a_metric_is_drawn_and_told():
    text = rendered(rich())
    assert text.count("<polyline ") == 1
    assert "highest 3.4 % (19:30)" in text
