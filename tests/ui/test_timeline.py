"""The timeline board, by what a facilitator sees and does."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QDrag,
    QDropEvent,
    QGuiApplication,
    QHelpEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from facilitator.model.edits.moments import add_moment, add_moments
from facilitator.model.records import Moment
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.board import TimelineBoard
from facilitator.ui.timeline.dragging import MoveDrag
from facilitator.ui.timeline.mouse import MOMENTS_MIME

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def utc(hour, minute, second=0, day=5, month=3):
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def board(qtbot, session, hinting, theme):
    board = TimelineBoard(session, hinting, theme)
    qtbot.addWidget(board)
    board.resize(1180, 400)
    # Focus moves only in the active window, and another test's may still be that.
    with qtbot.waitActive(board):
        board.show()
        board.activateWindow()
    board.canvas.setFocus()
    QApplication.processEvents()
    return board


@pytest.fixture
def moment(session):
    """Reads a moment as the document has it now."""
    return lambda moment_id: session.document.find(Moment, moment_id)


def press(board, key, modifiers=NONE, times=1):
    for _ in range(times):
        QTest.keyClick(board.canvas, key, modifiers)


def card(board, moment_id):
    return board.canvas.view.card_of(moment_id)


def middle(board, moment_id):
    box = card(board, moment_id).box
    return QPoint(round(box.x + box.width / 2), round(box.y + box.height / 2))


def drag(board, start, by, modifiers=NONE, *, drop=True):
    canvas = board.canvas
    QTest.mousePress(canvas, LEFT, NONE, start)
    for part in (0.3, 0.7, 1.0):
        where = start + QPoint(round(by.x() * part), round(by.y() * part))
        _move(canvas, where, modifiers)
    if drop:
        QTest.mouseRelease(canvas, LEFT, modifiers, start + by)


def _move(canvas, where, modifiers):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(where),
        QPointF(canvas.mapToGlobal(where)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifiers,
    )
    QApplication.sendEvent(canvas, event)


def wheel(board, amount, modifiers=NONE):
    at = QPoint(500, 150)
    event = QWheelEvent(
        QPointF(at),
        QPointF(board.canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, amount),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(board.canvas, event)


def lane_y(board, name):
    lane = next(each for each in board.canvas.view.picture().lanes if each.name == name)
    return round(lane.box.y + lane.box.height / 2)


class TestSeeing:
    def test_the_figures_stand_above_the_lanes(self, board):
        assert "Detection gap 12 min" in board.header.accessibleName()
        assert "Time to mitigate 1 h 5 min" in board.header.accessibleName()
        assert "Duration 1 h 15 min" in board.header.accessibleName()
        assert "Recorded 0 of 4" in board.header.accessibleName()

    def test_moving_a_key_moment_changes_the_figures_at_once(self, board):
        board.select(["m3"])
        press(board, Key.Key_Right, CTRL)
        assert "Detection gap 13 min" in board.header.accessibleName()

    def test_the_axis_is_in_the_incidents_zone(self, board):
        labels = [tick.label for tick in board.canvas.view.picture().ticks]
        assert "09:00" in labels
        assert "08:00" not in labels

    def test_contradicting_key_moments_are_told(self, board):
        board.select(["m4"])
        press(board, Key.Key_Left, CTRL | SHIFT, times=8)
        assert "lies before" in board.header.accessibleName()

    def test_a_tool_tip_shows_markup_as_it_was_typed(self, board, session, monkeypatch):
        session.do(add_moment, "<img src='file:///x'> & <b>x</b>", utc(8, 40), id="evil")
        shown = []
        monkeypatch.setattr(QToolTip, "showText", lambda *values: shown.append(values[1]))
        here = middle(board, "evil")
        event = QHelpEvent(QHelpEvent.Type.ToolTip, here, board.canvas.mapToGlobal(here))
        QApplication.sendEvent(board.canvas, event)
        assert "&lt;img" in shown[0]
        assert "&lt;b&gt;" in shown[0]
        assert "<img" not in shown[0]

    def test_recorded_and_reconstructed_moments_look_different(self, board, session):
        board.select(["m4"])
        before = board.canvas.grab().toImage()
        board.command("recorded")
        board.select(["m4"])
        assert board.canvas.grab().toImage() != before
        assert "Recorded 1 of 4" in board.header.accessibleName()

    def test_an_empty_timeline_says_what_to_do(self, board, session):
        full = board.canvas.grab().toImage()
        board.command("all")
        press(board, Key.Key_Delete)
        assert session.document.all(Moment) == ()
        assert board.canvas.view.chart.is_empty
        assert board.canvas.grab().toImage() != full

    @pytest.mark.parametrize("name", ["light", "dark"])
    @pytest.mark.parametrize("size", [(1180, 400), (620, 260), (2400, 900), (380, 200)])
    def test_it_paints_at_every_size_in_its_theme(self, board, name, size):
        board.set_theme(Theme(name))
        board.resize(*size)
        picture = board.canvas.grab().toImage()
        ground = Theme(name).color("ground")
        assert picture.pixelColor(picture.width() - 12, 12) == QColor(ground)

    def test_every_lane_is_in_sight_on_the_smallest_desk(self, board):
        board.resize(640, 260)
        picture = board.canvas.view.picture()
        assert picture.hidden == 0
        assert len(picture.lanes) == 5

    def test_a_text_of_100000_characters_is_painted(self, board, session):
        session.do(add_moment, "word " * 19_999, utc(8, 20), id="long")
        assert not board.canvas.grab().isNull()
        assert card(board, "long").box.width <= 240


class TestKeys:
    def test_arrows_walk_through_time_and_lanes(self, board):
        board.select(["m1"])
        press(board, Key.Key_Right)
        assert board.selected() == ["m2"]
        press(board, Key.Key_Up)
        assert board.selected() == ["m4"]
        press(board, Key.Key_Home)
        assert board.selected() == ["m1"]
        press(board, Key.Key_Left)
        assert board.selected() == ["m1"]

    @pytest.mark.parametrize(
        ("key", "modifiers", "seconds"),
        [
            (Key.Key_Right, CTRL, 60),
            (Key.Key_Left, CTRL, -60),
            (Key.Key_Right, CTRL | SHIFT, 600),
            (Key.Key_Left, CTRL | SHIFT, -600),
            (Key.Key_Right, ALT, 1),
            (Key.Key_Left, ALT, -1),
        ],
    )
    def test_keys_move_a_moment_in_time(self, board, moment, key, modifiers, seconds):
        board.select(["m3"])
        press(board, key, modifiers)
        assert moment("m3").at == utc(8, 12) + timedelta(seconds=seconds)

    def test_ten_key_presses_are_one_undo(self, board, session, moment):
        board.select(["m3"])
        press(board, Key.Key_Right, CTRL, times=10)
        assert moment("m3").at == utc(8, 22)
        session.undo()
        assert moment("m3").at == utc(8, 12)

    def test_another_visit_is_another_undo(self, board, session, moment):
        board.select(["m3"])
        press(board, Key.Key_Right, CTRL)
        board.select(["m4"])
        board.select(["m3"])
        press(board, Key.Key_Right, CTRL)
        session.undo()
        assert moment("m3").at == utc(8, 13)

    def test_a_key_changes_the_lane(self, board, moment):
        board.select(["m3"])
        press(board, Key.Key_Down, CTRL)
        assert moment("m3").lane == "action"
        press(board, Key.Key_Up, CTRL, times=9)
        assert moment("m3").lane == "change"

    def test_delete_needs_no_question_for_undo_brings_it_back(self, board, session, moment):
        board.select(["m2"])
        press(board, Key.Key_Delete)
        assert moment("m2") is None
        assert board.selected() == ["m3"]
        session.undo()
        assert moment("m2") is not None

    def test_pasted_lines_become_moments_in_one_edit(self, board, session):
        QGuiApplication.clipboard().setText("09:20 printers restarted\n09:25 ▲ gates told\n")
        press(board, Key.Key_V, CTRL)
        texts = {m.text: m for m in session.document.all(Moment)}
        assert texts["printers restarted"].at == utc(8, 20)
        assert texts["gates told"].lane == "communication"
        assert len(board.selected()) == 2
        session.undo()
        assert len(session.document.all(Moment)) == 4

    def test_pasting_words_without_a_time_is_refused_with_a_sentence(self, board, session, qtbot):
        QGuiApplication.clipboard().setText("hello")
        with qtbot.waitSignal(session.refused) as refused:
            press(board, Key.Key_V, CTRL)
        assert "begins with a time" in refused.args[0]

    def test_copied_moments_are_lines_in_the_incidents_zone(self, board):
        board.select(["m3", "m1"])
        press(board, Key.Key_C, CTRL)
        assert QGuiApplication.clipboard().text().splitlines() == [
            "2026-03-05 08:50:00+01:00 ◆ Printer driver updated",
            "2026-03-05 09:12:00+01:00 ● Gate reports unreadable tickets",
        ]

    def test_ctrl_0_shows_the_outage_and_everything_in_turn(self, board, session):
        session.do(add_moment, "driver merged", utc(8, 0, day=1), "change", id="old")
        press(board, Key.Key_0, CTRL)
        assert card(board, "old").box.x > board.canvas.view.sizes.gutter
        press(board, Key.Key_0, CTRL)
        lanes = board.canvas.view.picture().lanes
        assert lanes[0].before == 1
        assert card(board, "m1") is not None

    def test_a_moment_just_outside_comes_in_with_a_small_step(self, board):
        board.canvas.view.pan(150)
        board.select(["m2"])
        before = board.canvas.view.scale.start
        board.select(["m4"])
        x = card(board, "m4").box.x
        assert board.canvas.view.sizes.gutter <= x <= board.canvas.view.sizes.plot_right - 100
        assert abs(board.canvas.view.scale.start - before) < 3600

    def test_zoom_by_key_keeps_the_current_moment_in_place(self, board):
        board.select(["m3"])
        before = card(board, "m3").box.x
        press(board, Key.Key_Plus, CTRL, times=3)
        assert card(board, "m3").box.x == pytest.approx(before, abs=1)

    def test_escape_leaves_the_canvas(self, board, qtbot):
        with qtbot.waitSignal(board.left):
            press(board, Key.Key_Escape)

    def test_every_key_of_the_canvas_wins_over_the_windows_shortcuts(self, board):
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QKeyEvent

        event = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_0, CTRL, "0")
        event.ignore()
        QApplication.sendEvent(board.canvas, event)
        assert event.isAccepted()


class TestEditor:
    def test_enter_opens_it_and_enter_commits_all_fields_as_one_edit(self, board, session, moment):
        board.select(["m3"])
        press(board, Key.Key_Return)
        board.editor.text.setPlainText("Gate beeps")
        board.editor.time.setText("≈0915")
        board.editor.end.setText("+5m")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        after = moment("m3")
        assert (after.text, after.at, after.precision) == ("Gate beeps", utc(8, 15), "about")
        assert after.until == utc(8, 20)
        assert board.editor is None
        assert board.canvas.hasFocus()
        session.undo()
        assert moment("m3").text == "Gate reports unreadable tickets"

    def test_escape_leaves_everything_as_it_was(self, board, session, moment):
        board.select(["m3"])
        press(board, Key.Key_F2)
        QTest.keyClicks(board.editor.text, "other words")
        QTest.keyClick(board.editor.text, Key.Key_Escape)
        assert board.editor is None
        assert moment("m3").text == "Gate reports unreadable tickets"
        assert session.undo_label == ""

    def test_insert_makes_a_moment_from_words_that_begin_with_a_time(self, board, session):
        press(board, Key.Key_Insert)
        QTest.keyClicks(board.editor.text, "09:40 second printer fails")
        QTest.keyClick(board.editor.text, Key.Key_Return)
        made = session.document.get(Moment, board.selected()[0])
        assert (made.text, made.at) == ("second printer fails", utc(8, 40))

    def test_a_new_moment_without_a_time_waits_in_the_tray(self, board, session):
        press(board, Key.Key_Insert)
        QTest.keyClicks(board.editor.text, "queue grew")
        QTest.keyClick(board.editor.text, Key.Key_Return)
        made = session.document.get(Moment, board.selected()[0])
        assert made.at is None
        assert [c.moment.id for c in board.canvas.view.picture().tray] == [made.id]

    def test_a_new_moment_without_words_is_no_moment(self, board, session):
        press(board, Key.Key_Insert)
        QTest.keyClick(board.editor.text, Key.Key_Return)
        assert board.editor is None
        assert len(session.document.all(Moment)) == 4

    def test_a_typed_digit_begins_a_time(self, board, moment):
        board.select(["m3"])
        QTest.keyClicks(board.canvas, "0")
        QTest.keyClicks(board.editor.time, "920")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        assert moment("m3").at == utc(8, 20)

    def test_a_time_that_is_none_keeps_the_editor_open_and_says_so(self, board, moment):
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.time.setText("soon")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        assert board.editor is not None
        assert "is no time" in board.editor.problem
        assert moment("m3").at == utc(8, 12)

    def test_leaving_the_editor_commits(self, board, moment, qtbot):
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.text.setPlainText("Gate beeps")
        board.canvas.setFocus()
        qtbot.waitUntil(lambda: board.editor is None)
        assert moment("m3").text == "Gate beeps"

    def test_a_click_elsewhere_commits_and_selects_what_was_clicked(self, board, moment, qtbot):
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.text.setPlainText("Gate beeps")
        QTest.mouseClick(board.canvas, LEFT, NONE, middle(board, "m1"))
        qtbot.waitUntil(lambda: board.editor is None)
        assert moment("m3").text == "Gate beeps"
        assert board.selected() == ["m1"]

    def test_hints_are_about_the_committed_words_once_it_is_closed(self, board, hinting):
        heard = {}
        hinting.heard.connect(lambda key, text, _: heard.update({key: text}))
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.text.setPlainText("Gate beeps")
        QTest.keyClick(board.editor.text, Key.Key_Return)
        assert heard["moment:m3:text"] == "Gate beeps"
        press(board, Key.Key_F2)
        board.editor.text.setPlainText("Somebody beeps")
        QTest.keyClick(board.editor.text, Key.Key_Escape)
        assert heard["moment:m3:text"] == "Gate beeps"

    def test_going_from_words_to_time_commits_nothing_yet(self, board, moment, session):
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.text.setPlainText("Gate beeps")
        board.editor.time.setFocus()
        assert moment("m3").text == "Gate reports unreadable tickets"
        assert session.draft("moment:m3:text") == "Gate beeps"

    def test_a_later_begin_takes_the_end_along(self, board, session, moment):
        session.do(add_moment, "sale stopped", utc(8, 30), "impact", until=utc(9, 0), id="bar")
        board.select(["bar"])
        press(board, Key.Key_F2)
        board.editor.time.setText("09:40")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        assert (moment("bar").at, moment("bar").until) == (utc(8, 40), utc(9, 10))

    def test_emptying_the_time_makes_it_unknown(self, board, moment):
        board.select(["m3"])
        press(board, Key.Key_F2)
        board.editor.time.setText("")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        assert moment("m3").at is None

    def test_a_day_alone_is_known_to_the_day(self, board, moment):
        board.select(["m1"])
        press(board, Key.Key_F2)
        board.editor.time.setText("2026-03-01")
        QTest.keyClick(board.editor.time, Key.Key_Return)
        assert (moment("m1").at, moment("m1").precision) == (utc(23, 0, day=28, month=2), "date")

    def test_undo_that_removes_the_moment_closes_its_editor(self, board, session):
        session.do(add_moment, "short lived", utc(8, 30), id="gone")
        board.select(["gone"])
        press(board, Key.Key_F2)
        session.undo()
        assert board.editor is None


class TestMouse:
    def test_a_drag_changes_the_time_by_its_length_and_undo_restores_it(
        self, board, session, moment
    ):
        seconds = 100 / board.canvas.view.scale.per_second
        drag(board, middle(board, "m3"), QPoint(100, 0), ALT)
        shifted = (moment("m3").at - utc(8, 12)).total_seconds()
        assert shifted == pytest.approx(seconds, abs=1)
        session.undo()
        assert moment("m3").at == utc(8, 12)

    def test_a_drag_to_another_lane_changes_the_lane(self, board, moment):
        start = middle(board, "m3")
        drag(board, start, QPoint(60, lane_y(board, "communication") - start.y()))
        assert moment("m3").lane == "communication"

    def test_a_drag_snaps_to_another_moment(self, board, moment):
        start = middle(board, "m3")
        distance = card(board, "m4").box.x - card(board, "m3").box.x
        drag(board, start, QPoint(round(distance) + 5, 0))
        assert moment("m3").at == moment("m4").at

    def test_a_drag_snaps_to_whole_minutes(self, board, moment):
        board.canvas.view.zoom(4.0, 400)
        board.select(["m3"])
        drag(board, middle(board, "m3"), QPoint(31, 0))
        assert moment("m3").at.second == 0
        assert moment("m3").at > utc(8, 12)

    def test_escape_gives_a_drag_up(self, board, moment, session):
        drag(board, middle(board, "m3"), QPoint(80, 0), drop=False)
        press(board, Key.Key_Escape)
        QTest.mouseRelease(board.canvas, LEFT, NONE, middle(board, "m3"))
        assert moment("m3").at == utc(8, 12)
        assert session.undo_label == ""

    def test_the_figures_follow_a_drag_and_go_back_when_it_is_given_up(self, board):
        seconds = 60 / board.canvas.view.scale.per_second
        drag(board, middle(board, "m3"), QPoint(60, 0), drop=False)
        gap = round(12 + seconds / 60)
        assert f"Detection gap {gap} min" in board.header.accessibleName()
        press(board, Key.Key_Escape)
        assert "Detection gap 12 min" in board.header.accessibleName()

    def test_a_shaking_hand_moves_nothing(self, board, session):
        drag(board, middle(board, "m3"), QPoint(3, 2))
        assert session.undo_label == ""

    def test_selected_moments_move_together(self, board, moment):
        board.select(["m4", "m3"])
        drag(board, middle(board, "m3"), QPoint(60, 0), ALT)
        assert moment("m3").at - utc(8, 12) == moment("m4").at - utc(9, 5)

    def test_the_right_edge_is_the_end(self, board, session, moment):
        session.do(add_moment, "sale stopped", utc(8, 30), "communication", until=utc(9, 0), id="b")
        box = card(board, "b").box
        edge = QPoint(round(box.x + box.width) - 2, round(box.y + 10))
        minutes = 40 / board.canvas.view.scale.per_second / 60
        drag(board, edge, QPoint(40, 0), ALT)
        lasted = (moment("b").until - moment("b").at).total_seconds() / 60
        assert moment("b").at == utc(8, 30)
        assert lasted == pytest.approx(30 + minutes, abs=0.1)

    def test_the_left_edge_is_the_beginning(self, board, session, moment):
        session.do(add_moment, "sale stopped", utc(8, 30), "communication", until=utc(9, 0), id="b")
        box = card(board, "b").box
        drag(board, QPoint(round(box.x) + 2, round(box.y + 10)), QPoint(-40, 0), ALT)
        assert moment("b").at < utc(8, 30)
        assert moment("b").until == utc(9, 0)

    def test_the_label_of_a_key_moment_can_be_dragged(self, board, moment):
        flags = {f.mark.key: f.box for f in board.canvas.view.picture().flags}
        box = flags["person_knew"]
        start = QPoint(round(box.x + 20), round(box.y + 8))
        drag(board, start, QPoint(50, 0), ALT)
        assert moment("m3").at > utc(8, 12)
        assert moment("m3").lane == "signal"

    def test_from_the_tray_onto_a_lane_gives_a_time(self, board, session, moment):
        session.do(add_moment, "queue grew", None, "action", id="u")
        start = middle(board, "u")
        drag(board, start, QPoint(200, lane_y(board, "impact") - start.y()))
        assert moment("u").at is not None
        assert (moment("u").lane, moment("u").precision) == ("impact", "about")

    def test_into_the_tray_takes_the_time_away(self, board, session, moment):
        session.do(add_moment, "queue grew", None, "action", id="u")
        start = middle(board, "m4")
        tray = round(board.canvas.view.picture().lanes_bottom) + 10
        drag(board, start, QPoint(0, tray - start.y()))
        assert moment("m4").at is None

    def test_shift_click_measures_between_two_moments(self, board):
        QTest.mouseClick(board.canvas, LEFT, NONE, middle(board, "m2"))
        QTest.mouseClick(board.canvas, LEFT, SHIFT, middle(board, "m4"))
        assert board.selected() == ["m2", "m4"]
        assert "09:00 to 10:05 1 h 5 min" in board.header.accessibleName()

    def test_ctrl_click_adds_and_takes_away(self, board):
        QTest.mouseClick(board.canvas, LEFT, NONE, middle(board, "m2"))
        QTest.mouseClick(board.canvas, LEFT, CTRL, middle(board, "m4"))
        assert board.selected() == ["m2", "m4"]
        QTest.mouseClick(board.canvas, LEFT, CTRL, middle(board, "m4"))
        assert board.selected() == ["m2"]

    def test_a_double_click_edits(self, board):
        QTest.mouseDClick(board.canvas, LEFT, NONE, middle(board, "m4"))
        assert board.editor.text.toPlainText() == "Driver taken back"

    def test_a_double_click_on_free_ground_begins_a_moment_there(self, board, session):
        at = board.canvas.view.scale.at(500)
        where = QPoint(500, lane_y(board, "communication"))
        QTest.mouseDClick(board.canvas, LEFT, NONE, where)
        QTest.keyClicks(board.editor.text, "gates told")
        QTest.keyClick(board.editor.text, Key.Key_Return)
        made = session.document.get(Moment, board.selected()[0])
        assert made.lane == "communication"
        assert abs(made.at.timestamp() - at) <= 30

    def test_the_wheel_goes_along_time(self, board):
        before = card(board, "m3").box.x
        wheel(board, -120)
        assert card(board, "m3").box.x == pytest.approx(before - 120)

    def test_the_wheel_with_ctrl_zooms_at_the_pointer(self, board):
        at = board.canvas.view.scale.at(500)
        wheel(board, 120, CTRL)
        assert board.canvas.view.scale.at(500) == pytest.approx(at, abs=1)
        assert board.canvas.view.scale.per_second > 0

    def test_the_wheel_with_shift_scrolls_the_lanes(self, board, session):
        session.do(add_moment, "queue grew", None)
        board.resize(640, 190)
        top = board.canvas.view.picture().lanes[0].box.y
        wheel(board, -240, SHIFT)
        assert board.canvas.view.picture().lanes[0].box.y < top

    @pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, LEFT])
    def test_the_middle_button_or_space_pans(self, board, moment, button):
        before = card(board, "m3").box.x
        start = middle(board, "m3")
        if button == LEFT:
            QTest.keyPress(board.canvas, Key.Key_Space)
        QTest.mousePress(board.canvas, button, NONE, start)
        _move(board.canvas, start + QPoint(70, 0), NONE)
        QTest.mouseRelease(board.canvas, button, NONE, start + QPoint(70, 0))
        assert card(board, "m3").box.x == pytest.approx(before + 70)
        assert moment("m3").at == utc(8, 12)

    def test_a_count_at_the_edge_leads_to_what_is_outside(self, board, session):
        session.do(add_moment, "driver merged", utc(8, 0, day=1), "change", id="old")
        box = board.canvas.view.picture().lanes[0].box
        QTest.mouseClick(board.canvas, LEFT, NONE, QPoint(40, round(box.y + box.height - 8)))
        assert board.selected() == ["old"]
        assert card(board, "old").box.x > board.canvas.view.sizes.gutter

    def test_dropped_files_are_handed_on(self, board, qtbot, tmp_path):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "alerts.csv"))])
        event = QDropEvent(
            QPointF(300, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE
        )
        with qtbot.waitSignal(board.files_dropped) as dropped:
            board.canvas.dropEvent(event)
        assert dropped.args[0] == [tmp_path / "alerts.csv"]

    def test_dropped_lines_are_as_good_as_pasted_ones(self, board, session):
        data = QMimeData()
        data.setText("09:20 printers restarted")
        event = QDropEvent(
            QPointF(300, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE
        )
        board.canvas.dropEvent(event)
        assert session.undo_label == "Paste moment"

    def test_a_drag_beyond_the_edge_takes_the_view_along(self, board, moment):
        start = middle(board, "m4")
        right = board.canvas.view.sizes.plot_right
        begin = board.canvas.view.scale.start
        drag(board, start, QPoint(round(right) - start.x() + 30, 0))
        assert board.canvas.view.scale.start > begin
        assert moment("m4").at > utc(9, 5)

    @pytest.mark.parametrize("way", ["below", "ctrl"])
    def test_a_drag_out_of_the_canvas_carries_the_moments(self, board, monkeypatch, moment, way):
        carried = []
        monkeypatch.setattr(QDrag, "exec", lambda drag, _: carried.append(drag.mimeData()))
        down = QPoint(0, 600) if way == "below" else QPoint(40, 0)
        drag(board, middle(board, "m3"), down, NONE if way == "below" else CTRL)
        assert json.loads(carried[0].data(MOMENTS_MIME).toStdString()) == ["m3"]
        assert moment("m3").at == utc(8, 12)


class TestMenu:
    def menu(self, board):
        board.command("menu", board.mapToGlobal(QPoint(50, 50)))
        return next(w for w in board.findChildren(QMenu) if w.isVisible())

    def choose(self, menu, *path):
        action = None
        for words in path:
            action = next(a for a in menu.actions() if a.text().split("\t")[0] == words)
            menu = action.menu() or menu
        action.trigger()

    @pytest.mark.parametrize(
        ("path", "field", "value"),
        [
            (("Key moment", "System knew"), "key", "system_knew"),
            (("Lane", "Communication"), "lane", "communication"),
            (("Move", "1 minute later"), "at", utc(9, 6)),
            (("Recorded during the incident",), "provenance", "recorded"),
            (("Time unknown",), "at", None),
        ],
    )
    def test_every_drag_has_a_command(self, board, moment, path, field, value):
        board.select(["m4"])
        menu = self.menu(board)
        self.choose(menu, *path)
        menu.close()
        assert getattr(moment("m4"), field) == value

    def test_shift_f10_opens_it_at_the_moment(self, board):
        board.select(["m4"])
        press(board, Key.Key_F10, SHIFT)
        menu = next(w for w in board.findChildren(QMenu) if w.isVisible())
        assert menu.actions()[0].text().startswith("Edit")
        menu.close()

    def test_k_opens_the_key_moments(self, board, moment):
        board.select(["m4"])
        press(board, Key.Key_K)
        menu = next(w for w in board.findChildren(QMenu) if w.isVisible())
        self.choose(menu, "Resolved")
        menu.close()
        assert moment("m4").key == "resolved"

    def test_evidence_and_parking_are_asked_of_the_desk(self, board, qtbot):
        board.select(["m4"])
        menu = self.menu(board)
        with qtbot.waitSignal(board.evidence_asked) as evidence:
            self.choose(menu, "Attach to the selected why")
        with qtbot.waitSignal(board.park_asked) as parked:
            self.choose(menu, "Park")
        menu.close()
        assert evidence.args == [["m4"]]
        assert parked.args == ["Driver taken back"]

    def test_a_key_moment_is_taken_from_who_had_it(self, board, moment):
        board.select(["m4"])
        board.command("set-key", "person_knew")
        assert moment("m3").key == ""
        assert moment("m4").key == "person_knew"


class TestScreenReader:
    def test_moments_are_a_list_with_names(self, board):
        interface = QAccessible.queryAccessibleInterface(board.canvas)
        assert interface.role() == QAccessible.Role.List
        assert interface.childCount() == 4
        first = interface.child(0)
        assert first.text(QAccessible.Text.Name) == (
            "Printer driver updated, 5 March 2026, 08:50 CET, Change, "
            "key moment Deployed, reconstructed"
        )
        assert interface.indexOfChild(first) == 0

    def test_the_current_moment_has_the_focus(self, board):
        board.select(["m3"])
        interface = QAccessible.queryAccessibleInterface(board.canvas)
        assert interface.focusChild().text(QAccessible.Text.Name).startswith("Gate reports")

    def test_walking_tells_an_active_screen_reader(self, board):
        QAccessible.setActive(True)
        try:
            press(board, Key.Key_Right, times=2)
        finally:
            QAccessible.setActive(False)
        interface = QAccessible.queryAccessibleInterface(board.canvas)
        item = interface.focusChild()
        assert item.state().focused
        assert item.rect().isValid()
        assert interface.childAt(*item.rect().center().toTuple()) is not None


class TestMany:
    def test_a_click_on_a_count_looks_closer(self, board, session):
        crowd = [
            Moment(f"c{i}", f"retry {i} of the queue", "action", utc(8, 30, i)) for i in range(9)
        ]
        session.do(add_moments, crowd, "Import 9 moments")
        lane = board.canvas.view.picture().lanes[2]
        box = lane.clusters[0].box
        QTest.mouseClick(board.canvas, LEFT, NONE, QPoint(round(box.x + 9), round(box.y + 8)))
        assert board.canvas.view.picture().lanes[2].clusters == ()
        assert len(board.canvas.view.picture().lanes[2].cards) >= lane.clusters[0].group.size

    def test_a_thousand_moments_at_one_time_are_counted_and_one_can_be_reached(
        self, board, session
    ):
        crowd = [
            Moment(f"c{i}", f"retry {i}", "signal", utc(8, 30) + timedelta(milliseconds=i))
            for i in range(1000)
        ]
        session.do(add_moments, crowd, "Import 1000 moments")
        board.select(["c500"])
        assert card(board, "c500") is not None
        board.canvas.view.fit("outage")
        board.select([])
        lane = board.canvas.view.picture().lanes[1]
        assert lane.counts or sum(c.group.size for c in lane.clusters) > 900


def test_a_ghost_says_where_a_drop_would_go(board):
    drag(board, middle(board, "m3"), QPoint(90, 0), drop=False)
    held = board.canvas.drag
    assert isinstance(held, MoveDrag)
    assert held.label.startswith("09:")
    assert held.ghosts[0].box.x == pytest.approx(card(board, "m3").box.x + 90, abs=8)
    board.canvas.cancel_drag()
