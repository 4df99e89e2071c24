"""Forms over one record: each field shows the document and commits as an edit of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from facilitator.model.change import Edit, Refused
from facilitator.ui.fields import TextField
from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme

Parse = Callable[[str], Any]
Show = Callable[[Any], str]
Commit = Callable[[str, Any], bool]  # field name, value -> whether it was taken


class Choice(QComboBox):
    """A list of choices that the wheel does not change by accident, and that may be narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls around this."""
        event.ignore()


@dataclass(frozen=True, slots=True)
class Way:
    """How a value is read from typed text and shown as text."""

    parse: Parse
    show: Show


def count_of(text: str) -> int | None:
    """A whole number as people type it (2,340 or 2 340), or None. Raises Refused on others."""
    digits = text.replace(",", "").replace(" ", "").replace("\u202f", "")
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 15:
        raise Refused(f"“{text}” is no whole number.")
    return int(digits)


def plain_of(text: str) -> str:
    """The text as it is."""
    return text


PLAIN = Way(plain_of, str)
COUNT = Way(count_of, lambda value: "" if value is None else f"{value:,}")


class RecordForm(QObject):
    """Puts fields of one record on a grid; `record` gives the record as it is now."""

    def __init__(
        self,
        session: QtSession,
        hinting: Hinting,
        theme: Theme,
        *,
        kind: str,
        record: Callable[[], Any],
        change: Callable[..., Edit],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._hinting = hinting
        self._theme = theme
        self._kind = kind
        self._record = record
        self._change = change
        self._texts: dict[str, tuple[TextField, Way]] = {}
        self._choices: dict[str, tuple[Choice, Sequence[str]]] = {}
        session.changed.connect(self._follow)

    def text(
        self, name: str, *, field: str = "", lines: int = 1, way: Way = PLAIN, hint: str = ""
    ) -> TextField:
        """A text field for the record's field of this name."""
        made = TextField(
            self._session,
            self._hinting,
            self._theme,
            key=f"{self._kind}:{self._record().id}:{name}",
            field=field,
            lines=lines,
        )
        made.setPlaceholderText(hint)
        made.setObjectName(name)
        made.committed.connect(self._commit_text)
        self._texts[name] = (made, way)
        made.show_text(way.show(getattr(self._record(), name)))
        return made

    def choice(self, name: str, options: Sequence[tuple[str, str]]) -> Choice:
        """A list of (value, words) for the record's field of this name."""
        made = Choice()
        made.setObjectName(name)
        for _value, words in options:
            made.addItem(words)
        made.activated.connect(self._commit_choice)
        self._choices[name] = (made, [value for value, _words in options])
        self._show_choice(name)
        return made

    def refresh(self) -> None:
        """Show the record as it is now."""
        for name, (field, way) in self._texts.items():
            field.show_text(way.show(getattr(self._record(), name)))
        for name in self._choices:
            self._show_choice(name)

    def _show_choice(self, name: str) -> None:
        made, values = self._choices[name]
        value = getattr(self._record(), name)
        made.setCurrentIndex(values.index(value) if value in values else -1)

    def _commit_text(self, text: str) -> None:
        field = self.sender()
        if not isinstance(field, TextField):
            return
        name = field.objectName()
        way = self._texts[name][1]
        shown = way.show(getattr(self._record(), name))
        try:
            value = way.parse(text)
        except Refused as refusal:
            field.still_uncommitted(shown)
            self._session.refused.emit(str(refusal))
            return
        if self._session.do(self._change, **{name: value}):
            field.show_text(way.show(getattr(self._record(), name)))
        else:
            field.still_uncommitted(shown)

    def _commit_choice(self, index: int) -> None:
        made = self.sender()
        if isinstance(made, Choice):
            name = made.objectName()
            self._session.do(self._change, **{name: self._choices[name][1][index]})
            self._show_choice(name)

    def _follow(self, edit: Edit) -> None:
        record = self._record()
        if any(type(change.record) is type(record) for change in edit.changes):
            self.refresh()


def rows(grid: QGridLayout, lines: Sequence[tuple[str, QWidget]], column: int = 0) -> None:
    """Put labelled widgets below one another; labels are plain text and name their widgets."""
    start = grid.rowCount() if column == 0 and grid.count() else 0
    for offset, (words, widget) in enumerate(lines):
        label = PlainLabel(words, role="second")
        label.setBuddy(widget)
        widget.setAccessibleName(words)
        grid.addWidget(label, start + offset, 2 * column)
        grid.addWidget(widget, start + offset, 2 * column + 1)
        grid.setColumnStretch(2 * column + 1, 1)
