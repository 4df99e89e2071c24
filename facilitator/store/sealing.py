"""Bytes under a passphrase, as age makes them: another age opens them, a changed bit is refused.

The passphrase is stretched by scrypt (age chooses the cost for about a second on this machine);
the content is encrypted and authenticated by ChaCha20-Poly1305. There is no way back without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from facilitator.store.problems import LibraryProblem

_MAGIC: Final = b"age-encryption.org/v1\n"
SHORTEST: Final = 8


def is_sealed(data: bytes) -> bool:
    """Whether these bytes are an age file."""
    return data.startswith(_MAGIC)


def seal(data: bytes, passphrase: str) -> bytes:
    """The bytes encrypted. Raises LibraryProblem when the passphrase is too short to be one."""
    import pyrage

    check_passphrase(passphrase)
    sealed: bytes = pyrage.passphrase.encrypt(data, passphrase)
    return sealed


def check_passphrase(passphrase: str) -> None:
    """Raise LibraryProblem unless the passphrase is long enough to protect anything."""
    if len(passphrase) < SHORTEST:
        raise LibraryProblem(
            f"A passphrase needs at least {SHORTEST} characters; some words are best.",
            "passphrase",
        )


def unseal(data: bytes, passphrase: str, path: Path) -> bytes:
    """The bytes as they were. Raises LibraryProblem: wrong passphrase, or a changed file."""
    import pyrage

    try:
        opened: bytes = pyrage.passphrase.decrypt(data, passphrase)
    except pyrage.DecryptError as error:
        raise LibraryProblem(
            f"{path} cannot be opened: the passphrase is wrong, or the file was changed. Type it"
            " again, or ask the sender for the file once more.",
            "passphrase",
        ) from error
    return opened
