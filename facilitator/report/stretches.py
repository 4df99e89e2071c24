"""Text as it is to be set: paragraphs in stretches of one typeface, colour and direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from facilitator.model.clean import was_cleaned
from facilitator.report.bidi import base_level, levels, runs_both_ways
from facilitator.report.breaking import clusters
from facilitator.report.isolates import BEGIN, END, outermost
from facilitator.report.scripts import scripts
from facilitator.report.typefaces import BOX, UNSEEN, Pick, ideographic, pick, widths

# Marks that Noto Sans has; only the shaper knows where they go.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_MANY: Final = 8


class Words(NamedTuple):
    """A text in a typeface and, unless it is empty, a colour of its own (#RRGGBB)."""

    text: str
    font: str
    color: str = ""


class Stretch(NamedTuple):
    """A part of a paragraph that is drawn alike."""

    start: int
    end: int
    pick: Pick
    color: str
    level: int
    is_shaped: bool


@dataclass(frozen=True)
class Paragraph:
    """A text without line ends; what nothing can draw stands as a box in it."""

    text: str
    stretches: Sequence[Stretch]
    base: int = 0
    """1 when it runs from right to left."""

    @cached_property
    def starts(self) -> list[int]:
        """Where each stretch begins."""
        return [stretch.start for stretch in self.stretches]


def paragraphs(words: Iterable[Words]) -> Iterator[Paragraph]:
    """The paragraphs of a text, which are its lines as they were typed."""
    parts: list[Words] = []
    for said in words:
        first, *others = _visible(said.text).split("\n")
        parts.append(said._replace(text=first))
        for other in others:
            yield paragraph(parts)
            parts = [said._replace(text=other)]
    yield paragraph(parts)


def paragraph(words: Sequence[Words]) -> Paragraph:
    """A text without line ends."""
    some = [said for said in words if said.text]
    if len(some) == 1:
        some = [some[0]._replace(text=outermost(some[0].text))]
    parts = [part for said in some for part in _drawn(said)]
    text = "".join(said for said, _, _ in parts)
    base, level_of = 0, [0] * len(parts)
    if runs_both_ways(text):
        base = base_level(text)
        parts, level_of = _by_level(parts, levels(text, base))
    done = []
    start = 0
    for (said, picked, color), level in zip(parts, level_of, strict=True):
        is_shaped = level % 2 == 1 or (picked.face is not None and picked.face.shaped)
        is_shaped = is_shaped or _MARKS.search(said) is not None
        done.append(Stretch(start, start + len(said), picked, color, level, is_shaped))
        start += len(said)
    return Paragraph(text, done, base)


Part = tuple[str, Pick, str]


def _visible(text: str) -> str:
    if was_cleaned(text):
        text = "".join(char for char in text if char in BEGIN + END or not was_cleaned(char))
    return text.replace("\t", "    ")


def _drawn(words: Words) -> Iterator[Part]:
    """The text in parts, each with what draws it."""
    text, font, color = words
    known = widths(font)
    if all(char in known or char in UNSEEN for char in set(text)):
        # Beside nothing but Western signs the shared ones are Western too.
        yield text, Pick(font), color
        return
    picked = list(_picked(text, font))
    start = 0
    for n in range(1, len(picked) + 1):
        if n == len(picked) or picked[n][1] != picked[start][1]:
            said = "".join(cluster for cluster, _ in picked[start:n])
            yield said, picked[start][1], color
            start = n


def _picked(text: str, font: str) -> Iterator[tuple[str, Pick]]:
    """Each character that a reader sees, with what draws it."""
    found: list[tuple[str, Pick]] = []
    for start, end in pairwise([*clusters(text), len(text)]):
        found += _picks(text[start:end], font)
    habits = scripts()
    wide = [p.face is not None and p.face.name in habits.ideographic for _, p in found]
    for n, (cluster, picked) in enumerate(found):
        if cluster in habits.shared and (any(wide[max(n - 1, 0) : n + 2])):
            yield cluster, ideographic(cluster, font) or picked
        else:
            yield cluster, picked


def _picks(cluster: str, font: str) -> Iterator[tuple[str, Pick]]:
    # The same marks over and over ask for the same typeface.
    asked = cluster if len(cluster) < _MANY else cluster[0] + "".join(sorted(set(cluster[1:])))
    picked = pick(asked, font)
    if picked is not None:
        yield cluster, picked
    elif pick(cluster[0], font) is None:
        # One box for all that belongs to a sign without a picture.
        yield BOX, pick(BOX, font) or Pick(font)
    else:
        for char in cluster:
            alone = pick(char, font)
            # An invisible character would be a lie; the report says which ones stand as a box.
            yield (char, alone) if alone else (BOX, pick(BOX, font) or Pick(font))


def _by_level(parts: list[Part], found: list[int]) -> tuple[list[Part], list[int]]:
    """The parts cut where the direction changes, with the level of each."""
    done: list[Part] = []
    level_of = []
    start = 0
    for said, picked, color in parts:
        end = start + len(said)
        cuts = [n for n in range(start + 1, end) if found[n] != found[n - 1]]
        for low, high in pairwise((start, *cuts, end)):
            done.append((said[low - start : high - start], picked, color))
            level_of.append(found[low])
        start = end
    return done, level_of
