"""Killed while a backup is restored, a library repaired, closed, or gone on with in another file.

python -m tests.store.recovering WAY FOLDER     does one of them, to be killed
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from facilitator.instants import read_instant
from facilitator.model.document import Document
from facilitator.session import Session
from facilitator.store import backups
from facilitator.store.library import Library, repair, restore
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import add_moment, new_incident
from tests.store.storms import CALLS, ROOT

NAMES = ("rename", "link", "unlink", "rmdir", "mkdir")
WAYS = ("restore", "repair", "close", "elsewhere")


def prepared(folder: Path) -> Document:
    """A library with an older backup, and the one thing that the way needs; what it holds."""
    library = Library(folder / "library.sqlite")
    session = Session(library, library.create(new_incident()))
    session.wait()
    library.back_up()
    for n in range(3):
        session.do(add_moment(f"m{n}"))
    session.keep_draft("summary", "What we kn")
    document = session.document
    session.close()
    library._changed = False
    library.close()
    (made,) = backups.listed(library.path)
    # Names of backups are told apart by seconds; and the second copy is to find its library.
    made.path.rename(made.path.with_name("library-20260301T093000Z.sqlite"))
    return document


def do(way: str, folder: Path) -> None:
    """Do it."""
    path = folder / "library.sqlite"
    if way == "restore":
        restore(backups.listed(path)[-1].path, path, read_instant().at)
    elif way == "repair":
        repair(path)
    else:
        library = Library(path, spool=folder / "spool")
        session = Session(library, "one")
        if way == "elsewhere":
            session.go_on_in(folder / "elsewhere.sqlite")[0].close()
        session.do(add_moment("last"))
        session.close()
        library.close()


def harm(folder: Path) -> None:
    """What repairing is for: a word changed without its journal."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        connection.execute("UPDATE moment SET text = 'It was Bo' WHERE id = 'm1'")


def points(folder: Path, way: str, calls: Sequence[str] = CALLS) -> list[tuple[str, int]]:
    """Every system call of it that changes something on the disk: (name, number)."""
    trace = folder / "trace"
    before = ("strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(calls)}")
    counted = folder / "counted"
    _begin(counted, way)
    _process(way, counted, before).wait(120)
    found = Counter(line.split()[1].partition("(")[0] for line in trace.read_text().splitlines())
    return [(call, n + 1) for call in calls for n in range(found[call])]


def killed(folder: Path, way: str, point: tuple[str, int]) -> Counter[str]:
    """Kill it at this system call, then count what is wrong: nothing, if all is well."""
    call, number = point
    own = folder / f"{way}-{call}-{number}"
    document = _begin(own, way)
    inject = f"inject={call}:signal=KILL:when={number}"
    before = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    process = _process(way, own, before)
    process.wait(120)
    counts = Counter(kills=1) + _examined(own, way, document)
    shutil.rmtree(own)
    return counts


def _begin(folder: Path, way: str) -> Document:
    folder.mkdir()
    document = prepared(folder)
    if way == "repair":
        harm(folder)
    return document


def _process(way: str, folder: Path, before: Sequence[str]) -> "subprocess.Popen[bytes]":
    command = [*before, sys.executable, "-m", "tests.store.recovering", way, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def _examined(folder: Path, way: str, document: Document) -> Counter[str]:
    path = folder / "library.sqlite"
    if not path.exists():
        return Counter(gone=1)
    if way == "repair":
        # Whoever finds it damaged still repairs it once more, and has everything.
        repair(path)
    counts: Counter[str] = Counter()
    try:
        library = Library(path, spool=folder / "spool")
    except LibraryProblem:
        return Counter(refused=1)
    with closing(library):
        counts["damaged"] += not library.check().is_clean
        found = library.document("one")
        drafts = library.take("one").drafts
    expected = {r.id for r in document.records()} <= {r.id for r in found.records()}
    if way == "restore" and not expected:
        # The backup is in place; then what was there before is kept, whole.
        (kept,) = folder.glob("library-replaced-*.sqlite")
        with closing(Library.to_read(kept)) as before:
            expected = before.document("one") == document
    else:
        expected = expected and drafts.get("summary") == "What we kn"
    counts["lost"] += not expected
    return +counts


if __name__ == "__main__":
    do(sys.argv[1], Path(sys.argv[2]))
