"""A projector that is unplugged and plugged in again, with real windows and real displays."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.screen import SOURCE, Screen, missing

lacking = missing() + [p for p in ("xrandr",) if shutil.which(p) is None]


@pytest.mark.xvfb
@pytest.mark.skipif(bool(lacking), reason=f"needs {', '.join(lacking)}")
def test_the_room_hides_when_its_display_goes_and_returns_with_it(own_home):
    screen = Screen(1920, 1080)
    try:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("unplug.py"))],
            env={**screen.environment, "HOME": str(own_home), "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        screen.close()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "displays": ["LAPTOP", "PROJECTOR"],
        "opened_at": 960,
        "shown_after_unplug": False,
        "over_the_desk": [],
        "shown_after_plug": True,
        "returned_to": 960,
        "mirrored": True,
    }
