"""Timestamps as they stand in a file: of what time they are, and whose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from asn1crypto import cms
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from facilitator.report.certificates import as_asn1, chain_above, is_own_issuer, load_certificate
from facilitator.report.revocation import Chain
from facilitator.report.strict import token_problems

if TYPE_CHECKING:
    from asn1crypto import x509
    from cryptography import x509 as crypto_x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


class PlainService(TimeStamper):
    """A timestamp service whose answers hold nothing that could be altered unseen.

    Nobody signs the certificates beside a timestamp. Those above the service's own vouch for one
    another as far as a root among them; without one they are taken out, to go elsewhere.
    """

    def __init__(self, service: TimeStamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._service = service
        self.chain: Chain | None = None
        """The certificates as they came with the last answer."""
        self.taken_out: tuple[crypto_x509.Certificate, ...] = ()

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The timestamp over a digest. Raises TimestampRequestError."""
        token = await self._service.async_timestamp(message_digest, md_algorithm)
        try:
            plain = self._plain(token)
        # A stranger's bytes can raise anything out of a parser.
        except Exception as problem:
            raise TimestampRequestError("gave an answer that cannot be used") from problem
        if any(token_problems(plain.dump())):
            raise TimestampRequestError("gave an answer that cannot be checked to the last byte")
        return plain

    def _plain(self, token: cms.ContentInfo) -> cms.ContentInfo:
        chain = service_of(token["content"])
        above = chain_above(chain.cert, chain.others)
        kept = [chain.cert, *(above if above and is_own_issuer(above[-1]) else ())]
        self.chain = chain
        self.taken_out = tuple(cert for cert in above if cert not in kept)
        plain = cms.ContentInfo.load(token.dump())
        signed = plain["content"]
        signed["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", as_asn1(cert)) for cert in kept]
        )
        found: cms.ContentInfo = cms.ContentInfo.load(plain.dump(force=True))
        return found


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
