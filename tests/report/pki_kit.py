"""A company with certificates that can be revoked, and a timestamp service; all in memory."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from facilitator.report.services import NoAnswer
from tests.report.signing_kit import PASSPHRASE

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
DAY = dt.timedelta(days=1)
OCSP_URL = "http://ocsp.example.invalid/"
CRL_URL = "http://crl.example.invalid/list.crl"
CURVE = ec.SECP256R1()


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(*certs):
    return b"".join(cert.public_bytes(Encoding.PEM) for cert in certs)


@cache
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Authority:
    """Issues certificates and says which of them were revoked."""

    text: str
    above: "Authority | None" = None
    revoked: dict = field(default_factory=dict)
    """Serial number to (when, reason)."""

    def __post_init__(self):
        self.key = ec.generate_private_key(CURVE)
        self.cert = (self.above or self).issue(self.text, self.key.public_key(), ca=True)

    @property
    def chain(self):
        return [self.cert, *(self.above.chain if self.above else [])]

    def issue(
        self, text, public, *, ca=False, usage=(), places=True, begin=-30 * DAY, end=900 * DAY
    ):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(text))
            .issuer_name(name(self.text))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + begin)
            .not_valid_after(NOW + end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(_usage(ca), critical=True)
        )
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=True)
        if ExtendedKeyUsageOID.OCSP_SIGNING in usage:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        if places and text != self.text:
            builder = _with_places(builder)
        return builder.sign(self.key, hashes.SHA256())

    def crl(self, *, age=DAY, life=30 * DAY, extension=None):
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.cert.subject)
            .last_update(NOW - age)
            .next_update(NOW - age + life)
        )
        for serial, (at, reason) in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        if extension is not None:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def answer(self, cert, *, age=dt.timedelta(minutes=1), life=DAY, delegate=None):
        """What the responder says of a certificate, by itself or through somebody it made one."""
        at, reason = self.revoked.get(cert.serial_number, (None, None))
        status = ocsp.OCSPCertStatus.REVOKED if at else ocsp.OCSPCertStatus.GOOD
        signer, key = delegate or (self.cert, self.key)
        return (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert, self.cert, hashes.SHA1(), status, NOW - age, NOW - age + life, at, reason
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, signer)
            .certificates([signer])
            .sign(key, hashes.SHA256())
            .public_bytes(Encoding.DER)
        )

    def responder(self, *, usage=(ExtendedKeyUsageOID.OCSP_SIGNING,)):
        key = ec.generate_private_key(CURVE)
        return self.issue("Example Responder", key.public_key(), usage=usage, places=False), key

    def revoke(self, cert, at, reason=x509.ReasonFlags.key_compromise):
        self.revoked[cert.serial_number] = (at, reason)

    def person(self, text="Eve Sample", *, key=None, **named):
        """A .p12 as this company hands out, and its certificate."""
        key = key or ec.generate_private_key(CURVE)
        cert = self.issue(text, key.public_key(), **named)
        how = BestAvailableEncryption(PASSPHRASE.encode())
        data = pkcs12.serialize_key_and_certificates(b"key", key, cert, self.chain, how)
        return data, cert

    def time_service(self, *, at=None, text="Example Time Service", beside=None, **named):
        """A timestamp service whose certificate this authority issued.

        `beside` are the certificates that come along, in place of all above its own.
        """
        usage = (ExtendedKeyUsageOID.TIME_STAMPING,)
        cert = self.issue(text, rsa_key().public_key(), usage=usage, **named)
        der = rsa_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return DummyTimeStamper(
            asn1(cert),
            keys.PrivateKeyInfo.load(der),
            certs_to_embed=[asn1(each) for each in (self.chain if beside is None else beside)],
            fixed_dt=at,
        )


@dataclass
class Network:
    """Answers in place of every service that certificates name; remembers who was asked."""

    authorities: list
    certs: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    silent: bool = False

    async def ask(self, url, kinds, data=None, *, most=0):
        self.asked.append(url)
        if self.silent:
            raise NoAnswer(url)
        if data is None:
            return self.authorities[0].crl()
        wanted = ocsp.load_der_ocsp_request(data)
        for each in self.authorities:
            for cert in self.certs.get(each.text, ()):
                if cert.serial_number == wanted.serial_number:
                    return each.answer(cert)
        raise NoAnswer(url)


def _usage(ca):
    others = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only")
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        decipher_only=False,
        **dict.fromkeys(others, False),
    )


def _with_places(builder):
    where = x509.UniformResourceIdentifier
    answers = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where(OCSP_URL))
    lists = x509.DistributionPoint([where(CRL_URL)], None, None, None)
    return builder.add_extension(
        x509.AuthorityInformationAccess([answers]), critical=False
    ).add_extension(x509.CRLDistributionPoints([lists]), critical=False)


def asn1(cert):
    return asn1_x509.Certificate.load(cert.public_bytes(Encoding.DER))
