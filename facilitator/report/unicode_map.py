"""Which character each glyph of an embedded typeface stands for, as the standards want it said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_MOST = 100
# Code points that mean no character; naming one is forbidden.
_NONE = frozenset((0x0, 0xFEFF, 0xFFFE))


def put_right() -> None:
    """Let reportlab write our map: its own names U+0000 and has blocks of any length."""
    from reportlab.pdfbase import ttfonts

    setattr(ttfonts, "makeToUnicodeCMap", unicode_map)  # noqa: B010 (it has no other way in)


def unicode_map(name: str, subset: Sequence[int]) -> str:
    """The map of a subset: the code point of each of its codes."""
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
            yield f"<{code:02X}> <{chr(point).encode('utf-16-be', 'replace').hex().upper()}>"
        yield "endbfchar"
    yield "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
