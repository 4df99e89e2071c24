"""Sizes of the room screen: how far the farthest seat is decides how large words are.

All lengths of the room screen are in units of 1/1080 of its height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 1080.0
MARGIN: Final = 0.05
SMALLEST: Final = 32


@dataclass(frozen=True, slots=True)
class RoomSize:
    """Heights of letters in units, rows of the ladder, and how far a why is indented."""

    body: int
    timer: int
    title: int
    question: int
    foot: int
    rows: int
    indent: float


SIZES: Final = {
    "small": RoomSize(44, 150, 72, 44, 32, 6, 44.0),
    "medium": RoomSize(60, 120, 60, 44, 34, 6, 18.0),
    "large": RoomSize(80, 120, 60, 48, 40, 4, 24.0),
}
