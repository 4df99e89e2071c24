"""Words and their classes: text becomes sentences of tagged tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# A sentence longer than this is cut, so that no rule ever meets more than so many tokens.
LONGEST = 300
MASKED = "\N{OBJECT REPLACEMENT CHARACTER}"
_TOKEN = r"\w{1,60}"
_FIRST_TAG = 0xE000
_CACHE = 50_000


@dataclass(frozen=True, slots=True)
class Suffix:
    """An ending that tells the class of a word that no list holds."""

    ending: str
    tags: str
    shortest: int


class Lexicon:
    """The word lists of one language; a tag is one private character, so that sets are strings."""

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]],
        suffixes: Iterable[tuple[str, Iterable[str], int]] = (),
        *,
        token: str = "",
        abbreviations: Iterable[str] = (),
    ) -> None:
        self._names: dict[str, str] = {}
        self._words: dict[str, str] = {}
        for name, words in lists.items():
            tag = self.tag(name)
            for word in words:
                self._words[word] = self._words.get(word, "") + tag
        self._suffixes = tuple(
            Suffix(ending, "".join(map(self.tag, tags)), shortest)
            for ending, tags, shortest in suffixes
        )
        self._known: dict[str, str] = {}
        pattern = f"{MASKED}+|{token or _TOKEN}|[^\\w\\s]"
        self.token = re.compile(pattern)
        self.abbreviations = frozenset(abbreviations)

    def tag(self, name: str) -> str:
        """The character that stands for a class of words."""
        return self._names.setdefault(name, chr(_FIRST_TAG + len(self._names)))

    def has(self, name: str) -> bool:
        """Whether a class of this name exists."""
        return name in self._names

    def words_of(self, name: str) -> frozenset[str] | None:
        """All words of a class, or nothing when endings can make new ones."""
        tag = self._names[name]
        if any(tag in suffix.tags for suffix in self._suffixes):
            return None
        return frozenset(word for word, tags in self._words.items() if tag in tags)

    def tags_of(self, word: str) -> str:
        """The classes of a word in lower case."""
        known = self._known.get(word)
        if known is None:
            known = self._look_up(word)
            if len(self._known) < _CACHE:
                self._known[word] = known
        return known

    def _look_up(self, word: str) -> str:
        listed = self._words.get(word)
        if listed is not None:
            return listed
        last = word.rpartition("-")[2]
        if last and last != word:
            return self.tags_of(last)
        for suffix in self._suffixes:
            if len(word) >= suffix.shortest and word.endswith(suffix.ending):
                return suffix.tags
        return ""


@dataclass(slots=True)
class Sentence:
    """Tokens with their classes; `code` is the same sentence as one string that rules search."""

    start: int
    end: int
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    code: str = ""

    def index(self, place: int) -> int:
        """The number of the token at a place of `code`."""
        return bisect_right(self.places, place) - 1

    def keys(self) -> set[str]:
        """All words and all classes that occur."""
        return {*self.words, *"".join(self.tags)}


def read_sentence(
    text: str, span: tuple[int, int], lexicon: Lexicon, extra: Mapping[str, str]
) -> Iterable[Sentence]:
    """The sentence at a span as tagged tokens, in pieces when it is very long."""
    capital, number, masked = map(lexicon.tag, ("capital", "number", "masked"))
    handle = lexicon.tag("name")
    sentence = Sentence(*span)
    for match in lexicon.token.finditer(text, *span):
        word = match.group()
        low = word.casefold().replace("’", "'")
        if word[0] == MASKED:
            low, tags = MASKED, masked
        else:
            tags = extra.get(word) or lexicon.tags_of(low)
            if word[0].isupper():
                tags += capital
            elif word[0] == "@":
                tags += handle
            elif word[0].isdigit():
                tags += number
        sentence.words.append(low)
        sentence.tags.append(tags)
        sentence.spans.append(match.span())
        if len(sentence.words) == LONGEST:
            yield _encoded(sentence)
            sentence = Sentence(*span)
    if sentence.words:
        yield _encoded(sentence)


def _encoded(sentence: Sentence) -> Sentence:
    parts = [f" {word}\x1f{tags}" for word, tags in zip(sentence.words, sentence.tags, strict=True)]
    place = 0
    for part in parts:
        sentence.places.append(place)
        place += len(part)
    sentence.code = "".join(parts)
    return sentence
