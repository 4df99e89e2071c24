"""Colours, fonts and the style sheet of the windows."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from facilitator.paths import resources
from facilitator.themes import colors

FAMILY = "Noto Sans"


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt; their family names. Needs an application."""
    families: list[str] = []
    for path in sorted((resources() / "fonts").glob("*.ttf")):
        families += QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(path))
        )
    return tuple(dict.fromkeys(families))


class Theme:
    """Answers "which colour, which font" by name, so that no widget carries either."""

    def __init__(self, name: str = "light") -> None:
        self.name = name
        self._colors = {token: QColor(value) for token, value in colors(name).items()}
        self.families = load_fonts()

    def color(self, token: str) -> QColor:
        """The colour of a token. Raises KeyError on an unknown one."""
        return self._colors[token]

    def hex(self, token: str) -> str:
        """The colour of a token as #rrggbb, for style sheets."""
        return self._colors[token].name()

    def font(self, px: int, weight: int = 400) -> QFont:
        """The bundled face at this size in pixels; 400 is regular, 600 and up bold."""
        font = QFont(FAMILY)
        # Where a glyph is missing, the bundled symbols come before whatever the system has.
        font.setFamilies([FAMILY, *(f for f in self.families if f != FAMILY)])
        font.setPixelSize(px)
        font.setWeight(QFont.Weight(weight))
        return font

    def apply(self, app: QApplication, px: int = 14) -> None:
        """Dress the whole application."""
        app.setStyle("Fusion")
        app.setFont(self.font(px))
        app.setPalette(self._palette())
        app.setStyleSheet(self._sheet(px))

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for which, token in (
            (role.Window, "backdrop"),
            (role.WindowText, "text"),
            (role.Base, "ground"),
            (role.AlternateBase, "card"),
            (role.Text, "text"),
            (role.Button, "ground"),
            (role.ButtonText, "text"),
            (role.BrightText, "danger"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "accent.text"),
            (role.ToolTipBase, "ground"),
            (role.ToolTipText, "text"),
            (role.PlaceholderText, "text.second"),
            (role.Link, "accent"),
            (role.Mid, "border"),
            (role.Dark, "border"),
        ):
            palette.setColor(which, self.color(token))
        disabled = QPalette.ColorGroup.Disabled
        for which in (role.Text, role.ButtonText, role.WindowText):
            palette.setColor(disabled, which, self.color("border"))
        return palette

    def _sheet(self, px: int) -> str:
        return self._control_sheet() + self._surface_sheet(px)

    def _control_sheet(self) -> str:
        c = self.hex
        icons = (resources() / "icons").as_posix()
        return f"""
        QToolTip {{ background: {c("ground")}; color: {c("text")}; border: 1px solid
            {c("border")}; padding: 4px; }}
        QPushButton {{ background: {c("ground")}; color: {c("text")}; border: 1px solid
            {c("border.soft")}; border-radius: 6px; padding: 5px 12px; min-height: 22px; }}
        QPushButton:hover {{ background: {c("selection")}; }}
        QPushButton:pressed {{ background: {c("border.soft")}; }}
        QPushButton:disabled {{ color: {c("border")}; background: {c("card")}; }}
        QPushButton:focus {{ border: 2px solid {c("focus")}; padding: 4px 11px; }}
        QPushButton[primary="true"] {{ background: {c("accent")}; color: {c("accent.text")};
            border-color: {c("accent")}; font-weight: 600; }}
        QPushButton[primary="true"]:focus {{ border: 2px solid {c("text")}; }}
        QPushButton[primary="true"]:disabled {{ background: {c("card")}; color: {c("border")};
            border-color: {c("border.soft")}; }}
        QPushButton[flat="true"] {{ border-color: transparent; background: transparent; }}
        QPushButton:checked {{ background: {c("selection")}; border-color: {c("accent")}; }}
        QLineEdit, QPlainTextEdit, QDateEdit, QSpinBox, QComboBox {{ background: {c("ground")};
            color: {c("text")}; border: 1px solid {c("border")}; border-radius: 6px;
            padding: 3px 7px; selection-background-color: {c("accent")};
            selection-color: {c("accent.text")};
            placeholder-text-color: {c("text.second")}; }}
        QLineEdit, QComboBox {{ min-height: 24px; }}
        QLineEdit:disabled, QComboBox:disabled {{ background: {c("card")}; }}
        QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{
            border: 2px solid {c("focus")}; padding: 2px 6px; }}
        QPlainTextEdit[refused="true"] {{ border: 2px dashed {c("danger")}; padding: 2px 6px; }}
        QComboBox::drop-down {{ border: none; width: 24px; }}
        QComboBox::down-arrow {{ image: url({icons}/down-{self.name}.svg); width: 12px; }}
        QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {c("border")};
            border-radius: 4px; background: {c("ground")}; }}
        QCheckBox::indicator:checked {{ background: {c("accent")}; border-color: {c("accent")};
            image: url({icons}/check-{self.name}.svg); }}
        QRadioButton::indicator {{ width: 16px; height: 16px; border: 1px solid {c("border")};
            border-radius: 9px; background: {c("ground")}; }}
        QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid
            {c("accent")}; background: {c("accent.text")}; }}
        QCheckBox:focus, QRadioButton:focus {{ color: {c("focus")}; }}
        QComboBox QAbstractItemView {{ background: {c("ground")}; color: {c("text")};
            selection-background-color: {c("accent")}; selection-color: {c("accent.text")}; }}
        """

    def _surface_sheet(self, px: int) -> str:
        c = self.hex
        return f"""
        QMenu {{ background: {c("ground")}; color: {c("text")}; border: 1px solid
            {c("border")}; padding: 4px; }}
        QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
        QMenu::item:selected {{ background: {c("accent")}; color: {c("accent.text")}; }}
        QMenu::item:disabled {{ color: {c("border")}; }}
        QMenu::separator {{ height: 1px; background: {c("border.soft")}; margin: 4px 8px; }}
        QScrollArea {{ border: none; background: transparent; }}
        QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
        QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
        QScrollBar::handle {{ background: {c("border.soft")}; border-radius: 4px;
            min-height: 28px; min-width: 28px; margin: 1px; }}
        QScrollBar::handle:hover {{ background: {c("border")}; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QSplitter::handle {{ background: transparent; }}
        QSplitter::handle:hover {{ background: {c("border.soft")}; }}
        QStatusBar {{ background: {c("ground")}; color: {c("text.second")};
            border-top: 1px solid {c("border.soft")}; font-size: {px - 1}px; }}
        QStatusBar::item {{ border: none; }}
        QTableView, QListView {{ background: {c("ground")}; color: {c("text")};
            border: 1px solid {c("border.soft")}; border-radius: 6px;
            gridline-color: {c("grid")}; }}
        QListView::item {{ padding: 6px; }}
        QListView::item:selected, QTableView::item:selected {{
            background: {c("selection")}; color: {c("text")}; }}
        QHeaderView::section {{ background: {c("card")}; color: {c("text.second")}; border: none;
            border-bottom: 1px solid {c("border.soft")}; padding: 5px 8px; font-weight: 600; }}
        QFrame[panel="true"] {{ background: {c("ground")}; border: 1px solid
            {c("border.soft")}; border-radius: 8px; }}
        QWidget[plain="true"] {{ background: {c("ground")}; }}
        QFrame[card="true"] {{ background: {c("card")}; border: 1px solid {c("border.soft")};
            border-radius: 8px; }}
        QLabel[problem="true"] {{ color: {c("danger")}; }}
        QLabel[second="true"] {{ color: {c("text.second")}; }}
        QLabel[heading="true"] {{ color: {c("text.second")}; font-weight: 600; }}
        QLabel[title="true"] {{ font-weight: 700; font-size: {px + 4}px; }}
        """
