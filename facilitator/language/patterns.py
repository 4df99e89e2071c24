"""The small language that rules are written in: patterns over words and classes of words.

    should|could <skip>? [ have <participle> ]

A word stands for itself, `<name>` for a class, `a|b` for either, `!a|b` for anything else and `.`
for any word; `$` may be one of the choices. `?` `*` `+` `{1,3}` repeat (never more than eight
times), `( a b / c )` groups, `name:( ... )` keeps what it matches for rewordings, `[ ... ]` is what
the hint underlines, `^` and `$` are the ends of the sentence, `@name` is a pattern given once under
`[macros]`, and a backslash takes a mark literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from facilitator.language.words import Lexicon

MOST = 8
_END = r"(?: [.!?…,;:\-–—)\"”]\x1f[^ ]*+)*+\Z"
_REST = "[^ ]*+"
_QUANTITY = re.compile(r"(?:\{(\d),(\d)\}|([?*+]))(\??)$")
_NAMED = re.compile(r"([a-z]+):\($")
_TIMES = {"?": (0, 1), "*": (0, MOST), "+": (1, MOST)}
_MOST_VARIANTS = 40_000
_ESCAPE = "\\"
_COMMON = 60

Need = tuple[int, frozenset[str]]  # how common, and the words or classes of which one must occur


class PatternError(ValueError):
    """A pattern that cannot be read, with a sentence that says why."""


@dataclass(frozen=True)
class Pattern:
    """A pattern ready to search; `needs` holds words or classes of which one must occur."""

    expression: str
    needs: frozenset[str]
    source: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: most never are in one meeting."""
        return re.compile(self.expression)


