"""The 5-Whys tree as the facilitator uses it: by keys, by mouse, by typing on a card."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from facilitator.language.rules import load_rules
from facilitator.model.change import Change, Edit
from facilitator.model.edits.whys import add_why, branch, change_why, children, evidence_of
from facilitator.model.records import Person, Why
from facilitator.paths import resources
from facilitator.ui.hinting import Hinting
from facilitator.ui.whys.board import WhyBoard
from facilitator.ui.whys.canvas import MOMENTS
from facilitator.ui.whys.cards import PERSON_LINE
from facilitator.ui.whys.steps import KEYS

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def rules():
    return load_rules(*sorted((resources() / "language").glob("en*.toml")))


@pytest.fixture
def make_board(qtbot, session, theme):
    def make(hinting, of=session):
        board = WhyBoard(of, hinting, theme)
        qtbot.addWidget(board, before_close_func=_give_up)
        board.resize(1180, 400)
        with qtbot.waitActive(board):
            board.show()
            board.activateWindow()
        board.setFocus()
        return board

    return make


def _give_up(board):
    """What is half typed at the end of a test is nobody's."""
    board.canvas.typist.field.cancel()


@pytest.fixture
def board(make_board, hinting):
    board = make_board(hinting)
    board.select("w2")
    return board


def press(board, key, modifier=Qt.KeyboardModifier.NoModifier):
    field = board.canvas.typist.field
    QTest.keyClick(field if field.hasFocus() else board.canvas, key, modifier)


def write(board, text):
    QTest.keyClicks(board.canvas.typist.field, text)


def texts(session, parent):
    return [w.text for w in children(session.document, parent)]


def middle_of(board, why_id, share=0.5):
    """The point of the window at this share of a card's height."""
    box = board.canvas.layout_now.by_id[why_id]
    rect = board.canvas.lens.to_window(QRectF(box.x, box.y, box.width, box.height))
    return QPoint(round(rect.center().x()), round(rect.y() + share * rect.height()))


def drag(board, why_id, to):
    canvas, start = board.canvas, middle_of(board, why_id)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + to) / 2)
    QTest.mouseMove(canvas, to)


def drop(board, to):
    QTest.mouseRelease(board.canvas, Qt.MouseButton.LeftButton, pos=to)


# Keys


def test_tab_asks_the_next_why_and_enter_commits_it(board, session):
    board.select("w3")
    press(board, KEY.Key_Tab)
    write(board, "Nobody owns the printers")
    press(board, KEY.Key_Return)
    (added,) = children(session.document, "w3")
    assert added.text == "Nobody owns the printers"
    assert board.selected() == added.id
    assert board.canvas.hasFocus()


def test_a_chain_of_whys_is_typed_without_leaving_the_keyboard(board, session):
    board.select("w3")
    press(board, KEY.Key_Tab)
    write(board, "One")
    press(board, KEY.Key_Tab)
    write(board, "Two")
    press(board, KEY.Key_Return, CTRL)
    write(board, "Three")
    press(board, KEY.Key_Return)
    assert texts(session, "w3") == ["One"]
    assert texts(session, children(session.document, "w3")[0].id) == ["Two", "Three"]


def test_enter_adds_another_cause_after_and_shift_enter_before(board, session):
    press(board, KEY.Key_Return)
    write(board, "After")
    press(board, KEY.Key_Return)
    board.select("w2")
    press(board, KEY.Key_Return, SHIFT)
    write(board, "Before")
    press(board, KEY.Key_Return)
    assert texts(session, "w1") == ["Before", "The new driver dropped the second line", "After"]


def test_a_new_card_is_no_record_until_committed_and_escape_drops_it(board, session):
    press(board, KEY.Key_Tab)
    write(board, "A first wording")
    assert texts(session, "w2") == ["No test prints a ticket"]
    press(board, KEY.Key_Escape)
    assert texts(session, "w2") == ["No test prints a ticket"]
    assert board.selected() == "w2"
    assert "new" not in board.canvas.layout_now.by_id
    assert not session.undo_label


def test_an_empty_new_card_goes_without_a_word(board, session, qtbot):
    with qtbot.assertNotEmitted(session.refused):
        press(board, KEY.Key_Tab)
        press(board, KEY.Key_Return)
    assert texts(session, "w2") == ["No test prints a ticket"]


def test_escape_gives_back_the_committed_words(board, session):
    press(board, KEY.Key_F2)
    write(board, "x")
    press(board, KEY.Key_Escape)
    assert session.document.get(Why, "w2").text == "The new driver dropped the second line"
    assert board.canvas.hasFocus()


