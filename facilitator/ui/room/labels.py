"""Rows for the words under a line, so that no word stands on another or on its thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ROWS: Final = 5
_APART: Final = 28.0
_HANG: Final = 14.0  # how far words reach beyond the mark that they hang from


@dataclass(frozen=True, slots=True)
class Label:
    """Words from `left` to `right` in a row, hanging by a thread from the mark at `x`."""

    x: float
    left: float
    right: float
    row: int


@lru_cache(maxsize=32)
def place_labels(marks: tuple[tuple[float, float], ...], room: float) -> tuple[Label, ...]:
    """A label for each mark (x, width of its words); in fewest rows, in the order given."""
    for rows in range(1, _ROWS + 1):
        placed = _place(marks, room, rows, ())
        if placed is not None:
            return placed
    # Too many words for any arrangement: one row for each.
    return tuple(
        Label(x, *_span(x, wide, room, "right"), row) for row, (x, wide) in enumerate(marks)
    )


def _place(
    marks: tuple[tuple[float, float], ...], room: float, rows: int, placed: tuple[Label, ...]
) -> tuple[Label, ...] | None:
    if len(placed) == len(marks):
        return placed
    x, wide = marks[len(placed)]
    for row in range(rows):
        for way in ("right", "left"):
            label = Label(x, *_span(x, wide, room, way), row)
            if all(_agree(label, other) for other in placed):
                found = _place(marks, room, rows, (*placed, label))
                if found is not None:
                    return found
    return None


def _span(x: float, wide: float, room: float, way: str) -> tuple[float, float]:
    left = x - _HANG if way == "right" else x + _HANG - wide
    left = max(0.0, min(left, room - wide))
    return left, left + wide


def _agree(a: Label, b: Label) -> bool:
    if a.row == b.row:
        return a.right + _APART <= b.left or b.right + _APART <= a.left
    upper, lower = (a, b) if a.row < b.row else (b, a)
    return not upper.left - 6 <= lower.x <= upper.right + 6
