"""Which column is which, guessed by name and then by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from facilitator.exchange.stamps import StampReader
from facilitator.exchange.table import Row, Table
from facilitator.model.records import LANES

# The first name that a header has wins; spelled in lower case, words apart.
TIME_NAMES: Final = (
    *("datetime", "date time", "timestamp", "@timestamp", "time", "ts", "event time", "when", "at"),
    *("occurred at", "occurred", "started at", "started", "start time", "start", "begin", "from"),
    *("created at", "created", "created date", "date created", "logged at", "date", "day"),
    *("updated at", "updated", "resolved", "time stamp", "zeit", "zeitstempel", "datum"),
)
TEXT_NAMES: Final = (
    *("message", "text", "summary", "event", "description", "what", "what happened", "title"),
    *("note", "notes", "details", "detail", "comment", "entry", "action", "subject", "log", "msg"),
    *("body", "content", "name", "nachricht", "beschreibung"),
)
LANE_NAMES: Final = ("lane", "track", "kind", "type", "category")
SOURCE_NAMES: Final = ("source", "origin", "system", "tool", "reported by", "channel")
KEY_NAMES: Final = ("key", "key moment")
UNTIL_NAMES: Final = ("until", "ended at", "ended", "end time", "end", "to")
CLOCK_NAMES: Final = ("time", "clock", "time of day", "hour", "uhrzeit")
ZONE_NAMES: Final = ("timezone", "time zone", "tz", "zone", "utc offset", "offset")
DAY_NAMES: Final = ("date", "day", "datum")
LANE_WORDS: Final = {
    **{lane: lane for lane in LANES},
    **dict.fromkeys(("deploy", "deployment", "release", "merge", "config"), "change"),
    **dict.fromkeys(("system signal", "detection", "alert", "alarm", "monitoring"), "signal"),
    **dict.fromkeys(("human action", "response", "responder", "mitigation"), "action"),
    **dict.fromkeys(("comms", "comm", "communications", "message", "support"), "communication"),
    **dict.fromkeys(("customer impact", "customer", "user impact"), "impact"),
}
_APART: Final = re.compile(r"[\s_\-./]+")
_BRACKETS: Final = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OFFSET: Final = re.compile(r"(?:UTC|GMT|Z|[+-]\d{2}:?\d{2})$", re.I)
_UTC: Final = re.compile(r"\b(?:utc|gmt|zulu)\b", re.I)


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each column; None where the table has none such."""

    time: int | None = None
    clock: int | None = None
    text: int | None = None
    lane: int | None = None
    source: int | None = None
    key: int | None = None
    until: int | None = None
    zone: int | None = None
    spare: int | None = None
    is_utc: bool = False

    def stamp(self, row: Row) -> str:
        """The time of a row as written, with day, time of day and offset put together."""
        parts = (row.cell(self.time), row.cell(self.clock))
        written = " ".join(part for part in parts if part) or row.cell(self.spare)
        offset = row.cell(self.zone)
        return f"{written} {offset}" if written and _OFFSET.match(offset) else written


def plain_name(name: str) -> str:
    """A header for comparing: lower case, words apart, without what stands in brackets."""
    words = _CAMEL.sub(" ", _BRACKETS.sub(" ", name))
    return _APART.sub(" ", words).strip().lower()


def guess_columns(table: Table) -> Columns:
    """The columns of this table, by name first, the time and the text by content if need be."""
    names = [plain_name(name) for name in table.header]
    time, clock = _times(names)
    if time is None:
        time = _by_content(table)
    taken = {time, clock}
    text = _first(names, TEXT_NAMES, taken)
    taken.add(text)
    lane = _first(names, LANE_NAMES, taken)
    if lane is not None and not _is_lane(table, lane, names[lane]):
        lane = None
    until = _first(names, UNTIL_NAMES, taken)
    return Columns(
        time=time,
        clock=clock,
        text=text,
        lane=lane,
        source=_first(names, SOURCE_NAMES, taken | {lane}),
        key=_first(names, KEY_NAMES, taken),
        until=until,
        zone=_first(names, ZONE_NAMES, taken),
        is_utc=time is not None and bool(_UTC.search(_APART.sub(" ", table.header[time]))),
    )


def _times(names: list[str]) -> tuple[int | None, int | None]:
    """The column of the time, and of the time of day where the two are apart."""
    day, clock = _first(names, DAY_NAMES, set()), _first(names, CLOCK_NAMES, set())
    apart = not any(name in names for name in TIME_NAMES[: TIME_NAMES.index("time")])
    if day is not None and clock is not None and apart:
        return day, clock
    exact = _first(names, TIME_NAMES, set())
    if exact is not None:
        return exact, None
    # "Created (UTC)" is found above; "alert timestamp" and "date of event" are found here.
    ends: Callable[[str], bool] = lambda name: name.split()[-1:] in (["time"], ["timestamp"])  # noqa: E731
    return next((i for i, name in enumerate(names) if ends(name)), None), None


def _first(names: list[str], wanted: Iterable[str], taken: set[int | None]) -> int | None:
    for name in wanted:
        if name in names and names.index(name) not in taken:
            return names.index(name)
    return None


def _by_content(table: Table) -> int | None:
    """A column that nobody named, when each of its cells is a written-out time."""
    reader = StampReader("UTC")
    head = [row for row in table.rows[:50]]
    for column in range(len(table.header)):
        cells = [row.cell(column) for row in head if row.cell(column)]
        if cells and all(not c.isdigit() and reader.read(c, 0)[0] is not None for c in cells):
            return column
    return None


def _is_lane(table: Table, column: int, name: str) -> bool:
    if name == "lane":
        return True
    cells = [row.cell(column).lower() for row in table.rows[:200] if row.cell(column)]
    return bool(cells) and sum(c in LANE_WORDS for c in cells) >= len(cells) / 2
