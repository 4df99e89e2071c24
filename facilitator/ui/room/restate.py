"""The first cards of the room: the opening statement, the incident, the timeline read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

from facilitator.model.document import Document
from facilitator.model.figures import figure, share_text
from facilitator.model.records import Incident, Moment
from facilitator.model.times import clock_text, day_text, zone_text
from facilitator.ui.room.frame import Meeting
from facilitator.ui.room.sheet import LINE, Sheet, lines_in
from facilitator.ui.timeline.glyphs import lane_sign

LANE_NAMES: Final = {
    "change": "Change",
    "signal": "System signal",
    "action": "Human action",
    "communication": "Communication",
    "impact": "Customer impact",
}
NO_OPENING: Final = (
    "We are here to learn how the system allowed this, not who did it. Everybody did what made "
    "sense with what they knew at the time."
)
_PAD: Final = 40.0


def draw_opening(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """The opening statement, as large as it can be."""
    words = meeting.document.incident.opening or meeting.opening or NO_OPENING
    sheet.box(area, fill="card", border="border.soft", width=2)
    sheet.block(QRectF(area.x(), area.y(), 14, area.height()), "accent", 7)
    room = area.adjusted(_PAD + 14, _PAD, -_PAD, -_PAD)
    px, lines = sheet.fit(words, max(84.0, sheet.size.body * 1.2), room.width(), room.height())
    height = len(lines) * px * LINE
    top = room.y() + max(0.0, (room.height() - height) / 2)
    sheet.draw_lines(lines, room.x(), top, px)


def draw_incident(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """Title, severity, computed duration, users; then what they noticed."""
    incident = meeting.document.incident
    body = float(sheet.size.body)
    title_room = min(area.height() * 0.34, body * 1.15 * LINE * 2)
    px, lines = sheet.fit(incident.title, body * 1.15, area.width(), title_room, weight=700)
    top = sheet.draw_lines(lines, area.x(), area.y() - px * 0.1, px, weight=700) + 14
    words = " ".join(part for part in (incident.impact, _services(incident)) if part)
    left = area.bottom() - top
    px, lines = sheet.fit(words, max(56.0, body * 0.9), area.width(), left * 0.42)
    prose = len(lines) * px * LINE + 28 if words else 0.0
    tiles = QRectF(area.x(), top, area.width(), min(380.0, left - prose))
    draw_facts(sheet, tiles, _facts(meeting.document))
    sheet.draw_lines(lines, area.x(), tiles.bottom() + 28, px)


def draw_reading(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """One moment of the timeline, as large as it can be."""
    moments = read_aloud(meeting.document)
    moment = moments[min(meeting.scene.reading, len(moments) - 1)]
    zone = meeting.document.incident.zone
    body = float(sheet.size.body)
    sheet.box(area, fill="ground", border="border", width=3)
    sheet.block(QRectF(area.x(), area.y(), 18, area.height()), f"lane.{moment.lane}", 9)
    left, top = area.x() + _PAD + 18, area.y() + _PAD
    px = max(80.0, body * 1.4)
    when = moment_time(moment, zone)
    lane, lane_px = LANE_NAMES.get(moment.lane, moment.lane), max(36.0, body * 0.7)
    beside = 60 + lane_px * 0.7 + sheet.wide(lane, lane_px)
    while px > lane_px and sheet.wide(when, px, 700) + beside > area.right() - _PAD - left:
        px -= 2
    wide = sheet.draw(when, left, top - px * 0.15, px, weight=700)
    base = top - px * 0.15 + px * 0.98
    sign = lane_sign(moment.lane, round(lane_px * 0.7))
    at = left + wide + 60
    sheet.shape(sign.translated(at, base - lane_px * 0.36), f"lane.{moment.lane}")
    sheet.draw(lane, at + lane_px * 0.7, base - lane_px * 0.98, lane_px, color="text.second")
    room = QRectF(left, top + px * LINE, area.right() - _PAD - left, 0)
    height = area.bottom() - _PAD - room.y()
    size, lines = sheet.fit(moment.text, max(84.0, body * 1.3), room.width(), height)
    sheet.draw_lines(lines, left, room.y(), size)


def reading_words(document: Document, index: int) -> str:
    """How far the timeline has been read."""
    count = len(read_aloud(document))
    return f"Moment {min(index, count - 1) + 1} of {count}" if count else ""


def read_aloud(document: Document) -> tuple[Moment, ...]:
    """The moments with a time, in order."""
    timed = [(m.at, m.id, m) for m in document.all(Moment) if m.at is not None]
    return tuple(moment for _at, _id, moment in sorted(timed, key=lambda row: row[:2]))


def moment_time(moment: Moment, zone: str) -> str:
    """When it happened, as exactly as it is known."""
    if moment.at is None:
        return "Time unknown"
    if moment.precision == "date":
        return day_text(moment.at, zone)
    words = f"{clock_text(moment.at, zone)} {zone_text(moment.at, zone)}"
    mark = {"about": "≈ ", "before": "before "}.get(moment.precision, "")
    return f"{mark}{words}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in large digits, and the words below it."""

    big: str
    small: str
    stands_out: bool = False


