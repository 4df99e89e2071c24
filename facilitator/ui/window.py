"""The one window: start page or desk, and the commands that belong to neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from facilitator.front import take_request
from facilitator.model.change import Refused
from facilitator.settings import Settings, save_settings
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.filing import Change, Filing, IncidentWindow
from facilitator.ui.library.start import StartPage
from facilitator.ui.parts import Parts
from facilitator.ui.popups import show_keys, show_palette, show_phrases
from facilitator.ui.recovery.continued import continued_in, note_continued
from facilitator.ui.theme import Theme

if TYPE_CHECKING:
    from facilitator.store.library import Library
    from facilitator.ui.desk.desk import Desk
    from facilitator.ui.desk.hint_book import HintBook
    from facilitator.ui.qt_session import QtSession
    from facilitator.ui.recovery.rescue import Rescue
    from facilitator.ui.room.controls import RoomControls

# The start page is on the screen before the boards are read: what only a desk or a dialog needs
# is imported where it is made.

_LOW = 800  # pixels of height below which letters are a pixel smaller


class MainWindow(IncidentWindow):
    """Start page, then the desk of one incident at a time."""

    def __init__(self, parts: Parts, settings: Settings, *, remember: bool = True) -> None:
        super().__init__()
        self._remember = remember
        self._parts = parts
        self.settings = settings
        self.theme = Theme(settings.theme)
        self.desk: Desk | None = None
        self.room: RoomControls | None = None
        self.rescue: Rescue | None = None
        self.filing = Filing(self, parts)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(960, 600)
        self.setWindowTitle("Facilitator")
        self._start: StartPage | None = None
        self._front = QTimer(self)
        self._front.setInterval(500)
        self._front.timeout.connect(self._look_for_front_request)
        self._front.start()
        self._dressed = ("", 0)
        self._restore_geometry()
        self._dress()

    @property
    def library(self) -> Library:
        """The library that is open."""
        return self._parts.library

    # ---- start page and desk

    def show_start(self) -> None:
        """Show the start page; an open incident is closed, unless it cannot be saved."""
        if not self._may_leave():
            return
        page = StartPage(self._parts.library, self.theme)
        page.new_asked.connect(self._new)
        page.open_asked.connect(self.open_incident)
        page.demo_asked.connect(self.open_demo)
        page.import_asked.connect(self.filing.open_as_new)
        page.delete_asked.connect(self._delete)
        page.settings_asked.connect(self._settings)
        page.backups_asked.connect(self.filing.show_backups)
        page.verify_asked.connect(self.filing.verify)
        self._show(page)
        self._start = page
        if self.library.read_only:
            source = self.library.shown_from
            page.tell(f"READ-ONLY: a copy of {source} to look at. Nothing can be changed.")
        elif (later := continued_in(self.library.path)) is not None:
            page.tell(f"A meeting of this library went on in {later}. Open that file to see it.")
        self.setWindowTitle("Facilitator")

    def open_incident(self, incident_id: str, *, again: bool = False) -> None:
        """Open this incident's desk; when it cannot be, the start page says why."""
        from facilitator.session import Session
        from facilitator.stage import Stage
        from facilitator.ui.desk.chime import Chime
        from facilitator.ui.desk.desk import Desk
        from facilitator.ui.qt_session import QtSession
        from facilitator.ui.recovery.rescue import Rescue
        from facilitator.ui.room.controls import RoomControls

        if not self._may_leave():
            return
        try:
            opened = Session(self._parts.library, incident_id)
        except (LookupError, LibraryProblem, NotSaved) as problem:
            self.show_start()
            self.tell(f"It cannot be opened. {problem}")
            return
        session = QtSession(opened, self)
        stage = Stage()
        self.desk = Desk(
            session,
            theme=self.theme,
            rules=self._parts.rules(self.settings.hints_language),
            bank=self._parts.bank(),
            stage=stage,
            now=self._parts.now,
            steady=self._parts.steady,
            sign_board=partial(self._sign_board, session),
            outer=self._slots(),
        )
        Chime(self.desk.ticker, lambda: self.settings.sound, self.desk)
        self.desk.hinting.enabled = self.settings.hints_on
        self.desk.files_dropped.connect(self.filing.import_files)
        session.changed.connect(self._show_title)
        self.room = RoomControls(session, stage, self.desk, self.settings, self)
        self.rescue = Rescue(self.desk, self._parts.library)
        self.rescue.moved.connect(self.go_on_in)
        self.rescue.close_asked.connect(self.close)
        self.rescue.export_asked.connect(self.filing.export)
        self._show(self.desk)
        self._show_title()
        self.desk.begin()
        if not again:
            self.rescue.tell_recovered()

    def open_demo(self) -> None:
        """A fresh copy of the sample incident."""
        self._open_made(partial(self._parts.make_demo, self._parts.library))

    def go_on_in(self, library: Library) -> None:
        """Go on with the open incident in another library, without waiting for the one before."""
        from facilitator.ui.recovery.rescue import let_go

        before = self._parts.library
        note_continued(before.path, library.path)
        self._parts = replace(self._parts, library=library)
        if self.desk is not None:
            self.desk.session.let_go()
        self._rebuild()
        self._parts.tasks.run(let_go, before)
        self.tell(
            f"The meeting goes on in {library.path}. All that was typed is there; Undo begins anew."
            f" {before.path.name} gets what it lacks when it is opened again.",
        )

    def change_library(self, change: Change) -> None:
        """Close the incident and go on with the library that `change` makes of this one."""
        if self._may_leave():
            library, sentence = change(self._parts.library)
            self._parts = replace(self._parts, library=library)
            self.show_start()
            self.tell(sentence)

    def tell(self, sentence: str) -> None:
        """Say something on whatever page is shown."""
        if self.desk is not None:
            self.desk.messages.say(sentence, seconds=30)
        elif self._start is not None:
            self._start.tell(sentence)

    def _sign_board(self, session: QtSession, book: HintBook) -> QWidget:
        from facilitator.ui.report.board import SignBoard

        board = SignBoard(
            session,
            self.theme,
            settings=lambda: self.settings,
            tasks=self._parts.tasks,
            open_hints=book.open_hints,
        )
        board.settings_changed.connect(self._take_settings)
        board.go_asked.connect(self._go_to_gap)
        return board

    def _show(self, page: QWidget) -> None:
        while self._stack.count():
            if (old := self._stack.widget(0)) is not None:
                self._stack.removeWidget(old)
                old.deleteLater()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def _close_desk(self) -> None:
        self._start = None
        if self.desk is not None:
            # What is being typed is committed by leaving the field.
            self.setFocus()
            self.desk.end()
            try:
                self.desk.session.close()
            except NotSaved:
                if self.rescue is None or not self.rescue.may_leave_unsaved:
                    self.desk.go_on()
                    raise
                # Agreed to: the second copy has it.
                self.desk.session.let_go()
            self.desk = self.rescue = None
        if self.room is not None:
            self.room.close()
            self.room = None

    def keep_typed(self) -> bool:
        """Put what is being typed on disk; False when there is no copy of it on any."""
        return self.rescue is None or self.rescue.keep_typed()

    def _may_leave(self) -> bool:
        """Close the desk; False when something is not on disk: then it stays, and says so."""
        try:
            self._close_desk()
        except NotSaved as problem:
            if self.rescue is not None:
                self.rescue.refuse_leaving(str(problem))
            return False
        return True

    # ---- commands

    def _slots(self) -> dict[str, Callable[[], object]]:
        return {
            "new": self._new,
            "open": self.show_start,
            "import": self.filing.choose_import,
            "report": self._go_report,
            "preview": self.filing.preview,
            "export": self.filing.export,
            "backup": self.filing.show_backups,
            "delete": self._delete_this,
            "settings": self._settings,
            "typed": self._show_typed,
            "theme": self.toggle_theme,
            "palette": partial(show_palette, self),
            "keys": partial(show_keys, self),
            "phrases": partial(show_phrases, self, self._parts.bank),
            "full_screen": self._toggle_full_screen,
            "quit": self.close,
            "room_open": partial(self._room, "choose"),
            "room_swap": partial(self._room, "swap"),
            "room_freeze": partial(self._room, "freeze"),
            "room_blank": partial(self._room, "blank"),
            "room_hide": partial(self._room, "hide"),
        }

    def _room(self, what: str, _checked: bool = False) -> None:
        if self.room is not None:
            getattr(self.room, what)()

    def _new(self) -> None:
        if self._start is None:
            self.show_start()
        if self._start is not None and (values := self._start.ask_new()) is not None:
            try:
                edit = self._parts.new_incident(**values)
            except Refused as refusal:
                self._start.tell(str(refusal))
                return
            begun = self._start.begun.keys
            self._open_made(partial(self._parts.library.create, edit, begun=begun))

    def _open_made(self, make: Callable[[], str]) -> None:
        try:
            self.open_incident(make())
        except (Refused, LibraryProblem, NotSaved) as problem:
            self.tell(str(problem))

    def _go_report(self) -> None:
        if self.desk is not None:
            self.desk.look("sign")

    def _show_typed(self) -> None:
        if self.rescue is not None:
            self.rescue.begun.show()

    def _go_to_gap(self, where: str) -> None:
        if self.desk is not None:
            self.desk.go_to(where)

    def _delete_this(self) -> None:
        if self.desk is not None:
            incident = self.desk.session.document.incident.id
            self.show_start()
            self._delete(incident)

    def _delete(self, incident_id: str) -> None:
        if self._start is not None:
            self._start.delete(incident_id)

    def _settings(self) -> None:
        from facilitator.store.beginnings import Beginnings
        from facilitator.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.settings, self, drafts=Beginnings(self.library))
        dialog.changed.connect(self._take_settings)
        dialog.exec()
        dialog.deleteLater()

    def toggle_theme(self) -> None:
        """Light to dark and back."""
        name = "light" if self.settings.theme == "dark" else "dark"
        self._take_settings(replace(self.settings, theme=name))

    def _take_settings(self, settings: Settings) -> None:
        was, self.settings = self.settings, settings
        try:
            save_settings(settings)
        except OSError as error:
            self.tell(f"The settings hold until you quit: they were not saved ({error.strerror}).")
        if was.theme != settings.theme:
            self.theme = Theme(settings.theme)
        self._dress()
        if was.theme != settings.theme:
            self._rebuild()
        if self.desk is not None:
            rules = self._parts.rules(settings.hints_language)
            self.desk.status.show_leaving(settings)
            self.desk.listening.take(rules, on=settings.hints_on)
        if self.room is not None:
            self.room.take_settings(settings)

    def _rebuild(self) -> None:
        if self.desk is None:
            self.show_start()
            return
        # The room goes on seeing what it saw, where it saw it.
        scene, phase = self.desk.stage.scene, self.desk.centre.phase
        display = self.room.display if self.room is not None else ""
        self.open_incident(self.desk.session.document.incident.id, again=True)
        self.desk.stage.change(**{f.name: getattr(scene, f.name) for f in fields(scene)})
        self.desk.look(phase)
        if display and self.room is not None:
            self.room.open_on(display)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # ---- the window itself

    def _dress(self) -> None:
        app = QApplication.instance()
        low = self.height() < _LOW
        px = self.settings.ui_px - 1 if low else self.settings.ui_px
        if isinstance(app, QApplication) and (self.theme.name, px) != self._dressed:
            self._dressed = (self.theme.name, px)
            self.theme.apply(app, px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window takes smaller letters, so that everything keeps its place."""
        super().resizeEvent(event)
        self._dress()

    def _show_title(self, _edit: Any = None) -> None:  # noqa: ANN401
        if self.desk is not None:
            title = self.desk.session.document.incident.title
            # Qt reads [*] in a window's title as its own mark of unsaved changes.
            self.setWindowTitle(f"Facilitator – {title.replace('[*]', '[*][*]')}")

    def _look_for_front_request(self) -> None:
        if take_request(self._parts.library.path):
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.raise_()
            self.activateWindow()

    def _restore_geometry(self) -> None:
        kept = QSettings().value("window/geometry") if self._remember else None
        if kept is None or not self.restoreGeometry(kept):
            self.resize(1440, 860)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Commit what is typed, close the incident, then the library."""
        if self._remember:
            QSettings().setValue("window/geometry", self.saveGeometry())
        agreed = self.rescue is not None and self.rescue.may_leave_unsaved
        if not self._may_leave():
            event.ignore()
            return
        try:
            self._parts.library.close()
        except NotSaved as problem:
            if not agreed:
                event.ignore()
                self.tell(f"Not everything is on disk: {problem}")
                return
        super().closeEvent(event)
