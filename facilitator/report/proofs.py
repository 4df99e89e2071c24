"""What a signature may bring along so that it can be checked years later, as the user chose it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from facilitator.report.errors import ReportError


@dataclass(frozen=True, slots=True)
class Proofs:
    """Nothing of it needs a network unless an address is named or fetching is allowed."""

    timestamp_url: str = ""
    """An RFC 3161 service; it is sent a hash and nothing else."""
    files: tuple[bytes, ...] = ()
    """CRLs, OCSP responses and certificates, PEM or DER."""
    fetch: bool = False
    """Ask the places that certificates name whether these were revoked."""


NO_PROOFS: Final = Proofs()


def check_address(url: str) -> str:
    """The address of a service without spaces around it. Raises ReportError when it is none."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not address.isprintable() or " " in address:
        raise ReportError("A timestamp service has an address like https://time.example.org/tsa.")
    return address


def host_of(url: str) -> str:
    """The name of the computer that an address names, to be shown."""
    return urlsplit(url).hostname or url
