"""A meeting led in a real window by keys and mouse, ended by kill -9, and opened again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from tests.e2e.screen import SOURCE, Screen, missing

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}"),
]

SIZE = (1920, 1000)


@pytest.fixture
def screen():
    made = Screen()
    yield made
    made.close()


def facilitator(library, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "facilitator", "--library", str(library), *arguments],
        capture_output=True,
        text=True,
        cwd=SOURCE,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(library, folder):
    target = folder / "out.json"
    target.unlink(missing_ok=True)
    facilitator(library, "export", "last", "--format", "json", "-o", str(target))
    return json.loads(target.read_text(encoding="utf-8"))["records"]


def center_of(library, text):
    """Where a moment's card lies on the screen, from the same window drawn without one."""
    probe = SOURCE / "tests" / "e2e" / "where.py"
    done = subprocess.run(
        [sys.executable, str(probe), str(library), text, *map(str, SIZE)],
        capture_output=True,
        text=True,
        cwd=SOURCE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(SOURCE)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    x, y = done.stdout.split()
    return int(x), int(y)


def kill(app):
    app.send_signal(signal.SIGKILL)
    app.wait(timeout=10)


def lead_the_meeting(screen, card):
    # One moment with the mouse, to the right: later.
    screen.drag(card, (card[0] + 60, card[1]))
    # Two moments by keyboard; without a time they wait in the tray.
    screen.keys("alt+t")
    for text in ("Status page names the cause", "Support sends a prepared answer"):
        screen.keys("Insert")
        screen.type(text)
        screen.keys("Return")
    # Three whys: under the answer that is selected, each asks the next.
    screen.keys("alt+w", "Home", "Right", "Tab")
    screen.type("The review saw only the changed lines")
    screen.keys("Tab")
    screen.type("The template asks for no data cases")
    screen.keys("Tab")
    screen.type("Kim failed to check the dashboard")
    time.sleep(0.6)
    screen.keys("alt+Return")
    time.sleep(0.3)
    screen.keys("Return", "Escape")
    # Opening statement, start, two phases on.
    screen.keys("F5", "F5")
    time.sleep(0.4)
    screen.keys("F12")
    time.sleep(0.4)
    screen.keys("F12")
    time.sleep(1.2)


def test_what_was_done_in_the_window_survives_kill_9(screen, tmp_path):
    library = tmp_path / "library.sqlite"
    facilitator(library, "demo", "--no-window")
    before = exported(library, tmp_path)
    card = center_of(library, "War room opened")

    app = screen.start("--library", str(library), "open", "last")
    window = screen.window("Facilitator – ")
    screen.place(window, *SIZE)
    time.sleep(1.0)
    lead_the_meeting(screen, card)
    kill(app)

    after = exported(library, tmp_path)
    new_texts = {m["text"] for m in after["moment"]} - {m["text"] for m in before["moment"]}
    assert new_texts == {"Status page names the cause", "Support sends a prepared answer"}
    whys = {w["text"] for w in after["why"]} - {w["text"] for w in before["why"]}
    assert len(whys) == 3
    assert {"The review saw only the changed lines", "The template asks for no data cases"} <= whys
    assert any("dashboard was not checked" in text for text in whys), "the rewording was applied"
    assert time_of(after, "War room opened") > time_of(before, "War room opened")
    kinds = [m["kind"] for m in sorted(after["clock_mark"], key=lambda m: m["n"])]
    assert kinds == ["opening", "start", "next", "next"]

    again = screen.start("--library", str(library), "open", "last")
    screen.window("Facilitator – ")
    kill(again)
    assert exported(library, tmp_path) == after
    facilitator(library, "check")


def time_of(records, text):
    moment = next(m for m in records["moment"] if m["text"] == text)
    return datetime.fromisoformat(moment["at"])
