"""Which way each character of a line runs: the Unicode bidirectional algorithm (UAX #9).

Embeddings and overrides are left out: they are cleaned from every text. Isolates are ours, put
round what people wrote where it stands amid other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final
from unicodedata import bidirectional, normalize

from facilitator.report.scripts import scripts

# Hebrew to Arabic Extended-A, presentation forms, and the right-to-left parts of higher planes.
_LEFTWARD: Final = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_STRONG: Final = frozenset(("L", "R", "AL"))
_BEGINS: Final = frozenset(("LRI", "RLI", "FSI"))
_ISOLATE: Final = _BEGINS | {"PDI"}
_NEUTRAL: Final = _ISOLATE | {"B", "S", "WS", "ON"}
# What has no place in the order; rule X9 takes it out.
_OUT: Final = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF"))
_NUMBERS: Final = frozenset(("EN", "AN"))
_DEEPEST: Final = 125
_DEEPEST_BRACKETS: Final = 63


def runs_both_ways(text: str) -> bool:
    """Whether any of it may run from right to left."""
    return _LEFTWARD.search(text) is not None


def base_level(text: str) -> int:
    """1 for a text whose first strong character runs from right to left, else 0 (P2, P3)."""
    depth = 0
    for char in text:
        kind = bidirectional(char)
        if kind in _STRONG and not depth:
            return 0 if kind == "L" else 1
        depth += (kind in _BEGINS) - (kind == "PDI" and depth > 0)
    return 0


def levels(text: str, base: int) -> list[int]:
    """The level of each character of a paragraph: even runs to the right, odd to the left."""
    kinds = [bidirectional(char) or "L" for char in text]
    closes = _closes(kinds)
    outer = _explicit(text, kinds, closes, base)
    kept = [n for n, kind in enumerate(kinds) if kind not in _OUT]
    found: list[int | None] = [None] * len(text)
    for part in _sequences(kept, kinds, outer, closes, base):
        order = [kinds[n] for n in part.places]
        part.resolve(order, [text[n] for n in part.places])
        for n, kind in zip(part.places, order, strict=True):
            found[n] = _level(kind, outer[n])
    last = base
    done = []
    for level in found:
        last = last if level is None else level
        done.append(last)
    return done


def visual(found: Sequence[int]) -> list[int]:
    """The pieces of a line, given the level of each, from left to right (L2)."""
    order = list(range(len(found)))
    odd = [level for level in found if level % 2]
    for lowest in range(max(found, default=0), min(odd, default=1) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and found[order[end]] >= lowest:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order


@dataclass(frozen=True, slots=True)
class _Sequence:
    """Characters that are ordered together, with the sides that meet its ends."""

    places: list[int]
    side: str
    before: str
    after: str

    def resolve(self, order: list[str], chars: list[str]) -> None:
        """Leave L, R, EN and AN of the kinds of its characters: rules W1 to N2."""
        was_mark = [kind == "NSM" for kind in order]
        _resolve_weak(order, self.before)
        self._resolve_brackets(order, chars, was_mark)
        for start, end in _stretches(order, _NEUTRAL):
            left = _direction(order[start - 1]) if start else self.before
            right = _direction(order[end]) if end < len(order) else self.after
            order[start:end] = [left if left == right else self.side] * (end - start)

    def _resolve_brackets(self, order: list[str], chars: list[str], was_mark: list[bool]) -> None:
        """Rule N0: the two brackets of a pair run the same way."""
        side = self.side
        for opening, closing in sorted(_pairs(order, chars)):
            inside = {_direction(kind) for kind in order[opening + 1 : closing]}
            if side in inside:
                way = side
            elif inside & {"L", "R"}:
                outside = _strong_before(order, opening, self.before)
                way = side if outside == side else _other(side)
            else:
                continue
            for n in (opening, closing):
                order[n] = way
                after = n + 1
                while after < len(order) and was_mark[after]:
                    order[after] = way
                    after += 1


def _closes(kinds: Sequence[str]) -> dict[int, int]:
    """Where each isolate ends that does (BD9)."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for n, kind in enumerate(kinds):
        if kind in _BEGINS:
            waiting.append(n)
        elif kind == "PDI" and waiting:
            found[waiting.pop()] = n
    return found


