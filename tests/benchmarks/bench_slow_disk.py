"""A medium whose every synchronisation takes 150 ms: what the window feels of it.

The session runs under strace, which delays the system calls; the window is played by a thread
that works for 30 ms, as an animation would, and by 33 keys a second.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from facilitator.model.change import Change, Edit
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store.library import Library
from tests.store.storms import can_trace

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)
DELAY = 150_000  # microseconds
KEYS, INTERVAL = 200, 0.03


def typed(folder):
    """Type on the calling thread; print how long each key held it up."""
    library = Library(folder / "library.sqlite")
    library.create(Edit("New incident", (Change(None, Incident("one", "Checkout", AT)),)))
    session = Session(library, "one")
    held, waiting, behind = [], {}, []

    def heard(_saving):
        now = time.perf_counter()
        # What is on disk by now; the state says so only when nothing at all is waiting.
        on_disk = len(held) - session._pending
        behind.extend(now - waiting.pop(n) for n in list(waiting) if n < on_disk)

    session.on_saving(heard)
    for n in range(KEYS):
        start = time.perf_counter()
        if n % 10 == 9:
            session.do(Edit("Add moment", (Change(None, Moment(f"m{n}", "Text", at=AT)),)))
        else:
            session.keep_draft("summary", "What we know so far, " * (n % 7) + str(n))
        held.append(time.perf_counter() - start)
        waiting[n] = start
        time.sleep(max(0.0, INTERVAL - held[-1]))
    session.close()
    library.close()
    line("a key or edit holds the window up for (aim: under 50 ms)", held)
    line("from a key to its being on disk", behind)


def line(name, took):
    """Print median and worst in milliseconds."""
    median, worst = statistics.median(took), max(took)
    print(f"{name:<58} median {median * 1e3:7.2f} ms   worst {worst * 1e3:7.2f} ms", flush=True)


def main():
    """Measure in a process whose synchronisation is delayed."""
    if not can_trace():
        print("A slow disk needs strace: left out.")
        return
    inject = f"inject=fdatasync,fsync:delay_exit={DELAY}"
    options = ("-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", inject)
    with tempfile.TemporaryDirectory() as made:
        command = ("strace", *options, sys.executable, "-m", "tests.benchmarks.bench_slow_disk")
        subprocess.run([*command, made], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        typed(Path(sys.argv[1]))
    else:
        main()
