"""Text in, hints out: where the words blame, with what to say and write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facilitator.language.rewording import Place, reword, tidy
from facilitator.language.rules import JARGON, NAMED, RuleSet
from facilitator.language.search import Ask, Found, search

NOBODY: Mapping[str, str] = MappingProxyType({})
EXECUTIVE = "executive"
_EXECUTIVE_FIELDS = frozenset(("", "summary", "impact"))
_DEEPEST = 2
_MOST_SUGGESTIONS = 3
_END = re.compile(r"[.!?…]+$")


@dataclass(frozen=True, slots=True)
class Hint:
    """Words that may blame, and what to do about them; offsets count code points of the text."""

    rule: str
    family: str
    strength: str
    start: int
    end: int
    text: str
    reason: str
    say: str
    suggestions: tuple[str, ...]
    question: str
    sentence: tuple[int, int]
    names_person: bool


def find_hints(
    text: str,
    rules: RuleSet,
    *,
    field: str = "",
    names: Mapping[str, str] = NOBODY,
    audience: str = "room",
) -> tuple[Hint, ...]:
    """The hints in a text, in reading order; `names` maps participants to their roles."""
    ask = Ask(rules, field, names, audience)
    hints = [_hint(text, found, ask) for found in search(text, ask)]
    taken = [(hint.start, hint.end) for hint in hints]
    for start, end, maker in _plain_places(text, ask):
        if all(end <= first or start >= last for first, last in taken):
            hints.append(_plain_hint(text, (start, end), maker, ask))
    return tuple(sorted(hints, key=lambda hint: (hint.start, hint.end)))


def _hint(text: str, found: Found, ask: Ask) -> Hint:
    rule = found.rule
    suggestions = _suggestions(text, found, ask, _DEEPEST)
    return Hint(
        rule=rule.id,
        family=rule.family.id,
        strength=found.strength,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        reason=rule.reason,
        say=rule.say,
        suggestions=tuple(dict.fromkeys(suggestions))[:_MOST_SUGGESTIONS],
        question=rule.question,
        sentence=found.sentence,
        names_person=found.names_person,
    )


def _suggestions(text: str, found: Found, ask: Ask, depth: int) -> Iterator[str]:
    """Rewordings of a sentence that give no hint themselves."""
    first, last = found.sentence
    sentence = text[first:last]
    place = Place(
        before=text[first : found.whole[0]],
        after=_END.sub("", text[found.whole[1] : last]),
        slots=found.slots,
    )
    for template in found.rule.rewrite:
        new = _plain(reword(template, place, ask.rules), ask)
        if not new or new == sentence:
            continue
        left = search(new, ask)
        if not left:
            yield new
        elif depth > 0 and left[0].sentence == (0, len(new)):
            yield from _suggestions(new, left[0], ask, depth - 1)


def _plain(sentence: str, ask: Ask) -> str:
    """The sentence with roles for names, and for executives plain words for jargon."""
    for start, end, maker in sorted(_plain_places(sentence, ask), reverse=True):
        sentence = sentence[:start] + maker[1] + sentence[end:]
    return tidy(sentence) if sentence else ""


def _plain_places(text: str, ask: Ask) -> list[tuple[int, int, tuple[str, str]]]:
    """Names and jargon in the text: start, end, and which family with which other words."""
    places = []
    if NAMED in ask.rules.families and ask.names:
        for start, end, word in _places(text, _names(ask.names), 0):
            places.append((start, end, (NAMED, word)))
    wants_plain = ask.audience == EXECUTIVE and ask.field in _EXECUTIVE_FIELDS
    if wants_plain and JARGON in ask.rules.families and ask.rules.jargon:
        for start, end, word in _places(text, ask.rules.jargon, re.IGNORECASE):
            if all(end <= first or start >= last for first, last, _ in places):
                places.append((start, end, (JARGON, word)))
    return places


def _names(names: Mapping[str, str]) -> Mapping[str, str]:
    """Full names and first names, each with the role; a first name that two share is left out."""
    first = [name.split()[0] for name in names if name.split()]
    short = {
        name.split()[0]: role
        for name, role in names.items()
        if name.split() and first.count(name.split()[0]) == 1
    }
    return {**short, **names}


def _places(text: str, words: Mapping[str, str], flags: int) -> Iterator[tuple[int, int, str]]:
    found = sorted((word for word in words if word.strip()), key=len, reverse=True)
    if not found:
        return
    either = "|".join(map(re.escape, found))
    for match in re.finditer(rf"(?<![\w@-])(?:{either})(?![\w-])", text, flags):
        word = match.group()
        yield match.start(), match.end(), words.get(word) or words.get(word.casefold(), "")


def _plain_hint(text: str, span: tuple[int, int], maker: tuple[str, str], ask: Ask) -> Hint:
    family = ask.rules.families[maker[0]]
    first, last = _sentence_at(text, span, ask)
    new = _plain(text[first:last], ask)
    return Hint(
        rule=f"{family.id}.word" if family.id == JARGON else family.id,
        family=family.id,
        strength=family.strength,
        start=span[0],
        end=span[1],
        text=text[span[0] : span[1]],
        reason=family.reason,
        say=family.say,
        suggestions=(new,) if new and not search(new, ask) else (),
        question=family.question,
        sentence=(first, last),
        names_person=family.id == NAMED,
    )


def _sentence_at(text: str, span: tuple[int, int], ask: Ask) -> tuple[int, int]:
    from facilitator.language.masking import split_sentences

    for first, last in split_sentences(text, ask.rules.lexicon):
        if first <= span[0] < last:
            return first, last
    return span
