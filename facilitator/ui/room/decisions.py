"""The last cards of the room: the missing level, the one fix, the signatures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from facilitator.checks.signers import signer_roles
from facilitator.model.document import Document
from facilitator.model.freeze import frozen_revision, signatures_of
from facilitator.model.records import CHAIN_LEVELS, Fix
from facilitator.model.redact import role_title
from facilitator.model.times import clock_text, day_text
from facilitator.ui.level.board import LEVEL_HELP
from facilitator.ui.room.frame import Meeting
from facilitator.ui.room.sheet import LINE, Sheet
from facilitator.ui.room.sizes import SMALLEST

NO_FIX: Final = "One change to one artefact. Who, by when, how will we see it worked?"
_ARTEFACTS: Final = {
    "ci-step": "CI step",
    "adr": "ADR",
    "brief-template": "Brief template",
}
_GAP: Final = 18.0
_PAD: Final = 36.0


def draw_levels(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """Five levels in the order of the chain, each with its help; the chosen one stands out."""
    incident = meeting.document.incident
    height = min(180.0, (area.height() - _GAP * 4) / 5)
    y = area.y() + (area.height() - 5 * height - 4 * _GAP) / 2
    for level in CHAIN_LEVELS:
        state = "chosen" if level == incident.level else ""
        if level in incident.other_levels and not state:
            state = "contributing"
        _draw_level(sheet, QRectF(area.x(), y, area.width(), height), level, state)
        y += height + _GAP


def _draw_level(sheet: Sheet, rect: QRectF, level: str, state: str) -> None:
    if state == "chosen":
        sheet.box(rect, fill="root.ground", border="root", width=6)
    else:
        sheet.box(rect, fill="card", border="border" if state else "border.soft")
    side = min(rect.height() * 0.58, 92.0)
    square = QRectF(rect.x() + 26, rect.center().y() - side / 2, side, side)
    sheet.block(square, f"level.{level}", 12)
    letter = side * 0.62
    top = square.center().y() - letter * LINE / 2
    middle = square.center().x()
    sheet.draw(level[:1].upper(), middle, top, letter, weight=700, color="ground", middle=True)
    px = min(float(sheet.size.body), rect.height() * 0.5)
    names = max(sheet.wide(each.capitalize(), px, 700) for each in CHAIN_LEVELS)
    x = square.right() + 26
    weight = 700 if state == "chosen" else 600
    sheet.draw(level.capitalize(), x, rect.center().y() - px * LINE / 2, px, weight=weight)
    words = {"chosen": "Missing level", "contributing": "Contributing"}.get(state, "")
    end = rect.right() - 28
    if words:
        note = max(float(SMALLEST), px * 0.62)
        ink = "root.text" if state == "chosen" else "text.second"
        top = rect.center().y() - note * LINE / 2
        end -= sheet.draw(words, end, top, note, weight=600, color=ink, right=True) + 30
    help_x = x + names + 36
    small, lines = sheet.fit(
        LEVEL_HELP[level], max(36.0, px * 0.66), end - help_x, rect.height() - 16
    )
    height = len(lines) * small * LINE
    sheet.draw_lines(lines, help_x, rect.center().y() - height / 2, small, color="text.second")


def draw_fix(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """The one change, with owner, date, artefact and check; what is missing is said."""
    document = meeting.document
    fix = next(iter(document.all(Fix)), None)
    if fix is None or not (fix.change or fix.artefact or fix.owner or fix.check):
        words = document.incident.not_reached
        _draw_waiting(sheet, area, f"Not reached: {words}" if words else NO_FIX)
        return
    cells = _cells(fix)
    words = fix.change or "What changes?"
    room = area.width() - 2 * _PAD
    px, lines = sheet.fit(
        words, max(60.0, float(sheet.size.body)), room, area.height() * 0.36, weight=700
    )
    card = QRectF(area.x(), area.y(), area.width(), len(lines) * px * LINE + 44)
    sheet.box(card, fill="root.ground", border="root", width=6)
    sheet.draw_lines(lines, card.x() + _PAD, card.y() + 22 - px * 0.04, px, weight=700)
    below = area.bottom() - card.bottom() - _GAP
    low = min(below, 460.0)
    _draw_cells(sheet, QRectF(area.x(), card.bottom() + _GAP, area.width(), low), cells)


def _cells(fix: Fix) -> list[tuple[str, str]]:
    kind = _ARTEFACTS.get(fix.artefact_kind, fix.artefact_kind.capitalize())
    artefact = ": ".join(part for part in (kind, fix.artefact) if part)
    owner = f"{fix.owner}, with {fix.helpers}" if fix.owner and fix.helpers else fix.owner
    return [
        ("Owner", owner),
        ("By", day_text(fix.due) if fix.due else ""),
        ("Artefact", artefact),
        ("Check", fix.check),
    ]


def _draw_cells(sheet: Sheet, rect: QRectF, cells: list[tuple[str, str]]) -> None:
    gap = _GAP
    narrow = (rect.width() - gap) / 2
    height = (rect.height() - gap) / 2
    label = float(SMALLEST + 4)
    room = height - 10 - label * LINE - 22
    # One size for all four, unless one of them is much longer than the others.
    wanted = [sheet.fit(words, float(sheet.size.body), narrow - 56, room)[0] for _n, words in cells]
    shared = max(min(wanted), sheet.size.body * 0.66)
    for n, (name, words) in enumerate(cells):
        cell = QRectF(
            rect.x() + (n % 2) * (narrow + gap),
            rect.y() + (n // 2) * (height + gap),
            narrow,
            height,
        )
        if words:
            sheet.box(cell, fill="card", border="border.soft", width=2)
        else:
            sheet.dashed(cell, "border")
        sheet.draw(name, cell.x() + 28, cell.y() + 10, label, weight=600, color="text.second")
        top = cell.y() + 10 + label * LINE
        px, lines = sheet.fit(words or "open", shared, narrow - 56, room)
        color = "text" if words else "text.second"
        sheet.draw_lines(lines, cell.x() + 28, top, px, color=color)


def _draw_waiting(sheet: Sheet, area: QRectF, words: str) -> None:
    sheet.dashed(area, "accent", 4)
    room = area.adjusted(_PAD, _PAD, -_PAD, -_PAD)
    px, lines = sheet.fit(words, sheet.size.body * 1.15, room.width(), room.height())
    top = room.y() + (room.height() - len(lines) * px * LINE) / 2
    sheet.draw_lines(lines, room.x(), top, px, color="text.second")


def draw_signatures(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """Who signs, by role, and whether they have; no names."""
    rows = signature_rows(meeting.document)
    height = min(150.0, (area.height() - _GAP * (len(rows) - 1)) / max(1, len(rows)))
    y = area.y() + max(0.0, (area.height() - len(rows) * (height + _GAP) + _GAP) / 4)
    px = min(float(sheet.size.body) * 1.05, height * 0.56)
    for role, state in rows:
        rect = QRectF(area.x(), y, area.width(), height)
        signed = state.startswith("Signed")
        if signed:
            sheet.box(rect, fill="root.ground", border="root", width=4)
        else:
            sheet.dashed(rect, "border", 3)
        top = rect.center().y() - px * LINE / 2
        _draw_mark(sheet, rect.x() + 66, rect.center().y(), signed)
        sheet.draw(role, rect.x() + 124, top, px, weight=600)
        right = rect.right() - 32
        ink = "root.text" if signed else "text.second"
        sheet.draw(state, right, top, px, color=ink, right=True)
        y += height + _GAP


def signature_rows(document: Document) -> list[tuple[str, str]]:
    """Each role that signs, with its state: signed and when, or not yet."""
    revision = frozen_revision(document)
    signed = signatures_of(document, revision) if revision else {}
    roles = revision.roles if revision else signer_roles(document.incident.severity)
    zone = document.incident.zone
    rows = []
    for role in roles:
        signature = signed.get(role)
        state = f"Signed {clock_text(signature.at, zone)}" if signature else "to sign"
        rows.append((role_title(role), state))
    return rows


def signature_words(document: Document) -> str:
    """How many have signed."""
    rows = signature_rows(document)
    done = sum(1 for _role, state in rows if state.startswith("Signed"))
    return f"{done} of {len(rows)} signed"


def _draw_mark(sheet: Sheet, x: float, y: float, signed: bool) -> None:
    """A tick in a disc, or an empty ring: never colour alone."""
    painter, theme = sheet.painter, sheet.theme
    painter.setPen(QPen(theme.color("root" if signed else "border"), 4))
    painter.setBrush(theme.color("root") if signed else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(x, y), 28, 28)
    if signed:
        painter.setPen(QPen(theme.color("ground"), 7))
        painter.drawPolyline(
            [QPointF(x - 13, y + 1), QPointF(x - 3, y + 11), QPointF(x + 14, y - 10)]
        )
