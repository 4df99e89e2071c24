"""The bytes of a signature that the signature itself does not protect.

A PDF signature covers everything but its own hex digits. What stands there is therefore held to
one single spelling: each digit, the zeros after it, every field of the message that its signer
did not sign. A flipped bit anywhere in it then shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from asn1crypto import cms, parser
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from facilitator.report.certificates import chain_above, chain_digest, load_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEX = re.compile(rb"<(?:[0-9A-F]*|[0-9a-f]*)>")
SIGNATURE, TIMESTAMP = "data", "tst_info"
_VERSIONS = {SIGNATURE: "v1", TIMESTAMP: "v3"}
_TIMESTAMP_ATTRIBUTE = "signature_time_stamp_token"


def spelling_problems(
    pdf: bytes,
    byte_range: list[int],
    contents: bytes,
    chain: bytes | None = None,
    *,
    kind: str = SIGNATURE,
) -> Iterator[str]:
    """What is wrong with the gap that a signature leaves for itself, and with what fills it.

    `chain` is the digest of the issuers' certificates, when the signed bytes state one; `kind`
    is what was signed: the file itself, or a timestamp over it.
    """
    if not _is_plain_range(byte_range, len(pdf)):
        yield "The signature does not say in the usual way which bytes it covers."
        return
    gap = pdf[byte_range[1] : byte_range[2]]
    if not _HEX.fullmatch(gap) or len(gap) % 2:
        yield "The signature's own digits were altered."
        return
    if bytes.fromhex(gap[1:-1].decode("ascii")) != contents:
        yield "The signature stands in another place than it says."
        return
    message = message_of(contents)
    if message is None or contents[len(message) :].strip(b"\0"):
        yield "There is something behind the signature that nobody signed."
        return
    yield from _message_problems(message, chain, kind)


def message_of(contents: bytes) -> bytes | None:
    """The signature without the zeros that fill its place, None when it is none."""
    try:
        header, body, trailer = parser.parse(contents, strict=False)[3:6]
    except ValueError:
        return None
    return bytes(header + body + trailer)


def token_problems(token: bytes) -> Iterator[str]:
    """What is wrong with a timestamp token that is to go into a signature."""
    yield from _message_problems(token, None, TIMESTAMP)


def _is_plain_range(byte_range: list[int], size: int) -> bool:
    if len(byte_range) != 4 or not all(isinstance(number, int) for number in byte_range):
        return False
    first, length, second, rest = byte_range
    return first == 0 and 0 < length < second and rest > 0 and second + rest <= size


def _message_problems(message: bytes, chain: bytes | None, kind: str) -> Iterator[str]:
    info = cms.ContentInfo.load(message, strict=True)
    if info["content_type"].native != "signed_data":
        yield "The signature is not a signed message."
        return
    if not _is_canonical(message):
        yield "The signature is not written in its one canonical form."
    yield from _signed_data_problems(info, kind, chain)
    for token in _timestamps(info["content"]):
        yield from _signed_data_problems(token, TIMESTAMP, None)


def _is_canonical(encoded: bytes) -> bool:
    """Whether a run of DER values is spelled in the one way that DER allows."""
    at = 0
    while at < len(encoded):
        length = _length_at(encoded, at + 1)
        if length is None:
            return False
        size, begin = length
        body = encoded[begin : begin + size]
        if len(body) != size or not _is_canonical_value(encoded[at], body):
            return False
        at = begin + size
    return True


def _is_canonical_value(tag: int, body: bytes) -> bool:
    is_constructed, number = bool(tag & 0x20), tag & 0x1F
    if number == 0x1F:
        return False
    if tag < 0x40 and is_constructed != (number in (16, 17)):
        return False
    if tag == 0x01:
        return body in (b"\0", b"\xff")
    return not is_constructed or _is_canonical(body)


def _length_at(encoded: bytes, at: int) -> tuple[int, int] | None:
    """The length written here and where it ends, None when it is not the shortest way."""
    first = encoded[at] if at < len(encoded) else 0x80
    if first < 0x80:
        return first, at + 1
    digits = encoded[at + 1 : at + 1 + (first & 0x7F)]
    size = int.from_bytes(digits, "big")
    is_shortest = size >= 0x80 and digits[:1] != b"\0" and len(digits) == first & 0x7F
    return (size, at + 1 + len(digits)) if is_shortest else None


def _signed_data_problems(info: cms.ContentInfo, kind: str, chain: bytes | None) -> Iterator[str]:
    signed = info["content"]
    signers = list(signed["signer_infos"])
    if len(signers) != 1:
        yield "The signature holds more than one signer, or none."
        return
    signer = signers[0]
    digests = [d.dump() for d in signed["digest_algorithms"]]
    in_order = (
        signed["version"].native == _VERSIONS[kind]
        and signer["version"].native == "v1"
        and digests == [signer["digest_algorithm"].dump()]
        and not signer["digest_algorithm"]["parameters"].native
        and signed["encap_content_info"]["content_type"].native == kind
        and (kind == TIMESTAMP or signed["encap_content_info"]["content"].native is None)
        and not signed["crls"].native
        and _is_plain_algorithm(signer)
        and _is_in_shape(info, signed, signer)
    )
    if not in_order:
        yield "A part of the signature that nobody signed was altered."
    yield from _certificate_problems(signed, signer, chain)
    kinds = {attribute["type"].native for attribute in signer["unsigned_attrs"]}
    if kinds - {_TIMESTAMP_ATTRIBUTE}:
        yield "Something was added to the signature that nobody signed."


def _is_in_shape(info: cms.ContentInfo, signed: cms.SignedData, signer: cms.SignerInfo) -> bool:
    """Whether the message has the expected parts and no other; the parser skips unknown ones."""
    return (
        _tags(info.contents) == b"\x06\xa0"
        and _tags(signed.contents) == b"\x02\x31\x30\xa0\x31"
        and _tags(signer.contents).removesuffix(b"\xa1") == b"\x02\x30\x30\xa0\x30\x04"
        and _tags(signed["encap_content_info"].contents) in (b"\x06", b"\x06\xa0")
    )


def _tags(encoded: bytes) -> bytes:
    """The tags of the values that follow one another here; the encoding is canonical."""
    tags, at = bytearray(), 0
    while at < len(encoded):
        tags.append(encoded[at])
        size, begin = _length_at(encoded, at + 1) or (len(encoded), at)
        at = begin + size
    return bytes(tags)


def _is_plain_algorithm(signer: cms.SignerInfo) -> bool:
    """Whether the algorithm carries no parameters that could be altered unseen."""
    algorithm = signer["signature_algorithm"]
    return algorithm["algorithm"].native == "rsassa_pss" or not algorithm["parameters"].native


def _certificate_problems(
    signed: cms.SignedData, signer: cms.SignerInfo, stated: bytes | None
) -> Iterator[str]:
    """The signer signs the own certificate only; the ones above must prove themselves."""
    try:
        certs = [load_certificate(c.chosen) for c in signed["certificates"]]
    except ValueError:
        yield "A certificate in the signature cannot be read."
        return
    said = signer["sid"].chosen
    own = [cert for cert in certs if cert.serial_number == said["serial_number"].native]
    # Names that differ in case only count as the same elsewhere, which would hide a change.
    if len(own) != 1 or own[0].issuer.public_bytes() != said["issuer"].dump():
        yield "The signature does not say whose it is."
        return
    chain = chain_above(own[0], certs)
    belongs = len(chain) == len(certs) - 1 and _root_proves_itself(chain)
    if not belongs or stated not in (None, chain_digest(chain)):
        yield "A certificate that came with the signature was altered or does not belong to it."


def _root_proves_itself(chain: list[x509.Certificate]) -> bool:
    if not chain or chain[-1].issuer != chain[-1].subject:
        return True
    try:
        chain[-1].verify_directly_issued_by(chain[-1])
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _timestamps(signed: cms.SignedData) -> Iterator[cms.ContentInfo]:
    for attribute in signed["signer_infos"][0]["unsigned_attrs"]:
        if attribute["type"].native == _TIMESTAMP_ATTRIBUTE:
            yield from attribute["values"]
