"""The order of lines that run both ways, beside Qt's, and what the standard asks of isolates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.report.bidi import base_level, levels, runs_both_ways, visual
from facilitator.report.isolates import outermost, without_isolates

# Letters of both ways, digits of two scripts, separators, brackets, spaces.
ALPHABET = "abאבجد12٣٤.,:/+-%$()[]<>! "


def ordered(text):
    """The characters of a line from left to right; those that run leftward are not mirrored."""
    found = levels(text, base_level(text))
    return "".join(text[n] for n in visual(found))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("plain 12", "plain 12"),
        ("car אבג", "car גבא"),
        ("אבג car", "car גבא"),
        ("אבג 12", "12 גבא"),
        ("car אבג 12.5% דה end", "car הד 12.5% גבא end"),
        ("אבג (x) דה", "הד )x( גבא"),
        ("جد 12-3", "3-12 دج"),
        ("a (אב) b", "a (בא) b"),
        ("\u2067a אב\u2069 c", "\u2067בא a\u2069 c"),
        ("\u2068אב\u2069 (2 c)", "\u2068בא\u2069 (2 c)"),
    ],
)
def test_lines_stand_as_the_standard_says(typed, seen):
    assert ordered(typed) == seen


def test_the_first_strong_letter_outside_isolates_says_which_way_a_text_runs():
    said = ("12 אב", "(a) אב", "\u2068אב\u2069 c", "\u2068c\u2069 אב", "12 + 3", "")
    assert [base_level(each) for each in said] == [1, 0, 0, 1, 0, 0]
    assert [runs_both_ways(each) for each in ("Ōtautahi 障害", "جد", "אב")] == [False, True, True]


def test_an_isolate_with_nothing_beside_it_says_so_itself():
    said = ("\u2068אב\u2069.", "\u2068אב", "\u2068אב\u2069 c", "c")
    assert [outermost(each) for each in said] == ["אב.", "אב", "\u2068אב\u2069 c", "c"]
    assert without_isolates("\u2068אב\u2069 c") == "אב c"


def test_a_hundred_thousand_brackets_and_isolates_are_ordered():
    for deep in ("(" * 50_000 + ")" * 50_000, "\u2067א" * 50_000, "א()" * 33_000):
        assert len(levels(deep, 1)) == len(deep)


@settings(max_examples=150, deadline=None)
@given(text=st.text(ALPHABET, max_size=24).map(str.strip))
def test_lines_stand_as_qt_sets_them(qapp, text):
    assert visual(levels(text, base_level(text))) == qt_order_of(text)


def qt_order_of(text):
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QFont, QTextLayout, QTextOption

    layout = QTextLayout(text, QFont("Noto Sans", 20))
    option = QTextOption()
    way = Qt.LayoutDirection.RightToLeft if base_level(text) else Qt.LayoutDirection.LeftToRight
    option.setTextDirection(way)
    layout.setTextOption(option)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    left = [
        min(place.x() for run in layout.glyphRuns(n, 1) for place in run.positions())
        for n in range(len(text))
    ]
    return sorted(range(len(text)), key=left.__getitem__)
