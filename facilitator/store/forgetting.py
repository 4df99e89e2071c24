"""Words taken out of a library for good: its incidents, their past, what is being typed.

What the document says now says the replacement. An entry of the journal in which a word stands
loses its text, while the chain of hashes still verifies; one new entry tells the whole document
anew, and undo begins there. A report that is final and holds a word is no longer what was frozen: a
new revision is opened, and the one before stays recorded with its signatures.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.document import Document
from facilitator.model.edits.report import open_revision
from facilitator.model.forgetting import Words, places, renamed, spellings, without
from facilitator.model.freeze import content, frozen_revision, is_frozen, signatures_of
from facilitator.store import health, history, journal, rows, schema
from facilitator.store.history import NO_INCIDENT, Opened
from facilitator.store.journal import Entry
from facilitator.store.reaching import Removal

_LABEL: Final = "Forget words"
_FORGET: Final = (
    "UPDATE journal SET label = ?, burst = '', body = '', salt = '' WHERE incident = ? AND seq = ?"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where words stand in one incident, in counts of fields, of journal entries and of drafts.

    `revision` is the number of the final report that would be replaced, 0 without one, `signed`
    counts its signatures; `spelled` are words that hold one of them and are not found by them.
    """

    incident: str
    title: str
    fields: int
    entries: int
    drafts: int
    revision: int
    signed: int
    spelled: Mapping[str, int]
    problem: str = ""

    def __bool__(self) -> bool:
        """Whether they stand there at all."""
        return bool(self.fields or self.entries or self.drafts)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An incident after words were forgotten: as it lies on disk, and the entry that says so."""

    document: Document
    drafts: Mapping[str, str]
    entry: Entry

    def changes(self, before: Document) -> list[Change]:
        """What makes this of the document as it was."""
        return _between(before, self.document)


def look(connection: sqlite3.Connection, words: Words) -> tuple[Standing, ...]:
    """Where they stand, for every incident; one that is damaged has a problem instead."""
    return tuple(_standing(connection, ident, words) for ident in health.incident_ids(connection))


def forget(
    connection: sqlite3.Connection,
    words: Words,
    incidents: Iterable[str],
    now: Callable[[], Instant],
) -> dict[str, Forgotten]:
    """Take them out of these incidents, of all when none is named; those in which they stood.

    Raises Refused when one stands where it cannot be replaced, Broken when an incident is damaged:
    then nothing is done to any. Vacuum afterwards.
    """
    named = list(incidents) or health.incident_ids(connection)
    loaded = {ident: history.load(connection, ident) for ident in named}
    made = {ident: without(opened.document, words) for ident, opened in loaded.items()}
    found = {i: _forget(connection, loaded[i], made[i], words, now()) for i in named}
    return {ident: forgotten for ident, forgotten in found.items() if forgotten is not None}


def _forget(
    connection: sqlite3.Connection, opened: Opened, document: Document, words: Words, now: Instant
) -> Forgotten | None:
    incident = document.incident.id
    ids = renamed(opened.document, words)
    past = [entry for entry in opened.entries if _is_in_entry(entry, words)]
    drafts = _drafts_without(opened.drafts, words, ids)
    if document == opened.document and drafts == opened.drafts and not past:
        return None
    if is_frozen(document) and content(document) != content(opened.document):
        document = document.with_changes(open_revision(document, now.at).changes)
    everything = tuple(Change(None, record) for record in document.records())
    base = journal.next_entry(incident, opened.head, "base", Edit(_LABEL, everything), now)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_FORGET, [(journal.FORGOTTEN, incident, e.seq) for e in past])
    _store_drafts(connection, incident, opened.drafts, drafts)
    for sql, values in rows.statements(incident, _between(opened.document, document)):
        connection.executemany(sql, values)
    connection.execute(journal.INSERT, journal.row(base))
    schema.stamp(connection, added=1)
    connection.execute("COMMIT")
    # A record under a new id has a new place in its table.
    document = history.load_document(connection, incident) if ids else document
    return Forgotten(document, drafts, base)


def forget_begun(connection: sqlite3.Connection, words: Words) -> dict[str, str]:
    """Take them out of what is typed for incidents that are still to be made; what is left."""
    begun = history.load_drafts(connection, NO_INCIDENT)
    drafts = _drafts_without(begun, words, {})
    if drafts != begun:
        connection.execute("BEGIN IMMEDIATE")
        _store_drafts(connection, NO_INCIDENT, begun, drafts)
        schema.stamp(connection, added=0)
        connection.execute("COMMIT")
    return drafts


def of_words(words: Words, incidents: Iterable[str], now: Callable[[], Instant]) -> Removal:
    """Taking words out of copies: of these incidents, of all when none is named."""
    only = frozenset(incidents)

    def named(connection: sqlite3.Connection) -> list[str]:
        return [i for i in health.incident_ids(connection) if not only or i in only]

    def holds(connection: sqlite3.Connection) -> bool:
        # The journal tells everything that the tables hold.
        owners = [NO_INCIDENT, *named(connection)]
        return any(_is_in_draft(*d, words) for o in owners for d in _drafts(connection, o)) or any(
            _is_in_entry(entry, words)
            for ident in named(connection)
            for entry in history.load_entries(connection, ident)
        )

    def take_out(connection: sqlite3.Connection) -> None:
        forget_begun(connection, words)
        forget(connection, words, named(connection), now)

    def in_line(line: list[Any]) -> bool:
        kind, *values = line
        if kind == "draft":
            owner, key, text = values
            return (owner in only or not only) and _is_in_draft(key, text or "", words)
        if kind != "entry":
            return False
        entry = Entry(*values)
        return (entry.incident in only or not only) and _is_in_entry(entry, words)

    return Removal(holds, take_out, in_line, breaks_lines=True)


def of_incident(incident: str) -> Removal:
    """Taking a whole incident out of copies."""

    def holds(connection: sqlite3.Connection) -> bool:
        return incident in health.incident_ids(connection) or bool(
            history.load_drafts(connection, incident)
        )

    def in_line(line: list[Any]) -> bool:
        return bool(line[0] != "at" and line[1] == incident)

    return Removal(holds, lambda c: history.erase(c, incident), in_line, breaks_lines=False)


def _standing(connection: sqlite3.Connection, incident: str, words: Words) -> Standing:
    try:
        opened = history.load(connection, incident)
    except (LookupError, *history.UNREADABLE) as error:
        return Standing(incident, incident, 0, 0, 0, 0, 0, {}, f"It is damaged: {error}.")
    return _standing_in(incident, opened, words)


def _standing_in(incident: str, opened: Opened, words: Words) -> Standing:
    document = opened.document
    frozen = frozen_revision(document)
    replaced = frozen is not None and places(content(document), words).total() > 0
    return Standing(
        incident,
        document.incident.title,
        places(document, words).total(),
        sum(_is_in_entry(entry, words) for entry in opened.entries),
        sum(_is_in_draft(key, text, words) for key, text in opened.drafts.items()),
        frozen.number if frozen is not None and replaced else 0,
        len(signatures_of(document, frozen)) if frozen is not None and replaced else 0,
        spellings(document, words),
    )


def _is_in_entry(entry: Entry, words: Words) -> bool:
    if not entry.body:
        return False
    return (
        words.stand_in_json(entry.body)
        or words.stand_in(entry.label)
        or words.stand_in_id(entry.burst)
    )


def _is_in_draft(key: str, text: str, words: Words) -> bool:
    return words.stand_in(text) or words.stand_in_id(key)


def _drafts_without(
    drafts: Mapping[str, str], words: Words, ids: Mapping[str, str]
) -> dict[str, str]:
    """The drafts with the replacement; they follow records whose id is new."""
    kept = {
        ":".join(ids.get(part, part) for part in key.split(":")): words.out_of(text)
        if words.stand_in(text)
        else text
        for key, text in drafts.items()
    }
    return {key: text for key, text in kept.items() if not words.stand_in_id(key)}


def _store_drafts(
    connection: sqlite3.Connection, owner: str, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    for key in before.keys() - after.keys():
        connection.executemany(*history.draft_statement(owner, key, None))
    for key, text in after.items():
        if before.get(key) != text:
            connection.executemany(*history.draft_statement(owner, key, text))


def _drafts(connection: sqlite3.Connection, owner: str) -> Iterable[tuple[str, str]]:
    return history.load_drafts(connection, owner).items()


def _between(before: Document, after: Document) -> list[Change]:
    was = {(type(r), r.id): r for r in before.records()}
    now = {(type(r), r.id): r for r in after.records()}
    gone = [Change(record, None) for key, record in was.items() if key not in now]
    return gone + [
        Change(was.get(key), record) for key, record in now.items() if was.get(key) != record
    ]
