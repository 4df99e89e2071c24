"""Commands for signing identities: make one, look at it, hand out its card, take it elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from facilitator.commands.shared import about, fail, passphrase, read_bytes, write_file
from facilitator.commands.signing import token_options
from facilitator.report.fields import ROLE_TITLES

FILE = click.Path(path_type=Path)


@click.group()
def identity() -> None:
    """Signing identities: one owner-only file for one person in one role."""


@identity.command("new")
@click.option("-o", "--output", required=True, type=FILE)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(list(ROLE_TITLES)))
@click.option("--email", default="")
@click.option("--passphrase-file", type=FILE, default=None, help="One final newline is left out.")
def new(output: Path, name: str, role: str, email: str, passphrase_file: Path | None) -> None:
    """Make an identity; asks for the passphrase (12 characters or more) when no file is given."""
    from facilitator.report.identity import create_identity, read_identity, write_private

    data = create_identity(name, role, email, passphrase(passphrase_file, confirm=True))
    try:
        write_private(output, data)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}. Name another place with -o.")
    click.echo(_fingerprint(read_identity(data).fingerprint))


@identity.command()
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Say whose identity or card FILE is, with its fingerprint."""
    from facilitator.report.identity import read_identity

    with about(file):
        who = read_identity(read_bytes(file))
    click.echo(f"Name: {who.name}")
    click.echo(f"Role: {ROLE_TITLES.get(who.role, who.role) or 'none named'}")
    click.echo(f"E-mail: {who.email or 'none named'}")
    click.echo(f"SHA-256 fingerprint: {_fingerprint(who.fingerprint)}")
    click.echo(f"Valid: {who.not_before:%Y-%m-%d} to {who.not_after:%Y-%m-%d}")


@identity.command("card")
@click.argument("file", type=FILE)
@click.option("-o", "--output", required=True, type=FILE)
def make_card(file: Path, output: Path) -> None:
    """Write the certificates to hand out and to trust; no secret is in them."""
    from facilitator.report.identity import card

    with about(file):
        handed_out = card(read_bytes(file))
    write_file(output, handed_out)
    click.echo(str(output))


@identity.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", required=True, type=FILE)
@click.option("--passphrase-file", type=FILE, default=None)
def export(file: Path, output: Path, passphrase_file: Path | None) -> None:
    """Write a PKCS#12 for other programs, under the same passphrase."""
    from facilitator.report.identity import export_p12, write_private

    secret = passphrase(passphrase_file)
    with about(file):
        data = export_p12(read_bytes(file), secret)
    write_private(output, data)
    click.echo(str(output))


@identity.command("token")
@token_options
@click.option("-o", "--output", type=FILE, default=None, help="CARD.pem, to hand out.")
def show_token(module: Path | None, token: str, key: str, output: Path | None) -> None:
    """Say which keys a card or token has for signing; with -o, write the card of one of them.

    Nobody is asked for a PIN: certificates are for all to read.
    """
    from facilitator.report.identity import card_of
    from facilitator.report.token import choose, describe, look

    if module is None:
        fail("Name the PKCS#11 module of the card or token with --pkcs11.")
    with about(module):
        found = look(module)
        if output or token or key:
            found = (choose(found, token, key),)
    if output:
        write_file(output, card_of([found[0].cert, *found[0].chain]))
    for each in found:
        click.echo(describe(each))
        click.echo(f"  SHA-256 fingerprint: {_fingerprint(each.identity.fingerprint)}")
        click.echo(
            f"  Valid: {each.identity.not_before:%Y-%m-%d} to {each.identity.not_after:%Y-%m-%d}"
        )
        if each.advice:
            click.echo(f"  {each.advice}")


def _fingerprint(digest: str) -> str:
    from facilitator.report.identity import fingerprint_text

    return fingerprint_text(digest)
