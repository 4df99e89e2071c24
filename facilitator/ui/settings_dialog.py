"""What a person may choose; every choice holds at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.change import Refused
from facilitator.model.sharing import read_words
from facilitator.settings import Settings
from facilitator.ui.drafting import Drafts, Keeper, Nowhere
from facilitator.ui.files import (
    AskPath,
    AskPaths,
    ask_folder,
    ask_open_several,
    documents_folder,
)
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.report.proof_settings import ProofSettings

_CHOICES: Final[dict[str, tuple[tuple[object, str], ...]]] = {
    "theme": (("light", "Light"), ("dark", "Dark")),
    "ui_px": (
        (12, "12 px, tight"),
        (13, "13 px"),
        (14, "14 px, usual"),
        (15, "15 px"),
        (16, "16 px"),
        (18, "18 px"),
        (20, "20 px, large"),
    ),
    "hints_language": (("en", "English"), ("de", "German, a beginning")),
    "room_theme": (("light", "Light"), ("dark", "Dark, for a darkened room")),
    "room_size": (
        ("small", "Small: last seat at 4 picture heights"),
        ("medium", "Medium: 6 picture heights"),
        ("large", "Large: 8 picture heights"),
    ),
}


class SettingsDialog(QDialog):
    """Shows the settings and tells every change as it is made."""

    changed = Signal(object)  # Settings

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        drafts: Drafts | None = None,
        ask: AskPath = ask_folder,
        ask_several: AskPaths = ask_open_several,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self._ask = ask
        self.setWindowTitle("Settings")
        self.setModal(True)
        self.choices = {name: self._choice(name) for name in _CHOICES}
        self.sound = self._switch("sound", "One soft chime when a phase's time is up")
        self.hints_on = self._switch("hints_on", "Language hints while I type (only I see them)")
        self.folder = QLineEdit(settings.reports_folder)
        self.folder.setPlaceholderText(str(documents_folder()))
        self.folder.setAccessibleName("Folder for reports")
        self.folder.editingFinished.connect(self._take_folder)
        self.share_words = QPlainTextEdit(settings.share_words)
        self.share_words.setPlaceholderText("Acme=the customer")
        self.share_words.setAccessibleName("Words to replace in share-safe copies, one a line")
        self.share_words.setTabChangesFocus(True)
        self.share_words.setMaximumHeight(70)
        self._keeper = Keeper(drafts or Nowhere(), "settings:share:words", self._words, self)
        if (draft := self._keeper.draft) is not None:
            self.share_words.setPlainText(draft)
        self.share_words.textChanged.connect(self._check_words)
        self.share_words.textChanged.connect(self._keeper.touch)
        self._problem = PlainLabel(wrap=True, role="problem")
        self._problem.hide()
        self.proofs = ProofSettings(settings, ask=ask_several)
        self.proofs.changed.connect(self._change)
        self.proofs.told.connect(self._tell)
        self._lay_out()

    def _choices_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        row = 0
        for heading, names in (
            ("This window", (("theme", "Theme"), ("ui_px", "Text size"))),
            ("Room screen", (("room_theme", "Theme"), ("room_size", "Room"))),
        ):
            grid.addWidget(PlainLabel(heading, role="heading"), row, 0, 1, 2)
            for offset, (name, words) in enumerate(names, 1):
                label = PlainLabel(words, role="second")
                label.setBuddy(self.choices[name])
                self.choices[name].setAccessibleName(f"{heading}: {words}")
                grid.addWidget(label, row + offset, 0)
                grid.addWidget(self.choices[name], row + offset, 1)
            row += len(names) + 1
            grid.setRowMinimumHeight(row, 6)
            row += 1
        grid.addWidget(PlainLabel("Meeting", role="heading"), row, 0, 1, 2)
        grid.addWidget(self.sound, row + 1, 0, 1, 2)
        grid.addWidget(self.hints_on, row + 2, 0, 1, 2)
        language = PlainLabel("Language of the hints", role="second")
        language.setBuddy(self.choices["hints_language"])
        self.choices["hints_language"].setAccessibleName("Language of the hints")
        grid.addWidget(language, row + 3, 0)
        grid.addWidget(self.choices["hints_language"], row + 3, 1)
        return grid

    def _lay_out(self) -> None:
        choose = button("Choose…", hint="Choose the folder for reports")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        folder = QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(choose)
        close = button("Close", primary=True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(PlainLabel("Changes hold at once.", role="second"), 1)
        buttons.addWidget(close)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(self._choices_grid())
        left.addWidget(PlainLabel("Folder for reports", role="heading"))
        left.addLayout(folder)
        left.addWidget(PlainLabel("Share-safe copies replace, a line each", role="heading"))
        left.addWidget(self.share_words)
        left.addStretch(1)
        sides = QHBoxLayout()
        sides.setSpacing(32)
        sides.addLayout(left, 1)
        sides.addWidget(self.proofs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel("Settings", role="title"))
        column.addLayout(sides, 1)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.resize(960, 600)

    @property
    def problem(self) -> str:
        """What is wrong with the folder that was typed, or nothing."""
        return self._problem.text()

    def _choice(self, name: str) -> Choice:
        made = Choice()
        made.setObjectName(name)
        for value, words in _CHOICES[name]:
            made.addItem(words, value)
        made.setCurrentIndex(made.findData(getattr(self.settings, name)))
        made.activated.connect(self._take_choice)
        return made

    def _switch(self, name: str, words: str) -> QCheckBox:
        made = QCheckBox(words)
        made.setObjectName(name)
        made.setChecked(getattr(self.settings, name))
        made.toggled.connect(self._take_switch)
        return made

    def _take_choice(self, _index: int) -> None:
        made = self.sender()
        if isinstance(made, Choice):
            self._change(made.objectName(), made.currentData())

    def _take_switch(self, on: bool) -> None:
        self._change(self.sender().objectName(), on)

    def _choose_folder(self) -> None:
        start = Path(self.settings.reports_folder or documents_folder())
        chosen = self._ask(self, "Folder for reports", start, "")
        if chosen is not None:
            self.folder.setText(str(chosen))
            self._take_folder()

    def _take_folder(self) -> None:
        text = self.folder.text().strip()
        wrong = bool(text) and not Path(text).expanduser().is_dir()
        self._tell(f"There is no folder {text}." if wrong else "")
        if not wrong:
            self._change("reports_folder", text)

    def done(self, result: int) -> None:
        """Keep the words when the dialog goes: not at each key, for each goes to the disk."""
        self._change("share_words", self.share_words.toPlainText())
        self._keeper.drop()
        super().done(result)

    def accept(self) -> None:
        """Close, but not over an address that is none."""
        if self.proofs.take_address():
            super().accept()

    def _words(self) -> str | None:
        words = self.share_words.toPlainText()
        return None if words == self.settings.share_words else words

    def _check_words(self) -> None:
        try:
            read_words(self.share_words.toPlainText().splitlines())
        except Refused as problem:
            self._tell(str(problem))
        else:
            self._tell("")

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _change(self, name: str, value: object) -> None:
        if getattr(self.settings, name) != value:
            self.settings = self.settings.with_values(**{name: value})
            self.changed.emit(self.settings)
