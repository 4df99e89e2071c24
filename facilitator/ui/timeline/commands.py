"""What keys and menu do to the timeline: go through it, move, copy, paste, mark, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from facilitator.model.change import Refused
from facilitator.model.edits.moments import add_moments, change_moment, remove_moments
from facilitator.model.edits.timeline import change_moments, forget_time, shift_moments
from facilitator.model.figures import began_at
from facilitator.model.pasted import moment_lines, pasted_moments
from facilitator.model.records import Moment
from facilitator.ui.qt_session import QtSession
from facilitator.ui.timeline.canvas import Canvas


class Commands(QObject):
    """The commands of one canvas, by name."""

    told = Signal(str)

    def __init__(self, session: QtSession, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.canvas = canvas
        self.table: dict[str, Callable[[Any], object]] = {
            "step": self._step,
            "extend": self._extend,
            "across": self._across,
            "end": self._end,
            "page": self._page,
            "nudge": self._nudge,
            "lane": self._lane,
            "delete": self._delete,
            "copy": self._copy,
            "cut": self._cut,
            "paste": self._paste,
            "paste-text": self.paste_lines,
            "all": self._all,
            "fit": self._fit,
            "zoom": self._zoom,
            "set-key": self._set_key,
            "set-lane": self._set_lane,
            "recorded": self._recorded,
            "unknown": self._unknown,
        }

    def selected(self) -> list[str]:
        """The ids of the selected moments, the current one last."""
        choice = self.canvas.choice
        others = [each for each in choice.ids if each != choice.current]
        return [*others, choice.current] if choice.ids else []

    def current(self) -> Moment | None:
        """The moment that the keys are about."""
        return self.canvas.moment(self.canvas.choice.current)

    def moments(self) -> Sequence[Moment]:
        """The selected moments, the current one last."""
        found = (self.canvas.moment(each) for each in self.selected())
        return [moment for moment in found if moment is not None]

    def near(self) -> datetime:
        """The time that typed times of day are meant near to."""
        current = self.current()
        if current is not None and current.at is not None:
            return current.at
        began = began_at(self._session.document)
        if began is not None:
            return began
        view = self.canvas.view
        if view.chart.order:
            return datetime.fromtimestamp(view.chart.order[-1].start, UTC)
        return self._session.document.incident.created_at

    def _step(self, by: int) -> None:
        self._go(self.canvas.choice.step(by))

    def _across(self, by: int) -> None:
        self._go(self.canvas.choice.across(by))

    def _end(self, last: int) -> None:
        self._go(self.canvas.choice.end(last=bool(last)))

    def _go(self, moment_id: str) -> None:
        if moment_id:
            self.canvas.select([moment_id])
            self.canvas.speak_focus()

    def _extend(self, by: int) -> None:
        reached = self.canvas.choice.step(by)
        if reached:
            kept = [each for each in self.canvas.choice.ids if each != reached]
            self.canvas.select([*kept, reached])
            self.canvas.speak_focus()

    def _page(self, by: int) -> None:
        view = self.canvas.view
        view.pan(by * (view.sizes.plot_right - view.sizes.gutter) * 0.8)
        self.canvas.new_pass()

    def _nudge(self, seconds: int) -> None:
        self._shift(timedelta(seconds=seconds), 0)

    def _lane(self, by: int) -> None:
        self._shift(timedelta(0), by)

    def _shift(self, by: timedelta, lanes: int) -> None:
        ids = self.selected()
        if ids:
            burst = f"shift:{','.join(ids[:20])}:{self.canvas.choice.visit}"
            self.canvas.do(shift_moments, ids, by, lanes, burst=burst)
            self.canvas.view.reveal(self.canvas.choice.current)
            self.canvas.update()

    def _delete(self, _: object) -> None:
        ids = self.selected()
        if not ids:
            return
        following = self._after(ids)
        if self.canvas.do(remove_moments, ids) and following:
            self.canvas.select([following])

    def _after(self, ids: Sequence[str]) -> str:
        """The moment that is current when these are gone."""
        order = [e.moment.id for e in self.canvas.view.chart.order]
        gone = set(ids)
        start = order.index(ids[-1]) if ids[-1] in order else 0
        later = (each for each in order[start:] if each not in gone)
        earlier = (each for each in reversed(order[:start]) if each not in gone)
        return next(later, next(earlier, ""))

    def _copy(self, _: object) -> None:
        moments = sorted(self.moments(), key=_in_time)
        if moments:
            zone = self._session.document.incident.zone
            QGuiApplication.clipboard().setText(moment_lines(moments, zone))

    def _cut(self, _: object) -> None:
        self._copy(0)
        self._delete(0)

    def _paste(self, _: object) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.paste_lines(text)

    def paste_lines(self, text: str) -> bool:
        """Add time-stamped lines as moments, in one edit, and select them; False when none are."""
        document = self._session.document
        current = self.current()
        lane = current.lane if current else "action"
        try:
            pasted = pasted_moments(text, self.near(), document.incident.zone, lane)
        except Refused as refusal:
            self._session.refused.emit(str(refusal))
            return False
        count = len(pasted.moments)
        label = "Paste moment" if count == 1 else f"Paste {count} moments"
        if not self.canvas.do(add_moments, pasted.moments, label):
            return False
        self.canvas.select([moment.id for moment in pasted.moments])
        if pasted.problems:
            self.told.emit(" ".join(pasted.problems[:3]))
        return True

    def _all(self, _: object) -> None:
        chart = self.canvas.view.chart
        current = self.canvas.choice.current
        ids = [e.moment.id for e in chart.order] + [m.id for m in chart.tray]
        kept = [each for each in ids if each != current]
        self.canvas.select([*kept, *([current] if current else [])], reveal=False)

    def _fit(self, _: object) -> None:
        self.canvas.view.fit()
        self.canvas.new_pass()

    def _zoom(self, direction: int) -> None:
        view = self.canvas.view
        card = view.card_of(self.canvas.choice.current)
        middle = (view.sizes.gutter + view.sizes.plot_right) / 2
        view.zoom(1.5**direction, card.box.x if card else middle)
        self.canvas.new_pass()

    def _set_key(self, key: str) -> None:
        moment = self.current()
        if moment is not None:
            self.canvas.do(change_moment, moment.id, key=key)

    def _set_lane(self, lane: str) -> None:
        self._change(lane=lane)

    def _recorded(self, _: object) -> None:
        moments = self.moments()
        were = bool(moments) and all(m.provenance == "recorded" for m in moments)
        self._change(provenance="reconstructed" if were else "recorded")

    def _change(self, **values: str) -> None:
        ids = self.selected()
        if ids:
            self.canvas.do(change_moments, ids, **values)

    def _unknown(self, _: object) -> None:
        ids = self.selected()
        if ids:
            self.canvas.do(forget_time, ids)


def _in_time(moment: Moment) -> tuple[bool, float]:
    return moment.at is None, moment.at.timestamp() if moment.at else 0.0
