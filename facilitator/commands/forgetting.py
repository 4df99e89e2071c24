"""Commands that take something away for good: an incident, or words from an incident's past."""

from __future__ import annotations

import click

from facilitator.commands.shared import fail, incident_id, open_library, open_session

_backups = click.option("--backups", is_flag=True, help="From the backups of this library as well.")


@click.command()
@click.argument("incident")
@_backups
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def delete(ctx: click.Context, incident: str, *, backups: bool, yes: bool) -> None:
    """Remove INCIDENT from the library for good: records, journal, drafts, down to the bytes.

    Without --backups the backups still hold it. Files that were exported are not touched.
    """
    with open_library(ctx) as library:
        found = incident_id(library, incident)
        title = next(s.title for s in library.incidents() if s.id == found)
        where = "the library and its backups" if backups else "the library"
        if not yes and not click.confirm(f"Delete “{title}” from {where} for good?", err=True):
            fail("Nothing was deleted.")
        library.forget(found, backups_too=backups)
    click.echo(found)


@click.command()
@click.argument("incident")
@click.argument("words", nargs=-1, required=True)
@_backups
@click.pass_context
def forget(ctx: click.Context, incident: str, words: tuple[str, ...], *, backups: bool) -> None:
    """Take WORDS, such as a name, out of the past of INCIDENT for good.

    They must be gone from its present: change those places first. Undo begins anew. With
    --backups, backups in which one of the words stands are deleted.
    """
    if any(len(word.strip()) < 2 for word in words):
        fail("A word to forget needs two characters at least.")
    with open_library(ctx) as library, open_session(library, incident) as session:
        session.forget_words(words, backups_too=backups)
    click.echo(f"Forgotten: {len(words)} word{'s' if len(words) > 1 else ''}.")
