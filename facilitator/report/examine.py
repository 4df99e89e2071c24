"""One signature of a report, examined: the only place that talks to pyHanko's validator."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from facilitator.report import certificates
from facilitator.report.fields import CHAIN_KEY, ROLE_TITLES
from facilitator.report.identity import fingerprint_text, read_certificates
from facilitator.report.material import Material
from facilitator.report.revocation import Chain
from facilitator.report.stamps import service_of, stamp_in, time_of
from facilitator.report.standing import BASIC, LEEWAY, OTHER, Proof, service_revoked
from facilitator.report.strict import TIMESTAMP, spelling_problems
from facilitator.report.structure import entry, role_of_field
from facilitator.report.verdict import TRUSTED, UNKNOWN, UNTRUSTED, SignatureReport, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from asn1crypto import cms
    from pyhanko.sign.diff_analysis import DiffPolicy
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus, TimestampSignatureStatus

_LOOSE_FORM = "it is in a form that cannot be checked down to every byte."


@dataclass(frozen=True, slots=True)
class Pins:
    """The certificates a reader trusts: signers by fingerprint, and issuers."""

    signers: frozenset[str]
    issuers: tuple[x509.Certificate, ...]

    @property
    def given(self) -> bool:
        """Whether the reader named anybody at all."""
        return bool(self.signers or self.issuers)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a reader trusts, and what is known about revoked certificates."""

    pins: Pins
    services: tuple[x509.Certificate, ...]
    """Timestamp services, or who issued their certificates."""
    known: Material


def pins_of(cards: Sequence[bytes]) -> Pins:
    """What a set of cards asks to trust; a card with issuers only trusts all they issued."""
    signers: set[str] = set()
    issuers: list[x509.Certificate] = []
    for card in cards:
        certs = read_certificates(card)
        own = [cert for cert in certs if not certificates.is_ca(cert)]
        signers.update(certificates.fingerprint_of(cert) for cert in own)
        # The root on a person's card issued that person's certificate and no other.
        issuers += [] if own else certs
    return Pins(frozenset(signers), tuple(issuers))


def examine_signature(
    pdf: bytes, embedded: EmbeddedPdfSignature, trust: Trust, later: DiffPolicy, *, is_first: bool
) -> tuple[SignatureReport, Chain, Proof | None]:
    """What can be said about one signature; problems instead of exceptions for its contents.

    `later` judges what came after it.
    """
    cert = certificates.load_certificate(embedded.signer_cert)
    role = role_of_field(embedded.field_name)
    at = embedded.self_reported_timestamp
    stamp = stamp_in(embedded)
    status = asyncio.run(_status(embedded, trust, at, stamp, later))
    problems, foreign = _form_problems(pdf, embedded)
    problems += _integrity_problems(status)
    intact = not problems
    problems += foreign
    problems += _person_problems(cert, role, at)
    problems += _rule_problems(embedded, is_first=is_first)
    trusted = _trusted(cert, status, trust.pins)
    if trusted == UNTRUSTED:
        shown = fingerprint_text(certificates.fingerprint_of(cert)[:16])
        problems.append(f"The certificate {shown} is on none of the cards that were given.")
    title = ROLE_TITLES.get(role, embedded.field_name)
    proof, doubts = _proof(stamp, status.timestamp_validity, trust, embedded.signed_revision)
    report = SignatureReport(
        role=role,
        field=embedded.field_name,
        name=certificates.name_of(cert),
        email=certificates.email_of(cert),
        fingerprint=certificates.fingerprint_of(cert),
        at=at,
        stamp=proof.stamp if proof else None,
        sealed=None,
        level=BASIC if _is_pades(embedded) else OTHER,
        intact=intact,
        trust=trusted,
        certifies=_permission(embedded, "/DocMDP") is not None,
        locks=_locks_everything(embedded),
        later_is_allowed=_is_later_allowed(status),
        problems=tuple(f"{title}: {problem}" for problem in problems),
        remarks=tuple(f"{title}: {remark}" for remark in (*_remarks(embedded, at), *doubts)),
    )
    others = tuple(map(certificates.load_certificate, embedded.other_embedded_certs))
    return report, Chain(cert, others), proof


def examine_timestamp(
    pdf: bytes, embedded: EmbeddedPdfSignature, trust: Trust, later: DiffPolicy
) -> tuple[Proof | None, list[str], list[str]]:
    """What a service stated over the whole file, what is wrong with that, and what is doubtful."""
    stamp = embedded.signed_data
    context = _service_context(trust, stamp)
    status = asyncio.run(async_validate_pdf_timestamp(embedded, context, diff_policy=later))
    problems = []
    if not (status.intact and status.valid):
        problems.append("The archive timestamp does not fit the file.")
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        problems.append("The archive timestamp does not cover the whole file.")
    byte_range, contents = list(embedded.byte_range), embedded.pkcs7_content
    if any(spelling_problems(pdf, byte_range, contents, kind=TIMESTAMP)):
        problems.append(f"Archive timestamp: it was altered, or {_LOOSE_FORM}")
    proof, doubts = _proof(stamp, status, trust, embedded.signed_revision)
    return proof, problems, [f"Archive timestamp: {doubt}" for doubt in doubts]


