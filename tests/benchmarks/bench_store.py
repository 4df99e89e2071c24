"""One edit on disk beside its floors: a raw SQLite commit of the same rows, and an fdatasync."""

import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from facilitator.model.change import Change, Edit
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store import journal
from facilitator.store import rows as tables
from facilitator.store.library import Library

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)
TEXT = "The payment service answers with 500 for saved addresses, says the monitor. " * 2
EDITS = 300
PRAGMAS = ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL")


def timed(work, count=EDITS):
    """Seconds that each call of work(n) takes."""
    took = []
    for n in range(count):
        start = time.perf_counter()
        work(n)
        took.append(time.perf_counter() - start)
    return took


def line(name, took):
    """Print median and 99th percentile in milliseconds."""
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"{name:<58} median {statistics.median(took) * 1e3:7.2f} ms   p99 {p99 * 1e3:7.2f} ms")
    return statistics.median(took)


def add(n):
    """An ordinary edit."""
    return Edit("Add moment", (Change(None, Moment(f"a{n}", TEXT, at=AT)),))


def many(count, first=0):
    """An import."""
    numbers = range(first, first + count)
    return Edit("Import", tuple(Change(None, Moment(f"m{n}", TEXT, at=AT)) for n in numbers))


def raw_commits(folder, entries):
    """The same rows, committed by nothing but SQLite with the same settings."""
    with closing(sqlite3.connect(folder / "raw.sqlite", isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        table = tables.TABLES[Moment]
        connection.execute(table.create)
        connection.execute(journal.CREATE)
        rows = [tables.statements("one", journal.changes_of(e.body)) for e in entries]

        def commit(n):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(journal.INSERT, journal.row(entries[n]))
            for sql, values in rows[n]:
                connection.executemany(sql, values)
            connection.execute("COMMIT")

        return timed(commit, len(entries))


def appended(folder, size):
    """The same number of bytes, appended to a file and synchronised."""
    descriptor = os.open(folder / "raw.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sync = getattr(os, "fdatasync", os.fsync)

    def append(_n):
        os.write(descriptor, bytes(size))
        sync(descriptor)

    took = timed(append)
    os.close(descriptor)
    return took


def measure(folder):
    """Run all measurements in a folder."""
    library = Library(folder / "library.sqlite")
    library.create(Edit("New incident", (Change(None, Incident("one", "Checkout", AT)),)))
    session = Session(library, "one")

    def durable(n):
        session.do(add(n))
        session.wait()

    took = timed(durable)
    session.close()
    entries = library.entries("one")[1:]
    raw = raw_commits(folder, entries)
    size = sum(len(entry.body) for entry in entries) // len(entries) * 2
    floor = line(f"floor: append {size} bytes and fdatasync", appended(folder, size))
    floor_sql = line("floor: raw SQLite commit of the same rows", raw)
    ours = line("one edit, from do() to on disk", took)
    times = f"{ours / floor_sql:.2f} times the raw commit (aim: at most 3)"
    print(f"  = {times}, {ours / floor:.2f} times fdatasync")
    measure_large(library)


def measure_large(library):
    """The cost for the person at the window when the timeline is long."""
    session = Session(library, "one")
    start = time.perf_counter()
    session.do(many(5000))
    called = time.perf_counter() - start
    session.wait()
    print(
        f"import of 5,000 moments in one edit: do() {called * 1e3:.0f} ms, on disk after "
        f"{(time.perf_counter() - start) * 1e3:.0f} ms"
    )
    session.do(many(5000, 5000))

    def change(n):
        moment = session.document.get(Moment, f"m{n}")
        session.do(Edit("Change text", (Change(moment, replace(moment, text="New")),)))

    line("do() beside 10,000 moments, before the disk (aim: under 2)", timed(change))
    start = time.perf_counter()
    session.undo()
    print(f"undo(): {(time.perf_counter() - start) * 1e3:.2f} ms")
    session.close()
    for name, work in (
        ("check()", library.check),
        ("opening a session", lambda: Session(library, "one").close()),
    ):
        start = time.perf_counter()
        work()
        print(f"{name} with 10,000 moments: {(time.perf_counter() - start) * 1e3:.0f} ms")
    library.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        measure(Path(made))
