"""Timestamps as they stand in a file: of what time they are, and whose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from facilitator.report.certificates import load_certificate
from facilitator.report.revocation import Chain

if TYPE_CHECKING:
    from asn1crypto import cms, x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


def stamp_in(embedded: EmbeddedPdfSignature) -> cms.SignedData | None:
    """The timestamp that a signature carries, None when it has none."""
    return next(extract_tst_data_iter(embedded.signer_info, signed=False), None)


def time_of(stamp: cms.SignedData) -> dt.datetime:
    """The time (aware) that a timestamp states."""
    found: dt.datetime = stamp["encap_content_info"]["content"].parsed["gen_time"].native
    return found


def service_of(stamp: cms.SignedData) -> Chain:
    """The certificates of the service that made a timestamp. Raises ValueError without its own."""
    said = stamp["signer_infos"][0]["sid"].chosen
    own: list[x509.Certificate] = []
    others: list[x509.Certificate] = []
    for each in stamp["certificates"]:
        cert = each.chosen
        is_own = (
            cert.serial_number == said["serial_number"].native and cert.issuer == said["issuer"]
        )
        (own if is_own else others).append(cert)
    if len(own) != 1:
        raise ValueError("a timestamp comes with the certificate of its service")
    return Chain(load_certificate(own[0]), tuple(map(load_certificate, others)), is_service=True)
