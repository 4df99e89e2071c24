"""Some PySide6 builds lose a reference to None with every call and abort during a meeting."""

import gc
import sys

from PySide6.QtWidgets import QLabel

CALLS = 100_000


def test_a_hundred_thousand_void_qt_calls_leave_none_alone(qtbot):
    label = QLabel("before")
    qtbot.addWidget(label)
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setMargin(1)
    lost = before - sys.getrefcount(None)
    assert abs(lost) < CALLS // 100
