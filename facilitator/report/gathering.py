"""Putting together what shows that certificates were not revoked: from files, and by asking.

Nobody is asked unless the user allowed it. What cannot be had is said in a note and never keeps
anybody from signing; a certificate that was revoked does.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from facilitator.report import revocation, services
from facilitator.report.certificates import name_of
from facilitator.report.errors import ReportError
from facilitator.report.material import NOTHING, Material, read_files
from facilitator.report.revocation import Chain, Status, revoked_sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_OCSP = ("application/ocsp-request", "application/ocsp-response")
_CRL = ("", "application/pkix-crl")
_MOST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What to put into the file, and what could not be had, as sentences."""

    material: Material
    notes: tuple[str, ...]
    revoked: tuple[Status, ...] = ()
    """Of the persons' certificates."""


async def gather(
    chains: Sequence[tuple[Chain, dt.datetime]], known: Material, *, fetch: bool
) -> Found:
    """What shows that each of these certificates was good at its time (aware)."""
    parts = await asyncio.gather(*(_of_chain(chain, known, fetch, at) for chain, at in chains))
    material = NOTHING
    for part in parts:
        material += part.material
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    revoked = tuple(status for part in parts for status in part.revoked)
    return Found(material, tuple(notes), revoked)


async def _of_chain(chain: Chain, known: Material, fetch: bool, at: dt.datetime) -> Found:
    pairs, is_whole = revocation.pairs_of(chain.cert, (*chain.others, *known.certs))
    found, notes, revoked = NOTHING, [], []
    asked = [_ask_if_needed(cert, issuer, known, fetch, at) for cert, issuer in pairs]
    answers = zip(pairs, await asyncio.gather(*asked), strict=True)
    for (cert, issuer), (status, failed) in answers:
        if status.word == revocation.GOOD:
            # They are in the signature, too; validators look for what a timestamp covers here.
            found += Material(certs=(cert, issuer)) + status.proof
        elif status.word == revocation.REVOKED:
            notes.append(revoked_sentence(chain.whose, status))
            revoked += [] if chain.is_service else [status]
        else:
            notes.append(_why_unknown(chain, cert, fetch=fetch, failed=failed))
    if not is_whole:
        notes.append(f"The issuers above {chain.whose} are not all known; give them as files.")
    return Found(found, tuple(notes), tuple(revoked))


def _why_unknown(chain: Chain, cert: x509.Certificate, *, fetch: bool, failed: bool) -> str:
    whose = chain.whose if cert == chain.cert else f"{name_of(cert)}, above {chain.whose},"
    if not revocation.names_places(cert):
        return (
            f"The certificate of {whose} names nobody who says whether it was revoked; "
            "identities made in Facilitator never do."
        )
    if failed:
        return f"Nobody answered whether the certificate of {whose} was revoked."
    if fetch:
        return f"What was answered about the certificate of {whose} cannot be used."
    return f"Whether the certificate of {whose} was revoked was not asked."


async def _ask_if_needed(
    cert: x509.Certificate,
    issuer: x509.Certificate,
    known: Material,
    fetch: bool,
    at: dt.datetime,
) -> tuple[Status, bool]:
    """How it stands, and whether everybody was asked in vain."""
    status = revocation.status_of(cert, issuer, known, at)
    failed = True
    places = _places(cert, issuer) if fetch else []
    for url, request in places:
        if status.word != revocation.UNKNOWN:
            break
        try:
            answer = await services.ask(url, _OCSP if request else _CRL, request)
            known += Material(ocsps=(answer,)) if request else read_files([answer])
        except (services.NoAnswer, ReportError):
            continue
        failed = False
        status = revocation.status_of(cert, issuer, known, at)
    return status, failed and bool(places)


def _places(cert: x509.Certificate, issuer: x509.Certificate) -> list[tuple[str, bytes | None]]:
    """Whom to ask, and with what: responders first, since a list may be long."""
    # Nearly all responders know this way of naming a certificate, and some know no other.
    builder = ocsp.OCSPRequestBuilder().add_certificate(cert, issuer, SHA1())
    request = builder.build().public_bytes(Encoding.DER)
    responders = [(url, request) for url in revocation.ocsp_places(cert)[:_MOST_PLACES]]
    return [*responders, *((url, None) for url in revocation.crl_places(cert)[:_MOST_PLACES])]
