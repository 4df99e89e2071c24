"""Which character each glyph of an embedded typeface stands for, as the standards want it said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

_MOST: Final = 100
# Code points that mean no character; naming one is forbidden.
_NONE: Final = frozenset((0x0, 0xFEFF, 0xFFFE))
# Private code points, in which no text is set, for signs that no character has alone.
FIRST_CODE: Final = 0xF0000
_codes: Final[dict[tuple[str, int, str], int]] = {}
_meanings: Final[dict[int, str]] = {}
_next: Final = count(FIRST_CODE)


def put_right() -> None:
    """Let reportlab write our map: its own names U+0000 and has blocks of any length."""
    from reportlab.pdfbase import ttfonts

    setattr(ttfonts, "makeToUnicodeCMap", unicode_map)  # noqa: B010 (it has no other way in)


def code_for(font: str, glyph: int, letter: str) -> int:
    """The private code point for a glyph of a typeface where it stands for this letter."""
    key = font, glyph, letter
    if key not in _codes:
        _codes[key] = next(_next)
        _meanings[_codes[key]] = letter
    return _codes[key]


def meaning(char: str) -> str:
    """The character that a code point stands for; for any but the private ones itself."""
    return _meanings.get(ord(char), char)


def unicode_map(name: str, subset: Sequence[int]) -> str:
    """The map of a subset: the characters of each of its codes."""
    return "\n".join(_lines(name, subset))


def _lines(name: str, subset: Sequence[int]) -> Iterator[str]:
    yield "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap"
    yield f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def"
    yield f"/CMapName /{name} def\n/CMapType 2 def"
    yield "1 begincodespacerange\n<00> <FF>\nendcodespacerange"
    said = [(code, point) for code, point in enumerate(subset) if point not in _NONE]
    for start in range(0, len(said), _MOST):
        block = said[start : start + _MOST]
        yield f"{len(block)} beginbfchar"
        for code, point in block:
            words = meaning(chr(point)).encode("utf-16-be", "replace")
            yield f"<{code:02X}> <{words.hex().upper()}>"
        yield "endbfchar"
    yield "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
