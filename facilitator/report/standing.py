"""How a signature stands in time: what proves when it was made, whether its certificate held then,
and which PAdES level (EN 319 142-1, clause 6) that makes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from facilitator.report.material import Material
from facilitator.report.revocation import (
    GOOD,
    REVOKED,
    Chain,
    pairs_of,
    revoked_sentence,
    status_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from facilitator.report.revocation import Status
    from facilitator.report.verdict import SignatureReport, Stamp

LEEWAY: Final = dt.timedelta(minutes=10)
BASIC, OTHER = "B-B", "no PAdES level"


@dataclass(frozen=True, slots=True)
class Proof:
    """A stamp of a service, with the service's certificates and the revision it came in."""

    stamp: Stamp
    chain: Chain
    revision: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to judge a signature by."""

    own: Proof | None
    """The stamp that it carries."""
    seals: Sequence[Proof]
    """Archive timestamps in later revisions, in order."""
    stored: Material
    """The revocation data in the file."""
    sealed: Material
    """What of it an archive timestamp covers."""
    known: Material
    """All revocation data, the reader's own too."""

    @property
    def proofs(self) -> list[Proof]:
        """All stamps over it."""
        return [*([self.own] if self.own else ()), *self.seals]


def judged(report: SignatureReport, chain: Chain, evidence: Evidence) -> SignatureReport:
    """The report on a signature with its level, and what its certificate's life says of it."""
    confirmed = [proof.stamp.at for proof in evidence.proofs if proof.stamp.confirmed]
    since = min(confirmed, default=None)
    status = _worst(chain, evidence, report.at)
    problems = list(_life_problems(report, chain, status, since))
    remarks = list(_life_remarks(report, chain, status, since))
    return replace(
        report,
        sealed=next((proof.stamp for proof in evidence.seals), None),
        level=_level(chain, evidence, report.at) if report.level == BASIC else report.level,
        revoked_at=status.revoked_at if status else None,
        problems=(*report.problems, *(f"{report.title}: {each}" for each in problems)),
        remarks=(*report.remarks, *(f"{report.title}: {each}" for each in remarks)),
    )


def service_revoked(chain: Chain, material: Material, at: dt.datetime) -> Status | None:
    """That a timestamp service's certificate, or one above it, was revoked; None when not known."""
    return _first_revoked(chain, material, at)


def _worst(chain: Chain, evidence: Evidence, stated: dt.datetime | None) -> Status | None:
    at = _asked_about(evidence.proofs, stated)
    return _first_revoked(chain, evidence.known, at)


def _first_revoked(chain: Chain, material: Material, at: dt.datetime) -> Status | None:
    pairs, _ = pairs_of(chain.cert, (*chain.others, *material.certs))
    found = [status_of(cert, issuer, material, at) for cert, issuer in pairs]
    return next((status for status in found if status.word == REVOKED), None)


def _asked_about(proofs: Sequence[Proof], stated: dt.datetime | None) -> dt.datetime:
    """The earliest time that is proven, else the stated one."""
    times = [proof.stamp.at for proof in proofs]
    return min(times, default=stated or dt.datetime.now(dt.UTC))


def _life_problems(
    report: SignatureReport, chain: Chain, status: Status | None, since: dt.datetime | None
) -> Iterator[str]:
    """What makes a signature one not to rely on; `since` is when it is confirmed to have been."""
    begins, ends = chain.cert.not_valid_before_utc, chain.cert.not_valid_after_utc
    if report.at is not None and report.at < begins:
        yield f"The certificate is valid only from {begins:%Y-%m-%d}, after the signature."
    if report.at is not None and report.at > ends:
        yield f"The certificate had run out on {ends:%Y-%m-%d}, before the signature."
    elif report.stamp is not None and report.stamp.at > ends:
        yield f"The certificate had run out on {ends:%Y-%m-%d}, before its timestamp."
    if status is None or status.revoked_at is None:
        return
    if since is None or since >= status.revoked_at:
        yield (
            f"{revoked_sentence(report.name, status)} "
            "No timestamp of a service you trust shows that it was signed before."
        )


def _life_remarks(
    report: SignatureReport, chain: Chain, status: Status | None, since: dt.datetime | None
) -> Iterator[str]:
    if status is not None and status.revoked_at and since and since < status.revoked_at:
        yield f"{revoked_sentence(report.name, status)} It was signed before that."
    ends = chain.cert.not_valid_after_utc
    ran_out = ends < dt.datetime.now(dt.UTC) and report.at is not None and report.at <= ends
    if ran_out and (since is None or since > ends):
        yield (
            f"the certificate ran out on {ends:%Y-%m-%d}; that it was signed before is what "
            "the signer's computer stated."
        )
    stamp = report.stamp
    if stamp and report.at and abs(stamp.at - report.at) > LEEWAY:
        yield "the signer's computer and the timestamp service disagree about the time."


# --- level


def _level(chain: Chain, evidence: Evidence, stated: dt.datetime | None) -> str:
    if not evidence.proofs:
        return BASIC
    at = _asked_about(evidence.proofs, stated)
    first = min(evidence.proofs, key=lambda proof: proof.stamp.at)
    if _shown_good(chain, first, evidence.sealed, at):
        return "B-LTA"
    return "B-LT" if _shown_good(chain, first, evidence.stored, at) else "B-T"


def _shown_good(chain: Chain, first: Proof, material: Material, at: dt.datetime) -> bool:
    """Whether a file shows that no certificate was revoked, of the signer and of the service."""
    mine = _is_whole(chain, material, at)
    # A service that is its own root can be revoked by nobody; whom to trust says the reader.
    return mine > 0 and _is_whole(first.chain, material, at) >= 0


def _is_whole(chain: Chain, material: Material, at: dt.datetime) -> int:
    """How many certificates below the root are shown to be good; -1 when one is not."""
    pairs, ends_in_root = pairs_of(chain.cert, (*chain.others, *material.certs))
    good = [status_of(cert, issuer, material, at).word == GOOD for cert, issuer in pairs]
    return len(good) if ends_in_root and all(good) else -1
