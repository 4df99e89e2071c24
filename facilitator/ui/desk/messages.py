"""The message bar: refusals, toasts with an undo, and questions; never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.theme import Theme

Answer = tuple[str, Callable[[], object]]


class MessageBar(QWidget):
    """One sentence at a time, with answers as buttons. A question stays until it is answered."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answers: list[Callable[[], object]] = []
        self._waiting: list[tuple[str, Sequence[Answer]]] = []
        self._asking = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = PlainLabel(wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._text, 1)
        self._buttons: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""
        return self._asking

    def wanted_width(self) -> int:
        """Pixels for the sentence on one line with its answers behind it."""
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        pressed = sum(each.sizeHint().width() + 8 for each in self._buttons)
        return words + pressed + 60

    def say(self, sentence: str, answers: Sequence[Answer] = (), *, seconds: int = 10) -> None:
        """Show a sentence for some seconds; an open question is not covered."""
        if self._asking:
            self._waiting.append((sentence, answers))
            return
        self._show(sentence, (*answers, ("Close", self._nothing)), "hint.ground")
        self._timer.start(seconds * 1000)

    def ask(self, sentence: str, answers: Sequence[Answer]) -> None:
        """Show a question until one of the answers is pressed."""
        if self._asking:
            self._waiting.append((sentence, answers))
            return
        self._asking = True
        self._timer.stop()
        self._show(sentence, answers, "hint.ground")

    def dismiss(self) -> None:
        """Take the message away; the next one that waits comes."""
        self._timer.stop()
        self._asking = False
        self.hide()
        if self._waiting:
            sentence, answers = self._waiting.pop(0)
            self.say(sentence, answers)

    def _show(self, sentence: str, answers: Sequence[Answer], ground: str) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = []
        self._answers = [answer for _words, answer in answers]
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        for index, (words, _answer) in enumerate(answers):
            made = button(words)
            made.setProperty("answer", index)
            made.clicked.connect(self._pressed)
            self._row.addWidget(made)
            self._buttons.append(made)
        self.setStyleSheet(
            f"MessageBar {{ background: {self._theme.hex(ground)}; border: 1px solid "
            f"{self._theme.hex('hint')}; border-radius: 8px; }}"
            f"QLabel {{ color: {self._theme.hex('hint.text')}; }}"
        )
        self.show()

    def _pressed(self) -> None:
        index = self.sender().property("answer")
        answer = self._answers[int(index)]
        self.dismiss()
        answer()

    def _nothing(self) -> None:
        return None
