"""What is done to a library that nobody has open: a backup in its place, a repair."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from facilitator.instants import read_instant
from facilitator.model.clock import Instant
from facilitator.store import backups, guard, repairing
from facilitator.store.lock import locked
from facilitator.store.repairing import Repaired
from facilitator.store.summaries import Summary


def preview(backup: Path) -> tuple[Summary, ...]:
    """The incidents that a backup holds. Raises LibraryProblem when it is not in order."""
    return backups.preview(backup)


def restore(backup: Path, path: Path, at: datetime) -> Path | None:
    """Put a backup in the place of a library that nobody has open.

    Returns where the replaced file lies now. Raises LibraryProblem.
    """
    path = path.expanduser().resolve()
    with locked(path):
        return backups.restore(backup, path, at)


def repair(path: Path, now: Callable[[], Instant] = read_instant) -> Repaired:
    """Make a damaged library whole, while nobody has it open; the damaged file is kept.

    Raises LibraryProblem when nothing can be read.
    """
    path = path.expanduser().resolve()
    guard.check_is_file(path)
    with locked(path):
        return repairing.repair(path, now())
