"""Every operation of the window that touches a disk, played one after the other and timed.

A heartbeat of 4 ms runs in the window's own event loop. For each operation it says how long the
loop stood still at the longest, less what it waited for a busy processor; how much of that the
window's thread was not even at work, but waited for a disk or another thread; and how long it all
took. With `hang` the disk does not answer at all for a while in the middle of each.

    python -m tests.benchmarks.operations prepare FOLDER EDITS
    python -m tests.benchmarks.operations play FOLDER IDENT [hang]
"""

import json
import os
import shutil
import sqlite3
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer

from facilitator import app, paths
from facilitator.demo.incident import demo_edit
from facilitator.instants import read_instant
from facilitator.model.edits.incident import change_incident
from facilitator.model.edits.report import freeze_report, open_revision
from facilitator.session import NotSaved, Session
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.tasks import Tasks
from facilitator.ui.waiting import Waiting
from tests.benchmarks.slow_disk import answer, hang

BEAT = 4  # milliseconds
HANGS = 1.5  # seconds
NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)


def prepare(folder, edits):
    """Libraries and files for the operations, made on a disk that is in order."""
    library = Library(folder / "library.sqlite")
    ident = library.create(demo_edit(NOON))
    session = Session(library, ident)
    for n in range(edits):
        session.do(change_incident(session.document, summary=f"What we know so far, {n}"))
    session.record(freeze_report(session.document, NOON, session.head, ("tech-lead",)))
    session.record(open_revision(session.document, NOON + timedelta(hours=1)))
    session.do(change_incident(session.document, summary="What we know now"))
    session.close()
    library.back_up()
    library.close()
    with closing(Library(folder / "broken.sqlite")) as broken:
        broken.create(demo_edit(NOON))
    with closing(sqlite3.connect(folder / "broken.sqlite")) as connection, connection:
        connection.execute("UPDATE moment SET text = 'It was somebody'")
    _leave_second_copy(folder / "merged.sqlite")
    rows = "".join(f"2026-06-18T{n // 60 % 24:02}:{n % 60:02}:00Z,Step {n}\n" for n in range(300))
    (folder / "moments.csv").write_text(f"time,text\n{rows}")
    return ident


def _leave_second_copy(path):
    """A library, and beside it on this computer 200 edits that it is still to get."""
    library = Library(path)
    session = Session(library, library.create(demo_edit(NOON)))
    session.wait()
    before, away = path.with_name("before"), path.with_name("away")
    # The log has all of it: the file alone would be from before the incident.
    shutil.copy(path, before)
    shutil.copy(f"{path}-wal", f"{before}-wal")
    path.rename(away)
    for n in range(200):
        session.do(change_incident(session.document, summary=f"Without its disk, {n}"))
    with suppress(NotSaved):
        session.wait()
    (spool,) = (paths.data_dir() / "spool").iterdir()
    kept = spool.read_bytes()
    away.rename(path)
    library.retry()
    session.close()
    library.close()
    before.replace(path)
    Path(f"{before}-wal").replace(f"{path}-wal")
    spool.write_bytes(kept)


class Processor:
    """What the machine says of one thread, asked with a single call: each lets other threads in."""

    def __init__(self):
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._file = -1

    def queued(self):
        """Seconds that the thread which made this waited for a processor: not our doing."""
        if self._file < 0:
            return 0.0
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9


class Heart:
    """Notes when the event loop came by, and how much of that time its thread was at work."""

    def __init__(self):
        self.beats, self.processor = [], Processor()
        self.timer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(BEAT)
        self.timer.timeout.connect(self.beat)
        self.timer.start()

    def beat(self):
        """Note now."""
        self.beats.append((time.perf_counter() - self.processor.queued(), time.thread_time()))

    def longest(self):
        """Milliseconds of the longest standstill since last time, and of those not at work."""
        beats, self.beats = self.beats, self.beats[-1:]
        gaps = [(b[0] - a[0], b[0] - a[0] - (b[1] - a[1])) for a, b in pairwise(beats)]
        stood = max(gap for gap, _ in gaps) * 1e3 - BEAT
        waited = max(idle for _, idle in gaps) * 1e3 - BEAT
        return round(max(0.0, stood), 1), round(max(0.0, waited), 1)


