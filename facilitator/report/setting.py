"""Paragraphs broken into lines, and each line in the order in which it is read and drawn.

Lengths are in thousandths of the size of the type.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from facilitator.report.bidi import visual
from facilitator.report.breaking import clusters, ends_of_words, visible_end
from facilitator.report.shaping import Glyph, shaped
from facilitator.report.stretches import Paragraph, Stretch
from facilitator.report.typefaces import widths

# What rounding may add to a line that fits.
_HAIR: Final = 0.01
_WORDS: Final = re.compile(" +|[^ ]+")


class Line(NamedTuple):
    """A part of a paragraph that stands on one line, without the spaces that end it."""

    paragraph: Paragraph
    start: int
    end: int
    width: float


class Piece(NamedTuple):
    """A part of a line that is drawn at once."""

    stretch: Stretch
    text: str
    left: float
    """From the beginning of the line on the left."""
    width: float
    glyphs: Sequence[Glyph] | None
    """None for a text whose characters are drawn one after the other."""


def lines(paragraph: Paragraph, most: float) -> Iterator[Line]:
    """The paragraph in lines of at most this width; there is always one."""
    text = paragraph.text
    start = here = 0
    taken = 0.0
    for end in ends_of_words(text):
        seen = visible_end(text, here, end)
        wide = measure(paragraph, here, seen)
        if start < here and taken + wide > most + _HAIR:
            yield line(paragraph, start, here)
            start, taken = here, 0.0
        if wide > most + _HAIR:
            *whole, last = _cuts(paragraph, here, seen, most)
            for cut in whole:
                yield line(paragraph, start, cut)
                start = cut
            wide = measure(paragraph, start, last)
        taken += wide + measure(paragraph, seen, end)
        here = end
    if start < here or not text:
        yield line(paragraph, start, here)


def line(paragraph: Paragraph, start: int = 0, end: int | None = None) -> Line:
    """A part of a paragraph on one line, all of it unless said otherwise."""
    end = visible_end(paragraph.text, start, len(paragraph.text) if end is None else end)
    return Line(paragraph, start, end, measure(paragraph, start, end))


def with_its_space(found: Line) -> Line:
    """The line with the space that it was broken at, where that is drawn at its right end.

    Without it, the words at both sides are one to who hears the tree read.
    """
    paragraph, end = found.paragraph, found.end
    text = paragraph.text
    if text[end : end + 1] != " " or paragraph.base or visible_end(text, end, len(text)) == end:
        return found
    at = paragraph.stretches[bisect_right(paragraph.starts, end) - 1]
    return found if at.level else found._replace(end=end + 1)


def measure(paragraph: Paragraph, start: int, end: int) -> float:
    """How wide a part of a paragraph is."""
    first = paragraph.stretches[0] if paragraph.stretches else None
    if first is not None and first.end >= end and not first.is_shaped:
        # Most texts are one stretch.
        return sum(map(widths(first.pick.name).__getitem__, paragraph.text[start:end]))
    return sum(_width(paragraph, *part) for part in _parts(paragraph, start, end))


def pieces(found: Line) -> list[Piece]:
    """What a line is drawn of, in the order in which it is read."""
    paragraph = found.paragraph
    first = paragraph.stretches[0] if paragraph.stretches else None
    if first is not None and first.end >= found.end and not first.is_shaped:
        return [Piece(first, paragraph.text[found.start : found.end], 0.0, found.width, None)]
    parts = [
        inner
        for part in _parts(paragraph, found.start, found.end)
        for inner in (_apart(paragraph, part) if part[0].is_shaped else (part,))
    ]
    wide = [_width(paragraph, *part) for part in parts]
    left = [0.0] * len(parts)
    x = 0.0
    for n in visual([stretch.level for stretch, _, _ in parts]):
        left[n] = x
        x += wide[n]
    return [
        Piece(stretch, paragraph.text[low:high], left[n], wide[n],
              _glyphs(paragraph, stretch, low, high))
        for n, (stretch, low, high) in enumerate(parts)
    ]  # fmt: skip


Part = tuple[Stretch, int, int]


def _parts(paragraph: Paragraph, start: int, end: int) -> Iterator[Part]:
    """The stretches between two places, cut there."""
    for stretch in paragraph.stretches[max(bisect_right(paragraph.starts, start) - 1, 0) :]:
        if stretch.start >= end:
            return
        yield stretch, max(start, stretch.start), min(end, stretch.end)


def _width(paragraph: Paragraph, stretch: Stretch, start: int, end: int) -> float:
    if not stretch.is_shaped:
        return sum(map(widths(stretch.pick.name).__getitem__, paragraph.text[start:end]))
    return sum(
        glyph.advance
        for part in _apart(paragraph, (stretch, start, end))
        for glyph in _glyphs(paragraph, *part) or ()
    )


def _apart(paragraph: Paragraph, part: Part) -> Iterator[Part]:
    """A part of a shaped stretch, its words apart: so they are found again when it is drawn."""
    stretch, start, end = part
    for word in _WORDS.finditer(paragraph.text, start, end):
        yield stretch, word.start(), word.end()


def _glyphs(paragraph: Paragraph, stretch: Stretch, start: int, end: int) -> Sequence[Glyph] | None:
    if not stretch.is_shaped:
        return None
    return shaped(paragraph.text[start:end], stretch.pick.name, leftward=stretch.level % 2 == 1)


def _cuts(paragraph: Paragraph, start: int, end: int, most: float) -> Iterator[int]:
    """Where a word that is too long for any line is cut, its end included."""
    places = [start + n for n in clusters(paragraph.text[start:end])]
    here = 0
    while here < len(places):
        begin = places[here]
        after = _reach(paragraph, places, here, end, most)
        cut = places[after] if after < len(places) else end
        # Letters that join look otherwise at a cut, and may be wider there.
        while after > here + 1 and measure(paragraph, begin, cut) > most + _HAIR:
            after -= 1
            cut = places[after]
        yield cut
        here = after


def _reach(paragraph: Paragraph, places: list[int], here: int, end: int, most: float) -> int:
    """How many of the places a line has room for that begins at one of them; at least one."""
    taken = 0.0
    for n in range(here, len(places)):
        after = places[n + 1] if n + 1 < len(places) else end
        taken += measure(paragraph, places[n], after)
        if taken > most + _HAIR and n > here:
            return n
    return len(places)
