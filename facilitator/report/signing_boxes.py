"""The places to sign on the sign-off page: named boxes whose position the fields are given."""

from __future__ import annotations

from typing import Final

from facilitator.report.blocks import SignFields
from facilitator.report.figures import Colors
from facilitator.report.fonts import BOLD, REGULAR, draw_text, fitting, width_of
from facilitator.report.piece import Piece
from facilitator.report.tags import Element

# Where fields go: role to (page index, left, bottom, right, top), gathered while drawing.
PLACES: Final = "facilitator_places"
_GAP: Final = 18.0
# Above the name of who signs there is room for a mark, drawn on the screen or with a pen.
_BOX: Final = 88.0
_HEAD: Final = 30.0
_ROW_GAP: Final = 12.0
_SMALLEST: Final = 5.0


class SignBoxes(Piece):
    """Boxes in rows, each with role and name above the room for the signature."""

    def __init__(self, block: SignFields, colors: Colors) -> None:
        super().__init__()
        self._block = block
        self._colors = colors
        self._columns = 3 if len(block.fields) == 3 else 2
        self._box = _BOX if block.are_fields else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        self.width = width
        self._each = (width - (self._columns - 1) * _GAP) / self._columns
        rows = -(-len(self._block.fields) // self._columns)
        self.height = rows * (self._box + _HEAD + _ROW_GAP)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the boxes and note where they lie."""
        for n, field in enumerate(self._block.fields):
            row, column = divmod(n, self._columns)
            left = column * (self._each + _GAP)
            top = self.height - row * (self._box + _HEAD + _ROW_GAP)
            with self.canv.marked(Element("P")):
                self._draw_head(field.title, field.name, left, top)
            if self._block.are_fields:
                self._draw_box(field.role, left, top - _HEAD - self._box, self._each)

    def _draw_head(self, title: str, name: str, left: float, top: float) -> None:
        canvas, each = self.canv, self._each
        canvas.setStrokeColor(self._colors["text"])
        canvas.setLineWidth(1.0)
        canvas.line(left, top, left + each, top)
        canvas.setFillColor(self._colors["text"])
        draw_text(canvas, (left, top - 12), title, (BOLD, 9.2))
        canvas.setFillColor(self._colors["text.second"])
        # A long name gets smaller type first: cut off, it would be somebody else's.
        natural = width_of(name[:500], REGULAR, 9.2)
        size = max(_SMALLEST, min(9.2, 9.2 * each / max(natural, 1.0)))
        said = fitting(name, REGULAR, size, each + 0.5)
        draw_text(canvas, (left, top - 24), said, (REGULAR, size))

    def _draw_box(self, role: str, left: float, bottom: float, width: float) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(self._colors["border"])
        canvas.setLineWidth(0.6)
        canvas.setDash(2, 2)
        canvas.rect(left, bottom, width, self._box, stroke=1, fill=0)
        canvas.restoreState()
        x, y = canvas.absolutePosition(left, bottom)
        right, top = canvas.absolutePosition(left + width, bottom + self._box)
        places = canvas.__dict__.setdefault(PLACES, {})
        page = canvas.getPageNumber() - 1
        places[role] = (page, x, y, right, top)
        canvas.place(Element("Form", role=role, page=page))