def draw_facts(sheet: Sheet, rect: QRectF, facts: Sequence[Fact]) -> None:
    """Facts side by side in tiles; all figures stand on one line, all words below on another."""
    gap = 28.0
    width = (rect.width() - gap * (len(facts) - 1)) / len(facts)
    room = width - 56
    wanted = max(36.0, sheet.size.body * 0.7)
    fitted = [sheet.fit(f.small, wanted, room, rect.height() * 0.42) for f in facts]
    small = min(px for px, _lines in fitted)
    most = lines_in(rect.height() * 0.42, small)
    words = [sheet.wrap(f.small, small, room, most=most) for f in facts]
    below = max(len(lines) for lines in words) * small * LINE
    tall = (rect.height() - 40 - below) / LINE
    big = min(tall, max(110.0, sheet.size.body * 1.7))
    big = min(_one_line(sheet, f.big, big, room) for f in facts)
    top = rect.y() + (rect.height() - big * LINE - below) / 2
    for n, fact in enumerate(facts):
        tile = QRectF(rect.x() + n * (width + gap), rect.y(), width, rect.height())
        fill = "severity.ground" if fact.stands_out else "card"
        sheet.box(tile, fill=fill, border="border.soft", width=2)
        ink = "severity" if fact.stands_out else "text"
        line = sheet.wrap(fact.big, big, room, weight=700, most=1)
        sheet.draw_lines(line, tile.x() + 28, top, big, weight=700, color=ink)
        at = top + big * LINE
        sheet.draw_lines(words[n], tile.x() + 28, at, small, color="text.second")


def _one_line(sheet: Sheet, words: str, px: float, room: float) -> float:
    """A figure stays on one line: the size at which it does."""
    while px > 40 and sheet.wide(words, px, 700) > room:
        px -= 2
    return px


def _facts(document: Document) -> list[Fact]:
    incident = document.incident
    severity = Fact(incident.severity, "severity", stands_out=True)
    if not incident.severity:
        severity = Fact("–", "severity not set")
    duration = figure(document, "duration")
    length = duration.text if duration.length is not None else "–"
    facts = [severity, Fact(length, _duration_words(duration.text))]
    if incident.users_affected is not None:
        facts.append(Fact(f"{incident.users_affected:,}", _users_words(incident)))
    return facts


def _duration_words(text: str) -> str:
    return "duration not known yet" if text == "not known" else "duration"


def _users_words(incident: Incident) -> str:
    if not incident.users_total:
        return f"{incident.users_word} affected"
    share = share_text(incident.users_affected, incident.users_total)
    return f"of {incident.users_total:,} {incident.users_word} affected ({share})"


def _services(incident: Incident) -> str:
    return f"Services: {incident.services}." if incident.services else ""
