"""Blocks as things that flow over pages: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer

from facilitator.report import blocks as b
from facilitator.report import grids
from facilitator.report.figures import LaneDrawing, StripDrawing
from facilitator.report.piece import Piece
from facilitator.report.sheets import Sheet, sheet
from facilitator.report.signing_boxes import SignBoxes
from facilitator.report.styles import Look
from facilitator.report.whys import answer_cards

_BEGINNING: Final = 52.0
_SHORT: Final = 40.0
_LEAD: Final = 4
# Room enough to see how a block begins; a long table stops counting there.
_SOME: Final = 700.0
Flow = list[Flowable]


class Anchor(Piece):
    """A place that the outline leads to; it takes no room."""

    def __init__(self, text: str, level: int, key: str) -> None:
        super().__init__()
        self._entry = (text, level, key)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """No size."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Note the place in the outline."""
        text, level, key = self._entry
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text[:200], key, level=level, closed=level > 0)


def flow(blocks: tuple[b.Block, ...], look: Look, width: float) -> Flow:
    """The blocks of a section in order, each heading kept with what follows it."""
    made = [make(block, look, width) for block in blocks]
    done: Flow = []
    for n, block in enumerate(blocks):
        if isinstance(block, b.Heading):
            done.append(CondPageBreak(_room(blocks[n:], made[n:], width)))
        done += made[n]
    return done


def lead_room(blocks: tuple[b.Block, ...], look: Look, width: float) -> float:
    """The room that a section wants for how it begins, its own title apart."""
    few = blocks[:_LEAD]
    return _room(few, [make(block, look, width) for block in few], width)


def _room(blocks: tuple[b.Block, ...], made: list[Flow], width: float) -> float:
    """How much must stand on one page: headings and short texts with what they speak of.

    Drawings count whole, of long texts and tables a beginning does.
    """
    room = 0.0
    for block, flowables in zip(blocks, made, strict=True):
        needed = _start(flowables, width)
        room += needed
        is_short = isinstance(block, b.Text) and needed < _SHORT
        if not is_short and not isinstance(block, b.Heading):
            break
    return min(room, _SOME / 2)


def _start(flowables: Flow, width: float) -> float:
    needed = 0.0
    for each in flowables:
        needed += _least(each, float(each.wrap(width, _SOME)[1]))
        if needed > _BEGINNING:
            break
    return needed


def _least(each: Flowable, height: float) -> float:
    if isinstance(each, Sheet):
        return each.beginning()
    return height if isinstance(each, Piece) else min(height, _BEGINNING)


def make(block: b.Block, look: Look, width: float) -> Flow:
    """One block as flowables."""
    maker: Callable[[Any, Look, float], Flow] = _MAKERS[type(block)]
    return maker(block, look, width)


def _heading(block: b.Heading, look: Look, _width: float) -> Flow:
    return [Spacer(1, 10 * look.scale), look.paragraph(block.text, "part"), Spacer(1, 3)]


def _text(block: b.Text, look: Look, _width: float) -> Flow:
    return [*look.paragraphs(block.text, block.tone), Spacer(1, 5 * look.scale)]


def _strip(block: b.Strip, look: Look, _width: float) -> Flow:
    return [Spacer(1, 6), StripDrawing(block, look.colors), Spacer(1, 2)]


def _sheet(block: b.Table, look: Look, width: float) -> Flow:
    return [Spacer(1, 4), sheet(block, look, width), Spacer(1, 6)]


def _lanes(block: b.LaneChart, look: Look, width: float) -> Flow:
    drawing = LaneDrawing(block, look.colors)
    caption = look.paragraph(block.caption, "small")
    together = drawing.wrap(width, _SOME)[1] + 3 + caption.wrap(width, _SOME)[1]
    return [CondPageBreak(together), drawing, Spacer(1, 3), caption, Spacer(1, 6)]


def _tree(block: b.Tree, look: Look, width: float) -> Flow:
    return [Spacer(1, 3), *answer_cards(block, look, width)]


def _sign_fields(block: b.SignFields, look: Look, _width: float) -> Flow:
    return [Spacer(1, 4), SignBoxes(block, look.colors), Spacer(1, 6)]


_MAKERS: Final[dict[type[Any], Callable[[Any, Look, float], Flow]]] = {
    b.Heading: _heading,
    b.Text: _text,
    b.Bullets: grids.bullets,
    b.Pairs: grids.pairs,
    b.Tiles: grids.tiles,
    b.Strip: _strip,
    b.Callout: grids.callout,
    b.Table: _sheet,
    b.LaneChart: _lanes,
    b.Tree: _tree,
    b.SignFields: _sign_fields,
    b.Roles: grids.roles,
}
