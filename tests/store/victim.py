"""A process that edits a library until it is killed, and says what it was told is on disk.

Each line is "ack SEQ HASH", printed only after `wait` returned. Run as a module:
python -m tests.store.victim LIBRARY SEED [EDITS PER OPENING] [OPENINGS] [PATIENCE]
When saving fails for longer than PATIENCE seconds it says "kept SEQ HASH" if a second copy has
what the library has not, and ends.
"""

import random
import sys
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from facilitator.model.change import Change, Edit
from facilitator.model.records import ClockMark, Incident, Moment
from facilitator.session import NotSaved, Session
from facilitator.store.library import Library

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)
TEXT = "A moment in the words of somebody who was there, Ōtautahi. "


def one_thing(session, chance):
    """Do what a person might do next."""
    what = chance.random()
    moments = session.document.all(Moment)
    ident = f"{uuid.UUID(int=chance.getrandbits(128))}"
    if what < 0.15:
        session.undo()
    elif what < 0.25:
        session.redo()
    elif what < 0.35:
        mark = ClockMark(ident, "next", AT, 1.0, "boot")
        session.record(Edit("Next", (Change(None, mark),)))
    elif what < 0.45:
        session.keep_draft(f"field{chance.randrange(3)}", TEXT * chance.randrange(5))
    elif what < 0.65 and moments:
        old = chance.choice(moments)
        new = replace(old, text=TEXT * chance.randrange(1, 20))
        session.do(Edit("Change text", (Change(old, new),), f"burst{chance.randrange(2)}"))
    elif what < 0.7 and moments:
        session.do(Edit("Remove", (Change(chance.choice(moments), None),)))
    else:
        session.do(Edit("Add moment", (Change(None, Moment(ident, TEXT, at=AT)),)))


def live(path, chance, edits, patience):
    """Open the library, do a number of things, close it."""
    library = Library(path)
    if not library.incidents():
        incident = Incident("one", "Checkout rejects saved addresses", AT)
        library.create(Edit("New incident", (Change(None, incident),)))
    session = Session(library, "one")
    acknowledge(session, patience)
    for _ in range(edits):
        one_thing(session, chance)
        if chance.random() < 0.7:
            acknowledge(session, patience)
    acknowledge(session, patience)
    try:
        session.close()
    finally:
        library.close()


def acknowledge(session, patience):
    """Wait for the disk, trying on while it does not take anything, and say what it has."""
    ends = time.monotonic() + patience
    while True:
        try:
            session.wait()
            break
        except NotSaved as problem:
            if time.monotonic() > ends:
                if "second copy" in str(problem):
                    print("kept", *session.head, flush=True)  # noqa: T201
                raise
            print(f"not saved: {problem}", file=sys.stderr)  # noqa: T201
            time.sleep(0.02)
    print("ack", *session.head, flush=True)  # noqa: T201


if __name__ == "__main__":
    chance = random.Random(int(sys.argv[2]))
    edits = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    patience = float(sys.argv[5]) if len(sys.argv) > 5 else 5.0
    for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 10_000):
        live(Path(sys.argv[1]), chance, edits, patience)
    print("end", flush=True)  # noqa: T201
