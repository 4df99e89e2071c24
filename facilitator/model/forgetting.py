"""Words to be forgotten: how they may be spelled, where they stand, a document without them.

A name is found as a word of its own: several words in any case, a single one as it is spelled, in
capitals, and in any case inside a handle or an address, so that “Mark” leaves “to mark” alone. What
is the program's own (severities, roles, time zones, digests) is no place of anybody's words.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Final

from facilitator.model.change import Refused
from facilitator.model.codec import to_plain
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import NAMES, Incident, Record
from facilitator.model.redact import cased

REMOVED: Final = "[removed]"
_SHORTEST: Final = 2
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = r"[^\W_]"
# Fields that hold one of our own words, or a number that we made.
_OURS: Final = {
    *("severity", "level", "other_levels", "label", "role", "roles", "phase", "lane", "precision"),
    *("key", "provenance", "artefact_kind", "kind", "status", "destination", "zone", "boot_id"),
    *("digest", "head", "fingerprint", "rule", "field"),
}
# Fields that name a record: this one or another.
_IDS: Final = {"id", "parent", "why", "moment", "topic", "payer", "revision", "record"}


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be forgotten, and what is said instead.

    `any_case` finds single words in any case everywhere, `inside` finds all inside longer words.
    """

    words: tuple[str, ...]
    instead: str = REMOVED
    any_case: bool = False
    inside: bool = False

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return _pattern(self).search(_composed(text)) is not None

    def stand_in_id(self, ident: str) -> bool:
        """Whether one stands in an id: whoever made it, a machine wrote it in any case."""
        return replace(self, any_case=True).stand_in(ident)

    def count_in(self, plain: Any) -> int:  # noqa: ANN401  (any JSON value)
        """How many texts in these plain values of records hold one."""
        return sum(
            self.stand_in_id(text) if key in _IDS else self.stand_in(text)
            for key, text in _texts(plain)
        )

    def out_of(self, text: str) -> str:
        """The text with the replacement instead of them."""
        said = _composed(text)
        return _pattern(self).sub(lambda m: cased(self.instead, said, m.start()), said)

    def widest(self) -> Words:
        """The same words in any case and inside longer ones."""
        return replace(self, any_case=True, inside=True)

    def stand_in_json(self, body: str) -> bool:
        """Whether one stands in the records of a journal's body; what is none is read as it is."""
        try:
            sides = [side for _name, *both in json.loads(body) for side in both]
            return bool(self.count_in(sides))
        except (ValueError, TypeError, RecursionError):
            return self.widest().stand_in(body)


def words_of(typed: Iterable[str], instead: str = REMOVED, **found: bool) -> Words:
    """The words as they were typed. Raises Refused when they cannot be forgotten safely."""
    words = dict.fromkeys(_SPACES.sub(" ", _composed(word)).strip() for word in typed)
    made = Words(tuple(word for word in words if word), instead.strip() or REMOVED, **found)
    if not made.words:
        raise Refused("Say which words are to be forgotten.")
    if any(len(word) < _SHORTEST for word in made.words):
        raise Refused(f"A word to forget needs {_SHORTEST} characters at least.")
    if made.stand_in(made.instead):
        raise Refused(
            f"“{made.instead}” holds what is to be forgotten. Say something else instead."
        )
    return made


def places(document: Document, words: Words) -> Counter[str]:
    """How many fields hold one of the words, by the name of the kind of record."""
    found: Counter[str] = Counter()
    for record in document.records():
        found[NAMES[type(record)]] += words.count_in(to_plain(record))
    return +found


def spellings(document: Document, words: Words) -> Counter[str]:
    """Words that hold one of these and are yet not found by them, with how often they stand."""
    wide = _spelled(words.words)
    found: Counter[str] = Counter()
    for record in document.records():
        for _key, text in _texts(to_plain(record)):
            # Where they are found, others are looked for in what is left.
            rest = _pattern(words).sub("\0", _composed(text))
            found.update(wide.findall(rest))
    return found


def without(document: Document, words: Words) -> Document:
    """The document in which they stand no more; ids that held one are new.

    Raises Refused when one would stand in it all the same.
    """
    incident = document.incident.id
    if words.stand_in_id(incident):
        raise Refused(
            f"It stands in the id of the incident, {incident}, which cannot change. Export the"
            " incident as JSON, change the id there and bring it back."
        )
    ids = renamed(document, words)
    made = Document(_without(record, words, ids) for record in document.records())
    if places(made, words):
        raise Refused(f"“{words.instead}” put in its place spells it again. Say something else.")
    return made


def lines_without(text: str, words: Words) -> str:
    """Those lines of a text in which none of them stands."""
    return "\n".join(line for line in text.splitlines() if not words.stand_in(line))


def renamed(document: Document, words: Words) -> dict[str, str]:
    """A new id for each that holds one of the words: ids can come from outside, and speak."""
    held = {r.id for r in document.records() if not isinstance(r, Incident)}
    return {ident: new_id() for ident in held if words.stand_in_id(ident)}


def _without(record: Record, words: Words, ids: Mapping[str, str]) -> Record:
    values: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if not isinstance(value, str) or field.name in _OURS:
            continue
        if field.name in _IDS:
            values[field.name] = ids.get(value, value)
        elif words.stand_in(value):
            values[field.name] = words.out_of(value)
    return replace(record, **values)


def _texts(plain: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Every text in plain values of records that is not the program's own, after its field."""
    if isinstance(plain, str):
        yield key, plain
    elif isinstance(plain, dict):
        for name, value in plain.items():
            if name not in _OURS:
                yield from _texts(value, name)
    elif isinstance(plain, (list, tuple)):
        for value in plain:
            yield from _texts(value, key)


@lru_cache(maxsize=64)
def _pattern(words: Words) -> re.Pattern[str]:
    longest_first = sorted(words.words, key=len, reverse=True)
    return re.compile("|".join(_found(word, words) for word in longest_first))


def _found(word: str, words: Words) -> str:
    spelled = _any_space(word)
    if words.inside:
        return f"(?i:{spelled})"
    alone = rf"(?<!{_WORD})(?:{{}})(?!{_WORD})"
    if words.any_case or " " in word or word.islower():
        return alone.format(f"(?i:{spelled})")
    handle = rf"(?<=[@._/\\])(?i:{spelled})(?!{_WORD})|(?<!{_WORD})(?i:{spelled})(?=[@_]|\.\w)"
    return f"{alone.format(f'{spelled}|{_any_space(word.upper())}')}|{handle}"


@lru_cache(maxsize=16)
def _spelled(words: tuple[str, ...]) -> re.Pattern[str]:
    held = "|".join(map(_any_space, sorted(words, key=len, reverse=True)))
    return re.compile(rf"{_WORD}*(?i:{held}){_WORD}*")


def _any_space(word: str) -> str:
    return r"\s+".join(map(re.escape, word.split()))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
