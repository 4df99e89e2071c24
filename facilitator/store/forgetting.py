"""Words taken out of an incident's past for good, while its journal still verifies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clock import Instant
from facilitator.model.document import Document
from facilitator.store import connection as careful
from facilitator.store import history, journal, schema
from facilitator.store.journal import Entry

_FORGET = (
    "UPDATE journal SET label = ?, burst = '', body = '', salt = '' WHERE incident = ? AND seq = ?"
)


def forget_words(
    connection: sqlite3.Connection, incident: str, words: Sequence[str], now: Instant
) -> Entry:
    """Blank every journal entry and draft that has one of the words, and begin anew from now.

    Returns the entry that says so; undo does not reach behind it. Raises Refused when a word
    still stands in the incident.
    """
    opened = history.load(connection, incident)
    check_not_in(opened.document, words)
    everything = tuple(Change(None, record) for record in opened.document.records())
    edit = Edit("Forget words", everything)
    base = journal.next_entry(incident, opened.head, "base", edit, now)
    connection.execute("BEGIN IMMEDIATE")
    for entry in opened.entries:
        if holds((entry.label, entry.burst, entry.body), words):
            connection.execute(_FORGET, (journal.FORGOTTEN, incident, entry.seq))
    for key, text in opened.drafts.items():
        if holds((key, text), words):
            connection.executemany(*history.draft_statement(incident, key, None))
    connection.execute(journal.INSERT, journal.row(base))
    schema.stamp(connection)
    connection.execute("COMMIT")
    careful.vacuum(connection)
    return base


def check_not_in(document: Document, words: Sequence[str]) -> None:
    """Raise Refused when a word still stands in the incident."""
    everything = journal.body_of(Change(None, record) for record in document.records())
    for word in words:
        if holds((everything,), [word]):
            raise Refused(f"“{word}” still stands in this incident. Change those places first.")


def holds(texts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a word stands in one of the texts, plainly or as JSON spells it."""
    spelled = [word.casefold() for word in words if word.strip()]
    spelled += [json.dumps(word, ensure_ascii=False)[1:-1] for word in spelled]
    return any(word in text.casefold() for text in texts for word in spelled)