def test_typing_on_a_card_starts_editing_and_shift_enter_makes_a_line(board, session):
    QTest.keyClicks(board.canvas, "N")
    write(board, "ew words")
    press(board, KEY.Key_Return, SHIFT)
    write(board, "below")
    press(board, KEY.Key_Return)
    assert session.document.get(Why, "w2").text == "New words\nbelow"


def test_empty_words_for_an_existing_answer_are_refused(board, session, qtbot):
    with qtbot.waitSignal(session.refused):
        press(board, KEY.Key_F2)
        press(board, KEY.Key_Delete)
        press(board, KEY.Key_Return)
    assert session.document.get(Why, "w2").text == "The new driver dropped the second line"


def test_leaving_the_field_commits_it(board, session):
    press(board, KEY.Key_F2)
    write(board, "Left by mouse")
    QTest.mouseClick(board.canvas, Qt.MouseButton.LeftButton, pos=middle_of(board, "w1"))
    assert session.document.get(Why, "w2").text == "Left by mouse"
    assert board.canvas.typist.editing is None
    assert board.selected() == "w1"


def test_undo_while_typing_takes_back_what_was_typed(board, session):
    press(board, KEY.Key_Tab)
    write(board, "Too soon")
    board.canvas.typist.field.commit()
    session.undo()
    assert texts(session, "w2") == ["No test prints a ticket"]
    assert board.canvas.typist.editing is None
    session.redo()
    assert texts(session, "w2") == ["No test prints a ticket", "Too soon"]


def test_arrows_home_and_end_go_where_the_eye_goes(board, session):
    session.do(add_why, "Second cause", "w1", why_id="w9")
    for key, expected in (
        (KEY.Key_Right, "w3"),
        (KEY.Key_Left, "w2"),
        (KEY.Key_Down, "w9"),
        (KEY.Key_Home, "w2"),
        (KEY.Key_End, "w9"),
        (KEY.Key_Up, "w2"),
        (KEY.Key_Left, "w1"),
    ):
        press(board, key)
        assert board.selected() == expected


def test_space_folds_and_opens_and_right_opens_too(board):
    press(board, KEY.Key_Space)
    assert "w3" not in board.canvas.layout_now.by_id
    assert board.canvas.layout_now.by_id["w2"].folded
    press(board, KEY.Key_Right)
    assert "w3" in board.canvas.layout_now.by_id


def test_selecting_what_is_folded_away_opens_its_branch(board):
    press(board, KEY.Key_Left)
    press(board, KEY.Key_Space)
    board.select("w3")
    assert "w3" in board.canvas.layout_now.by_id


def test_ctrl_arrows_change_order_and_depth(board, session):
    session.do(add_why, "Second cause", "w1", why_id="w9")
    board.select("w9")
    press(board, KEY.Key_Up, CTRL)
    assert [w.id for w in children(session.document, "w1")] == ["w9", "w2"]
    press(board, KEY.Key_Down, CTRL)
    press(board, KEY.Key_Right, CTRL)
    assert session.document.get(Why, "w9").parent == "w2"
    press(board, KEY.Key_Left, CTRL)
    assert session.document.get(Why, "w9").parent == "w1"


def test_delete_takes_the_branch_and_undo_brings_it_back(board, session):
    press(board, KEY.Key_Delete)
    assert [w.id for w in session.document.all(Why)] == ["w1"]
    assert board.selected() == "w1"
    session.undo()
    assert {w.id for w in session.document.all(Why)} == {"w1", "w2", "w3"}


def test_copy_and_paste_carry_a_branch_as_indented_text_in_one_edit(board, session):
    press(board, KEY.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "The new driver dropped the second line",
        "    No test prints a ticket",
    ]
    board.select("w1")
    press(board, KEY.Key_V, CTRL)
    assert len(children(session.document, "w1")) == 2
    assert board.selected() == children(session.document, "w1")[1].id
    session.undo()
    assert len(children(session.document, "w1")) == 1


def test_cut_and_duplicate(board, session):
    press(board, KEY.Key_D, CTRL)
    assert len(children(session.document, "w1")) == 2
    press(board, KEY.Key_X, CTRL)
    assert len(children(session.document, "w1")) == 1


