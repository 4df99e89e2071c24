"""The one thread that owns the one connection: it commits in order and says what is on disk."""

from __future__ import annotations

import atexit
import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from facilitator.store import connection as careful
from facilitator.store import history, journal, schema
from facilitator.store.journal import Entry
from facilitator.store.problems import LibraryProblem, MediumChanged, NotSaved, why
from facilitator.store.rows import Statement
from facilitator.store.spool import SAFE, Spool

T = TypeVar("T")
Opener = Callable[[], sqlite3.Connection]
_log = logging.getLogger(__name__)
_RETRIES: Final = (0.3, 1.0, 2.0, 5.0)
_LARGEST_BATCH: Final = 500
_HEAD: Final = "SELECT hash FROM journal WHERE incident = ? AND seq = ?"


@dataclass(frozen=True, slots=True)
class Write:
    """Something to put on disk; `heard` is told "" when it is there, else why it is not yet.

    `draft` is incident, key and text of a draft to keep; text None drops it.
    """

    heard: Callable[[str], None]
    entry: Entry | None = None
    statements: tuple[Statement, ...] = ()
    draft: tuple[str, str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    writes: bool
    result: Future[Any]


class Writer:
    """Takes writes and jobs in order; a write that fails stays first and is tried again."""

    def __init__(
        self,
        path: Path,
        opener: Opener,
        spool: Spool,
        after: Callable[[sqlite3.Connection], None],
    ) -> None:
        """Open the connection on a thread of its own. Raises what `opener` raises.

        `after` is called on the thread after every batch of writes that reached the disk.
        """
        self._path = path
        self._opener = opener
        self._spool = spool
        self._after = after
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] = (0, 0)
        self._queue: deque[Write | _Job] = deque()
        self._changed = threading.Condition()
        self._keeping = threading.Lock()  # the second copy has one hand at a time on it
        self._problem = ""
        self._failures = 0
        self._closing = False
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(started,), name="library writer", daemon=True
        )
        self._thread.start()
        started.result()
        atexit.register(self.close)

    def post(self, write: Write) -> None:
        """Queue a write and return at once."""
        with self._changed:
            if self._closing:
                raise RuntimeError("the library is closed")
            self._queue.append(write)
            self._changed.notify()

    def call(self, work: Callable[[sqlite3.Connection], T], *, writes: bool = False) -> T:
        """What `work` returns for the connection, after all that was posted before.

        Raises NotSaved when those writes, or its own when it `writes`, cannot reach the disk.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a listener must not ask the library: it would wait for itself")
        result: Future[T] = Future()
        with self._changed:
            if self._closing:
                raise RuntimeError("the library is closed")
            self._queue.append(_Job(work, writes, result))
            self._changed.notify()
        return result.result()

    def keep_waiting(self) -> Path | None:
        """Put what is queued in the second copy, on any thread; where that is, None without any.

        For when the disk does not even fail. Raises NotSaved when the copy cannot be made.
        """
        with self._keeping:
            waiting = self._waiting()
            if not waiting:
                return None
            said = self._spool.keep(waiting)
        if said != SAFE:
            raise NotSaved(said)
        return self._spool.path

    def retry(self) -> None:
        """Try again now what failed, without waiting for the next turn."""
        with self._changed:
            self._failures = 0
            self._changed.notify()

    def close(self) -> None:
        """Write what is queued and end. Raises NotSaved when something could not be written."""
        atexit.unregister(self.close)
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        if self._queue:
            raise NotSaved(self._problem)

    def _run(self, started: Future[None]) -> None:
        try:
            self._ready()
        except BaseException as error:
            started.set_exception(error)
            return
        started.set_result(None)
        while self._turn():
            pass
        with self._changed:
            self._refuse_jobs()
        if self._connection is not None:
            careful.close(self._connection)

    def _turn(self) -> bool:
        """Do the next batch or job; False when all is done and the writer is closing."""
        with self._changed:
            self._wait_for_work()
            if not self._queue:
                return False
            if self._problem:
                self._refuse_jobs()
            first = self._queue[0] if self._queue else None
            batch = self._batch()
        if isinstance(first, _Job):
            self._drop_first()
            self._do(first)
        elif batch:
            return self._save(batch) or not self._closing
        return True

    def _wait_for_work(self) -> None:
        if self._problem and not self._closing:
            delay = _RETRIES[min(self._failures, len(_RETRIES)) - 1] if self._failures else 0
            self._changed.wait(delay)
        while not self._queue and not self._closing:
            self._changed.wait()

    def _batch(self) -> list[Write]:
        batch: list[Write] = []
        for each in self._queue:
            if isinstance(each, _Job) or len(batch) == _LARGEST_BATCH:
                break
            batch.append(each)
        return batch

    def _refuse_jobs(self) -> None:
        # A job behind a write that fails would wait for as long as the medium is gone.
        for each in [e for e in self._queue if isinstance(e, _Job)]:
            self._queue.remove(each)
            each.result.set_exception(NotSaved(self._problem))

    def _do(self, job: _Job) -> None:
        try:
            connection = self._ready()
            if job.writes:
                # Before, too: what is committed to a file that has gone is in doubt afterwards.
                self._check_file()
            found = job.work(connection)
            if job.writes:
                self._check_file()
        except BaseException as error:
            if self._connection is not None and self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            job.result.set_exception(self._as_told(error, job))
        else:
            job.result.set_result(found)

    def _as_told(self, error: BaseException, job: _Job) -> BaseException:
        if job.writes and isinstance(error, (sqlite3.Error, OSError, MediumChanged)):
            return NotSaved(why(error, self._path))
        return error

    def _save(self, batch: list[Write]) -> bool:
        try:
            connection = self._ready()
            self._commit(connection, self._missing(connection, batch) if self._problem else batch)
            self._check_file()
        except Exception as error:
            self._fail(error)
            return False
        self._problem, self._failures = "", 0
        for write in batch:
            self._drop_first()
            _say(write.heard, "")
        self._tidy(connection)
        return True

    def _tidy(self, connection: sqlite3.Connection) -> None:
        with self._keeping:
            if not self._waiting():
                # Not earlier: the second copy may hold what the library is still to get.
                self._spool.clear()
        try:
            self._after(connection)
        except Exception as error:
            _log.error("what follows saving failed: %r", type(error))

    def _commit(self, connection: sqlite3.Connection, batch: list[Write]) -> None:
        if not batch:
            return
        connection.execute("BEGIN IMMEDIATE")
        for write in batch:
            if write.entry is not None:
                connection.execute(journal.INSERT, journal.row(write.entry))
            for sql, rows in write.statements:
                connection.executemany(sql, rows)
            if write.draft is not None:
                connection.executemany(*history.draft_statement(*write.draft))
        schema.stamp(connection, added=sum(write.entry is not None for write in batch))
        connection.execute("COMMIT")

    def _missing(self, connection: sqlite3.Connection, batch: list[Write]) -> list[Write]:
        """The writes that a failed commit did not bring to the disk after all.

        A commit takes all or nothing: what stands before an entry that is there is there too.
        """
        heads: dict[str, str] = {}
        there = [w.entry is not None and _has(connection, w.entry, heads) for w in batch]
        return batch[len(there) - there[::-1].index(True) if True in there else 0 :]

    def _fail(self, error: Exception) -> None:
        # Only the kind of error is logged: its text could quote what somebody wrote.
        foreseen = isinstance(error, (sqlite3.Error, OSError, LibraryProblem, MediumChanged))
        _log.log(logging.INFO if foreseen else logging.ERROR, "not saved: %r", type(error))
        self._failures += 1
        self._let_go()
        with self._keeping:
            waiting = self._waiting()
            self._problem = f"{why(error, self._path)} {self._spool.keep(waiting)}"
        for heard in dict.fromkeys(write.heard for write in waiting):
            _say(heard, self._problem)

    def _waiting(self) -> list[Write]:
        with self._changed:
            return [each for each in self._queue if isinstance(each, Write)]

    def _drop_first(self) -> None:
        with self._changed:
            self._queue.popleft()

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _ready(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._opener()
            there = self._path.stat()
            self._identity = (there.st_dev, there.st_ino)
        return self._connection

    def _check_file(self) -> None:
        # With a log, SQLite itself does not notice that the file has gone or was replaced.
        there = os.stat(self._path)
        if (there.st_dev, there.st_ino) != self._identity:
            raise MediumChanged


def _say(heard: Callable[[str], None], problem: str) -> None:
    try:
        heard(problem)
    except Exception as error:
        _log.error("a listener failed: %r", type(error))


def _has(connection: sqlite3.Connection, entry: Entry, heads: dict[str, str]) -> bool:
    """Whether the entry is there. Raises MediumChanged when the journal went another way."""
    found = connection.execute(_HEAD, (entry.incident, entry.seq)).fetchone()
    if found:
        if found[0] != entry.hash:
            raise MediumChanged
        return True
    if entry.incident not in heads:
        before = connection.execute(_HEAD, (entry.incident, entry.seq - 1)).fetchone()
        heads[entry.incident] = before[0] if before else journal.genesis(entry.incident)
    if journal.hash_of(heads[entry.incident], entry) != entry.hash:
        raise MediumChanged
    heads[entry.incident] = entry.hash
    return False