def _proof(
    stamp: cms.SignedData | None,
    status: TimestampSignatureStatus | None,
    trust: Trust,
    revision: int,
) -> tuple[Proof | None, list[str]]:
    """A timestamp that holds, and what is to be said of its service."""
    if stamp is None or status is None or not (status.intact and status.valid):
        return None, []
    chain, at = service_of(stamp), time_of(stamp)
    revoked = service_revoked(chain, trust.known, at)
    is_known = bool(status.trusted) or chain.cert in trust.services
    found = Stamp(at, certificates.name_of(chain.cert), is_known and revoked is None)
    doubts = ["the certificate of its timestamp service was revoked."] if revoked else []
    return Proof(found, chain, revision), doubts


def _context(
    issuers: Sequence[x509.Certificate], trust: Trust, at: dt.datetime | None
) -> ValidationContext:
    """Trust in these issuers alone, at the time it was signed: a certificate may run out without
    unsigning anything.
    """
    roots, others = (
        [asn1_x509.Certificate.load(cert.public_bytes(Encoding.DER)) for cert in certs]
        for certs in (issuers, trust.known.certs)
    )
    return ValidationContext(
        trust_roots=roots,
        other_certs=others,
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )


def _service_context(trust: Trust, stamp: cms.SignedData) -> ValidationContext:
    return _context(trust.services, trust, time_of(stamp))


async def _status(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    at: dt.datetime | None,
    stamp: cms.SignedData | None,
    later: DiffPolicy,
) -> PdfSignatureStatus:
    usage = KeyUsageConstraints(
        key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
    )
    return await async_validate_pdf_signature(
        embedded,
        _context(trust.pins.issuers, trust, at),
        _service_context(trust, stamp) if stamp is not None else None,
        diff_policy=later,
        key_usage_settings=usage,
    )


def _form_problems(pdf: bytes, embedded: EmbeddedPdfSignature) -> tuple[list[str], list[str]]:
    """What was altered in the digits of one of our signatures; or that it is none of ours."""
    chain = _stated_chain(embedded)
    byte_range, contents = list(embedded.byte_range), embedded.pkcs7_content
    found = list(spelling_problems(pdf, byte_range, contents, chain))
    if chain is not None or not found:
        return found, []
    return [], [f"It was made with another program; {_LOOSE_FORM}"]


def _integrity_problems(status: PdfSignatureStatus) -> Iterator[str]:
    if not status.intact:
        yield "What was signed is not what is in the file now; bytes were altered."
    elif not status.valid:
        yield "The signature was not made with the key of its certificate, or was altered."
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "The signature leaves out a part of the file."
    elif not _is_later_allowed(status):
        yield "After this signature something was changed that may not change."
    stamp = status.timestamp_validity
    if stamp and not (stamp.intact and stamp.valid):
        yield "The timestamp in the signature does not fit it."


def _is_later_allowed(status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    return bool(status.docmdp_ok) and level <= ModificationLevel.FORM_FILLING


def _person_problems(cert: x509.Certificate, role: str, at: dt.datetime | None) -> Iterator[str]:
    made_for = certificates.role_of(cert)
    if made_for in ROLE_TITLES and made_for != role:
        yield f"The certificate was made out for the {ROLE_TITLES[made_for].lower()}."
    if at is None:
        yield "The signature does not say when it was made."


def _rule_problems(embedded: EmbeddedPdfSignature, *, is_first: bool) -> Iterator[str]:
    permission = _permission(embedded, "/DocMDP")
    if is_first and permission not in (MDPPerm.NO_CHANGES.value, MDPPerm.FILL_FORMS.value):
        yield "The first signature does not fix what may be done to the report."
    if not is_first and permission is not None:
        yield "A later signature claims to be the first."


def _remarks(embedded: EmbeddedPdfSignature, at: dt.datetime | None) -> Iterator[str]:
    if _stated_chain(embedded) is None:
        yield "it was made with another program than Facilitator."
    if at and at > dt.datetime.now(dt.UTC) + LEEWAY:
        yield "the time of the signature is still to come; a clock was wrong."


def _trusted(cert: x509.Certificate, status: PdfSignatureStatus, pins: Pins) -> str:
    if not pins.given:
        return UNKNOWN
    if certificates.fingerprint_of(cert) in pins.signers or status.trusted:
        return TRUSTED
    return UNTRUSTED


def _is_pades(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the signature is of the kind that has levels (EN 319 142-1, clause 6.3)."""
    attributes = {each["type"].native for each in embedded.signer_info["signed_attrs"]}
    return (
        entry(embedded.sig_object, "/SubFilter") == "/ETSI.CAdES.detached"
        and "signing_certificate_v2" in attributes
    )


def _stated_chain(embedded: EmbeddedPdfSignature) -> bytes | None:
    stated = entry(embedded.sig_object, CHAIN_KEY)
    return None if stated is None else bytes(stated.original_bytes)


def _reference(embedded: EmbeddedPdfSignature, method: str) -> Any:  # noqa: ANN401
    for reference in entry(embedded.sig_object, "/Reference") or ():
        if entry(reference, "/TransformMethod") == method:
            return reference["/TransformParams"]
    return None


def _permission(embedded: EmbeddedPdfSignature, method: str) -> int | None:
    found = _reference(embedded, method)
    return None if found is None else int(found["/P"])


def _locks_everything(embedded: EmbeddedPdfSignature) -> bool:
    found = _reference(embedded, "/FieldMDP")
    return found is not None and entry(found, "/Action") == "/All"
