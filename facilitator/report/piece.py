"""What every drawing of ours is to reportlab: something that has a size and draws itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.platypus.flowables import Flowable


class Piece(Flowable):
    """A flowable with the types that reportlab leaves out; sizes are in points."""

    width: Any
    height: Any
    canv: Any
    drawOn: Callable[..., None]

    def __init__(self) -> None:
        Flowable.__init__(self)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes of what there is."""
        raise NotImplementedError

    def beginning(self) -> float:
        """How much of it must stand on one page, once it has its size: all of it."""
        return float(self.height)

    def draw(self) -> None:
        """Draw it, its lower left corner at the origin."""
        raise NotImplementedError
