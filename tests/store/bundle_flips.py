"""Bits flipped in bundles, plain and sealed: told or harmless, and never half of it brought in."""

import base64
import functools
import hashlib
import hmac
import os
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.json_document import checked, creating
from facilitator.model.change import Refused
from facilitator.model.document import Document
from facilitator.store import bundle, sealing
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import BEGIN, add_moment, new_incident, quick_folder

WORDS = "correct horse battery staple"
_LIGHT = 4  # log2 of the work: a sealed file that opens in no time, so that many can be tried
_CHUNK = 65536


@functools.cache
def sample() -> tuple[Document, bytes]:
    """An incident of some size, and a bundle of it."""
    document = Document().with_changes(new_incident().changes)
    for n in range(40):
        words = f"Moment number {n}, in words nobody else uses"
        document = document.with_changes(add_moment(f"m{n}", words).changes)
    return document, bundle.make_bundle(document, BEGIN)


def flips(
    variants: int, seed: int, whole: bytes, passphrase: str = "", spots: Sequence[int] = ()
) -> Counter[str]:
    """Flip one bit at a time, at one of the spots or anywhere; count what came of bringing it in.

    "told" are those that were refused with a sentence, "harmless" those that brought in the very
    incident, "silent" those that brought in another, "half" those that left something behind
    though they were refused, "crashed" those that ended in no sentence.
    """
    chance = random.Random(seed)
    counts: Counter[str] = Counter(variants=variants)
    for _ in range(variants):
        flipped = bytearray(whole)
        flipped[chance.choice(spots or range(len(whole)))] ^= 1 << chance.randrange(8)
        counts[brought_in(bytes(flipped), passphrase)] += 1
    return counts


def used(whole: bytes) -> list[int]:
    """Where something stands in a bundle: much of it is empty pages."""
    return [at for at, byte in enumerate(whole) if byte]


def cuts(variants: int, seed: int, whole: bytes, passphrase: str = "") -> Counter[str]:
    """The same for bundles that end too early."""
    chance = random.Random(seed)
    ends = (chance.randrange(len(whole)) for _ in range(variants))
    return Counter(variants=variants) + Counter(brought_in(whole[:n], passphrase) for n in ends)


def brought_in(data: bytes, passphrase: str = "") -> str:
    """What comes of bringing these bytes into an empty library, as the commands do it."""
    folder = quick_folder()
    path = folder / ("a.pmroom.age" if passphrase else "a.pmroom")
    path.write_bytes(data)
    library = _empty_library(folder)
    try:
        try:
            document = checked(bundle.read_bundle(path, passphrase), path.name)
            library.create(creating(document, ()))
        except (LibraryProblem, ImportProblem, Refused):
            untouched = not library.incidents() and path.read_bytes() == data
            return "told" if untouched and library.check().is_clean else "half"
        except Exception:
            return "crashed"
        truth = sample()[0]
        there = library.document(truth.incident.id)
        return "harmless" if there == truth and library.check().is_clean else "silent"
    finally:
        library.close()
        shutil.rmtree(folder)


def sealed_heavily() -> bytes:
    """The sample sealed as the app does it, which takes a second to open."""
    return sealing.seal(sample()[1], WORDS)


def sealed_lightly() -> bytes:
    """The sample sealed in the same form with hardly any work in its passphrase (age v1)."""
    salt, file_key, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    label = b"age-encryption.org/v1/scrypt"
    key = Scrypt(label + salt, 32, 2**_LIGHT, 8, 1).derive(WORDS.encode())
    wrapped = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (
        _base64(salt),
        _LIGHT,
        _base64(wrapped),
    )
    mac = hmac.new(_derived(file_key, b"", b"header"), header, hashlib.sha256).digest()
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    plain = sample()[1]
    chunks = [plain[n : n + _CHUNK] for n in range(0, len(plain), _CHUNK)]
    payload = b"".join(
        cipher.encrypt(n.to_bytes(11, "big") + bytes([n == len(chunks) - 1]), chunk, None)
        for n, chunk in enumerate(chunks)
    )
    return header + b" " + _base64(mac) + b"\n" + nonce + payload


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(key)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


@functools.cache
def _empty() -> bytes:
    folder = quick_folder()
    path = folder / "library.sqlite"
    Library(path, spool=folder / "spool").close()
    data = path.read_bytes()
    shutil.rmtree(folder)
    return data


def _empty_library(folder: Path) -> Library:
    path = folder / "library.sqlite"
    path.write_bytes(_empty())
    path.chmod(0o600)
    return Library(path, spool=folder / "spool")
