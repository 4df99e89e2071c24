"""The library: one file with every incident, open in one process at a time."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from facilitator import paths
from facilitator.instants import read_instant
from facilitator.model.change import Edit, Refused
from facilitator.model.clock import Instant
from facilitator.model.document import Document
from facilitator.model.forgetting import Words
from facilitator.store import (
    backups,
    forgetting,
    guard,
    health,
    history,
    journal,
    leftovers,
    reaching,
    reading,
    rows,
    schema,
    summaries,
)
from facilitator.store import connection as careful
from facilitator.store.backups import Backup
from facilitator.store.behind import Behind, behind
from facilitator.store.copies import Copy, copies_of
from facilitator.store.forgetting import Forgotten, Standing
from facilitator.store.health import Findings
from facilitator.store.history import UNREADABLE, Opened
from facilitator.store.journal import Entry
from facilitator.store.lock import Lock, check_free
from facilitator.store.problems import LibraryProblem, MediumChanged, NotSaved
from facilitator.store.reaching import Held, Reached, Removal
from facilitator.store.rehearsal import rehearse
from facilitator.store.restoring import preview, repair, restore
from facilitator.store.spool import Spool
from facilitator.store.summaries import Summary
from facilitator.store.writer import Write, Writer

__all__ = ["Library", "preview", "repair", "restore"]

T = TypeVar("T")
_log = logging.getLogger(__name__)
_BACKUP_EVERY: Final = timedelta(minutes=10)


class Library:
    """An open library. Sessions are made with `Session(library, incident_id)`.

    Nothing but the writer's thread ever touches the file; every method may be called from any
    thread but that one, and waits for what was done before. `recovered` counts the entries that
    opening brought in from the second copy, `behind` tells what it had and lacks now,
    `backup_problem` says why the last backup failed, `read_only` that this is a copy to look at,
    of the file `shown_from`, and `begun` holds the drafts of what is no incident yet, by key.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], Instant] = read_instant,
        spool: Path | None = None,
    ) -> None:
        """Open the library, or make it when there is no such file.

        `spool` is the folder for what the library's medium does not take; without one it is in
        the data folder. Raises LibraryProblem with a sentence; the file is then as it was.
        """
        self.path = path.expanduser().resolve()
        self.now = now
        self._open_incidents: set[str] = set()
        self._changed = False
        self._id = ""
        self._identity = (0, 0)
        self._spool = Spool(spool or paths.data_dir() / "spool", self.path, lambda: self._id)
        self.read_only = False
        self.shown_from = self.path
        self._folder: Path | None = None
        self.recovered = 0
        self.begun: dict[str, str] = {}
        self.behind: Behind | None = None
        self.backup_problem = ""
        self._backed_up_at = now().at
        try:
            if not self.path.exists():
                careful.create_library(self.path)
            guard.check_is_file(self.path)
            # Asked first: a process that reads a file it has open elsewhere loses its own lock.
            check_free(self.path)
            guard.look_at(self.path)
            self._lock = Lock(self.path)
        except OSError as error:
            raise LibraryProblem(
                f"{self.path} cannot be used: {error.strerror}. Name another file.",
                "read-only",
            ) from error
        leftovers.sweep(self.path, backups.folder(self.path))
        try:
            self._writer = Writer(self.path, self._connect, self._spool, self._after_batch)
        except BaseException:
            self._lock.release()
            raise

    @classmethod
    def to_read(cls, source: Path, *, now: Callable[[], Instant] = read_instant) -> Library:
        """A private copy of a library or backup to look at; sessions of it refuse edits.

        For a medium that cannot be written, or a library that another window has. Raises
        LibraryProblem.
        """
        folder = reading.copied(source.expanduser().resolve(), paths.data_dir())
        library = cls(folder / source.name, now=now, spool=folder / "spool")
        library.read_only, library._folder = True, folder
        library.shown_from = source
        return library

    def incidents(self) -> tuple[Summary, ...]:
        """A line about each incident, oldest first."""
        return self._read(summaries.summaries, "in the list of incidents")

    def create(self, edit: Edit, *, begun: Sequence[str] = ()) -> str:
        """A new incident from its first edit, which cannot be undone; returns its id.

        The drafts of these keys, in which it was begun, go when it comes, in one step.
        Raises Malformed or Conflict when the edit is none that an incident can begin with,
        LibraryProblem when the library has this incident already, NotSaved when it cannot write.
        """
        self.check_may_edit()
        incident = Document().with_changes(edit.changes).incident.id
        first = replace(edit, burst="")
        entry = journal.next_entry(incident, journal.start(incident), "create", first, self.now())
        statements = rows.statements(incident, edit.changes)

        def write(connection: sqlite3.Connection) -> None:
            if incident in health.incident_ids(connection):
                raise LibraryProblem(f"The library has the incident {incident} already.", "exists")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(journal.INSERT, journal.row(entry))
            for sql, values in statements:
                connection.executemany(sql, values)
            for key in begun:
                connection.executemany(*history.draft_statement(history.NO_INCIDENT, key, None))
            schema.stamp(connection, added=1)
            connection.execute("COMMIT")

        self._changed = True
        self._writer.call(write, writes=True)
        self.begun = {key: text for key, text in self.begun.items() if key not in begun}
        return incident

    def document(self, incident_id: str) -> Document:
        """An incident to read. Raises LookupError, or LibraryProblem when it is damaged."""
        return self._load(incident_id).document

    def entries(self, incident_id: str) -> tuple[Entry, ...]:
        """The journal of an incident, for those who want to know what was done when."""
        return self._load(incident_id).entries

    def forget(
        self, incident_id: str, *, backups_too: bool = False, damaged_too: bool = False
    ) -> Reached:
        """Really remove an incident: rows, journal, drafts; with `backups_too` from copies as well.

        `damaged_too` destroys copies that hold it, or may, and cannot be edited. Returns what
        became of the copies. Raises LookupError when there is none, RuntimeError while it is open.
        """
        self.check_may_edit()
        if incident_id in self._open_incidents:
            raise RuntimeError("the incident is open")

        def work(connection: sqlite3.Connection) -> None:
            if incident_id not in health.incident_ids(connection):
                raise LookupError(f"no incident {incident_id}")
            history.erase(connection, incident_id)
            self._clear_up(connection)

        self._changed = True
        self._writer.call(work, writes=True)
        removal = forgetting.of_incident(incident_id)
        return reaching.reach(self._copies(), removal, sound=backups_too, damaged=damaged_too)

    def standing(self, words: Words) -> tuple[Standing, ...]:
        """Where words stand in each incident. Raises LibraryProblem."""
        return self._read(lambda c: forgetting.look(c, words), "in the list of incidents")

    def held(self, removal: Removal) -> tuple[Held, ...]:
        """The copies of this library that hold what is to be removed, or may."""
        return reaching.held_in(self._copies(), removal)

    def forget_words(
        self,
        words: Words,
        incidents: Sequence[str] = (),
        *,
        backups_too: bool = False,
        damaged_too: bool = False,
    ) -> tuple[dict[str, Forgotten], Reached]:
        """Take words out of these incidents, of all when none is named, and of their copies.

        Returns the incidents in which they stood, and what became of the copies. A session that
        has one open must `adopt` it. Raises Refused, LibraryProblem, NotSaved.
        """
        self.check_may_edit()

        def work(connection: sqlite3.Connection) -> dict[str, Forgotten]:
            found = forgetting.forget(connection, words, incidents, self.now)
            self.begun = forgetting.forget_begun(connection, words)
            self._clear_up(connection)
            return found

        self._changed = True
        try:
            done = self._writer.call(work, writes=True)
        except UNREADABLE as error:
            raise careful.damaged(self.path, str(error)) from error
        removal = forgetting.of_words(words, incidents, self.now)
        copies = self._copies() if backups_too or damaged_too else ()
        return done, reaching.reach(copies, removal, sound=backups_too, damaged=damaged_too)

    def backup(self, target: Path) -> None:
        """A consistent, verified copy in a new file. Raises LibraryProblem."""
        target = target.expanduser().resolve()
        careful.make_folder(target.parent)
        self._writer.call(lambda connection: backups.copy(connection, target))

    def back_up(self) -> None:
        """A backup now, beside those made by itself. Raises LibraryProblem, NotSaved."""
        self._writer.call(self._back_up)
        if self.backup_problem:
            raise LibraryProblem(self.backup_problem, "read-only")

    def backups(self) -> tuple[Backup, ...]:
        """The copies made by itself, newest first."""
        return backups.listed(self.path)

    def check(self) -> Findings:
        """Whether everything is as it was written, down to a changed byte in a text."""
        return self._writer.call(health.check)

    def lacks(self, path: Path) -> Behind | None:
        """What the backups of the library at `path`, which this is or is a copy of, hold more."""
        return self._writer.call(lambda connection: behind(connection, path))

    def stay_behind(self) -> None:
        """Go on without what only backups hold, and tell of it no more. Raises NotSaved."""
        self.check_may_edit()
        self._writer.call(schema.begin_line, writes=True)
        self.behind = None

    def close(self) -> None:
        """Put everything on disk, back up what changed, and let the file go. Raises NotSaved."""
        try:
            if self._changed and not self.read_only:
                with suppress(NotSaved):
                    self._writer.call(self._back_up)
            self._writer.close()
        finally:
            self._lock.release()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def check_may_edit(self) -> None:
        """Raise Refused when this is only a copy to look at."""
        if self.read_only:
            raise Refused(
                "This is a copy to look at; it cannot be changed. Open the library itself."
            )

    def keep_waiting(self) -> Path | None:
        """Put what waits for a disk that hangs in the second copy; where that is, None without any.

        Raises NotSaved when this computer does not take it either.
        """
        return self._writer.keep_waiting()

    def retry(self) -> None:
        """Try again now what could not be saved."""
        self._writer.retry()

    def take(self, incident_id: str) -> Opened:
        """For Session: the incident as it lies on disk, from now on taken."""
        if incident_id in self._open_incidents:
            raise RuntimeError("the incident is open already")
        opened = self._load(incident_id)
        self._open_incidents.add(incident_id)
        return opened

    def release(self, incident_id: str) -> None:
        """For Session: the incident is no longer taken."""
        self._open_incidents.discard(incident_id)

    def post(self, write: Write) -> None:
        """For Session: put something on disk, in order."""
        self._changed = True
        self._writer.post(write)

    def _copies(self) -> tuple[Copy, ...]:
        return copies_of(self.path, self._id, self._spool.path.parent, paths.data_dir())

    def _clear_up(self, connection: sqlite3.Connection) -> None:
        """Leave nothing of what was taken out, in the file or half-made beside it."""
        careful.vacuum(connection)
        leftovers.sweep(self.path, backups.folder(self.path), leftovers.ANY_AGE)
        reading.sweep(paths.data_dir())

    def _load(self, incident_id: str) -> Opened:
        return self._read(lambda c: health.loaded(c, incident_id), f"in incident {incident_id}")

    def _read(self, work: Callable[[sqlite3.Connection], T], where: str) -> T:
        try:
            return self._writer.call(work)
        except UNREADABLE as error:
            raise careful.damaged(self.path, f"{where}, {error}") from error

    def _connect(self) -> sqlite3.Connection:
        guard.look_at(self.path)
        there = self.path.stat()
        identity = (there.st_dev, there.st_ino)
        # Only of the very file that this process had open is it sure that the log is its own.
        if identity != self._identity and guard.has_side_files(self.path):
            self._check_id(rehearse(self.path))
        connection = careful.connect(self.path)
        try:
            self._set_up(connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, UNREADABLE):
                raise careful.problem_of(self.path, error) from error
            raise
        self._identity = identity
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        careful.check_inside(connection, self.path)
        self._check_id(careful.library_id(connection))
        if schema.version(connection) < schema.VERSION:
            backups.make(connection, self.path, self.now().at)
            schema.migrate(connection)
            careful.check_inside(connection, self.path)
        careful.start_writing(connection, self.path)
        if not self._id:
            self._id = careful.library_id(connection)
            self.recovered = self._replay(connection)
            self.begun = history.load_drafts(connection, history.NO_INCIDENT)
            self.behind = behind(connection, self.path)

    def _replay(self, connection: sqlite3.Connection) -> int:
        try:
            return self._spool.replay(connection)
        except (OSError, LookupError, *UNREADABLE) as error:
            # The second copy must not stand in the way of the first; it is left where it is.
            _log.error("the second copy cannot be read: %r", type(error))
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return 0

    def _check_id(self, found: str) -> None:
        if self._id not in ("", found):
            raise MediumChanged

    def _after_batch(self, connection: sqlite3.Connection) -> None:
        if self.now().at - self._backed_up_at >= _BACKUP_EVERY:
            self._back_up(connection)

    def _back_up(self, connection: sqlite3.Connection) -> None:
        at = self.now().at
        # Tried again in ten minutes, not at every edit.
        self._backed_up_at = at
        try:
            backups.make(connection, self.path, at)
        except LibraryProblem as problem:
            self.backup_problem = str(problem)
        else:
            self.backup_problem, self._changed = "", False
