"""What every drawing of ours is to reportlab: something that has a size and draws itself."""

from __future__ import annotations

from typing import Any

from reportlab.platypus.flowables import Flowable


class Piece(Flowable):
    """A flowable with the types that reportlab leaves out; sizes are in points."""

    width: Any
    height: Any
    canv: Any

    def __init__(self) -> None:
        Flowable.__init__(self)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes of what there is."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw it, its lower left corner at the origin."""
        raise NotImplementedError
