"""The one window: start page or desk, and the commands that belong to neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from facilitator.model.change import Refused
from facilitator.settings import Settings, SettingsFile
from facilitator.store.continued import continued_in, note_continued
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.filing import Change, Filing, IncidentWindow
from facilitator.ui.forgetting.asking import Forgetting
from facilitator.ui.front_door import FrontDoor
from facilitator.ui.library.start import StartPage
from facilitator.ui.parts import Parts
from facilitator.ui.popups import show_keys, show_palette, show_phrases
from facilitator.ui.recovery.leaving import GEOMETRY, Leaving
from facilitator.ui.recovery.second_copy import let_go
from facilitator.ui.sweeping import Sweeping
from facilitator.ui.theme import Theme
from facilitator.ui.waiting import Waiting

if TYPE_CHECKING:
    from facilitator.language.rules import RuleSet
    from facilitator.session import Session
    from facilitator.store.library import Library
    from facilitator.ui.desk.desk import Desk
    from facilitator.ui.recovery.rescue import Rescue
    from facilitator.ui.room.controls import RoomControls

# The start page is on the screen before the boards are read: what only a desk or a dialog needs
# is imported where it is made.

_OPENING = "Opening …"
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
        self.waiting = Waiting(parts.tasks, self, keep=self._keep_waiting, leave=parts.leave)
        self.leaving = Leaving(self)
        self.filing = Filing(self, parts)
        self.forgetting = Forgetting(self, parts.tasks, self._take_settings, self._rebuild)
        self._settings_file = SettingsFile()
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(960, 600)
        self.setWindowTitle("Facilitator")
        self._start: StartPage | None = None
        self._door = FrontDoor(self._library_path, parts.tasks, self)
        self._door.asked.connect(self._come_to_front)
        Sweeping(self)
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
        if not self.leaving.leave_desk():
            return
        page = StartPage(self._parts.library, self.theme, work=self.waiting.work)
        page.new_asked.connect(self._new)
        page.open_asked.connect(self.open_incident)
        page.demo_asked.connect(self.open_demo)
        page.import_asked.connect(self.filing.open_as_new)
        page.delete_asked.connect(page.delete)
        page.forget_asked.connect(self.forgetting.ask)
        page.settings_asked.connect(self._settings)
        page.backups_asked.connect(self.filing.show_backups)
        page.verify_asked.connect(self.filing.verify)
        self._show(page)
        self._start = page
        if self.library.read_only:
            source = self.library.shown_from
            page.tell(f"READ-ONLY: a copy of {source} to look at. Nothing can be changed.")
        elif (later := self.waiting.work(_OPENING, continued_in, self.library.path)) is not None:
            page.tell(f"A meeting of this library went on in {later}. Open that file to see it.")
        self.setWindowTitle("Facilitator")

    def open_incident(self, incident_id: str) -> None:
        """Open this incident's desk; when it cannot be, the start page says why."""
        from facilitator.session import Session

        if not self.leaving.leave_desk():
            return
        work, library = self.waiting.work, self._parts.library
        try:
            opened = work(_OPENING, Session, library, incident_id)
        except (LookupError, LibraryProblem, NotSaved) as problem:
            self.show_start()
            self.tell(f"It cannot be opened. {problem}")
            return
        rules = work(_OPENING, self._parts.rules, library, self.settings.hints_language)
        self._show_desk(opened, rules)
        if self.rescue is not None:
            self.rescue.tell_recovered()

    def _show_desk(self, opened: Session, rules: RuleSet) -> Desk:
        from facilitator.ui.desk_making import make_desk
        from facilitator.ui.recovery.rescue import Rescue
        from facilitator.ui.room.controls import RoomControls

        desk = make_desk(
            self,
            self._parts,
            opened,
            rules=rules,
            outer=self._slots(),
            take_settings=self._take_settings,
        )
        desk.session.changed.connect(self._show_title)
        desk.restate.people.forget_asked.connect(self.forgetting.ask_person)
        self.desk = desk
        self.room = RoomControls(desk.session, desk.stage, desk, self.settings, self)
        self.rescue = Rescue(desk, self._parts.library, self.waiting)
        self.rescue.moved.connect(self.go_on_in)
        self.rescue.close_asked.connect(self.close)
        self.rescue.export_asked.connect(self.filing.export)
        self._show(desk)
        self._show_title()
        desk.begin()
        return desk

    def open_demo(self) -> None:
        """A fresh copy of the sample incident."""
        self._open_made(partial(self._parts.make_demo, self._parts.library))

    def go_on_in(self, library: Library, session: Session) -> None:
        """Go on with the open incident in another library, without waiting for the one before."""
        before = self._parts.library
        self._parts = replace(self._parts, library=library)
        if self.desk is not None and self.rescue is not None:
            self.rescue.go_on_in(library)
            self.desk.session.go_on_with(session)
            self.desk.go_on()
        self._parts.tasks.run(note_continued, before.path, library.path)
        self._parts.tasks.run(let_go, before)
        self.tell(
            f"The meeting goes on in {library.path}. All that was typed is there; Undo begins anew."
            f" {before.path.name} gets what it lacks when it is opened again.",
        )

    def change_library(self, words: str, change: Change) -> None:
        """Close the incident and go on with the library that `change` makes of this one."""
        if self.leaving.leave_desk():
            library, sentence = self.waiting.work(words, change, self._parts.library)
            self._parts = replace(self._parts, library=library)
            self.show_start()
            self.tell(sentence)

    def tell(self, sentence: str) -> None:
        """Say something on whatever page is shown."""
        if self.desk is not None:
            self.desk.messages.say(sentence, seconds=30)
        elif self._start is not None:
            self._start.tell(sentence)

    def _show(self, page: QWidget) -> None:
        while self._stack.count():
            if (old := self._stack.widget(0)) is not None:
                self._stack.removeWidget(old)
                old.deleteLater()
        self._start = None
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def keep_typed(self) -> bool:
        """Put what is being typed on disk; False when there is no copy of it on any."""
        return self.rescue is None or self.rescue.keep_typed()

    def _keep_waiting(self) -> Path | None:
        return self._parts.library.keep_waiting()

    def _library_path(self) -> Path:
        return self._parts.library.path

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
            "forget": self.forgetting.ask,
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
            self.open_incident(self.waiting.work("The incident is being made …", make))
        except (Refused, LibraryProblem, NotSaved) as problem:
            self.tell(str(problem))

    def _go_report(self) -> None:
        if self.desk is not None:
            self.desk.look("sign")

    def _show_typed(self) -> None:
        if self.rescue is not None:
            self.rescue.begun.show()

    def go_to_gap(self, where: str) -> None:
        """Show the place that a gate names."""
        if self.desk is not None:
            self.desk.go_to(where)

    def _delete_this(self) -> None:
        if self.desk is not None:
            incident = self.desk.session.document.incident.id
            self.show_start()
            if self._start is not None:
                self._start.delete(incident)

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
        self._settings_file.take(settings)
        self._parts.tasks.run(self._settings_file.save, failed=self._settings_not_saved)
        if was.theme != settings.theme:
            self.theme = Theme(settings.theme)
        self._dress()
        if was.theme != settings.theme:
            self._rebuild()
        if self.desk is not None:
            self.desk.status.show_leaving(settings)
            self.desk.listening.take(self.desk.hinting.rules, on=settings.hints_on)
            read = (self._parts.rules, self._parts.library, settings.hints_language)
            self._parts.tasks.run(*read, done=self._take_rules)
        if self.room is not None:
            self.room.take_settings(settings)

    def _settings_not_saved(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.tell(f"The settings hold until you quit: they were not saved ({error.strerror}).")

    def _take_rules(self, rules: RuleSet) -> None:
        if self.desk is not None:
            self.desk.listening.take(rules, on=self.settings.hints_on)

    def _rebuild(self) -> None:
        """The same page anew, in the theme as it is now; of the incident nothing is closed."""
        desk, room = self.desk, self.room
        if desk is None:
            self.show_start()
            return
        # The room goes on seeing what it saw, where it saw it.
        scene, phase = desk.stage.scene, desk.centre.phase
        display = room.display if room is not None else ""
        self.setFocus()
        desk.end()
        desk.session.let_go()
        if room is not None:
            room.close()
        anew = self._show_desk(desk.session.session, desk.hinting.rules)
        anew.stage.change(**{f.name: getattr(scene, f.name) for f in fields(scene)})
        anew.look(phase)
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

    def _come_to_front(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def _restore_geometry(self) -> None:
        kept = QSettings().value(GEOMETRY) if self._remember else None
        if kept is None or not self.restoreGeometry(kept):
            self.resize(1440, 860)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Commit what is typed, close the incident, then the library."""
        if self.leaving.is_on or self.waiting.is_on:
            if not self.leaving.is_on:
                self.waiting.close_when_done()
            event.ignore()
        elif self.leaving.leave_window(self.saveGeometry() if self._remember else None):
            super().closeEvent(event)
        else:
            event.ignore()
