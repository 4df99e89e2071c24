"""Draws the part of the tree that is in sight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from facilitator.model.tree_layout import COLUMN_GAP, Box
from facilitator.ui.theme import Theme
from facilitator.ui.whys.cards import MARK, Card, Cards
from facilitator.ui.whys.drag import Drag, bar_of
from facilitator.ui.whys.lens import Lens
from facilitator.ui.whys.picture import Picture

_WORDS_FROM: Final = 0.4  # zoom under which words are no longer drawn: they could not be read
_CARDS_FROM: Final = 0.22  # zoom under which cards are plain blocks
_BAR: Final = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """What is drawn in a way of its own at this moment."""

    selected: str = ""
    typed_on: str = ""
    focused: bool = False
    target: str = ""
    drag: Drag | None = None
    words: bool = True


def paint_tree(painter: QPainter, picture: Picture, cards: Cards, lens: Lens, look: Look) -> None:
    """Draw links, cards and marks that the lens shows."""
    painter.save()
    look = replace(look, words=lens.zoom >= _WORDS_FROM)
    painter.setTransform(lens.transform, combine=True)
    seen = lens.seen
    edges = (seen.left(), seen.top(), seen.right(), seen.bottom())
    reach = (edges[0] - COLUMN_GAP, edges[1] - MARK, edges[2] + MARK, edges[3] + MARK)
    boxes = list(picture.layout.within(*reach))
    if lens.zoom < _CARDS_FROM:
        _paint_far(painter, picture, cards.theme, boxes, edges)
    else:
        _paint_links(painter, picture, cards.theme, edges)
        _paint_cards(painter, picture, cards, look, boxes)
    _paint_selected(painter, picture, cards.theme, look, lens.zoom)
    if look.drag is not None:
        _paint_drag(painter, picture, cards, look.drag)
    painter.restore()


def paint_bars(painter: QPainter, lens: Lens, theme: Theme, width: int, height: int) -> None:
    """Two thin bars that say how much of the tree is out of sight."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("border.soft"))
    (left, right), (top, bottom) = lens.bars()
    if right - left < 0.999:
        bar = QRectF(left * width, height - _BAR, (right - left) * width, _BAR - 1)
        painter.drawRoundedRect(bar, 2, 2)
    if bottom - top < 0.999:
        bar = QRectF(width - _BAR, top * height, _BAR - 1, (bottom - top) * height)
        painter.drawRoundedRect(bar, 2, 2)


def _paint_far(
    painter: QPainter,
    picture: Picture,
    theme: Theme,
    boxes: list[Box],
    edges: tuple[float, float, float, float],
) -> None:
    """The shape of a large tree: blocks and straight links, thousands in a few milliseconds."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(theme.color("border.soft"), 0)
    painter.setPen(pen)
    links = QPainterPath()
    for parent, answer in picture.layout.linked(*edges):
        links.moveTo(parent.right, parent.middle)
        links.lineTo(answer.x, answer.middle)
    painter.drawPath(links)
    painter.setPen(QPen(theme.color("border"), 0))
    painter.setBrush(theme.color("card"))
    painter.drawRects([QRectF(b.x, b.y, b.width, b.height) for b in boxes])
    painter.setBrush(theme.color("root"))
    painter.drawRects(
        [QRectF(b.x, b.y, b.width, b.height) for b in boxes if picture.cards[b.id].root_cause]
    )


def _paint_links(
    painter: QPainter, picture: Picture, theme: Theme, edges: tuple[float, float, float, float]
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    links = QPainterPath()
    for parent, answer in picture.layout.linked(*edges):
        _add_curve(links, parent, answer)
    painter.setPen(QPen(theme.color("border"), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(links)


def _paint_cards(
    painter: QPainter, picture: Picture, cards: Cards, look: Look, boxes: list[Box]
) -> None:
    for box in boxes:
        card = picture.cards[box.id]
        if look.drag is not None and box.id == look.drag.node:
            painter.setOpacity(0.35)
        cards.paint(painter, box, card, text=look.words and box.id != look.typed_on)
        if box.below:
            cards.paint_mark(painter, box)
        painter.setOpacity(1.0)


def _add_curve(path: QPainterPath, parent: Box, answer: Box) -> None:
    start, end = QPointF(parent.right, parent.middle), QPointF(answer.x, answer.middle)
    half = (end.x() - start.x()) / 2
    path.moveTo(start)
    path.cubicTo(start + QPointF(half, 0), end - QPointF(half, 0), end)


def _paint_selected(
    painter: QPainter, picture: Picture, theme: Theme, look: Look, zoom: float
) -> None:
    box = picture.layout.by_id.get(look.typed_on or look.selected)
    if box is not None:
        # The ring keeps its three pixels at every zoom.
        width = (3.0 if look.focused else 1.8) / zoom
        painter.setPen(QPen(theme.color("focus"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        gap = 2.0 + width / 2
        rect = QRectF(box.x, box.y, box.width, box.height).adjusted(-gap, -gap, gap, gap)
        painter.drawRoundedRect(rect, 9, 9)
        if box.below:
            Cards(theme).paint_mark(painter, box)
    target = picture.layout.by_id.get(look.target)
    if target is not None:
        painter.setPen(QPen(theme.color("focus"), 4 / zoom))
        painter.drawRoundedRect(bar_of(target, "child"), 9, 9)


def _paint_drag(painter: QPainter, picture: Picture, cards: Cards, drag: Drag) -> None:
    theme = cards.theme
    place = drag.place
    if place is not None and place.allowed:
        bar = bar_of(picture.layout.by_id[place.target], place.way)
        if place.way == "child":
            painter.setPen(QPen(theme.color("focus"), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("focus"))
        painter.drawRoundedRect(bar, 2, 2)
    box, card = picture.layout.by_id.get(drag.node), picture.cards.get(drag.node, Card(""))
    if box is not None:
        at = drag.pointer - drag.grip
        painter.setOpacity(0.7)
        painter.translate(at.x() - box.x, at.y() - box.y)
        cards.paint(painter, box, card)
