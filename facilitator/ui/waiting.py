"""What a window shows while something is done for it on another thread, most often to a disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facilitator.store.problems import NotSaved
from facilitator.ui.labels import PlainLabel, button, panel
from facilitator.ui.tasks import Answer, Done, Tasks

SHOWN_AFTER: Final = 250  # ms; what is done by then needs no words
PATIENCE: Final = 4_000  # ms after which a disk is said not to answer
AGAIN: Final = 15_000  # ms until that is said once more to somebody who waits
_SCRIM: Final = QColor(0, 0, 0, 110)

Keep = Callable[[], "Path | None"]
Work = Callable[..., Any]  # words, a function, its values


def at_once(_words: str, function: Callable[..., Any], *values: Any) -> Any:  # noqa: ANN401
    """For a widget without a window around it: what `Waiting.work` does, here and now."""
    return function(*values)


class Waiting(QObject):
    """Does one thing at a time for a window, which answers meanwhile and can be used for nothing.

    `keep` puts what is not on disk into a second copy, on another thread, and says where that lies,
    or None when there is nothing; it raises NotSaved. `leave` ends the app without any goodbye.
    """

    def __init__(
        self, tasks: Tasks, window: QWidget | None, *, keep: Keep, leave: Callable[[], object]
    ) -> None:
        super().__init__(window)
        self.tasks, self._window = tasks, window
        self._keep, self.leave = keep, leave
        self._dress: Callable[[], object] = _nothing
        self._answer: Answer | None = None
        self._late: Done | None = None
        self.cover: Cover | None = None
        self.close_after = False
        # Set when the person said so before, or when nobody is there to ask.
        self.leaves_by_itself = False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self.tell_slow)

    @property
    def is_on(self) -> bool:
        """Whether something is being done."""
        return self.cover is not None

    def work(
        self,
        words: str,
        function: Callable[..., Any],
        *values: Any,  # noqa: ANN401
        late: Done | None = None,
    ) -> Any:  # noqa: ANN401
        """What `function(*values)` gives; `words` say what is done, should it take long.

        With `late` the person may go back before it is done: then GaveUp is raised, and `late` is
        called with what comes after all.
        """
        answer = self.tasks.ask(function, *values)
        if answer.is_given or self.is_on:
            return answer.wait()
        self._answer, self._late = answer, late
        self.cover = Cover(words, self._window)
        self.cover.alone.connect(self._dress)
        self.cover.stay_asked.connect(self._stay)
        self.cover.wait_asked.connect(self._go_on)
        self.cover.leave_asked.connect(self.leave)
        self._slow.start(PATIENCE)
        try:
            return answer.wait()
        finally:
            self._slow.stop()
            self.cover.lift()
            self.cover = self._answer = self._late = None
            self._close_soon()

    def before_shown(self, dress: Callable[[], object]) -> None:
        """Without a window: call this before a card is shown on its own."""
        self._dress = dress

    def close_when_done(self) -> None:
        """Close the window after what is done now, and say so."""
        if self.cover is not None:
            self.close_after = True
            self.cover.add("The window closes when this is done.")

    def tell_slow(self) -> None:
        """Say that the disk does not answer, and find out what leaving would mean."""
        if self.cover is not None:
            self.cover.tell_slow(may_stay=self._late is not None)
            self.tasks.run(self._keep, done=self._offer, failed=self._tell_alone)

    def _offer(self, kept: Path | None) -> None:
        if self.leaves_by_itself:
            self.leave()
        elif self.cover is not None:
            where = f"what is not on it yet is kept in {kept} and goes in when it is opened again"
            self.cover.offer_leaving(f"Or leave now: {where if kept else 'nothing is lost'}.")

    def _tell_alone(self, error: Exception) -> None:
        if not isinstance(error, NotSaved):
            raise error
        if self.cover is not None:
            self.cover.add("What you did last is only in this window, so leave it open.")

    def _stay(self) -> None:
        if self._answer is not None and self._late is not None:
            self._answer.give_up(self._late)

    def _go_on(self) -> None:
        if self.cover is not None:
            self.cover.go_on()
            self._slow.start(AGAIN)

    def _close_soon(self) -> None:
        if self.close_after:
            QTimer.singleShot(0, self, self._close)

    def _close(self) -> None:
        self.close_after = False
        if self._window is not None:
            self._window.close()


class Cover(QWidget):
    """Lies over a window and takes its keys and clicks; a card on it says what is being done."""

    stay_asked = Signal()
    wait_asked = Signal()
    leave_asked = Signal()
    alone = Signal()  # it is about to be shown as a window of its own

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parent = parent
        self._came_from = QApplication.focusWidget()
        self.setAccessibleName(words)
        self.setWindowTitle("Facilitator")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = PlainLabel(words, role="title", wrap=True)
        self._said = PlainLabel("It can take a while on a slow disk.", role="second", wrap=True)
        self.leave = _button("Leave now", self.leave_asked)
        self.stay = _button("Stay here", self.stay_asked)
        self.wait = _button("Wait", self.wait_asked)
        self.wait.setProperty("primary", True)
        self._card = self._laid_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.show_card)
        self._soon.start(SHOWN_AFTER)
        if parent is not None:
            parent.installEventFilter(self)
            self.setGeometry(parent.rect())
            self.show()
            self.raise_()
            self.setFocus()

    @property
    def text(self) -> str:
        """All that is said, or nothing."""
        return f"{self._words.text()} {self._said.text()}" if self._card.isVisible() else ""

    def show_card(self) -> None:
        """Say what is being done."""
        self._soon.stop()
        if self._parent is None and not self.isVisible():
            self.alone.emit()
        self._card.show()
        self._place()
        if self._parent is None:
            self.show()
        self.update()

    def add(self, sentence: str) -> None:
        """Say something more."""
        self.show_card()
        self._said.setText(f"{self._said.text()} {sentence}")
        self._place()

    def tell_slow(self, *, may_stay: bool) -> None:
        """Say that nothing comes from the disk, with what can be done about it."""
        self._said.setText("The disk is slow or hangs. This goes on by itself once it answers.")
        self.wait.show()
        self.stay.setVisible(may_stay)
        self.leave.hide()
        self.show_card()
        self.wait.setFocus()

    def offer_leaving(self, sentence: str) -> None:
        """Say what leaving now would mean, and let it be chosen."""
        self.leave.show()
        self.add(sentence)

    def go_on(self) -> None:
        """Take the choice away again."""
        for each in (self.wait, self.stay, self.leave):
            each.hide()
        self._said.setText("Waiting for the disk …")
        self._place()
        self.setFocus()

    def lift(self) -> None:
        """Give the window back; the keyboard goes where it came from, if that is still there."""
        here = QApplication.focusWidget()
        had = here is not None and (here is self or self.isAncestorOf(here))
        self._soon.stop()
        self.hide()
        self.deleteLater()
        if self._parent is not None:
            self._parent.removeEventFilter(self)
        if had and self._came_from is not None and shiboken6.isValid(self._came_from):
            self._came_from.setFocus()

    def _laid_out(self) -> QWidget:
        card = panel()
        card.setParent(self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.stay)
        buttons.addWidget(self.wait)
        column = QVBoxLayout(card)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self._said)
        column.addLayout(buttons)
        card.hide()
        return card

    def _place(self) -> None:
        layout = self._card.layout()
        if layout is None:
            return
        width = min(560, self.width() - 40) if self._parent is not None else 480
        layout.activate()
        height = max(layout.heightForWidth(width), 96)
        if self._parent is None:
            self.setFixedSize(width, height)
        self._card.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height
        )

    def _ways(self) -> list[QPushButton]:
        """What can be chosen now."""
        return [each for each in (self.leave, self.stay, self.wait) if each.isVisible()]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What lies below is seen and cannot be used."""
        if self._parent is not None and self._card.isVisible():
            QPainter(self).fillRect(self.rect(), _SCRIM)

    def event(self, event: QEvent) -> bool:
        """No key reaches a command of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go on covering all of the window."""
        if watched is self._parent and event.type() == QEvent.Type.Resize and self._parent:
            self.setGeometry(self._parent.rect())
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the choice, Esc goes back where that is possible; nothing else is heard."""
        here = next((each for each in self._ways() if each.hasFocus()), None)
        if event.key() == Qt.Key.Key_Escape and self.stay.isVisible():
            self.stay.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here is not None:
            here.click()
        event.accept()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab stays among the choices."""
        ways = self._ways()
        here = next((n for n, each in enumerate(ways) if each.hasFocus()), -1)
        if ways:
            ways[(here + (1 if following else -1)) % len(ways)].setFocus()
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing a window of its own is leaving, once that can be chosen."""
        event.ignore()
        if self.leave.isVisible():
            self.leave.click()


def _nothing() -> None:
    """There is nothing to do before."""


def _button(words: str, asked: SignalInstance) -> QPushButton:
    made = button(words)
    made.clicked.connect(asked)
    made.hide()
    return made
