"""Signing identities: made here for ordinary people, or a .p12 brought along.

The file of an identity is text: a heading for the eye, the key under a passphrase, the
certificates. Only the certificates say who it is; the heading is read by nobody.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from facilitator.report.errors import BadIdentity, ReportError
from facilitator.report.fields import ROLE_TITLES, SIGNATURE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509

    from facilitator.report.signing_keys import PrivateKey, PublicKey

SHORTEST_PASSPHRASE = 12
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs, as their certificate says it."""

    name: str
    role: str
    """Empty when the certificate was made elsewhere and names no role."""
    email: str
    fingerprint: str
    """SHA-256 of the signing certificate, 64 lower-case hex digits."""
    not_before: dt.datetime
    not_after: dt.datetime


class Signatory(Protocol):
    """Somebody whose key is ready for one signature, in memory or on a token."""

    @property
    def identity(self) -> Identity:
        """Who signs."""

    @property
    def cert(self) -> x509.Certificate:
        """The certificate of the key."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers' certificates, nearest first."""

    @property
    def public(self) -> PublicKey:
        """The half of the key that anybody may have."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """The raw signature: DER for ECDSA, PKCS#1 v1.5 for RSA. Raises ReportError."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An identity with its key open; keep it for one signature only."""

    identity: Identity
    key: PrivateKey
    cert: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def public(self) -> PublicKey:
        """The half of the key that anybody may have."""
        return self.key.public_key()

    def sign(self, data: bytes, digest: str) -> bytes:
        """The raw signature over data."""
        from facilitator.report.signing_keys import sign_raw

        return sign_raw(self.key, data, digest)


def create_identity(
    name: str,
    role: str,
    email: str,
    passphrase: str,
    *,
    now: dt.datetime | None = None,
    cost: int | None = None,
) -> bytes:
    """A new identity file for one person in one role, opened by a passphrase of 12 or more.

    `cost` is scrypt's n; leave it out, except where a test makes many.
    """
    from facilitator.report import certificates, keyfile

    name, email = " ".join(name.split()), email.strip()
    _check_person(name, role, email)
    _check_passphrase(passphrase)
    now = now or dt.datetime.now(dt.UTC)
    key, leaf, root = certificates.issue(name, role, email, now)
    locked = keyfile.lock_key(key, passphrase, cost or keyfile.SCRYPT_N)
    heading = (
        "Facilitator signing identity. Keep this file to yourself; hand out its card instead.\n"
    )
    return heading.encode() + _about(identity_of(leaf)) + locked + _pem(leaf) + _pem(root)


def read_identity(data: bytes) -> Identity:
    """The public part of an identity file or a card, without any passphrase."""
    if is_p12(data):
        raise BadIdentity("A .p12 file says whose it is only with its passphrase.")
    return identity_of(read_certificates(data)[0])


def unlock(data: bytes, passphrase: str) -> Unlocked:
    """The identity with its key, from our own file or a .p12; takes about a second by design."""
    from facilitator.report import certificates, keyfile

    if is_p12(data):
        key, cert, others = keyfile.read_p12(data, passphrase)
    else:
        cert, *others = read_certificates(data)
        locked = keyfile.key_der(data)
        if locked is None and b"PRIVATE KEY" in data:
            raise BadIdentity("The key in this file is damaged, or not kept under a passphrase.")
        if locked is None:
            raise BadIdentity("This is a card, not an identity: it holds no key to sign with.")
        key = keyfile.unlock_key(locked, passphrase)
    usable = certificates.check_key(key, cert)
    chain = certificates.chain_above(cert, others)
    return Unlocked(identity_of(cert), usable, cert, tuple(chain))


def card(data: bytes) -> bytes:
    """The certificates to hand out, with the fingerprint to compare aloud; no secret in it."""
    return card_of(read_certificates(data))


def card_of(certs: Sequence[x509.Certificate]) -> bytes:
    """The card of these certificates, the signer's own first."""
    heading = "Facilitator card: trust it once its owner has read you the same fingerprint.\n"
    return heading.encode() + _about(identity_of(certs[0])) + b"".join(map(_pem, certs))


def export_p12(data: bytes, passphrase: str) -> bytes:
    """The identity as a PKCS#12 under the same passphrase, for other programs."""
    from facilitator.report import keyfile

    opened = unlock(data, passphrase)
    return keyfile.write_p12(
        opened.identity.name, opened.key, opened.cert, list(opened.chain), passphrase
    )


def fingerprint_text(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be read aloud."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4)).upper()


def read_certificates(data: bytes) -> list[x509.Certificate]:
    """The certificates of an identity file or card, the signer's own first."""
    from cryptography import x509

    from facilitator.report.keyfile import LARGEST_FILE

    if len(data) > LARGEST_FILE:
        raise BadIdentity("This file is too large to be an identity or a card.")
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as problem:
        raise BadIdentity(
            "There is no readable certificate in it. Choose an identity, a card or a .p12 file."
        ) from problem


def write_private(path: Path | str, data: bytes, *, replace: bool = False) -> None:
    """Put a secret on disk for its owner alone, whole or not at all.

    An existing file is refused unless `replace`: a lost key cannot be made again.
    """
    path = Path(path)
    if path.exists() and not replace:
        raise ReportError(f"There is already a file {path.name}; nothing was written.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_p12(data: bytes) -> bool:
    """Whether these bytes are a PKCS#12 file rather than our own."""
    return data[:1] == b"\x30"


def identity_of(cert: x509.Certificate) -> Identity:
    """Who signs, as a certificate says it."""
    from facilitator.report import certificates

    return Identity(
        name=certificates.name_of(cert),
        role=certificates.role_of(cert),
        email=certificates.email_of(cert),
        fingerprint=certificates.fingerprint_of(cert),
        not_before=cert.not_valid_before_utc,
        not_after=cert.not_valid_after_utc,
    )


def _about(identity: Identity) -> bytes:
    lines = [
        f"Name: {identity.name}",
        f"Role: {ROLE_TITLES.get(identity.role, identity.role)}",
        f"E-mail: {identity.email}",
        f"SHA-256 fingerprint: {fingerprint_text(identity.fingerprint)}",
        f"Valid until: {identity.not_after:%Y-%m-%d}",
    ]
    return ("\n".join(lines) + "\n\n").encode()


def _pem(cert: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return cert.public_bytes(Encoding.PEM)


def _check_person(name: str, role: str, email: str) -> None:
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadIdentity("A name needs 1 to 64 characters, all of them printable.")
    if role not in SIGNATURE_FIELDS:
        known = ", ".join(SIGNATURE_FIELDS)
        raise BadIdentity(f"Nobody signs as {role!r}. The roles are: {known}.")
    if email and not (email.isascii() and email.isprintable() and email.count("@") == 1):
        raise BadIdentity("This e-mail address cannot be put into a certificate.")


def _check_passphrase(passphrase: str) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadIdentity(
            f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters; "
            "four or five unrelated words are easy to remember."
        )
