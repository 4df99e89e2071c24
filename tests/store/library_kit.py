"""An incident and a clock for tests of the store."""

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
