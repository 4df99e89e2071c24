"""Letters as they are drawn where a script joins, moves or mirrors them; the shaper is HarfBuzz."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from facilitator.report import unicode_map
from facilitator.report.signs import Part, composed
from facilitator.report.typefaces import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT: Final = 64
# Marks piled on each other stay this near to their place, in parts of the size.
_FARTHEST: Final = 1.2
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
    return (_kept if len(text) <= _SHORT else _kept_long)(text, font, leftward)


@lru_cache(maxsize=8192)
def _kept(text: str, font: str, leftward: bool) -> tuple[Glyph, ...]:
    return tuple(_shaped(text, font, leftward))


# One is measured and then drawn.
@lru_cache(maxsize=8)
def _kept_long(text: str, font: str, leftward: bool) -> tuple[Glyph, ...]:
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
    em = typeface(font).face.unitsPerEm
    clusters = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(pairwise([*clusters, len(text)]))
    drawn = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    for cluster, group in groupby(drawn, key=lambda each: each[0].cluster):
        signs = [
            Sign(
                (Part(info.codepoint, *_near(place.x_offset, place.y_offset, em)),), place.x_advance
            )
            for info, place in group
        ]
        yield from _told(font, signs, text[cluster : ends[cluster]], leftward)


def _near(right: int, up: int, em: int) -> tuple[int, int]:
    far, high = round(em * _FARTHEST), round(em * _HIGHEST)
    return max(-far, min(far, right)), max(-high, min(high, up))


class Sign(NamedTuple):
    """What is drawn between two moves of the pen, in font units."""

    parts: tuple[Part, ...]
    advance: int
    is_new: bool = False
    """Whether it is to be made even where the typeface has one that looks so."""


def _told(font: str, signs: list[Sign], letters: str, leftward: bool) -> Iterator[Glyph]:
    """As many signs as letters, from left to right: who reads the page counts by letters."""
    if len(signs) == len(letters) == 1:
        yield _glyph(font, signs[0], letters)
        return
    # The last letter in the order of reading has what is left over, of signs or of letters.
    lone = min(len(signs), len(letters)) - 1
    if leftward:
        last, others = _joined(signs[: len(signs) - lone]), signs[len(signs) - lone :]
    else:
        others, last = signs[:lone], _joined(signs[lone:])
    split = _split(last, len(letters) - lone, leftward)
    found = [*split, *others] if leftward else [*others, *split]
    for sign, letter in zip(found, reversed(letters) if leftward else letters, strict=True):
        yield _glyph(font, sign, letter)


def _joined(signs: Sequence[Sign]) -> Sign:
    """Signs that follow each other as one."""
    parts = []
    pen = 0
    for sign in signs:
        parts += [part._replace(right=part.right + pen) for part in sign.parts]
        pen += sign.advance
    return Sign(tuple(parts), pen)


def _split(sign: Sign, count: int, leftward: bool) -> list[Sign]:
    """A sign as that many moves of the pen, where the first letter of reading is drawing it."""
    if count == 1:
        return [sign]
    each = sign.advance // count
    empty = [Sign((), each, True)] * (count - 1)
    back = each * (count - 1)
    own = Sign(sign.parts, sign.advance - back, True)
    if not leftward:
        return [own, *empty]
    moved = tuple(part._replace(right=part.right - back) for part in own.parts)
    return [*empty, own._replace(parts=moved)]


def _glyph(font: str, sign: Sign, letter: str) -> Glyph:
    """A sign that stands for a letter."""
    face = typeface(font).face
    scale = 1000 / face.unitsPerEm
    if sign.is_new or sign.parts[1:] or sign.parts[0][1:] != (0, 0):
        # Readers skip what takes no room at all.
        number = composed(face, sign.parts, sign.advance if sign.parts else max(sign.advance, 1))
    else:
        number = sign.parts[0].glyph
    code = ord(letter)
    if face.charToGlyph.get(code) != number:
        code = unicode_map.code_for(font, number, letter)
    if code not in face.charToGlyph:
        face.charToGlyph[code] = number
        face.charWidths[code] = face.hmetrics[number][0] * scale
    return Glyph(chr(code), face.charWidths[code], sign.advance * scale)


@lru_cache(maxsize=32)
def _shaper(font: str) -> Any:  # noqa: ANN401
    hb = _harfbuzz()
    return hb.Font(hb.Face(hb.Blob(bytes(typeface(font).face._ttf_data))))  # noqa: SLF001 (read once)


@lru_cache(maxsize=1)
def _harfbuzz() -> Any:  # noqa: ANN401
    import uharfbuzz

    return uharfbuzz
