"""The formats that can be read, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facilitator.exchange.csv_moments import is_timesketch_csv, read_csv, read_timesketch_csv
from facilitator.exchange.imported import Imported, ImportProblem
from facilitator.exchange.metric_csv import is_metric_csv, read_metric_csv
from facilitator.exchange.reading import Source, named_source, read_source
from facilitator.exchange.timesketch import is_json, is_timesketch_jsonl, read_timesketch_jsonl
from facilitator.model.change import Refused
from facilitator.model.times import zone_of


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: how to tell it, and how to read it in a zone for times that have none."""

    id: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Source], bool]
    read: Callable[[Source, str], Imported]


def _is_table(source: Source) -> bool:
    return not is_json(source) and not _is_markup(source)


def _is_markup(source: Source) -> bool:
    return source.text.lstrip().startswith("<")


# A literal tuple, in the order in which they are tried: frozen builds do not find entry points.
IMPORTERS: Final = (
    Importer(
        "timesketch_jsonl",
        "Timesketch JSON lines",
        (".jsonl", ".ndjson", ".json"),
        is_timesketch_jsonl,
        read_timesketch_jsonl,
    ),
    Importer("timesketch_csv", "Timesketch CSV", (".csv",), is_timesketch_csv, read_timesketch_csv),
    Importer("metric_csv", "Metric CSV", (".csv", ".tsv"), is_metric_csv, read_metric_csv),
    Importer("csv", "CSV with a time column", (".csv", ".tsv", ".txt"), _is_table, read_csv),
)
FORMATS: Final = tuple(importer.id for importer in IMPORTERS)
SUFFIXES: Final = tuple(sorted({s for importer in IMPORTERS for s in importer.suffixes}))


def read_file(file: Path, zone: str, format_id: str = "") -> Imported:
    """What is in this file; times without a zone are read in `zone`.

    Raises ImportProblem with a sentence: which file, where in it, what to do.
    """
    return _read(read_source(file), zone, format_id)


def read_bytes(name: str, data: bytes, zone: str, format_id: str = "") -> Imported:
    """The same for bytes that came another way, such as by a drop, under the name to show."""
    return _read(named_source(name, data), zone, format_id)


def _read(source: Source, zone: str, format_id: str) -> Imported:
    try:
        zone_of(zone)
    except Refused as error:
        raise ImportProblem(str(error)) from error
    return _importer(source, format_id).read(source, zone)


def _importer(source: Source, format_id: str) -> Importer:
    if format_id:
        wanted = format_id.lower().replace("-", "_")
        for importer in IMPORTERS:
            if importer.id == wanted:
                return importer
        raise ImportProblem(f"“{format_id}” is no format. Known are: {', '.join(FORMATS)}.")
    for importer in IMPORTERS:
        if importer.sniff(source):
            return importer
    raise ImportProblem(
        f"{source.name} is {'XML or HTML' if _is_markup(source) else 'JSON'} of a kind that cannot"
        " be read yet. Timesketch JSON lines need “message” and “datetime” in each line; or save"
        " the data as CSV."
    )
