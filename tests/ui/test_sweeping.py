import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from facilitator.ui.sweeping import Sweeping


class Ring:
    """Garbage that only a collection finds; it notes on which thread it went."""

    def __init__(self, gone):
        self.itself = self
        weakref.finalize(self, lambda: gone.append(threading.get_ident()))


@pytest.fixture
def sweeping(qtbot):
    parent = QObject()
    yield Sweeping(parent, clock=lambda: 100.0)
    parent.deleteLater()


def test_no_other_thread_collects_and_the_windows_own_does(qtbot, sweeping):
    gone = []

    def litter():
        rings = [Ring(gone) for _ in range(5_000)]
        del rings
        assert [[] for _ in range(50_000)]

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert gone == []
    sweeping.sweep()
    assert set(gone) == {threading.get_ident()}
    assert len(gone) == 5_000


def test_what_is_old_is_collected_now_and_then(qtbot):
    parent, now, gone = QObject(), [0.0], []
    sweeping = Sweeping(parent, clock=lambda: now[0])
    ring = Ring(gone)
    gc.collect()
    gc.collect()
    del ring
    kept = []
    for minute in range(3):
        now[0] = minute * 61.0
        kept += [[] for _ in range(2_000)]
        sweeping.sweep()
    assert gone == [threading.get_ident()]
    parent.deleteLater()
