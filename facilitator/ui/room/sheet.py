"""What the room screen is drawn on: a painter in units that remembers every text it drew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from facilitator.ui.room.sizes import HEIGHT, SMALLEST, RoomSize
from facilitator.ui.theme import Theme

LINE: Final = 1.22  # height of a line in sizes of its letters
_NARROWEST: Final = 1280.0
_A_LINE: Final = 400  # characters that one line can hold at most
_RADIUS: Final = 12.0


class Sheet:
    """Draws in units of 1/1080 of the height; a narrow window gets smaller units, never a cut."""

    def __init__(
        self, painter: QPainter, theme: Theme, size: RoomSize, width: float, height: float
    ) -> None:
        self.painter = painter
        self.theme = theme
        self.size = size
        self.unit = min(height / HEIGHT, width / _NARROWEST)
        self.width = width / self.unit
        self.height = height / self.unit
        self.texts: list[str] = []
        self.places: list[QRectF] = []
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        painter.scale(self.unit, self.unit)

    def font(self, px: float, weight: int = 400) -> QFont:
        """The face at this size in units; its digits are all of one width."""
        font = self.theme.font(round(px), weight)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def wide(self, words: str, px: float, weight: int = 400) -> float:
        """How wide these words are on one line."""
        return QFontMetricsF(self.font(px, weight)).horizontalAdvance(words)

    def wrap(
        self, words: str, px: float, width: float, *, weight: int = 400, most: int = 99
    ) -> list[str]:
        """The words in lines of this width; what does not fit ends in an ellipsis."""
        shown = words[: _A_LINE * most].replace("\n", "\u2028")
        layout = QTextLayout(shown, self.font(px, weight))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        spans: list[tuple[int, int]] = []
        while len(spans) <= most and (line := layout.createLine()).isValid():
            line.setLineWidth(max(px, width))
            spans.append((line.textStart(), line.textLength()))
        layout.endLayout()
        encoded = shown.encode("utf-16-le")
        lines = [
            encoded[2 * start : 2 * (start + length)].decode("utf-16-le", "ignore").strip()
            for start, length in spans
        ]
        if len(lines) > most or len(shown) < len(words):
            lines = [*lines[: most - 1], self._cut(lines[most - 1 : most], px, weight, width)]
        return lines

    def fit(
        self, words: str, px: float, width: float, height: float, *, weight: int = 400
    ) -> tuple[float, list[str]]:
        """The largest size from `px` down to the smallest at which the words fit, and the lines."""
        while True:
            lines = self.wrap(words, px, width, weight=weight, most=lines_in(height, px))
            if px <= SMALLEST or not lines or not lines[-1].endswith("…"):
                return px, lines
            px = max(float(SMALLEST), px - 4)

    def draw_lines(
        self,
        lines: Sequence[str],
        x: float,
        top: float,
        px: float,
        *,
        weight: int = 400,
        color: str = "text",
    ) -> float:
        """Draw lines from the top down; where the next one would begin."""
        self.painter.setFont(self.font(px, weight))
        self.painter.setPen(self.theme.color(color))
        for line in lines:
            self.painter.drawText(QPointF(x, top + px * 0.98), line)
            self.texts.append(line)
            self.places.append(QRectF(x, top, self.wide(line, px, weight), px * LINE))
            top += px * LINE
        return top

    def draw(
        self,
        words: str,
        x: float,
        top: float,
        px: float,
        *,
        weight: int = 400,
        color: str = "text",
        right: bool = False,
        middle: bool = False,
    ) -> float:
        """Draw words on one line from x, up to x or around x; how wide they are."""
        width = self.wide(words, px, weight)
        shift = width if right else width / 2 if middle else 0.0
        self.draw_lines([words], x - shift, top, px, weight=weight, color=color)
        return width

    def box(
        self, rect: QRectF, *, fill: str = "ground", border: str = "border", width: float = 3.0
    ) -> None:
        """A card."""
        self.painter.setPen(QPen(self.theme.color(border), width))
        self.painter.setBrush(self.theme.color(fill))
        self._rounded(rect, width)

    def dashed(self, rect: QRectF, border: str, width: float = 3.0) -> None:
        """A card that waits for words."""
        pen = QPen(self.theme.color(border), width)
        pen.setDashPattern([3, 2.5])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self._rounded(rect, width)

    def block(self, rect: QRectF, color: str, radius: float = 6.0) -> None:
        """A filled block."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.theme.color(color))
        self.painter.drawRoundedRect(rect, radius, radius)

    def shape(self, path: QPainterPath, color: str) -> None:
        """A filled shape."""
        self.painter.fillPath(path, self.theme.color(color))

    def line(self, start: QPointF, end: QPointF, color: str, width: float = 3.0) -> None:
        """A straight line."""
        self.painter.setPen(QPen(self.theme.color(color), width))
        self.painter.drawLine(start, end)

    def _rounded(self, rect: QRectF, width: float) -> None:
        half = width / 2
        inner = rect.adjusted(half, half, -half, -half)
        self.painter.drawRoundedRect(inner, _RADIUS, _RADIUS)

    def _cut(self, last: list[str], px: float, weight: int, width: float) -> str:
        """The last line that fits, with an ellipsis at its end."""
        words = last[0] if last else ""
        while words and self.wide(words + "…", px, weight) > width:
            words = words[:-1]
        return words.rstrip() + "…"


def lines_in(height: float, px: float) -> int:
    """How many lines of this size a height has room for; one at least."""
    return max(1, int((height + px * (LINE - 1)) / (px * LINE)))
