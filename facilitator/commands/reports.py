"""Commands for the report: write it, sign it, verify it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from facilitator.commands.proving import (
    proof_options,
    proofs_of,
    revocation_data,
    trusted_services,
)
from facilitator.commands.shared import (
    NOT_IN_ORDER,
    about,
    fail,
    library_path,
    open_library,
    open_session,
    read_bytes,
    warn,
    write_file,
)
from facilitator.commands.sharing import (
    check_share_options,
    replace_option,
    share_option,
    to_share,
)
from facilitator.commands.signing import FILE, Source, token_options
from facilitator.exporting import source_of
from facilitator.report.fields import ROLE_TITLES
from facilitator.settings import load_settings
from facilitator.store.problems import LibraryProblem


@click.command()
@click.argument("incident")
@click.option("--final", is_flag=True, help="Check the gates, freeze the revision, leave fields.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="FILE.pdf")
@share_option
@replace_option
@click.pass_context
def report(
    ctx: click.Context,
    incident: str,
    *,
    final: bool,
    output: Path,
    share_safe: bool,
    replacements: tuple[str, ...],
) -> None:
    """Write the report on INCIDENT: a draft, or with --final the one to sign.

    Exit status 1 when something still stands between the incident and a signature; it is listed.
    A revision that is final already is written once more, byte for byte.
    """
    from facilitator.commands.freezing import NotReady, draft_report, final_report
    from facilitator.commands.wording import rules_in_force

    check_share_options(replacements, share_safe=share_safe)
    if final and share_safe:
        fail("A share-safe copy is a draft: what is signed must be the whole. Leave --final out.")

    with open_library(ctx) as library, open_session(library, incident) as session:
        now = datetime.now(UTC)
        try:
            if final:
                # The packs of this library, as its window has them.
                pdf = final_report(session, now, rules_in_force(library.path))
            else:
                source = source_of(session, now)
                pdf = draft_report(to_share(source, replacements) if share_safe else source)
        except NotReady as problem:
            listed = "\n".join(f"  - {gap}" for gap in problem.gaps)
            fail(f"The report cannot be final yet:\n{listed}", NOT_IN_ORDER)
    write_file(output, pdf)
    click.echo(str(output))


@click.command()
@click.argument("file", type=FILE)
@click.option("--identity", type=FILE, default=None, help="An identity file or a .p12.")
@click.option("--passphrase-file", type=FILE, default=None, help="With --identity.")
@token_options
@click.option("--pin-file", type=FILE, default=None, help="With --pkcs11.")
@click.option("--role", required=True, type=click.Choice(list(ROLE_TITLES)))
@proof_options
@click.option("-o", "--output", type=FILE, default=None, help="Else in place.")
@click.pass_context
def sign(
    ctx: click.Context,
    file: Path,
    *,
    identity: Path | None,
    passphrase_file: Path | None,
    module: Path | None,
    token: str,
    key: str,
    pin_file: Path | None,
    role: str,
    timestamp_url: str | None,
    revocation: tuple[Path, ...],
    fetch: bool | None,
    output: Path | None,
) -> None:
    """Add one signature to the final report in FILE: with --identity, or a token and --pkcs11.

    Passphrase and PIN come from a file, are asked for, or are the first line of standard input.
    A PIN is tried once. The first signer certifies; the last required one locks. A library that
    froze this very report remembers the signature; the file alone is what counts. A timestamp
    service that does not answer keeps nobody from signing.
    """
    from facilitator.commands.remembering import remember
    from facilitator.report.verify import verify_pdf

    source = Source(identity, passphrase_file, module, token, key, pin_file)
    source.check()
    signed = source.sign(file, role, proofs_of(timestamp_url, revocation, fetch))
    write_file(output or file, signed)
    verdict = verify_pdf(signed)
    level = next((each.level for each in verdict.signatures if each.role == role), "")
    try:
        remember(library_path(ctx).expanduser(), verdict, role)
    except LibraryProblem as problem:
        warn(f"The report is signed; the library does not know of it yet. {problem}")
    click.echo(f"Signed as {ROLE_TITLES[role].lower()} ({level}): {output or file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A card of somebody you trust; may be given several times.",
)
@click.option(
    "--tsa-trust",
    multiple=True,
    type=FILE,
    help="Certificates of a timestamp service you trust, PEM; may be given several times.",
)
@click.option(
    "--revocation",
    multiple=True,
    type=FILE,
    help="A file with CRLs or OCSP responses to look at beside those in the report.",
)
@click.option("--json", "as_json", is_flag=True, help="The verdict as one JSON object.")
def verify(
    file: Path,
    *,
    trust: tuple[Path, ...],
    tsa_trust: tuple[Path, ...],
    revocation: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say who signed FILE, when, and whether anything changed since.

    With --json: verdict (good, incomplete, do-not-rely, broken), document, incident, revision,
    signatures (role, field, name, email, fingerprint, time, timestamp, timestamp_service,
    time_confirmed, level, intact, trust, certifies, locks, revoked, later, later_allowed,
    problems, remarks), missing (roles), sealed_at, archive_timestamps (time, service,
    confirmed), problems, remarks, sentences. Exit status 0 for good and incomplete, 1 for the
    others, 2 for what is no PDF.
    """
    from facilitator.report.identity import read_identity
    from facilitator.report.verify import verify_pdf

    pdf = read_bytes(file)
    cards = [read_bytes(card) for card in trust]
    for card, data in zip(trust, cards, strict=True):
        with about(card):
            read_identity(data)
    verdict = verify_pdf(
        pdf,
        cards,
        services=trusted_services(tsa_trust),
        revocation=revocation_data(revocation, load_settings()),
    )
    if as_json:
        click.echo(json.dumps(verdict.to_json(), ensure_ascii=False, indent=2))
    if not pdf.startswith(b"%PDF-"):
        fail(f"{file} is no PDF. Name a report made by Facilitator.")
    if not as_json:
        click.echo(f"{verdict.word}: {verdict.sentences[0]}")
        for sentence in verdict.sentences[1:]:
            click.echo(f"  {sentence}")
    if not verdict.holds:
        click.get_current_context().exit(NOT_IN_ORDER)
