"""What a window shows and takes while something is done for it on another thread."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton

from facilitator.store.problems import NotSaved
from facilitator.ui.tasks import GaveUp, Tasks
from facilitator.ui.waiting import Waiting


class Bench:
    """A window with a button and a key of its own, and a disk that answers when it is told to."""

    def __init__(self, qtbot, keep):
        self.window, self.tasks, self.go = QMainWindow(), Tasks(), threading.Event()
        qtbot.addWidget(self.window)
        self.pressed, self.left = [], []
        self.button = QPushButton("Again", self.window)
        self.button.clicked.connect(lambda: self.pressed.append("button"))
        key = QShortcut(QKeySequence("Ctrl+O"), self.window)
        key.activated.connect(lambda: self.pressed.append("key"))
        self.window.setCentralWidget(self.button)
        self.window.resize(900, 600)
        self.window.show()
        self.window.activateWindow()
        self.button.setFocus()
        self.waiting = Waiting(
            self.tasks, self.window, keep=keep, leave=lambda: self.left.append(1)
        )

    def work(self, meanwhile, **named):
        """What the slow thing gives, with something done as soon as it is on."""
        QTimer.singleShot(0, meanwhile)
        return self.waiting.work("Restoring …", lambda: self.go.wait(20) and "done", **named)

    @property
    def cover(self):
        return self.waiting.cover


@pytest.fixture
def made(qtbot):
    benches = []

    def make(keep=lambda: None):
        benches.append(Bench(qtbot, keep))
        return benches[-1]

    yield make
    for bench in benches:
        bench.go.set()
        assert bench.tasks.close()


def test_it_is_done_elsewhere_and_nothing_below_can_be_used_meanwhile(made, qtbot):
    bench = made()

    def meanwhile():
        below = bench.window.childAt(bench.button.geometry().center())
        QTest.mouseClick(below, Qt.MouseButton.LeftButton)
        QTest.keyClick(bench.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(bench.cover, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(bench.cover, Qt.Key.Key_Space)
        bench.cover.show_card()
        assert "Restoring" in bench.cover.text
        bench.window.resize(1000, 700)
        assert bench.cover.size() == bench.window.size()
        bench.go.set()

    assert bench.work(meanwhile) == "done"
    assert bench.pressed == []
    assert not bench.waiting.is_on
    QTest.mouseClick(bench.button, Qt.MouseButton.LeftButton)
    assert bench.pressed == ["button"]


def test_what_is_done_at_once_is_never_seen(made):
    bench = made()
    bench.go.set()
    seen = []
    assert bench.work(lambda: seen.append(bench.cover and bench.cover.text)) == "done"
    assert not any(seen)


def test_a_disk_that_does_not_answer_is_waited_for_or_left(made, qtbot):
    bench = made(lambda: Path("/data/spool/x.spool"))

    def meanwhile():
        bench.waiting.tell_slow()
        assert "slow or hangs" in bench.cover.text
        assert not bench.cover.stay.isVisible()
        qtbot.waitUntil(bench.cover.leave.isVisible)
        assert "/data/spool/x.spool" in bench.cover.text
        QTest.keyClick(bench.cover, Qt.Key.Key_Escape)
        bench.cover.wait.click()
        assert not bench.cover.leave.isVisible()
        bench.waiting.tell_slow()
        qtbot.waitUntil(bench.cover.leave.isVisible)
        bench.cover.leave.setFocus()
        QTest.keyClick(bench.cover.leave, Qt.Key.Key_Return)
        bench.go.set()

    assert bench.work(meanwhile) == "done"
    assert bench.left == [1]


def test_leaving_is_not_offered_while_something_is_only_in_the_window(made, qtbot):
    def keep():
        raise NotSaved("No room.")

    bench = made(keep)

    def meanwhile():
        bench.waiting.tell_slow()
        qtbot.waitUntil(lambda: "only in this window" in bench.cover.text)
        assert not bench.cover.leave.isVisible()
        bench.go.set()

    assert bench.work(meanwhile) == "done"


def test_who_agreed_before_is_not_asked_again(made, qtbot):
    bench = made(lambda: Path("/data/spool/x.spool"))
    bench.waiting.leaves_by_itself = True

    def meanwhile():
        bench.waiting.tell_slow()
        qtbot.waitUntil(lambda: bench.left == [1])
        bench.go.set()

    bench.work(meanwhile)


def test_esc_goes_back_where_that_is_possible(made, qtbot):
    bench, late = made(), []

    def meanwhile():
        QTest.keyClick(bench.cover, Qt.Key.Key_Escape)
        bench.waiting.tell_slow()
        assert bench.cover.stay.isVisible()
        QTest.keyClick(bench.cover, Qt.Key.Key_Escape)

    with pytest.raises(GaveUp):
        bench.work(meanwhile, late=late.append)
    assert not bench.waiting.is_on
    bench.go.set()
    qtbot.waitUntil(lambda: late == ["done"])


def test_a_window_that_is_to_close_does_so_afterwards(made, qtbot):
    bench = made()

    def meanwhile():
        bench.waiting.close_when_done()
        assert "closes when this is done" in bench.cover.text
        bench.go.set()

    bench.work(meanwhile)
    qtbot.waitUntil(lambda: not bench.window.isVisible())


def test_at_the_start_there_is_no_window_yet_and_the_card_is_one(qtbot):
    tasks, go, left = Tasks(), threading.Event(), []
    waiting = Waiting(tasks, None, keep=lambda: None, leave=lambda: left.append(1))

    def meanwhile():
        assert not waiting.cover.isVisible()
        waiting.cover.show_card()
        assert waiting.cover.isWindow()
        assert "Opening" in waiting.cover.text
        waiting.tell_slow()
        qtbot.waitUntil(waiting.cover.leave.isVisible)
        waiting.cover.close()
        go.set()

    QTimer.singleShot(0, meanwhile)
    assert waiting.work("Opening the library …", go.wait, 20)
    assert left == [1]
    tasks.close()


def test_tab_stays_among_the_choices(made, qtbot):
    bench = made()

    def meanwhile():
        bench.waiting.tell_slow()
        qtbot.waitUntil(bench.cover.leave.isVisible)
        seen = set()
        for _ in range(4):
            QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_Tab)
            seen.add(bench.window.focusWidget())
        assert seen == {bench.cover.wait, bench.cover.leave}
        bench.go.set()

    bench.work(meanwhile)