def test_alt_digits_set_the_level_and_alt_r_the_root_cause(board, session):
    press(board, KEY.Key_3, ALT)
    press(board, KEY.Key_R, ALT)
    why = session.document.get(Why, "w2")
    assert (why.level, why.root_cause) == ("scope", True)
    labelled = replace(session.document.incident, label="scenario-gap")
    session.session.do(Edit("Label", (Change(session.document.incident, labelled),)))
    assert board.canvas.picture.cards["w2"].foot == "Root cause · Scope · scenario-gap"


def test_escape_and_shift_tab_leave_the_canvas(board, qtbot):
    with qtbot.waitSignal(board.left):
        press(board, KEY.Key_Escape)


def test_zoom_keys(board):
    before = board.canvas.lens.zoom
    press(board, KEY.Key_Plus, CTRL)
    assert board.canvas.lens.zoom > before
    press(board, KEY.Key_0, CTRL)
    seen = board.canvas.lens.seen
    assert seen.width() >= board.canvas.layout_now.width - 1


# The empty tree and what a crash leaves


@pytest.fixture
def empty(session):
    for why in [w for w in session.document.all(Why) if not w.parent]:
        session.session.do(Edit("Clear", tuple(Change(w, None) for w in session.document.all(Why))))
        return session, why


def test_an_empty_tree_offers_the_title_as_the_effect(empty, make_board, hinting):
    session, _ = empty
    board = make_board(hinting)
    assert board.canvas.typist.field.hasFocus()
    assert session.document.all(Why) == ()
    press(board, KEY.Key_Tab)
    write(board, "The first answer")
    press(board, KEY.Key_Return)
    (effect,) = children(session.document, "")
    assert effect.text == "Tickets are printed without a seat"
    assert texts(session, effect.id) == ["The first answer"]


def test_passing_through_an_empty_tree_makes_no_effect(empty, make_board, hinting):
    session, _ = empty
    board = make_board(hinting)
    press(board, KEY.Key_Escape)
    assert session.document.all(Why) == ()


def test_deleting_the_last_answer_offers_the_title_again(board, session):
    board.select("w1")
    press(board, KEY.Key_Delete)
    assert session.document.all(Why) == ()
    assert board.canvas.typist.field.toPlainText() == "Tickets are printed without a seat"


def test_a_new_card_that_was_being_typed_survives_a_crash(session, make_board, hinting):
    session.keep_draft("why:new:w2", "Half a thou")
    board = make_board(hinting)
    write(board, "")
    assert board.canvas.typist.field.toPlainText() == "Half a thou"
    press(board, KEY.Key_Return)
    assert texts(session, "w2") == ["No test prints a ticket", "Half a thou"]
    assert session.draft("why:new:w2") is None


def test_typing_keeps_a_draft_at_a_pause(board, session, qtbot):
    press(board, KEY.Key_Tab)
    write(board, "Kept")
    qtbot.waitUntil(lambda: session.draft("why:new:w2") == "Kept")


STROKES = st.sampled_from([*sorted(set(KEYS) - {"Menu", "Shift+F10"}), "Space", "a", "Ctrl+Return"])


@given(st.lists(STROKES, max_size=20))
def test_no_run_of_keys_loses_the_tree_or_an_answer_that_was_committed(board, session, strokes):
    """Whatever is pressed, the board shows what the document says."""
    board.canvas.typist.field.cancel()
    while session.undo_label:
        session.undo()
    board.select("w2")
    for stroke in strokes:
        combination = QKeySequence(stroke)[0]
        press(board, combination.key(), combination.keyboardModifiers())
        document, typist = session.document, board.canvas.typist
        shown = {box.id for box in board.canvas.layout_now.boxes} - {"new"}
        hidden = {
            inner.id
            for box in board.canvas.layout_now.boxes
            if box.folded
            for inner in document.all(Why)
            if inner.id != box.id and box.id in {w.id for w in branch(document, inner.id)}
        }
        assert shown | hidden == {w.id for w in document.all(Why)}
        assert typist.editing is None or typist.field.isVisible()
        assert typist.editing is not None or document.all(Why)


# Persons


def test_an_answer_that_stops_at_a_person_is_marked_while_typed_and_after(
    session, make_board, rules
):
    board = make_board(Hinting(session, rules))
    board.select("w2")
    press(board, KEY.Key_Tab)
    write(board, "The reviewer should have looked")
    assert board.canvas.picture.cards["new"].person
    press(board, KEY.Key_Return)
    card = board.canvas.picture.cards[board.selected()]
    assert card.person
    assert PERSON_LINE in card.words
    session.do(change_why, board.selected(), "The pipeline did not validate the layout")
    assert not board.canvas.picture.cards[board.selected()].person


