"""Words to be forgotten: how they may be spelled, where they stand, a document without them.

A name is found as a word of its own: several words in any case, a single one as it is spelled, in
capitals, and in any case inside a handle or an address, so that “Mark” leaves “to mark” alone. What
is the program's own (severities, roles, time zones, digests) is no place of anybody's words. The
name of a participant becomes “[name forgotten]”, anything else says what is said instead.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import chain, count
from typing import Any, Final

from facilitator.model.change import Refused
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import KINDS, NAMES, Incident, Person, Record, Signature
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
_TEXTS: Final[dict[type[Record], tuple[str, ...]]] = {
    kind: tuple(f.name for f in fields(kind) if f.type == "str" and f.name not in _OURS)
    for kind in KINDS.values()
}


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
        said = _composed(text)
        return self._may_stand_in(said) and _pattern(self).search(said) is not None

    def _may_stand_in(self, said: str) -> bool:
        # Almost every text is without them; this is told far sooner than by a pattern.
        folded = said.casefold()
        return any(core in folded for core in _cores(self.words))

    def stand_in_id(self, ident: str) -> bool:
        """Whether one stands in an id: whoever made it, a machine wrote it in any case."""
        return self._may_stand_in(ident) and replace(self, any_case=True).stand_in(ident)

    def count_in(self, texts: Iterable[tuple[str, str]]) -> int:
        """How many of these texts, each after the name of its field, hold one."""
        return sum(
            self.stand_in_id(text) if field in _IDS else self.stand_in(text)
            for field, text in texts
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
        if not self._may_stand_in(_composed(body)):
            return False
        try:
            sides = [side for _name, *both in json.loads(body) for side in both]
            return self.count_in(_plain_texts(sides)) > 0
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
        found[NAMES[type(record)]] += words.count_in(_texts(record))
    return +found


def spellings(document: Document, words: Words) -> Counter[str]:
    """Words that hold one of these and are yet not found by them, with how often they stand."""
    wide, widest = _spelled(words.words), words.widest()
    found: Counter[str] = Counter()
    for record in document.records():
        for _field, text in _texts(record):
            if widest.stand_in(text):
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
    ids, names = renamed(document, words), _nameless(document, words)
    made = Document(_without(record, words, ids, names) for record in document.records())
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


def _nameless(document: Document, words: Words) -> dict[str, str]:
    """What each name that holds one of the words becomes: equal names stay equal, others not.

    A role would not do. Its words would be taken for somebody's name wherever they stand.
    """
    people: tuple[Person | Signature, ...] = document.all(Person)
    people += document.all(Signature)
    names = dict.fromkeys(record.name for record in people)
    numbers = chain([""], (f"-{n}" for n in count(2)))
    free = (f"[name{number} forgotten]" for number in numbers)
    unused = (mark for mark in free if not any(mark in name for name in names))
    held = (name for name in names if words.stand_in(name))
    return {
        name: replace(words, instead=mark).out_of(name)
        for name, mark in zip(held, unused, strict=False)
    }


def _without(
    record: Record, words: Words, ids: Mapping[str, str], names: Mapping[str, str]
) -> Record:
    values: dict[str, Any] = {}
    for field, value in _texts(record):
        if field == "name" and isinstance(record, (Person, Signature)):
            values[field] = names.get(value, value)
        elif field in _IDS:
            values[field] = ids.get(value, value)
        elif words.stand_in(value):
            values[field] = words.out_of(value)
    changed = {field: value for field, value in values.items() if value != getattr(record, field)}
    return replace(record, **changed) if changed else record


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """Every text of a record that is not the program's own, after its field."""
    return ((name, getattr(record, name)) for name in _TEXTS[type(record)])


def _plain_texts(plain: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """The same of records as plain values, in whatever they are kept."""
    if isinstance(plain, str):
        yield key, plain
    elif isinstance(plain, dict):
        for name, value in plain.items():
            if name not in _OURS:
                yield from _plain_texts(value, name)
    elif isinstance(plain, (list, tuple)):
        for value in plain:
            yield from _plain_texts(value, key)


@lru_cache(maxsize=64)
def _cores(words: tuple[str, ...]) -> tuple[str, ...]:
    """A part of each word without which it stands nowhere, plainly and as JSON spells it."""
    cores = {max(word.split(), key=len).casefold() for word in words}
    return tuple(cores | {json.dumps(core, ensure_ascii=False)[1:-1] for core in cores})


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
