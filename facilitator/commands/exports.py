"""Commands that write an incident in another form, and read one back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from facilitator.commands.shared import (
    fail,
    open_library,
    open_session,
    passphrase,
    warn,
    write_file,
)
from facilitator.commands.sharing import (
    check_share_options,
    replace_option,
    share_option,
    to_share,
)
from facilitator.exchange.json_document import (
    checked,
    creating,
    import_json,
    is_altered,
)
from facilitator.exchange.reading import read_source
from facilitator.exporting import FORMS, form_of, source_of
from facilitator.store import bundle
from facilitator.store.sealing import check_passphrase

BUNDLE: Final = "bundle"
_KINDS: Final = (*(form.id for form in FORMS), BUNDLE)


@click.command()
@click.argument("incident")
@click.option(
    "--format",
    "format_id",
    required=True,
    type=click.Choice(_KINDS),
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    default=None,
    help="Seal a bundle with the passphrase in this file; FILE.pmroom.age asks for one without.",
)
@share_option
@replace_option
@click.pass_context
def export(
    ctx: click.Context,
    incident: str,
    *,
    format_id: str,
    output: Path,
    passphrase_file: Path | None,
    share_safe: bool,
    replacements: tuple[str, ...],
) -> None:
    """Write INCIDENT in another form.

    json: everything, schema facilitator/export/1: an object with schema, digest (SHA-256 of the
    canonical JSON of the records) and records (by kind a list of objects; times ISO 8601 with
    offset). markdown: the report's text. html: the report as one page without script or link.
    timesketch: the timeline as JSON lines. ics: the meeting and the due dates. bundle: everything
    in one file that another Facilitator opens, FILE.pmroom, or FILE.pmroom.age under a
    passphrase. All but json and bundle say roles instead of names; with --share-safe these do too.
    """
    check_share_options(replacements, share_safe=share_safe)
    if format_id != BUNDLE and passphrase_file is not None:
        fail("Only a bundle can have a passphrase: --format bundle.")
    secret = _secret(output, passphrase_file) if format_id == BUNDLE else ""
    with open_library(ctx) as library, open_session(library, incident) as session:
        source = source_of(session, datetime.now(UTC))
    if share_safe:
        source = to_share(source, replacements)
    if format_id == BUNDLE:
        bundle.write_bundle(output, source.document, source.made, secret)
    else:
        write_file(output, form_of(format_id).text(source).encode())
    click.echo(str(output))


def _secret(output: Path, passphrase_file: Path | None) -> str:
    bundle.check_may_replace(output)
    if passphrase_file is None and not output.name.lower().endswith(".age"):
        return ""
    said = passphrase(passphrase_file, confirm=True)
    check_passphrase(said)
    return said


@click.command("open-bundle")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=click.Path(path_type=Path), default=None)
@click.pass_context
def open_bundle(ctx: click.Context, file: Path, passphrase_file: Path | None) -> None:
    """Bring the incident in a bundle into the library; print its id (a new one if it is taken).

    A sealed one asks for its passphrase unless a file with it is named.
    """
    secret = passphrase(passphrase_file) if bundle.is_sealed(file) else ""
    document = checked(bundle.read_bundle(file, secret), file.name)
    with open_library(ctx, make=True) as library:
        taken = [summary.id for summary in library.incidents()]
        click.echo(library.create(creating(document, taken)))


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
