"""A line about each incident, for lists."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_SELECT: Final = """
SELECT i.id, i.title, i.severity, i.started_at, i.resolved_at, i.created_at, i.sample,
  (SELECT max(j.at) FROM journal j WHERE j.incident = i.incident),
  (SELECT count(*) FROM follow_up f WHERE f.incident = i.incident AND f.status = 'open'),
  (SELECT CASE WHEN r.digest <> '' THEN r.id END FROM revision r WHERE r.incident = i.incident
    ORDER BY r.number DESC LIMIT 1),
  (SELECT count(*) FROM clock_mark m WHERE m.incident = i.incident AND m.kind = 'start'),
  (SELECT m.kind FROM clock_mark m WHERE m.incident = i.incident ORDER BY m.rowid DESC LIMIT 1),
  i.zone,
  (SELECT count(*) FROM journal j WHERE j.incident = i.incident)
FROM incident i ORDER BY i.rowid
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """An incident in a list; `state` is planned, running, final (frozen) or signed.

    `edits` counts what was done to it: the entries of its journal.
    """

    id: str
    title: str
    severity: str
    started_at: datetime | None
    resolved_at: datetime | None
    created_at: datetime
    changed_at: datetime
    state: str
    open_actions: int
    sample: bool
    zone: str = "UTC"
    edits: int = 0


def summaries(connection: sqlite3.Connection) -> tuple[Summary, ...]:
    """All incidents of the library, oldest first. Raises ValueError on a time that is none."""
    return tuple(_summary(connection, row) for row in connection.execute(_SELECT).fetchall())


def _summary(connection: sqlite3.Connection, row: tuple[object, ...]) -> Summary:
    ident, title, severity, started, resolved, created, sample, changed, actions = row[:9]
    created_at = datetime.fromisoformat(str(created))
    return Summary(
        str(ident),
        str(title),
        str(severity),
        _time(started),
        _time(resolved),
        created_at,
        _time(changed) or created_at,
        _state(connection, str(ident), *row[9:12]),
        int(str(actions)),
        bool(sample),
        str(row[12]),
        int(str(row[13])),
    )


def _state(
    connection: sqlite3.Connection, incident: str, revision: object, starts: object, last: object
) -> str:
    if revision:
        counted = connection.execute(
            "SELECT (SELECT count(DISTINCT role) FROM signature"
            " WHERE incident = ? AND revision = ?),"
            " (SELECT json_array_length(roles) FROM revision WHERE incident = ? AND id = ?)",
            (incident, revision, incident, revision),
        ).fetchone()
        return "signed" if counted[1] and counted[0] >= counted[1] else "final"
    if starts and last != "finish":
        return "running"
    return "held" if starts else "planned"


def _time(stored: object) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(str(stored))
