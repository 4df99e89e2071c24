"""Who does what a verb says: a person, a machine, or nobody that can be told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from facilitator.language.words import Lexicon, Sentence

PERSON, MACHINE, NAMED, UNKNOWN, NOBODY = "person", "machine", "named", "unknown", "nobody"
_FAR = 60
_CLASSES = (
    "person",
    "machine",
    "pronoun",
    "name",
    "skip",
    "auxiliary",
    "preposition",
    "determiner",
    "conjunction",
    "relative",
    "who",
    "quantity",
    "verb",
    "past",
    "stop",
    "possessive",
    "masked",
    "thing",
    "capital",
    "ing",
    "me",
    "objective",
    "saying",
    "company",
    "positive",
    "perfect",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What kind of thing a verb's subject is, and its first and last token."""

    kind: str
    first: int = -1
    last: int = -1
    near: bool = False  # it stands right before its verb, so that both can be reworded together


class SubjectTest:
    """Finds the subject of a verb from the classes of the words before it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._tag = {name: lexicon.tag(name) for name in _CLASSES}
        self._skipped = self._tag["skip"] + self._tag["auxiliary"]
        self._idle = self._tag["positive"] + self._tag["perfect"]
        self._verbs = self._tag["verb"] + self._tag["past"] + self._tag["auxiliary"]
        self._ends = "".join(
            self._tag[name]
            for name in (
                "past",
                "preposition",
                "conjunction",
                "relative",
                "who",
                "verb",
                "stop",
                "auxiliary",
            )
        )

    def of(self, sentence: Sentence, at: int) -> Subject:
        """The subject of the verb group that begins at a token."""
        place = at - 1
        while place >= 0 and self._any(sentence, place, self._skipped):
            place -= 1
        if place < 0:
            return Subject(NOBODY)
        found = self._before(sentence, place)
        between = range(place + 1, at)
        # "may have" or "almost" between the two says something that a rewording would lose.
        plain = all(self._any(sentence, word, self._idle) for word in between)
        return replace(found, near=found.near and plain)

    def _before(self, sentence: Sentence, place: int) -> Subject:
        if self._is(sentence, place, "who"):
            # "Who broke it?" asks for somebody; "the engineer who broke it" is somebody.
            return Subject(PERSON, place, place) if place else Subject(NOBODY)
        if self._is(sentence, place, "relative"):
            return self._phrase(sentence, place - 1)
        if self._is(sentence, place, "conjunction"):
            return self._shared(sentence, place)
        if sentence.words[place] == ",":
            return self._beside(sentence, place)
        found = self._phrase(sentence, place)
        return replace(found, near=found.last == place)

    def is_first_person(self, sentence: Sentence, subject: Subject) -> bool:
        """Whether the subject is the writer, alone or among others."""
        return subject.last >= 0 and self._is(sentence, subject.last, "me")

    def _beside(self, sentence: Sentence, comma: int) -> Subject:
        # "Priya, the engineer on duty, missed it": what stands between commas is the subject too.
        near = self._phrase(sentence, comma - 1) if comma else Subject(NOBODY)
        return near if near.kind == PERSON else self._shared(sentence, comma)

    def _phrase(self, sentence: Sentence, last: int) -> Subject:
        """The noun phrase that ends at a token, with its "of" and "on" phrases."""
        best = Subject(NOBODY)
        owner = self._owner(sentence, last)
        if owner is not None:
            return owner
        for _ in range(4):
            if last < 0 or self._any(sentence, last, self._ends):
                return best
            kind = self._kind(sentence, last)
            first = self._begin(sentence, last)
            if not self._quantified(sentence, last, best):
                best = Subject(kind, first, best.last if best.last >= 0 else last)
            if kind == PERSON and self._is(sentence, last, "pronoun"):
                return best
            before = first - 1
            if before < 1 or not self._is(sentence, before, "preposition"):
                return best
            last = before - 1
        return best

    def _owner(self, sentence: Sentence, last: int) -> Subject | None:
        """The person in "whoever wrote the script forgot" and "anyone watching it would know"."""
        if last < 2 or self._any(sentence, last, self._ends):
            return None
        verb = self._begin(sentence, last) - 1
        if verb < 1 or not self._any(sentence, verb, self._verbs + self._tag["ing"]):
            return None
        # "who believed the disk failed": what is believed has a subject of its own.
        if self._is(sentence, verb, "saying"):
            return None
        before = verb - 1
        while before > 0 and self._any(sentence, before, self._skipped):
            before -= 1
        if self._is(sentence, before, "who"):
            return Subject(PERSON, before, last)
        if self._is(sentence, before, "relative") and before:
            found = self._phrase(sentence, before - 1)
        elif self._is(sentence, verb, "ing") and before == verb - 1:
            found = self._phrase(sentence, before)
        else:
            return None
        return Subject(PERSON, found.first, last) if found.kind == PERSON else None

    def _quantified(self, sentence: Sentence, place: int, inner: Subject) -> bool:
        return inner.first >= 0 and self._is(sentence, place, "quantity")

    def _begin(self, sentence: Sentence, last: int) -> int:
        """The first token of the noun phrase that ends at a token."""
        first = last
        if self._any(sentence, last, self._tag["pronoun"]):
            return first
        named = self._is(sentence, last, "name")
        while first > 0 and last - first < 5:
            before = first - 1
            if self._is(sentence, before, "determiner"):
                return before
            if self._any(sentence, before, self._ends) or not self._wordy(sentence, before):
                return first
            if named and not self._any(sentence, before, self._tag["name"]):
                return first
            first = before
        return first

    def _wordy(self, sentence: Sentence, place: int) -> bool:
        return sentence.words[place][0].isalnum() or self._is(sentence, place, "possessive")

    def _kind(self, sentence: Sentence, place: int) -> str:
        tags = sentence.tags[place]
        if self._tag["objective"] in tags:
            return UNKNOWN
        if self._tag["machine"] in tags or self._tag["masked"] in tags:
            return MACHINE
        if any(self._tag[name] in tags for name in ("person", "pronoun", "name")):
            return PERSON
        if self._tag["thing"] in tags:
            return MACHINE
        # "Engineer X", "Sam Miller": a capital after a person or a name belongs to it.
        capital = place > 0 and self._tag["capital"] in tags
        if capital and self._any(sentence, place - 1, self._tag["person"] + self._tag["name"]):
            return PERSON
        # The first word of a sentence has its capital for that alone, unless it is a strange word.
        strange = tags == self._tag["capital"]
        return NAMED if capital or strange or self._tag["company"] in tags else UNKNOWN

    def _shared(self, sentence: Sentence, joint: int) -> Subject:
        """The subject of the nearest verb before an "and" or a comma."""
        for place in range(joint - 1, max(0, joint - _FAR), -1):
            if not self._any(sentence, place, self._verbs):
                continue
            noun = place - 1
            while noun > 0 and self._any(sentence, noun, self._skipped):
                noun -= 1
            found = self._phrase(sentence, noun)
            if found.kind in (PERSON, MACHINE):
                return found
        return Subject(NOBODY)

    def _is(self, sentence: Sentence, place: int, name: str) -> bool:
        return self._tag[name] in sentence.tags[place]

    def _any(self, sentence: Sentence, place: int, tags: str) -> bool:
        return any(tag in tags for tag in sentence.tags[place])
