"""The lock file beside a library: one process at a time, and a name for whoever has it."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from facilitator.store.problems import LibraryProblem

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # A byte far behind the text, so that others can still read who has it.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """The library's lock, held until `release`; a killed process lets go of it by dying."""

    def __init__(self, library: Path) -> None:
        """Take the lock. Raises LibraryProblem, which names the holder, when another has it."""
        self._path = lock_file(library)
        self._descriptor = self._open(library)
        os.ftruncate(self._descriptor, 0)
        holder = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps(holder).encode())

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._descriptor < 0:
            return
        if sys.platform == "win32":
            os.close(self._descriptor)
        # The medium may be gone by now; then so is the file.
        with suppress(OSError):
            self._path.unlink()
        if sys.platform != "win32":
            os.close(self._descriptor)
        self._descriptor = -1

    def _open(self, library: Path) -> int:
        while True:
            descriptor = os.open(self._path, _FLAGS, 0o600)
            try:
                _take(descriptor)
            except OSError as error:
                os.close(descriptor)
                raise LibraryProblem(f"{library} is in use{_by(library)}.", "locked") from error
            # The last holder may have removed the file between our open and our lock.
            if _is_same(descriptor, self._path):
                return descriptor
            os.close(descriptor)


def lock_file(library: Path) -> Path:
    """Where the lock of this library lies."""
    return library.with_name(library.name + ".lock")


def check_free(library: Path) -> None:
    """Raise LibraryProblem when another process has the library; nothing is created."""
    if lock_file(library).exists():
        Lock(library).release()


@contextmanager
def locked(library: Path) -> Iterator[None]:
    """Have a library that is not open to oneself for a while. Raises LibraryProblem."""
    try:
        check_free(library)
        lock = Lock(library)
    except OSError as error:
        raise LibraryProblem(
            f"{library} lies in a folder that cannot be written: {error.strerror}.", "read-only"
        ) from error
    try:
        yield
    finally:
        lock.release()


_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _by(library: Path) -> str:
    try:
        holder = json.loads(lock_file(library).read_text())
        since = datetime.fromisoformat(holder["since"]).astimezone(UTC)
        return (
            f" by process {int(holder['pid'])} on {str(holder['host'])[:80]} since"
            f" {since:%Y-%m-%d %H:%M} UTC. Close that window or wait for that command, then try"
            " again"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return " by another process. Close it, then try again"


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        there = path.stat()
    except OSError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)
