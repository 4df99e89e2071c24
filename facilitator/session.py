"""One open incident: what is done to it, what undo would take back, and whether it is on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.codec import Malformed
from facilitator.model.document import Conflict, Document
from facilitator.model.forgetting import Words
from facilitator.model.freeze import FROZEN_SENTENCE, content_digest, head_of, is_frozen
from facilitator.model.records import NOT_UNDOABLE, Revision
from facilitator.model.revising import what_changed
from facilitator.store.forgetting import Forgotten
from facilitator.store.journal import Entry, changes_of, next_entry
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.store.reaching import Reached
from facilitator.store.rows import Statement, statements
from facilitator.store.steps import Step, Steps
from facilitator.store.writer import Write

__all__ = ["NotSaved", "Saving", "Session"]

_PATIENCE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Saving:
    """Whether all that was done is on disk: "saved", "saving" or "not-saved" (then with why)."""

    state: str
    at: datetime | None = None
    problem: str = ""


class Session:
    """An incident of a library, open for editing; at most one session for each at a time.

    Everything but `saving` and `on_saving`'s calls belongs to the thread that made it.
    """

    def __init__(self, library: Library, incident_id: str) -> None:
        """Open the incident. Raises LookupError when the library has none with this id."""
        self._library = library
        self._incident = incident_id
        opened = library.take(incident_id)
        self._document = opened.document
        self._head = opened.head
        self._steps = Steps(opened.entries)
        self._drafts = dict(opened.drafts)
        self._listeners: list[Callable[[Edit], None]] = []
        self._publishing = False
        self._closed = False
        self._held: Words | None = None
        self._told = threading.Condition()
        self._telling = threading.RLock()
        self._pending = self._failures = 0
        self._saving = Saving("saved", opened.saved_at)
        self._saving_listeners: list[Callable[[Saving], None]] = []

    @property
    def document(self) -> Document:
        """The incident as it is now, whether or not it is on disk already."""
        return self._document

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash (hex) of the journal's last entry; `wait` to know it on disk."""
        return self._head

    @property
    def undo_label(self) -> str:
        """The name of the step that undo would take back; empty when there is none."""
        return _label(self._steps.to_undo())

    @property
    def redo_label(self) -> str:
        """The name of the step that redo would do again; empty when there is none."""
        return _label(self._steps.to_redo())

    def do(self, edit: Edit, *, draft: str = "") -> None:
        """Apply an edit at once, tell the listeners, and have it saved; it can be undone.

        `draft` names a draft that this edit makes needless; both reach the disk together. Raises
        Conflict or Malformed, with nothing changed, when the edit does not fit the document, and
        Refused while the report is final.
        """
        self._commit("edit", edit, draft=draft)

    def record(self, edit: Edit) -> None:
        """The same for what undo must leave alone: clock marks, revisions, signatures."""
        wrong = [c for c in edit.changes if not isinstance(c.record, NOT_UNDOABLE)]
        if wrong:
            raise ValueError(f"{type(wrong[0].record).__name__} belongs to undo: use do")
        self._commit("record", edit)

    def undo(self) -> None:
        """Take the newest step back; nothing happens when there is none. Refused when final."""
        step = self._steps.to_undo()
        if step is not None:
            self._commit("undo", step.edit().reversed(), undoes=step.seq)

    def redo(self) -> None:
        """Do the step again that undo took back last, if there is one. Refused when final."""
        step = self._steps.to_redo()
        if step is not None:
            self._commit("redo", step.edit(), undoes=step.seq)

    def forget_words(
        self, words: Words, *, backups_too: bool = False, damaged_too: bool = False
    ) -> Reached:
        """Take words, such as a name, out of the incident and its past for good; undo begins anew.

        With `backups_too` from copies of the library as well, `damaged_too` destroys those that
        cannot be edited. Raises Refused, LibraryProblem, NotSaved when the disk does not take it.
        """
        self.wait()
        self.hold(words)
        done: dict[str, Forgotten] = {}
        try:
            done, reached = self._library.forget_words(
                words, [self._incident], backups_too=backups_too, damaged_too=damaged_too
            )
        finally:
            self.adopt(done)
        return reached

    def hold(self, words: Words) -> None:
        """Refuse edits until `adopt`: the library forgets words, on another thread perhaps."""
        self._held = words

    def adopt(self, done: Mapping[str, Forgotten]) -> None:
        """Take edits again; be the incident as the library left it, if it did anything to it."""
        self._held = None
        found = done.get(self._incident)
        if found is None:
            return
        edit = Edit(found.entry.label, tuple(found.changes(self._document)))
        self._document = found.document
        self._head = (found.entry.seq, found.entry.hash)
        self._steps.follow(found.entry)
        self._drafts = dict(found.drafts)
        self._publish(edit)

    def subscribe(self, listener: Callable[[Edit], None]) -> Callable[[], None]:
        """Tell the listener of every edit, undone and redone ones too; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def saving(self) -> Saving:
        """Whether all that was done is on disk."""
        with self._told:
            return self._saving

    def on_saving(self, listener: Callable[[Saving], None]) -> Callable[[], None]:
        """Tell the listener when `saving` changes, on any thread; returns how to stop that."""
        self._saving_listeners.append(listener)
        return lambda: self._saving_listeners.remove(listener)

    @property
    def drafts(self) -> Mapping[str, str]:
        """Texts that were typed and not yet committed, by the key they were kept under."""
        return MappingProxyType(self._drafts)

    def keep_draft(self, key: str, text: str) -> None:
        """Put a text being typed on disk; it is no part of the document."""
        if self._held is not None:
            text = self._held.out_of(text)
        if self._drafts.get(key) != text:
            storable = text.encode(errors="replace").decode()
            self._drafts[key] = storable
            self._post(draft=(self._incident, key, storable))

    def drop_draft(self, key: str) -> None:
        """Forget a draft; one that does not exist is no error."""
        if self._drafts.pop(key, None) is not None:
            self._post(draft=(self._incident, key, None))

    def go_on_in(self, path: Path) -> tuple[Library, Session]:
        """This incident as it is now, with its drafts, on disk in a new library of its own.

        For when the library's medium is gone for good. Undo begins anew there. Raises
        LibraryProblem when there is a file already or none can be made, and NotSaved.
        """
        if path.expanduser().exists():
            raise LibraryProblem(f"{path} exists already. Name a new file.", "exists")
        library = Library(path, now=self._library.now)
        everything = tuple(Change(None, record) for record in self._document.records())
        try:
            there = Session(library, library.create(Edit("Go on in another file", everything)))
            for key, text in self._drafts.items():
                there.keep_draft(key, text)
            there.wait()
        except BaseException:
            with suppress(NotSaved):
                library.close()
            raise
        return library, there

    def revised(self) -> tuple[str, ...]:
        """What differs from the newest revision that is replaced, in lines that quote nothing.

        Nothing before the second revision. When words were forgotten since, a line says that it
        cannot be told. Raises LibraryProblem.
        """
        return self.revised_later()()

    def revised_later(self) -> Callable[[], tuple[str, ...]]:
        """What tells `revised` of the document as it is now, later and on whatever thread.

        The journal is read for it, which may wait for a disk.
        """
        entries = partial(self._library.entries, self._incident)
        return partial(_revised, self._document, self._head[0], entries)

    def wait(self, timeout: float = _PATIENCE) -> None:
        """Return when everything done is on disk. Raises NotSaved when it cannot be, or in time.

        What could not be saved before is tried again first.
        """
        ends = time.monotonic() + timeout
        with self._told:
            failing = self._saving.state == "not-saved"
            # One try may have begun before whatever was wrong was put right.
            enough = self._failures + (2 if failing else 1)
        if failing:
            self._library.retry()
        with self._told:
            while self._pending:
                if self._failures >= enough or (left := ends - time.monotonic()) <= 0:
                    raise NotSaved(
                        self._saving.problem or f"Saving takes over {timeout:g} seconds."
                    )
                self._told.wait(left)

    def close(self) -> None:
        """Wait for the disk and let the incident go. Raises NotSaved, and then stays open."""
        if not self._closed:
            self.wait()
            self._closed = True
            self._library.release(self._incident)

    def _commit(self, kind: str, edit: Edit, *, undoes: int = 0, draft: str = "") -> None:
        if self._publishing:
            raise RuntimeError("a listener must not edit: it is being told of an edit")
        if self._closed:
            raise RuntimeError("this session is closed")
        if self._held is not None:
            raise Refused("Words are being forgotten just now. Do it again in a moment.")
        if kind != "record" and is_frozen(self._document):
            raise Refused(FROZEN_SENTENCE)
        self._library.check_may_edit()
        if not edit.changes:
            if draft:
                self.drop_draft(draft)
            return
        document = self._document.with_changes(edit.changes)
        rows = statements(self._incident, edit.changes)
        entry = next_entry(
            self._incident, self._head, kind, edit, self._library.now(), undoes=undoes
        )
        dropped = self._drafts.pop(draft, None) is not None
        self._document = document
        self._head = (entry.seq, entry.hash)
        self._steps.follow(entry, edit.changes)
        self._post(entry, rows, (self._incident, draft, None) if dropped else None)
        self._publish(edit)

    def _publish(self, edit: Edit) -> None:
        self._publishing = True
        try:
            for listener in tuple(self._listeners):
                listener(edit)
        finally:
            self._publishing = False

    def _post(
        self,
        entry: Entry | None = None,
        rows: Iterable[Statement] = (),
        draft: tuple[str, str, str | None] | None = None,
    ) -> None:
        with self._told:
            self._pending += 1
            begins = self._saving.state == "saved"
            if begins:
                self._saving = Saving("saving", self._saving.at)
        if begins:
            self._tell()
        self._library.post(Write(self._heard, entry, tuple(rows), draft))

    def _heard(self, problem: str) -> None:
        """Take in what the writer says of one write, on its thread."""
        with self._told:
            before = self._saving
            if problem:
                self._failures += 1
                self._saving = Saving("not-saved", before.at, problem)
            else:
                self._pending -= 1
                state = "saving" if self._pending else "saved"
                self._saving = Saving(state, self._library.now().at)
            changed = self._saving != before
            self._told.notify_all()
        if changed:
            self._tell()

    def _tell(self) -> None:
        # Read and told under one lock, so that the last word a listener hears is the newest.
        with self._telling:
            saving = self.saving
            for listener in tuple(self._saving_listeners):
                listener(saving)


def _revised(
    document: Document, last: int, entries: Callable[[], tuple[Entry, ...]]
) -> tuple[str, ...]:
    """See `Session.revised`; `last` is the number of the entry that made the document so."""
    revisions = sorted(document.all(Revision), key=lambda r: r.number)
    earlier = [r for r in revisions[:-1] if r.digest]
    if not earlier:
        return ()
    since = range(head_of(earlier[-1])[0] + 1, last + 1)
    try:
        before = _without(document, [e for e in entries() if e.seq in since])
    except (Malformed, Conflict):
        before = None
    if before is None or content_digest(before) != earlier[-1].digest:
        return ("It cannot be told: words of that time were forgotten on purpose.",)
    return what_changed(before, document) or ("Nothing in its content.",)


def _without(document: Document, entries: Sequence[Entry]) -> Document:
    """The document as it was before these entries. Raises Malformed on forgotten ones."""
    for entry in reversed(entries):
        changes = reversed(changes_of(entry.body))
        document = document.with_changes(change.reversed() for change in changes)
    return document


def _label(step: Step | None) -> str:
    return "" if step is None else step.label
