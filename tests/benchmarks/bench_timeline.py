"""10,000 moments on the timeline: a frame while panning and zooming, beside bare rectangles.

Run with `python tests/benchmarks/bench_timeline.py [moments]`; prints milliseconds.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from facilitator.model.change import Change, Edit
from facilitator.model.document import Document
from facilitator.model.records import LANES, Incident, Moment
from facilitator.model.timeline_layout import chart_of
from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.canvas import Canvas

SIZE = (1180, 360)
FRAMES = 200
BEGIN = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


class Bare(QWidget):
    """The floor: fills as many rectangles, at the same places, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.rects: list[QRectF] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        painter.setBrush(QColor("#ECECF4"))
        painter.drawRects(self.rects)
        painter.end()


def incident(count: int) -> tuple[Incident | Moment, ...]:
    chance = random.Random(7)
    root = Incident("i", "Many", BEGIN, zone="Europe/Berlin", started_at=BEGIN,
                    resolved_at=BEGIN + timedelta(hours=3))  # fmt: skip
    moments = (
        Moment(
            f"m{i}",
            f"Worker {chance.randrange(99)} restarted after {chance.randrange(900)} seconds",
            chance.choice(LANES),
            BEGIN + timedelta(seconds=chance.uniform(-3600, 40 * 3600)),
            provenance=chance.choice(("recorded", "reconstructed")),
        )
        for i in range(count)
    )
    return (root, *moments)


def timed(what: Callable[[], object], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        took.append((time.perf_counter() - began) * 1000)
    return took


def line(name: str, took: list[float], floor: float | None = None) -> str:
    p95 = statistics.quantiles(took, n=20)[-1] if len(took) > 2 else max(took)
    beside = f"   {p95 / floor:6.1f} x floor" if floor else ""
    return f"{name:44s} median {statistics.median(took):7.2f}   p95 {p95:7.2f} ms{beside}"


@contextmanager
def opened(records: tuple[Incident | Moment, ...]) -> Iterator[QtSession]:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder) / "library.sqlite")
        made = library.create(Edit("New", tuple(Change(None, each) for each in records)))
        session = QtSession(Session(library, made))
        yield session
        session.close()
        library.close()


def panning(canvas: Canvas, bare: Bare) -> tuple[list[float], list[float]]:
    """Frames of the canvas while it pans, and of the floor with the same rectangles."""
    frames: list[float] = []
    floors: list[float] = []
    for i in range(FRAMES):
        step = 14.0 if i % 100 < 50 else -14.0

        def frame(step: float = step) -> None:
            canvas.view.pan(step)
            canvas.repaint()

        frames += timed(frame, 1)
        bare.rects = [QRectF(*card.box) for card in canvas.view.picture().cards()]
        floors += timed(bare.repaint, 1)
    return frames, floors


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    app = QApplication([])
    records = incident(count)
    document = Document(records)
    print(f"{count} moments, {SIZE[0]} x {SIZE[1]}, {app.platformName()}")
    print(line("put in order (once per edit)", timed(lambda: chart_of(document), 9)))
    with opened(records) as session:
        built: list[Canvas] = []
        print(line("build the canvas", timed(lambda: built.append(Canvas(session, Theme())), 3)))
        canvas, bare = built[-1], Bare()
        for widget in (canvas, bare):
            widget.resize(*SIZE)
            widget.show()
        app.processEvents()
        scale = canvas.view.scale.per_second
        for name, factor in (("all in view", 0.02), ("the outage", 1.0), ("close up", 12.0)):
            canvas.view.fit("outage")
            canvas.view.zoom(canvas.view.scale.per_second**-1 * scale * factor, 600)
            canvas.repaint()
            frames, floors = panning(canvas, bare)
            shown = len(canvas.view.picture().cards())
            floor = statistics.quantiles(floors, n=20)[-1]
            print(line(f"pan, {name} ({shown} cards)", frames, floor))
            print(line("   floor: the same rectangles", floors))
        zooms = []
        for i in range(60):
            factor = 1.15 if i % 30 < 15 else 1 / 1.15

            def zoom(factor: float = factor) -> None:
                canvas.view.zoom(factor, 500)
                canvas.repaint()

            zooms += timed(zoom, 1)
        print(line("zoom", zooms))
        for widget in (*built, bare):
            widget.deleteLater()
        app.processEvents()


if __name__ == "__main__":
    main()
