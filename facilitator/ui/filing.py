"""Files that the person chooses: what a window reads from them and writes to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from facilitator.model.change import Refused
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.files import ask_open_several, documents_folder
from facilitator.ui.labels import shortened
from facilitator.ui.parts import Parts
from facilitator.ui.recovery.continued import another

if TYPE_CHECKING:
    from facilitator.exchange.imported import Imported
    from facilitator.settings import Settings
    from facilitator.store.library import Library
    from facilitator.ui.desk.desk import Desk
    from facilitator.ui.recovery.rescue import Rescue
    from facilitator.ui.room.controls import RoomControls
    from facilitator.ui.theme import Theme
    from facilitator.ui.waiting import Waiting

Change = Callable[["Library"], tuple["Library", str]]


class IncidentWindow(QMainWindow):
    """What the commands for files ask of the window that they belong to."""

    desk: Desk | None
    filing: Filing
    rescue: Rescue | None
    room: RoomControls | None
    settings: Settings
    theme: Theme
    waiting: Waiting

    @property
    def library(self) -> Library:
        """The library that is open."""
        raise NotImplementedError

    def open_incident(self, incident_id: str) -> None:
        """Open this incident's desk."""
        raise NotImplementedError

    def tell(self, sentence: str) -> None:
        """Say something on whatever page is shown."""
        raise NotImplementedError

    def go_to_gap(self, where: str) -> None:
        """Show the place that a gate names."""
        raise NotImplementedError

    def change_library(self, words: str, change: Change) -> None:
        """Go on with the library that `change` makes of this one; `words` say what is done."""
        raise NotImplementedError


class Filing(QObject):
    """Import and export for the incident that is open in the window."""

    def __init__(self, window: IncidentWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._to_import: deque[tuple[Desk, Path]] = deque()
        self._importing = False

    def import_files(self, files: list[Path]) -> None:
        """Read files into the timeline: one edit for each, one undo takes it back.

        They are read one after the other on another thread; the desk can be used meanwhile.
        """
        if (desk := self._window.desk) is not None:
            self._to_import.extend((desk, path) for path in files)
        if not self._importing:
            self._import_next()

    def _import_next(self) -> None:
        from facilitator.exchange.registry import read_file

        self._importing = bool(self._to_import)
        if self._to_import:
            desk, path = self._to_import.popleft()
            if desk is self._window.desk:
                desk.messages.say(f"{path.name} is being read …", seconds=600)
            done, failed = partial(self._imported, desk, path), partial(self._not_imported, desk)
            zone = desk.session.document.incident.zone
            self._parts.tasks.run(read_file, path, zone, done=done, failed=failed)

    def _imported(self, desk: Desk, path: Path, found: Imported) -> None:
        from facilitator.exchange.imported import import_edit

        session = desk.session
        # Whoever went to another incident meanwhile wants nothing put into that one.
        if desk is self._window.desk and session.do(import_edit, [found]):
            more = f" {found.warnings[0]}" if found.warnings else ""
            desk.messages.say(
                f"{path.name}: {len(found.moments)} moments, "
                f"{len(found.series)} curves as {found.format}.{more}",
                (("Undo", session.undo),),
                seconds=30,
            )
            desk.timeline.fit()
        self._import_next()

    def _not_imported(self, desk: Desk, problem: Exception) -> None:
        from facilitator.exchange.imported import ImportProblem

        if desk is self._window.desk:
            known = isinstance(problem, ImportProblem)
            desk.messages.say(str(problem) if known else "It cannot be read.", seconds=30)
        self._import_next()
        if not isinstance(problem, ImportProblem):
            raise problem

    def choose_import(self) -> None:
        """Ask for files and read them into the timeline."""
        kinds = "CSV and JSONL (*.csv *.jsonl);;*"
        title = "Import into the timeline"
        chosen = ask_open_several(self._window, title, documents_folder(), kinds)
        self.import_files(list(chosen))

    def open_as_new(self, path: Path) -> None:
        """Open the incident in a file, or begin one with what the file holds."""
        from facilitator.ui.library.opening import is_sealed, open_file
        from facilitator.ui.passphrase import open_sealed

        window = self._window
        if path.suffix.lower() == ".sqlite":
            words = f"{shortened(path.name, 60)} is being opened …"
            window.change_library(words, partial(another, path=path))
            return
        work, words = window.waiting.work, f"{shortened(path.name, 60)} is being read …"
        try:
            found = None
            if work(words, is_sealed, path):
                found = open_sealed(self._parts.tasks, window, path)
                if found is None:
                    return
            begin = self._parts.new_incident
            incident, sentence = work(words, open_file, window.library, path, begin, found)
        except (Refused, LibraryProblem, NotSaved) as problem:
            window.tell(str(problem))
            return
        if incident:
            window.open_incident(incident)
        window.tell(sentence)

    def export(self) -> None:
        """Ask in which form and to which file, and write the open incident to it."""
        from facilitator.ui.export_dialog import Exporting

        window, desk = self._window, self._window.desk
        if desk is not None:
            at = self._parts.now().at
            exporting = Exporting(window, self._parts.tasks)
            exporting.ask(desk.session.session, window.settings, at, window.tell)

    def preview(self) -> None:
        """Show the report's pages."""
        from facilitator.ui.report.board import SignBoard

        desk = self._window.desk
        if desk is not None and isinstance(desk.sign, SignBoard):
            desk.sign.preview()

    def verify(self) -> None:
        """Look at a signed PDF, or sign one."""
        from facilitator.ui.report.verify_dialog import VerifyDialog

        window = self._window
        folder = Path(window.settings.reports_folder or documents_folder())
        dialog = VerifyDialog(
            self._parts.tasks, window.theme, window, folder=folder, settings=window.settings
        )
        dialog.exec()
        dialog.deleteLater()

    def show_backups(self) -> None:
        """List the backups, make one, look into one, put one in the library's place."""
        from facilitator.ui.recovery.backups import BackupsDialog, restored

        dialog = BackupsDialog(self._window.library, self._parts.tasks, self._window)
        dialog.exec()
        dialog.deleteLater()
        if dialog.to_restore is not None:
            restore = partial(restored, backup=dialog.to_restore)
            self._window.change_library("The backup is being restored …", restore)
