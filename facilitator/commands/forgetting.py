"""Commands that take something away for good: an incident, or words from incidents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from facilitator.commands.shared import fail, incident_id, open_library, warn
from facilitator.model.forgetting import Words, lines_without, words_of
from facilitator.settings import load_settings, save_settings
from facilitator.store import forgetting
from facilitator.store.copies import WORDS as KINDS
from facilitator.store.forgetting import Standing
from facilitator.store.reaching import Held, Reached

ALL: Final = "all"
NOT_REACHED: Final = (
    "Not reached: reports, exports and bundles that you saved or handed out, and copies that your"
    " system keeps (snapshots, a synchronised folder, blocks a solid-state disk has set aside)."
)

_backups = click.option(
    "--backups",
    is_flag=True,
    help="From backups as well, from replaced libraries and what never went into the library.",
)
_damaged = click.option(
    "--damaged",
    is_flag=True,
    help="Destroy copies that may hold it and cannot be edited; without it they are only named.",
)
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command()
@click.argument("incident")
@_backups
@_damaged
@_yes
@click.pass_context
def delete(ctx: click.Context, incident: str, *, backups: bool, damaged: bool, yes: bool) -> None:
    """Remove INCIDENT from the library for good: records, journal, drafts, down to the bytes.

    Without --backups the backups and other copies of the library still hold it. Damaged copies
    cannot be edited: --damaged overwrites and deletes those that may hold it. Files that were
    exported are not touched.
    """
    with open_library(ctx) as library:
        found = incident_id(library, incident)
        title = next(s.title for s in library.incidents() if s.id == found)
        _tell_copies(library.held(forgetting.of_incident(found)), backups, damaged)
        where = "the library and its copies" if backups else "the library"
        if not yes and not click.confirm(f"Delete “{title}” from {where} for good?", err=True):
            fail("Nothing was deleted.")
        _tell_reached(library.forget(found, backups_too=backups, damaged_too=damaged))
    click.echo(found)


@click.command()
@click.argument("incident")
@click.argument("words", nargs=-1, required=True)
@click.option("--instead", default="", help="What is said in their place; else “[removed]”.")
@click.option("--any-case", is_flag=True, help="Single words in any case, not only as spelled.")
@click.option("--inside", is_flag=True, help="Inside longer words too.")
@_backups
@_damaged
@click.option("--dry-run", is_flag=True, help="Only say where they stand.")
@_yes
@click.pass_context
def forget(
    ctx: click.Context,
    incident: str,
    words: tuple[str, ...],
    *,
    instead: str,
    any_case: bool,
    inside: bool,
    backups: bool,
    damaged: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Take WORDS, such as a name, out of INCIDENT and its past for good; undo begins anew.

    INCIDENT may be “all”. Several words in quotes are found in any case; a single one as it is
    spelled, in capitals, and in any case in handles and addresses. A report that is final and holds
    one is replaced by a new revision; what was signed stays recorded. Without --backups the backups
    and other copies of the library still hold them; copies that are damaged cannot be edited:
    --damaged overwrites and deletes those that may hold them. It cannot be undone.
    """
    wanted = words_of(words, instead, any_case=any_case, inside=inside)
    with open_library(ctx) as library:
        chosen = () if incident == ALL else (incident_id(library, incident),)
        _tell_standing([s for s in library.standing(wanted) if not chosen or s.incident in chosen])
        held = library.held(forgetting.of_words(wanted, chosen, library.now))
        _tell_copies(held, backups, damaged)
        warn(NOT_REACHED)
        if dry_run:
            return
        if not yes and not click.confirm("Forget them for good?", err=True):
            fail("Nothing was forgotten.")
        _, reached = library.forget_words(wanted, chosen, backups_too=backups, damaged_too=damaged)
        _tell_reached(reached)
    if backups:
        _forget_settings(wanted)
    click.echo(f"Forgotten: {len(wanted.words)} word{'s' if len(wanted.words) > 1 else ''}.")


def _forget_settings(words: Words) -> None:
    settings = load_settings()
    kept = lines_without(settings.share_words, words)
    if kept != settings.share_words:
        save_settings(settings.with_values(share_words=kept))
        click.echo("Taken out of the words that share-safe copies replace, too.")


def _tell_standing(standings: Iterable[Standing]) -> None:
    for each in standings:
        if each.problem:
            warn(f"{each.incident}: {each.problem}")
        elif each:
            click.echo(
                f"{each.incident}  {_count(each.fields, 'field')},"
                f" {_count(each.entries, 'past edit')},"
                f" {_count(each.drafts, 'uncommitted text')}  {each.title}"
            )
        if each.revision:
            warn(
                f"{each.incident}: revision {each.revision} is final, signed by {each.signed}; it"
                " will be replaced by a new one. The signed PDF stays valid and keeps the words."
            )
        if each.spelled:
            told = ", ".join(f"{word} ({count})" for word, count in each.spelled.items())
            warn(f"{each.incident}: stays, spelled otherwise (--any-case, --inside): {told}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _tell_copies(found: Iterable[Held], backups: bool, damaged: bool) -> None:
    for held in found:
        copy = f"{held.copy.at:%Y-%m-%d %H:%M} UTC  {KINDS[held.copy.kind]}: {held.copy.path}"
        if not held.problem:
            warn(f"{copy}{'' if backups else ' – keeps it without --backups'}")
        elif held.can_be_destroyed:
            goes = "is destroyed" if damaged else "keeps it without --damaged"
            warn(f"{copy} – {goes}. {held.problem}")
        else:
            warn(f"{copy} – {held.problem}")


def _tell_reached(reached: Reached) -> None:
    for copy in reached.destroyed:
        click.echo(f"Destroyed: {copy.path}")
    left = len(reached.left)
    if left:
        warn(f"{left} {'copy keeps' if left == 1 else 'copies keep'} it or may, as named above.")