def settle(milliseconds=400):
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Play:
    """A window, and each operation on it in the order of a day; `figures` has how they felt."""

    def __init__(self, folder, ident, *, hangs):
        self.folder, self.ident, self.hangs = folder, ident, hangs
        self.heart, self.figures = Heart(), {}
        self.window = None

    def time(self, name, operation, until=lambda: True):
        """Do one operation and note the longest standstill until it is over and all is quiet."""
        settle(250)
        self.heart.longest()
        began = time.perf_counter()
        if self.hangs:
            hang()
            # On a thread of its own: a window that stands still must not wait for itself.
            threading.Timer(HANGS, answer).start()
        found = operation()
        while not until():
            settle(20)
        took = time.perf_counter() - began
        settle(max(300, round((HANGS - took) * 1e3) + 300) if self.hangs else 300)
        self.figures[name] = (*self.heart.longest(), round(took * 1e3))
        return found

    def idle(self):
        """Whether nothing runs for the window on another thread."""
        return not self.window._parts.tasks.is_busy

    def start(self):
        """Open the library as the start of the app does, and show the start page."""
        path, tasks = self.folder / "library.sqlite", Tasks()
        waiting = Waiting(tasks, None, keep=lambda: None, leave=app.leave_now)
        begin = partial(app.open_for_window, path, read_instant, lambda: None, waiting)
        library = self.time("library opened at the start", begin)
        parts = app.make_parts(library, tasks)
        self.window = app.MainWindow(parts, Settings())
        self.window.resize(1600, 950)
        for _ in app.read_ahead(parts, "en"):
            pass
        self.time("start page", self.window.show_start)
        self.window.show()
        settle()

    def desk(self):
        """An incident opened, edited, exported, previewed, filled from a file."""
        window = self.window
        self.time("incident opened (draws a desk)", partial(window.open_incident, self.ident))
        write = partial(window.desk.session.do, change_incident, summary="One more edit")
        self.time("edit", write, self.is_saved)
        preview = self.time("preview of revision 2", window.desk.sign.preview, self.idle)
        preview.close()
        self.export("json")
        self.export("bundle")
        files = [self.folder / "moments.csv"]
        self.time("300 moments imported", partial(window.filing.import_files, files), self.idle)
        self.time("theme changed (draws a desk)", window.toggle_theme, self.idle)
        changed = window.settings.with_values(room_size="large")
        self.time("setting changed", partial(window._take_settings, changed), self.idle)

    def is_saved(self):
        """Whether all that was done is on disk."""
        return self.window.desk.session.session.saving.state == "saved"

    def export(self, kind):
        """The open incident written to a file of this kind."""
        from facilitator.ui.export_dialog import Exporting
        from facilitator.ui.exports import SUFFIXES, Wish

        target = self.folder / f"export{SUFFIXES[kind]}"
        exporting = Exporting(self.window, self.window._parts.tasks, ask=lambda *_: target)
        session = self.window.desk.session.session
        write = partial(exporting.write, Wish(kind), session, Settings(), NOON, lambda _said: None)
        self.time(f"exported as {kind}", write, self.idle)

    def elsewhere(self):
        """Go on in another file, and back in the first one."""
        window = self.window
        window.rescue._ask = lambda *_: self.folder / "later.sqlite"
        self.time("gone on in another file", window.rescue.go_elsewhere, self.idle)
        assert window.library.path.name == "later.sqlite"
        self.time("back to the start page", window.show_start, self.idle)
        again = partial(window.filing.open_as_new, self.folder / "library.sqlite")
        self.time("another library opened", again, self.idle)
        assert window.library.path.name == "library.sqlite"
        bundle = partial(window.filing.open_as_new, self.folder / "export.pmroom")
        self.time("bundle opened (draws a desk)", bundle, self.idle)
        assert window.desk is not None
        window.show_start()

    def backups(self):
        """The window of backups, one more, one restored; an incident deleted everywhere."""
        from facilitator.ui.recovery.backups import BackupsDialog, restored

        window = self.window
        library = window.library

        def dialog():
            shown = BackupsDialog(library, window._parts.tasks, window)
            shown.show()
            return shown

        shown = self.time("backups listed and previewed", dialog, self.idle)
        self.time("backup made", shown.make.click, self.idle)
        chosen = shown.list.chosen.path
        shown.close()
        restore = partial(restored, backup=chosen)
        self.time("backup restored", partial(window.change_library, "Restoring …", restore))
        page = window._start
        page.ask_delete = lambda _id: (True, True)
        second = next(s.id for s in window.library.incidents() if s.id != self.ident)
        self.time("incident deleted, backups too", partial(page.delete, second), self.idle)

    def recovery(self):
        """A damaged library repaired; one with a second copy merged into it."""
        from facilitator.ui.recovery.opening import OpeningDialog

        problem = LibraryProblem("It is damaged.", "damaged")
        path = self.folder / "broken.sqlite"
        tasks = self.window._parts.tasks
        dialog = OpeningDialog(path, problem, read_instant, tasks, leave=app.leave_now)
        dialog.show()
        self.time("library repaired", dialog.repair.click, lambda: dialog.way is not None)
        merged = partial(self.window.filing.open_as_new, self.folder / "merged.sqlite")
        self.time("second copy merged", merged, self.idle)
        assert self.window.library.recovered == 200

    def close(self):
        """The desk closed with an edit that is not on disk yet."""
        window = self.window
        window.open_incident(window.library.incidents()[0].id)
        window.desk.session.do(change_incident, summary="The last words")
        self.time("closed with an edit on its way", window.close, lambda: not window.isVisible())
        assert not window.isVisible()


def play(folder, ident, *, hangs):
    """Every operation once; prints what they felt like, by name."""
    application = app.make_application()
    application.setQuitOnLastWindowClosed(False)
    played = Play(folder, ident, hangs=hangs)
    for part in ("start", "desk", "elsewhere", "backups", "recovery", "close"):
        getattr(played, part)()
    print(json.dumps(played.figures), flush=True)
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        print(prepare(Path(sys.argv[2]), int(sys.argv[3])))
    else:
        play(Path(sys.argv[2]), sys.argv[3], hangs="hang" in sys.argv)
