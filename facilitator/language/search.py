"""Where in a text the rules apply: masks, sentences, patterns, silences, subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from facilitator.language.masking import hide, split_sentences
from facilitator.language.patterns import Pattern
from facilitator.language.rules import Family, Rule, RuleSet
from facilitator.language.subjects import NAMED, NOBODY, PERSON, Subject
from facilitator.language.words import Sentence, read_sentence

_STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Ask:
    """How a text is to be read."""

    rules: RuleSet
    field: str
    names: Mapping[str, str]
    audience: str

    def wants(self, family: Family) -> bool:
        """Whether rules of this family apply to such a text."""
        if family.fields and self.field and self.field not in family.fields:
            return False
        return not family.audience or family.audience == self.audience


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a rule applies: what is underlined, what matched, in which sentence."""

    rule: Rule
    start: int
    end: int
    whole: tuple[int, int]
    sentence: tuple[int, int]
    slots: Mapping[str, str]
    names_person: bool
    strength: str


def search(text: str, ask: Ask) -> list[Found]:
    """The places where rules apply, the strongest where two meet, in reading order."""
    hidden, quoted = hide(text, ask.rules.masks)
    tag = ask.rules.lexicon.tag("name")
    extra = {part: tag for name in ask.names for part in name.split()}
    kept: list[Found] = []
    for span in split_sentences(hidden, ask.rules.lexicon):
        for sentence in read_sentence(hidden, span, ask.rules.lexicon, extra):
            kept.extend(_strongest(_applying(text, sentence, ask, quoted)))
    return kept


def _applying(text: str, sentence: Sentence, ask: Ask, quoted: bool) -> Iterator[Found]:
    keys = sentence.keys()
    matches = [
        (rule, match)
        for rule, pattern in _needed(ask.rules, keys)
        if ask.wants(rule.family)
        for match in pattern.regex.finditer(sentence.code)
    ]
    if not matches:
        return
    quiet = list(_quiet(sentence, ask.rules, keys))
    for rule, match in matches:
        first, last = _tokens(sentence, match, "span")
        if any(_silences(place, rule.family.id, first, last) for place in quiet):
            continue
        subject = ask.rules.subjects.of(sentence, first)
        mine = ask.rules.subjects.is_first_person(sentence, subject)
        if _fits(rule.subject, subject, mine):
            found = _found(text, sentence, rule, match, subject)
            yield replace(found, strength="soft") if quoted else found


def _needed(rules: RuleSet, keys: set[str]) -> Iterator[tuple[Rule, Pattern]]:
    seen: set[int] = set()
    for key in keys & rules.by_need.keys():
        for rule, pattern in rules.by_need[key]:
            if id(pattern) not in seen:
                seen.add(id(pattern))
                yield rule, pattern


def _quiet(
    sentence: Sentence, rules: RuleSet, keys: set[str]
) -> Iterator[tuple[int, int, frozenset[str]]]:
    for key in keys & rules.silence_by_need.keys():
        for silence in rules.silence_by_need[key]:
            for match in silence.pattern.regex.finditer(sentence.code):
                first, last = _tokens(sentence, match, "span")
                if silence.whole:
                    first, last = 0, len(sentence.words)
                yield first, last, silence.families


def _silences(place: tuple[int, int, frozenset[str]], family: str, first: int, last: int) -> bool:
    return first <= place[1] and last >= place[0] and (not place[2] or family in place[2])


def _tokens(sentence: Sentence, match: re.Match[str], group: str) -> tuple[int, int]:
    return sentence.index(match.start(group)), sentence.index(max(0, match.end(group) - 1))


def _fits(wanted: str, subject: Subject, mine: bool) -> bool:
    if wanted == "other":
        return subject.kind == PERSON and not mine
    if wanted == "person":
        return subject.kind == PERSON
    if wanted == "untold":
        return subject.kind in (PERSON, NOBODY)
    if wanted == "human":
        return subject.kind in (PERSON, NAMED, NOBODY)
    return wanted != "not-person" or subject.kind != PERSON


def _found(
    text: str, sentence: Sentence, rule: Rule, match: re.Match[str], subject: Subject
) -> Found:
    first, last = _tokens(sentence, match, "span")
    slots = {
        name: text[sentence.spans[begin][0] : sentence.spans[end][1]]
        for name in match.re.groupindex
        if match.end(name) > match.start(name)
        for begin, end in (_tokens(sentence, match, name),)
    }
    begin = first
    # What a pattern looks at after its slots stays in the sentence when it is reworded.
    used = max([last, *(_tokens(sentence, match, n)[1] for n in match.re.groupindex if match[n])])
    is_person = subject.kind == PERSON
    if is_person and rule.with_subject and first - subject.last <= 3:
        begin = max(subject.first, subject.last - 3)
    if is_person and subject.near:
        slots["subject"] = text[sentence.spans[subject.first][0] : sentence.spans[subject.last][1]]
        slots["lead"] = text[sentence.spans[0][0] : sentence.spans[subject.first][0]]
    elif first == 0:
        slots["lead"] = ""
    return Found(
        rule=rule,
        start=sentence.spans[begin][0],
        end=sentence.spans[last][1],
        whole=(sentence.spans[sentence.index(match.start())][0], sentence.spans[used][1]),
        sentence=(sentence.start, sentence.end),
        slots=slots,
        names_person=rule.person
        or (is_person and rule.subject in ("person", "human", "untold", "other")),
        strength=rule.strength,
    )


def _strongest(found: Iterable[Found]) -> list[Found]:
    """What is left when of overlapping places only one stays.

    The strongest stays, then the longest, then the one that knows what to write instead.
    """
    kept: list[Found] = []
    ranked = sorted(found, key=_rank)
    for one in ranked:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


def _rank(found: Found) -> tuple[bool, int, int, int, str]:
    weak = found.strength != _STRONG
    return weak, found.start - found.end, -len(found.rule.rewrite), -len(found.slots), found.rule.id
