"""Looking at the report before it is sent: its pages as pictures, drawn on another thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facilitator.ui.files import AskPath, ask_save
from facilitator.ui.labels import PlainLabel, button
from facilitator.ui.report.page_view import PageView
from facilitator.ui.report.page_work import Paper, Picture, draw_page, make_paper, read_paper
from facilitator.ui.report.work import Order, save_file, sentence_of
from facilitator.ui.tasks import Tasks
from facilitator.ui.theme import Theme

_SMALL: Final = 104
_KEPT: Final = 6
_PDF: Final = "PDF (*.pdf)"


_OF_THE_WINDOW = 0.92


class Preview(QDialog):
    """A report page by page. `suggested` is where one that is on no disk would be saved.

    With `verify` a file that is shown can be handed on to be verified or signed.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        suggested: Path,
        ask: AskPath = ask_save,
        verify: Callable[[Path], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._verify = verify
        self._tasks, self._suggested, self._ask = tasks, suggested, ask
        self._paper: Paper | None = None
        self._drawn_of: Paper | None = None
        self._title = ""
        self._drawing = False
        self._large: dict[tuple[int, int], QPixmap] = {}
        self._small: dict[int, QPixmap] = {}
        self.setWindowTitle("Preview of the report")
        self.setModal(True)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        if parent is not None:
            # A page is read best as large as the main window allows.
            self.resize(_outermost(parent).size() * _OF_THE_WINDOW)
        self.page = PageView(theme)
        self.list = QListWidget()
        self.words = PlainLabel(role="heading")
        self.notice = PlainLabel(role="second")
        self.zoom = PlainLabel(role="second")
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._refresh()

    # ---- what is shown

    def show_order(self, order: Order, title: str) -> None:
        """Make the report of this order and show it under this title."""
        self._begin(title, "Making the report …")
        self._tasks.run(make_paper, order, done=self._take, failed=self._failed)

    def show_file(self, path: Path, order: Order | None, title: str) -> None:
        """Show the report in a file; what is copied for an e-mail is of the order, if any."""
        self._begin(title, "Reading the report …")
        self._tasks.run(read_paper, path, order, done=self._take, failed=self._failed)

    @property
    def number(self) -> int:
        """The page that is shown, from 0."""
        return max(self.list.currentRow(), 0)

    @property
    def is_ready(self) -> bool:
        """Whether every picture is there that would be drawn."""
        return self._paper is not None and not self._drawing and self._next() is None

    def _begin(self, title: str, words: str) -> None:
        self._title = title
        self._tell(words)
        self._refresh()

    def _take(self, paper: Paper) -> None:
        self._paper = paper
        self._large.clear()
        self._small.clear()
        self._tell("")
        self._fill_list(paper)
        self.list.setCurrentRow(0)
        self._refresh()

    def _fill_list(self, paper: Paper) -> None:
        self.list.clear()
        tall = max((_SMALL * h / w for w, h in paper.sizes), default=_SMALL)
        self.list.setIconSize(QSize(_SMALL, min(round(tall), 2 * _SMALL)))
        blank = QPixmap(_SMALL, min(round(tall), 2 * _SMALL))
        blank.fill(Qt.GlobalColor.white)
        for n in range(len(paper.sizes)):
            item = QListWidgetItem(_icon(blank), str(n + 1))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Page {n + 1}")
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.list.addItem(item)

    def _failed(self, error: Exception) -> None:
        self._drawing = False
        self._tell(sentence_of(error))

    def _tell(self, words: str) -> None:
        self.notice.setText(words)
        self.notice.setVisible(bool(words))

    def _refresh(self) -> None:
        paper = self._paper
        many = f", page {self.number + 1} of {len(paper.sizes)}" if paper is not None else ""
        self.words.setText(f"{self._title}{many}")
        self.page.setAccessibleName(self.words.text())
        self.zoom.setText(f"{self.page.scale:.0%}".replace("%", " %"))
        self.fit.setChecked(self.page.is_fitted)
        on_disk = paper is not None and paper.path is not None
        for each in (self.open_file, self.show_folder):
            each.setVisible(on_disk)
        self.verify.setVisible(on_disk and self._verify is not None)
        self.save.setVisible(not on_disk)
        self.save.setEnabled(paper is not None)
        self.copy.setEnabled(paper is not None)
        # Of a file from elsewhere nobody here has the words.
        self.copy.setVisible(paper is None or bool(paper.email))

    # ---- pictures, one at a time

    def _turn(self, row: int) -> None:
        if self._paper is not None and row >= 0:
            self.page.show_page(self._paper.sizes[row], self._best(row))
            self._refresh()
            self._draw_next()

    def _best(self, row: int) -> QPixmap | None:
        of_row = [picture for (n, _), picture in self._large.items() if n == row]
        exact = self._large.get((row, self.page.pixels))
        return exact or (of_row[-1] if of_row else self._small.get(row))

    def _draw_next(self) -> None:
        wanted = self._next()
        if self._drawing or wanted is None or self._paper is None:
            return
        self._drawing = True
        number, width = wanted
        self._drawn_of = self._paper
        self._tasks.run(
            draw_page, self._paper.pdf, number, width, done=self._drawn, failed=self._failed
        )

    def _next(self) -> tuple[int, int] | None:
        """The picture that is missed most: the page, then the list, then the pages beside it."""
        if self._paper is None:
            return None
        many, here, width = len(self._paper.sizes), self.number, self.page.pixels
        if (here, width) not in self._large:
            return here, width
        order = sorted(range(many), key=lambda n: abs(n - here))
        small = next((n for n in order if n not in self._small), None)
        if small is not None:
            return small, self._small_width()
        beside = (n for n in (here + 1, here - 1) if 0 <= n < many)
        return next(((n, width) for n in beside if (n, width) not in self._large), None)

    def _small_width(self) -> int:
        return round(_SMALL * self.devicePixelRatioF())

    def _drawn(self, drawn: Picture) -> None:
        self._drawing = False
        if self._drawn_of is self._paper:
            self._keep(drawn)
        self._draw_next()

    def _keep(self, drawn: Picture) -> None:
        picture = QPixmap.fromImage(drawn.image)
        if drawn.width == self._small_width() and drawn.number not in self._small:
            self._small[drawn.number] = picture
            if (item := self.list.item(drawn.number)) is not None:
                sharp = QPixmap(picture)
                sharp.setDevicePixelRatio(self.devicePixelRatioF())
                item.setIcon(_icon(sharp))
        else:
            picture.setDevicePixelRatio(self.page.devicePixelRatioF())
            self._large[drawn.number, drawn.width] = picture
            while len(self._large) > _KEPT:
                self._large.pop(next(iter(self._large)))
        if drawn.number == self.number:
            best = self._best(drawn.number)
            if best is not None:
                self.page.sharpen(best)

    # ---- hands

    def turn(self, by: int) -> None:
        """Turn this many pages on, or back."""
        row = min(max(self.number + by, 0), self.list.count() - 1)
        self.list.setCurrentRow(row)

    def _go_on(self, by: int) -> None:
        """What follows the page, or stood before it: that one is seen from its foot."""
        here = self.number
        self.turn(by)
        if by < 0 and self.number != here:
            self.page.show_end()

    def turn_on(self) -> None:
        """Turn to the next page."""
        self.turn(1)

    def turn_back(self) -> None:
        """Turn to the page before."""
        self.turn(-1)

    def turn_first(self) -> None:
        """Turn to the first page."""
        self.turn(-self.list.count())

    def turn_last(self) -> None:
        """Turn to the last page."""
        self.turn(self.list.count())

    def save_as(self) -> None:
        """Ask for a place and put the file there."""
        path = self._ask(self, "Save the report", self._suggested, _PDF)
        if path is not None and self._paper is not None:
            pdf = self._paper.pdf
            self._tasks.run(save_file, path, pdf, done=self._saved, failed=self._failed)

    def open_it(self) -> None:
        """Open the file in the program that reads PDFs here."""
        if self._paper is not None and self._paper.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paper.path)))

    def open_folder(self) -> None:
        """Open the folder that the file lies in."""
        if self._paper is not None and self._paper.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paper.path.parent)))

    def ask_to_verify(self) -> None:
        """Let the file be verified, or signed by whose turn it is."""
        if self._verify is not None and self._paper is not None and self._paper.path is not None:
            self._verify(self._paper.path)

    def copy_email(self) -> None:
        """Put the text for an e-mail to leadership on the clipboard."""
        if self._paper is not None:
            QGuiApplication.clipboard().setText(self._paper.email)
            self._tell("The text for an e-mail is on the clipboard. It names roles, nobody.")

    def _saved(self, path: Path) -> None:
        if self._paper is not None:
            same = self._drawn_of is self._paper
            self._paper = replace(self._paper, path=path)
            self._drawn_of = self._paper if same else None
        self._tell(f"Saved as {path.name}.")
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the words beside the page follow by themselves."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.page.viewport().update()

    # ---- how it is put together

    def _make_buttons(self) -> None:
        self.minus, self.plus = button("−", hint="Smaller"), button("+", hint="Larger")
        self.fit, self.real = button("Fit width"), button("100 %")
        self.fit.setCheckable(True)
        self.open_file, self.show_folder = button("Open"), button("Show in folder")
        self.verify = button("Verify or sign…")
        self.save, self.copy = button("Save…"), button("Copy e-mail text")
        self.leave = button("Close")
        self.minus.setAccessibleName("Smaller")
        self.plus.setAccessibleName("Larger")
        for each in (self.minus, self.plus):
            each.setFixedWidth(40)

    def _lay_out(self) -> None:
        view = self.list
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setFlow(QListView.Flow.TopToBottom)
        view.setWrapping(False)
        view.setFixedWidth(_SMALL + 38)
        view.setAccessibleName("Pages")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.words)
        top.addStretch(1)
        for each in (self.minus, self.zoom, self.plus, self.fit, self.real):
            top.addWidget(each)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.notice, 1)
        last.addStretch(1)
        shown = (self.copy, self.save, self.verify, self.open_file, self.show_folder, self.leave)
        for each in shown:
            last.addWidget(each)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(view)
        middle.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addLayout(last)
        self.page.setFocus()

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._turn)
        self.page.turned.connect(self._go_on)
        self.page.zoomed.connect(self._refresh)
        self.page.size_needed.connect(self._draw_next)
        for each, slot in (
            (self.minus, self.page.smaller),
            (self.plus, self.page.larger),
            (self.fit, self.page.fit),
            (self.real, self.page.real_size),
            (self.open_file, self.open_it),
            (self.show_folder, self.open_folder),
            (self.save, self.save_as),
            (self.verify, self.ask_to_verify),
            (self.copy, self.copy_email),
            (self.leave, self.reject),
        ):
            each.setAutoDefault(False)
            each.clicked.connect(slot)
        for keys, slot in (
            (("Ctrl++", "Ctrl+="), self.page.larger),
            (("Ctrl+-",), self.page.smaller),
            (("Ctrl+0",), self.page.fit),
            (("Ctrl+1",), self.page.real_size),
            (("PgDown",), self.page.go_on),
            (("PgUp",), self.page.go_back),
            (("Ctrl+PgDown",), self.turn_on),
            (("Ctrl+PgUp",), self.turn_back),
            (("Home",), self.turn_first),
            (("End",), self.turn_last),
        ):
            shortcut = QShortcut(self)
            shortcut.setKeys([QKeySequence(key) for key in keys])
            shortcut.activated.connect(slot)


def _outermost(widget: QWidget) -> QWidget:
    """The window that all windows over this widget belong to."""
    window = widget.window()
    while (above := window.parentWidget()) is not None:
        window = above.window()
    return window


def _icon(picture: QPixmap) -> QIcon:
    """The page in the list: not tinted where it is chosen, its frame says that."""
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
