"""What the window feels of its disk: while somebody types, and in each operation.

A heartbeat of 4 ms runs in the window's own event loop; how much later than that it comes is how
long a person waited for the window. What it waited for a busy processor is left out. Somebody
types 30 keys a second and commits every tenth: on a quiet disk, on one whose every synchronisation
takes 150 ms, and while backups of 20,000 edits are made. Then every operation that touches a disk
is done, on a quiet disk, a slow one, and one that does not answer for 1.5 s in the middle of it.

    python -m tests.benchmarks.bench_stalls            all of it
    python -m tests.benchmarks.bench_stalls each       the operations alone
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from facilitator import app
from facilitator.model.edits.incident import change_incident
from facilitator.settings import Settings
from facilitator.store.library import Library
from tests.benchmarks import slow_disk
from tests.benchmarks.operations import Processor
from tests.store.storms import can_trace

DELAY = 150_000  # microseconds for each synchronisation
BEAT, KEY = 4, 33  # milliseconds


def main(words):
    """Print the figures of typing, then of the operations."""
    if "each" not in words:
        type_on()
    print_each(2_000)


def type_on():
    """Print the figures of a quiet disk, a slow one, and of a backup."""
    for mode, options in (("quiet", ()), ("slow", (400,)), ("backup", (200, 20_000))):
        if mode == "slow" and not can_trace():
            print("A slow disk needs strace: left out.")
            continue
        found = measure(mode, *options)
        print(f"{mode:<8}" + "".join(f"  {name} {value}" for name, value in found.items()))


def print_each(edits):
    """Print a line for each operation on a library with so many edits."""
    with tempfile.TemporaryDirectory() as folder:
        made = slow_disk.library(folder)
        if made is None:
            print("A disk that is slow or hangs needs Linux and a C compiler: left out.")
            return
        found = {how: each(Path(folder), made, how, edits) for how in ("quiet", "slow", "hangs")}
    print("\nLongest standstill in ms; of that not at work (aim: under 50); all took so many ms")
    print(f"{'':<32}" + "".join(f"{how:>26}" for how in found))
    for name in found["slow"]:
        cells = "".join("{:>10}{:>8}{:>8}".format(*figures[name]) for figures in found.values())
        print(f"{name:<32}{cells}")


def each(folder, made, how, edits):
    """What each operation felt like on such a disk, from a process of its own."""
    stick, home = folder / how / "stick", folder / how / "home"
    for each in (stick, home):
        each.mkdir(parents=True)
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    own = {"QT_QPA_PLATFORM": "offscreen", **places, **compiled}
    play = (sys.executable, "-m", "tests.benchmarks.operations")

    def run(environment, *words):
        done = subprocess.run(
            [*play, *words], env=environment | own, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[-1]

    ident = run(dict(os.environ), "prepare", str(stick), str(edits))
    environment = slow_disk.environment(made, stick, 150 if how == "slow" else 0)
    words = ("hang",) if how == "hangs" else ()
    return json.loads(run(environment, "play", str(stick), ident, *words))


def measure(mode, keys=400, edits=0):
    """The figures of one mode, from a process of its own; waits in milliseconds."""
    here = (sys.executable, "-m", "tests.benchmarks.bench_stalls", mode, str(keys), str(edits))
    inject = f"inject=fdatasync,fsync:delay_exit={DELAY}"
    slow = ("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e",
            "trace=fdatasync,fsync", "-e", inject)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*(slow if mode == "slow" else ()), *here, folder],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": folder,
                 "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


class Typist:
    """Types into the parking line of a real desk, and notes how late the heartbeat comes."""

    def __init__(self, window, keys, backups):
        self.window, self.keys, self.wanted = window, keys, backups
        self.session = window.desk.session
        self.line = window.desk.agenda.parking.line
        self.sent, self.beats, self.backups = 0, [], []
        self.began, self.reached = None, []
        self.session.saving.connect(self.follow)
        self.timers = [self.timer(BEAT, self.beat), self.timer(KEY, self.press)]

    def timer(self, pause, slot):
        """A precise timer that begins once everything has been drawn a first time."""
        timer = QTimer(self.window)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(pause)
        timer.timeout.connect(slot)
        QTimer.singleShot(1500, timer.start)
        return timer

    def beat(self):
        """Note when the event loop came by."""
        self.beats.append(time.perf_counter() - queued())

    def follow(self, saving):
        """Note how long it took until all was on disk."""
        if saving.state == "saving" and self.began is None:
            self.began = time.perf_counter()
        elif saving.state == "saved" and self.began is not None:
            self.reached.append(time.perf_counter() - self.began)
            self.began = None

    def press(self):
        """One key; each tenth commits, each fortieth has a backup made."""
        if self.sent < self.keys:
            self.sent += 1
            QTest.keyClick(self.line, Qt.Key.Key_A if self.sent % 10 else Qt.Key.Key_Return)
            if self.wanted and self.sent % 40 == 10:
                self.back_up()
        elif len(self.backups) >= self.wanted:
            QApplication.quit()

    def back_up(self):
        """Have a backup made, and note how long it took."""
        asked = time.perf_counter()
        tasks = self.window._parts.tasks
        done = lambda _: self.backups.append(time.perf_counter() - asked)  # noqa: E731
        tasks.run(self.window.library.back_up, done=done)

    def figures(self):
        """How late the heartbeat came, in milliseconds."""
        for timer in self.timers:
            timer.stop()
        waits = sorted((b - a) * 1e3 - BEAT for a, b in pairwise(self.beats))
        found = {
            "beats": len(waits),
            "median": round(statistics.median(waits), 2),
            "p99": round(waits[len(waits) * 99 // 100], 1),
            "worst": round(waits[-1], 1),
            "over_50": sum(wait > 50 for wait in waits),
            "saved_after": round(statistics.median(self.reached) * 1e3),
        }
        if self.backups:
            found |= {"backups": len(self.backups), "backup_ms": round(max(self.backups) * 1e3)}
        return found


_OWN = Processor()  # of the thread that reads this: the window's


def queued():
    """Seconds that this thread has waited for a processor: other programs' doing, not ours."""
    return _OWN.queued()


def typed(mode, keys, edits, folder):
    """Type into a desk on a library with so many edits; print what its event loop felt."""
    application = app.make_application()
    library = Library(folder / "library.sqlite")
    window = app.MainWindow(app.make_parts(library), Settings(), remember=False)
    window.resize(1600, 950)
    window.open_demo()
    window.show()
    session = window.desk.session
    for n in range(edits):
        session.do(change_incident, summary=f"What we know so far, {n}")
    session.session.wait(600)
    typist = Typist(window, keys, (keys + 29) // 40 * (mode == "backup"))
    typist.line.setFocus()
    application.exec()
    print(json.dumps(typist.figures()), flush=True)
    window.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        typed(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(sys.argv[1:])
