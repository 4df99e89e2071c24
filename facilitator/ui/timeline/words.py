"""Texts of the timeline: how wide they are, how they are shortened, what a moment says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

from facilitator.model.records import Moment
from facilitator.model.times import clock_text, day_text, length_text, zone_text

LANE_NAMES: Final = {
    "change": "Change",
    "signal": "System signal",
    "action": "Human action",
    "communication": "Communication",
    "impact": "Customer impact",
}
PRECISION_NAMES: Final = {
    "exact": "exact",
    "about": "about",
    "date": "day only",
    "before": "before",
    "unknown": "unknown",
}
_MARKS: Final = {"about": "≈ ", "date": "≈ ", "before": "before "}
_LOOKED_AT: Final = 80  # characters; no card is wide enough for more
_KEPT: Final = 6000
_LEAST_ROOM: Final = 14.0  # pixels; where only an ellipsis would fit nothing is better
PAD: Final = 9.0
FLAG: Final = 13.0


class Words:
    """Draws short texts in one font: measured by a table of letters, laid out once, kept."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetricsF(font)
        self._letters: dict[str, float] = {}
        self._laid: dict[tuple[str, int], QStaticText] = {}

    def width(self, text: str) -> float:
        """About how wide the text is in pixels; letters add up, so that 10,000 texts are quick."""
        letters = self._letters
        try:
            return sum([letters[c] for c in text])
        except KeyError:
            for c in text:
                letters.setdefault(c, self.metrics.horizontalAdvance(c))
            return sum([letters[c] for c in text])

    def draw(self, painter: QPainter, x: float, middle: float, text: str, room: float) -> None:
        """Draw the text from x, centred on a height, elided to the room it has."""
        if room < _LEAST_ROOM:
            return
        if (text, int(room)) not in self._laid and len(self._laid) > _KEPT:
            self._laid.clear()
        laid = self._laid.get((text, int(room)))
        if laid is None:
            laid = self._lay(text, room)
            self._laid[text, int(room)] = laid
        painter.setFont(self.font)
        painter.drawStaticText(QPointF(x, round(middle - self.metrics.height() / 2)), laid)

    def span(self, text: str, room: float, start: int, end: int) -> tuple[float, float]:
        """Where characters of a text that was drawn lie, in pixels from its left.

        What is elided lies at the ellipsis.
        """
        laid = self._laid.get((text, int(room)))
        if laid is None:
            return 0.0, 0.0
        shown = laid.text()
        last = len(shown) if shown == text else len(shown) - 1
        end = end if end <= last else len(shown)
        advance = self.metrics.horizontalAdvance
        return advance(shown[: min(start, last)]), advance(shown[:end])

    def _lay(self, text: str, room: float) -> QStaticText:
        shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        laid = QStaticText(shown)
        laid.setTextFormat(Qt.TextFormat.PlainText)
        laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        laid.prepare(font=self.font)
        return laid


def card_text(moment: Moment) -> str:
    """What stands on the card: the words in one line, with "≈" before an inexact time's."""
    text = moment.text[: _LOOKED_AT * 2]
    if "\n" in text or "\t" in text:
        text = " ".join(text.split())
    return _MARKS.get(moment.precision, "") + text


def card_place(moment: Moment, start: int, end: int) -> tuple[int, int]:
    """Where characters of a moment's text stand on its card."""
    text, lead = moment.text[: _LOOKED_AT * 2], len(_MARKS.get(moment.precision, ""))
    if "\n" in text or "\t" in text:
        words = len(" ".join(text[start:end].split()))
        start = len(" ".join(f"{text[:start]}|".split())) - 1
        end = start + words
    return start + lead, end + lead


def card_width(words: Words, longest: float) -> Callable[[Moment], float]:
    """A function for the width of a moment's card in pixels, at most `longest`."""

    def width(moment: Moment) -> float:
        flag = FLAG if moment.key else 0.0
        return min(words.width(card_text(moment)[:_LOOKED_AT]) + 2 * PAD + 3 + flag, longest)

    return width


def when_text(moment: Moment, zone: str) -> str:
    """The moment's time in words: day, time, zone, and its length if it has one."""
    if moment.at is None:
        return "Time unknown"
    day = day_text(moment.at, zone)
    if moment.precision == "date":
        return f"{day}, time of day unknown"
    mark = {"about": "≈", "before": "before "}.get(moment.precision, "")
    text = f"{day}, {mark}{time_text(moment, zone)}"
    if moment.until:
        until = clock_text(moment.until, zone)
        text = f"{text} to {until} ({length_text(moment.until - moment.at)})"
    return f"{text} {zone_text(moment.at, zone)}"


def time_text(moment: Moment, zone: str) -> str:
    """The moment's time of day, with seconds where it has any; empty when it is unknown."""
    if moment.at is None:
        return ""
    return clock_text(moment.at, zone, seconds=bool(moment.at.second))
