"""A private key at rest: PKCS#8 under scrypt for our own file, PKCS#12 for other tools.

A wrong guess at either has to be expensive, since the file may be copied: common libraries write
PKCS#12 files whose checksum can be tried thousands of times a second.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from typing import TYPE_CHECKING

from asn1crypto import core, pem, pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import pkcs12 as pyca_pkcs12

from facilitator.report.errors import BadIdentity, WrongPassphrase

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SCRYPT_N = 2**17
SCRYPT_R = 8
# Three passes bring a guess above half a second on a fast machine, at 128 MiB each.
SCRYPT_P = 3
P12_ROUNDS = 600_000
LARGEST_FILE = 1_000_000
# A stranger's file must not be able to take minutes or all memory to try.
_MOST_SCRYPT_BYTES = 512 * 2**20
_MOST_P12_ROUNDS = 10_000_000
_PEM_TYPE = "ENCRYPTED PRIVATE KEY"
_PBES2, _SCRYPT = "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11"
_AES256 = "2.16.840.1.101.3.4.1.42"


class _ScryptParams(core.Sequence):
    _fields = [  # noqa: RUF012
        ("salt", core.OctetString),
        ("n", core.Integer),
        ("r", core.Integer),
        ("p", core.Integer),
        ("key_length", core.Integer, {"optional": True}),
    ]


class _Kdf(core.Sequence):
    _fields = [  # noqa: RUF012
        ("algorithm", core.ObjectIdentifier),
        ("parameters", _ScryptParams),
    ]


class _Cipher(core.Sequence):
    _fields = [  # noqa: RUF012
        ("algorithm", core.ObjectIdentifier),
        ("iv", core.OctetString),
    ]


class _Pbes2(core.Sequence):
    _fields = [  # noqa: RUF012
        ("kdf", _Kdf),
        ("cipher", _Cipher),
    ]


class _Algorithm(core.Sequence):
    _fields = [  # noqa: RUF012
        ("algorithm", core.ObjectIdentifier),
        ("parameters", _Pbes2),
    ]


class _EncryptedKey(core.Sequence):
    _fields = [  # noqa: RUF012
        ("algorithm", _Algorithm),
        ("encrypted", core.OctetString),
    ]


def lock_key(key: PrivateKeyTypes, passphrase: str, cost: int = SCRYPT_N) -> bytes:
    """The key as PEM, readable only with the passphrase; one guess costs 0.5 s or more."""
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    salt, iv = os.urandom(16), os.urandom(16)
    params = {"salt": salt, "n": cost, "r": SCRYPT_R, "p": SCRYPT_P}
    secret = Scrypt(salt, 32, cost, SCRYPT_R, SCRYPT_P).derive(_secret(passphrase))
    pad = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(iv)).encryptor()
    encrypted = encryptor.update(pad.update(plain) + pad.finalize()) + encryptor.finalize()
    kdf = {"algorithm": _SCRYPT, "parameters": params}
    cipher = {"algorithm": _AES256, "iv": iv}
    locked = _EncryptedKey(  # type: ignore[no-untyped-call]
        {
            "algorithm": {"algorithm": _PBES2, "parameters": {"kdf": kdf, "cipher": cipher}},
            "encrypted": encrypted,
        }
    )
    return bytes(pem.armor(_PEM_TYPE, locked.dump()))  # type: ignore[no-untyped-call]


def unlock_key(der: bytes, passphrase: str) -> PrivateKeyTypes:
    """The private key of `lock_key`; WrongPassphrase, or BadIdentity for a damaged file."""
    try:
        locked = _EncryptedKey.load(der, strict=True)  # type: ignore[no-untyped-call]
        params = locked["algorithm"]["parameters"]["kdf"]["parameters"]
        n, r, p = (int(params[name]) for name in ("n", "r", "p"))
        iv = bytes(locked["algorithm"]["parameters"]["cipher"]["iv"])
        salt, encrypted = bytes(params["salt"]), bytes(locked["encrypted"])
    except (ValueError, TypeError, KeyError) as problem:
        raise BadIdentity("The key in this identity file is damaged.") from problem
    if not (n > 1 and r > 0 and 0 < p <= 4 and 128 * n * r * p <= _MOST_SCRYPT_BYTES):
        raise BadIdentity("This identity file asks for an unreasonable effort to open it.")
    try:
        secret = Scrypt(salt, 32, n, r, p).derive(_secret(passphrase))
        decryptor = Cipher(algorithms.AES(secret), modes.CBC(iv)).decryptor()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        unpad = PKCS7(128).unpadder()
        plain = unpad.update(padded) + unpad.finalize()
        return serialization.load_der_private_key(plain, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise WrongPassphrase(
            "The passphrase does not open this identity. Type it again."
        ) from problem


def key_der(text: bytes) -> bytes | None:
    """The encrypted key in a PEM file, None when there is none."""
    try:
        blocks = list(pem.unarmor(text, multiple=True))
    except ValueError as problem:
        raise BadIdentity("This identity file is damaged.") from problem
    return next((bytes(der) for kind, _, der in blocks if kind == _PEM_TYPE), None)


def read_p12(
    data: bytes, passphrase: str
) -> tuple[PrivateKeyTypes, x509.Certificate, list[x509.Certificate]]:
    """Key, certificate and further certificates of a .p12 or .pfx brought along."""
    _check_p12(data)
    try:
        key, cert, more = pyca_pkcs12.load_key_and_certificates(data, _secret(passphrase))
    except ValueError as problem:
        raise WrongPassphrase(
            "The passphrase does not open this .p12 file. Type it again."
        ) from problem
    except UnsupportedAlgorithm as problem:
        raise BadIdentity("This .p12 file uses an encryption that is not supported.") from problem
    if key is None or cert is None:
        raise BadIdentity("This .p12 file holds no key with its certificate.")
    return key, cert, list(more)


def write_p12(
    name: str,
    key: pyca_pkcs12.PKCS12PrivateKeyTypes,
    cert: x509.Certificate,
    chain: list[x509.Certificate],
    passphrase: str,
) -> bytes:
    """A .p12 that other tools open and in which a guess costs 600,000 rounds, checksum too."""
    how = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(P12_ROUNDS)
        .key_cert_algorithm(pyca_pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(_secret(passphrase))
    )
    data = pyca_pkcs12.serialize_key_and_certificates(name.encode(), key, cert, chain, how)
    return _slow_checksum(data, passphrase)


def _secret(passphrase: str) -> bytes:
    # The same word typed on another system may be composed differently.
    return unicodedata.normalize("NFC", passphrase).encode()


def _check_p12(data: bytes) -> None:
    """Refuse what is no PKCS#12, or one made to take forever."""
    try:
        pfx = pkcs12.Pfx.load(data, strict=True)
        rounds = [pfx["mac_data"]["iterations"].native] if pfx["mac_data"].native else []
        for part in pfx.authenticated_safe:
            if part["content_type"].native == "encrypted_data":
                info = part["content"]["encrypted_content_info"]
                rounds.append(_rounds(info["content_encryption_algorithm"]))
            else:
                rounds += _key_bag_rounds(bytes(part["content"]))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadIdentity("This is neither a Facilitator identity nor a .p12 file.") from problem
    if max(rounds, default=0) > _MOST_P12_ROUNDS:
        raise BadIdentity("This .p12 file asks for an unreasonable effort to open it.")


