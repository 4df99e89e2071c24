"""The middle of the desk: the timeline above, below it the board of the phase looked at."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facilitator.model.records import PHASES
from facilitator.ui.desk.messages import MessageBar
from facilitator.ui.labels import panel

TAB_WORDS = {
    "restate": "Restate",
    "detection": "Detection",
    "whys": "5 Whys",
    "level": "Missing level",
    "fix": "Structural fix",
    "sign": "Sign",
}


class Centre(QWidget):
    """Splits timeline and board; tabs look at a board without touching the clock."""

    looked_at = Signal(str)  # phase

    def __init__(
        self, timeline: QWidget, boards: Mapping[str, QWidget], message: MessageBar
    ) -> None:
        super().__init__()
        self._boards = dict(boards)
        self._stack = QStackedWidget()
        self._tabs = QButtonGroup(self)
        self._tabs.setExclusive(True)
        tabs = QHBoxLayout()
        tabs.setSpacing(4)
        for number, phase in enumerate(PHASES):
            tab = QPushButton(TAB_WORDS[phase])
            tab.setCheckable(True)
            tab.setProperty("flat", True)
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tab.setAccessibleName(f"Look at {TAB_WORDS[phase]} (Ctrl {number + 1})")
            tab.setToolTip(f"Ctrl {number + 1}")
            self._tabs.addButton(tab, number)
            tabs.addWidget(tab)
            self._stack.addWidget(self._boards[phase])
        tabs.addStretch(1)
        self._tabs.idClicked.connect(self._press_tab)
        upper = panel()
        upper_box = QVBoxLayout(upper)
        upper_box.setContentsMargins(1, 1, 1, 1)
        upper_box.addWidget(timeline)
        lower = panel()
        lower_box = QVBoxLayout(lower)
        lower_box.setContentsMargins(8, 6, 8, 8)
        lower_box.setSpacing(4)
        lower_box.addLayout(tabs)
        lower_box.addWidget(self._stack, 1)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(upper)
        self._split.addWidget(lower)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(10)
        self._split.setStretchFactor(0, 42)
        self._split.setStretchFactor(1, 58)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self._split, 1)
        # Over the board, not above it: a message must not move what is under the pointer.
        self._message = message
        message.setParent(self)
        message.installEventFilter(self)
        message.hide()
        self.look("restate")

    @property
    def phase(self) -> str:
        """The phase whose board is shown."""
        return PHASES[self._stack.currentIndex()]

    @property
    def board(self) -> QWidget:
        """The board that is shown."""
        return self._boards[self.phase]

    def phase_of(self, inside: QWidget) -> str:
        """The phase on whose board a widget is, or nothing."""
        return next((p for p, board in self._boards.items() if board.isAncestorOf(inside)), "")

    def look(self, phase: str) -> None:
        """Show the board of this phase."""
        index = PHASES.index(phase)
        self._stack.setCurrentIndex(index)
        pressed = self._tabs.button(index)
        if pressed is not None:
            pressed.setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The message stays at the foot of the board."""
        super().resizeEvent(event)
        self._place_message()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A message that comes or changes finds its place."""
        if watched is self._message and event.type() in (
            QEvent.Type.Show,
            QEvent.Type.LayoutRequest,
        ):
            self._place_message()
        return super().eventFilter(watched, event)

    def _place_message(self) -> None:
        wide = min(self.width() - 48, self._message.wanted_width())
        tall = max(self._message.heightForWidth(wide), self._message.minimumSizeHint().height())
        self._message.setGeometry((self.width() - wide) // 2, self.height() - tall - 22, wide, tall)
        self._message.raise_()

    def _press_tab(self, index: int) -> None:
        self.look(PHASES[index])
        self.looked_at.emit(PHASES[index])


def first_field(pane: QWidget) -> QWidget:
    """What takes the keys first in a pane; the pane itself when nothing does."""
    following = pane
    for _ in range(200):
        after = following.nextInFocusChain()
        if after is None:
            break
        following = after
        if pane.isAncestorOf(following) and following.isVisible() and following.focusPolicy():
            return following
    return pane


def go_into(field: QWidget) -> None:
    """Give a field the keys and bring it into sight."""
    field.setFocus()
    around = field.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(field)
        around = around.parentWidget()
