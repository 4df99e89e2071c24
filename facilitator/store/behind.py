"""Whether a library lacks what it once had: told by its newest backups.

A journal from whose end entries were cut, together with their rows, is whole in every hash. The
count in the file's stamp tells of that; when the whole file is from another day, only a backup can.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from facilitator.store import backups, history, schema
from facilitator.store import connection as careful
from facilitator.store.backups import Backup

_HASH: Final = "SELECT hash FROM journal WHERE incident = ? AND seq = ?"
# Answered from the index alone, unlike one that asks for the hashes too.
_NEWEST: Final = "SELECT incident, max(seq) FROM journal GROUP BY incident"
_LOOKED_AT: Final = 3
_ENTRIES: Final = "SELECT incident, seq, hash FROM journal WHERE incident = ? ORDER BY seq DESC"


@dataclass(frozen=True, slots=True)
class Behind:
    """How many journal entries a library had and lacks, and the backup that has them, if any."""

    entries: int
    incidents: int = 0
    backup: Backup | None = None

    def __str__(self) -> str:
        """A sentence for the person."""
        edits = "1 edit" if self.entries == 1 else f"{self.entries:,} edits"
        if self.backup is None:
            return f"{edits} that stood in this library are missing, and no backup has more."
        of = "one incident" if self.incidents == 1 else f"{self.incidents} incidents"
        return f"A backup holds {edits} of {of} that this library does not have any more."


def behind(connection: sqlite3.Connection, library: Path) -> Behind | None:
    """What this library lacks though nobody meant that, or None.

    Nobody meant it while both are of one line: restoring a backup, deleting an incident and
    repairing each begin a new one. The last few backups are looked at: what was done since may
    have been backed up already.
    """
    mine = _name(connection)
    for backup in backups.listed(library)[:_LOOKED_AT] if mine is not None else ():
        with suppress(*history.UNREADABLE), careful.as_it_lies(backup.path) as there:
            if schema.is_expected(there) and _name(there) == mine:
                found = _compared(connection, there, backup)
                if found is not None:
                    return found
    missing = schema.missing_entries(connection)
    return Behind(missing) if missing else None


def _name(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """What library and line this is; None when the file does not say."""
    stamp = schema.stamped(connection)
    return None if stamp is None else (careful.library_id(connection), stamp.line)


def _compared(mine: sqlite3.Connection, there: sqlite3.Connection, backup: Backup) -> Behind | None:
    newest = there.execute(_NEWEST).fetchall()
    lacking = [n for incident, seq in newest if (n := _lacking(mine, there, incident, seq))]
    return Behind(sum(lacking), len(lacking), backup) if lacking else None


def _lacking(mine: sqlite3.Connection, there: sqlite3.Connection, incident: str, seq: int) -> int:
    """How many entries of an incident stand there, counted back to the first that both have."""
    newest = (incident, seq)
    if mine.execute(_HASH, newest).fetchone() == there.execute(_HASH, newest).fetchone():
        return 0
    entries = there.execute(_ENTRIES, (incident,))
    return sum(
        1 for _ in takewhile(lambda e: mine.execute(_HASH, e[:2]).fetchone() != e[2:], entries)
    )
