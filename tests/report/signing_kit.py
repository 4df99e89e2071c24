"""Small reports, identities and attackers for the tests of signing and verifying."""

import datetime as dt
import io
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen.canvas import Canvas

from facilitator.report.fields import DocumentFacts, document_facts, finish_pdf
from facilitator.report.identity import create_identity
from facilitator.report.sign import sign_pdf

PASSPHRASE = "four quiet garden chairs"
THREE = ("tech-lead", "on-call", "product-owner")
FOUR = (*THREE, "leadership")
NAMES = {
    "tech-lead": "Aroha Ōtautahi",
    "on-call": "Bo O'Neil",
    "product-owner": "Chi Ward",
    "leadership": "Dana Ruiz",
}
INCIDENT = '{"title":"Checkout in Ōtautahi refused cards","revision":1}'.encode()
# Cheap to open, so that a hundred signatures do not take a minute.
FAST = 2**10


@cache
def identity(role: str, name: str = "") -> bytes:
    """The identity of the person in a role."""
    return create_identity(name or NAMES[role], role, "", PASSPHRASE, cost=FAST)


def pages(text: str = "", *, pages: int = 2) -> bytes:
    """A plain PDF with a line of text on each page."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, pageCompression=0)
    for number in range(pages):
        canvas.drawString(72, 700, f"Page {number + 1} {text}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def facts(roles: tuple[str, ...] = THREE) -> DocumentFacts:
    """The facts of the little report."""
    return document_facts(INCIDENT, incident="inc-1", revision=1, roles=roles, chain_head="ab" * 32)


@cache
def final_report(roles: tuple[str, ...] = THREE, text: str = "") -> bytes:
    """A final report that waits for these roles."""
    said = facts(roles)
    boxes = {role: (1, 40 + 130 * i, 100.0, 160 + 130 * i, 150.0) for i, role in enumerate(roles)}
    return finish_pdf(pages(text or f"Document {said.number}"), said, INCIDENT, boxes)


def signed(signers: tuple[str, ...] = THREE, roles: tuple[str, ...] = THREE) -> bytes:
    """A report for `roles` that `signers` signed one after the other; the same each time."""
    return _signed(signers, roles)


@cache
def _signed(signers: tuple[str, ...], roles: tuple[str, ...]) -> bytes:
    if not signers:
        return final_report(roles)
    role = signers[-1]
    return sign_pdf(_signed(signers[:-1], roles), identity(role), PASSPHRASE, role)


def p12(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, name: str = "Eve Sample") -> bytes:
    """A .p12 as a company might hand out: no role in it, issuer included."""
    leaf, root = company_certificates(key, name)
    how = BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"eve", key, leaf, [root], how)


def company_certificates(key, name, *, signs=True, ended=False):
    """A certificate for a key that a company issued, and the company's own."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Company CA")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    leaf = _cert(subject, issuer, key.public_key(), root_key, ca=False, signs=signs, ended=ended)
    return leaf, _cert(issuer, issuer, root_key.public_key(), root_key, ca=True)


def _cert(subject, issuer, key, signer, *, ca, signs=True, ended=False):
    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=400 * ended)
    usage = dict.fromkeys(
        (
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and not ca,
                content_commitment=signs and not ca,
                key_encipherment=not signs,
                key_cert_sign=ca,
                crl_sign=ca,
                **usage,
            ),
            critical=True,
        )
        .sign(signer, hashes.SHA256())
    )


@cache
def timestamp_service():
    """A timestamp service that needs no network."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps import DummyTimeStamper

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Time Service")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(cert.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(der)
    )


def updated(pdf: bytes, change) -> bytes:
    """The file with one more revision, in which `change(writer)` did something."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def flipped(pdf: bytes, at: int, bit: int = 0) -> bytes:
    """The file with one bit changed."""
    changed = bytearray(pdf)
    changed[at] ^= 1 << bit
    return bytes(changed)
