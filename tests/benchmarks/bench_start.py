"""How long until the start page is painted, beside a bare PySide6 window, in turns.

python tests/benchmarks/bench_start.py [ROUNDS]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
AIM = 1.6
# Both programs end in this: it stands in for the event loop, and the platform says what it drew.
_UNTIL_PAINTED = """
import os, resource, sys, time
from PySide6.QtWidgets import QApplication

def until_painted(*_):
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.isVisible())
    while not (window.windowHandle() and window.windowHandle().isExposed()):
        app.processEvents()
    app.processEvents()
    took = time.monotonic() - float(os.environ["BEGAN"])
    use = resource.getrusage(resource.RUSAGE_SELF)
    print(took, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, flush=True)
    os._exit(0)

QApplication.exec = until_painted
"""
_BARE = (
    _UNTIL_PAINTED
    + """
from PySide6.QtWidgets import QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1440, 860)
window.show()
app.exec()
"""
)
_OURS = (
    _UNTIL_PAINTED
    + """
import runpy
sys.argv = ["facilitator"]
runpy.run_module("facilitator", run_name="__main__")
"""
)
Figures = tuple[float, float, float]  # seconds, seconds of CPU, MB


def started(program: str, home: Path, platform: str) -> Figures:
    """What one start took until its window was painted."""
    folders = {"HOME": home, "XDG_DATA_HOME": home / "data", "XDG_CONFIG_HOME": home / "config"}
    environment = {
        **os.environ,
        **{name: str(folder) for name, folder in folders.items()},
        "QT_QPA_PLATFORM": platform,
        "PYTHONPATH": str(ROOT),
        # As on a machine where the app was started before, whatever this one is set to.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(home / "cache"),
        "BEGAN": str(time.monotonic()),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu, memory = (float(word) for word in done.stdout.split()[-3:])
    return wall, cpu, memory


def measure(home: Path, platform: str, rounds: int) -> dict[str, list[Figures]]:
    """Both programs in turns, after one start of each that nobody counts."""
    programs = {"bare": _BARE, "ours": _OURS}
    found: dict[str, list[Figures]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, program in programs.items():
            figures = started(program, home, platform)
            if number:
                found[name].append(figures)
    return found


@contextmanager
def display() -> Iterator[str]:
    """An X display of our own for a while; nothing where Xvfb is missing."""
    if shutil.which("Xvfb") is None:
        yield ""
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def tell(where: str, found: dict[str, list[Figures]]) -> None:
    """Print the medians, ours beside the floor."""
    bare, ours = (
        [median(values) for values in zip(*found[name], strict=True)] for name in ("bare", "ours")
    )
    print(
        f"start to first painted window ({where}): {1000 * ours[0]:.0f} ms,"
        f" bare PySide6 window {1000 * bare[0]:.0f} ms: {ours[0] / bare[0]:.2f} times"
        f" (aim {AIM}); CPU {1000 * ours[1]:.0f} against {1000 * bare[1]:.0f} ms:"
        f" {ours[1] / bare[1]:.2f} times; memory {ours[2]:.0f} against {bare[2]:.0f} MB"
    )


def main() -> None:
    """Measure without a display, and on one where there can be one."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with TemporaryDirectory() as folder:
        home = Path(folder)
        with_sample(home)
        tell("offscreen", measure(home, "offscreen", rounds))
        with display() as name:
            if name:
                os.environ["DISPLAY"] = name
                tell("xcb", measure(home, "xcb", rounds))


def with_sample(home: Path) -> None:
    """A library with one incident, as on a second day."""
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    subprocess.run(
        [sys.executable, "-m", "facilitator", "demo", "--no-window"],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
