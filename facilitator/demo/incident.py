"""The demo incident as one edit, read from its resource file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from facilitator import paths
from facilitator.model.change import Change, Edit, join
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.edits import fixes, incident, moments, new_id
from facilitator.model.records import Evidence, FollowUp, Parked, Person, Record, Series, Why
from facilitator.model.templates import read_template, template_file
from facilitator.model.times import typed_date, zone_of

_TIMES: Final = ("started_at", "resolved_at", "meeting_at")
Row = dict[str, Any]


def demo_edit(created_at: datetime, incident_id: str = "") -> Edit:
    """A fresh copy of the demo incident, with its agenda; times are those of June 2026."""
    file = paths.resources() / "demo" / "otautahi.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    row: Row = table["incident"]
    zone = str(row["zone"])
    topics = read_template(template_file(paths.resources())).topics
    values = {**row, **{name: _at(row[name], zone) for name in _TIMES}}
    values["other_levels"] = tuple(row["other_levels"])
    title = values.pop("title")
    edits = [
        incident.new_incident(
            title, topics, created_at, incident_id=incident_id or new_id(), **values
        )
    ]
    document = Document().with_changes(edits[0].changes)
    for edit in _contents(table, zone, document.incident.meeting_at or created_at):
        document = document.with_changes(edit.changes)
        edits.append(edit)
    return join("Demo incident", edits)


def _contents(table: Mapping[str, Any], zone: str, meeting: datetime) -> Iterator[Edit]:
    empty = Document()
    for row in table["moment"]:
        yield moments.add_moment(empty, **_moment(row, zone))
    added: list[Record] = [Person(**row, rank=float(n)) for n, row in enumerate(table["person"], 1)]
    added += _whys(table["why"])
    added += [Parked(**row, rank=float(n)) for n, row in enumerate(table["parked"], 1)]
    added += [_series(row, zone) for row in table["series"]]
    yield Edit("Demo records", tuple(Change(None, record) for record in added))
    day = meeting.astimezone(zone_of(zone)).date()
    yield fixes.change_fix(empty, **_dated(table["fix"], day))
    for n, row in enumerate(table["follow_up"], 1):
        edit = fixes.add_follow_up(empty, **_dated(row, day))
        yield Edit(edit.label, tuple(_ranked(change, n) for change in edit.changes))


def _moment(row: Row, zone: str) -> Row:
    at = str(row["at"])
    values = {**row, "at": _at(at, zone), "provenance": "recorded"}
    if len(at) == len("2026-06-14"):
        values.update(precision="date", provenance="reconstructed")
    if "until" in row:
        values["until"] = _at(row["until"], zone)
    return values


def _whys(rows: list[Row]) -> list[Record]:
    whys = [
        Why(**{k: v for k, v in row.items() if k != "evidence"}, rank=float(n))
        for n, row in enumerate(rows, 1)
    ]
    evidence = [
        Evidence(f"{row['id']}:{moment}", row["id"], moment)
        for row in rows
        for moment in row.get("evidence", ())
    ]
    return [*whys, *evidence]


def _series(row: Row, zone: str) -> Series:
    start = _at(row["start"], zone).timestamp()
    points = tuple((start + i * row["step"], float(v)) for i, v in enumerate(row["values"]))
    return Series(row["id"], clean_text(row["name"]), row["unit"], points, source="demo")


def _dated(row: Row, meeting: date) -> Row:
    return {**row, "due": typed_date(row["due"], meeting)}


def _ranked(change: Change, n: int) -> Change:
    after = change.after
    return replace(
        change, after=replace(after, rank=float(n)) if isinstance(after, FollowUp) else after
    )


def _at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone)).astimezone(UTC)
