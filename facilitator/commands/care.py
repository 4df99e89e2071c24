"""Commands that look after the library, and the pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from facilitator.commands.shared import NOT_IN_ORDER, fail, fail_missing, library_path, open_library
from facilitator.session import Session
from facilitator.store.backups import listed
from facilitator.store.inspection import inspect
from facilitator.store.library import Library
from facilitator.store.library import repair as repair_library
from facilitator.store.problems import LibraryProblem

_MEETING: Final = datetime(2026, 6, 18, 22, 0, tzinfo=UTC)


@click.command()
@click.option("--repair", is_flag=True, help="Make it whole from what can be trusted.")
@click.pass_context
def check(ctx: click.Context, repair: bool) -> None:
    """Say whether the library is as it was written, down to a flipped bit in a text.

    Exit status 1 when something is wrong. Nothing is ever changed without --repair; with it, a
    whole library takes the place of the damaged one, which is kept beside it.
    """
    path = library_path(ctx).expanduser()
    if not path.exists():
        fail_missing(path)
    found = inspect(path)
    if found.is_clean:
        click.echo(f"In order: {found.incidents} incidents, {found.entries} journal entries.")
        return
    for problem in found.problems:
        click.echo(problem)
    if not repair:
        fail(f"{path} is not in order. “facilitator check --repair” mends a copy.", NOT_IN_ORDER)
    _repair(path)


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, output: Path) -> None:
    """Write a consistent, verified copy of the library."""
    if not output.expanduser().absolute().parent.is_dir():
        fail(f"There is no folder {output.parent}. Name another place.")
    with open_library(ctx) as library:
        library.backup(output)
    click.echo(str(output))


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="FOLDER")
def pictures(output: Path) -> None:
    """Take pictures of every screen with the demo incident, and of the report's pages."""
    from facilitator.app import take_pictures

    for picture in (*take_pictures(output), *_report_pages(output)):
        click.echo(str(picture))


def _report_pages(folder: Path) -> list[Path]:
    from facilitator.commands.freezing import final_report
    from facilitator.commands.pages import picture_pages
    from facilitator.demo.incident import demo_edit

    with TemporaryDirectory() as scratch:
        library = Library(Path(scratch) / "library.sqlite")
        try:
            session = Session(library, library.create(demo_edit(_MEETING)))
            pdf = final_report(session, _MEETING)
            session.close()
        finally:
            library.close()
    return picture_pages(pdf, folder)


def _repair(path: Path) -> None:
    try:
        done = repair_library(path)
    except LibraryProblem as problem:
        if problem.kind != "damaged":
            raise
        newest = next((f" The newest is {kept.path}." for kept in listed(path)), "")
        fail(f"{problem}{newest}", NOT_IN_ORDER)
    if done.kept is None:
        fail("Nothing in the file itself is damaged, so it was left as it is.", NOT_IN_ORDER)
    for note in done.notes:
        click.echo(note)
    click.echo(f"Repaired; incidents: {done.incidents}. The damaged file is kept as {done.kept}.")