def test_a_participants_name_stops_at_a_person_too(session, make_board, rules):
    board = make_board(Hinting(session, rules))
    session.do(change_why, "w3", "Quill skipped the check")
    person = Person("p9", "Quill Example")
    session.session.do(Edit("Add person", (Change(None, person),)))
    assert board.canvas.picture.cards["w3"].person


# Mouse


def test_click_selects_and_double_click_edits(board, qtbot):
    with qtbot.waitSignal(board.selection_changed) as told:
        QTest.mouseClick(board.canvas, Qt.MouseButton.LeftButton, pos=middle_of(board, "w3"))
    assert told.args == ["w3"]
    QTest.mouseDClick(board.canvas, Qt.MouseButton.LeftButton, pos=middle_of(board, "w3"))
    assert board.canvas.typist.node == "w3"


@pytest.mark.parametrize(
    ("share", "parent", "order"),
    [(0.5, "w2", ["w3", "w9"]), (0.1, "w1", ["w9", "w2"]), (0.9, "w1", ["w2", "w9"])],
)
def test_a_dropped_card_becomes_a_child_or_stands_before_or_after(
    board, session, share, parent, order
):
    session.do(add_why, "Moves", "w3", why_id="w9")
    to = middle_of(board, "w2", share)
    drag(board, "w9", to)
    assert board.canvas._pointer.drag is not None
    drop(board, to)
    assert session.document.get(Why, "w9").parent == parent
    assert [w.id for w in children(session.document, parent)] == order


def test_a_card_cannot_be_dropped_into_its_own_branch(board, session, qtbot):
    to = middle_of(board, "w3")
    with qtbot.waitSignal(session.refused) as told:
        drag(board, "w2", to)
        drop(board, to)
    assert told.args == ["An answer cannot move into its own branch."]
    assert session.document.get(Why, "w2").parent == "w1"


def test_escape_cancels_a_drag_and_stays_on_the_canvas(board, session, qtbot):
    session.do(add_why, "Moves", "w3", why_id="w9")
    to = middle_of(board, "w2")
    drag(board, "w9", to)
    with qtbot.assertNotEmitted(board.left):
        press(board, KEY.Key_Escape)
    drop(board, to)
    assert session.document.get(Why, "w9").parent == "w3"


def test_the_fold_mark_folds(board):
    box = board.canvas.layout_now.by_id["w1"]
    at = board.canvas.lens.to_window(QRectF(box.right, box.middle, 1, 1)).topLeft().toPoint()
    QTest.mouseClick(board.canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(8, 8))
    assert set(board.canvas.layout_now.by_id) == {"w1"}


