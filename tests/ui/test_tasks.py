import threading

import pytest
from PySide6.QtCore import QObject, QThread

from facilitator.ui.tasks import Tasks


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
