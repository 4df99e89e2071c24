"""What verifying a report found out, in records for programs and sentences for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from facilitator.report.fields import ROLE_TITLES

if TYPE_CHECKING:
    import datetime as dt

GOOD: Final = "good"
INCOMPLETE: Final = "incomplete"
DO_NOT_RELY: Final = "do-not-rely"
BROKEN: Final = "broken"
TRUSTED, UNKNOWN, UNTRUSTED = "trusted", "unknown", "untrusted"
_TRUST_WORDS: Final = {
    TRUSTED: "trusted",
    UNKNOWN: "trust unknown",
    UNTRUSTED: "NOT TRUSTED",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that a timestamp service states."""

    at: dt.datetime
    service: str
    """The name in the service's certificate."""
    confirmed: bool
    """The service is among those that the reader trusts."""

    @property
    def words(self) -> str:
        """Whose time it is, as one may rely on it."""
        if self.confirmed:
            return f"time confirmed by {self.service}"
        return f"time from a service that is not among your trusted ones ({self.service})"

    def to_json(self) -> dict[str, object]:
        """The stamp as plain values."""
        return {
            "time": self.at.isoformat(),
            "service": self.service,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature as it was found."""

    role: str
    """Empty when the field belongs to no role."""
    field: str
    name: str
    email: str
    fingerprint: str
    """SHA-256 of the signer's certificate, hex."""
    at: dt.datetime | None
    """As stated by the signer's computer."""
    stamp: Stamp | None
    """As stated by a timestamp service, when one was asked while signing."""
    sealed: Stamp | None
    """The first archive timestamp over it."""
    level: str
    """PAdES level: B-B; B-T with a timestamp; B-LT with what shows that nobody was revoked; B-LTA
    with an archive timestamp over that. Other programs make signatures of no such level."""
    intact: bool
    """The signed bytes are unchanged and only what is allowed was added after them."""
    trust: str
    """trusted (on a card that was given), unknown (no cards given) or untrusted."""
    certifies: bool
    locks: bool
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    revoked_at: dt.datetime | None = None
    """When the certificate was revoked, if it is known to be."""
    later: tuple[str, ...] = ()
    """What came into the file after this signature, in order."""
    later_is_allowed: bool = True
    """All of that may be there."""

    @property
    def timestamp(self) -> dt.datetime | None:
        """The time that a timestamp service states."""
        return self.stamp.at if self.stamp else None

    @property
    def title(self) -> str:
        """The role in words, or the field's name."""
        return ROLE_TITLES.get(self.role, self.field)

    @property
    def when(self) -> str:
        """When it was made, and who says so."""
        found = "at an unknown time"
        if self.stamp:
            found = f"{_at(self.stamp.at)}, {self.stamp.words}"
        elif self.at:
            found = f"{_at(self.at)}, time as stated by the signer's computer"
        if self.sealed and not (self.stamp and self.stamp.confirmed >= self.sealed.confirmed):
            found += f"; there by {_at(self.sealed.at)}, {self.sealed.words}"
        return found

    @property
    def state(self) -> str:
        """Whether it holds, whether its maker is trusted, and its level."""
        intact = "intact" if self.intact else "NOT INTACT"
        return f"{intact}, {_TRUST_WORDS[self.trust]} ({self.level})"

    @property
    def after(self) -> str:
        """What came after it, and whether that may be there."""
        if not self.later:
            return "nothing came after it"
        allowed = "allowed" if self.later_is_allowed else "NOT ALLOWED"
        return f"after it: {', '.join(self.later)}; {allowed}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a report can be relied on, and why."""

    word: str
    signatures: tuple[SignatureReport, ...] = ()
    missing: tuple[str, ...] = ()
    """Roles that have not signed yet."""
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    number: str = ""
    incident: str = ""
    revision: int = 0
    seals: tuple[Stamp, ...] = ()
    """Archive timestamps, each over everything before it."""
    sentences: tuple[str, ...] = field(init=False)
    """The verdict for people: the outcome first, then a line for each signature."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentences", (_outcome(self), *_details(self)))

    @property
    def holds(self) -> bool:
        """Whether everything signed so far is as it was signed."""
        return self.word in (GOOD, INCOMPLETE)

    @property
    def others(self) -> tuple[str, ...]:
        """The sentences that follow the outcome and the lines of the signatures."""
        return self.sentences[1 + len(self.signatures) :]

    @property
    def sealed_at(self) -> tuple[dt.datetime, ...]:
        """The times of the archive timestamps."""
        return tuple(seal.at for seal in self.seals)

    def to_json(self) -> dict[str, object]:
        """The verdict as plain values; times are ISO 8601 with offset."""
        return {
            "verdict": self.word,
            "document": self.number,
            "incident": self.incident,
            "revision": self.revision,
            "signatures": [_signature_json(signature) for signature in self.signatures],
            "missing": list(self.missing),
            "sealed_at": [at.isoformat() for at in self.sealed_at],
            "archive_timestamps": [seal.to_json() for seal in self.seals],
            "problems": list(self.problems),
            "remarks": list(self.remarks),
            "sentences": list(self.sentences),
        }


def broken(sentence: str) -> Verdict:
    """The verdict on a file about which nothing more can be said."""
    return Verdict(BROKEN, problems=(sentence,))


def _signature_json(signature: SignatureReport) -> dict[str, object]:
    return {
        "role": signature.role,
        "field": signature.field,
        "name": signature.name,
        "email": signature.email,
        "fingerprint": signature.fingerprint,
        "time": signature.at.isoformat() if signature.at else None,
        "timestamp": signature.timestamp.isoformat() if signature.timestamp else None,
        "timestamp_service": signature.stamp.service if signature.stamp else "",
        "time_confirmed": bool(signature.stamp and signature.stamp.confirmed),
        "level": signature.level,
        "intact": signature.intact,
        "trust": signature.trust,
        "certifies": signature.certifies,
        "locks": signature.locks,
        "revoked": signature.revoked_at.isoformat() if signature.revoked_at else None,
        "later": list(signature.later),
        "later_allowed": signature.later_is_allowed,
        "problems": list(signature.problems),
        "remarks": list(signature.remarks),
    }


def _outcome(verdict: Verdict) -> str:
    if verdict.word == BROKEN:
        return f"This file cannot be verified. {verdict.problems[0]}"
    if verdict.word == DO_NOT_RELY:
        return f"Do not rely on this file. {verdict.problems[0]}"
    if verdict.word == INCOMPLETE:
        waiting = _listed(verdict.missing)
        if not verdict.signatures:
            return f"Nobody has signed this report yet. It waits for: {waiting}."
        return f"Nothing was changed since it was signed. It still waits for: {waiting}."
    return "Everybody required has signed this report, and nothing was changed since."


def _listed(roles: tuple[str, ...]) -> str:
    return ", ".join(ROLE_TITLES[role].lower() for role in roles)


def _details(verdict: Verdict) -> list[str]:
    lines = [_signature_line(signature) for signature in verdict.signatures]
    lines += [
        f"An archive timestamp of {_at(seal.at)} covers everything before it, {seal.words}."
        for seal in verdict.seals
    ]
    lines += [problem for problem in verdict.problems[1:] if problem not in lines]
    if verdict.holds and any(s.trust == UNKNOWN for s in verdict.signatures):
        lines.append(
            "Whether these certificates belong to these people was not checked: "
            "compare the fingerprints with them, or give their cards."
        )
    return lines + list(verdict.remarks)


def _signature_line(signature: SignatureReport) -> str:
    name = signature.name or "nobody known"
    return f"{signature.title}: {name}, {signature.when}, {signature.state}; {signature.after}."


def _at(at: dt.datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")
