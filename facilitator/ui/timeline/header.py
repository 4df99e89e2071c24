"""The line above the timeline: its name, the live figures, and how much of it was recorded."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from facilitator.model.document import Document
from facilitator.model.figures import figures, order_problems
from facilitator.model.records import Moment
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.words import Words

_SHOWN = ("detection_gap", "time_to_mitigate", "duration", "detection_deficit")
_LINE = 22


@dataclass(frozen=True, slots=True)
class _Piece:
    """A name and its value, which stay together on a line."""

    name: str
    value: str
    token: str = "text.second"


class Header(QWidget):
    """Shows the figures of a document; they wrap into a second line where there is no room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plain = Words(theme.font(13))
        self._bold = Words(theme.font(13, 600))
        self._pieces: tuple[_Piece, ...] = ()
        self._places: list[tuple[_Piece, float, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_document(self, document: Document, measured: str = "") -> None:
        """Compute the figures anew; `measured` is a length between two moments, in words."""
        pieces = [_Piece(f.name, f.text) for f in figures(document) if f.id in _SHOWN]
        if measured:
            pieces.append(_Piece("Between", measured, "focus"))
        moments = document.all(Moment)
        if moments:
            recorded = sum(1 for m in moments if m.provenance == "recorded")
            pieces.append(_Piece("Recorded", f"{recorded} of {len(moments)}"))
        pieces += [_Piece("⚠", problem, "hint") for problem in order_problems(document)[:2]]
        self._pieces = tuple(pieces)
        self.setAccessibleName("Timeline. " + self.words())
        self._arrange()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint with another theme from now on."""
        self._theme = theme
        self.update()

    def words(self) -> str:
        """All that stands here, for a screen reader."""
        return ", ".join(f"{p.name} {p.value}" for p in self._pieces)

    def sizeHint(self) -> QSize:
        """As many lines as the figures take at this width."""
        return QSize(320, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name and the figures."""
        painter = QPainter(self)
        painter.setPen(self._theme.color("text.second"))
        self._bold.draw(painter, 2, _LINE / 2, "Timeline", 80)
        for piece, x, line in self._places:
            middle = line * _LINE + _LINE / 2
            painter.setPen(self._theme.color(piece.token))
            room = self.width() - x
            self._plain.draw(painter, x, middle, piece.name, room)
            after = self._plain.width(piece.name) + 5
            if piece.token == "text.second":
                painter.setPen(self._theme.color("text"))
            self._bold.draw(painter, x + after, middle, piece.value, room - after)
        painter.end()

    def _arrange(self) -> None:
        start = x = self._bold.width("Timeline") + 18
        line = 0
        self._places = []
        for piece in self._pieces:
            width = self._plain.width(piece.name) + 5 + self._bold.width(piece.value) + 2
            if x + width > self.width() and x > start:
                x, line = start, line + 1
            self._places.append((piece, x, line))
            x += width + 18
        height = self._height()
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _height(self) -> int:
        lines = max((line for _, _, line in self._places), default=0) + 1
        return lines * _LINE
