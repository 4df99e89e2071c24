"""Commands for incidents: list them, begin one, bring in the demo, open the window."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import click

from facilitator import paths
from facilitator.commands.shared import fail, incident_id, library_path, open_library, warn
from facilitator.model.change import Refused
from facilitator.model.clean import was_cleaned
from facilitator.model.codec import iso
from facilitator.model.edits.incident import new_incident
from facilitator.model.records import SEVERITIES
from facilitator.model.templates import read_template, template_file
from facilitator.model.times import zone_of
from facilitator.store.summaries import Summary


@click.command("open")
@click.argument("incident", required=False, default="")
@click.option(
    "--read-only", is_flag=True, help="Only look at it: its newest backup while it is in use."
)
@click.pass_context
def open_window(ctx: click.Context, incident: str, read_only: bool) -> None:
    """Open the window, on INCIDENT if one is named."""
    start_window(ctx, incident, read_only=read_only)


def start_window(ctx: click.Context, incident: str, *, read_only: bool = False) -> None:
    """Open the window and end with its exit status."""
    if incident and not read_only:
        with open_library(ctx) as library:
            incident = incident_id(library, incident)
    if _has_no_display():
        fail(
            "There is no display to open a window on. Every other command works without one;"
            " “facilitator --help” lists them."
        )
    try:
        from facilitator.app import run
    except ImportError as error:
        fail(f"The window cannot start: {error}. Install what is missing, then try again.")
    ctx.exit(run(library_path(ctx), incident, read_only=read_only))


def _has_no_display() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in named)


@click.command()
@click.option("--no-window", is_flag=True, help="Only put it into the library.")
@click.pass_context
def demo(ctx: click.Context, no_window: bool) -> None:
    """Put a fresh copy of the demo incident into the library and open it; print its id."""
    from facilitator.demo.incident import demo_edit

    with open_library(ctx, make=True) as library:
        incident = library.create(demo_edit(datetime.now(UTC)))
    click.echo(incident)
    if not no_window:
        start_window(ctx, incident)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object an incident.")
@click.pass_context
def incidents(ctx: click.Context, as_json: bool) -> None:
    """List the incidents, oldest first.

    With --json each has: id, title, severity, started_at, resolved_at, created_at, changed_at
    (ISO 8601 with offset, or null), state (planned, running, held, final, signed),
    open_actions (a number), sample (whether it is the demo).
    """
    with open_library(ctx) as library:
        found = library.incidents()
    if as_json:
        click.echo(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        started = iso(each.started_at) if each.started_at else "-"
        resolved = iso(each.resolved_at) if each.resolved_at else "-"
        click.echo(
            f"{each.id}  {each.severity or '--'}  {each.state:8}  {started} to {resolved}"
            f"  {each.open_actions} open  {each.title}"
        )


@click.command()
@click.option("--title", required=True, help="What broke, for whom.")
@click.option("--severity", type=click.Choice(SEVERITIES), default=None)
@click.option("--reason", default="", help="Why; a P3 needs one.")
@click.option("--zone", default="UTC", help="IANA name, such as Pacific/Auckland.")
@click.option("--started", default="", help="When impact began: ISO 8601.")
@click.option("--resolved", default="", help="When it ended: ISO 8601.")
@click.pass_context
def new(
    ctx: click.Context,
    *,
    title: str,
    severity: str | None,
    reason: str,
    zone: str,
    started: str,
    resolved: str,
) -> None:
    """Begin an incident; print its id. Times without an offset are read in --zone."""
    values: dict[str, Any] = {"severity": severity or "", "reason": reason, "zone": zone}
    values["started_at"] = _time(started, zone, "--started")
    values["resolved_at"] = _time(resolved, zone, "--resolved")
    if was_cleaned(title) or was_cleaned(reason):
        warn("Control characters were taken out of the title or the reason.")
    topics = read_template(template_file(paths.resources())).topics
    edit = new_incident(title, topics, datetime.now(UTC), **values)
    with open_library(ctx, make=True) as library:
        click.echo(library.create(edit))


def _time(text: str, zone: str, option: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone_of(zone))
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(
            f"{option}: “{text}” is no time. Write 2026-06-18T18:14 or 2026-06-18T18:14+12:00."
        ) from error


def _plain(each: Summary) -> dict[str, object]:
    return {
        "id": each.id,
        "title": each.title,
        "severity": each.severity,
        "started_at": iso(each.started_at) if each.started_at else None,
        "resolved_at": iso(each.resolved_at) if each.resolved_at else None,
        "created_at": iso(each.created_at),
        "changed_at": iso(each.changed_at),
        "state": each.state,
        "open_actions": each.open_actions,
        "sample": each.sample,
    }
