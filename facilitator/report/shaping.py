"""Letters as they are drawn where a script joins, moves or mirrors them; the shaper is HarfBuzz."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from facilitator.report import unicode_map
from facilitator.report.signs import empty, moved
from facilitator.report.typefaces import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT: Final = 64
# Marks piled on each other stay this near to their line, in parts of the size.
_HIGHEST: Final = 0.5


class Glyph(NamedTuple):
    """One sign as drawn; lengths are in thousandths of the size."""

    code: str
    """The character that stands for it in its typeface."""
    width: float
    """By which the pen moves by itself."""
    advance: float
    """By which it has to move."""


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
    drawn = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    said = _said([info.cluster for info, _ in drawn], text, leftward)
    for (info, place), words in zip(drawn, said, strict=True):
        yield from _told(font, info.codepoint, place, words, leftward)


def _told(font: str, glyph: int, place: Any, words: str, leftward: bool) -> Iterator[Glyph]:  # noqa: ANN401
    """A sign, in as many steps of the pen as it stands for letters: readers count by letters."""
    face = typeface(font).face
    *steps, last = _steps(place.x_advance, len(words))
    most = round(face.unitsPerEm * _HIGHEST)
    up = max(-most, min(most, place.y_offset))
    over = place.x_offset - (sum(steps) if leftward else 0)
    if steps or over or up:
        glyph = moved(face, glyph, (over, up), last)
    others = [
        # Readers skip what takes no room at all.
        _code(font, empty(face, max(step, 1)), letter, step)
        for letter, step in zip(words[1:], steps, strict=True)
    ]
    own = _code(font, glyph, words[:1], last)
    yield from (*reversed(others), own) if leftward else (own, *others)


def _steps(advance: int, count: int) -> list[int]:
    """A length in whole numbers that are about equal."""
    each = advance // count
    return [*[each] * (count - 1), advance - each * (count - 1)]


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
            found[members[-1]] = words[len(members) - 1 :]
    return found


def _code(font: str, glyph: int, letter: str, advance: int) -> Glyph:
    """A sign that stands for a letter, and by how many font units the pen has to move."""
    face = typeface(font).face
    scale = 1000 / face.unitsPerEm
    code = ord(letter)
    if face.charToGlyph.get(code) != glyph:
        code = unicode_map.code_for(font, glyph, letter)
    if code not in face.charToGlyph:
        face.charToGlyph[code] = glyph
        face.charWidths[code] = face.hmetrics[glyph][0] * scale
    return Glyph(chr(code), face.charWidths[code], advance * scale)


@lru_cache(maxsize=32)
def _shaper(font: str) -> Any:  # noqa: ANN401
    hb = _harfbuzz()
    return hb.Font(hb.Face(hb.Blob(typeface(font).face._ttf_data)))  # noqa: SLF001 (read once)


@lru_cache(maxsize=1)
def _harfbuzz() -> Any:  # noqa: ANN401
    import uharfbuzz

    return uharfbuzz
