"""Going on with another library than the one that is open."""

from __future__ import annotations

from pathlib import Path

from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved


def another(library: Library, path: Path) -> tuple[Library, str]:
    """Another library to go on with, and what is said; the present one when it cannot be opened."""
    path = path.expanduser().resolve()
    if path == library.path:
        return library, "This library is open already."
    try:
        opened = Library(path, now=library.now)
    except LibraryProblem as problem:
        return library, str(problem)
    try:
        library.close()
    except NotSaved as problem:
        return opened, f"{library.path.name} could not be closed in order: {problem}"
    missing = f" {opened.behind} Backups… can restore it." if opened.behind is not None else ""
    return opened, f"{path} is open.{missing}"
