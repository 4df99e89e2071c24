"""Kills, faults and flipped bits, counted; the tests run a few, `make torture` many."""

import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem

ROOT = Path(__file__).resolve().parents[2]


def victim(path, seed, edits=30, openings=10_000, before=()):
    """A process that edits the library at this path."""
    command = [*before, sys.executable, "-m", "tests.store.victim"]
    return subprocess.Popen(
        [*command, str(path), str(seed), str(edits), str(openings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )


def killed_after(process, chance, longest=0.25):
    """Kill the process at some moment after its first word; what it said was on disk."""
    first = process.stdout.readline()
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.random() * longest)
    process.kill()
    rest, _ = process.communicate()
    return acknowledged(first + rest)


def acknowledged(said):
    """The heads that were said to be on disk, as {number: hash}; half a line does not count."""
    lines = [line.split() for line in said.splitlines() if said.endswith("\n")]
    lines = lines or [line.split() for line in said.splitlines()[:-1]]
    return {int(line[1]): line[2] for line in lines if len(line) == 3 and line[0] == "ack"}


def examine(path, acks):
    """Open what was left and count what is wrong with it: nothing, if all is well."""
    if not path.exists():
        return Counter(lost=len(acks))
    counts = Counter()
    library = Library(path)
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


def kill_storm(folder, kills, seed):
    """Kill an editing process at random moments, on one library that goes on through all of it."""
    chance, counts = random.Random(seed), Counter()
    path, acks = Path(folder) / "library.sqlite", {}
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


def bit_flips(path, variants, seed, words=()):
    """Flip one bit at a time, anywhere or inside the given texts; count who notices.

    "told" are those that opening or checking told of, "silent" those in which what the user wrote
    came back changed without a word, "harmless" those that changed nothing that anyone wrote.
    """
    chance, counts = random.Random(seed), Counter()
    raw = path.read_bytes()
    truth = _content(path)
    spots = _spots(raw, words) if words else range(len(raw))
    for n in range(variants):
        flipped = bytearray(raw)
        flipped[chance.choice(spots)] ^= 1 << chance.randrange(8)
        # A folder of its own for each: what one variant leaves must not meet the next.
        folder = path.parent / f"flip{n}"
        folder.mkdir()
        copy = folder / path.name
        copy.write_bytes(flipped)
        counts["variants"] += 1
        counts[_noticed(copy, truth)] += 1
        for left in sorted(folder.rglob("*"), reverse=True):
            left.rmdir() if left.is_dir() else left.unlink()
        folder.rmdir()
    return counts


def _noticed(copy, truth):
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


def _content(path):
    library = Library(path)
    opened = {s.id: library.take(s.id) for s in library.incidents()}
    library.close()
    return {i: (o.document, o.entries, dict(o.drafts)) for i, o in opened.items()}


def _spots(raw, words):
    spots = []
    for word in words:
        start = raw.find(word)
        while start >= 0:
            spots += range(start, start + len(word))
            start = raw.find(word, start + 1)
    return spots


def _undo_works(library):
    session = Session(library, "one")
    before = session.document
    if session.undo_label:
        session.undo()
        session.redo()
    same = session.document == before
    session.close()
    return same
