"""Paints a picture of the timeline: back to front, visible things only, nothing kept but texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log1p

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from facilitator.model.timeline_axis import zone_name
from facilitator.model.timeline_curve import Curves
from facilitator.model.timeline_picture import CELL, Box, Card, LanePicture, Picture
from facilitator.model.times import zone_of
from facilitator.ui.marks import HintsIn, Underline, no_hints
from facilitator.ui.theme import Theme
from facilitator.ui.timeline import glyphs
from facilitator.ui.timeline.words import FLAG, LANE_NAMES, PAD, Words, card_place, card_text

_STRONG_KEYS = ("impact_began", "resolved")
_CURVES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the picture shows beside the document: choice, focus, and what a drag would do."""

    selected: frozenset[str] = frozenset()
    current: str = ""
    focused: bool = False
    hovered: str = ""
    dragged: frozenset[str] = frozenset()
    ghosts: tuple[Card, ...] = ()
    label: str = ""
    label_at: tuple[float, float] = (0.0, 0.0)
    guide: float | None = None
    measured: tuple[float, float] | None = None


class Brush:
    """Paints with the colours and fonts of one theme."""

    def __init__(
        self, theme: Theme, *, compact: bool = False, hints_in: HintsIn = no_hints
    ) -> None:
        self._theme = theme
        self._hints_in = hints_in
        self.card = Words(theme.font(12 if compact else 13))
        self.key = Words(theme.font(12 if compact else 13, 600))
        self.small = Words(theme.font(11 if compact else 12))
        self.flag = Words(theme.font(11 if compact else 12, 600))
        self.name = Words(theme.font(12 if compact else 13, 600))

    def paint(self, painter: QPainter, picture: Picture, curves: Curves, shown: Shown) -> None:
        """Paint everything; the painter's device is as large as the picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sizes = picture.sizes
        painter.fillRect(QRectF(0, 0, sizes.width, sizes.height), self._color("ground"))
        self._back(painter, picture, shown)
        self._axis(painter, picture)
        self._flags(painter, picture)
        painter.setClipRect(
            QRectF(
                0, picture.lanes_top, sizes.width, max(picture.lanes_bottom - picture.lanes_top, 0)
            )
        )
        for lane in picture.lanes:
            self._lane(painter, picture, lane, curves, shown)
        painter.setClipping(False)
        self._tray(painter, picture, shown)
        self._drag(painter, picture, shown)

    def _color(self, token: str) -> QColor:
        return self._theme.color(token)

    def _back(self, painter: QPainter, picture: Picture, shown: Shown) -> None:
        top, height = picture.lanes_top, picture.lanes_bottom - picture.lanes_top
        if picture.band:
            left, right = picture.band
            painter.fillRect(QRectF(left, top, right - left, height), self._color("outage"))
        if shown.measured:
            left, right = (self._inside(picture, picture.scale.x(at)) for at in shown.measured)
            painter.fillRect(QRectF(left, top, right - left, height), self._color("selection"))
        painter.setPen(QPen(self._color("grid"), 1))
        lines = [
            QLineF(x, picture.sizes.axis - 4, x, picture.lanes_bottom)
            for tick in picture.ticks
            for x in [round(picture.scale.x(tick.at)) + 0.5]
        ]
        painter.drawLines(lines)
        rules = [lane.box.y for lane in picture.lanes if lane.box.y > top + 1]
        rules = [round(y) + 0.5 for y in (*rules, top) if y < picture.lanes_bottom]
        painter.drawLines([QLineF(0, y, picture.sizes.width, y) for y in rules])
        self._key_lines(painter, picture)

    def _inside(self, picture: Picture, x: float) -> float:
        return min(max(x, picture.scale.left), picture.sizes.plot_right)

    def _key_lines(self, painter: QPainter, picture: Picture) -> None:
        for flag in picture.flags:
            strong = flag.mark.key in _STRONG_KEYS
            pen = QPen(self._color("lane.impact" if strong else "border"), 1.3)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            top = flag.box.y + 2 if flag.box else picture.lanes_top
            painter.drawLine(QLineF(flag.x, top, flag.x, picture.lanes_bottom))

    def _axis(self, painter: QPainter, picture: Picture) -> None:
        sizes = picture.sizes
        painter.setPen(self._color("text.second"))
        taken = sizes.gutter - 4
        for tick in picture.ticks:
            x = picture.scale.x(tick.at)
            words = self.flag if tick.strong else self.small
            width = words.metrics.horizontalAdvance(tick.label) + 1
            if x < taken or x + width > sizes.width - 2:
                continue
            words.draw(painter, x, sizes.axis / 2, tick.label, width + 4)
            taken = x + width + 8

    def _flags(self, painter: QPainter, picture: Picture) -> None:
        for flag in picture.flags:
            if flag.box is None:
                continue
            strong = flag.mark.key in _STRONG_KEYS
            painter.setPen(self._color("lane.impact" if strong else "text.second"))
            middle = flag.box.y + flag.box.height / 2
            left = flag.box.x + 4
            # Another key moment's line may come by: the words stand before it.
            painter.fillRect(
                QRectF(left - 1, flag.box.y + 1, flag.box.width - 5, flag.box.height - 2),
                self._color("ground"),
            )
            self.flag.draw(painter, left, middle, flag.mark.name, flag.box.width)

    def _lane(
        self,
        painter: QPainter,
        picture: Picture,
        lane: LanePicture,
        curves: Curves,
        shown: Shown,
    ) -> None:
        if lane.box.y + lane.box.height < picture.lanes_top or lane.box.y > picture.lanes_bottom:
            return
        self._gutter(painter, picture, lane, curves)
        self._later(painter, picture, lane)
        sizes = picture.sizes
        painter.save()
        painter.setClipRect(
            QRectF(sizes.gutter - 3, lane.box.y, sizes.plot_right - sizes.gutter + 6,
                   lane.box.height),
            Qt.ClipOperation.IntersectClip,
        )  # fmt: skip
        if lane.name == "signal":
            self._curves(painter, picture, lane, curves)
        if lane.counts:
            self._density(painter, picture, lane)
        for card in lane.cards:
            self._card(painter, picture, card, shown)
        for cluster in lane.clusters:
            self._chip(painter, cluster.box, f"+{cluster.group.size}", f"lane.{lane.name}")
        painter.restore()

    def _gutter(
        self, painter: QPainter, picture: Picture, lane: LanePicture, curves: Curves
    ) -> None:
        box = lane.box
        below = f"{lane.before} earlier" if lane.before else ""
        if not below and lane.name == "signal":
            below = ", ".join(each.name for each in curves.series)
        step = min(16.0, box.height / 2 - 1)
        middle = box.y + box.height / 2 - (step / 2 if below else 0)
        sign = glyphs.lane_sign(lane.name, 11)
        painter.fillPath(sign.translated(16, middle), self._color(f"lane.{lane.name}"))
        painter.setPen(self._color("text.second"))
        room = picture.sizes.gutter - 34
        self.name.draw(painter, 28, middle, LANE_NAMES[lane.name], room)
        left = 28.0
        if lane.before:
            mark = glyphs.arrow(8, -1).translated(32, middle + step)
            painter.fillPath(mark, self._color("text.second"))
            left = 40.0
        if below:
            self.small.draw(painter, left, middle + step, below, room + 28 - left)

    def _later(self, painter: QPainter, picture: Picture, lane: LanePicture) -> None:
        if not lane.after:
            return
        middle = lane.box.y + lane.box.height / 2
        text = str(lane.after) if lane.after < 1000 else f"{lane.after // 1000}k"
        width = self.small.width(text)
        right = picture.sizes.width - 14
        painter.setPen(self._color("text.second"))
        self.small.draw(painter, right - 5 - width, middle, text, width + 4)
        painter.fillPath(glyphs.arrow(8, 1).translated(right + 4, middle),
                         self._color("text.second"))  # fmt: skip

    def _curves(
        self, painter: QPainter, picture: Picture, lane: LanePicture, curves: Curves
    ) -> None:
        if lane.curve.height < 8:
            return
        top, bottom = lane.curve.y + 5, lane.curve.y + lane.curve.height - 4
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number in range(len(curves.series)):
            line = curves.line(number, picture.scale, picture.sizes.plot_right, top, bottom)
            pen = QPen(self._color("lane.signal"), 1.8)
            pen.setStyle(_CURVES[number % len(_CURVES)])
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))

    def _density(self, painter: QPainter, picture: Picture, lane: LanePicture) -> None:
        most = log1p(max(lane.counts))
        if not most:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(f"lane.{lane.name}"))
        full = lane.box.height - 8 - lane.curve.height
        bottom = lane.box.y + lane.box.height - 4
        painter.drawRects(
            [
                QRectF(picture.scale.left + i * CELL, bottom - full * log1p(count) / most,
                       CELL - 1, full * log1p(count) / most)
                for i, count in enumerate(lane.counts)
                if count
            ]
        )  # fmt: skip

    def _card(self, painter: QPainter, picture: Picture, card: Card, shown: Shown) -> None:
        moment, box = card.moment, card.box
        lane = f"lane.{moment.lane}"
        selected = moment.id in shown.selected
        right = box.x + box.width
        if card.until <= picture.sizes.plot_right and box.y < picture.lanes_bottom:
            # Words that go beyond the plot are elided: only time itself runs out of the picture.
            right = min(right, picture.sizes.plot_right - 1)
        rect = QRectF(box.x, box.y, right - box.x, box.height).adjusted(0.5, 0.5, -0.5, -0.5)
        if moment.id in shown.dragged:
            painter.setOpacity(0.35)
        fill = "selection" if moment.id == shown.hovered and not selected else f"{lane}.ground"
        pen = QPen(self._color(lane), 2.0 if moment.key else 1.2)
        if moment.provenance != "recorded":
            pen.setDashPattern([4, 2.5] if not moment.key else [3, 2])
        if selected:
            self._ring(painter, rect, strong=shown.focused and moment.id == shown.current)
        painter.setPen(pen)
        painter.setBrush(self._color(fill))
        painter.drawRoundedRect(rect, 6, 6)
        self._extent(painter, card)
        self._words(painter, picture, card)
        painter.setOpacity(1)

    def _ring(self, painter: QPainter, rect: QRectF, *, strong: bool) -> None:
        painter.setPen(QPen(self._color("focus"), 3 if strong else 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        grown = rect.adjusted(-2, -2, 2, 2)
        painter.drawRoundedRect(grown, 8, 8)

    def _extent(self, painter: QPainter, card: Card) -> None:
        """Where words make a card wider than its length in time, a strip says how long it is."""
        length = card.until - card.box.x
        if card.moment.until is None or length >= card.box.width - 2:
            return
        strip = QRectF(card.box.x + 2, card.box.y + card.box.height - 5, max(length - 2, 2), 3)
        painter.fillRect(strip, self._color(f"lane.{card.moment.lane}"))

    def _words(self, painter: QPainter, picture: Picture, card: Card) -> None:
        box, moment = card.box, card.moment
        left, right = box.x, box.x + box.width
        if box.y < picture.lanes_bottom:
            # A long bar that began earlier keeps its words in view.
            left = max(left, picture.scale.left - 3)
            right = min(right, picture.sizes.plot_right + 3) - card.taken
        middle = box.y + box.height / 2
        left += PAD
        if moment.key and right - left > FLAG:
            sign = glyphs.pennant(11).translated(left + 1, middle)
            painter.fillPath(sign, self._color(f"lane.{moment.lane}"))
            left += FLAG
        painter.setPen(self._color("text"))
        text, room = card_text(moment), right - left - PAD + 3
        self.card.draw(painter, left, middle, text, room)
        metrics = self.card.metrics
        corner = QPointF(left, round(middle - metrics.height() / 2))
        for hint in self._hints_in(f"moment:{moment.id}:text", moment.text):
            begin, end = self.card.span(text, room, *card_place(moment, hint.start, hint.end))
            line = Underline(begin, end, metrics.ascent() + 2, hint.strength == "strong")
            line.draw(painter, corner, self._color("hint"))

    def _chip(self, painter: QPainter, box: Box, text: str, token: str) -> None:
        rect = QRectF(*box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._color(token), 1))
        painter.setBrush(self._color("ground"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(self._color("text"))
        width = self.small.width(text)
        self.small.draw(painter, box.x + (box.width - width) / 2, box.y + box.height / 2, text,
                        width + 4)  # fmt: skip

    def _tray(self, painter: QPainter, picture: Picture, shown: Shown) -> None:
        if not picture.tray:
            return
        sizes, top = picture.sizes, picture.lanes_bottom
        painter.fillRect(QRectF(0, top, sizes.width, sizes.tray), self._color("card"))
        painter.setPen(QPen(self._color("border.soft"), 1))
        painter.drawLine(QLineF(0, round(top) + 0.5, sizes.width, round(top) + 0.5))
        painter.setPen(self._color("text.second"))
        middle = top + sizes.tray / 2
        self.name.draw(painter, 11, middle, "Time unknown", sizes.gutter - 16)
        for card in picture.tray:
            self._card(painter, picture, card, shown)
        if picture.tray_more > 0:
            painter.setPen(self._color("text.second"))
            last = picture.tray[-1].box
            self.small.draw(painter, last.x + last.width + 8, middle,
                            f"+{picture.tray_more} more", 60)  # fmt: skip

    def _drag(self, painter: QPainter, picture: Picture, shown: Shown) -> None:
        if shown.guide is not None:
            painter.setPen(QPen(self._color("focus"), 1.5))
            x = picture.scale.x(shown.guide)
            painter.drawLine(QLineF(x, picture.sizes.axis - 4, x, picture.lanes_bottom))
        if shown.ghosts:
            painter.setOpacity(0.9)
            for ghost in shown.ghosts[:40]:
                self._card(painter, picture, ghost, Shown(selected=frozenset({ghost.moment.id})))
            painter.setOpacity(1)
        if shown.label:
            self._label(painter, picture, shown)

    def _label(self, painter: QPainter, picture: Picture, shown: Shown) -> None:
        width = self.flag.width(shown.label) + 16
        x, y = shown.label_at
        x, top, bottom = x + 12, y - 8, y + 18
        if shown.ghosts:
            box = shown.ghosts[0].box
            x, top, bottom = box.x, box.y, box.y + box.height
        x = min(max(x, 2), picture.sizes.width - width - 2)
        y = top - 28 if top > 30 else bottom + 4
        rect = QRectF(x, y, width, 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color("focus"))
        painter.drawRoundedRect(rect, 5, 5)
        painter.setPen(self._color("accent.text"))
        self.flag.draw(painter, x + 8, y + 12, shown.label, width)

    def alone(self, painter: QPainter, picture: Picture, card: Card) -> None:
        """Paint one card by itself, as it looks in the tray."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        below = replace(picture, lanes_bottom=card.box.y)
        self._card(painter, below, card, Shown())

    def say(self, painter: QPainter, picture: Picture, lines: Sequence[str]) -> None:
        """Say something in the middle of an empty timeline."""
        sizes = picture.sizes
        room = sizes.width - sizes.gutter - 12
        middle = (picture.lanes_top + picture.lanes_bottom) / 2 - 11 * (len(lines) - 1)
        painter.setPen(self._color("text.second"))
        for i, line in enumerate(lines):
            words = self.name if i == 0 else self.small
            width = min(words.metrics.horizontalAdvance(line) + 1, room)
            x = sizes.gutter + (room - width) / 2
            back = QRectF(x - 6, middle + i * 22 - 11, width + 12, 22)
            painter.fillRect(back, self._color("ground"))
            words.draw(painter, x, middle + i * 22, line, room)

    def where(self, painter: QPainter, picture: Picture, zone: str, note: str) -> None:
        """The day at the left edge and the zone's short name, in the corner of the axis.

        `note` stands below where there is room.
        """
        sizes = picture.sizes
        local = datetime.fromtimestamp(picture.scale.start, zone_of(zone))
        year = f" {local.year}" if sizes.gutter >= 150 else ""
        painter.setPen(self._color("text.second"))
        text = f"{local:%a} {local.day} {local:%b}{year} {zone_name(local)}"
        self.small.draw(painter, 11, sizes.axis / 2, text, sizes.gutter - 16)
        if picture.lanes_top >= sizes.axis + 14:
            self.small.draw(painter, 11, sizes.axis + 8, note, sizes.gutter - 16)

    def frame(self, painter: QPainter, picture: Picture) -> None:
        """The ring that says the keys go here."""
        painter.setPen(QPen(self._color("focus"), 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        sizes = picture.sizes
        painter.drawRect(QRectF(1.5, 1.5, sizes.width - 3, sizes.height - 3))
