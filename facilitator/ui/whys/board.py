"""The 5 Whys on the desk: a heading with the keys, and the tree."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facilitator.ui.hinting import Hinting
from facilitator.ui.labels import PlainLabel
from facilitator.ui.qt_session import QtSession
from facilitator.ui.theme import Theme
from facilitator.ui.whys.access import make_accessible, tell_selected
from facilitator.ui.whys.canvas import WhyCanvas

_HINTS: Final = (("Tab", "ask why"), ("Enter", "another cause"), ("Alt E", "attach evidence"))


class KeyCaps(QWidget):
    """Keys as small caps, each with what it does; the last ones go where room is short."""

    def __init__(
        self, theme: Theme, hints: tuple[tuple[str, str], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hints = hints
        self.setMinimumHeight(22)
        self.setAccessibleName(", ".join(f"{key}: {words}" for key, words in hints))

    def sizeHint(self) -> QSize:
        """Room for all of them."""
        return QSize(round(sum(self._width(hint) for hint in self._hints)), 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as many as fit, from the right."""
        shown = list(self._hints)
        while shown and sum(self._width(hint) for hint in shown) > self.width() + 1:
            shown.pop()
        x = self.width() - sum(self._width(hint) for hint in shown)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for hint in shown:
                self._paint(painter, x, hint)
                x += self._width(hint)

    def _paint(self, painter: QPainter, x: float, hint: tuple[str, str]) -> None:
        key, words = hint
        middle = self.height() / 2
        cap = QRectF(x + 12, middle - 9, self._key_width(key), 18)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(self._theme.color("ground"))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(self._theme.color("text.second"))
        painter.setFont(self._theme.font(11))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        painter.setFont(self._theme.font(12))
        room = QRectF(cap.right() + 6, 0, self.width(), self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _key_width(self, key: str) -> float:
        return QFontMetricsF(self._theme.font(11)).horizontalAdvance(key) + 12

    def _width(self, hint: tuple[str, str]) -> float:
        words = QFontMetricsF(self._theme.font(12)).horizontalAdvance(hint[1])
        return 12 + self._key_width(hint[0]) + 6 + words + 2


class WhyBoard(QWidget):
    """The tree of the open incident with its heading; ids are those of the answers."""

    selection_changed = Signal(str)
    park_asked = Signal(str)  # the words to park
    evidence_asked = Signal(str)
    left = Signal()

    def __init__(
        self, session: QtSession, hinting: Hinting, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        make_accessible()
        self.canvas = WhyCanvas(session, hinting, theme, self)
        heading = PlainLabel("5 Whys", role="heading")
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 14, 0)
        top.addWidget(heading)
        top.addWidget(KeyCaps(theme, _HINTS), stretch=1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 0, 1, 4)
        rows.setSpacing(2)
        rows.addLayout(top)
        rows.addWidget(self.canvas, stretch=1)
        self.setFocusProxy(self.canvas)
        self.canvas.selection_changed.connect(self.selection_changed)
        self.canvas.selection_changed.connect(self._tell_reader)
        self.canvas.park_asked.connect(self.park_asked)
        self.canvas.evidence_asked.connect(self.evidence_asked)
        self.canvas.left.connect(self.left)

    def _tell_reader(self, why_id: str) -> None:
        tell_selected(self.canvas, why_id)

    def select(self, why_id: str) -> None:
        """Select an answer; an unknown id selects nothing."""
        self.canvas.select(why_id)

    def selected(self) -> str:
        """The id of the selected answer, or nothing."""
        return self.canvas.selected

    def attach(self, moment_ids: list[str]) -> None:
        """Let the selected answer rest on these moments."""
        self.canvas.attach(moment_ids)

    def ask_why(self) -> None:
        """Type the next why under the selected answer."""
        self.canvas.steps.run("ask_why")

    def has_place_for(self, key: str) -> bool:
        """Whether the card is still there on which a draft of this key was typed."""
        return self.canvas.typist.place_of(key) is not None

    def put_back(self, key: str) -> None:
        """Go on typing what was kept under this key."""
        self.canvas.typist.put_back(key)

    def run(self, command: str) -> None:
        """Do a command of the tree by name, such as "another", "root" or "level:scope"."""
        self.canvas.steps.run(command)
