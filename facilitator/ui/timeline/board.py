"""The timeline board: the figures, the canvas, the editor, and the commands of keys and menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from facilitator.model.change import Edit, Refused
from facilitator.model.edits import new_id
from facilitator.model.edits.moments import (
    add_moment,
    add_moments,
    change_moment,
    remove_moments,
)
from facilitator.model.edits.timeline import change_moments, forget_time, shift_moments
from facilitator.model.figures import began_at
from facilitator.model.pasted import moment_lines, pasted_moments
from facilitator.model.records import Incident, Moment
from facilitator.model.times import clock_text, length_text
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.canvas import Canvas
from facilitator.ui.timeline.editor import Editor, Written
from facilitator.ui.timeline.header import Header, recorded_share
from facilitator.ui.timeline.menu import KeyMenu, TimelineMenu


class TimelineBoard(QWidget):
    """The timeline of the open incident, with everything one can do to it."""

    selection_changed = Signal(list)  # ids
    park_asked = Signal(str)  # words
    evidence_asked = Signal(list)  # ids
    files_dropped = Signal(list)  # paths
    left = Signal()
    told = Signal(str)  # a sentence that is no refusal: what a paste left out

    def __init__(
        self, session: QtSession, hinting: Hinting, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._hinting = hinting
        self._theme = theme
        self._editor: Editor | None = None
        self.header = Header(theme, self)
        self.canvas = Canvas(session, theme, self)
        self.setFocusProxy(self.canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 6, 10, 6)
        outer.setSpacing(4)
        outer.addWidget(self.header)
        outer.addWidget(self.canvas, 1)
        self.canvas.selection_changed.connect(self._selected)
        self.canvas.files_dropped.connect(self.files_dropped)
        self.canvas.left.connect(self.left)
        self.canvas.asked.connect(self.command)
        session.changed.connect(self._follow)
        self._show_figures()
        self._commands: dict[str, Callable[[Any], None]] = {
            "step": self._step,
            "extend": self._extend,
            "across": self._across,
            "end": self._end,
            "page": self._page,
            "nudge": self._nudge,
            "lane": self._lane,
            "edit": self._edit,
            "time": self._edit_time,
            "new": self._new,
            "new-at": self._new_at,
            "delete": self._delete,
            "copy": self._copy,
            "cut": self._cut,
            "paste": self._paste,
            "all": self._all,
            "fit": self._fit,
            "zoom": self._zoom,
            "keys": self._keys,
            "menu": self._menu,
            "set-key": self._set_key,
            "set-lane": self._set_lane,
            "recorded": self._recorded,
            "unknown": self._unknown,
            "evidence": self._evidence,
            "park": self._park,
        }

    def select(self, ids: Iterable[str]) -> None:
        """Select these moments; the last of them comes into view."""
        self.canvas.select(ids)

    def selected(self) -> list[str]:
        """The ids of the selected moments, the current one last."""
        choice = self.canvas.choice
        others = [each for each in choice.ids if each != choice.current]
        return [*others, choice.current] if choice.ids else []

    def new_moment(self) -> None:
        """Open the editor for a new moment; without a time it will wait in the tray."""
        current = self._current()
        lane = current.lane if current else "action"
        canvas = self.canvas
        self._open_editor(None, QPoint(round(canvas.view.sizes.gutter) + 24, 34), 0, lane=lane)

    def edit_selected(self) -> None:
        """Open the editor at the current moment."""
        self._edit(0)

    def fit(self) -> None:
        """Show the outage with a tenth around it, or all there is while no outage is known."""
        self.canvas.view.fit("outage")
        self.canvas.new_pass()

    def command(self, name: str, value: object = 0) -> None:
        """Carry out one command by its name."""
        self._commands[name](value)

    def set_theme(self, theme: Theme) -> None:
        """Show another theme from now on."""
        self._theme = theme
        self.header.set_theme(theme)
        self.canvas.set_theme(theme)

    @property
    def editor(self) -> Editor | None:
        """The editor while it is open."""
        return self._editor

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the share recorded is shown depends on the width."""
        super().resizeEvent(event)
        self._show_figures()

    def _follow(self, edit: Edit) -> None:
        if any(isinstance(c.record, Moment | Incident) for c in edit.changes):
            self._show_figures()
            if self._editor is not None and self._editor.is_orphan(self._session.document):
                self._editor.finish()

    def _selected(self, ids: list[str]) -> None:
        self._show_figures()
        self.selection_changed.emit(ids)

    def _show_figures(self) -> None:
        measured = self.canvas.choice.measured()
        between: tuple[str, str] | None = None
        if measured:
            zone = self._session.document.incident.zone
            begin, end = (datetime.fromtimestamp(at, UTC) for at in measured)
            times = f"{clock_text(begin, zone)} to {clock_text(end, zone)}"
            between = times, length_text(end - begin)
        self.header.show_document(self._session.document, between)
        share = recorded_share(self._session.document)
        self.canvas.note = f"{share} recorded" if share and not self.header.is_wide else ""

    def _current(self) -> Moment | None:
        return self.canvas.moment(self.canvas.choice.current)

    def _moments(self) -> Sequence[Moment]:
        found = (self.canvas.moment(each) for each in self.selected())
        return [moment for moment in found if moment is not None]

    def _near(self) -> datetime:
        """The time that typed times of day are meant near to."""
        current = self._current()
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

    def _edit(self, _: object) -> None:
        self._edit_time("")

    def _edit_time(self, typed: str) -> None:
        moment = self._current()
        if moment is None:
            return
        self.canvas.view.reveal(moment.id)
        x, y, _, height = self.canvas.anchor(moment.id)
        x = max(x, round(self.canvas.view.sizes.gutter))
        self._open_editor(moment, QPoint(x, y), height, typed=typed)

    def _new(self, _: object) -> None:
        self.new_moment()

    def _new_at(self, where: tuple[float, str, float, float]) -> None:
        at, lane, x, y = where
        minute = datetime.fromtimestamp(round(at / 60) * 60, UTC)
        self._open_editor(None, QPoint(round(x), round(y) - 10), 20, lane=lane, at=minute)

    def _open_editor(
        self,
        moment: Moment | None,
        point: QPoint,
        height: int,
        *,
        lane: str = "",
        at: datetime | None = None,
        typed: str = "",
    ) -> None:
        if self._editor is not None:
            self._editor.commit()
        if self._editor is not None:
            return
        editor = Editor(self._session, self._hinting, self._theme, moment, self)
        editor.written.connect(self._write)
        editor.closed.connect(self._closed)
        self._editor = editor
        editor.show_values(at or self._near(), at=at, lane=lane)
        editor.open_at(self.canvas.mapToParent(point), height, typed=typed)

    def _write(self, written: Written) -> None:
        values = dict(written.values)
        if written.moment:
            done = self._session.do(change_moment, written.moment, **values)
            made = written.moment
        else:
            made = new_id()
            text, at, lane = (values.pop(name) for name in ("text", "at", "lane"))
            done = self._session.do(add_moment, text, at, lane, id=made, **values)
        if done and self._editor is not None:
            self._editor.finish()
            self.canvas.select([made])

    def _closed(self) -> None:
        had = self._editor is not None and self._editor.holds_focus()
        self._editor = None
        if had:
            self.canvas.setFocus()

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
        moments = sorted(self._moments(), key=_in_time)
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
        current = self._current()
        lane = current.lane if current else "action"
        try:
            pasted = pasted_moments(text, self._near(), document.incident.zone, lane)
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

    def _keys(self, _: object) -> None:
        moment = self._current()
        if moment is not None:
            x, y, _width, height = self.canvas.anchor(moment.id)
            menu = KeyMenu(moment, self.canvas.asked, self)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.canvas.mapToGlobal(QPoint(max(x, 0), y + height)))

    def _menu(self, where: QPoint) -> None:
        menu = TimelineMenu(self._moments(), self.canvas.asked, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _set_key(self, key: str) -> None:
        moment = self._current()
        if moment is not None:
            self.canvas.do(change_moment, moment.id, key=key)

    def _set_lane(self, lane: str) -> None:
        self._change(lane=lane)

    def _recorded(self, _: object) -> None:
        moments = self._moments()
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

    def _evidence(self, _: object) -> None:
        ids = self.selected()
        if ids:
            self.evidence_asked.emit(ids)

    def _park(self, _: object) -> None:
        moment = self._current()
        if moment is not None:
            self.park_asked.emit(moment.text)


def _in_time(moment: Moment) -> tuple[bool, float]:
    return moment.at is None, moment.at.timestamp() if moment.at else 0.0
