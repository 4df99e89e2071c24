"""Sentences a facilitator can say, kept as data and filled from the meeting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_BLANK = re.compile(r"\[([A-Z][A-Za-z' ]{0,40})\]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence to say, with `[Blanks]` that the meeting fills."""

    id: str
    text: str
    title: str
    group: str  # "element", "situation", "family", "prompt" or "opening"
    key: str  # the element, situation, family or phase it belongs to

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of the blanks, in reading order."""
        return tuple(_BLANK.findall(self.text))


@dataclass(frozen=True, slots=True)
class Section:
    """A titled set of phrases: one script element, one situation, one family or one phase."""

    id: str
    title: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class PhraseBank:
    """All phrases of the phrase files, in the order of the files."""

    elements: tuple[Section, ...] = ()
    situations: tuple[Section, ...] = ()
    families: tuple[Section, ...] = ()
    prompts: tuple[Section, ...] = ()
    openings: tuple[Phrase, ...] = ()
    problems: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)

    def all(self) -> tuple[Phrase, ...]:
        """Every phrase, elements first."""
        sections = (*self.elements, *self.situations, *self.families, *self.prompts)
        return (*self.openings, *(phrase for section in sections for phrase in section.phrases))

    def search(self, query: str) -> tuple[Phrase, ...]:
        """The phrases that hold every word of the query, in any case."""
        words = query.casefold().split()
        return tuple(
            phrase
            for phrase in self.all()
            if all(word in f"{phrase.title} {phrase.text}".casefold() for word in words)
        )

    def situation(self, name: str) -> tuple[Phrase, ...]:
        """The phrases for a situation such as "pause" or "silence"; none if it is unknown."""
        return _phrases_of(self.situations, name)

    def prompts_for(self, phase: str) -> tuple[Phrase, ...]:
        """The prompts for a phase of the meeting; none if it is unknown."""
        return _phrases_of(self.prompts, phase)

    def redirect_for(self, family: str, values: Mapping[str, str] | None = None) -> str:
        """One sentence to say when words of this family were heard, filled and ready to speak."""
        choices = _phrases_of(self.families, family) or self.situation("redirect")
        return self.fill(choices[0].text, values or {}) if choices else ""

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """The text with its blanks filled: from the values, else by the plain default words."""

        def word(match: re.Match[str]) -> str:
            name = match.group(1)
            return values.get(name) or self.defaults.get(name) or match.group(0)

        return _sentence_case(_BLANK.sub(word, text))


def load_phrases(paths: Iterable[Path]) -> PhraseBank:
    """The phrases of these TOML files; a file that cannot be read is named in `problems`."""
    sections: dict[str, list[Section]] = {}
    openings: list[Phrase] = []
    problems: list[str] = []
    defaults: dict[str, str] = {}
    for path in paths:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            defaults.update(data.get("defaults", {}))
            for group in ("element", "situation", "family", "prompt"):
                found = [_section(group, row) for row in data.get(group, [])]
                sections.setdefault(group, []).extend(found)
            openings.extend(
                Phrase(row["id"], _clean(row["text"]), row["title"], "opening", row["id"])
                for row in data.get("opening", [])
            )
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            problems.append(f"{path.name}: {_reason(error)}")
    return PhraseBank(
        elements=tuple(sections.get("element", ())),
        situations=tuple(sections.get("situation", ())),
        families=tuple(sections.get("family", ())),
        prompts=tuple(sections.get("prompt", ())),
        openings=tuple(openings),
        problems=tuple(problems),
        defaults=defaults,
    )


def _section(group: str, row: Mapping[str, object]) -> Section:
    name, title = str(row["id"]), str(row["title"])
    texts = row["phrases"]
    if not isinstance(texts, list):
        raise TypeError("phrases must be a list")
    phrases = tuple(
        Phrase(f"{group}.{name}.{number}", _clean(str(text)), title, group, name)
        for number, text in enumerate(texts, 1)
    )
    return Section(name, title, phrases)


def _phrases_of(sections: Iterable[Section], name: str) -> tuple[Phrase, ...]:
    return next((section.phrases for section in sections if section.id == name), ())


def _clean(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
