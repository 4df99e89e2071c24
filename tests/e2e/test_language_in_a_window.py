"""The language keys in a real window: reword while typing, go to a hint, keep words."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from tests.e2e.screen import SOURCE, Screen, missing

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}"),
]


@pytest.fixture(params=[(1920, 1080), (1280, 720)], ids=["1920", "1280"])
def screen(request):
    made = Screen(*request.param)
    made.size = request.param
    yield made
    made.close()


def records(library, folder):
    target = folder / "out.json"
    subprocess.run(
        [sys.executable, "-m", "facilitator", "--library", str(library), "export", "last",
         "--format", "json", "-o", str(target)],
        cwd=SOURCE, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(target.read_text(encoding="utf-8"))["records"]


def test_blame_is_reworded_and_kept_by_keys_alone(screen, tmp_path):
    library = tmp_path / "library.sqlite"
    app = screen.start("--library", str(library), "demo")
    window = screen.window("Facilitator –")
    screen.place(window, *screen.size)
    screen.keys("alt+w", "Home", "Tab")
    screen.type("The reviewer should have tested the empty case.")
    time.sleep(0.5)
    screen.keys("alt+Return", "Return", "Tab")
    screen.type("Operator error.")
    screen.keys("Return", "F3", "ctrl+6", "alt+h", "ctrl+k")
    screen.type("Keep these")
    screen.keys("Return")
    screen.type("Said by the vendor")
    screen.keys("Return")
    time.sleep(0.5)
    screen.keys("ctrl+q")
    assert app.wait(timeout=20) == 0
    found = records(library, tmp_path)
    texts = [why["text"] for why in found["why"]]
    assert "The empty case was not tested." in texts
    assert "Operator error." in texts
    assert [waiver["reason"] for waiver in found["waiver"]] == ["Said by the vendor"]
