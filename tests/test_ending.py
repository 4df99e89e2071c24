"""Real processes that others end: what was typed is committed, and all is closed in order."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.model.records import Moment, Parked
from facilitator.store.library import Library
from facilitator.ui.recovery.console import CLOSED, LOGGED_OFF, SHUT_DOWN, Console
from tests.e2e.screen import Screen, missing
from tests.ui.conftest import small_incident

ROOT = Path(__file__).resolve().parent.parent
THOUGHT = "Half a thought that nobody saved"
OFFSCREEN = "This plugin does not support propagateSizeHints()\n"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these signals are not there")
TYPING = """
import os, sys
from facilitator import app
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest

how, thought = sys.argv[1:]

def type_on():
    windows = [w for w in QApplication.topLevelWidgets() if hasattr(w, "rescue") and w.desk]
    if not windows:
        QTimer.singleShot(50, type_on)
        return
    line = windows[0].desk.agenda.parking.line
    line.setFocus()
    QTest.keyClicks(line, thought)
    if how == "dialog":
        QTimer.singleShot(200, lambda: print("typed", flush=True))
        windows[0].desk.trigger("settings")
    else:
        print("typed", flush=True)
    if how == "display":
        # So Qt says of a display that is gone, and exits; it is said before any pause in typing.
        qWarning("The X11 connection broke (error 1). Did the X11 server die?")
        os._exit(1)

shown = []
make = app.MainWindow.show
def show(self):
    make(self)
    if not shown:
        shown.append(self)
        QTimer.singleShot(0, type_on)
app.MainWindow.show = show
sys.exit(app.run(None, "tickets"))
"""
CASES = {
    "SIGINT": ("", [signal.SIGINT]),
    "SIGHUP, then SIGTERM": ("", [getattr(signal, "SIGHUP", 0), signal.SIGTERM]),
    "SIGTERM while a dialog is open": ("dialog", [signal.SIGTERM]),
    "the display is gone": ("display", []),
}


def started(folder, *command):
    """A process in a home of its own, with a library that has the small incident."""
    path = folder / "data" / "library.sqlite"
    with closing(Library(path, spool=folder / "spool")) as library:
        library.create(small_incident())
    home = {name: str(folder / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME")}
    for each in home.values():
        Path(each).mkdir(mode=0o700)
    environment = {**os.environ, **home, "FACILITATOR_LIBRARY": str(path)}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**environment, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return path, process


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    """A window for each case, all at work at the same time."""
    made = {
        name: started(tmp_path_factory.mktemp("ended"), "-c", TYPING, how, THOUGHT)
        for name, (how, _signals) in CASES.items()
    }
    yield made
    for _path, process in made.values():
        process.kill()
        process.communicate()


def in_order(path):
    """What was parked and what was added, in a library that was closed in order."""
    beside = {each.name for each in path.parent.iterdir()} - {"backups"}
    assert beside == {"library.sqlite"}
    with closing(Library(path)) as library:
        assert library.check().problems == ()
        document = library.document("tickets")
    return {p.text for p in document.all(Parked)}, {m.text for m in document.all(Moment)}


@pytest.mark.parametrize("case", [case for case, (_how, signals) in CASES.items() if signals])
def test_a_signal_commits_what_is_typed_and_closes_in_order(windows, case):
    path, process = windows[case]
    assert process.stdout.readline() == "typed\n"
    for number in CASES[case][1]:
        process.send_signal(number)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err.replace(OFFSCREEN, "")) == (0, "")
    assert THOUGHT in in_order(path)[0]


def test_when_the_display_is_gone_all_that_was_typed_is_kept_before_qt_exits(windows):
    path, process = windows["the display is gone"]
    out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("typed\n", 1), err
    assert "The X11 connection broke" in err
    in_order(path)
    with closing(Library(path)) as library:
        assert library.take("tickets").drafts["parked:new:text"] == THOUGHT


@pytest.mark.parametrize("number", [signal.SIGTERM, getattr(signal, "SIGHUP", 0)])
def test_a_feed_that_is_ended_has_all_that_it_said_is_saved_and_closes_in_order(tmp_path, number):
    path, process = started(tmp_path, "-m", "facilitator", "add-moments", "last")
    line = {"datetime": "2026-03-05T08:20:00Z", "message": "The queue grew", "id": "q"}
    process.stdin.write(json.dumps(line) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "saved q\n"
    process.send_signal(number)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (128 + number, "")
    assert "The queue grew" in in_order(path)[1]


@pytest.mark.xvfb
@pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}")
def test_when_the_display_goes_away_all_is_closed_in_order(own_home):
    path = own_home / "data" / "Facilitator" / "library.sqlite"
    with closing(Library(path)) as library:
        library.create(small_incident())
    screen = Screen(1280, 720)
    try:
        window = screen.start("--library", str(path), "open", "tickets")
        place = screen.window("Facilitator –")
        screen.place(place, 1280, 720)
        kept, ends = False, time.monotonic() + 20
        while not kept and time.monotonic() < ends:
            screen.keys("ctrl+m")
            screen.type("Half a thought")
            time.sleep(0.5)  # a pause in typing; what is shorter is tried without a screen
            kept = any(b"Half a thou" in each.read_bytes() for each in path.parent.glob("lib*"))
        assert kept
        screen._server.kill()
        assert window.wait(timeout=30) == 1
    finally:
        screen.close()
    assert {each.name for each in path.parent.iterdir()} == {"library.sqlite", "backups"}
    with closing(Library(path)) as library:
        drafts = library._load("tickets").drafts
        parked = [p.text for p in library.document("tickets").all(Parked)]
    assert any("Half a thou" in text for text in (*drafts.values(), *parked))
    shutil.rmtree(path.parent)


class Windows:
    """Windows, as far as it tells of the console: on a thread of its own."""

    def listen(self, tell):
        self.tell = tell
        return tell


@pytest.mark.parametrize("kind", [CLOSED, LOGGED_OFF, SHUT_DOWN])
def test_a_console_that_is_closed_is_answered_when_all_is_on_disk(qtbot, kind):
    windows, done = Windows(), []
    console = Console(windows.listen)
    console.closes.connect(lambda: done.append("on disk"))
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(lambda: (windows.tell(kind), tuple(done)))
        qtbot.waitUntil(told.done)
    assert told.result() == (True, ("on disk",))
    assert windows.tell(0) is False
