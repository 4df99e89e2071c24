"""What the window feels of a large report: made, looked at, signed three times and verified.

A heartbeat of 4 ms runs in the window's own event loop; how much later than that it comes is how
long a person waited for the window, whatever other programs took left out. The report has 500
moments, 300 whys and 100 actions; its signers' keys take as long to open as everybody's.

    python -m tests.benchmarks.bench_report_stalls [ROUNDS] [x]      x: in a real window, under Xvfb
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

from PySide6.QtCore import QEventLoop, Qt, QTimer

from facilitator import app
from facilitator.app import read_ahead
from facilitator.exchange.json_document import creating
from facilitator.model.freeze import frozen_revision
from facilitator.report.identity import create_identity
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.warming import Warming
from tests.benchmarks.bench_report import large
from tests.benchmarks.bench_stalls import BEAT, queued

AIM = 50  # milliseconds
PASSPHRASE = "four quiet garden chairs"
PATIENCE = 90


class Heart:
    """Beats in the event loop and knows what was done at each beat."""

    def __init__(self, window):
        self.doing, self.beats = "", []
        self.timer = QTimer(window)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.beat)
        self.timer.start(BEAT)

    def beat(self):
        """Note when the event loop came by."""
        self.beats.append((self.doing, time.perf_counter() - queued()))

    def waits(self):
        """How late it came, in milliseconds, by what was done at the time."""
        found = {}
        for (_, before), (doing, at) in pairwise(self.beats):
            found.setdefault(doing, []).append((at - before) * 1e3 - BEAT)
        return found


def worked(folder):
    """Do all of it in a window of its own; the waits by what was done."""
    application = app.make_application()
    library = Library(folder / "library.sqlite")
    library.create(creating(large(), ()))
    parts = app.make_parts(library)
    window = app.MainWindow(parts, Settings(), remember=False)
    window.resize(1600, 950)
    window.show_start()
    window.show()
    warming = Warming(read_ahead(parts, "en"), window)
    warming.start()
    until(application, lambda: warming.is_done)
    window.open_incident(library.incidents()[0].id)
    board = window.desk.sign
    window.desk.centre.look("sign")
    for role in ("tech-lead", "on-call", "product-owner"):
        (folder / f"{role}.pmid").write_bytes(create_identity(role, role, "", PASSPHRASE))
    rest(application, 1.0)
    heart = Heart(window)
    heart.doing = "nothing"
    rest(application, 2.0)
    heart.doing = "preview"
    preview = board.preview()
    until(application, lambda: preview.is_ready)
    preview.close()
    heart.doing = "final"
    board._make(folder / "final.pdf", board._order(final=True))
    until(application, lambda: not board._busy)
    heart.doing = "signing"
    for role in frozen_revision(window.desk.session.document).roles:
        sign(application, board, role, folder)
    heart.doing = "verifying"
    verify(application, parts.tasks, board._report_file())
    heart.timer.stop()
    print(json.dumps(heart.waits()), flush=True)
    window.close()


def sign(application, board, role, folder):
    """Sign as this role, in the dialog for it."""
    dialog = board.sign_dialog(role)
    dialog.show()
    dialog.identity.setText(str(folder / f"{role}.pmid"))
    dialog.passphrase.setText(PASSPHRASE)
    rest(application, 1.5)  # as long as nobody is who types a passphrase
    dialog.accept()
    until(application, lambda: not dialog._busy)
    assert not dialog.problem, dialog.problem


def verify(application, tasks, path):
    """Verify the file as the window does."""
    from facilitator.ui.report.work import verify_file

    found = []
    tasks.run(verify_file, path, done=found.append)
    until(application, lambda: found)
    assert found[0].verdict.word == "good", found[0].verdict.sentences


def until(application, is_there):
    """Let the window work until this is so."""
    end = time.monotonic() + PATIENCE
    while not is_there():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        assert time.monotonic() < end, "it takes too long"


def rest(application, seconds):
    """Let the window work for so long."""
    end = time.monotonic() + seconds
    until(application, lambda: time.monotonic() > end)


def measure(display=()):
    """The waits of one run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        platform = "xcb" if display else "offscreen"
        done = subprocess.run(
            [*display, sys.executable, "-m", "tests.benchmarks.bench_report_stalls", "in", folder],
            env={**os.environ, "QT_QPA_PLATFORM": platform, "HOME": folder,
                 "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments):
    """Print the longest waits."""
    rounds = next((int(word) for word in arguments if word.isdigit()), 3)
    display = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24") if "x" in arguments else ()
    found = {}
    for _ in range(rounds):
        for doing, waits in measure(display).items():
            found.setdefault(doing, []).append(waits)
    for doing, runs in found.items():
        worst = [max(waits) for waits in runs]
        all_waits = [wait for waits in runs for wait in waits]
        print(
            f"{doing:<12} median {statistics.median(all_waits):5.2f} ms   worst of each round "
            f"{', '.join(f'{wait:.0f}' for wait in worst)} ms   "
            f"over {AIM} ms: {sum(wait > AIM for wait in all_waits)} of {len(all_waits)}"
        )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["in"]:
        worked(Path(sys.argv[2]))
    else:
        raise SystemExit(main(sys.argv[1:]))
