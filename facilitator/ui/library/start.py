"""The start page: begin, open the sample, open a file, or go on where one was left."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facilitator.store.beginnings import TITLE, Beginnings
from facilitator.store.forgetting import of_incident
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.store.summaries import Summary
from facilitator.ui.actions import key_of
from facilitator.ui.files import AskPath, ask_open, documents_folder
from facilitator.ui.forgetting.survey import reached_sentence
from facilitator.ui.labels import PlainLabel, button, panel, shortened
from facilitator.ui.library.recent import RecentList
from facilitator.ui.theme import Theme
from facilitator.ui.waiting import Work, at_once

_FILES = (
    "Incidents and moments (*.pmroom *.age *.json *.csv *.jsonl);;"
    "Bundle (*.pmroom *.age);;Incident as JSON (*.json);;CSV (*.csv);;"
    "Timesketch (*.jsonl);;Library (*.sqlite);;All files (*)"
)


class BigChoice(QPushButton):
    """One of the three things to begin with: what it does in bold, a line about it below."""

    def __init__(self, theme: Theme, words: str, about: str, *, primary: bool = False) -> None:
        super().__init__()
        self.setProperty("primary", primary)
        self.setAccessibleName(words)
        self.setAccessibleDescription(about)
        token = "accent.text" if primary else "text"
        head = PlainLabel(words)
        head.setFont(theme.font(17, 700))
        self._line = line = PlainLabel(about, wrap=True)
        line.setFont(theme.font(13))
        for label, colour in ((head, token), (line, token if primary else "text.second")):
            label.setStyleSheet(f"color: {theme.hex(colour)}; background: transparent;")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(head)
        column.addWidget(line)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Said in the style, which has the last word on a button's least size.
        self.setStyleSheet("BigChoice { min-height: 78px; min-width: 220px; }")

    @property
    def about(self) -> str:
        """The line below what it does."""
        return self._line.text()

    def say(self, about: str) -> None:
        """Put another line below what it does."""
        self._line.setText(about)
        self.setAccessibleDescription(about)


class StartPage(QWidget):
    """Three choices, and the incidents of the library."""

    new_asked = Signal()
    open_asked = Signal(str)
    demo_asked = Signal()
    import_asked = Signal(object)  # Path
    delete_asked = Signal(str)
    forget_asked = Signal()
    settings_asked = Signal()
    verify_asked = Signal()
    backups_asked = Signal()

    def __init__(
        self,
        library: Library,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        ask: AskPath = ask_open,
        work: Work = at_once,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._summaries: tuple[Summary, ...] = ()
        self._library = library
        self._theme = theme
        self._ask = ask
        self.setAcceptDrops(True)
        self.begun = Beginnings(library)
        self.new = BigChoice(theme, "Start a meeting", "", primary=True)
        self.demo = BigChoice(
            theme, "Open the sample", "The booking outage, to look around and try things"
        )
        self.file = BigChoice(
            theme, "Open a file", "A bundle, an incident as JSON, or moments as CSV"
        )
        self.recent = RecentList(theme)
        self._open = button("Open", hint="Open the selected incident (Enter)")
        self._delete = button("Delete…", hint="Delete the selected incident (Delete)")
        self._forget = button("Forget a name…", hint="Forget a name or words in every incident")
        self._first: QWidget = self.new
        self._notice = PlainLabel(wrap=True)
        self._notice.setStyleSheet(
            f"background: {theme.hex('hint.ground')}; color: {theme.hex('hint.text')};"
            f" border: 1px solid {theme.hex('hint')}; border-radius: 8px; padding: 8px 12px;"
        )
        self._notice.hide()
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        settings = button("Settings", key=key_of("settings"))
        settings.clicked.connect(self.settings_asked)
        verify = button("Verify or sign a PDF…")
        verify.clicked.connect(self.verify_asked)
        backups = button("Backups…")
        backups.clicked.connect(self.backups_asked)
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(2)
        title = PlainLabel("Facilitator")
        title.setFont(self._theme.font(28, 700))
        names.addWidget(title)
        names.addWidget(
            PlainLabel(
                "Lead a blameless post-mortem, from the opening words to a signed report.",
                role="second",
                wrap=True,
            )
        )
        head.addLayout(names, 1)
        head.addWidget(backups, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(verify, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(settings, 0, Qt.AlignmentFlag.AlignTop)
        self._choices = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._choices.setSpacing(12)
        for each in (self.new, self.demo, self.file):
            self._choices.addWidget(each)
        self._list = self._recent_panel()
        self._body = QHBoxLayout()
        self._body.setSpacing(24)
        beside = QVBoxLayout()
        beside.addLayout(self._choices)
        beside.addStretch(1)
        self._body.addLayout(beside, 2)
        self._body.addWidget(self._list, 5)
        where = PlainLabel(
            f"On this computer only, in {self._library.path}", role="second", wrap=True
        )
        inside = QWidget()
        inside.setMaximumWidth(1180)
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(32, 30, 32, 18)
        column.setSpacing(18)
        column.addStretch(0)
        column.addLayout(head)
        column.addWidget(self._notice)
        column.addLayout(self._body, 3)
        column.addWidget(where)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 100)
        row.addStretch(1)

    def _recent_panel(self) -> QWidget:
        made = panel()
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addWidget(self._delete)
        buttons.addStretch(1)
        buttons.addWidget(self._forget)
        column = QVBoxLayout(made)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        heading = PlainLabel("Incidents", role="heading")
        heading.setContentsMargins(6, 0, 0, 0)
        column.addWidget(heading)
        column.addWidget(self.recent, 1)
        column.addLayout(buttons)
        return made

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_asked)
        self.demo.clicked.connect(self.demo_asked)
        self.file.clicked.connect(self._choose_file)
        self.recent.open_asked.connect(self.open_asked)
        self.recent.delete_asked.connect(self.delete_asked)
        self._open.clicked.connect(self._press_open)
        self._delete.clicked.connect(self._press_delete)
        self._forget.clicked.connect(self.forget_asked)
        # There is no desk yet whose actions would bring these keys along.
        for command, slot in (
            ("new", self.new_asked),
            ("settings", self.settings_asked),
            ("quit", self._quit),
        ):
            key = QShortcut(QKeySequence(key_of(command).replace(" ", "+")), self)
            key.activated.connect(slot)

    def _quit(self) -> None:
        self.window().close()

    def refresh(self) -> None:
        """Show the library as it is now."""
        self._show_begun()
        try:
            self._summaries = self._work("Opening …", self._library.incidents)
        except (LibraryProblem, NotSaved) as problem:
            self.tell(str(problem))
        summaries = self._summaries
        self.recent.show_incidents(summaries)
        first_run = not summaries
        self._list.setVisible(not first_run)
        # With nothing to go on with, the three choices have the page to themselves.
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._choices.setDirection(across if first_run else down)
        self._column.setStretch(0, 1 if first_run else 0)
        self._first = self.new if first_run else self.recent
        self._first.setFocus()

    def _show_begun(self) -> None:
        about = "A title is enough"
        if self.begun.keys:
            title = shortened(self.begun.draft(TITLE) or "", 60)
            about = f"Go on with “{title}”" if title else "Go on with what you had begun"
        key = key_of("new").replace(" ", "\u00a0")
        self.new.say(f"{about}  ·\u00a0{key}")

    def tell(self, sentence: str) -> None:
        """Say something above the choices; an empty sentence takes it away."""
        self._notice.setText(sentence)
        self._notice.setVisible(bool(sentence))

    @property
    def notice(self) -> str:
        """What was told last."""
        return self._notice.text()

    def ask_new(self) -> dict[str, Any] | None:
        """What a new incident begins with (values of `new_incident`), or None."""
        from facilitator.ui.library.new_incident import NewIncidentDialog

        dialog = NewIncidentDialog(self, drafts=self.begun)
        dialog.exec()
        dialog.deleteLater()
        self._show_begun()
        return dialog.values

    def ask_delete(self, incident_id: str) -> tuple[bool, bool] | None:
        """Whether to delete it from copies too, and damaged copies as well; or None to keep it."""
        from facilitator.ui.library.delete import DeleteDialog

        summary = next((s for s in self._summaries if s.id == incident_id), None)
        if summary is None:
            return None
        removal = of_incident(incident_id)
        held = self._work("Looking where it stands …", self._library.held, removal)
        dialog = DeleteDialog(summary, self, held=held)
        agreed = dialog.exec() == DeleteDialog.DialogCode.Accepted
        dialog.deleteLater()
        return (dialog.backups_too, dialog.damaged_too) if agreed else None

    def delete(self, incident_id: str) -> None:
        """Ask, and delete it for good when that is wanted; say why when it cannot be."""
        chosen = self.ask_delete(incident_id)
        if chosen is None:
            return
        forget = partial(self._library.forget, backups_too=chosen[0], damaged_too=chosen[1])
        try:
            reached = self._work("The incident is being deleted …", forget, incident_id)
            if any(chosen) and reached.left:
                self.tell(f"It was deleted. {reached_sentence(reached)}")
        except (LibraryProblem, NotSaved) as problem:
            self.tell(f"It was not deleted. {problem}")
        self.refresh()

    def _choose_file(self) -> None:
        path = self._ask(self, "Open a file", documents_folder(), _FILES)
        if path is not None:
            self.import_asked.emit(path)

    def _press_open(self) -> None:
        if self.recent.picked is not None:
            self.open_asked.emit(self.recent.picked.id)

    def _press_delete(self) -> None:
        if self.recent.picked is not None:
            self.delete_asked.emit(self.recent.picked.id)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins at what one is most likely to want."""
        super().showEvent(event)
        QTimer.singleShot(0, self._first, self._first.setFocus)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import the first file that was dropped."""
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_asked.emit(paths[0])
