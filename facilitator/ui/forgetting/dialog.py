"""Asks which words are to go: shows first where they stand, what is said instead, what stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.change import Refused
from facilitator.model.forgetting import REMOVED, Words, lines_without, words_of
from facilitator.session import Session
from facilitator.store.forgetting import Forgotten
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.store.reaching import Reached
from facilitator.ui.forgetting.survey import (
    Survey,
    count,
    damaged_dates,
    final_sentence,
    reached_sentence,
    spelled_sentence,
    survey,
)
from facilitator.ui.forgetting.table import FoundTable
from facilitator.ui.labels import PlainLabel, button, plain_tip, shortened
from facilitator.ui.tasks import Tasks
from facilitator.ui.twice import TwiceButton

PAUSE: Final = 400  # ms after a key until it is looked where the words stand
_NOT_REACHED: Final = (
    "Not reached: reports, exports and bundles that you saved or handed out, and copies that your"
    " system keeps, such as snapshots or a synchronised folder. A file that is deleted is"
    " overwritten first; a solid-state disk may keep old blocks all the same."
)


class ForgetDialog(QDialog):
    """Where words stand, and their forgetting; `forgotten` when something was done.

    With a session the incident that it has open is meant, and others on request; without one all.
    """

    def __init__(
        self,
        library: Library,
        tasks: Tasks,
        session: Session | None = None,
        parent: QWidget | None = None,
        *,
        words: str = "",
        instead: str = "",
        share_words: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._library, self._tasks, self._session = library, tasks, session
        self._survey: Survey | None = None
        self._wanted: tuple[Words, bool] | None = None
        self._looking = self._working = False
        self.share_words = share_words
        self.forgotten = False
        self.setWindowTitle("Forget a name or words")
        self.setModal(True)
        self.words = QLineEdit(words)
        self.words.setPlaceholderText("A name, its parts, other words; commas between them")
        self.instead = QLineEdit(instead or REMOVED)
        self.any_case = QCheckBox("Single words in any case: “mark” for “Mark”")
        self.inside = QCheckBox("Inside longer words too")
        self.table = FoundTable()
        self.said = PlainLabel(wrap=True)
        self.problem = PlainLabel(wrap=True, role="problem")
        self.everywhere = QCheckBox()
        self.backups = QCheckBox()
        self.damaged = QCheckBox()
        self._boxes = (self.everywhere, self.backups, self.damaged)
        self.forget = TwiceButton("Forget…", "Press again to forget for good", clock=clock)
        self.keep = button("Keep everything", primary=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._lay_out()
        self._connect()
        (self.keep if words else self.words).setFocus()
        self._look()

    @property
    def notice(self) -> str:
        """All that is said about what was found or done."""
        return f"{self.problem.text()} {self.said.text()}".strip()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, (name, line) in enumerate((("Forget", self.words), ("Say instead", self.instead))):
            label = PlainLabel(name, role="second")
            label.setBuddy(line)
            line.setAccessibleName(name)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
        found = QHBoxLayout()
        found.addWidget(self.any_case)
        found.addSpacing(16)
        found.addWidget(self.inside)
        found.addStretch(1)
        grid.addLayout(found, 2, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.forget)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(9)
        column.addWidget(PlainLabel("Forget a name or words", role="title"))
        column.addLayout(grid)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addWidget(self.said)
        for box in self._boxes:
            column.addWidget(box)
        column.addWidget(PlainLabel(_NOT_REACHED, role="second", wrap=True))
        column.addStretch(0)
        column.addLayout(buttons)
        self.resize(760, 630)

    def _connect(self) -> None:
        for line in (self.words, self.instead):
            line.textChanged.connect(self._changed)
        for box in (self.any_case, self.inside, self.everywhere):
            box.toggled.connect(self._look)
        for box in (self.backups, self.damaged):
            box.toggled.connect(self._disarm)
        self._pause.timeout.connect(self._look)
        self.words.returnPressed.connect(self._look)
        self.instead.returnPressed.connect(self._look)
        self.forget.agreed.connect(self._forget)
        self.keep.clicked.connect(self.reject)
        self.keep.setAutoDefault(False)

    # ---- looking

    def _changed(self) -> None:
        self.forget.disarm()
        self.forget.setEnabled(False)
        self._pause.start()

    def _look(self, _on: bool = False) -> None:
        """Find out where the words stand; what is asked meanwhile is looked for next."""
        self._pause.stop()
        self._disarm()
        self._survey = None
        self._wanted = self._asked()
        if self._wanted is None:
            self._show(None)
        elif not self._looking:
            self._look_next()

    def _look_next(self) -> None:
        if self._wanted is None:
            return
        words, everywhere = self._wanted
        self._looking = True
        self.said.setText("Looking where it stands …")
        work = partial(survey, self._library, words, self._incident, everywhere)
        self._tasks.run(work, done=self._found, failed=self._not_found)

    @property
    def _incident(self) -> str:
        return self._session.document.incident.id if self._session is not None else ""

    def _asked(self) -> tuple[Words, bool] | None:
        found = {"any_case": self.any_case.isChecked(), "inside": self.inside.isChecked()}
        typed = self.words.text().split(",")
        if not self.words.text().strip(" ,"):
            self._tell_problem("")
            return None
        try:
            words = words_of(typed, self.instead.text(), **found)
        except Refused as refusal:
            self._tell_problem(str(refusal))
            return None
        self._tell_problem("")
        return words, self.everywhere.isChecked()

    def _tell_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _found(self, found: Survey) -> None:
        self._looking = False
        if (found.words, found.everywhere) == self._wanted:
            self._show(found)
        else:
            self._look_next()

    def _not_found(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, (LibraryProblem, NotSaved)):
            raise error
        self._show(None)
        self._tell_problem(str(error))

    # ---- what was found

    def _show(self, found: Survey | None) -> None:
        self._survey = found
        self.table.clear()
        if found is not None:
            self.table.show_survey(found, self._incident, self.share_words)
        self._offer(found)
        here = found.here if found is not None else ()
        sentences = (self._sum(found), spelled_sentence(here), final_sentence(here))
        self.said.setText(" ".join(filter(None, sentences)))
        self._disarm()

    def _offer(self, found: Survey | None) -> None:
        mine = self._incident
        elsewhere = [s for s in (*found.here, *found.others) if s.incident != mine] if found else ()
        others = sum(map(bool, elsewhere)) if mine else 0
        sound, damaged = (found.sound, found.damaged) if found else ((), ())
        self.everywhere.setText(
            f"Also in {count(others, 'other incident')} of this library where it stands"
        )
        self.everywhere.setVisible(bool(others) or self.everywhere.isChecked())
        self.backups.setText(
            f"Also in {count(len(sound), 'copy', 'copies')} that Facilitator made: backups,"
            " replaced libraries, settings"
        )
        self.backups.setVisible(bool(sound) or self._settings_hold(found))
        self.damaged.setText(
            f"Delete {count(len(damaged), 'file')} that may hold it and cannot be edited"
            f" ({damaged_dates(damaged)})"
        )
        plain_tip(self.damaged, "\n".join(str(copy.path) for copy in damaged))
        self.damaged.setVisible(bool(damaged))
        for box in (self.backups, self.damaged):
            if box.isHidden():
                box.setChecked(False)

    def _settings_hold(self, found: Survey | None) -> bool:
        kept = lines_without(self.share_words, found.words) if found else self.share_words
        return kept != "\n".join(self.share_words.splitlines())

    def _sum(self, found: Survey | None) -> str:
        if found is None:
            return ""
        if not any(found.here):
            return f"It does not stand in {'this' if self._session else 'any'} incident."
        alone = self._session is not None and not self.everywhere.isChecked()
        undo = "this incident" if alone else "these incidents"
        return (
            f"What stands now will say “{shortened(found.words.instead, 60)}”, a participant’s name"
            " “[name forgotten]”; past edits lose their text. It cannot be undone, and Undo begins"
            f" anew in {undo}."
        )

    def _is_worth_it(self) -> bool:
        if self._survey is None:
            return False
        return any(self._survey.here) or self.backups.isChecked() or self.damaged.isChecked()

    def _disarm(self, _on: bool = False) -> None:
        self.forget.disarm()
        self.forget.setEnabled(self._is_worth_it() and not self._working)

    # ---- doing it

    def _forget(self) -> None:
        found = self._survey
        if found is None or self._working:
            return
        self._busy(True)
        self.said.setText("Forgetting …")
        if self._session is not None:
            self._session.hold(found.words)
        only = (self._incident,) if self._incident and not self.everywhere.isChecked() else ()
        work = partial(
            self._library.forget_words,
            found.words,
            only,
            backups_too=self.backups.isChecked(),
            damaged_too=self.damaged.isChecked(),
        )
        self._tasks.run(work, done=self._done, failed=self._failed)

    def _done(self, result: tuple[Mapping[str, Forgotten], Reached]) -> None:
        done, reached = result
        found = self._survey
        self.forgotten = True
        if self._session is not None:
            self._session.adopt(done)
        if found is not None and self.backups.isChecked():
            self.share_words = lines_without(self.share_words, found.words)
        self._busy(False)
        for shown in (self.table, self.any_case, self.inside, *self._boxes, self.forget):
            shown.hide()
        for line in (self.words, self.instead):
            line.setEnabled(False)
        where = f"Forgotten in {count(len(done), 'incident')}." if done else "Forgotten."
        self.said.setText(f"{where} {reached_sentence(reached)}".strip())
        self.keep.setText("Close")
        self.keep.setFocus()
        if (layout := self.layout()) is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _failed(self, error: Exception) -> None:
        if self._session is not None:
            self._session.adopt({})
        self._busy(False)
        if not isinstance(error, (Refused, LibraryProblem, NotSaved)):
            raise error
        self.said.setText("")
        self._tell_problem(f"Nothing was forgotten. {error}")
        self._disarm()

    def _busy(self, on: bool) -> None:
        self._working = on
        widgets = (self.words, self.instead, self.any_case, self.inside, *self._boxes)
        for each in (*widgets, self.forget, self.keep):
            each.setEnabled(not on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keys; in a line it only looks."""
        here = self.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and isinstance(here, QPushButton):
            here.click()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Go, but not while words are being forgotten."""
        if not self._working:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The same by the window's own button."""
        if self._working:
            event.ignore()
        else:
            super().closeEvent(event)
