"""From a path to an open library, with the person's help where it needs some."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from facilitator.front import ask_to_front, request_file, take_request
from facilitator.model.clock import Instant
from facilitator.store import backups
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.labels import shortened
from facilitator.ui.waiting import Waiting

PATIENCE: Final = 2.0  # seconds in which a window that is there takes the request
_CHECK: Final = 0.05


def open_for_window(
    path: Path,
    now: Callable[[], Instant],
    dress: Callable[[], None],
    waiting: Waiting,
    *,
    read_only: bool = False,
) -> Library | int:
    """The library to show, or the exit status: 0 when another window came to the front, else 2.

    `dress` is called before anything is shown.
    """
    waiting.before_shown(dress)
    while True:
        words = f"{shortened(path.name, 60)} is being opened …"
        path = waiting.work(words, _resolved, path)
        try:
            found: Library = waiting.work(words, partial(_opened, path, now, read_only=read_only))
            return _whole(found, dress, waiting)
        except LibraryProblem as problem:
            if problem.kind == "locked" and waiting.tasks.wait(_came_to_front, path):
                _say(f"{problem} Its window was asked to come to the front.")
                return 0
            _say(str(problem))
            dress()
            way = _ask(path, problem, now, waiting)
        if way is None:
            return 2
        path, read_only = way


def _whole(library: Library, dress: Callable[[], None], waiting: Waiting) -> Library:
    if library.behind is None or library.read_only:
        return library
    from facilitator.ui.recovery.missing import without_gap

    dress()
    return without_gap(library, waiting)


def _resolved(path: Path) -> Path:
    return path.expanduser().resolve()


def _opened(path: Path, now: Callable[[], Instant], *, read_only: bool) -> Library:
    return Library.to_read(_readable(path), now=now) if read_only else Library(path, now=now)


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")


def _readable(path: Path) -> Path:
    """The library itself, or its newest backup while another process has it."""
    found = backups.listed(path)
    return found[0].path if found and _is_taken(path) else path


def _is_taken(path: Path) -> bool:
    from facilitator.store.lock import check_free

    try:
        check_free(path)
    except LibraryProblem:
        return True
    return False


def _came_to_front(path: Path) -> bool:
    """Whether a window took the request; a command, or one that hangs, does not."""
    ask_to_front(path)
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if not request_file(path).exists():
            return True
        time.sleep(_CHECK)
    return not take_request(path)


def _ask(
    path: Path, problem: LibraryProblem, now: Callable[[], Instant], waiting: Waiting
) -> tuple[Path, bool] | None:
    from facilitator.ui.recovery.opening import OpeningDialog

    dialog = OpeningDialog(path, problem, now, waiting.tasks, leave=waiting.leave)
    dialog.exec()
    if dialog.way is None:
        return None
    return dialog.way.path, dialog.way.read_only