def _explicit(text: str, kinds: Sequence[str], closes: Mapping[int, int], base: int) -> list[int]:
    """The level of each character by the isolates it stands in (X1 to X8)."""
    if not _ISOLATE.intersection(kinds):
        return [base] * len(kinds)
    found = []
    stack = [base]
    too_deep = 0
    for n, kind in enumerate(kinds):
        if kind == "PDI":
            if too_deep:
                too_deep -= 1
            elif len(stack) > 1:
                stack.pop()
        found.append(stack[-1])
        if kind in _BEGINS:
            inside = text[n + 1 : closes.get(n, len(text))]
            side = base_level(inside) if kind == "FSI" else int(kind == "RLI")
            level = stack[-1] + 1 + (stack[-1] + 1 + side) % 2
            if level > _DEEPEST or too_deep:
                too_deep += 1
            else:
                stack.append(level)
    return found


def _sequences(
    kept: Sequence[int],
    kinds: Sequence[str],
    outer: Sequence[int],
    closes: Mapping[int, int],
    base: int,
) -> Iterator[_Sequence]:
    """The isolating run sequences of a paragraph (X10)."""
    runs = [list(run) for _, run in groupby(kept, key=lambda n: outer[n])]
    starting = {run[0]: run for run in runs}
    joined = set(closes.values())
    follows = dict(pairwise(kept))
    precedes = {after: before for before, after in follows.items()}
    for run in runs:
        if run[0] in joined and run[0] in starting and kinds[run[0]] == "PDI":
            continue
        places = list(run)
        while (end := closes.get(places[-1])) is not None:
            places += starting[end]
        level = outer[places[0]]
        ahead = outer[precedes[places[0]]] if places[0] in precedes else base
        last = places[-1]
        is_open = kinds[last] in _BEGINS or last not in follows
        behind = base if is_open else outer[follows[last]]
        sides = (_side(max(level, each)) for each in (level, ahead, behind))
        yield _Sequence(places, *sides)


def _resolve_weak(order: list[str], before: str) -> None:
    """Rules W1 to W7."""
    last = strong = before
    for n, kind in enumerate(order):
        now = last if kind == "NSM" else kind
        if now in _STRONG:
            strong = now
        if now == "EN" and strong == "AL":
            now = "AN"
        last = "ON" if now in _ISOLATE else now
        order[n] = now
    order[:] = ["R" if kind == "AL" else kind for kind in order]
    _join_numbers(order)
    strong = before
    for n, kind in enumerate(order):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            order[n] = "L"


def _join_numbers(order: list[str]) -> None:
    """Rules W4 to W6: separators inside a number and signs beside it belong to it."""
    for n in range(1, len(order) - 1):
        before, kind, after = order[n - 1 : n + 2]
        if before == after and ((kind == "CS" and before in _NUMBERS) or kind + before == "ESEN"):
            order[n] = before
    for start, end in _stretches(order, frozenset(("ET",))):
        beside = (order[start - 1 : start] or [""])[0], (order[end : end + 1] or [""])[0]
        order[start:end] = ["EN" if "EN" in beside else "ON"] * (end - start)
    for n, kind in enumerate(order):
        if kind in ("ES", "CS"):
            order[n] = "ON"


def _pairs(order: list[str], chars: list[str]) -> Iterator[tuple[int, int]]:
    closes = scripts().pairs
    closing = frozenset(closes.values())
    waiting: list[tuple[str, int]] = []
    for n, (kind, typed) in enumerate(zip(order, chars, strict=True)):
        if kind != "ON":
            continue
        # The angle brackets of mathematics are those of East Asia.
        char = normalize("NFC", typed)
        if char in closes:
            if len(waiting) == _DEEPEST_BRACKETS:
                return
            waiting.append((closes[char], n))
        elif char in closing:
            depth = next((d for d in reversed(range(len(waiting))) if waiting[d][0] == char), None)
            if depth is not None:
                yield waiting[depth][1], n
                del waiting[depth:]


def _strong_before(order: list[str], place: int, before: str) -> str:
    for n in reversed(range(place)):
        if (way := _direction(order[n])) in ("L", "R"):
            return way
    return before


def _stretches(order: list[str], kinds: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and order[end] in kinds:
            end += 1
        if end > start:
            yield start, end
        start = end + 1


def _level(kind: str, outer: int) -> int:
    if kind == "L":
        return outer + outer % 2
    if kind == "R":
        return outer + 1 - outer % 2
    return outer + 2 - outer % 2


def _side(level: int) -> str:
    return "R" if level % 2 else "L"


def _direction(kind: str) -> str:
    return "R" if kind in _NUMBERS else kind


def _other(side: str) -> str:
    return "L" if side == "R" else "R"
