"""Text fields: plain text, hints underlined in place, a draft kept at each pause, one undo."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from facilitator.language.hints import Hint
from facilitator.ui.drafting import Keeper
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

_MOST_LINES: Final = 6  # a field grows with its text up to this, then it scrolls
HINT_PAUSE: Final = 40  # ms without a key before the hints are looked for


class TextField(QPlainTextEdit):
    """A text of a record. Enter or leaving commits it; Esc goes back to the committed text.

    `key` is kind:id:field of the text; the draft is kept under it, and hints are told with it.
    """

    committed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        session: QtSession,
        hinting: Hinting,
        theme: Theme,
        *,
        key: str,
        field: str,
        lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hinting = hinting
        self._theme = theme
        self.field = field
        self._lines = lines
        self._committed = ""
        self._showing = self._storing = False
        self.goes_on_to: QWidget | None = None  # typing goes on there; that is no leaving
        self.keeper = Keeper(session, key, self._said, self)
        self.keeper.given_up.connect(self.cancel)
        self._hints: tuple[Hint, ...] = ()
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint_timer = QTimer(self)
        self._hint_timer.setSingleShot(True)
        self._hint_timer.setInterval(HINT_PAUSE)
        self._hint_timer.timeout.connect(self._look_for_hints)
        self.textChanged.connect(self._typed)
        hinting.changed.connect(self._look_for_hints)
        self._fit()

    @property
    def key(self) -> str:
        """Under which the draft is kept and hints are told."""
        return self.keeper.key

    @key.setter
    def key(self, key: str) -> None:
        self.keeper.key = key

    @property
    def is_dirty(self) -> bool:
        """Whether something is typed here that is not committed."""
        return self.toPlainText() != self._committed

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The open hints in what stands here now."""
        return self._hints

    def rekey(self, key: str) -> None:
        """Show another record's text from now on."""
        self.commit()
        self.key = key

    def show_text(self, text: str) -> None:
        """Show the committed text, or what was being typed here when the app ended."""
        if self.hasFocus() and self.is_dirty:
            self._committed = text
            return
        # What is being committed has a draft until the edit is done; it is shown no more.
        draft = None if self._storing else self.keeper.draft
        self._committed = text
        self._show(text if draft is None else draft)
        if draft is not None:
            self.moveCursor(QTextCursor.MoveOperation.End)

    def _show(self, text: str) -> None:
        """Put a text there that nobody types."""
        if self.toPlainText() != text:
            self._showing = True
            self.setPlainText(text)
            self._showing = False
            self._fit()
        self._look_for_hints()

    def commit(self) -> None:
        """Make what is typed part of the document."""
        text = self.toPlainText()
        if text == self._committed:
            self.keeper.settle()
            return
        self.keeper.rest()
        self._committed = text
        self._storing = True
        # The edit goes first: a crash between the two leaves a draft too many, never one too few.
        self.committed.emit(text)
        if self._storing:
            self._storing = False
            self.keeper.drop()

    def settle(self) -> None:
        """Keep the draft now, not at the next pause: nobody will be here then."""
        self.keeper.settle()
        self._hint_timer.stop()

    def put_away(self) -> None:
        """Show the committed text; what was typed and is not committed stays a draft."""
        self.keeper.keep()
        self._mark_refused(False)
        self._show(self._committed)

    def still_uncommitted(self, committed: str, *, refused: bool = True) -> None:
        """What is typed stays a draft beside this text, marked where the edit was refused."""
        self._committed = committed
        self._storing = False
        self._mark_refused(refused)
        self.keeper.keep()

    def _mark_refused(self, refused: bool) -> None:
        if bool(self.property("refused")) != refused:
            self.setProperty("refused", refused)
            self.style().polish(self)

    def begin_anew(self) -> None:
        """Take away what was typed here: it has become a record of its own."""
        self.keeper.drop()
        self.show_text("")

    def cancel(self) -> None:
        """Go back to the committed text."""
        self.keeper.drop()
        self._mark_refused(False)
        self._show(self._committed)
        self.cancelled.emit()

    def apply_suggestion(self, hint: Hint, text: str) -> None:
        """Put a rewording in place of the sentence that the hint stands in."""
        value = self.toPlainText()
        start, end = hint.sentence
        cursor = self.textCursor()
        cursor.setPosition(utf16(value, start))
        cursor.setPosition(utf16(value, end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def _typed(self) -> None:
        if self._showing:
            return
        self._mark_refused(False)
        self.keeper.touch()
        self._hint_timer.start()
        self._fit()

    def _said(self) -> str | None:
        return self.toPlainText() if self.is_dirty else None

    def _look_for_hints(self) -> None:
        self._hint_timer.stop()
        text = self.toPlainText()
        self._hints = self._hinting.hear(self.key, text, self.field)
        marked = self._hints if self._hinting.marks_shown else ()
        self.setExtraSelections([self._mark(text, hint) for hint in marked])

    def _mark(self, text: str, hint: Hint) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = self.textCursor()
        mark.cursor.setPosition(utf16(text, hint.start))
        mark.cursor.setPosition(utf16(text, hint.end), QTextCursor.MoveMode.KeepAnchor)
        style = QTextCharFormat()
        strong = hint.strength == "strong"
        style.setUnderlineStyle(
            QTextCharFormat.UnderlineStyle.SingleUnderline
            if strong
            else QTextCharFormat.UnderlineStyle.DotLine
        )
        style.setUnderlineColor(self._theme.color("hint"))
        style.setForeground(self._theme.color("hint"))
        mark.format = style
        return mark

    def _fit(self) -> None:
        height = self._height()
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)
        policy = Qt.ScrollBarPolicy
        capped = self._wanted_lines() > self._most_lines()
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if capped else policy.ScrollBarAlwaysOff
        )

    def _wanted_lines(self) -> int:
        return max(self._lines, round(self.document().size().height()))

    def _most_lines(self) -> int:
        return max(self._lines, _MOST_LINES)

    def _height(self) -> int:
        shown = min(self._most_lines(), self._wanted_lines())
        line = QFontMetricsF(self.font()).lineSpacing()
        frame = 2 * self.document().documentMargin() + 10
        return ceil(shown * line + frame)

    def sizeHint(self) -> QSize:
        """Tall enough for its text, up to six lines."""
        return QSize(160, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrapping may need another height."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window; what is typed becomes a step of its own first."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            self.commit()
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter commits, Shift+Enter makes a new line, Esc goes back."""
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.commit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _only_shift(event):
            self.insertPlainText("\n")
        elif key == Qt.Key.Key_Escape and self.is_dirty:
            self.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field commits it; a menu or another window does not."""
        super().focusOutEvent(event)
        goes_on = self.goes_on_to is not None and self.goes_on_to.hasFocus()
        if is_leaving(event) and not goes_on:
            self.commit()


def is_leaving(event: QFocusEvent) -> bool:
    """Whether a field loses the keys for good: not to a menu or another window."""
    return event.reason() not in (
        Qt.FocusReason.PopupFocusReason,
        Qt.FocusReason.ActiveWindowFocusReason,
    )


def utf16(text: str, index: int) -> int:
    """The position in Qt's UTF-16 text of the code point at `index`."""
    return index + sum(1 for character in text[:index] if ord(character) > 0xFFFF)


def _only_shift(event: QKeyEvent) -> bool:
    mask = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return mask == Qt.KeyboardModifier.ShiftModifier


def _is_undo(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent):
        return False
    pressed = QKeySequence(event.keyCombination())
    return pressed in (QKeySequence("Ctrl+Z"), QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))
