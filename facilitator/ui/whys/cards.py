"""The cards of the 5-Whys tree: how tall each is, and how it is drawn."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QStaticText, QTextOption

from facilitator.model.tree_layout import CARD_WIDTH, Box
from facilitator.ui.marks import HintsIn, Underline, no_hints, underlines
from facilitator.ui.theme import Theme

PAD: Final = 12.0
TEXT_PX: Final = 14
SMALL_PX: Final = 12
MOST_LINES: Final = 8
LEVEL_NAMES: Final = {
    "strategy": "Strategy",
    "discovery": "Discovery",
    "scope": "Scope",
    "execution": "Execution",
    "operation": "Operation",
}
PERSON_LINE: Final = "Stops at a person: ask the next why"
MARK: Final = 9.0  # radius of the fold mark
_DOT: Final = 18.0
_ROW: Final = 20.0
_LONGEST: Final = 900  # characters that eight lines of a card can hold at most
_KEPT: Final = 20_000


class Card(NamedTuple):
    """What one card shows."""

    text: str
    evidence: int = 0
    level: str = ""
    root_cause: bool = False
    label: str = ""
    person: bool = False
    effect: bool = False

    @property
    def rows(self) -> int:
        """Lines under the text."""
        return int(bool(self.foot or self.level)) + int(self.person)

    @property
    def foot(self) -> str:
        """The line that a root cause carries."""
        if not self.root_cause:
            return ""
        words = ("Root cause", LEVEL_NAMES.get(self.level, ""), self.label)
        return " · ".join(word for word in words if word)

    @property
    def words(self) -> str:
        """The card read out."""
        parts = [self.text, self.foot or LEVEL_NAMES.get(self.level, "")]
        if self.evidence:
            parts.append(f"{self.evidence} pieces of evidence" if self.evidence > 1 else "evidence")
        if self.person:
            parts.append(PERSON_LINE)
        return ", ".join(part for part in parts if part)


class _Shaped(NamedTuple):
    lines: QStaticText
    height: float
    cut: bool


class Cards:
    """Measures and paints cards; texts are shaped once and kept."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.hints_in: HintsIn = no_hints
        self._texts: dict[tuple[str, bool, float], _Shaped] = {}
        self._lines: dict[str, tuple[object, tuple[Underline, ...]]] = {}
        self._line = QFontMetricsF(theme.font(TEXT_PX)).lineSpacing()

    def height(self, card: Card, *, text_height: float | None = None) -> float:
        """How tall the card is; `text_height` stands for the text while a field lies over it."""
        if text_height is None:
            text_height = self._text(card).height
        return max(44.0, 2 * 10.0 + text_height + card.rows * _ROW)

    def is_cut(self, card: Card) -> bool:
        """Whether the card is too small for its text, so that a tool tip must give it whole."""
        return self._text(card).cut

    def paint(self, painter: QPainter, box: Box, card: Card, *, text: bool = True) -> None:
        """Draw the card; without text where it would be too small to read, or a field covers it."""
        rect = QRectF(box.x, box.y, box.width, box.height)
        self._frame(painter, rect, card)
        if text:
            painter.setFont(self._font(card))
            painter.setPen(self.theme.color("text"))
            corner = QPointF(box.x + PAD, box.y + 10)
            painter.drawStaticText(corner, self._text(card).lines)
            for line in self._underlines(box.id, card):
                line.draw(painter, corner, self.theme.color("hint"))
        self._rows(painter, rect, card)
        if card.evidence:
            self._dot(painter, rect, card.evidence)

    def paint_mark(self, painter: QPainter, box: Box) -> None:
        """The fold mark: minus where the branch is open, how many are hidden where it is not."""
        theme, center = self.theme, QPointF(box.right, box.middle)
        painter.setFont(theme.font(11, 700))
        if box.folded:
            words = f"+{box.below}"
            half = max(MARK, QFontMetricsF(painter.font()).horizontalAdvance(words) / 2 + 6)
            rect = QRectF(center.x() - half, center.y() - MARK, 2 * half, 2 * MARK)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(rect, MARK, MARK)
            painter.setPen(theme.color("accent.text"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
            return
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("ground"))
        painter.drawEllipse(center, MARK - 2, MARK - 2)
        painter.drawLine(center - QPointF(3, 0), center + QPointF(3, 0))

    def _frame(self, painter: QPainter, rect: QRectF, card: Card) -> None:
        theme = self.theme
        pen, fill = QPen(theme.color("border"), 1.2), theme.color("ground")
        if card.effect:
            fill = theme.color("card")
        if card.root_cause:
            pen, fill = QPen(theme.color("root"), 2.4), theme.color("root.ground")
        elif card.person:
            pen, fill = QPen(theme.color("hint"), 1.6), theme.color("hint.ground")
            pen.setDashPattern([3.5, 2.5])
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, 7, 7)

    def _rows(self, painter: QPainter, rect: QRectF, card: Card) -> None:
        theme = self.theme
        top = rect.bottom() - 8 - card.rows * _ROW
        if card.foot:
            painter.setFont(theme.font(SMALL_PX, 600))
            painter.setPen(theme.color("root.text"))
            self._row_text(painter, rect, top, PAD, card.foot)
            top += _ROW
        elif card.level:
            self._chip(painter, rect, top, card.level)
            top += _ROW
        if card.person:
            painter.setFont(theme.font(SMALL_PX))
            painter.setPen(theme.color("hint"))
            self._row_text(painter, rect, top, PAD, PERSON_LINE)

    def _chip(self, painter: QPainter, rect: QRectF, top: float, level: str) -> None:
        theme, name = self.theme, LEVEL_NAMES.get(level, level)
        color = theme.color(f"level.{level}")
        square = QRectF(rect.x() + PAD, top + 2, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(square, 4, 4)
        painter.setFont(theme.font(11, 700))
        painter.setPen(theme.color("ground"))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, name[:1])
        painter.setFont(theme.font(SMALL_PX))
        painter.setPen(color)
        self._row_text(painter, rect, top, PAD + 22, name)

    def _row_text(
        self, painter: QPainter, rect: QRectF, top: float, left: float, words: str
    ) -> None:
        room = QRectF(rect.x() + left, top, rect.width() - left - 4, _ROW)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)

    def _dot(self, painter: QPainter, rect: QRectF, count: int) -> None:
        theme = self.theme
        words = str(count) if count < 100 else "99+"
        painter.setFont(theme.font(11, 700))
        width = max(_DOT, QFontMetricsF(painter.font()).horizontalAdvance(words) + 8)
        dot = QRectF(rect.right() - 8 - width, rect.y() + 8, width, _DOT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(dot, _DOT / 2, _DOT / 2)
        painter.setPen(theme.color("accent.text"))
        painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, words)

    def _font(self, card: Card) -> QFont:
        return self.theme.font(TEXT_PX, 700 if card.root_cause else 400)

    def _underlines(self, why_id: str, card: Card) -> tuple[Underline, ...]:
        hints = self.hints_in(f"why:{why_id}:text", card.text)
        if not hints:
            return ()
        drawn = (card, hints)
        known = self._lines.get(why_id)
        if known is None or known[0] != drawn:
            shown, room = self._text(card).lines.text(), self._room(card)
            lines = underlines(
                shown, card.text, hints, font=self._font(card), width=room, option=_wrapping()
            )
            known = self._lines[why_id] = (drawn, lines)
        return known[1]

    def _room(self, card: Card) -> float:
        return CARD_WIDTH - 2 * PAD - (_DOT if card.evidence else 0)

    def _text(self, card: Card) -> _Shaped:
        room = self._room(card)
        key = (card.text, card.root_cause, room)
        if key not in self._texts:
            if len(self._texts) > _KEPT:
                self._texts.clear()
            self._texts[key] = self._shaped(card, room)
        return self._texts[key]

    def _shaped(self, card: Card, room: float) -> _Shaped:
        """The text in lines, cut with an ellipsis where it needs more than eight."""
        words = card.text[:_LONGEST]
        shaped = self._shape(words, card, room)
        most = MOST_LINES * self._line + 1
        if shaped.size().height() <= most and len(words) == len(card.text):
            return _Shaped(shaped, shaped.size().height(), False)
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            cut = self._shape(words[:middle].rstrip() + "…", card, room)
            low, high = (middle, high) if cut.size().height() <= most else (low, middle - 1)
        shaped = self._shape(words[:low].rstrip() + "…", card, room)
        return _Shaped(shaped, shaped.size().height(), True)

    def _shape(self, words: str, card: Card, room: float) -> QStaticText:
        shaped = QStaticText(words)
        shaped.setTextFormat(Qt.TextFormat.PlainText)
        shaped.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        shaped.setTextOption(_wrapping())
        shaped.setTextWidth(room)
        shaped.prepare(font=self._font(card))
        return shaped


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
