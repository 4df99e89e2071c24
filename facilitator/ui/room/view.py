"""The picture on the room screen: drawn from the redacted document, the scene and the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from facilitator.model.clock import Reading
from facilitator.model.document import Document
from facilitator.stage import Scene
from facilitator.ui.room.decisions import (
    draw_fix,
    draw_levels,
    draw_signatures,
    signature_words,
)
from facilitator.ui.room.detection import draw_detection
from facilitator.ui.room.frame import Meeting, draw_frame, draw_question
from facilitator.ui.room.ladder import draw_ladder, ladder_words
from facilitator.ui.room.restate import (
    draw_incident,
    draw_opening,
    draw_reading,
    read_aloud,
    reading_words,
)
from facilitator.ui.room.sheet import Sheet
from facilitator.ui.room.sizes import SIZES
from facilitator.ui.room.words import ends_words, timer, topic_of
from facilitator.ui.theme import Theme

Draw = Callable[[Sheet, QRectF, Meeting], None]

_CARDS: Final[dict[str, Draw]] = {
    "opening": draw_opening,
    "reading": draw_reading,
    "restate": draw_incident,
    "detection": draw_detection,
    "whys": draw_ladder,
    "level": draw_levels,
    "fix": draw_fix,
    "sign": draw_signatures,
}


class RoomView(QWidget):
    """Shows one card of the meeting in large type; it is handed redacted documents only."""

    def __init__(
        self,
        theme: Theme,
        size: str = "medium",
        parent: QWidget | None = None,
        *,
        opening: str = "",
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = SIZES[size]
        self._opening = opening
        self._meeting: Meeting | None = None
        self._blank = False
        self._clock: tuple[object, ...] = ()
        self._texts: tuple[str, ...] = ()
        self._places: tuple[QRectF, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Room screen")

    def show_meeting(self, document: Document, scene: Scene, reading: Reading) -> None:
        """Show this document, redacted, as the scene says."""
        self._meeting = Meeting(document, scene, reading, self._opening)
        self._blank = scene.blank
        self._clock = self._clock_words()
        self.update()

    def show_reading(self, reading: Reading) -> bool:
        """Only the clock went on; whether its words or its strip are others, and painted anew."""
        if self._meeting is None:
            return False
        before = self._meeting
        self._meeting = Meeting(before.document, before.scene, reading, self._opening)
        words = self._clock_words()
        if words == self._clock:
            return False
        self._clock = words
        self.update()
        return True

    def show_blank(self, blank: bool) -> None:
        """Show nothing, or the picture that was there."""
        if blank != self._blank:
            self._blank = blank
            self.update()

    def texts(self) -> tuple[str, ...]:
        """Every text that was drawn the last time, line by line."""
        return self._texts

    def places(self) -> tuple[QRectF, ...]:
        """Where each of the texts stands, in pixels of this widget."""
        return self._places

    def sizeHint(self) -> QSize:
        """The size most projectors have."""
        return QSize(1920, 1080)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card that the scene names."""
        with QPainter(self) as painter:
            if self._blank:
                painter.fillRect(self.rect(), Qt.GlobalColor.black)
                self._texts = ()
                return
            painter.fillRect(self.rect(), self._theme.color("ground"))
            if self._meeting is not None:
                sheet = Sheet(painter, self._theme, self._size, self.width(), self.height())
                self._draw(sheet, self._meeting)
                self._texts = tuple(sheet.texts)
                self._places = tuple(self._in_pixels(p, sheet.unit) for p in sheet.places)
                self.setAccessibleDescription("\n".join(self._texts))

    def _in_pixels(self, place: QRectF, unit: float) -> QRectF:
        return QRectF(place.topLeft() * unit, place.size() * unit)

    def _draw(self, sheet: Sheet, meeting: Meeting) -> None:
        card = meeting.scene.card if meeting.scene.card in _CARDS else "restate"
        if card == "restate" and meeting.scene.reading >= 0 and read_aloud(meeting.document):
            card = "reading"
        area = draw_frame(sheet, meeting, _foot(meeting, card))
        if meeting.scene.asked:
            area = draw_question(sheet, area, meeting.scene.asked)
        _CARDS[card](sheet, area, meeting)

    def _clock_words(self) -> tuple[object, ...]:
        """What changes on the screen as time goes by; the strip in hundredths."""
        if self._meeting is None:
            return ()
        reading, document = self._meeting.reading, self._meeting.document
        current = reading.current
        filled = round(100 * current.spent / max(1.0, current.planned)) if current else 0
        card = self._meeting.scene.card
        return (
            timer(reading, topic_of(document, card)),
            ends_words(document, reading),
            filled,
            reading.topic,
            tuple(each.planned for each in reading.times),
        )


def _foot(meeting: Meeting, card: str) -> str:
    document, scene = meeting.document, meeting.scene
    if card == "whys":
        return ladder_words(document, scene.why)
    if card == "reading":
        return reading_words(document, scene.reading)
    if card == "sign":
        return signature_words(document)
    return ""
