"""The strip under the top bar that stays for as long as something is not on disk."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facilitator.session import Saving
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.theme import Theme

PATIENCE: Final = 5_000  # ms in which something ought to have reached the disk
_ANSWER: Final = 800  # ms after which a new try has failed
_SLOW: Final = "STILL SAVING"


class UnsavedBanner(QWidget):
    """Says that something is not saved, and why, until all of it is; messages never cover it."""

    retry_asked = Signal()
    elsewhere_asked = Signal()
    copy_asked = Signal()
    mended = Signal()  # all is on disk again

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._saving = Saving("saved")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"UnsavedBanner {{ background: {theme.hex('severity.ground')};"
            f" border-bottom: 2px solid {theme.hex('danger')}; }}"
            f"QLabel {{ color: {theme.hex('text')}; background: transparent; }}"
        )
        self._head = PlainLabel()
        self._head.setFont(theme.font(15, 700))
        self._head.setStyleSheet(f"color: {theme.hex('severity')};")
        self._why = PlainLabel(wrap=True)
        self.retry = button("Try again")
        self.elsewhere = button("Go on in another file…", primary=True)
        self.copy = button("Save a copy as JSON…")
        row = QHBoxLayout(self)
        # Low: it comes while somebody works, and takes its height from what they look at.
        row.setContentsMargins(18, 5, 14, 5)
        row.setSpacing(10)
        row.addWidget(self._head)
        row.addWidget(self._why, 1)
        for each, asked in (
            (self.retry, self._retry),
            (self.copy, self.copy_asked),
            (self.elsewhere, self.elsewhere_asked),
        ):
            each.clicked.connect(asked)
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        self._kept = False
        self._slow = _single_shot(self, PATIENCE, self._tell_slow)
        self._tried = _single_shot(self, _ANSWER, self._tell_tried)
        self.hide()

    @property
    def text(self) -> str:
        """All that is said, or nothing."""
        return "" if self.isHidden() else f"{self._head.text()} {self._why.text()}"

    def show_saving(self, saving: Saving) -> None:
        """Come when something is not saved, stay while it is tried again, go when all is."""
        self._saving = saving
        self._slow.stop()
        if saving.state == "not-saved":
            self._tried.stop()
            self.tell("NOT SAVED", saving.problem)
        elif saving.state == "saving":
            self._slow.start()
        elif not self.isHidden():
            self.hide()
            self.mended.emit()

    def tell(self, head: str, why: str) -> None:
        """Show these words."""
        self._head.setText(head)
        self._why.setText(why)
        self.setAccessibleName(f"{head}. {why}")
        self.show()

    def add(self, why: str) -> None:
        """Say something more, such as why a way out did not work."""
        self._why.setText(f"{self._saving.problem} {why}".strip())

    def show_kept(self, kept: bool) -> None:
        """While the disk hangs: whether what waits for it is in a second copy."""
        if kept != self._kept:
            self._kept = kept
            if self._head.text() == _SLOW and not self.isHidden():
                self.tell(_SLOW, self._how_slow())

    def _retry(self) -> None:
        self._why.setText("Trying again …")
        self._tried.start()
        self.retry_asked.emit()

    def _tell_tried(self) -> None:
        self.add("It was tried again just now, and did not work.")

    def _tell_slow(self) -> None:
        if self.isHidden():
            self.tell(_SLOW, self._how_slow())

    def _how_slow(self) -> str:
        since = f"For {PATIENCE // 1000} seconds nothing has reached the disk."
        if self._kept:
            return (
                f"{since} What you do is kept in a second copy on this computer and goes in when"
                " the disk answers; you can go on working."
            )
        return f"{since} You can go on working; leave the window open."


def _single_shot(owner: UnsavedBanner, pause: int, slot: object) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(pause)
    timer.timeout.connect(slot)
    return timer
