"""Blocks as things that flow over pages: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer

from facilitator.report import blocks as b
from facilitator.report import grids
from facilitator.report.curves import MetricDrawing
from facilitator.report.figures import LaneDrawing, StripDrawing
from facilitator.report.piece import Piece
from facilitator.report.sheets import sheet
from facilitator.report.signing_boxes import SignBoxes
from facilitator.report.styles import Look
from facilitator.report.whys import drawing

_BEGINNING: Final = 52.0
_SHORT: Final = 40.0
# More than a page of either paper has would be asked for in vain.
_PAGE: Final = 640.0
_SOME: Final = 700.0
# Blocks up to this height (points) stand on one page; a card does whenever it fits on one.
_WHOLE: Final[Mapping[type[Any], float]] = {b.Text: 0.0, b.Bullets: 110.0, b.Callout: _PAGE}
_MOSTLY_WHOLE: Final = 230.0
Flow = list[Flowable]


class Gap(Piece):
    """Room above a heading, which a page does not begin with."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """No height at the top of a page."""
        frame = getattr(self, "_frame", None)
        return width, 0.0 if frame is not None and frame._atTop else self.height  # noqa: SLF001

    def draw(self) -> None:
        """Nothing is drawn."""


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


def flow(blocks: Sequence[b.Block], look: Look, width: float, title: Flow | None = None) -> Flow:
    """The blocks of a section in order, each heading (its `title` too) kept with what follows.

    What fits on a page is not parted where it need not be.
    """
    made = [make(block, look, width) for block in blocks]
    done: Flow = []
    for n, flowables in enumerate(made):
        before = [] if n or title is None else title
        room = sum(each.wrap(width, _SOME)[1] for each in before) + _room(blocks, made, n, width)
        done += [CondPageBreak(min(room, _PAGE)), *before, *flowables]
    return done


def _room(blocks: Sequence[b.Block], made: Sequence[Flow], first: int, width: float) -> float:
    """How much must stand on one page: headings and short texts with what they speak of.

    Drawings and small tables count whole, of long ones a beginning does.
    """
    room = 0.0
    for n in range(first, len(blocks)):
        needed = _start(blocks[n], made[n], width)
        room += needed
        is_short = isinstance(blocks[n], b.Text) and needed < _SHORT
        if not is_short and not isinstance(blocks[n], b.Heading):
            break
    return room


def _start(block: b.Block, flowables: Flow, width: float) -> float:
    heights = [float(each.wrap(width, _SOME)[1]) for each in flowables]
    if sum(heights) <= _WHOLE.get(type(block), _MOSTLY_WHOLE):
        return sum(heights)
    needed = 0.0
    for each, height in zip(flowables, heights, strict=True):
        needed += each.beginning() if isinstance(each, Piece) else min(height, _BEGINNING)
        if needed > _BEGINNING:
            break
    return needed


def make(block: b.Block, look: Look, width: float) -> Flow:
    """One block as flowables."""
    maker: Callable[[Any, Look, float], Flow] = _MAKERS[type(block)]
    return maker(block, look, width)


def _heading(block: b.Heading, look: Look, _width: float) -> Flow:
    return [Gap(10 * look.scale), look.paragraph(block.text, "part"), Spacer(1, 3)]


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


def _metric(block: b.MetricChart, look: Look, width: float) -> Flow:
    drawing = MetricDrawing(block, look.colors)
    captions = look.paragraphs(block.caption, "small")
    return [drawing, Spacer(1, 3), *captions, Spacer(1, 10)]


def _tree(block: b.Tree, look: Look, _width: float) -> Flow:
    return [Spacer(1, 3), drawing(block, look)]


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
    b.MetricChart: _metric,
    b.Tree: _tree,
    b.SignFields: _sign_fields,
    b.Roles: grids.roles,
}
