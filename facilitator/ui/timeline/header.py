"""The line above the timeline: its name, the live figures, and how much of it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from facilitator.model.document import Document
from facilitator.model.figures import figures, order_problems
from facilitator.model.records import Moment
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.words import Words

_SHOWN = ("detection_gap", "time_to_mitigate", "duration", "detection_deficit")
_SHORT = {
    "Detection gap": "Detection",
    "Time to mitigate": "Mitigation",
    "Detection deficit": "Deficit",
}
_LINE = 22
_WIDE = 720  # pixels from which the share recorded has room here too


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

    def show_document(self, document: Document, between: tuple[str, str] | None = None) -> None:
        """Compute the figures anew; `between` is two times and their distance, in words."""
        pieces = [_Piece(f.name, f.text) for f in figures(document) if f.id in _SHOWN]
        if between:
            pieces.append(_Piece(*between, "focus"))
        share = recorded_share(document)
        if share and self.is_wide:
            pieces.append(_Piece("Recorded", share))
        pieces += [_Piece("⚠", problem, "hint") for problem in order_problems(document)[:2]]
        self._pieces = tuple(pieces)
        self.setAccessibleName("Timeline. " + self.words())
        self._arrange()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint with another theme from now on."""
        self._theme = theme
        self.update()

    @property
    def is_wide(self) -> bool:
        """Whether there is room here for the share of moments that was recorded."""
        return self.width() >= _WIDE

    def words(self) -> str:
        """All that stands here, for a screen reader."""
        return ", ".join(f"{p.name} {p.value}" for p in self._pieces)

    def sizeHint(self) -> QSize:
        """As many lines as the figures take at this width."""
        return QSize(320, self._lines() * _LINE)

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
        self._places = self._placed(self._pieces)
        if self._lines() > 1:
            short = tuple(replace(p, name=_SHORT.get(p.name, p.name)) for p in self._pieces)
            self._places = self._placed(short, space=11)
        height = self._lines() * _LINE
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _placed(
        self, pieces: tuple[_Piece, ...], space: int = 18
    ) -> list[tuple[_Piece, float, int]]:
        start = x = self._bold.width("Timeline") + space
        line = 0
        places = []
        for piece in pieces:
            width = self._plain.width(piece.name) + 5 + self._bold.width(piece.value) + 2
            if x + width > self.width() and x > start:
                x, line = start, line + 1
            places.append((piece, x, line))
            x += width + space
        return places

    def _lines(self) -> int:
        return max((line for _, _, line in self._places), default=0) + 1


def recorded_share(document: Document) -> str:
    """How many moments were recorded during the incident, as 7 of 13; empty when there are none."""
    moments = document.all(Moment)
    recorded = sum(1 for moment in moments if moment.provenance == "recorded")
    return f"{recorded} of {len(moments)}" if moments else ""
