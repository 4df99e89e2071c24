"""Text in, hints out: where the words blame, with what to say and write instead."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facilitator.language.masking import split_sentences
from facilitator.language.plain import PlainWord, plain, plain_words
from facilitator.language.rewording import Place, is_general, reword
from facilitator.language.rules import NAMED, RuleSet
from facilitator.language.search import Ask, Found, search

NOBODY: Mapping[str, str] = MappingProxyType({})
_DEEPEST = 2
_MOST_SUGGESTIONS = 3
# What is longer is no sentence that anyone would want rewritten whole.
_LONGEST_REWORDED = 600
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
    free = [word for word in plain_words(text, ask) if not _covered(word, taken)]
    hints.extend(_plain_hints(text, free, ask))
    return tuple(sorted(hints, key=lambda hint: (hint.start, hint.end)))


def _covered(word: PlainWord, taken: list[tuple[int, int]]) -> bool:
    place = bisect_left(taken, (word.end, 0))
    return place > 0 and taken[place - 1][1] > word.start


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
    if last - first > _LONGEST_REWORDED:
        return
    sentence = text[first:last]
    place = Place(
        before=text[first : found.whole[0]],
        after=_END.sub("", text[found.whole[1] : last]),
        slots=found.slots,
    )
    given = False
    for template in found.rule.rewrite:
        if given and is_general(template):
            return
        new = plain(reword(template, place, ask.rules), ask)
        if not new or new == sentence:
            continue
        left = search(new, ask)
        if not left:
            given = True
            yield new
        elif depth > 0 and left[0].sentence == (0, len(new)):
            yield from _suggestions(new, left[0], ask, depth - 1)


def _plain_hints(text: str, words: list[PlainWord], ask: Ask) -> Iterator[Hint]:
    """The hints for names and jargon, each with its sentence in roles and plain words."""
    sentences = list(split_sentences(text, ask.rules.lexicon)) if words else []
    starts = [first for first, _ in sentences]
    for word in words:
        place = bisect_right(starts, word.start) - 1
        first, last = sentences[place] if place >= 0 else (word.start, word.end)
        short = last - first <= _LONGEST_REWORDED
        new = plain(text[first:last], ask) if short else ""
        family = ask.rules.families[word.family]
        yield Hint(
            rule=family.id,
            family=family.id,
            strength=family.strength,
            start=word.start,
            end=word.end,
            text=text[word.start : word.end],
            reason=family.reason,
            say=family.say,
            suggestions=(new,) if new and not search(new, ask) else (),
            question=family.question,
            sentence=(first, last),
            names_person=family.id == NAMED,
        )
