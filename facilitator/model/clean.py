"""Text from outside is cleaned once, here, before it becomes part of a record."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from facilitator.model.change import Refused

LONGEST_TEXT: Final = 100_000
LONGEST_LINE: Final = 500
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """The text in NFC with control, surrogate and bidirectional-override characters removed.

    Line ends become newlines, outer white space goes. Raises Refused above 100,000 characters.
    """
    cleaned = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    cleaned = unicodedata.normalize("NFC", cleaned).strip()
    if len(cleaned) > LONGEST_TEXT:
        raise Refused(
            f"This text has {len(cleaned):,} characters; at most {LONGEST_TEXT:,} can be kept."
            " Split it, or attach it as a file."
        )
    return cleaned


def clean_line(text: str) -> str:
    """The text on one line: cleaned, with every run of white space as one space."""
    return " ".join(clean_text(text).split())


def was_cleaned(text: str) -> bool:
    """Whether cleaning takes out characters that the eye does not see."""
    return _UNWANTED.search(text) is not None
