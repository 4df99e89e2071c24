"""Rule files in, a set of rules out; what is broken is named and left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from facilitator.language.forms import BASE, Verbs
from facilitator.language.masking import Mask
from facilitator.language.patterns import Pattern, PatternError, compile_pattern
from facilitator.language.shapes import row_problem, shape_problem
from facilitator.language.subjects import SubjectTest
from facilitator.language.words import Lexicon

# "other" is a person but the writer, "human" also a strange name or nobody that can be told,
# "untold" a person or nobody.
SUBJECTS = ("any", "person", "other", "human", "untold", "not-person")
STRENGTHS = ("strong", "soft")
LONGEST_REASON = 8
NAMED = "person-name"
JARGON = "jargon"


@dataclass(frozen=True, slots=True)
class Family:
    """What the rules of one family share."""

    id: str
    title: str = ""
    strength: str = "soft"
    fields: frozenset[str] = frozenset()  # only in these fields; everywhere when empty
    audience: str = ""  # only for this audience; for all when empty
    reason: str = ""
    say: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which words blame, with what to say, to ask and to write instead."""

    id: str
    family: Family
    strength: str
    patterns: tuple[Pattern, ...]
    subject: str
    person: bool
    with_subject: bool
    reason: str
    say: str
    question: str
    rewrite: tuple[str, ...]
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Words that show that nobody is blamed here."""

    pattern: Pattern
    whole: bool  # silences its sentence, not only the words it covers
    families: frozenset[str]  # all when empty


@dataclass(frozen=True, slots=True)
class Counting:
    """How to tell one thing from several, for "was" and "were"."""

    plural: re.Pattern[str]
    singular: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Mend:
    """A small correction of reworded sentences, such as "a" before a vowel."""

    regex: re.Pattern[str]
    new: str


@dataclass(frozen=True, slots=True)
class Veto:
    """What a slot must not hold, since the reworded sentence would say something else."""

    slot: str
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one language, and what was wrong with those that were left out."""

    lexicon: Lexicon
    rules: tuple[Rule, ...] = ()
    silences: tuple[Silence, ...] = ()
    masks: tuple[Mask, ...] = ()
    families: Mapping[str, Family] = field(default_factory=dict)
    verbs: Verbs = field(default_factory=Verbs)
    counting: Counting | None = None
    mends: tuple[Mend, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    problems: tuple[str, ...] = ()
    language: str = ""
    jargon: Mapping[str, str] = field(default_factory=dict)
    subjects: SubjectTest = field(init=False)
    by_need: Mapping[str, tuple[tuple[Rule, Pattern], ...]] = field(init=False)
    silence_by_need: Mapping[str, tuple[Silence, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[tuple[Rule, Pattern]]] = {}
        for rule in self.rules:
            for pattern in rule.patterns:
                for need in pattern.needs:
                    found.setdefault(need, []).append((rule, pattern))
        quiet: dict[str, list[Silence]] = {}
        for silence in self.silences:
            for need in silence.pattern.needs:
                quiet.setdefault(need, []).append(silence)
        put = object.__setattr__
        put(self, "subjects", SubjectTest(self.lexicon))
        put(self, "by_need", {need: tuple(rows) for need, rows in found.items()})
        put(self, "silence_by_need", {need: tuple(rows) for need, rows in quiet.items()})

    def with_jargon(self, plain_words: Mapping[str, str]) -> RuleSet:
        """The same rules with the glossary's jargon, which is heard in executive text."""
        return replace(self, jargon=dict(plain_words))

    def without(self, silenced: Iterable[str]) -> RuleSet:
        """The same rules but those whose id or family is given."""
        gone = frozenset(silenced)
        kept = tuple(r for r in self.rules if r.id not in gone and r.family.id not in gone)
        jargon = {} if JARGON in gone else self.jargon
        return replace(self, rules=kept, jargon=jargon)

    def prepare(self) -> int:
        """Compile all patterns now, at best off the window's thread; how many there are."""
        patterns = [pattern for rule in self.rules for pattern in rule.patterns]
        patterns += [silence.pattern for silence in self.silences]
        return sum(pattern.regex is not None for pattern in patterns)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, if it is here."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


@dataclass(slots=True)
class _Reading:
    """What has been read of the files so far."""

    tables: list[tuple[Path, str, dict[str, Any]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def all(self, name: str) -> Iterable[tuple[Path, str, Any]]:
        for path, text, table in self.tables:
            if name in table:
                yield path, text, table[name]

    def merged(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _, _, table in self.all(name):
            found.update(table)
        return found


def load_rules(*paths: Path) -> RuleSet:
    """The rules of these TOML files; a broken rule is named in `problems` and left out."""
    reading = _Reading()
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
            table = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            reading.problems.append(f"{path.name}: cannot be read: {error}")
            continue
        wrong = shape_problem(table)
        if wrong:
            reading.problems.append(f"{path.name}: {wrong}")
        else:
            reading.tables.append((path, text, table))
    verbs = _verbs(reading)
    lexicon = _lexicon(reading, verbs)
    macros = {name: str(text) for name, text in reading.merged("macros").items()}
    families = {name: _family(name, row) for name, row in reading.merged("family").items()}
    language = "".join(str(name) for _, _, name in list(reading.all("language"))[:1])
    return RuleSet(
        lexicon=lexicon,
        rules=_rules(reading, lexicon, macros, families),
        silences=_silences(reading, lexicon, macros),
        masks=_masks(reading),
        families=families,
        verbs=verbs,
        counting=_counting(reading),
        mends=_mends(reading),
        vetoes=_vetoes(reading),
        problems=tuple(reading.problems),
        language=language,
    )


def _verbs(reading: _Reading) -> Verbs:
    forms = reading.merged("forms")
    names = tuple(forms.get("names", ()))
    verbs = Verbs(names, forms.get("endings"), forms.get("irregular", ()), forms.get("extra"))
    for words in reading.merged("verbs").values():
        for verb in words.split():
            verbs.add(verb)
    return verbs


def _lexicon(reading: _Reading, verbs: Verbs) -> Lexicon:
    lists: dict[str, list[str]] = {}
    for _, _, table in reading.all("words"):
        for name, words in table.items():
            lists.setdefault(name, []).extend(words.split())
    also: Mapping[str, list[str]] = reading.merged("forms").get("also", {})
    for name, words in reading.merged("verbs").items():
        for verb in words.split():
            for form, word in verbs.add(verb).items():
                listed = name if form == BASE else f"{name}-{form}"
                lists.setdefault(listed, []).append(word)
                for tag in (form, *also.get(form, ())):
                    lists.setdefault(tag, []).append(word)
    suffixes = [
        (row["ending"], row["tags"], int(row.get("shortest", 1)))
        for _, _, rows in reading.all("suffix")
        for row in rows
    ]
    settings = reading.merged("text")
    return Lexicon(
        {name: dict.fromkeys(words) for name, words in lists.items()},
        suffixes,
        token=settings.get("token", ""),
        abbreviations=settings.get("abbreviations", "").split(),
    )


def _family(name: str, row: Mapping[str, Any]) -> Family:
    return Family(
        id=name,
        title=str(row.get("title", name)),
        strength=str(row.get("strength", "soft")),
        fields=frozenset(row.get("fields", ())),
        audience=str(row.get("audience", "")),
        reason=str(row.get("reason", "")),
        say=str(row.get("say", "")),
        question=str(row.get("question", "")),
    )


def _masks(reading: _Reading) -> tuple[Mask, ...]:
    found = []
    for path, text, rows in reading.all("mask"):
        for row in rows:
            try:
                found.append(
                    Mask(re.compile(row["pattern"], re.MULTILINE), bool(row.get("quotes")))
                )
            except (re.error, KeyError, TypeError) as error:
                reading.problems.append(_problem(path, text, "mask", row, str(error)))
    return tuple(found)


def _mends(reading: _Reading) -> tuple[Mend, ...]:
    found = []
    for path, text, rows in reading.all("mend"):
        for row in rows:
            try:
                found.append(Mend(re.compile(row["pattern"]), str(row["new"])))
            except (re.error, KeyError, TypeError) as error:
                reading.problems.append(_problem(path, text, "mend", row, str(error)))
    return tuple(found)


def _vetoes(reading: _Reading) -> tuple[Veto, ...]:
    found = []
    for path, text, rows in reading.all("veto"):
        for row in rows:
            try:
                found.append(Veto(row["slot"], re.compile(row["pattern"], re.IGNORECASE)))
            except (re.error, KeyError, TypeError) as error:
                reading.problems.append(_problem(path, text, "veto", row, str(error)))
    return tuple(found)


def _counting(reading: _Reading) -> Counting | None:
    row = reading.merged("counting")
    if not row:
        return None
    return Counting(re.compile(row["plural"]), re.compile(row["singular"]))


def _silences(
    reading: _Reading, lexicon: Lexicon, macros: Mapping[str, str]
) -> tuple[Silence, ...]:
    found = []
    for path, text, rows in reading.all("silence"):
        for row in rows:
            for source in row.get("patterns", ()):
                try:
                    pattern = compile_pattern(source, lexicon, macros)
                except PatternError as error:
                    reading.problems.append(_problem(path, text, source, row, str(error)))
                    continue
                whole = row.get("scope") == "sentence"
                found.append(Silence(pattern, whole, frozenset(row.get("families", ()))))
    return tuple(found)


def _rules(
    reading: _Reading, lexicon: Lexicon, macros: Mapping[str, str], families: Mapping[str, Family]
) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for path, text, rows in reading.all("rule"):
        for row in rows:
            try:
                rule = _rule(row, lexicon, macros, families, path.name)
                found[rule.id] = rule
            except (PatternError, KeyError, TypeError, ValueError) as error:
                name = str(row.get("id", "without id"))
                wrong = f"{error} is missing" if isinstance(error, KeyError) else str(error)
                reading.problems.append(_problem(path, text, name, row, wrong))
    return tuple(found.values())


def _rule(
    row: Mapping[str, Any],
    lexicon: Lexicon,
    macros: Mapping[str, str],
    families: Mapping[str, Family],
    source: str,
) -> Rule:
    wrong = row_problem(row)
    if wrong:
        raise ValueError(wrong)
    family = families.get(row["family"])
    if family is None:
        raise ValueError(f"no family {row['family']}")
    rule = Rule(
        id=row["id"],
        family=family,
        strength=row.get("strength", family.strength),
        patterns=tuple(compile_pattern(text, lexicon, macros) for text in row["patterns"]),
        subject=row.get("subject", "any"),
        person=bool(row.get("person", False)),
        with_subject=bool(row.get("with_subject", False)),
        reason=row.get("reason", family.reason),
        say=row.get("say", family.say),
        question=row.get("question", family.question),
        rewrite=tuple(row.get("rewrite", ())),
        hits=tuple(row.get("hits", ())),
        misses=tuple(row.get("misses", ())),
        source=source,
    )
    _check(rule)
    return rule


def _check(rule: Rule) -> None:
    if rule.subject not in SUBJECTS:
        raise ValueError(f"subject must be one of {', '.join(SUBJECTS)}")
    if rule.strength not in STRENGTHS:
        raise ValueError("strength must be strong or soft")
    if not rule.patterns:
        raise ValueError("it has no pattern")
    if len(rule.reason.split()) > LONGEST_REASON:
        raise ValueError(f"its reason has more than {LONGEST_REASON} words")


def _problem(path: Path, text: str, name: str, row: Mapping[str, Any], wrong: str) -> str:
    clue = str(row.get("id") or name)
    place = text.find(clue)
    line = text.count("\n", 0, place) + 1 if place >= 0 else 0
    where = f"{path.name}:{line}" if line else path.name
    return f"{where}: {clue}: {wrong}"
