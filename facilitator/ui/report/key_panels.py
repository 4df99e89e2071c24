"""Where the key is that signs: in a file with a passphrase, or on a card or token with a PIN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from facilitator.ui.files import AskPath
from facilitator.ui.forms import Choice
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.passphrase import secret_line
from facilitator.ui.report.signing import (
    CardKey,
    FileKey,
    Found,
    look_for_keys,
    modules_here,
    names_of,
)
from facilitator.ui.report.work import fingerprint_in, whose
from facilitator.ui.tasks import Tasks

if TYPE_CHECKING:
    from facilitator.report.token import TokenKey

_MODULES = "PKCS#11 modules (*.so *.so.* *.dylib *.dll);;All files (*)"


def small_button(words: str, hint: str) -> QPushButton:
    """A button beside a line, which Enter in that line does not press."""
    made = button(words, hint=hint)
    made.setAccessibleName(hint)
    made.setAutoDefault(False)
    return made


def add_row(
    grid: QGridLayout, words: str, field: QWidget, buttons: Sequence[QPushButton] = ()
) -> None:
    """A named field at the end of the grid, with its buttons."""
    row = grid.rowCount() if grid.count() else 0
    label = PlainLabel(words, role="second")
    label.setBuddy(field)
    # The same in every grid of the dialog, so that the fields stand below one another.
    label.setFixedWidth(label.fontMetrics().horizontalAdvance("Drawn mark") + 14)
    field.setAccessibleName(words)
    grid.addWidget(label, row, 0)
    grid.addWidget(field, row, 1, 1, 1 if buttons else 3)
    if len(buttons) == 1:
        # As wide in every grid, for the fields to end below one another.
        wide = buttons[0].fontMetrics().horizontalAdvance("Look again") + 30
        buttons[0].setMinimumWidth(wide)
    for offset, each in enumerate(buttons):
        grid.addWidget(each, row, 2 + offset, 1, 1 if len(buttons) == 2 else 2)


def new_grid(parent: QWidget | None = None) -> QGridLayout:
    """A grid for `add_row`."""
    grid = QGridLayout(parent) if parent is not None else QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    return grid


class FilePanel(QWidget):
    """An identity file or a .p12, and its passphrase."""

    changed = Signal()

    def __init__(self, choose: Callable[[], object], new: Callable[[], object]) -> None:
        super().__init__()
        self.identity = QLineEdit()
        self.passphrase = secret_line("Passphrase")
        self.passphrase.setPlaceholderText("Asked for at each signature, kept nowhere")
        self.choose = small_button("Choose…", "Choose an identity file")
        self.choose.clicked.connect(choose)
        self.new = small_button("New…", "Make a new identity here")
        self.new.clicked.connect(new)
        grid = new_grid(self)
        add_row(grid, "Identity", self.identity, (self.choose, self.new))
        add_row(grid, "Passphrase", self.passphrase)
        self.identity.textChanged.connect(self.changed)
        self.passphrase.textChanged.connect(self.changed)
        self.show_kind(made_here=True)

    @property
    def path(self) -> Path:
        """The file that is named."""
        return Path(self.identity.text()).expanduser()

    @property
    def key(self) -> FileKey | None:
        """What to sign with, None while something is missing."""
        if not self.identity.text().strip() or not self.passphrase.text().strip():
            return None
        return FileKey(self.path, self.passphrase.text())

    @property
    def about(self) -> str:
        """Whose identity the file holds, as far as it says so."""
        return whose(self.path) if self.path.is_file() else ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint in it, empty where it cannot be read."""
        return fingerprint_in(self.path) if self.path.is_file() else ""

    def show_kind(self, *, made_here: bool) -> None:
        """Say which kind of file is meant; either is taken."""
        self.identity.setPlaceholderText("Your .pmid file" if made_here else "A .p12 or .pfx file")
        self.new.setVisible(made_here)

    def forget(self) -> None:
        """Let no passphrase stay in the field."""
        self.passphrase.clear()

    def start(self) -> None:
        """Put the keyboard where something is to be typed."""
        (self.passphrase if self.identity.text() else self.identity).setFocus()


