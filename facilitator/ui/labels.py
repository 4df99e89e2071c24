"""Small widgets that everybody uses; a label here never reads markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget


class PlainLabel(QLabel):
    """A label that shows its text as it is typed: no markup, no links, no files opened."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, role: str = "", wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setWordWrap(wrap)
        if role:
            self.setProperty(role, True)
        self.setText(text)


class MarkedLine(QWidget):
    """Words behind a mark; where they wrap, their lines begin below each other."""

    def __init__(self, mark: str, text: str, *, style: str = "") -> None:
        super().__init__()
        self.words = PlainLabel(text, wrap=True)
        sign = PlainLabel(mark)
        sign.setFixedWidth(sign.fontMetrics().horizontalAdvance("○  "))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignTop)
        for each in (sign, self.words):
            each.setStyleSheet(style)


def button(text: str, *, key: str = "", primary: bool = False, hint: str = "") -> QPushButton:
    """A push button; `key` is shown behind its words, `hint` names it for a screen reader."""
    # An ampersand in a button's text would become a mnemonic; ours are plain words.
    made = QPushButton(f"{text}  {key}" if key else text)
    if primary:
        made.setProperty("primary", True)
    if hint:
        made.setToolTip(hint)
    made.setAccessibleName(f"{text} ({key})" if key else text)
    return made


def panel(name: str = "panel") -> QFrame:
    """A framed surface: "panel" on the ground, "card" on the card colour."""
    frame = QFrame()
    frame.setProperty(name, True)
    return frame


def plain_tip(widget: QWidget, text: str) -> None:
    """Set a tool tip that is shown as plain text, whatever it contains."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    widget.setToolTip(f"<p>{escaped}</p>" if text else "")


def shortened(text: str, most: int = 160) -> str:
    """The text on one line, cut where it would be too long to look at."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1]}…"
