"""An incident and a clock for tests of the store."""

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.records import Incident, Moment

BEGIN = datetime(2026, 6, 18, 21, 0, tzinfo=UTC)


def quick_folder() -> Path:
    """A folder in memory where the machine has that, for tests of logic and not of the disk."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return Path(tempfile.mkdtemp(dir=memory if usable else None))


class Ticking:
    """A clock that a test moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return Instant(BEGIN + timedelta(seconds=self.seconds), 1000 + self.seconds, "boot")


def new_incident(ident: str = "one", title: str = "Checkout rejects saved addresses") -> Edit:
    return Edit("New incident", (Change(None, Incident(ident, title, BEGIN)),))


def add_moment(ident: str, text: str = "Alert fired") -> Edit:
    return Edit("Add moment", (Change(None, Moment(ident, text, at=BEGIN)),))


def traces(folder: Path, *words: str) -> set[str]:
    """The names of files in which one of the words stands, in any case and in any spelling."""
    spelled = [text.casefold() for word in words for text in (word, json.dumps(word)[1:-1])]
    raw = [text.encode(code) for text in spelled for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = set()
    for path in Path(folder).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text = data.decode("utf-8", "replace").casefold()
            if any(each in text for each in spelled) or any(each in data.lower() for each in raw):
                found.add(path.name)
    return found
