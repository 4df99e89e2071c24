"""What a keystroke costs the window: a 300-character field with hints, beside a plain one.

python tests/benchmarks/bench_hints.py
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QPlainTextEdit, QWidget  # noqa: E402

from facilitator.app import make_application, make_parts  # noqa: E402
from facilitator.settings import Settings  # noqa: E402
from facilitator.store.library import Library  # noqa: E402
from facilitator.ui.fields import TextField  # noqa: E402
from facilitator.ui.pictures import SteppedClock  # noqa: E402
from facilitator.ui.window import MainWindow  # noqa: E402
from tests.benchmarks.bench_language import FIELD  # noqa: E402

TYPED = " The on-call engineer should have seen it, and nobody ever tests on a copy of the table."
ROUNDS = 6


def milliseconds(work: Callable[[], object]) -> float:
    """How long the window's thread was busy with it."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def keystroke(widget: QWidget, character: str) -> Callable[[], object]:
    """The key, and the painting that follows it."""

    def press() -> None:
        QTest.keyClicks(widget, character)
        QCoreApplication.processEvents()

    return press


def typed(widget: QPlainTextEdit, pause: Callable[[], object] | None) -> list[float]:
    """The cost of each keystroke while the text grows; with `pause`, of the look for hints too.

    A pause after every key is the worst there is: typed without one, hints wait for the last key.
    """
    took = []
    for number in range(ROUNDS):
        # Another text each time: what was heard before is remembered.
        widget.setPlainText(f"{number}. {FIELD[:217]}")
        widget.moveCursor(widget.textCursor().MoveOperation.End)
        QCoreApplication.processEvents()
        for character in TYPED:
            cost = milliseconds(keystroke(widget, character))
            if pause is not None:
                cost += milliseconds(pause)
            took.append(cost)
    return took


def tell(what: str, took: list[float], aim: str = "") -> None:
    """One line: median and 99th percentile."""
    parts = quantiles(took, n=100)
    print(f"{what}: p50 {parts[49]:.2f} ms, p99 {parts[98]:.2f} ms{aim}")


def open_desk(window: MainWindow, incident: str) -> Callable[[], object]:
    """Opening an incident until it is painted."""

    def work() -> None:
        window.open_incident(incident)
        QCoreApplication.processEvents()

    return work


def redirect(desk: QWidget) -> None:
    """The key for a sentence to say, and the painting that follows it."""
    QTest.keyClick(desk, Qt.Key.Key_F3)
    QCoreApplication.processEvents()


def main() -> None:
    """Print the figures, each with the aim beside it."""
    make_application()
    clock = SteppedClock(datetime(2026, 6, 18, 21, 0, tzinfo=UTC))
    with TemporaryDirectory() as folder:
        library = Library(Path(folder) / "library.sqlite")
        parts = replace(make_parts(library), now=clock, steady=clock.steady)
        window = MainWindow(parts, Settings(), remember=False)
        window.resize(1600, 950)
        window.show_start()
        window.show()
        QCoreApplication.processEvents()
        incident = parts.make_demo(library)
        first = milliseconds(open_desk(window, incident))
        again = [milliseconds(open_desk(window, incident)) for _ in range(5)]
        print(
            f"opening the demo incident until painted: {first:.0f} ms the first time, modules and"
            f" rules read; {sorted(again)[2]:.0f} ms after that (aim 400)"
        )
        desk = window.desk
        assert desk is not None
        desk.action("incident").trigger()
        field = next(f for f in desk.restate.form.findChildren(TextField) if f.field)
        field.setFocus()
        plain = QPlainTextEdit()
        plain.resize(field.width(), 140)
        plain.show()
        tell("a plain QPlainTextEdit, a keystroke painted", typed(plain, None))
        tell("our field in the desk, a keystroke painted", typed(field, None))
        tell(
            "the same, with the hints looked for after every key",
            typed(field, field._look_for_hints),
            " (aim p99 5 ms)",
        )
        presses = [milliseconds(partial(redirect, desk)) for _ in range(60)]
        tell("F3 until its sentence is painted", presses, " (aim 100 ms)")
        window.close()


if __name__ == "__main__":
    main()
