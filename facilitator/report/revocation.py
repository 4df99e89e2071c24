"""Whether a certificate was revoked, from the lists and answers at hand; nobody is asked here.

A statement counts when the certificate's issuer signed it, or a responder whom the issuer made
one (RFC 5280, section 6.3; RFC 6960, section 4.2.2.2). Lists that leave something out (of other
issuers, deltas, some reasons only) count for nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from facilitator.report import certificates
from facilitator.report.material import NOTHING, Material

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

GOOD, REVOKED, UNKNOWN = "good", "revoked", "unknown"
# An answer without a time to ask again is good for a day.
_SHORT: Final = dt.timedelta(days=1)
_BROKEN_HASHES: Final = (hashes.MD5, hashes.SHA1)
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, NotImplementedError)
_REASONS: Final = {
    "keyCompromise": "its key was in other hands",
    "cACompromise": "its issuer's key was in other hands",
    "affiliationChanged": "the person's affiliation changed",
    "superseded": "another certificate replaced it",
    "cessationOfOperation": "it is no longer used",
    "certificateHold": "it was put on hold",
    "privilegeWithdrawn": "its rights were withdrawn",
}
_HOLD: Final = "certificateHold"


@dataclass(frozen=True, slots=True)
class Chain:
    """A certificate whose standing is asked about, with those it came with."""

    cert: x509.Certificate
    others: tuple[x509.Certificate, ...]
    is_service: bool = False
    """It is a timestamp service's, not a person's."""

    @property
    def whose(self) -> str:
        """Whose certificate it is, for a sentence."""
        of = "the timestamp service " if self.is_service else ""
        return f"{of}{certificates.name_of(self.cert)}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an issuer said of one certificate; all times are aware."""

    made_at: dt.datetime
    until: dt.datetime
    """When the next statement was to come."""
    revoked_at: dt.datetime | None
    reason: str
    source: Material
    """The response or list itself."""


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands with a certificate: good, revoked or unknown."""

    word: str
    revoked_at: dt.datetime | None = None
    reason: str = ""
    """Why it was revoked, in words; empty when nobody says."""
    proof: Material = NOTHING
    """What shows that it was good."""


def status_of(
    cert: x509.Certificate, issuer: x509.Certificate, material: Material, at: dt.datetime
) -> Status:
    """Whether this issuer had revoked the certificate, asked about the time `at` (aware).

    A revocation is told whenever it happened: what was signed before it may still hold.
    """
    found = [*_answers(cert, issuer, material), *_listings(cert, issuer, material)]
    calm = [each for each in found if each.revoked_at is None]
    newest = max((each.made_at for each in calm), default=None)
    for each in sorted(found, key=lambda said: said.revoked_at or said.made_at):
        lifted = each.reason == _HOLD and newest is not None and newest > each.made_at
        if each.revoked_at is not None and not lifted:
            return Status(REVOKED, each.revoked_at, _REASONS.get(each.reason, ""))
    usable = [each for each in calm if at <= each.made_at or at <= each.until]
    if not usable:
        return Status(UNKNOWN)
    return Status(GOOD, proof=max(usable, key=lambda said: said.made_at).source)


def revoked_sentence(whose: str, status: Status) -> str:
    """That a certificate was revoked, when and why."""
    on = f" on {status.revoked_at:%Y-%m-%d}" if status.revoked_at else ""
    why = f": {status.reason}" if status.reason else ""
    return f"The certificate of {whose} was revoked{on}{why}."


def pairs_of(
    cert: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[list[tuple[x509.Certificate, x509.Certificate]], bool]:
    """A certificate and those above it, each with its issuer; and whether a root ends them."""
    chain = [cert, *certificates.chain_above(cert, others)]
    return list(pairwise(chain)), chain[-1].issuer == chain[-1].subject


def names_places(cert: x509.Certificate) -> bool:
    """Whether a certificate says where one may ask if it was revoked."""
    return bool(ocsp_places(cert) or crl_places(cert))


def ocsp_places(cert: x509.Certificate) -> list[str]:
    """Addresses of responders that a certificate names, http only."""
    try:
        found = cert.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    ocsp_oid = x509.oid.AuthorityInformationAccessOID.OCSP
    return _addresses(each.access_location for each in found if each.access_method == ocsp_oid)


def crl_places(cert: x509.Certificate) -> list[str]:
    """Addresses of lists that a certificate names, http only."""
    try:
        points = cert.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _addresses(name for point in points for name in point.full_name or ())


def _addresses(names: Iterator[x509.GeneralName]) -> list[str]:
    texts = [str(name.value) for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return [text for text in texts if text.lower().startswith(("http://", "https://"))]


# --- answers (OCSP)


def _answers(
    cert: x509.Certificate, issuer: x509.Certificate, material: Material
) -> Iterator[Statement]:
    for data in material.ocsps:
        try:
            yield from _answer(cert, issuer, material.certs, data)
        except _UNREADABLE:
            continue


def _answer(
    cert: x509.Certificate,
    issuer: x509.Certificate,
    others: Sequence[x509.Certificate],
    data: bytes,
) -> Iterator[Statement]:
    response = ocsp.load_der_ocsp_response(data)
    if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        return
    about = [each for each in response.responses if _is_about(each, cert, issuer)]
    responders = [issuer, *_responders(response, issuer, others)]
    if not about or not any(_signed_answer(response, each) for each in responders):
        return
    for each in about:
        if each.certificate_status == ocsp.OCSPCertStatus.UNKNOWN:
            continue
        made_at = each.this_update_utc
        yield Statement(
            made_at,
            each.next_update_utc or made_at + _SHORT,
            each.revocation_time_utc,
            each.revocation_reason.value if each.revocation_reason else "",
            Material(ocsps=(data,)),
        )


def _is_about(
    single: ocsp.OCSPSingleResponse, cert: x509.Certificate, issuer: x509.Certificate
) -> bool:
    builder = ocsp.OCSPRequestBuilder()
    meant = builder.add_certificate(cert, issuer, single.hash_algorithm).build()
    return (single.serial_number, single.issuer_key_hash, single.issuer_name_hash) == (
        meant.serial_number,
        meant.issuer_key_hash,
        meant.issuer_name_hash,
    )


def _responders(
    response: ocsp.OCSPResponse, issuer: x509.Certificate, others: Sequence[x509.Certificate]
) -> Iterator[x509.Certificate]:
    """Those whom the issuer made responders, in their time."""
    for cert in (*response.certificates, *others):
        try:
            usage = cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (x509.ExtensionNotFound, ValueError):
            continue
        in_time = cert.not_valid_before_utc <= response.produced_at_utc <= cert.not_valid_after_utc
        is_meant = ExtendedKeyUsageOID.OCSP_SIGNING in usage
        if is_meant and in_time and certificates.is_issued_by(cert, issuer):
            yield cert


def _signed_answer(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    chosen = response.signature_hash_algorithm
    if chosen is None or isinstance(chosen, _BROKEN_HASHES):
        return False
    return _verifies(
        responder.public_key(), response.signature, response.tbs_response_bytes, chosen
    )


def _verifies(
    key: PublicKeyTypes, signature: bytes, data: bytes, chosen: hashes.HashAlgorithm
) -> bool:
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(chosen))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), chosen)
        else:
            return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


# --- lists (CRL)


def _listings(
    cert: x509.Certificate, issuer: x509.Certificate, material: Material
) -> Iterator[Statement]:
    for data in material.crls:
        try:
            crl = x509.load_der_x509_crl(data)
            if _is_list_for(crl, cert, issuer):
                yield _listing(crl, cert, data)
        except _UNREADABLE:
            continue


def _listing(crl: x509.CertificateRevocationList, cert: x509.Certificate, data: bytes) -> Statement:
    made_at = crl.last_update_utc
    found = crl.get_revoked_certificate_by_serial_number(cert.serial_number)
    reason = ""
    if found is not None:
        try:
            reason = found.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
        except (x509.ExtensionNotFound, ValueError):
            reason = ""
    return Statement(
        made_at,
        crl.next_update_utc or made_at + _SHORT,
        found.revocation_date_utc if found is not None else None,
        reason,
        Material(crls=(data,)),
    )


def _is_list_for(
    crl: x509.CertificateRevocationList, cert: x509.Certificate, issuer: x509.Certificate
) -> bool:
    """Whether this is the issuer's own, whole list for certificates of this kind."""
    if crl.issuer != issuer.subject or isinstance(crl.signature_hash_algorithm, _BROKEN_HASHES):
        return False
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    return crl.is_signature_valid(key) and _covers(crl, cert)


def _covers(crl: x509.CertificateRevocationList, cert: x509.Certificate) -> bool:
    for extension in crl.extensions:
        said = extension.value
        if isinstance(said, x509.IssuingDistributionPoint):
            if not _point_covers(said, cert):
                return False
        elif extension.critical:
            return False
    return True


def _point_covers(point: x509.IssuingDistributionPoint, cert: x509.Certificate) -> bool:
    partial = (
        point.indirect_crl
        or point.only_contains_attribute_certs
        or point.only_some_reasons
        or point.relative_name
    )
    wrong = point.only_contains_user_certs if certificates.is_ca(cert) else False
    wrong = wrong or (point.only_contains_ca_certs and not certificates.is_ca(cert))
    if partial or wrong:
        return False
    names = {str(name.value) for name in point.full_name or ()}
    return not names or bool(names & set(crl_places(cert)))
