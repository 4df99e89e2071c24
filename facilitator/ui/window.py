"""The one window: start page or desk, and the commands that belong to neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from facilitator.front import take_request
from facilitator.model.change import Refused
from facilitator.settings import Settings, save_settings
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.files import ask_open_several, ask_save, documents_folder
from facilitator.ui.library.start import StartPage
from facilitator.ui.parts import Parts
from facilitator.ui.theme import Theme

if TYPE_CHECKING:
    from facilitator.ui.desk.desk import Desk
    from facilitator.ui.desk.hint_book import HintBook
    from facilitator.ui.qt_session import QtSession
    from facilitator.ui.room.controls import RoomControls

# The start page is on the screen before the boards are read: what only a desk or a dialog needs
# is imported where it is made.

_LOW = 800  # pixels of height below which letters are a pixel smaller


class MainWindow(QMainWindow):
    """Start page, then the desk of one incident at a time."""

    def __init__(self, parts: Parts, settings: Settings, *, remember: bool = True) -> None:
        super().__init__()
        self._remember = remember
        self._parts = parts
        self.settings = settings
        self.theme = Theme(settings.theme)
        self.desk: Desk | None = None
        self.room: RoomControls | None = None
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

    # ---- start page and desk

    def show_start(self) -> None:
        """Show the start page; an open incident is closed."""
        self._close_desk()
        page = StartPage(self._parts.library, self.theme)
        page.new_asked.connect(self._new)
        page.open_asked.connect(self.open_incident)
        page.demo_asked.connect(self.open_demo)
        page.import_asked.connect(self._import_as_new)
        page.delete_asked.connect(self._delete)
        page.settings_asked.connect(self._settings)
        page.verify_asked.connect(self._verify)
        self._show(page)
        self._start = page
        self.setWindowTitle("Facilitator")

    def open_incident(self, incident_id: str) -> None:
        """Open this incident's desk."""
        from facilitator.session import Session
        from facilitator.stage import Stage
        from facilitator.ui.desk.chime import Chime
        from facilitator.ui.desk.desk import Desk
        from facilitator.ui.qt_session import QtSession
        from facilitator.ui.room.controls import RoomControls

        self._close_desk()
        session = QtSession(Session(self._parts.library, incident_id), self)
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
        self.desk.files_dropped.connect(self.import_files)
        session.changed.connect(self._show_title)
        self.room = RoomControls(session, stage, self.desk, self.settings, self)
        self._show(self.desk)
        self._show_title()
        self.desk.begin()

    def open_demo(self) -> None:
        """A fresh copy of the sample incident."""
        self.open_incident(self._parts.make_demo(self._parts.library))

    def import_files(self, files: list[Path]) -> None:
        """Read files into the timeline: one edit for each, one undo takes it back."""
        from facilitator.exchange.imported import ImportProblem, import_edit
        from facilitator.exchange.registry import read_file

        if self.desk is None:
            return
        session = self.desk.session
        for path in files:
            try:
                found = read_file(path, session.document.incident.zone)
            except ImportProblem as problem:
                self.desk.messages.say(str(problem), seconds=30)
                continue
            if session.do(import_edit, [found]):
                more = f" {found.warnings[0]}" if found.warnings else ""
                self.desk.messages.say(
                    f"{path.name}: {len(found.moments)} moments, "
                    f"{len(found.series)} curves as {found.format}.{more}",
                    (("Undo", session.undo),),
                    seconds=30,
                )
                self.desk.timeline.fit()

    def _sign_board(self, session: QtSession, book: HintBook) -> QWidget:
        from facilitator.ui.report.board import SignBoard

        board = SignBoard(
            session,
            self.theme,
            settings=self.settings,
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
                self.desk.go_on()
                raise
            self.desk = None
        if self.room is not None:
            self.room.close()
            self.room = None

    # ---- commands

    def _slots(self) -> dict[str, Callable[[], object]]:
        return {
            "new": self._new,
            "open": self.show_start,
            "import": self._choose_import,
            "report": self._go_report,
            "export": self._export,
            "backup": self._back_up,
            "delete": self._delete_this,
            "settings": self._settings,
            "theme": self.toggle_theme,
            "palette": self._palette,
            "keys": self._keys,
            "phrases": self._phrases,
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
            self.open_incident(self._parts.library.create(edit))

    def _import_as_new(self, path: Path) -> None:
        from facilitator.ui.library.opening import open_file

        incident, sentence = open_file(self._parts.library, path, self._parts.new_incident)
        if incident:
            self.open_incident(incident)
        if self.desk is not None:
            self.desk.messages.say(sentence, seconds=30)
        elif self._start is not None:
            self._start.tell(sentence)

    def _choose_import(self) -> None:
        kinds = "CSV and JSONL (*.csv *.jsonl);;*"
        chosen = ask_open_several(self, "Import into the timeline", documents_folder(), kinds)
        self.import_files(list(chosen))

    def _go_report(self) -> None:
        if self.desk is not None:
            self.desk.look("sign")

    def _go_to_gap(self, where: str) -> None:
        if self.desk is not None:
            self.desk.go_to(where)

    def _export(self) -> None:
        from facilitator.ui.exports import export_to

        if self.desk is None:
            return
        folder = Path(self.settings.reports_folder or documents_folder())
        kinds = "JSON, everything (*.json);;Markdown, to share (*.md)"
        chosen = ask_save(self, "Export", folder / "post-mortem.json", kinds)
        if chosen is not None:
            session = self.desk.session.session
            self.desk.messages.say(export_to(chosen, session, self._parts.now().at))

    def _back_up(self) -> None:
        suggested = documents_folder() / "facilitator-backup.sqlite"
        chosen = ask_save(self, "Back the library up", suggested, "SQLite (*.sqlite)")
        if chosen is None or self.desk is None:
            return
        try:
            self._parts.library.backup(chosen)
        except (LibraryProblem, OSError) as problem:
            self.desk.messages.say(f"No backup was made: {problem}", seconds=30)
            return
        self.desk.messages.say(f"A verified copy lies at {chosen}.")

    def _delete_this(self) -> None:
        if self.desk is not None:
            incident = self.desk.session.document.incident.id
            self.show_start()
            self._delete(incident)

    def _delete(self, incident_id: str) -> None:
        if self._start is not None:
            self._start.delete(incident_id)

    def _settings(self) -> None:
        from facilitator.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.settings, self)
        dialog.changed.connect(self._take_settings)
        dialog.exec()
        dialog.deleteLater()

    def _verify(self) -> None:
        from facilitator.ui.report.verify_dialog import VerifyDialog

        folder = Path(self.settings.reports_folder or documents_folder())
        dialog = VerifyDialog(self._parts.tasks, self.theme, self, folder=folder)
        dialog.exec()
        dialog.deleteLater()

    def toggle_theme(self) -> None:
        """Light to dark and back."""
        name = "light" if self.settings.theme == "dark" else "dark"
        self._take_settings(replace(self.settings, theme=name))

    def _take_settings(self, settings: Settings) -> None:
        was, self.settings = self.settings, settings
        save_settings(settings)
        if was.theme != settings.theme:
            self.theme = Theme(settings.theme)
        self._dress()
        if was.theme != settings.theme:
            self._rebuild()
        if self.desk is not None:
            rules = self._parts.rules(settings.hints_language)
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
        self.open_incident(self.desk.session.document.incident.id)
        self.desk.stage.change(**{f.name: getattr(scene, f.name) for f in fields(scene)})
        self.desk.look(phase)
        if display and self.room is not None:
            self.room.open_on(display)

    def _palette(self) -> None:
        from facilitator.ui.palette import CommandPalette

        if self.desk is not None:
            CommandPalette(self.desk.actions_by_id, self).open()

    def _keys(self) -> None:
        from facilitator.ui.keys import KeysDialog

        dialog = KeysDialog(self)
        dialog.exec()
        dialog.deleteLater()

    def _phrases(self) -> None:
        from facilitator.ui.phrases_popup import PhrasesPopup

        if self.desk is not None:
            popup = PhrasesPopup(self._parts.bank(), self.desk.phrase_values(), self)
            popup.chosen.connect(self.desk.private.say)
            popup.open()

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

    def _ask_about_unsaved(self, problem: str) -> None:
        if self.desk is not None:
            self.desk.messages.ask(
                f"Not everything is on disk: {problem} Nothing is closed, your words are kept.",
                (("Try again", self.close), ("Save a copy as JSON", self._export)),
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Commit what is typed, close the incident, then the library."""
        if self._remember:
            QSettings().setValue("window/geometry", self.saveGeometry())
        try:
            self._close_desk()
        except NotSaved as problem:
            event.ignore()
            self._ask_about_unsaved(str(problem))
            return
        self._parts.library.close()
        super().closeEvent(event)