def wheel(board, dy, modifier=Qt.KeyboardModifier.NoModifier):
    canvas = board.canvas
    where = QPointF(200, 150)
    event = QWheelEvent(
        where,
        QPointF(canvas.mapToGlobal(where.toPoint())),
        QPoint(),
        QPoint(0, dy),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_pans_and_with_ctrl_zooms_at_the_pointer(board):
    lens = board.canvas.lens
    for _ in range(12):
        wheel(board, 120, CTRL)
    assert lens.zoom == 3.0
    before = lens.seen.left()
    wheel(board, -120, SHIFT)
    assert lens.seen.left() > before


def test_space_and_middle_button_pan_without_folding(board):
    canvas = board.canvas
    for _ in range(12):
        wheel(board, 120, CTRL)
    left = canvas.lens.seen.left()
    QTest.keyPress(canvas, KEY.Key_Space)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(200, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.keyRelease(canvas, KEY.Key_Space)
    assert canvas.lens.seen.left() > left
    assert "w3" in canvas.layout_now.by_id


def carry(kind, board, where, data):
    mime = QMimeData()
    mime.setData(MOMENTS, data)
    copy = Qt.DropAction.CopyAction
    left = Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    place = QPointF(where) if kind is QDropEvent else where
    event = kind(place, copy, mime, left, plain)
    QApplication.sendEvent(board.canvas, event)
    return event


def test_moments_dropped_on_a_card_become_its_evidence(board, session):
    where, data = middle_of(board, "w3"), json.dumps(["m1", "m3", "unknown", 5]).encode()
    carry(QDragEnterEvent, board, where, data)
    assert carry(QDragMoveEvent, board, where, data).isAccepted()
    carry(QDropEvent, board, where, data)
    assert [m.id for m in evidence_of(session.document, "w3")] == ["m1", "m3"]
    assert board.canvas.picture.cards["w3"].evidence == 2


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": 1}', b"\xff\xfe"])
def test_a_broken_drop_changes_nothing(board, session, data):
    where = middle_of(board, "w3")
    carry(QDragEnterEvent, board, where, data)
    carry(QDropEvent, board, where, data)
    assert evidence_of(session.document, "w3") == ()


def test_attach_without_a_selection_says_so(board, session, qtbot):
    board.select("")
    with qtbot.waitSignal(session.refused):
        board.attach(["m1"])


# The menu


def open_menu(board):
    press(board, KEY.Key_F10, SHIFT)
    (menu,) = [m for m in board.canvas.findChildren(QMenu) if m.isVisible()]
    return menu


def entries(menu):
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from entries(inner)
        elif action.data():
            yield action


def test_the_menu_has_a_command_for_every_drag_and_every_key(board):
    menu = open_menu(board)
    commands = {action.data() for action in entries(menu)}
    assert commands >= {
        "ask_why", "another", "edit", "root", "evidence", "fold", "park", "delete", "copy",
        "cut", "paste", "duplicate", "order:up", "order:down", "order:in", "order:out",
        "level:strategy", "level:discovery", "level:scope", "level:execution",
        "level:operation", "level:", "detach:m1",
    }  # fmt: skip
    menu.close()


def test_the_menu_detaches_evidence_and_sets_levels(board, session):
    menu = open_menu(board)
    by_command = {action.data(): action for action in entries(menu)}
    by_command["detach:m1"].trigger()
    by_command["level:operation"].trigger()
    menu.close()
    assert evidence_of(session.document, "w2") == ()
    assert session.document.get(Why, "w2").level == "operation"


def test_the_menu_asks_the_desk_to_park_and_for_evidence(board, qtbot):
    with qtbot.waitSignal(board.park_asked) as parked:
        board.run("park")
    with qtbot.waitSignal(board.evidence_asked) as asked:
        board.run("evidence")
    assert (parked.args, asked.args) == (["The new driver dropped the second line"], ["w2"])


# How it looks and reads


def test_long_words_wrap_and_a_cut_card_says_so(board, session):
    session.do(change_why, "w3", "unbreakable" * 2000 + " \n<b>bold</b> & more")
    card = board.canvas.picture.cards["w3"]
    box = board.canvas.layout_now.by_id["w3"]
    assert board.canvas.cards.is_cut(card)
    assert box.height < 220
    board.select("w3")
    press(board, KEY.Key_F2)
    assert len(board.canvas.typist.field.toPlainText()) > 20_000


def test_a_screen_reader_lists_every_card(board, session):
    tree = QAccessible.queryAccessibleInterface(board.canvas)
    names = [
        tree.child(i).text(QAccessible.Text.Name) for i in range(len(session.document.all(Why)))
    ]
    assert tree.role() == QAccessible.Role.Tree
    assert names == [
        "Tickets had no seat printed",
        "The new driver dropped the second line, evidence",
        "No test prints a ticket",
    ]
    assert tree.child(1).state().selected


def test_a_screen_reader_hears_the_selected_card(board):
    QAccessible.setActive(True)
    press(board, KEY.Key_Right)
    tree = QAccessible.queryAccessibleInterface(board.canvas)
    QAccessible.setActive(False)
    assert tree.focusChild().text(QAccessible.Text.Name) == "No test prints a ticket"


@pytest.mark.parametrize("size", [(1180, 400), (640, 260)])
@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.3, 0.1])
def test_the_tree_is_drawn_at_every_zoom(board, size, zoom):
    board.resize(*size)
    blank = board.grab().toImage()
    blank.fill(board.canvas._theme.color("ground"))
    board.canvas.lens.zoom = zoom
    board.canvas.refresh()
    assert board.grab().toImage() != blank


def test_the_tree_follows_the_document_from_elsewhere(board, session):
    session.do(add_why, "From the command line", "w3", why_id="w9")
    assert "w9" in board.canvas.layout_now.by_id
    board.select("w9")
    session.undo()
    assert board.selected() == "w3"


def test_a_second_board_shows_the_same_tree(board, session, make_board, hinting):
    board.select("w3")
    press(board, KEY.Key_Tab)
    write(board, "Kept for good")
    press(board, KEY.Key_Return)
    other = make_board(hinting)
    assert other.canvas.layout_now.boxes == board.canvas.layout_now.boxes
