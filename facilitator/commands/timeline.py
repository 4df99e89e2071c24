"""Commands for the timeline: import files, and take in a feed while the war room runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from facilitator.commands.shared import (
    fail,
    incident_id,
    open_library,
    open_session,
    warn,
)
from facilitator.exchange.imported import (
    Imported,
    ImportProblem,
    import_edit,
    known_rows,
    with_warning,
)
from facilitator.exchange.registry import FORMATS, read_file
from facilitator.model.codec import iso
from facilitator.store.library import Library


@click.command("import")
@click.argument("incident")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_id", default="", help=f"One of {', '.join(FORMATS)}.")
@click.option("--zone", default="", help="Zone for times that have none; else the incident's.")
@click.option("--dry-run", is_flag=True, help="Read and report, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one for each file.")
@click.pass_context
def import_files(
    ctx: click.Context,
    incident: str,
    *,
    files: tuple[Path, ...],
    format_id: str,
    zone: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read FILES into the timeline of INCIDENT; all of them, or none when one is not in order.

    With --json each line has: file, format, events (moments and points of curves), moments,
    series, without_time, first, last (ISO 8601 with offset, or null), warnings (sentences),
    digest (SHA-256 of the file). A file that cannot be read has: file, error.
    """
    with open_library(ctx) as library:
        found = _read_all(library, incident_id(library, incident), files, format_id, zone)
        whole = [each for _, each in found if isinstance(each, Imported)]
        problems = [each for _, each in found if isinstance(each, ImportProblem)]
        if not problems and not dry_run:
            with open_session(library, incident) as session:
                session.do(import_edit(session.document, whole))
    for file, each in found:
        # One unreadable file keeps the others out too: nothing is told that did not happen.
        if as_json or dry_run or not problems:
            _tell(file, each, as_json)
    if problems:
        for problem in problems[:-1]:
            warn(f"Error: {problem}")
        fail(f"{problems[-1]}{' Nothing was imported, from no file.' if not dry_run else ''}")


def _read_all(
    library: Library, incident: str, files: tuple[Path, ...], format_id: str, zone: str
) -> list[tuple[Path, Imported | ImportProblem]]:
    document = library.document(incident)
    found: list[tuple[Path, Imported | ImportProblem]] = []
    for file in files:
        try:
            read = read_file(file, zone or document.incident.zone, format_id)
        except ImportProblem as problem:
            found.append((file, problem))
            continue
        known = known_rows(document, read)
        if known:
            read = with_warning(read, f"{known} of these are in the timeline already; left out.")
        found.append((file, read))
    return found


def _tell(file: Path, found: Imported | ImportProblem, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_plain(file, found), ensure_ascii=False))
        return
    if isinstance(found, ImportProblem):
        return
    span = f", {iso(found.first)} to {iso(found.last)}" if found.first and found.last else ""
    click.echo(f"{file.name}: {_counted(found.events)} as {found.format}{span}")
    for warning in found.warnings:
        warn(f"{file.name}: {warning}")


def _counted(events: int) -> str:
    return "1 event" if events == 1 else f"{events:,} events"


def _plain(file: Path, found: Imported | ImportProblem) -> dict[str, object]:
    if isinstance(found, ImportProblem):
        return {"file": str(file), "error": str(found)}
    return {
        "file": str(file),
        "format": found.format,
        "events": found.events,
        "moments": len(found.moments),
        "series": len(found.series),
        "without_time": sum(m.at is None for m in found.moments),
        "first": iso(found.first) if found.first else None,
        "last": iso(found.last) if found.last else None,
        "warnings": list(found.warnings),
        "digest": found.digest,
    }


@click.command("add-moments")
@click.argument("incident")
@click.pass_context
def add_moments(ctx: click.Context, incident: str) -> None:
    """Add each JSON line of standard input to INCIDENT as it arrives.

    Fields as in Timesketch: datetime (ISO 8601; without an offset it is read in the incident's
    zone), message, timestamp_desc; optional id, lane. Prints “saved ID” once that moment is on
    disk. A known id with equal content is printed again and not added twice. A bad line is named
    on standard error, and the rest go on; the exit status is then 2.
    """
    from facilitator.commands.feed import Feed

    bad = 0
    with open_library(ctx) as library, open_session(library, incident) as session:
        feed = Feed(session)
        for number, line in _lines():
            try:
                saved = feed.take(number, line)
            except ImportProblem as problem:
                bad += 1
                warn(f"Line {number}: {problem}")
                continue
            if saved:
                click.echo(f"saved {saved}")
                sys.stdout.flush()
        for warning in feed.warnings():
            warn(warning)
    if bad:
        fail(
            f"{bad} line{'s were' if bad > 1 else ' was'} left out. Mend and send again;"
            " what is saved stays once."
        )


def _lines() -> Iterator[tuple[int, bytes]]:
    yield from enumerate(iter(sys.stdin.buffer.readline, b""), 1)
