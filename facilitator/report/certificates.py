"""The certificates of an identity: a leaf that signs, under a root that signs nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from facilitator.model.clean import clean_line
from facilitator.report.certificate_names import is_of_two_directions, put_right
from facilitator.report.errors import BadIdentity
from facilitator.report.signing_keys import SMALLEST_RSA, PrivateKey, public_key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

put_right()

YEARS = 10
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_STRANGE_KEY = "Common PDF readers cannot check this kind of key. Use an RSA or ECDSA key."
_SHORT_KEY = "This RSA key is too short to sign with; 2048 bits are the least."


def issue(
    name: str, role: str, email: str, now: dt.datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    """A fresh P-256 key with its certificate and the root above it, good for ten years.

    The root's own key exists only inside this call: nobody can issue a second certificate.
    """
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _root_name(name)
    # A day's grace, for a second machine whose clock is behind.
    begin = now - dt.timedelta(days=1)
    end = begin + dt.timedelta(days=365 * YEARS + YEARS // 4)
    root = (
        _builder(root_name, root_name, root_key.public_key(), begin, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(_subject(name, role), root_name, key.public_key(), begin, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        # E-mail protection too: without it common readers do not accept document signing.
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
    )
    if email:
        leaf = leaf.add_extension(
            x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=False
        )
    return key, leaf.sign(root_key, hashes.SHA256()), root


def _root_name(name: str) -> x509.Name:
    said = f"Root of {name}"[:64]
    if not is_of_two_directions(said):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])
    # Other programs refuse a value that mixes directions, so that each has one of its own.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Root"),
        ]
    )


def load_certificate(found: asn1_x509.Certificate) -> x509.Certificate:
    """The certificate for use; ValueError for one that breaks the rules."""
    if found.serial_number <= 0:
        # The library would only warn, on the screen of whoever verifies.
        raise ValueError("a certificate's serial number is positive")
    return x509.load_der_x509_certificate(found.dump())


def as_asn1(cert: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate for the other library."""
    from asn1crypto import x509 as asn1

    loaded: asn1_x509.Certificate = asn1.Certificate.load(cert.public_bytes(Encoding.DER))
    return loaded


def name_of(cert: x509.Certificate) -> str:
    """The person a certificate names, on one line: whoever issued it may have written anything."""
    named = _attribute(cert, NameOID.COMMON_NAME) or cert.subject.rfc4514_string()
    return clean_line(named)


def role_of(cert: x509.Certificate) -> str:
    """The role a certificate was made out for, empty when it says none."""
    return _attribute(cert, NameOID.TITLE)


def email_of(cert: x509.Certificate) -> str:
    """The e-mail address in a certificate, empty when there is none."""
    try:
        names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ""
    return next(iter(names.get_values_for_type(x509.RFC822Name)), "")


def is_ca(cert: x509.Certificate) -> bool:
    """Whether a certificate may issue others."""
    try:
        return cert.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def fingerprint_of(cert: x509.Certificate) -> str:
    """SHA-256 of a certificate, 64 lower-case hex digits."""
    return cert.fingerprint(hashes.SHA256()).hex()


def check_key(key: PrivateKeyTypes, cert: x509.Certificate) -> PrivateKey:
    """The key, unless readers cannot verify it or it is not the certificate's."""
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadIdentity(_STRANGE_KEY)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA:
        raise BadIdentity(_SHORT_KEY)
    if key.public_key() != public_key_of(cert):
        raise BadIdentity("The key and the certificate in this file do not belong together.")
    return key


def why_not(cert: x509.Certificate) -> str:
    """Why a person's certificate cannot sign a report, as a sentence; empty when it can."""
    public = public_key_of(cert)
    if public is None:
        return _STRANGE_KEY
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < SMALLEST_RSA:
        return _SHORT_KEY
    usage = _usage_of(cert)
    if usage and not (usage.digital_signature or usage.content_commitment):
        return f"The certificate of {name_of(cert)} was not issued for signatures."
    return ""


def commits(cert: x509.Certificate) -> bool:
    """Whether a certificate was issued for signatures that its owner stands by."""
    usage = _usage_of(cert)
    return bool(usage and usage.content_commitment)


def _usage_of(cert: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return cert.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def chain_above(
    cert: x509.Certificate, others: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """The issuers of a certificate among `others`, nearest first."""
    chain: list[x509.Certificate] = []
    below = cert
    while below.issuer != below.subject:
        above = next((c for c in others if is_issued_by(below, c) and c not in chain), None)
        if above is None:
            break
        chain.append(above)
        below = above
    return chain


def is_own_issuer(cert: x509.Certificate) -> bool:
    """Whether a certificate vouches for itself, as a root does."""
    return cert.issuer == cert.subject and is_issued_by(cert, cert)


def chain_digest(chain: Sequence[x509.Certificate]) -> bytes:
    """SHA-256 over the issuers' certificates, nearest first."""
    return hashlib.sha256(b"".join(cert.public_bytes(Encoding.DER) for cert in chain)).digest()


def is_issued_by(cert: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether the key of the one above signed this certificate, and the names agree."""
    try:
        cert.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _attribute(cert: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = cert.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _subject(name: str, role: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.TITLE, role)]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begin: dt.datetime,
    end: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
