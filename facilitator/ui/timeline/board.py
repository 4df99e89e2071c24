"""The timeline board: the figures, the canvas, the editor, and the commands of keys and menu."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.edits.moments import (
    add_moment,
    change_moment,
)
from facilitator.model.records import Incident, Moment
from facilitator.model.times import clock_text, length_text
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.timeline.canvas import Canvas
from facilitator.ui.timeline.commands import Commands
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
        self._about = Commands(session, self.canvas, self)
        self._about.told.connect(self.told)
        self.setFocusProxy(self.canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 6, 10, 6)
        outer.setSpacing(4)
        outer.addWidget(self.header)
        outer.addWidget(self.canvas, 1)
        self.canvas.selection_changed.connect(self._selected)
        self.canvas.files_dropped.connect(self.files_dropped)
        self.canvas.previewed.connect(self._preview)
        self.canvas.left.connect(self.left)
        self.canvas.asked.connect(self.command)
        session.changed.connect(self._follow)
        self._show_figures()
        self._commands = self._about.table | {
            "edit": self._edit,
            "time": self._edit_time,
            "new": self._new,
            "new-at": self._new_at,
            "keys": self._keys,
            "menu": self._menu,
            "evidence": self._evidence,
            "park": self._park,
        }

    def select(self, ids: Iterable[str]) -> None:
        """Select these moments; the last of them comes into view."""
        self.canvas.select(ids)

    def selected(self) -> list[str]:
        """The ids of the selected moments, the current one last."""
        return self._about.selected()

    def paste_lines(self, text: str) -> bool:
        """Add time-stamped lines as moments, in one edit, and select them; False when none are."""
        return self._about.paste_lines(text)

    def new_moment(self) -> None:
        """Open the editor for a new moment; without a time it will wait in the tray."""
        current = self._about.current()
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
                self._editor.put_away()

    def _selected(self, ids: list[str]) -> None:
        self._show_figures()
        self.selection_changed.emit(ids)

    def _preview(self, document: Document) -> None:
        self.header.show_document(document)

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

    def _edit(self, _: object) -> None:
        self._edit_time("")

    def _edit_time(self, typed: str) -> None:
        moment = self._about.current()
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
        editor.show_values(at or self._about.near(), at=at, lane=lane)
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
            # Who left by a click has selected something else by now.
            stays = self._editor.holds_focus() or not written.moment
            self._editor.finish()
            if stays:
                self.canvas.select([made])

    def _closed(self) -> None:
        had = self._editor is not None and self._editor.holds_focus()
        self._editor = None
        if had:
            self.canvas.setFocus()

    def _keys(self, _: object) -> None:
        moment = self._about.current()
        if moment is not None:
            self._pop_up(KeyMenu(moment, self.canvas.asked, self), self._below_current())

    def _menu(self, where: QPoint | int) -> None:
        menu = TimelineMenu(self._about.moments(), self.canvas.asked, self)
        self._pop_up(menu, where if isinstance(where, QPoint) else self._below_current())

    def _pop_up(self, menu: QMenu, where: QPoint) -> None:
        # One key press may ask twice, as a key and as the system's request for a menu.
        if QApplication.activePopupWidget() is None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(where)
        else:
            menu.deleteLater()

    def _below_current(self) -> QPoint:
        x, y, _, height = self.canvas.anchor(self.canvas.choice.current)
        return self.canvas.mapToGlobal(QPoint(max(x, 0), y + height))

    def _evidence(self, _: object) -> None:
        ids = self.selected()
        if ids:
            self.evidence_asked.emit(ids)

    def _park(self, _: object) -> None:
        moment = self._about.current()
        if moment is not None:
            self.park_asked.emit(moment.text)
