"""Timesketch JSON lines, in and out: `datetime`, `message` and `timestamp_desc` in each line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from facilitator.exchange.building import MomentRows
from facilitator.exchange.imported import Imported, ImportProblem, listed
from facilitator.exchange.reading import Source
from facilitator.exchange.stamps import StampReader
from facilitator.model.codec import iso
from facilitator.model.document import Document
from facilitator.model.records import Moment

_LOOKED_AT: Final = 20
_EXTRAS: Final = ("lane", "key", "until", "precision")


def is_json(source: Source) -> bool:
    """Whether the text begins as JSON does."""
    return source.text.lstrip("\ufeff \t\n")[:1] in ("{", "[")


def is_timesketch_jsonl(source: Source) -> bool:
    """Whether one of the first lines is an object with a message and a time."""
    if not is_json(source):
        return False
    head = [line for line in source.lines[: _LOOKED_AT * 2] if line.strip()][:_LOOKED_AT]
    rows = [row for line in head if isinstance(row := parsed(line), dict)]
    return any("message" in row and ("datetime" in row or "timestamp" in row) for row in rows)


def read_timesketch_jsonl(source: Source, zone: str) -> Imported:
    """The lines as moments: `datetime` decides, `timestamp` only where there is none."""
    rows = list(_rows(source))
    broken = [line for line, row, _ in rows if row is None]
    whole = [(line, row, text) for line, row, text in rows if row is not None]
    if not any("message" in row for _, row, _ in whole):
        raise ImportProblem(
            f"{source.name} has no line with “message” and “datetime”, as Timesketch writes them."
            " Name those fields, or save the data as CSV."
        )
    reader = StampReader(zone, [stamp_of(row) for _, row, _ in whole])
    moments = MomentRows(source, reader, "signal")
    for line, row, text in whole:
        moments.add(line, stamp_of(row), text_of(row.get("message")), text, extras_of(row))
    warnings = []
    if broken:
        warnings.append(f"No JSON object: {listed(broken)} left out.")
    return moments.imported("timesketch_jsonl", warnings)


def parsed(line: str) -> Any:  # noqa: ANN401  (any JSON value)
    """The JSON value in a line, or None when there is none that can be read."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def stamp_of(row: Mapping[str, Any]) -> str:
    """The time of a row as written: `datetime` first, `timestamp` where there is none."""
    return text_of(row.get("datetime")).strip() or text_of(row.get("timestamp"))


def text_of(value: Any) -> str:  # noqa: ANN401  (any JSON value)
    """A JSON value as text: strings as they are, nothing for null."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def extras_of(row: Mapping[str, Any]) -> dict[str, str]:
    """What else a row may say of a moment."""
    return {name: value for name in _EXTRAS if isinstance(value := row.get(name), str)}


def timesketch_lines(document: Document) -> str:
    """The timeline as Timesketch JSON lines, in order of time; moments without a time stay out."""
    placed = [m for m in document.all(Moment) if m.at is not None]
    return "".join(f"{json.dumps(_line(m), ensure_ascii=False)}\n" for m in sorted(placed, key=_at))


def _at(moment: Moment) -> float:
    return moment.at.timestamp() if moment.at else 0.0


def _line(moment: Moment) -> dict[str, object]:
    found: dict[str, object] = {
        "message": moment.text,
        "datetime": iso(moment.at) if moment.at else "",
        "timestamp": round(_at(moment) * 1_000_000),
        "timestamp_desc": moment.key.replace("_", " ").capitalize() or "Event time",
        "lane": moment.lane,
        "precision": moment.precision,
    }
    if moment.key:
        found["key"] = moment.key
    if moment.until:
        found["until"] = iso(moment.until)
    return found


def _rows(source: Source) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    """Line number, object (None where there is none) and the line, for every line with words."""
    if source.text.lstrip().startswith("["):
        value = parsed(source.text)
        if not isinstance(value, list):
            raise ImportProblem(f"{source.name} begins as a JSON list and is no whole one.")
        for n, row in enumerate(value, 1):
            text = json.dumps(row, ensure_ascii=False)
            yield n, row if isinstance(row, dict) else None, text
        return
    for n, line in enumerate(source.lines, 1):
        if line.strip():
            row = parsed(line)
            yield n, row if isinstance(row, dict) else None, line
