"""Terms in plain words, for the room and for executives; also the list of jargon."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade with a plain sentence for each kind of listener."""

    id: str
    term: str
    full: str  # the spelt-out name of an abbreviation, else ""
    room: str
    executive: str
    caveat: str
    also: tuple[str, ...]  # other spellings that mean the same
    plain: str  # what to write instead for executives; "" when the term is no jargon
    words: Mapping[str, str]  # other forms that need other plain words, such as plurals


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms by the order of their names."""

    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()

    def find(self, name: str) -> Term | None:
        """The term with this name, id or other spelling, whatever its case; else nothing."""
        wanted = _key(name)
        return next((term for term in self.terms if wanted in _keys(term)), None)

    def search(self, query: str) -> tuple[Term, ...]:
        """Terms whose name or sentences hold every word of the query; names come first."""
        words = query.casefold().split()
        named = [t for t in self.terms if all(w in _names(t) for w in words)]
        told = [t for t in self.terms if t not in named and all(w in _text(t) for w in words)]
        return (*named, *told)

    def plain_words(self) -> Mapping[str, str]:
        """Jargon and what to write for executives; abbreviations keep their capitals."""
        found = {}
        for term in self.terms:
            names = {name: term.plain for name in (term.term, *term.also) if term.plain}
            for name, plain in {**names, **term.words}.items():
                found[name if name.isupper() or name[:-1].isupper() else name.casefold()] = plain
        return found


def load_glossary(paths: Iterable[Path]) -> Glossary:
    """The terms of these TOML files; a term that cannot be read is named in `problems`."""
    terms: dict[str, Term] = {}
    problems: list[str] = []
    for path in paths:
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("term", [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        for number, row in enumerate(rows, 1):
            try:
                term = _term(row)
                terms[term.id] = term
            except (KeyError, TypeError) as error:
                problems.append(f"{path.name}: term {number}: {error} is missing or wrong")
    return Glossary(
        tuple(sorted(terms.values(), key=lambda term: term.term.casefold())), tuple(problems)
    )


def _term(row: Mapping[str, object]) -> Term:
    also = row.get("also", [])
    words = row.get("words", {})
    if not isinstance(also, list) or not isinstance(words, dict):
        raise TypeError("also")
    return Term(
        id=str(row["id"]),
        term=str(row["term"]),
        full=str(row.get("full", "")),
        room=str(row["room"]),
        executive=str(row["executive"]),
        caveat=str(row.get("caveat", "")),
        also=tuple(str(name) for name in also),
        plain=str(row.get("plain", "")),
        words={str(name): str(plain) for name, plain in words.items()},
    )


def _key(name: str) -> str:
    return _MARKS.sub(" ", name.casefold()).strip()


def _keys(term: Term) -> set[str]:
    return {_key(name) for name in (term.id, term.term, term.full, *term.also, *term.words)}


def _names(term: Term) -> str:
    return " ".join((term.term, term.full, *term.also)).casefold()


def _text(term: Term) -> str:
    return f"{_names(term)} {term.room} {term.executive} {term.caveat}".casefold()
