"""Signing a final report: bytes in, the same bytes with one more revision out."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial
from typing import TYPE_CHECKING

from facilitator.report import identity as identities
from facilitator.report.errors import BadIdentity, SigningRefused, reading_a_stranger
from facilitator.report.fields import (
    ROLE_TITLES,
    SIGNATURE_FIELDS,
    DocumentFacts,
    read_attachment,
    read_facts,
)
from facilitator.report.proofs import NO_PROOFS, Proofs
from facilitator.report.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from facilitator.report.identity import Identity, Signatory
    from facilitator.report.ink import Ink
    from facilitator.report.reading import Reader

    Tell = Callable[[str], object]


def _keep_quiet(_sentence: str) -> None:
    """Tell nobody."""


def sign_pdf(
    pdf: bytes,
    identity: bytes,
    passphrase: str,
    role: str,
    *,
    when: dt.datetime | None = None,
    proofs: Proofs = NO_PROOFS,
    reason: str | None = None,
    ink: Ink | None = None,
    tell: Tell = _keep_quiet,
) -> bytes:
    """The report with this person's signature added; the input's bytes all stay as they are.

    The first signature certifies, the last required one locks. `when` is aware and is printed
    with its own offset (now and the local offset if left out). `ink` is a mark that the person
    drew; it stands in the seal and proves nothing. What of the `proofs` cannot be
    had is told in sentences, and the report is signed; TimestampFailed is raised when the
    timestamp service does not serve. Raises a ReportError, with nothing signed, when the report,
    the role, the identity or the passphrase is not in order.
    """
    _check_role_of(identity, role)
    return sign_as(
        pdf,
        partial(identities.unlock, identity, passphrase),
        role,
        when=when,
        proofs=proofs,
        reason=reason,
        ink=ink,
        tell=tell,
    )


def sign_as(
    pdf: bytes,
    open_key: Callable[[], Signatory],
    role: str,
    *,
    when: dt.datetime | None = None,
    proofs: Proofs = NO_PROOFS,
    reason: str | None = None,
    ink: Ink | None = None,
    tell: Tell = _keep_quiet,
) -> bytes:
    """`sign_pdf` with a key from anywhere: `open_key` is called once the report is in order.

    The key is used after every other check, so that no PIN is spent on a report not in order.
    """
    from facilitator.report import pades
    from facilitator.report.bringing import bringing_along

    _check_known(role)
    with pades.open_reader(pdf) as reader:
        facts, taken = _state(reader)
        _check_turn(facts, taken, role)
        _refuse_unless_intact(pdf, reader)
        bringing = bringing_along(proofs)
        opened = open_key()
        _check_role(opened.identity, role)
        at = when or dt.datetime.now(dt.UTC).astimezone()
        _check_validity(opened, at)
        plan = pades.Plan(
            field=SIGNATURE_FIELDS[role],
            seal=Seal(role, opened.identity.name, at, opened.identity.fingerprint, ink),
            reason=reason or f"Approved as {ROLE_TITLES[role].lower()}",
            certifies=not taken,
            locks=set(facts.roles) <= {*taken, role},
        )
        writer = pades.writer_over(reader)
        material = bringing.for_signer(writer, opened, at, tell)
        return pades.embed_signature(writer, opened, plan, bringing.service, material)


def add_timestamp(pdf: bytes, proofs: Proofs, tell: Tell = _keep_quiet) -> bytes:
    """The report with an archive timestamp over everything in it so far.

    With it comes what shows that none of the certificates was revoked; what of that cannot be
    had is told. Raises TimestampFailed, or SigningRefused for a report that is not in order.
    """
    from facilitator.report import pades
    from facilitator.report.bringing import bringing_along

    with pades.open_reader(pdf) as reader:
        if not _state(reader)[1]:
            raise SigningRefused("Nobody has signed this report yet; a timestamp comes after that.")
        _refuse_unless_intact(pdf, reader)
        bringing = bringing_along(proofs)
        if bringing.service is None:
            raise SigningRefused("No timestamp service is named.")
        writer = pades.writer_over(reader)
        return pades.embed_timestamp(writer, bringing.service, bringing.for_all(writer, tell))


def roles_to_sign(pdf: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that still have to sign a final report, and those that have signed it."""
    from facilitator.report import pades

    with pades.open_reader(pdf) as reader:
        facts, taken = _state(reader)
    return (
        tuple(role for role in facts.roles if role not in taken),
        tuple(role for role in facts.roles if role in taken),
    )


def _check_role_of(identity: bytes, role: str) -> None:
    """Refuse the wrong role before the passphrase is tried, where the file tells."""
    _check_known(role)
    if not identities.is_p12(identity):
        _check_role(identities.read_identity(identity), role)


def _check_known(role: str) -> None:
    if role not in SIGNATURE_FIELDS:
        raise SigningRefused(f"Nobody signs as {role!r}. Roles: {', '.join(SIGNATURE_FIELDS)}.")


def _check_role(who: Identity, role: str) -> None:
    # A company's certificate may hold a title of another kind, which says nothing here.
    if who.role in ROLE_TITLES and who.role != role:
        made_for = ROLE_TITLES[who.role].lower()
        raise SigningRefused(
            f"This identity is {who.name}'s as {made_for}; it cannot sign as "
            f"{ROLE_TITLES[role].lower()}."
        )


def _state(reader: Reader) -> tuple[DocumentFacts, tuple[str, ...]]:
    """What a final report says about itself, and the roles that signed it."""
    with reading_a_stranger():
        return _signable(reader), _signed_roles(reader)


def _signable(reader: Reader) -> DocumentFacts:
    facts, attachment = read_facts(reader), read_attachment(reader)
    if facts is None:
        raise SigningRefused("This PDF is not a report made by Facilitator.")
    if facts.is_draft:
        raise SigningRefused("This is a draft, which nobody can sign. Make the final report first.")
    if attachment is None or hashlib.sha256(attachment).hexdigest() != facts.sha256:
        raise SigningRefused("The incident attached to this report is not the one it was made of.")
    return facts


def _signed_roles(reader: Reader) -> tuple[str, ...]:
    from pyhanko.sign.fields import enumerate_sig_fields

    filled = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)}
    return tuple(role for role, field in SIGNATURE_FIELDS.items() if field in filled)


def _check_turn(facts: DocumentFacts, taken: tuple[str, ...], role: str) -> None:
    title = ROLE_TITLES[role].lower()
    if role not in facts.roles:
        raise SigningRefused(f"This report does not ask for a signature of the {title}.")
    if role in taken:
        raise SigningRefused(f"The {title} has signed this report already.")


def _refuse_unless_intact(pdf: bytes, reader: Reader) -> None:
    """Nobody should put a name under a report that was altered after it was made."""
    from facilitator.report.verify import verify_pdf, was_intact

    if was_intact(pdf):
        return
    verdict = verify_pdf(pdf, opened=reader)
    if not verdict.holds:
        raise SigningRefused(
            f"This report is not as it was made, so do not sign it. {verdict.problems[0]}"
        )


def _check_validity(opened: Signatory, at: dt.datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("a signing time needs an offset")
    who = opened.identity
    if not who.not_before <= at <= who.not_after:
        raise BadIdentity(
            f"This identity is valid from {who.not_before:%Y-%m-%d} to {who.not_after:%Y-%m-%d}, "
            f"not on {at:%Y-%m-%d}."
        )
