"""The command line: the same work as in the window, for scripts and checks; no display needed."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

import click

from facilitator import __version__
from facilitator.commands import (
    care,
    exports,
    forgetting,
    identities,
    incidents,
    proving,
    reports,
    shared,
    timeline,
    wording,
)
from facilitator.paths import LIBRARY_VARIABLE


@click.group(cls=shared.Group, invoke_without_command=True)
@click.version_option(__version__, prog_name="facilitator")
@click.option(
    "--library",
    # No path for click: it would ask the disk for it, with no window to say that it hangs.
    metavar="PATH",
    envvar=LIBRARY_VARIABLE,
    help="The library's file; else the one in the data folder.",
)
@click.pass_context
def cli(ctx: click.Context, library: str | None) -> None:
    """Lead a blameless post-mortem, offline, to a signed report. Without a command: the window.

    INCIDENT is an id as printed by "incidents", or "last". Exit status: 0 done; 1 the thing
    checked is not in order; 2 wrong use or bad input. Times are ISO 8601 with offset; without
    one they are read in the incident's zone.
    """
    if ctx.invoked_subcommand is None:
        incidents.start_window(ctx, "")


for _command in (
    incidents.open_window,
    incidents.demo,
    incidents.incidents,
    incidents.new,
    timeline.import_files,
    timeline.add_moments,
    wording.language,
    reports.report,
    identities.identity,
    reports.sign,
    reports.verify,
    proving.timestamp,
    exports.export,
    exports.open_bundle,
    exports.import_document,
    care.check,
    care.backup,
    forgetting.delete,
    forgetting.forget,
    care.pictures,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line as its own program."""
    # Whatever is written is for its owner alone until they give it to somebody.
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A pipe's encoding is the system's; what a script reads is to be the same everywhere.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    cli(prog_name="facilitator")


def _end(number: int, _frame: FrameType | None) -> None:
    """End as after an error: whatever is open is closed in order first."""
    sys.exit(128 + number)
