"""The records an incident consists of: frozen rows, each with an id of its own.

Times are aware datetimes in UTC; the incident's zone stands beside them in `Incident.zone`. Dates
(due dates) have no zone. Texts are plain text: nothing in them is ever read as markup.
No record mixes what undo takes back with what it must leave alone (`NOT_UNDOABLE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

SEVERITIES: Final = ("P0", "P1", "P2", "P3")
LANES: Final = ("change", "signal", "action", "communication", "impact")
KEY_MOMENTS: Final = (
    "merged",
    "deployed",
    "impact_began",
    "system_knew",
    "person_knew",
    "mitigated",
    "resolved",
)
PRECISIONS: Final = ("exact", "about", "date", "before", "unknown")
PROVENANCES: Final = ("recorded", "reconstructed")
ROLES: Final = (
    "facilitator",
    "incident-commander",
    "on-call",
    "investigator",
    "product-owner",
    "tech-lead",
    "leadership",
    "scribe",
    "participant",
)
CHAIN_LEVELS: Final = ("strategy", "discovery", "scope", "execution", "operation")
LABELS: Final = (
    "scenario-gap",
    "adr-drift",
    "integration-gap",
    "observation-mismatch",
    "configuration",
)
PHASES: Final = ("restate", "detection", "whys", "level", "fix", "sign")
ARTEFACTS: Final = ("checklist", "runbook", "test", "brief-template", "ci-step", "adr", "other")
FOLLOW_UP_KINDS: Final = (
    "test-design",
    "exploratory-charter",
    "process-refinement",
    "metric-target",
    "investigation",
    "preventive-engineering",
)
STATUSES: Final = ("open", "done", "validated")
CLOCK_MARKS: Final = (
    "opening",
    "start",
    "pause",
    "resume",
    "next",
    "back",
    "go",
    "extend",
    "discount",
    "finish",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """The root record: what broke, for whom, and what the meeting decided about it."""

    id: str
    title: str
    created_at: datetime
    severity: str = ""
    reason: str = ""
    organisation: str = ""
    zone: str = "UTC"
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    meeting_at: datetime | None = None
    impact: str = ""
    services: str = ""
    users_affected: int | None = None
    users_total: int | None = None
    users_word: str = "users"
    support_calls: int | None = None
    summary: str = ""
    why_allowed: str = ""
    went_well: str = ""
    was_hard: str = ""
    opening: str = ""
    level: str = ""
    other_levels: tuple[str, ...] = ()
    label: str = ""
    not_reached: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role in this incident; `title` is the role in their own words."""

    id: str
    name: str
    role: str = "participant"
    title: str = ""
    present: bool = True
    notified: bool = False
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Topic:
    """One phase of the agenda: its question is for the room, its minutes are the plan."""

    id: str
    phase: str
    title: str
    question: str
    minutes: int
    floor: int = 0
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened; `at` is None when nobody knows when, and then it waits in the tray.

    `key` names a key moment (at most one moment has each). `source`, `line`, `original` and
    `digest` (SHA-256 of the file) say where an imported moment comes from.
    """

    id: str
    text: str
    lane: str = "action"
    at: datetime | None = None
    until: datetime | None = None
    precision: str = "exact"
    key: str = ""
    provenance: str = "reconstructed"
    source: str = ""
    line: int | None = None
    original: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A metric curve: `points` are (seconds since the epoch, value), in order of time."""

    id: str
    name: str
    unit: str = ""
    points: tuple[tuple[float, float], ...] = ()
    source: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """An answer in the tree; `parent` is empty for the effect that the tree starts from."""

    id: str
    text: str
    parent: str = ""
    rank: float = 0.0
    level: str = ""
    root_cause: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A moment that supports an answer."""

    id: str
    why: str
    moment: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The one structural fix: a named change to a named artefact, owned, dated, checked.

    `owner` and `helpers` are roles or teams; an incident has at most one record of this kind.
    """

    id: str
    change: str = ""
    artefact_kind: str = ""
    artefact: str = ""
    owner: str = ""
    helpers: str = ""
    due: date | None = None
    check: str = ""
    ticket: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A supporting action; without an owner and a date it is a wish, and is shown so."""

    id: str
    text: str
    kind: str = ""
    owner: str = ""
    helpers: str = ""
    due: date | None = None
    status: str = "open"
    check: str = ""
    ticket: str = ""
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Parked:
    """Something worth its own time; `phase` says when it came up."""

    id: str
    text: str
    phase: str = ""
    at: datetime | None = None
    destination: str = "retro"
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiver:
    """A language hint the facilitator keeps, with the reason. An empty `record` silences the rule.

    `digest` is the SHA-256 of the hinted words, so that a changed sentence is heard anew.
    """

    id: str
    rule: str
    reason: str
    record: str = ""
    field: str = ""
    digest: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One instant of the meeting clock: what was pressed, when by both clocks, on which topic.

    `n` numbers the marks of an incident in the order they were made.
    `boot` is seconds since boot, counting sleep; `boot_id` tells one boot from another. `seconds`
    is time given (`extend`) or taken out (`discount`); `payer` is the topic that gives it,
    empty for spare time, "end" when the meeting ends later.
    """

    id: str
    kind: str
    at: datetime
    boot: float
    boot_id: str
    n: int = 0
    topic: str = ""
    seconds: int = 0
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A frozen state of the report: its number, the document's digest and the journal's head."""

    id: str
    number: int
    at: datetime
    digest: str
    head: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature put on a revision in this app."""

    id: str
    revision: str
    role: str
    name: str
    fingerprint: str
    at: datetime


Record = (
    Incident
    | Person
    | Topic
    | Moment
    | Series
    | Why
    | Evidence
    | Fix
    | FollowUp
    | Parked
    | Waiver
    | ClockMark
    | Revision
    | Signature
)

KINDS: Final[dict[str, type[Record]]] = {
    "incident": Incident,
    "person": Person,
    "topic": Topic,
    "moment": Moment,
    "series": Series,
    "why": Why,
    "evidence": Evidence,
    "fix": Fix,
    "follow_up": FollowUp,
    "parked": Parked,
    "waiver": Waiver,
    "clock_mark": ClockMark,
    "revision": Revision,
    "signature": Signature,
}
NAMES: Final[dict[type[Record], str]] = {kind: name for name, kind in KINDS.items()}
NOT_UNDOABLE: Final[tuple[type[Record], ...]] = (ClockMark, Revision, Signature)
