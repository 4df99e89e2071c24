"""Phase three in the room: one branch of the tree as a ladder, and the open next question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

from facilitator.model.document import Document
from facilitator.model.edits.whys import branch, leaves
from facilitator.model.records import Why
from facilitator.ui.room.frame import Meeting
from facilitator.ui.room.sheet import LINE, Sheet
from facilitator.ui.room.sizes import SMALLEST

NEXT_WHY: Final = "Why was that possible?"
NEXT_LEVEL: Final = "Which level should have caught it?"
FIRST: Final = "What happened?"
_GAP: Final = 16.0
_PAD_X: Final = 28.0
_DEEPEST: Final = 8  # steps after which rows are indented no further


@dataclass(frozen=True, slots=True)
class Rung:
    """One row: its lines, size and height; `note` stands at its right or below."""

    lines: tuple[str, ...]
    px: float
    height: float
    note: str = ""
    note_below: bool = False
    kind: str = ""
    level: str = ""


def draw_ladder(sheet: Sheet, area: QRectF, meeting: Meeting) -> None:
    """The branch of the spotlight from the effect down; the oldest rows fold when room is short."""
    whys = spotlight(meeting.document, meeting.scene.why)
    chosen = whys[-1].id if whys else ""
    rungs = [_rung(sheet, area.width(), why, depth, chosen) for depth, why in enumerate(whys)]
    rungs.append(_open_rung(sheet, area.width(), whys))
    folded = _how_many_fold(sheet, rungs, area.height())
    y = area.y()
    if folded:
        px = max(float(SMALLEST), sheet.size.body * 0.6)
        sheet.draw(f"{folded} above", area.x(), y - 4, px, weight=600, color="text.second")
        y += px * LINE + 6
    shown = rungs[folded:]
    spare = area.bottom() - y - sum(r.height + _GAP for r in shown) + _GAP
    stretch = max(0.0, min(12.0, spare / len(shown)))
    for depth, rung in enumerate(shown, start=folded):
        indent = sheet.size.indent * min(_DEEPEST, depth)
        rect = QRectF(area.x() + indent, y, area.width() - indent, rung.height + stretch)
        _draw_rung(sheet, rect, rung)
        y = rect.bottom() + _GAP


def ladder_words(document: Document, why_id: str) -> str:
    """Which of the branches is shown."""
    ends = leaves(document)
    shown = spotlight(document, why_id)
    if not shown or not ends:
        return ""
    below = {w.id for w in shown}
    index = next((i for i, end in enumerate(ends) if end.id in below), -1)
    if index < 0:
        # The spotlight is on a fork: the first branch through it counts.
        index = next((i for i, end in enumerate(ends) if shown[-1] in branch(document, end.id)), 0)
    return f"Branch {index + 1} of {len(ends)}"


def spotlight(document: Document, why_id: str) -> tuple[Why, ...]:
    """The branch down to this answer; without one, to the root cause, else to the first end."""
    why = document.find(Why, why_id)
    if why is None:
        ends = leaves(document)
        roots = [w for w in document.all(Why) if w.root_cause]
        why = roots[0] if roots else ends[0] if ends else None
    return branch(document, why.id) if why else ()


def _rung(sheet: Sheet, width: float, why: Why, depth: int, chosen: str) -> Rung:
    px = float(sheet.size.body)
    kind = "root" if why.root_cause else "effect" if not depth else ""
    if why.id == chosen and kind != "root":
        kind = "chosen" if depth else "effect"
    note = _note(why)
    room = width - sheet.size.indent * min(_DEEPEST, depth) - 2 * _PAD_X
    weight = 700 if kind == "root" else 400
    note_px = _note_px(sheet)
    beside = room - (sheet.wide(note, note_px, 600) + 40 if note else 0.0)
    level = "" if note else why.level
    beside -= _chip_side(sheet) + 24 if level else 0.0
    lines = sheet.wrap(why.text, px, beside, weight=weight, most=2)
    below = False
    if note and len(lines) > 1:
        lines, below = sheet.wrap(why.text, px, room, weight=weight, most=2), True
    height = len(lines) * px * LINE + px * 0.55 + (note_px * LINE if below else 0.0)
    return Rung(tuple(lines), px, height, note, below, kind, level)


def _open_rung(sheet: Sheet, width: float, whys: tuple[Why, ...]) -> Rung:
    px = float(sheet.size.body)
    words = FIRST if not whys else NEXT_LEVEL if whys[-1].root_cause else NEXT_WHY
    room = width - sheet.size.indent * min(_DEEPEST, len(whys)) - 2 * _PAD_X
    lines = sheet.wrap(words, px, room, most=2)
    return Rung(tuple(lines), px, len(lines) * px * LINE + px * 0.55, kind="open")


def _note(why: Why) -> str:
    """A root cause says so; of the others the level's letter is enough."""
    if not why.root_cause:
        return ""
    return f"Root cause · {why.level.capitalize()}" if why.level else "Root cause"


def _chip_side(sheet: Sheet) -> float:
    return sheet.size.body * 0.95


def _note_px(sheet: Sheet) -> float:
    return max(float(SMALLEST), sheet.size.body * 0.72)


def _how_many_fold(sheet: Sheet, rungs: list[Rung], height: float) -> int:
    """How many of the oldest rows fold away: by the room's rows, and by what fits."""
    fold_line = max(SMALLEST, sheet.size.body * 0.6) * LINE + 6
    folded = max(0, len(rungs) - sheet.size.rows)
    while folded < len(rungs) - 2:
        needed = sum(r.height + _GAP for r in rungs[folded:]) - _GAP + (fold_line if folded else 0)
        if needed <= height:
            break
        folded += 1
    return folded


def _draw_rung(sheet: Sheet, rect: QRectF, rung: Rung) -> None:
    if rung.kind == "open":
        sheet.dashed(rect, "accent", 4)
    elif rung.kind == "root":
        sheet.box(rect, fill="root.ground", border="root", width=6)
    elif rung.kind == "chosen":
        sheet.box(rect, fill="ground", border="text", width=5)
    else:
        sheet.box(rect, fill="card" if rung.kind == "effect" else "ground", border="border")
    text = len(rung.lines) * rung.px * LINE
    note_px = _note_px(sheet)
    whole = text + (note_px * LINE if rung.note_below else 0.0)
    top = rect.center().y() - whole / 2 - rung.px * 0.03
    weight = 700 if rung.kind == "root" else 400
    color = "text.second" if rung.kind == "open" else "text"
    below = sheet.draw_lines(
        rung.lines, rect.x() + _PAD_X, top, rung.px, weight=weight, color=color
    )
    if rung.level:
        _draw_chip(sheet, rect, rung.level)
    if not rung.note:
        return
    ink = "root.text" if rung.kind == "root" else "text.second"
    if rung.note_below:
        sheet.draw(rung.note, rect.x() + _PAD_X, below, note_px, weight=600, color=ink)
    else:
        at = rect.center().y() - note_px * LINE / 2
        right = rect.right() - _PAD_X
        sheet.draw(rung.note, right, at, note_px, weight=600, color=ink, right=True)


def _draw_chip(sheet: Sheet, rect: QRectF, level: str) -> None:
    side = _chip_side(sheet)
    square = QRectF(rect.right() - _PAD_X - side, rect.center().y() - side / 2, side, side)
    sheet.block(square, f"level.{level}", 10)
    px = side * 0.66
    top = square.center().y() - px * LINE / 2
    middle = square.center().x()
    sheet.draw(level[:1].upper(), middle, top, px, weight=700, color="ground", middle=True)
