import threading

import pytest
from PySide6.QtCore import QObject, QThread, QTimer

from facilitator.ui.tasks import GaveUp, Tasks


@pytest.fixture
def real(qtbot):
    tasks = Tasks()
    yield tasks
    assert tasks.close()


class Receiver(QObject):
    def __init__(self):
        super().__init__()
        self.got = []

    def take(self, value):
        self.got.append((value, QThread.currentThread() is self.thread()))


def test_the_work_is_done_elsewhere_and_the_answer_comes_here(qtbot, real):
    receiver = Receiver()
    here = threading.get_ident()
    real.run(lambda a, b: (a + b, threading.get_ident() == here), 1, 2, done=receiver.take)
    qtbot.waitUntil(lambda: receiver.got != [])
    assert receiver.got == [((3, False), True)]


def test_an_error_comes_here_as_well(qtbot, real):
    receiver = Receiver()
    real.run(int, "x", done=receiver.take, failed=receiver.take)
    qtbot.waitUntil(lambda: receiver.got != [])
    error, was_here = receiver.got[0]
    assert isinstance(error, ValueError)
    assert was_here


def test_it_says_whether_something_runs(qtbot, real):
    told = []
    real.busy.connect(told.append)
    go = threading.Event()
    real.run(go.wait, 10)
    real.run(go.wait, 10)
    assert real.is_busy
    go.set()
    qtbot.waitUntil(lambda: not real.is_busy)
    assert told == [True, False]


def test_an_answer_whose_receiver_is_gone_is_dropped(qtbot, real):
    receiver, other = Receiver(), Receiver()
    go = threading.Event()
    real.run(go.wait, 10, done=receiver.take)
    receiver.deleteLater()
    qtbot.waitSignal(receiver.destroyed).wait()
    go.set()
    real.run(lambda: 1, done=other.take)
    qtbot.waitUntil(lambda: not real.is_busy)
    assert other.got == [(1, True)]


def test_what_is_waited_for_comes_while_events_are_delivered(real):
    ticked = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticked.append(1) or (len(ticked) == 3 and go.set()))
    timer.start(1)
    go = threading.Event()
    assert real.wait(lambda: go.wait(10) and threading.get_ident()) != threading.get_ident()
    assert len(ticked) >= 3
    timer.stop()
    with pytest.raises(ValueError, match="invalid literal"):
        real.wait(int, "x")


def test_one_may_give_up_and_what_comes_late_is_not_lost(qtbot, real):
    go, late = threading.Event(), []
    answer = real.ask(lambda: go.wait(10) and "here")
    QTimer.singleShot(0, lambda: answer.give_up(late.append))
    with pytest.raises(GaveUp):
        answer.wait()
    go.set()
    qtbot.waitUntil(lambda: late == ["here"])


def test_many_that_hang_do_not_keep_the_next_one_waiting(real):
    go = threading.Event()
    for _ in range(8):
        real.run(go.wait, 10)
    assert real.wait(lambda: not go.is_set())
    go.set()


def test_an_app_that_ends_has_what_it_waits_for_done_first(qapp, real):
    go = threading.Event()
    QTimer.singleShot(0, qapp.quit)
    threading.Timer(0.05, go.set).start()
    assert real.wait(lambda: go.wait(10) and "done") == "done"
