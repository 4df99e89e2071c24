"""Raw signatures: which digest goes with a key, how long they get, made here and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

if TYPE_CHECKING:
    from cryptography import x509

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
SMALLEST_RSA: Final = 2048
_HASHES: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def public_key_of(cert: x509.Certificate) -> PublicKey | None:
    """The key that checks what a certificate signed, None when readers do not know its kind."""
    try:
        found = cert.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) else None


def digest_for(public: PublicKey) -> str:
    """The digest that is as strong as the key."""
    if isinstance(public, ec.EllipticCurvePublicKey) and public.key_size > 256:
        return "sha384" if public.key_size <= 384 else "sha512"
    return "sha256"


def digest_size(digest: str) -> int:
    """How many bytes a digest has."""
    return _HASHES[digest].digest_size


def longest_signature(public: PublicKey) -> int:
    """The most bytes that a signature of this key takes."""
    size = (public.key_size + 7) // 8
    # DER of two numbers, each perhaps with a zero before it.
    return 2 * size + 10 if isinstance(public, ec.EllipticCurvePublicKey) else size


def sign_raw(key: PrivateKey, data: bytes, digest: str) -> bytes:
    """The signature over data: DER for ECDSA, PKCS#1 v1.5 for RSA."""
    chosen = _HASHES[digest]()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(chosen))
    return key.sign(data, padding.PKCS1v15(), chosen)


def check_raw(public: PublicKey, signature: bytes, data: bytes, digest: str) -> None:
    """Raise InvalidSignature unless `sign_raw` with the other half of the key made this."""
    chosen = _HASHES[digest]()
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, data, ec.ECDSA(chosen))
    else:
        public.verify(signature, data, padding.PKCS1v15(), chosen)