class _Compiler:
    """Turns one pattern into a regular expression that takes linear time."""

    def __init__(self, lexicon: Lexicon, macros: Mapping[str, str]) -> None:
        self.lexicon = lexicon
        self.macros = macros
        self.depth = 0
        self.span = False
        self.names = {"span"}
        # How many ways there are to repeat: they bound the time that a pattern takes.
        self.variants: list[list[int]] = [[1]]
        # One frame for the pattern and one for each open group; a frame has its alternatives.
        self.frames: list[list[list[Need]]] = [[[]]]

    def compile(self, source: str) -> Pattern:
        out = "".join(self._part(part) for part in self._parts(source))
        if len(self.frames) > 1 or out.count("(?P<span>") > 1 or self.span:
            raise PatternError("brackets do not match")
        if not self.frames[0][0]:
            raise PatternError("no word in it that must occur")
        if self.variants[0][0] > _MOST_VARIANTS:
            raise PatternError("too many places that may repeat")
        if "(?P<span>" not in out:
            out = f"(?P<span>{out})"
        return Pattern(out, _cheapest(self.frames[0][0])[1], source)

    def _parts(self, source: str, depth: int = 0) -> list[str]:
        if depth > MOST:
            raise PatternError("macros that use each other")
        parts: list[str] = []
        for part in source.split():
            if part.startswith("@") and len(part) > 1:
                name = part[1:]
                if name not in self.macros:
                    raise PatternError(f"no macro {part}")
                parts.extend(self._parts(self.macros[name], depth + 1))
            else:
                parts.append(part)
        return parts

    def _part(self, part: str) -> str:
        simple = self._mark(part)
        if simple is not None:
            return simple
        if part[0] == ")":
            return self._close(part)
        named = _NAMED.match(part)
        if named and named.group(1) in self.names:
            raise PatternError(f"{named.group(1)} is given twice")
        if named:
            self.names.add(named.group(1))
        if named or part == "(":
            self.frames.append([[]])
            self.variants.append([1])
            return f"(?P<{named.group(1)}>" if named else "(?:"
        return self._element(part)

    def _mark(self, part: str) -> str | None:
        if part == "[":
            self.span = True
            return "(?P<span>"
        if part == "]":
            self.span = False
            return ")"
        if part == "/" and len(self.frames) > 1:
            self.frames[-1].append([])
            self.variants[-1].append(1)
            return "|"
        return {"^": r"\A", "$": _END}.get(part)

    def _close(self, part: str) -> str:
        if len(self.frames) < 2:
            raise PatternError("brackets do not match")
        alternatives, choices = self.frames.pop(), self.variants.pop()
        rest, quantity, least = self._quantity(part)
        if rest != ")":
            raise PatternError(f"cannot read {part}")
        if quantity not in ("", "{0,1}", "{0,1}?"):
            raise PatternError("only one word can repeat, a group can be left out with ?")
        self.variants[-1][-1] *= sum(choices)
        if least and all(alternatives):
            cheapest = [_cheapest(needs) for needs in alternatives]
            cost = sum(need[0] for need in cheapest)
            words = frozenset[str]().union(*(need[1] for need in cheapest))
            self.frames[-1][-1].append((cost, words))
        return f"){quantity}"

    def _element(self, part: str) -> str:
        body, quantity, least = self._quantity(part)
        if body == ".":
            return f"(?: [^ ]++){quantity}"
        negative = body.startswith("!") and len(body) > 1
        body = body[1:] if negative else body
        choices = body.split("|")
        ending = [_END] if "$" in choices else []
        words, tags = self._choices(choice for choice in choices if choice != "$")
        regex = "|".join((*self._either(words, tags), *ending))
        if negative:
            return f"(?:(?!{regex}) [^ ]++){quantity}"
        if least and not ending:
            self._note_need(words, tags)
        return f"(?:{regex}){quantity}"

    def _choices(self, choices: Iterable[str]) -> tuple[list[str], list[str]]:
        words: list[str] = []
        tags: list[str] = []
        for choice in choices:
            if choice.startswith("<") and choice.endswith(">"):
                name = choice[1:-1]
                if not self.lexicon.has(name):
                    raise PatternError(f"no class {choice}")
                tags.append(name)
            else:
                word = choice.removeprefix(_ESCAPE)
                if not word or (len(word) > 1 and set(word) & set("()[]{}<>")):
                    raise PatternError(f"cannot read {choice}")
                words.append(word)
        return words, tags

    def _either(self, words: list[str], tags: list[str]) -> list[str]:
        choices = []
        if words:
            either = "|".join(map(re.escape, words))
            choices.append(rf" (?:{either})\x1f{_REST}")
        if tags:
            marks = "".join(map(self.lexicon.tag, tags))
            choices.append(rf" [^ \x1f]++\x1f[^ {marks}]*+[{marks}]{_REST}")
        return choices

    def _quantity(self, part: str) -> tuple[str, str, int]:
        """What is repeated, how as a regular expression, and how often at least."""
        match = _QUANTITY.search(part)
        if not match or part[match.start() - 1 : match.start()] in ("", _ESCAPE):
            if part.startswith("{"):
                raise PatternError(f"nothing to repeat before {part}")
            return part, "", 1
        least, most = _TIMES.get(match.group(3)) or (int(match.group(1)), int(match.group(2)))
        if most > MOST or least > most:
            raise PatternError(f"{part} repeats more than {MOST} times")
        self.variants[-1][-1] *= most - least + 1
        return part[: match.start()], f"{{{least},{most}}}{match.group(4)}", least

    def _note_need(self, words: list[str], tags: list[str]) -> None:
        needs, cost = set(words), len(words)
        for name in tags:
            listed = self.lexicon.words_of(name)
            if listed is None or len(listed) > _COMMON:
                needs.add(self.lexicon.tag(name))
                cost += _COMMON
            else:
                needs |= listed
                cost += len(listed)
        self.frames[-1][-1].append((cost, frozenset(needs)))


def _cheapest(needs: list[Need]) -> Need:
    return min(needs, key=lambda need: need[0])


def compile_pattern(source: str, lexicon: Lexicon, macros: Mapping[str, str]) -> Pattern:
    """The pattern ready to search; raises PatternError with the reason when it cannot be read."""
    return _Compiler(lexicon, macros).compile(source)