class TokenPanel(QWidget):
    """A PKCS#11 module, a key that it finds, and the PIN; tokens are asked on another thread."""

    changed = Signal()
    module_chosen = Signal(object)  # Path, of a module on which keys were found

    def __init__(self, tasks: Tasks, ask: AskPath, module: str = "") -> None:
        super().__init__()
        self._tasks = tasks
        self._ask = ask
        self._remembered = module
        self._looking: Path | None = None
        self._found: Sequence[TokenKey] = ()
        self.module = Choice()
        self.keys = Choice()
        self.pin = secret_line("PIN")
        self.choose = small_button("Choose…", "Choose the module that came with the token")
        self.look = small_button("Look again", "Look for cards and tokens once more")
        self._state = PlainLabel(role="second", wrap=True)
        grid = new_grid(self)
        add_row(grid, "Module", self.module, (self.choose,))
        add_row(grid, "Key", self.keys, (self.look,))
        add_row(grid, "PIN", self.pin)
        grid.addWidget(self._state, grid.rowCount(), 1, 1, 3)
        self.choose.clicked.connect(self._choose_module)
        self.look.clicked.connect(self.look_again)
        self.module.activated.connect(self.look_again)
        self.keys.currentIndexChanged.connect(self._show_key)
        self.pin.textChanged.connect(self.changed)
        self._show_key()

    @property
    def chosen(self) -> TokenKey | None:
        """The key that is chosen."""
        at = self.keys.currentIndex()
        return self._found[at] if 0 <= at < len(self._found) else None

    @property
    def key(self) -> CardKey | None:
        """What to sign with, None while something is missing."""
        chosen = self.chosen
        if chosen is None or self._looking is not None or chosen.is_locked:
            return None
        if chosen.asks_for_pin and not self.pin.text():
            return None
        return CardKey(chosen, self.pin.text() if chosen.asks_for_pin else "")

    @property
    def state(self) -> str:
        """What is to be known about token and PIN."""
        return self._state.text()

    @property
    def about(self) -> str:
        """Whose key is chosen, and the start of its fingerprint."""
        return f"{self.chosen.identity.name}, {self.fingerprint[:19]}" if self.chosen else ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the certificate, in groups to read aloud."""
        from facilitator.report.identity import fingerprint_text

        return fingerprint_text(self.chosen.identity.fingerprint) if self.chosen else ""

    def prepare(self) -> None:
        """Look for tokens, the first time that somebody wants one."""
        if self.module.count():
            return
        for name, path in modules_here():
            self.module.addItem(name, path)
        if self._remembered and Path(self._remembered).is_file():
            self.take_module(Path(self._remembered))
        else:
            self.look_again()

    def start(self) -> None:
        """Put the keyboard where something is to be typed."""
        (self.pin if self.pin.isEnabled() else self.module).setFocus()

    def take_module(self, path: Path) -> None:
        """Use this module and look what it finds."""
        paths = [self.module.itemData(row) for row in range(self.module.count())]
        if path not in paths:
            self.module.addItem(path.name, path)
            paths.append(path)
        self.module.setCurrentIndex(paths.index(path))
        self.look_again()

    def look_again(self) -> None:
        """Ask the module what is there now; the key that was chosen stays, if it is."""
        module = self.module.currentData()
        if module is None:
            self._say("Choose the PKCS#11 module that came with your card or token.")
            return
        if self._looking == module:
            return
        self._looking = module
        self._say("Looking for cards and tokens …")
        self.look.setEnabled(False)
        self._tasks.run(look_for_keys, module, done=self._take_found)
        self.changed.emit()

    def forget(self) -> None:
        """Let no PIN stay in the field."""
        self.pin.clear()

    def _take_found(self, found: Found) -> None:
        # An answer about a module that is not the chosen one any more comes too late.
        if found.module != self._looking:
            return
        self._looking = None
        before = self.chosen.cert if self.chosen else None
        self._found = found.keys
        self.keys.blockSignals(True)
        self.keys.clear()
        self.keys.addItems(names_of(found.keys))
        certs = [key.cert for key in found.keys]
        self.keys.setCurrentIndex(certs.index(before) if before in certs else 0 if certs else -1)
        self.keys.blockSignals(False)
        self._show_key()
        if found.keys:
            self.module_chosen.emit(found.module)
        else:
            self._say(found.problem, grave=True)

    def _show_key(self) -> None:
        chosen = self.chosen
        typed = chosen is None or chosen.asks_for_pin
        self.look.setEnabled(True)
        self.keys.setEnabled(chosen is not None)
        self.pin.setEnabled(chosen is not None and typed and not chosen.is_locked)
        self.pin.setPlaceholderText(
            "Asked for at each signature, kept nowhere" if typed else "Typed on the reader"
        )
        self._say(chosen.advice if chosen else "", grave=chosen is not None and chosen.is_risky)
        self.changed.emit()

    def _say(self, sentence: str, *, grave: bool = False) -> None:
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))
        self._state.setProperty("second", not grave)
        self._state.setProperty("problem", grave)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)

    def _choose_module(self) -> None:
        start = self.module.currentData() or Path("/")
        path = self._ask(self, "The PKCS#11 module of your card or token", start, _MODULES)
        if path is not None:
            self.take_module(path)
