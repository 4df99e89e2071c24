"""What a window does for the desk on it, so that nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.desk.desk import Desk
from facilitator.ui.drafting import settle_all
from facilitator.ui.files import AskPath, ask_save, documents_folder
from facilitator.ui.recovery.banner import UnsavedBanner
from facilitator.ui.recovery.begun import Begun

_LOOK: Final = 20_000  # ms between two looks at how the backups go
_PATIENCE: Final = 4.0  # seconds that the end of a session may be held up
_KINDS: Final = "Library (*.sqlite)"
SECOND_COPY: Final = "second copy on this computer"  # so the store says that its spool has it


class Rescue(QObject):
    """Watches one desk: whether it is saved, what was typed before, whether backups are made."""

    moved = Signal(object)  # a Library that has this incident, to go on in
    close_asked = Signal()
    export_asked = Signal()

    def __init__(self, desk: Desk, library: Library, *, ask: AskPath = ask_save) -> None:
        super().__init__(desk)
        self._desk, self._library, self._ask = desk, library, ask
        self._backup_problem = ""
        self.may_leave_unsaved = False
        self.banner = UnsavedBanner(desk.theme)
        desk.put_below_top(self.banner)
        self.banner.retry_asked.connect(library.retry)
        self.banner.elsewhere_asked.connect(self.go_elsewhere)
        self.banner.copy_asked.connect(self.export_asked)
        self.banner.mended.connect(self._tell_mended)
        desk.session.saving.connect(self.banner.show_saving)
        self.banner.show_saving(desk.session.session.saving)
        self.begun = Begun(desk)
        if library.read_only:
            desk.top.show_read_only()
        self._look = QTimer(self)
        self._look.setInterval(_LOOK)
        self._look.timeout.connect(self.look_at_backups)
        self._look.start()

    def tell_recovered(self) -> None:
        """Say what was brought back when the library and this incident were opened."""
        if self._library.read_only:
            return
        self.begun.tell()
        if count := self._library.recovered:
            self._library.recovered = 0
            were = "change that was" if count == 1 else "changes that were"
            self._desk.messages.say(
                f"{count} {were} kept on this computer only went into the library just now.",
                seconds=30,
            )

    def settle(self) -> None:
        """Send what is being typed on its way to disk, without waiting for a pause."""
        settle_all(self._window())

    def keep_typed(self) -> bool:
        """Put what is being typed on disk; False when there is no copy of it on any."""
        self.settle()
        try:
            self._desk.session.session.wait(_PATIENCE)
        except NotSaved as problem:
            return SECOND_COPY in str(problem)
        return True

    def refuse_leaving(self, problem: str) -> None:
        """Say that nothing is closed, since something is not on disk, and what can be done."""
        answers: list[tuple[str, Callable[[], object]]] = [
            ("Try again", self.close_asked.emit),
            ("Save a copy as JSON…", self.export_asked.emit),
        ]
        if SECOND_COPY in problem:
            answers.append(("Close, it goes in later", self._leave_unsaved))
        self._desk.messages.ask(
            "Not everything is on disk yet, so nothing is closed; your words are kept.",
            (*answers, ("Stay", self._nothing)),
        )

    def go_elsewhere(self) -> None:
        """Ask for a new file and have the incident go on there, with all that was typed."""
        path = self._ask(
            self._window(),
            "Go on in another file",
            documents_folder() / "facilitator-go-on.sqlite",
            _KINDS,
        )
        if path is None:
            return
        self._desk.end()
        try:
            library = self._copied_to(path)
        except (LibraryProblem, NotSaved, OSError) as problem:
            self._desk.go_on()
            self.banner.add(f"The other file did not work either: {problem}")
            return
        self.moved.emit(library)

    def look_at_backups(self) -> None:
        """Say once when backups that are made by themselves cannot be made."""
        problem = self._library.backup_problem
        if problem and problem != self._backup_problem:
            self._desk.messages.say(f"No backup could be made. {problem}", seconds=60)
        self._backup_problem = problem

    def _copied_to(self, path: Path) -> Library:
        from facilitator.session import Session

        session = self._desk.session.session
        session.copy_to(path)
        library = Library(path, now=self._library.now)
        there = Session(library, session.document.incident.id)
        for key, text in session.drafts.items():
            there.keep_draft(key, text)
        there.close()
        return library

    def _tell_mended(self) -> None:
        self._desk.messages.say(
            "Everything is on disk again: what was kept went into the library, each change once.",
            seconds=20,
        )

    def _leave_unsaved(self) -> None:
        self.may_leave_unsaved = True
        self.close_asked.emit()

    def _window(self) -> QWidget:
        return self._desk.window()

    def _nothing(self) -> None:
        return None


def let_go(library: Library) -> None:
    """Close a library that may be gone; what it lacks stays in the second copy."""
    with suppress(NotSaved):
        library.close()