def _key_bag_rounds(contents: bytes) -> list[int]:
    return [
        _rounds(bag["bag_value"]["encryption_algorithm"])
        for bag in pkcs12.SafeContents.load(contents)
        if bag["bag_id"].native == "pkcs8_shrouded_key_bag"
    ]


def _rounds(algorithm: core.Sequence) -> int:
    params = algorithm["parameters"]
    if algorithm["algorithm"].native == "pbes2":
        params = params["key_derivation_func"]["parameters"]
        return int(params["iteration_count"].native)
    return int(params["iterations"].native)


def _slow_checksum(data: bytes, passphrase: str) -> bytes:
    """The same PKCS#12 with its checksum under as many rounds as its key."""
    pfx = pkcs12.Pfx.load(data)
    salt = os.urandom(16)
    key = _p12_mac_key(passphrase, salt)
    content = pfx["auth_safe"]["content"].native
    pfx["mac_data"] = pkcs12.MacData(
        {
            "mac": {
                "digest_algorithm": {"algorithm": "sha256"},
                "digest": hmac.digest(key, content, "sha256"),
            },
            "mac_salt": salt,
            "iterations": P12_ROUNDS,
        }
    )
    return bytes(pfx.dump(force=True))


def _p12_mac_key(passphrase: str, salt: bytes) -> bytes:
    """The key of a PKCS#12 checksum by RFC 7292, appendix B, for SHA-256: one block is enough."""
    block = 64
    word = unicodedata.normalize("NFC", passphrase).encode("utf-16-be") + b"\0\0"
    digest = b"\x03" * block + _filled(salt, block) + _filled(word, block)
    for _ in range(P12_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return digest


def _filled(text: bytes, block: int) -> bytes:
    length = -(-len(text) // block) * block
    return (text * (length // len(text) + 1))[:length]
