"""Names and words of the trade: where they stand, and the role or plain word for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from facilitator.language.masking import hide
from facilitator.language.rewording import tidy
from facilitator.language.rules import JARGON, NAMED
from facilitator.language.search import Ask

_FIELDS = frozenset(("", "summary", "impact"))


@dataclass(frozen=True, slots=True)
class PlainWord:
    """A name or a word of the trade in a text, and what to write for it."""

    start: int
    end: int
    family: str
    instead: str


def plain(sentence: str, ask: Ask) -> str:
    """The sentence with roles for names and, for executives, plain words for jargon."""
    words = plain_words(sentence, ask)
    for word in reversed(words):
        sentence = sentence[: word.start] + word.instead + sentence[word.end :]
    return tidy(sentence, ask.rules.mends) if sentence else ""


def plain_words(text: str, ask: Ask) -> list[PlainWord]:
    """All names and, for executives, all jargon in the text, in reading order."""
    found: list[PlainWord] = []
    if ask.names and NAMED in ask.rules.families:
        found += _places(text, _roles(ask.names), NAMED, exact=True)
    family = ask.rules.families.get(JARGON)
    if family and ask.rules.jargon and ask.wants(family) and ask.field in _FIELDS:
        # What is quoted is a name or somebody's words: neither is ours to put plainly.
        hidden, _ = hide(text, ask.rules.masks)
        found += _places(hidden, ask.rules.jargon, JARGON, exact=False)
    found.sort(key=lambda word: (word.start, -word.end))
    kept: list[PlainWord] = []
    for word in found:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _roles(names: Mapping[str, str]) -> Mapping[str, str]:
    """Full names and first names, each with the role; a first name that two share is left out."""
    first = [name.split()[0] for name in names if name.split()]
    short = {
        name.split()[0]: role
        for name, role in names.items()
        if name.split() and first.count(name.split()[0]) == 1
    }
    return {**short, **names}


def _places(
    text: str, words: Mapping[str, str], family: str, *, exact: bool
) -> Iterator[PlainWord]:
    for match in _any_of(tuple(sorted(words, key=len, reverse=True)), exact).finditer(text):
        word = match.group()
        # "PR" is a word of the trade and "pr" is not: abbreviations are known by their capitals.
        instead = words.get(word) or ("" if word.isupper() else words.get(word.casefold(), ""))
        if instead:
            yield PlainWord(match.start(), match.end(), family, instead)


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...], exact: bool) -> re.Pattern[str]:
    either = "|".join(re.escape(word) for word in words if word.strip()) or r"(?!)"
    return re.compile(rf"(?<![\w@-])(?:{either})(?![\w-])", 0 if exact else re.IGNORECASE)
