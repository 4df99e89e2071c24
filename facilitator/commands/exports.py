"""Commands that write an incident in another form, and read one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from facilitator.commands.freezing import markdown_report
from facilitator.commands.shared import open_library, open_session, warn, write_file
from facilitator.exchange.json_document import creating, export_json, import_json, is_altered
from facilitator.exchange.reading import read_source
from facilitator.exchange.timesketch import timesketch_lines
from facilitator.model.redact import redact
from facilitator.session import Session


def _ics(session: Session, at: datetime) -> str:
    from facilitator.exchange.calendar_file import calendar_text

    return calendar_text(redact(session.document), at)


# JSON holds everything, names too; what goes to outsiders says roles.
FORMATS: Final[dict[str, Callable[[Session, datetime], str]]] = {
    "json": lambda session, _at: export_json(session.document),
    "markdown": markdown_report,
    "timesketch": lambda session, _at: timesketch_lines(redact(session.document)),
    "ics": _ics,
}


@click.command()
@click.argument("incident")
@click.option("--format", "format_id", required=True, type=click.Choice(list(FORMATS)))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.pass_context
def export(ctx: click.Context, incident: str, format_id: str, output: Path) -> None:
    """Write INCIDENT in another form.

    json: everything, schema facilitator/export/1: an object with schema, digest (SHA-256 of the
    canonical JSON of the records) and records (by kind a list of objects; times ISO 8601 with
    offset). markdown: the report's text. timesketch: the timeline as JSON lines. ics: the
    meeting and the due dates. All but json say roles instead of names.
    """
    with open_library(ctx) as library, open_session(library, incident) as session:
        text = FORMATS[format_id](session, datetime.now(UTC))
    write_file(output, text.encode())
    click.echo(str(output))


@click.command("import-json")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def import_document(ctx: click.Context, file: Path) -> None:
    """Bring a JSON export back; print the incident's id (a new one if it is there already)."""
    source = read_source(file)
    document = import_json(source)
    if is_altered(source, document):
        warn(f"{file.name} was changed after it was exported.")
    with open_library(ctx, make=True) as library:
        taken = [summary.id for summary in library.incidents()]
        click.echo(library.create(creating(document, taken)))
