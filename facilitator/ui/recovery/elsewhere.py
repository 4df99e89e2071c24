"""An incident that goes on in another file, while the disk it was on fails or hangs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from facilitator.model.clock import Instant
from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import NotSaved


def taken_elsewhere(
    session: Session, path: Path, now: Callable[[], Instant]
) -> tuple[Library, Session]:
    """A new library at `path` with this incident and all that was being typed, open and on disk.

    Raises LibraryProblem when there is a file already or none can be made, and NotSaved.
    """
    session.copy_to(path)
    library = Library(path, now=now)
    try:
        there = Session(library, session.document.incident.id)
        for key, text in session.drafts.items():
            there.keep_draft(key, text)
        there.wait()
    except BaseException:
        let_go(library)
        raise
    return library, there


def let_go(library: Library) -> None:
    """Close a library that may be gone; what it lacks stays in the second copy."""
    with suppress(NotSaved):
        library.close()
