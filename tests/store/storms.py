"""Kills, faults and flipped bits, counted; the tests run a few, `make torture` many."""

import functools
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import add_moment, new_incident, quick_folder

ROOT = Path(__file__).resolve().parents[2]


def victim(
    path: Path,
    seed: int,
    edits: int = 30,
    openings: int = 10_000,
    *,
    patience: float = 5.0,
    before: Sequence[str] = (),
) -> "subprocess.Popen[str]":
    """A process that edits the library at this path."""
    command = [*before, sys.executable, "-m", "tests.store.victim"]
    return subprocess.Popen(
        [*command, *map(str, (path, seed, edits, openings, patience))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )


def killed_after(
    process: "subprocess.Popen[str]", chance: random.Random, longest: float = 0.25
) -> dict[int, str]:
    """Kill the process at some moment after its first word; what it said was on disk."""
    assert process.stdout is not None
    first = process.stdout.readline()
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.random() * longest)
    process.kill()
    rest, _ = process.communicate()
    return acknowledged(first + rest)


def acknowledged(said: str) -> dict[int, str]:
    """The heads that were said to be on disk, as {number: hash}; half a line does not count."""
    said_of_disk = ("ack", "kept")
    lines = [line.split() for line in said.splitlines() if said.endswith("\n")]
    lines = lines or [line.split() for line in said.splitlines()[:-1]]
    return {int(line[1]): line[2] for line in lines if len(line) == 3 and line[0] in said_of_disk}


def examine(path: Path, acks: dict[int, str]) -> Counter[str]:
    """Open what was left and count what is wrong with it: nothing, if all is well."""
    if not path.exists():
        return Counter(lost=len(acks))
    counts: Counter[str] = Counter()
    try:
        library = Library(path)
    except LibraryProblem:
        return Counter(refused=1)
    # Nothing that was on disk is gone, so nobody may be told that something is.
    counts["alarmed"] += library.behind is not None
    findings = library.check()
    counts["damaged"] += not findings.is_clean
    if library.incidents():
        entries = library.entries("one")
        found = {entry.seq: entry.hash for entry in entries}
        counts["lost"] += sum(found.get(seq) != digest for seq, digest in acks.items())
        counts["duplicated"] += len(entries) - len({e.id for e in entries})
        counts["damaged"] += not _undo_works(library)
    else:
        counts["lost"] += len(acks)
    library.close()
    return +counts


def kill_storm(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kill an editing process at random moments, on one library that goes on through all of it."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    path, acks = Path(folder) / "library.sqlite", dict[int, str]()
    for n in range(kills):
        acks |= killed_after(victim(path, chance.getrandbits(32)), chance)
        counts["kills"] += 1
        counts += examine(path, acks)
        if n % 25 == 24:
            # A new one now and then, so that making a library is part of the storm.
            counts["acknowledged"] += len(acks)
            path, acks = Path(folder) / f"{n}" / "library.sqlite", {}
    counts["acknowledged"] += len(acks)
    return counts


CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "link", "write")
FAULTS = {
    "killed": "signal=KILL:when={n}",
    "EIO once": "error=EIO:when={n}",
    "EIO from then on": "error=EIO:when={n}+",
    "ENOSPC once": "error=ENOSPC:when={n}",
    "ENOSPC from then on": "error=ENOSPC:when={n}+",
}


@functools.cache
def can_trace() -> bool:
    """Whether strace is here and allowed to do its work; in some containers it is not."""
    if shutil.which("strace") is None:
        return False
    tried = ("strace", "-qq", "-o", os.devnull, "-e", "inject=close:delay_exit=1", "true")
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


def fault_points(folder: Path, seed: int) -> list[tuple[str, int]]:
    """Every system call of a short session that puts something on a medium: (name, number)."""
    trace = Path(folder) / "trace"
    before = ("strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(CALLS)}")
    process = victim(Path(folder) / "counted.sqlite", seed, 10, 2, before=before)
    process.communicate()
    counts: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text().splitlines():
        thread, call = line.split(maxsplit=1)
        counts[thread, call.partition("(")[0]] += 1
    most = {call: max(n for (_, c), n in counts.items() if c == call) for _, call in counts}
    return [(call, n + 1) for call in CALLS for n in range(most.get(call, 0))]


def fault(folder: Path, point: tuple[str, int], how: str, seed: int) -> Counter[str]:
    """Let one system call of a session fail in this way, then count what is wrong afterwards."""
    call, number = point
    path = Path(folder) / f"{call}-{number}-{how.replace(' ', '-')}" / "library.sqlite"
    inject = f"inject={call}:{FAULTS[how].format(n=number)}"
    before = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    process = victim(path, seed, 10, 2, patience=0.3, before=before)
    said, _ = process.communicate(timeout=120)
    counts = Counter({how: 1}) + examine(path, acknowledged(said))
    # A signal other than ours means that the process crashed.
    counts["crashed"] += process.returncode < 0 and how != "killed"
    shutil.rmtree(path.parent, ignore_errors=True)
    return +counts


def bit_flips(path: Path, variants: int, seed: int, words: Sequence[bytes] = ()) -> Counter[str]:
    """Flip one bit at a time, anywhere or inside the given texts; count who notices.

    "told" are those that opening or checking told of, "silent" those in which what the user wrote
    came back changed without a word, "harmless" those that changed nothing that anyone wrote.
    """
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    raw = path.read_bytes()
    truth = _content(path)
    spots = _spots(raw, words) if words else range(len(raw))
    for _ in range(variants):
        flipped = bytearray(raw)
        flipped[chance.choice(spots)] ^= 1 << chance.randrange(8)
        # A folder of its own for each: what one variant leaves must not meet the next.
        folder = quick_folder()
        copy = folder / path.name
        copy.write_bytes(flipped)
        counts["variants"] += 1
        counts[_noticed(copy, truth)] += 1
        shutil.rmtree(folder)
    return counts


def sample(folder: Path) -> tuple[Path, list[bytes]]:
    """A closed library with words in it to look for: its path and the words."""
    path = Path(folder) / "library.sqlite"
    library = Library(path)
    session = Session(library, library.create(new_incident()))
    for n in range(40):
        session.do(add_moment(f"m{n}", f"Moment number {n}, in words nobody else uses"))
    for _ in range(5):
        session.undo()
    session.keep_draft("summary", "A draft of an answer")
    session.close()
    library.close()
    return path, [b"in words nobody else uses", b"A draft of an answer", b"saved addresses"]


def _noticed(copy: Path, truth: object) -> str:
    before = copy.read_bytes()
    try:
        library = Library(copy)
    except LibraryProblem:
        return "told" if copy.read_bytes() == before else "overwritten"
    try:
        if not library.check().is_clean:
            return "told"
    finally:
        library.close()
    return "harmless" if _content(copy) == truth else "silent"


def _content(path: Path) -> dict[str, Any]:
    library = Library(path)
    opened = {s.id: library.take(s.id) for s in library.incidents()}
    library.close()
    return {i: (o.document, o.entries, dict(o.drafts)) for i, o in opened.items()}


def _spots(raw: bytes, words: Sequence[bytes]) -> list[int]:
    spots: list[int] = []
    for word in words:
        start = raw.find(word)
        while start >= 0:
            spots += range(start, start + len(word))
            start = raw.find(word, start + 1)
    return spots


def _undo_works(library: Library) -> bool:
    session = Session(library, "one")
    before = session.document
    if session.undo_label:
        session.undo()
        session.redo()
    same = session.document == before
    session.close()
    return same
