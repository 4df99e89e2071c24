"""What is no speech of the writer (code, logs, quotations), and where sentences begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.language.words import MASKED, Lexicon

_BREAK = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n+|;(?=\s)")
# Bullets, tick boxes and times of day at the start of a line stay when its sentence is replaced.
_LEAD = re.compile(
    r"\s*(?:[-*•>#]+\s+|\[[ xX]?\]\s+|\d{1,3}[.)]\s+"
    r"|`?\d{1,2}:\d{2}(?::\d{2})?`?(?:\s?(?:UTC|GMT|Z|[ap]m))?(?:\s*[-–—:,])?\s+)*"
)
_LABEL = re.compile(r"(?:[\w/#-]{1,24} ){0,2}[\w/#-]{1,24}:(?=\s)")


@dataclass(frozen=True, slots=True)
class Mask:
    """A pattern of text that is no speech of the writer."""

    regex: re.Pattern[str]
    quotes: bool  # a quotation that is most of the note is what somebody said, so it is read


def hide(text: str, masks: Iterable[Mask]) -> tuple[str, bool]:
    """The text with masked places blotted out, same length; and whether a quotation was left."""
    quoted = False
    letters = max(1, len(text.strip()))
    for mask in masks:
        pieces: list[str] = []
        last = 0
        for match in mask.regex.finditer(text):
            if mask.quotes and (match.end() - match.start()) * 10 > letters * 6:
                quoted = True
                continue
            pieces += (text[last : match.start()], MASKED * (match.end() - match.start()))
            last = match.end()
        if last:
            text = "".join((*pieces, text[last:]))
    return text, quoted


def split_sentences(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The spans of the sentences, without bullets, labels and times before them."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.group()[0] == "." and _abbreviated(text, start, match.start(), lexicon):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _abbreviated(text: str, start: int, dot: int, lexicon: Lexicon) -> bool:
    tail = text[max(start, dot - 12) : dot].rpartition(" ")[2]
    return tail.casefold().lstrip("(") in lexicon.abbreviations


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    label = _LABEL.match(text, start, end)
    if label:
        yield label.start(), label.end() - 1
        start = label.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
