"""Certificates, answers and lists about revocation, as files and reports hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509 import ocsp

from facilitator.report.certificates import load_certificate
from facilitator.report.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST: Final = 5 * 1024 * 1024
_UNUSABLE = (
    "This file holds no list of revoked certificates (CRL), no OCSP response and no certificate."
)


@dataclass(frozen=True, slots=True)
class Material:
    """Certificates, OCSP responses and CRLs as somebody put them together; nothing is believed."""

    certs: tuple[x509.Certificate, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    """DER, as a responder answered."""
    crls: tuple[bytes, ...] = ()
    """DER, as an issuer published."""

    def __add__(self, other: Material) -> Material:
        """Both together, each thing once."""
        return Material(
            tuple(dict.fromkeys((*self.certs, *other.certs))),
            tuple(dict.fromkeys((*self.ocsps, *other.ocsps))),
            tuple(dict.fromkeys((*self.crls, *other.crls))),
        )


NOTHING: Final = Material()


def read_files(files: Sequence[bytes]) -> Material:
    """CRLs, OCSP responses and certificates, PEM or DER. Raises ReportError for anything else."""
    found = NOTHING
    for data in files:
        found += _read_file(data)
    return found


def _read_file(data: bytes) -> Material:
    if len(data) > LARGEST:
        raise ReportError("This file is too large for revocation data.")
    if b"-----BEGIN " in data:
        return _read_pem(data)
    for read in (_list, _answer, _certificate):
        try:
            return read(data)
        except (ValueError, TypeError):
            continue
    raise ReportError(_UNUSABLE)


def _read_pem(data: bytes) -> Material:
    found = Material()
    try:
        for _kind, _headers, der in pem.unarmor(data, multiple=True):
            found += _read_file(der)
    except (ValueError, TypeError) as problem:
        raise ReportError(_UNUSABLE) from problem
    return found


def _list(data: bytes) -> Material:
    x509.load_der_x509_crl(data)
    return Material(crls=(data,))


def _answer(data: bytes) -> Material:
    ocsp.load_der_ocsp_response(data)
    return Material(ocsps=(data,))


def _certificate(data: bytes) -> Material:
    return Material(certs=(load_certificate(asn1_x509.Certificate.load(data)),))
