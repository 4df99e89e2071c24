"""Letters as they are drawn where a script joins, moves or mirrors them; the shaper is HarfBuzz."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from facilitator.report import unicode_map
from facilitator.report.typefaces import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT: Final = 64
# Marks piled on each other stay this near to their line, in thousandths of the size.
_HIGHEST: Final = 500.0
_LONGEST_LIGATURE: Final = 8
_SPACE: Final = 0x20


class Glyph(NamedTuple):
    """One sign as drawn; lengths are in thousandths of the size."""

    code: str
    """The character that stands for it in its typeface."""
    width: float
    """By which the pen moves by itself."""
    advance: float
    """By which it has to move."""
    right: float
    up: float
    cluster: int
    """Where in the text the characters begin that it draws."""


def shaped(text: str, font: str, *, leftward: bool) -> Sequence[Glyph]:
    """A text of one script and direction as signs from left to right."""
    if len(text) <= _SHORT:
        return _kept(text, font, leftward)
    return tuple(_shaped(text, font, leftward))


def tells(glyphs: Sequence[Glyph], text: str) -> bool:
    """Whether who reads the signs from left to right finds exactly the text."""
    return "".join(unicode_map.meaning(glyph.code) for glyph in glyphs) == text


@lru_cache(maxsize=8192)
def _kept(text: str, font: str, leftward: bool) -> tuple[Glyph, ...]:
    return tuple(_shaped(text, font, leftward))


def _shaped(text: str, font: str, leftward: bool) -> Iterator[Glyph]:
    hb, shaper = _harfbuzz(), _shaper(font)
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    flags = hb.BufferFlags
    buffer.flags = flags.REMOVE_DEFAULT_IGNORABLES | flags.DO_NOT_INSERT_DOTTED_CIRCLE
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftward else "ltr"
    hb.shape(shaper, buffer)
    face = typeface(font).face
    scale = 1000 / face.unitsPerEm
    drawn = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    said = _said([info.cluster for info, _ in drawn], text, leftward)
    for (info, place), words in zip(drawn, said, strict=True):
        # A sign for two letters is told as two: readers turn what runs leftward round by letters.
        for letter in reversed(words[1:]) if leftward else ():
            yield Glyph(*_code(font, _empty(font), letter), 0.0, 0.0, 0.0, info.cluster)
        code, width = _code(font, info.codepoint, words[:1] if leftward else words)
        up = max(-_HIGHEST, min(_HIGHEST, place.y_offset * scale))
        advance, right = place.x_advance * scale, place.x_offset * scale
        yield Glyph(code, width, advance, right, up, info.cluster)


def _said(clusters: list[int], text: str, leftward: bool) -> list[str]:
    """What each sign stands for, given where in the text its cluster begins."""
    begins = sorted({*clusters, len(text)})
    follows = dict(pairwise(begins))
    groups: dict[int, list[int]] = {}
    order = reversed(range(len(clusters))) if leftward else range(len(clusters))
    for n in order:
        groups.setdefault(clusters[n], []).append(n)
    found = [""] * len(clusters)
    for cluster, members in groups.items():
        words = text[cluster : follows[cluster]]
        for n, place in enumerate(members):
            found[place] = words[min(n, len(words) - 1)]
        if len(members) < len(words):
            found[members[-1]] = words[len(members) - 1 :][:_LONGEST_LIGATURE]
    return found


def _code(font: str, glyph: int, words: str) -> tuple[str, float]:
    """The character that stands for a sign with a meaning, and the width of the sign."""
    face = typeface(font).face
    if len(words) == 1 and face.charToGlyph.get(ord(words)) == glyph:
        return words, face.charWidths[ord(words)]
    code = unicode_map.code_for(font, glyph, words)
    if code not in face.charToGlyph:
        face.charToGlyph[code] = glyph
        face.charWidths[code] = face.hmetrics[glyph][0] * 1000 / face.unitsPerEm
    return chr(code), face.charWidths[code]


def _empty(font: str) -> int:
    """A sign of the typeface that draws nothing."""
    return int(typeface(font).face.charToGlyph[_SPACE])


@lru_cache(maxsize=32)
def _shaper(font: str) -> Any:  # noqa: ANN401
    hb = _harfbuzz()
    return hb.Font(hb.Face(hb.Blob(typeface(font).face._ttf_data)))  # noqa: SLF001 (read once)


@lru_cache(maxsize=1)
def _harfbuzz() -> Any:  # noqa: ANN401
    import uharfbuzz

    return uharfbuzz
