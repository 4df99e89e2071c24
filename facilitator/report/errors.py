"""What can go wrong with a report, an identity or a signature, each as a sentence for the user."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What it would log stands in our sentences, in words for the reader.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


class ReportError(Exception):
    """A foreseen failure; `sentence` says what, and what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAPdf(ReportError):
    """The bytes are no PDF, or one so broken that nothing can be said about it."""


class BadIdentity(ReportError):
    """The identity, card or .p12 cannot be read or made."""


class WrongPassphrase(ReportError):
    """The passphrase does not open the identity."""


class WrongPin(ReportError):
    """The token did not take the PIN; it was given once and is not tried again."""


class TokenFailed(ReportError):
    """The card or token, or its module, did not do what was asked; nothing was signed."""


class SigningRefused(ReportError):
    """The report or the signer is not in a state to sign; nothing was changed."""


class TimestampFailed(ReportError):
    """The timestamp service gave no usable answer; nothing was changed, and one may go on
    without it.
    """


@contextmanager
def reading_a_stranger() -> Iterator[None]:
    """Whatever a parser raises inside, the caller sees NotAPdf; our own errors pass through."""
    try:
        yield
    except ReportError:
        raise
    # A hostile file can raise anything out of a parser, and each of them means the same here.
    except Exception as problem:
        raise NotAPdf("This file cannot be read as a PDF; it may be damaged.") from problem
