"""Signs that a typeface lacks: marks moved to where their letter wants them, and one of no width.

Moved on the page instead, a mark would leave its line for who reads it: pdftotext and browsers
take what lies higher, or goes back, for the beginning of something else.
"""

from __future__ import annotations

from struct import pack, unpack
from typing import Any, Final

_MOST: Final = 3_000
_WORDS: Final = 0x0001
_OFFSETS: Final = 0x0002
_SCALE: Final = 0x0008
_MORE: Final = 0x0020
_TWO_SCALES: Final = 0x0040
_MATRIX: Final = 0x0080
_INSTRUCTIONS: Final = 0x0100
_HEAD: Final = ">5h"
_made: Final[dict[tuple[str, int, tuple[int, int], int], int]] = {}


def moved(face: Any, glyph: int, by: tuple[int, int], advance: int) -> int:  # noqa: ANN401
    """The number of a sign of reportlab's face that is another moved right and up.

    Lengths are in font units; `advance` is by how much the pen moves.
    """
    key = face.filename, glyph, by, advance
    if key not in _made and len(_made) < _MOST:
        # A signed number, which reportlab keeps as if it had no sign.
        bearing = (face.hmetrics[glyph][1] + by[0]) & 0xFFFF
        _made[key] = _add(face, _moved_outline(face, glyph, by), (max(advance, 0), bearing))
    return _made.get(key, glyph)


def empty(face: Any, advance: int) -> int:  # noqa: ANN401
    """The number of a sign that draws nothing and moves the pen by so many font units."""
    key = face.filename, -1, (0, 0), advance if len(_made) < _MOST else 0
    if key not in _made:
        _made[key] = _add(face, b"", (max(key[-1], 0), 0))
    return _made[key]


def _moved_outline(face: Any, glyph: int, by: tuple[int, int]) -> bytes:  # noqa: ANN401
    start, _ = face.get_table_pos("glyf")
    data = face._ttf_data[start + face.glyphPos[glyph] : start + face.glyphPos[glyph + 1]]  # noqa: SLF001
    if not data:
        return b""
    contours, left, low, right, high = unpack(_HEAD, data[:10])
    over, up = by
    head = pack(_HEAD, -1, left + over, low + up, right + over, high + up)
    if contours >= 0:
        return head + pack(">HHhh", _WORDS | _OFFSETS, glyph, over, up)
    return head + _moved_parts(data, by)


def _moved_parts(data: bytes, by: tuple[int, int]) -> bytes:
    """The parts of a sign made of others, moved: deeper nesting than its own is not to be made."""
    done = b""
    at = 10
    flags = _MORE
    while flags & _MORE:
        flags, part = unpack(">HH", data[at : at + 4])
        size = 4 if flags & _WORDS else 2
        over, up = unpack(">hh" if flags & _WORDS else ">bb", data[at + 4 : at + 4 + size])
        at += 4 + size
        scale = 2 * bool(flags & _SCALE) + 4 * bool(flags & _TWO_SCALES) + 8 * bool(flags & _MATRIX)
        if flags & _OFFSETS:
            over, up = over + by[0], up + by[1]
        done += pack(">HHhh", flags & ~_INSTRUCTIONS | _WORDS, part, over, up)
        done += data[at : at + scale]
        at += scale
    return done


def _add(face: Any, outline: bytes, metrics: tuple[int, int]) -> int:  # noqa: ANN401
    """Put a sign behind the others, which are moved to the end of the file for that."""
    start, _ = face.get_table_pos("glyf")
    end = face.glyphPos[-1]
    outline += b"\0" * (len(outline) % 2)
    glyphs = face._ttf_data[start : start + end]  # noqa: SLF001
    is_last = start + end == len(face._ttf_data)  # noqa: SLF001
    before = face._ttf_data if is_last else face._ttf_data + glyphs  # noqa: SLF001
    face._ttf_data = before + outline  # noqa: SLF001
    face.table["glyf"]["offset"] = start if is_last else len(before) - end
    face.table["glyf"]["length"] = end + len(outline)
    face.glyphPos.append(end + len(outline))
    face.hmetrics.append(metrics)
    return len(face.glyphPos) - 2
