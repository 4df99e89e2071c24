"""What a window does for the desk on it, so that nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.desk.desk import Desk
from facilitator.ui.drafting import settle_all
from facilitator.ui.files import AskPath, ask_save, documents_folder
from facilitator.ui.labels import shortened
from facilitator.ui.recovery.banner import UnsavedBanner
from facilitator.ui.recovery.begun import Begun
from facilitator.ui.recovery.second_copy import SECOND_COPY, SecondCopy, let_go
from facilitator.ui.tasks import GaveUp
from facilitator.ui.waiting import Waiting

_LOOK: Final = 20_000  # ms between two looks at how the backups go
_PATIENCE: Final = 4.0  # seconds that the end of a session may be held up
_KINDS: Final = "Library (*.sqlite)"


class Rescue(QObject):
    """Watches one desk: whether it is saved, what was typed before, whether backups are made."""

    moved = Signal(object, object)  # Library and Session of this incident, to go on in
    close_asked = Signal()
    export_asked = Signal()

    def __init__(
        self, desk: Desk, library: Library, waiting: Waiting, *, ask: AskPath = ask_save
    ) -> None:
        super().__init__(desk)
        self._desk, self._library, self._ask = desk, library, ask
        self._waiting = waiting
        self._copy = SecondCopy(desk.session, library, waiting.tasks, self)
        self._backup_problem = ""
        self.may_leave_unsaved = False
        self.banner = UnsavedBanner(desk.theme)
        desk.put_below_top(self.banner)
        self.banner.retry_asked.connect(self._retry)
        self._copy.told.connect(self.banner.show_kept)
        self.banner.elsewhere_asked.connect(self.go_elsewhere)
        self.banner.copy_asked.connect(self.export_asked)
        self.banner.mended.connect(self._tell_mended)
        desk.session.saving.connect(self.banner.show_saving)
        self.banner.show_saving(desk.session.session.saving)
        if library.read_only:
            desk.top.show_read_only()
        self.begun = Begun(desk)
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
        wait = self._waiting.tasks.wait
        try:
            wait(self._desk.session.session.wait, _PATIENCE)
        except NotSaved as problem:
            if SECOND_COPY in str(problem):
                return True
            with suppress(NotSaved):
                return wait(self._library.keep_waiting) is not None
            return False
        return True

    def refuse_leaving(self, problem: str) -> None:
        """Say that nothing is closed, since something is not on disk, and what can be done."""
        answers: list[tuple[str, Callable[[], object]]] = [
            ("Try again", self.close_asked.emit),
            ("Save a copy as JSON…", self.export_asked.emit),
        ]
        if SECOND_COPY in problem or self._copy.is_made:
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
        words = f"The meeting is taken to {shortened(path.name, 60)} …"
        go_on_in = self._desk.session.session.go_on_in
        try:
            library, session = self._waiting.work(words, go_on_in, path, late=self._drop)
        except GaveUp:
            self._desk.go_on()
        except (LibraryProblem, NotSaved, OSError) as problem:
            self._desk.go_on()
            self.banner.add(f"The other file did not work either: {problem}")
        else:
            self.moved.emit(library, session)

    def go_on_in(self, library: Library) -> None:
        """Watch over another library from now on: the incident went on there."""
        self._library = library
        self._copy.go_on_in(library)
        self.banner.hide()

    def look_at_backups(self) -> None:
        """Say once when backups that are made by themselves cannot be made."""
        problem = self._library.backup_problem
        if problem and problem != self._backup_problem:
            self._desk.messages.say(f"No backup could be made. {problem}", seconds=60)
        self._backup_problem = problem

    def _drop(self, late: tuple[Library, Session]) -> None:
        self._waiting.tasks.run(let_go, late[0])

    def _retry(self) -> None:
        self._library.retry()

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
