"""Quiet underlines below words that may blame, where texts are painted; the desk alone has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from facilitator.language.hints import Hint
from facilitator.ui.fields import utf16

# The open hints in the text of a place (kind:id:field), as far as they have been heard.
HintsIn = Callable[[str, str], tuple[Hint, ...]]


def no_hints(_key: str, _text: str) -> tuple[Hint, ...]:
    """Nobody listens."""
    return ()


class Underline(NamedTuple):
    """A line below words, in pixels of their text."""

    left: float
    right: float
    y: float
    strong: bool

    def draw(self, painter: QPainter, origin: QPointF, color: QColor) -> None:
        """A solid line for a strong hint, dots for a soft one; `origin` is the text's corner."""
        pen = QPen(color, 1.6)
        if not self.strong:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        y = origin.y() + self.y
        painter.drawLine(QLineF(origin.x() + self.left, y, origin.x() + self.right, y))


def underlines(
    shown: str,
    full: str,
    hints: Iterable[Hint],
    *,
    font: QFont,
    width: float,
    option: QTextOption,
) -> tuple[Underline, ...]:
    """The lines for a text that is wrapped to a width; what an ellipsis hides is below that."""
    layout = QTextLayout(shown.replace("\n", "\u2028"), font)
    layout.setTextOption(option)
    leading = QFontMetricsF(font).leading()
    height = -leading
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        height += leading
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    last = len(shown) if shown == full else len(shown) - 1
    found: list[Underline] = []
    for hint in hints:
        end = hint.end if hint.end <= last else len(shown)
        places = utf16(shown, min(hint.start, last)), utf16(shown, end)
        found += _along(layout, *places, strong=hint.strength == "strong")
    return tuple(found)


def _along(layout: QTextLayout, start: int, end: int, *, strong: bool) -> Iterator[Underline]:
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first, last = line.textStart(), line.textStart() + line.textLength()
        if start < last and end > first:
            left, right = (_x(line, min(max(at, first), last)) for at in (start, end))
            yield Underline(left, right, line.y() + line.ascent() + 2.0, strong)


def _x(line: QTextLine, at: int) -> float:
    # The place and the cursor come back together, whatever the stubs say.
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)
