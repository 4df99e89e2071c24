"""Phase two in the room: when the system knew, when a person knew, and the outage as a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from facilitator.model.document import Document
from facilitator.model.figures import began_at, figure, key_moments, resolved_at
from facilitator.model.records import Moment
from facilitator.model.times import clock_text
from facilitator.ui.room.frame import Meeting
from facilitator.ui.room.labels import Label, place_labels
from facilitator.ui.room.restate import Fact, draw_facts, moment_time
from facilitator.ui.room.sheet import LINE, Sheet
from facilitator.ui.room.sizes import SMALLEST
from facilitator.ui.timeline.glyphs import lane_sign

_NAMES: Final = {
    "deployed": "deployed",
    "impact_began": "impact began",
    "system_knew": "system knew",
    "person_knew": "person knew",
    "mitigated": "contained",
    "resolved": "resolved",
}
_LANES: Final = {
    "deployed": "change",
    "impact_began": "impact",
    "system_knew": "signal",
    "person_knew": "action",
    "mitigated": "action",
    "resolved": "action",
}
_SAME: Final = timedelta(minutes=1)
_AXIS: Final = 56.0  # height of the line with its marks


class Mark(NamedTuple):
    """A place on the line: the key moments that fall in this minute."""

    keys: tuple[str, ...]
    at: datetime

    @property
    def words(self) -> str:
        """The key moments by name."""
        return ", ".join(_NAMES[key] for key in self.keys)

    @property
    def lane(self) -> str:
        """The lane whose sign the mark has."""
        return _LANES[self.keys[0]]


def draw_detection(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """Two large figures, two smaller ones, and the line of key moments."""
    document = meeting.document
    marks = _marks(document)
    strip = _strip_height(sheet, marks, area.width()) if len(marks) > 1 else 0.0
    strip = min(strip, area.height() * 0.5)
    upper = QRectF(area.x(), area.y(), area.width(), area.height() - strip - (24 if strip else 0))
    tall = upper.height() * (0.56 if upper.height() > 380 else 1.0)
    draw_facts(sheet, QRectF(upper.x(), upper.y(), upper.width(), tall), _knew(document))
    if tall < upper.height():
        lower = QRectF(upper.x(), upper.y() + tall + 20, upper.width(), upper.height() - tall - 20)
        draw_facts(sheet, lower, _gaps(document))
    if strip:
        line = QRectF(area.x(), area.bottom() - strip, area.width(), strip)
        _draw_line(sheet, line, marks, document.incident.zone)


def _knew(document: Document) -> list[Fact]:
    keys, zone = key_moments(document), document.incident.zone
    facts = []
    for key, who, gap in (
        ("system_knew", "the system knew", "system_gap"),
        ("person_knew", "a person knew", "detection_gap"),
    ):
        moment = keys.get(key)
        length = figure(document, gap)
        after = f", {length.text} after impact" if length.length is not None else ""
        words = f"{who}{after}" if moment else f"{who}: not known"
        facts.append(Fact(_time(moment, zone), words))
    return facts


def _gaps(document: Document) -> list[Fact]:
    facts = []
    for figure_id, words in (
        ("detection_gap", "detection gap: impact to person"),
        ("containment", "containment: person to contained"),
    ):
        found = figure(document, figure_id)
        facts.append(Fact(found.text if found.length is not None else "–", words))
    return facts


def _time(moment: Moment | None, zone: str) -> str:
    return moment_time(moment, zone) if moment else "–"


def _marks(document: Document) -> list[Mark]:
    """Key moments from the first to the last, without what lies days before."""
    keys = key_moments(document)
    times = {key: m.at for key, m in keys.items() if m.at is not None and m.precision != "date"}
    began, ended = began_at(document), resolved_at(document)
    if began is not None:
        times.setdefault("impact_began", began)
    if ended is not None:
        times.setdefault("resolved", ended)
    if began is not None and ended is not None and ended > began:
        earliest = began - (ended - began)
        times = {key: at for key, at in times.items() if at >= earliest}
    order = sorted((at, key) for key, at in times.items() if key in _NAMES)
    marks: list[Mark] = []
    for at, key in order:
        # Two names in one minute share a mark: they could not be told apart.
        if marks and at - marks[-1].at < _SAME:
            marks[-1] = Mark((*marks[-1].keys, key), marks[-1].at)
        else:
            marks.append(Mark((key,), at))
    return marks


def _strip_height(sheet: Sheet, marks: list[Mark], width: float) -> float:
    rows = 1 + max(label.row for label in _labels(sheet, marks, width))
    return _AXIS + rows * _row(sheet) + 8


def _row(sheet: Sheet) -> float:
    return _label_px(sheet) * LINE


def _label_px(sheet: Sheet) -> float:
    return max(float(SMALLEST), min(38.0, sheet.size.body * 0.62))


def _labels(sheet: Sheet, marks: list[Mark], width: float) -> tuple[Label, ...]:
    first, last = marks[0].at, marks[-1].at
    whole = max(1.0, (last - first).total_seconds())
    px = _label_px(sheet)
    places = tuple(
        (
            16 + (width - 32) * (mark.at - first).total_seconds() / whole,
            sheet.wide(f"00:00 {mark.words}", px),
        )
        for mark in marks
    )
    return place_labels(places, width)


def _draw_line(sheet: Sheet, rect: QRectF, marks: list[Mark], zone: str) -> None:
    y = rect.y() + _AXIS / 2
    labels = _labels(sheet, marks, rect.width())
    sheet.block(QRectF(rect.x(), y - 4, rect.width(), 8), "border.soft", 4)
    _draw_outage(
        sheet,
        rect,
        {key: lb.x for mark, lb in zip(marks, labels, strict=True) for key in mark.keys},
    )
    px = _label_px(sheet)
    for mark, label in zip(marks, labels, strict=True):
        here, top = rect.x() + label.x, rect.y() + _AXIS + label.row * _row(sheet)
        sheet.line(QPointF(here, y), QPointF(here, top + 4), "border", 2)
        sheet.draw(f"{clock_text(mark.at, zone)} {mark.words}", rect.x() + label.left, top, px)
    for mark, label in zip(marks, labels, strict=True):
        sign = lane_sign(mark.lane, 30).translated(rect.x() + label.x, y)
        sheet.shape(sign, f"lane.{mark.lane}")


def _draw_outage(sheet: Sheet, rect: QRectF, at: dict[str, float]) -> None:
    """The time of impact as a band along the line."""
    if "impact_began" not in at:
        return
    begins, ends = at["impact_began"], at.get("resolved", rect.width())
    y = rect.y() + _AXIS / 2
    band = QRectF(rect.x() + begins, y - 12, max(0.0, ends - begins), 24)
    sheet.block(band, "lane.impact.ground", 4)
    sheet.line(band.topLeft(), band.topRight(), "lane.impact", 2)
    sheet.line(band.bottomLeft(), band.bottomRight(), "lane.impact", 2)
