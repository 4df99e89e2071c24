"""Timestamps and revocation data on the command line; what is not said comes from the settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from facilitator.commands.shared import about, fail, read_bytes, warn, write_file
from facilitator.report.errors import TimestampFailed
from facilitator.report.proofs import Proofs, check_address
from facilitator.settings import Settings, load_settings

FILE: Final = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--revocation",
        type=FILE,
        multiple=True,
        help="A file with CRLs, OCSP responses or certificates; may be given several times.",
    ),
    click.option(
        "--ask-revocation/--no-ask-revocation",
        "fetch",
        default=None,
        help="Ask the places that certificates name whether they were revoked.",
    ),
    click.option(
        "--timestamp-url",
        default=None,
        help="An RFC 3161 service, which is sent a hash; “” for none. Else the one in Settings.",
    ),
)


def proof_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --timestamp-url, --revocation and --ask-revocation."""
    for option in _OPTIONS:
        command = option(command)
    return command


def proofs_of(url: str | None, files: tuple[Path, ...], fetch: bool | None) -> Proofs:
    """What the options ask to bring along, and the settings where an option is left out."""
    chosen = load_settings()
    url = chosen.timestamp_url if url is None else url
    return Proofs(
        timestamp_url=check_address(url) if url.strip() else "",
        files=revocation_data(files, chosen),
        fetch=chosen.revocation_fetch if fetch is None else fetch,
    )


def revocation_data(files: tuple[Path, ...], chosen: Settings) -> tuple[bytes, ...]:
    """The contents of these files and those of the settings, all of them of use."""
    from facilitator.report.material import read_files

    found = []
    for file in (*files, *chosen.files_of("revocation_files")):
        data = read_bytes(file)
        with about(file):
            read_files([data])
        found.append(data)
    return tuple(found)


def trusted_services(files: tuple[Path, ...]) -> tuple[bytes, ...]:
    """The certificates of timestamp services to trust, from these files and the settings."""
    from facilitator.report.identity import read_certificates

    found = []
    for file in (*files, *load_settings().files_of("timestamp_trust")):
        data = read_bytes(file)
        with about(file):
            read_certificates(data)
        found.append(data)
    return tuple(found)


def or_without_timestamp(proofs: Proofs, work: Callable[[Proofs], bytes]) -> bytes:
    """Do the work; when the timestamp service does not serve, say so and do it without one.

    Somebody at a terminal is asked first, unless the settings say that they need not be.
    """
    try:
        return work(proofs)
    except TimestampFailed as problem:
        warn(problem.sentence)
    may_ask = sys.stdin.isatty() and not load_settings().sign_without_timestamp
    if may_ask and not click.confirm("Sign without a timestamp?", default=True, err=True):
        fail("Nothing was signed.")
    warn("It is signed without a timestamp. “facilitator timestamp” adds one when all have signed.")
    return work(replace(proofs, timestamp_url=""))


@click.command()
@click.argument("file", type=FILE)
@proof_options
@click.option("-o", "--output", type=FILE, default=None, help="Else in place.")
def timestamp(
    file: Path,
    *,
    timestamp_url: str | None,
    revocation: tuple[Path, ...],
    fetch: bool | None,
    output: Path | None,
) -> None:
    """Add an archive timestamp to the signed report in FILE.

    It shows that all signatures so far were there at that time, and breaks none of them. With
    revocation data, from files or asked for, the signatures can still be checked in many years.
    """
    from facilitator.report.sign import add_timestamp

    proofs = proofs_of(timestamp_url, revocation, fetch)
    if not proofs.timestamp_url:
        fail("Name a timestamp service with --timestamp-url, or in the window's Settings.")
    with about(file):
        stamped = add_timestamp(read_bytes(file), proofs, warn)
    write_file(output or file, stamped)
    click.echo(f"Archive timestamp added: {output or file}")
