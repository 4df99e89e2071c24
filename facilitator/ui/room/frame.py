"""What stands around every card of the room: title, question, timer, strip, foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

from facilitator.model.clock import Reading, TopicTime, agenda
from facilitator.model.document import Document
from facilitator.model.records import Topic
from facilitator.stage import Scene
from facilitator.ui.room.sheet import LINE, Sheet
from facilitator.ui.room.sizes import MARGIN, SMALLEST
from facilitator.ui.room.words import (
    Timer,
    chain_words,
    ends_words,
    timer,
    title_and_question,
    topic_of,
)

_STRIP: Final = 24.0
_GAP: Final = 10.0
_AFTER_PX: Final = 44


@dataclass(frozen=True, slots=True)
class Meeting:
    """What one picture of the room is drawn from: the redacted document, scene and clock."""

    document: Document
    scene: Scene
    reading: Reading
    opening: str = ""


def draw_frame(sheet: Sheet, meeting: Meeting, foot: str) -> QRectF:
    """Draw head, strip and foot; the rectangle that is left for the card."""
    left, right = sheet.width * MARGIN, sheet.width * (1 - MARGIN)
    top, bottom = sheet.height * MARGIN, sheet.height * (1 - MARGIN)
    head = _draw_head(sheet, meeting, left, right, top)
    _draw_strip(sheet, meeting, QRectF(left, head + 14, right - left, _STRIP))
    foot_top = bottom - sheet.size.foot * LINE
    _draw_foot(sheet, meeting, foot, QRectF(left, foot_top, right - left, sheet.size.foot))
    content = head + 14 + _STRIP + 26
    return QRectF(left, content, right - left, foot_top - 22 - content)


def draw_question(sheet: Sheet, area: QRectF, asked: str) -> QRectF:
    """Draw the neutral question put to the room below the card; what is left for the card."""
    pad, px = 28.0, float(sheet.size.body)
    px, lines = sheet.fit(asked, px, area.width() - 2 * pad, area.height() * 0.4, weight=600)
    height = len(lines) * px * LINE + 2 * pad - px * (LINE - 1)
    card = QRectF(area.x(), area.bottom() - height, area.width(), height)
    sheet.box(card, fill="selection", border="accent", width=4)
    sheet.draw_lines(lines, card.x() + pad, card.y() + pad - px * 0.08, px, weight=600)
    return area.adjusted(0, 0, 0, -height - 20)


def _draw_head(sheet: Sheet, meeting: Meeting, left: float, right: float, top: float) -> float:
    size = sheet.size
    title, question = title_and_question(meeting.document, meeting.scene.card)
    clock = timer(meeting.reading, topic_of(meeting.document, meeting.scene.card))
    end = _draw_timer(sheet, clock, right, top)
    room = end - 48 - left
    px = float(size.title)
    while px > _AFTER_PX and sheet.wide(title[:200], px, 700) > room:
        px -= 2
    lines = sheet.wrap(title, px, room, weight=700, most=1)
    sheet.draw_lines(lines, left, top - px * 0.1, px, weight=700)
    under = top + size.title * LINE - 6
    if question:
        px, lines = _question_lines(sheet, question, room)
        under = sheet.draw_lines(lines, left, under, px, color="text.second")
    return max(under, top + size.timer * 1.0)


def _question_lines(sheet: Sheet, question: str, room: float) -> tuple[float, list[str]]:
    """One line where the question fits on one, two smaller ones where it does not."""
    px = float(sheet.size.question)
    while px > 38 and sheet.wide(question, px) > room:
        px -= 2
    return px, sheet.wrap(question, px, room, most=2)


def _draw_timer(sheet: Sheet, clock: Timer, right: float, top: float) -> float:
    """Draw the timer at the right; where it begins."""
    px = float(sheet.size.timer)
    if clock.mood in ("wrap-up", "over", "paused"):
        return _draw_marked_timer(sheet, clock, right, top)
    color = "text" if clock.mood in ("running", "done") else "text.second"
    width = sheet.draw(clock.words, right, top - px * 0.18, px, weight=700, color=color, right=True)
    return right - width


def _draw_marked_timer(sheet: Sheet, clock: Timer, right: float, top: float) -> float:
    """Wrapping up, over or paused: digits and the word in a chip of that state's colour."""
    px = sheet.size.timer * 0.86
    digits = sheet.wide(clock.words, px, 700)
    word = sheet.wide(clock.after, _AFTER_PX, 600)
    width = digits + word + 30 + 2 * 26
    chip = QRectF(right - width, top - 4, width, sheet.size.timer + 4)
    ink = "text"
    if clock.mood == "wrap-up":
        sheet.box(chip, fill="wrap-up", border="wrap-up.border")
        ink = "wrap-up.text"
    elif clock.mood == "over":
        sheet.block(chip, "over", 12)
        ink = "over.text"
    else:
        sheet.dashed(chip, "border", 4)
    base = chip.center().y() + px * 0.36  # both words stand on one line
    sheet.draw(clock.words, chip.x() + 26, base - px * 0.98, px, weight=700, color=ink)
    at = chip.x() + 26 + digits + 30
    sheet.draw(clock.after, at, base - _AFTER_PX * 0.98, _AFTER_PX, weight=600, color=ink)
    return chip.x()


def _draw_strip(sheet: Sheet, meeting: Meeting, rect: QRectF) -> None:
    """Six parts as wide as their minutes; what is done is filled, what is over has its colour."""
    topics = agenda(meeting.document.all(Topic))
    times = {t.topic: t for t in meeting.reading.times}
    shown = [times[t.id] for t in topics if t.id in times]
    whole = sum(max(60.0, t.planned) for t in shown)
    if not shown or whole <= 0:
        return
    room = rect.width() - _GAP * (len(shown) - 1)
    x = rect.x()
    for each in shown:
        width = room * max(60.0, each.planned) / whole
        _draw_part(sheet, meeting.reading, each, QRectF(x, rect.y(), width, rect.height()))
        x += width + _GAP


def _draw_part(sheet: Sheet, reading: Reading, each: TopicTime, rect: QRectF) -> None:
    sheet.block(rect, "border.soft")
    if reading.topic == each.topic:
        over = each.left < 0
        share = 1.0 if over or not each.planned else each.spent / each.planned
        filled = QRectF(rect.x(), rect.y(), max(10.0, rect.width() * share), rect.height())
        sheet.block(filled, "over" if over else "accent")
    elif each.visited:
        sheet.block(rect, "border")


def _draw_foot(sheet: Sheet, meeting: Meeting, foot: str, rect: QRectF) -> None:
    px = float(max(SMALLEST, sheet.size.foot))
    ends = ends_words(meeting.document, meeting.reading)
    chain = chain_words(meeting.document, meeting.scene.card)
    before = sheet.draw(foot, rect.x(), rect.y(), px, color="text.second") if foot else 0.0
    after = (
        sheet.draw(ends, rect.right(), rect.y(), px, color="text.second", right=True)
        if ends
        else 0.0
    )
    room = rect.width() - 2 * max(before, after) - 60
    if chain:
        while px > SMALLEST and sheet.wide(chain, px, 600) > room:
            px -= 1
        sheet.draw(chain, rect.center().x(), rect.y(), px, weight=600, middle=True)
