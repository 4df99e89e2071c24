"""Signs that a typeface lacks, made of its own: marks where their letter wants them, and the like.

Moved on the page instead, a mark would leave its line for who reads it: pdftotext and browsers
take what lies higher, or goes back, for the beginning of something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import pack, unpack
from typing import Any, Final, NamedTuple

_WORDS: Final = 0x0001
_OFFSETS: Final = 0x0002
_SCALE: Final = 0x0008
_MORE: Final = 0x0020
_TWO_SCALES: Final = 0x0040
_MATRIX: Final = 0x0080
_INSTRUCTIONS: Final = 0x0100
_METRICS: Final = 0x0200
_HEAD: Final = ">5h"


class Part(NamedTuple):
    """A sign of the typeface, and where it stands in the new one, in font units."""

    glyph: int
    right: int = 0
    up: int = 0


_made: Final[dict[tuple[str, tuple[Part, ...], int], int]] = {}


def composed(face: Any, parts: tuple[Part, ...], advance: int) -> int:  # noqa: ANN401
    """The number that a sign made of these has in reportlab's face; of none, it draws nothing.

    `advance` is by how many font units it moves the pen.
    """
    key = face.filename, parts, advance
    if key not in _made:
        outline, left = _outline(face, parts)
        # A signed number, which reportlab keeps as if it had no sign.
        _made[key] = _add(face, outline, (max(advance, 0), left & 0xFFFF))
    return _made[key]


def _outline(face: Any, parts: Iterable[Part]) -> tuple[bytes, int]:  # noqa: ANN401
    """The outline of all parts, and where it begins on the left."""
    edges: list[tuple[int, int, int, int]] = []
    records: list[bytes] = []
    for part in parts:
        data = _data(face, part.glyph)
        if data:
            contours, left, low, right, high = unpack(_HEAD, data[:10])
            over, up = part.right, part.up
            edges.append((left + over, low + up, -right - over, -high - up))
            whole = pack(">HHhh", _WORDS | _OFFSETS, part.glyph, over, up)
            records += [whole] if contours >= 0 else _moved(data, part)
    if not records:
        return b"", 0
    left, low, right, high = (min(each) for each in zip(*edges, strict=True))
    said = b"".join(_flagged(record, n < len(records) - 1) for n, record in enumerate(records))
    return pack(_HEAD, -1, left, low, -right, -high) + said, left


def _moved(data: bytes, by: Part) -> Iterator[bytes]:
    """The parts of a sign made of others, moved: deeper nesting than its own is not to be made."""
    at = 10
    flags = _MORE
    while flags & _MORE:
        flags, glyph = unpack(">HH", data[at : at + 4])
        size = 4 if flags & _WORDS else 2
        over, up = unpack(">hh" if flags & _WORDS else ">bb", data[at + 4 : at + 4 + size])
        at += 4 + size
        scale = 2 * bool(flags & _SCALE) + 4 * bool(flags & _TWO_SCALES) + 8 * bool(flags & _MATRIX)
        if flags & _OFFSETS:
            over, up = over + by.right, up + by.up
        yield pack(">HHhh", flags | _WORDS, glyph, over, up) + data[at : at + scale]
        at += scale


def _flagged(record: bytes, goes_on: bool) -> bytes:
    (flags,) = unpack(">H", record[:2])
    flags &= ~(_INSTRUCTIONS | _METRICS | _MORE)
    return pack(">H", flags | _MORE if goes_on else flags) + record[2:]


def _data(face: Any, glyph: int) -> bytes:  # noqa: ANN401
    start, _ = face.get_table_pos("glyf")
    return bytes(face._ttf_data[start + face.glyphPos[glyph] : start + face.glyphPos[glyph + 1]])  # noqa: SLF001


def _add(face: Any, outline: bytes, metrics: tuple[int, int]) -> int:  # noqa: ANN401
    """Put a sign behind the others, which are moved to the end of the file for that."""
    start, _ = face.get_table_pos("glyf")
    end = face.glyphPos[-1]
    file = face._ttf_data  # noqa: SLF001
    if not isinstance(file, bytearray):
        glyphs = file[start : start + end]
        # What is added to again and again is not to be copied each time.
        face._ttf_data = file = bytearray(file)  # noqa: SLF001
        start = len(file)
        file += glyphs
        face.table["glyf"]["offset"] = start
    file += outline + b"\0" * (len(outline) % 2)
    end = len(file) - start
    face.table["glyf"]["length"] = end
    face.glyphPos.append(end)
    face.hmetrics.append(metrics)
    return len(face.glyphPos) - 2
