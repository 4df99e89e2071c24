"""The tree's geometry: no card on another, answers right of what they answer, order kept."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.model.change import Refused
from facilitator.model.document import Document
from facilitator.model.edits.branches import (
    branch_text,
    duplicate_branch,
    indent_or_outdent,
    paste_branch,
    raise_or_lower,
)
from facilitator.model.edits.whys import children, leaves, remove_branch
from facilitator.model.records import Evidence, Incident, Moment, Why
from facilitator.model.tree_layout import lay_out, reading_order, tree_of

INCIDENT = Incident("i", "Search was down", datetime(2026, 3, 1, tzinfo=UTC))


@st.composite
def trees(draw, most=40):
    """Answers with parents among those before them, and a height and a fold for each."""
    count = draw(st.integers(1, most))
    whys = [Why("w0", "Effect")]
    for n in range(1, count):
        parent = draw(st.integers(0, n - 1))
        whys.append(Why(f"w{n}", f"Answer {n}", f"w{parent}", float(draw(st.integers(0, 5)))))
    heights = {w.id: float(draw(st.integers(20, 200))) for w in whys}
    folded = draw(st.sets(st.sampled_from([w.id for w in whys])))
    return whys, heights, folded


def _overlap(a, b):
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


@given(trees())
def test_no_card_lies_on_another(made):
    whys, heights, folded = made
    boxes = lay_out(tree_of(whys), heights.__getitem__, folded).boxes
    assert not any(_overlap(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


@given(trees())
def test_answers_lie_right_of_what_they_answer_and_keep_their_order(made):
    whys, heights, folded = made
    layout = lay_out(tree_of(whys), heights.__getitem__, folded)
    for box in layout.boxes:
        answers = [layout.by_id[a] for a in layout.shown.get(box.id, ())]
        assert all(a.x > box.right for a in answers)
        assert all(a.bottom < b.y for a, b in pairwise(answers))


@given(trees())
def test_what_is_folded_away_is_not_laid_out_and_all_else_is(made):
    whys, heights, folded = made
    tree = tree_of(whys)
    layout = lay_out(tree, heights.__getitem__, folded)
    shown = {box.id for box in layout.boxes}
    for why in whys:
        visible = not why.parent or (why.parent in shown and why.parent not in folded)
        assert (why.id in shown) == visible


@given(trees(), st.integers(0, 3000), st.integers(0, 2000), st.integers(10, 900))
def test_a_window_finds_just_the_cards_that_it_touches(made, left, top, size):
    whys, heights, folded = made
    layout = lay_out(tree_of(whys), heights.__getitem__, folded)
    right, bottom = left + size, top + size
    touched = {
        b.id
        for b in layout.boxes
        if b.x <= right and b.right >= left and b.y <= bottom and b.bottom >= top
    }
    assert {b.id for b in layout.within(left, top, right, bottom)} == touched


@given(trees())
def test_every_card_is_found_by_a_point_on_it_and_its_link_is_drawn(made):
    whys, heights, folded = made
    layout = lay_out(tree_of(whys), heights.__getitem__, folded)
    links = {a.id for _p, a in layout.linked(0, 0, layout.width, layout.height)}
    for box in layout.boxes:
        found = layout.at(box.x + 1, box.middle)
        assert found is not None
        assert found.id == box.id
        assert (box.id in links) == bool(box.parent)


@given(trees(), st.sampled_from(["left", "right", "up", "down"]))
def test_an_arrow_goes_where_it_points(made, key):
    whys, heights, folded = made
    layout = lay_out(tree_of(whys), heights.__getitem__, folded)
    for box in layout.boxes:
        to = layout.by_id[layout.neighbour(box.id, key)]
        if to.id != box.id:
            assert {
                "left": to.x < box.x,
                "right": to.x > box.x,
                "up": to.middle < box.middle,
                "down": to.middle > box.middle,
            }[key]


def test_adding_an_answer_leaves_the_order_of_the_others():
    whys = [Why("e", "E"), Why("a", "A", "e", 1), Why("b", "B", "e", 2)]
    before = lay_out(tree_of(whys), lambda _node: 30.0)
    after = lay_out(tree_of([*whys, Why("n", "N", "a")]), lambda _node: 30.0)
    assert [b.id for b in before.boxes] == ["e", "a", "b"]
    assert [b.id for b in after.boxes] == ["e", "a", "n", "b"]
    assert before.by_id["a"].x == after.by_id["a"].x


def test_a_chain_of_five_thousand_answers_needs_no_recursion():
    whys = [Why("w0", "E"), *(Why(f"w{n}", "A", f"w{n - 1}") for n in range(1, 5000))]
    document = Document([INCIDENT, *whys])
    layout = lay_out(tree_of(whys), lambda _node: 40.0, {"w10"})
    assert len(layout.boxes) == 11
    assert layout.by_id["w10"].below == 4989
    assert [w.id for w in leaves(document)] == ["w4999"]
    assert len(remove_branch(document, "w1").changes) == 4999


def test_answers_whose_parent_is_lost_are_shown_as_effects():
    tree = tree_of([Why("a", "A", "gone"), Why("b", "B", "a")])
    assert [node for node, _p, _d in reading_order(tree)] == ["a", "b"]


def _document():
    return Document(
        [
            INCIDENT,
            Why("e", "Search was down"),
            Why("a", "The index was\nempty", "e", 1, level="scope", root_cause=True),
            Why("b", "No alert fired", "a", 1),
            Why("c", "The job had no owner", "e", 2),
            Moment("m", "Deploy"),
            Evidence("x", "a", "m"),
        ]
    )


def _texts(document, parent):
    return [w.text for w in children(document, parent)]


def test_a_branch_goes_through_text_and_back():
    document = _document()
    text = branch_text(document, "e")
    assert text.splitlines() == [
        "Search was down",
        "    The index was empty",
        "        No alert fired",
        "    The job had no owner",
    ]
    pasted = document.with_changes(paste_branch(document, "c", text).changes)
    (copy,) = children(pasted, "c")
    assert _texts(pasted, copy.id) == ["The index was empty", "The job had no owner"]


def test_pasted_lists_lose_their_bullets_and_come_last():
    document = _document()
    pasted = document.with_changes(paste_branch(document, "e", "\t- One\n\t\t* Two\n").changes)
    assert _texts(pasted, "e")[2:] == ["One"]
    assert _texts(pasted, children(pasted, "e")[2].id) == ["Two"]


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_nothing_to_paste_is_said(text):
    with pytest.raises(Refused, match="no text"):
        paste_branch(_document(), "e", text)


def test_a_duplicate_stands_below_its_original_without_evidence_or_root_cause():
    document = _document()
    doubled = document.with_changes(duplicate_branch(document, "a").changes)
    assert _texts(doubled, "e") == ["The index was\nempty"] * 2 + ["The job had no owner"]
    copy = children(doubled, "e")[1]
    assert (copy.level, copy.root_cause) == ("scope", False)
    assert _texts(doubled, copy.id) == ["No alert fired"]
    assert len(doubled.all(Evidence)) == 1


def test_an_answer_moves_among_its_siblings_and_stops_at_the_ends():
    document = _document()
    moved = document.with_changes(raise_or_lower(document, "c", -1).changes)
    assert _texts(moved, "e")[0] == "The job had no owner"
    assert raise_or_lower(document, "c", 1).changes == ()


def test_an_answer_moves_under_the_one_above_and_back_out():
    document = _document()
    inner = document.with_changes(indent_or_outdent(document, "c", 1).changes)
    assert _texts(inner, "a") == ["No alert fired", "The job had no owner"]
    outer = inner.with_changes(indent_or_outdent(inner, "c", -1).changes)
    assert [w.id for w in children(outer, "e")] == ["a", "c"]
    assert indent_or_outdent(document, "a", 1).changes == ()
    assert indent_or_outdent(document, "a", -1).changes == ()
