"""What is typed and not committed is kept as a draft at each pause, whatever it is typed into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

DRAFT_PAUSE: Final = 250  # ms after a key until what is typed is on its way to disk


class Drafts(Protocol):
    """Where drafts are kept: an open incident, or the library for what is no incident yet."""

    def draft(self, key: str) -> str | None:
        """What was being typed under this key when the app ended, if anything."""

    def keep_draft(self, key: str, text: str) -> None:
        """Keep what is being typed."""

    def drop_draft(self, key: str) -> None:
        """Forget it: it is committed or given up."""


class Nowhere:
    """Keeps nothing, for inputs that are shown without a library."""

    def draft(self, _key: str) -> str | None:
        """Nothing was kept."""
        return None

    def keep_draft(self, key: str, text: str) -> None:
        """Keep nothing."""

    def drop_draft(self, key: str) -> None:
        """There is nothing to forget."""


class Keeper(QObject):
    """Keeps one input's draft. `said` gives what stands there, None while that is committed."""

    touched = Signal()
    given_up = Signal()

    def __init__(
        self, drafts: Drafts, key: str, said: Callable[[], str | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._said = said
        self.key = key
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DRAFT_PAUSE)
        self._pause.timeout.connect(self.keep)

    @property
    def draft(self) -> str | None:
        """What was kept for this input, if anything."""
        return self._drafts.draft(self.key)

    @property
    def is_holding(self) -> bool:
        """Whether something stands in the input that is not committed."""
        return self._said() is not None

    def touch(self) -> None:
        """A person changed the input: keep it at the next pause."""
        # Not begun anew by each key: who types without a pause is not to lose a minute of it.
        if not self._pause.isActive():
            self._pause.start()
            self.touched.emit()

    def keep(self) -> None:
        """Keep what stands there now; what is committed needs no draft."""
        self._pause.stop()
        said = self._said()
        if said is None:
            self._drafts.drop_draft(self.key)
        else:
            self._drafts.keep_draft(self.key, said)

    def settle(self) -> None:
        """Keep it now, not at the next pause: nobody will be here then."""
        if self._pause.isActive():
            self.keep()

    def rest(self) -> None:
        """Wait for no pause any more: what was touched is committed."""
        self._pause.stop()

    def drop(self) -> None:
        """Forget the draft: it is committed or given up."""
        self._pause.stop()
        self._drafts.drop_draft(self.key)

    def give_up(self) -> None:
        """Forget the draft, and have the input show what is committed."""
        self.drop()
        self.given_up.emit()


class LineField(QLineEdit):
    """One line with a draft; whoever made it commits what it says, then drops the draft."""

    def __init__(self, drafts: Drafts, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._committed = ""
        self.keeper = Keeper(drafts, key, self._said, self)
        self.textEdited.connect(self.keeper.touch)
        self.keeper.given_up.connect(self._show_committed)

    def show_text(self, committed: str) -> None:
        """Show the committed text, or what was being typed here when the app ended."""
        self._committed = committed
        draft = self.keeper.draft
        self.setText(committed if draft is None else draft)

    def _show_committed(self) -> None:
        self.setText(self._committed)

    def _said(self) -> str | None:
        return None if self.text() == self._committed else self.text()


class ChoiceKeeper(Keeper):
    """The draft of a choice: its value, or its words where one may type them."""

    def __init__(self, drafts: Drafts, key: str, box: QComboBox) -> None:
        super().__init__(drafts, key, self._chosen, box)
        self._box = box
        self._committed = self._now()
        box.activated.connect(self.touch)
        self.given_up.connect(self._show_committed)
        if (line := box.lineEdit()) is not None:
            line.textEdited.connect(self.touch)

    def show_value(self, committed: str) -> None:
        """Show the committed value, or the one that was chosen when the app ended."""
        self._committed = committed
        draft = self.draft
        self._show(committed if draft is None else draft)

    def _show_committed(self) -> None:
        self._show(self._committed)

    def _show(self, value: str) -> None:
        if self._box.isEditable():
            self._box.setCurrentText(value)
        else:
            self._box.setCurrentIndex(max(self._box.findData(value), 0))

    def _now(self) -> str:
        box = self._box
        return box.currentText() if box.isEditable() else str(box.currentData())

    def _chosen(self) -> str | None:
        return None if self._now() == self._committed else self._now()


def settle_all(root: QObject) -> None:
    """Keep now what is being typed anywhere below `root`."""
    for keeper in root.findChildren(Keeper):
        keeper.settle()


def keepers_of(root: QObject) -> dict[str, Keeper]:
    """Every input below `root` that holds something uncommitted, by the key of its draft."""
    return {each.key: each for each in root.findChildren(Keeper) if each.is_holding}
