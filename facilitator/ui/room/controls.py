"""What the facilitator does with the room screen: open, freeze, blank, hide, swap, preview."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from facilitator.model.change import Edit
from facilitator.model.clock import Reading
from facilitator.model.redact import Redactor
from facilitator.settings import Settings
from facilitator.stage import Scene, Stage
from facilitator.ui.desk.desk import Desk
from facilitator.ui.qt_session import QtSession
from facilitator.ui.room.screens import DisplayWatch, are_mirrored, displays, screen_of
from facilitator.ui.room.view import RoomView
from facilitator.ui.theme import Theme

_FULL = QSize(1920, 1080)


class RoomWindow(QWidget):
    """The top-level window on the projector; it holds the picture and nothing else."""

    def __init__(self, view: RoomView) -> None:
        super().__init__()
        self.setWindowTitle("Facilitator room screen")
        self.setCursor(Qt.CursorShape.BlankCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it hides it; the meeting goes on."""
        event.ignore()
        self.hide()


class RoomControls(QObject):
    """One room screen for one open incident."""

    def __init__(
        self, session: QtSession, stage: Stage, desk: Desk, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._stage = stage
        self._desk = desk
        self._main = window
        self._settings = settings
        self._display = ""  # identity of the display that the facilitator named
        self._lost = False
        self._redact = Redactor()
        self._make_views()
        self._stop = stage.subscribe(self._follow_stage)
        session.changed.connect(self._follow_document)
        desk.ticker.ticked.connect(self._follow_clock)
        self._watch = DisplayWatch(self)
        self._watch.gone.connect(self._display_gone)
        self._watch.came.connect(self._display_came)
        self._watch.moved.connect(self._say)
        # The preview is drawn at most four times a second, however fast somebody types.
        self._preview = QTimer(self)
        self._preview.setSingleShot(True)
        self._preview.setInterval(250)
        self._preview.timeout.connect(self._show_preview)
        desk.private.installEventFilter(self)
        self._refresh()

    @property
    def window(self) -> RoomWindow:
        """The window on the projector."""
        return self._window

    def take_settings(self, settings: Settings) -> None:
        """Use another size or theme in the room."""
        shown = self._window.isVisible()
        if (settings.room_size, settings.room_theme) == (
            self._settings.room_size,
            self._settings.room_theme,
        ):
            return
        self._settings = settings
        self._window.hide()
        self._window.deleteLater()
        self._make_views()
        self._show_meeting()
        if shown:
            self.open_on(self._display)

    def choose(self) -> None:
        """Ask which display the room screen goes to; nothing opens on an unnamed one."""
        menu = QMenu(self._main)
        here = self._main.screen().name() if self._main.screen() is not None else ""
        for display in displays():
            own = display.identity.split("|")[0] == here
            words = f"{display.words} (this display)" if own else display.words
            entry = menu.addAction(f"Room screen on {words}".replace("&", "&&"))
            entry.triggered.connect(partial(self.open_on, display.identity))
        if self._window.isVisible():
            menu.addAction("Hide the room screen").triggered.connect(self.hide)
        if len(displays()) == 1:
            menu.addSeparator()
            note = menu.addAction("Only one display found: F7 swaps desk and room on it")
            note.setEnabled(False)
        button = self._desk.top.room_button
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def swap(self) -> None:
        """Change places; with one display, room view and desk take turns on it."""
        if len(displays()) == 1 or not self._display:
            if self._window.isVisible():
                self.hide()
            elif self._main.screen() is not None:
                self.open_on(_identity_here(self._main))
            return
        desk_at, room_at = _identity_here(self._main), self._display
        target = screen_of(room_at)
        if target is not None:
            self._main.setScreen(target)
            self._main.move(target.availableGeometry().topLeft())
        self.open_on(desk_at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width of the private panel needs another preview."""
        if event.type() == QEvent.Type.Resize and not self._preview.isActive():
            self._preview.start()
        return super().eventFilter(watched, event)

    def freeze(self) -> None:
        """Keep the picture as it is until pressed again."""
        self._stage.change(frozen=not self._stage.scene.frozen)

    def blank(self) -> None:
        """Show nothing until pressed again."""
        self._stage.change(blank=not self._stage.scene.blank)

    def hide(self) -> None:
        """Take the room screen away."""
        self._display = ""
        self._window.hide()
        self._say()
        self._main.activateWindow()

    def close(self) -> None:
        """The incident is closed: so is the room screen."""
        self._stop()
        # The desk may be seen, and resized, for a while after this.
        self._preview.stop()
        self._preview.timeout.disconnect(self._show_preview)
        self._window.hide()
        self._window.deleteLater()
        self._still.deleteLater()

    def picture(self, width: int, height: int) -> QPixmap:
        """What the room sees, as a picture of this size."""
        self._still.resize(width, height)
        # Rendered, not grabbed: a grab would have the pixels of the desk's display.
        picture = QPixmap(width, height)
        self._still.render(picture)
        return picture

    def _make_views(self) -> None:
        theme = Theme(self._settings.room_theme)
        openings = self._desk.bank.openings
        opening = self._desk.bank.fill(openings[0].text, {}) if openings else ""
        self._view = RoomView(theme, self._settings.room_size, opening=opening)
        self._window = RoomWindow(self._view)
        # A second picture for the preview: the first may be hidden or on a display that went.
        self._still = RoomView(theme, self._settings.room_size, opening=opening)

    @property
    def display(self) -> str:
        """The identity of the display that the room screen is on, or nothing."""
        return self._display

    def open_on(self, identity: str, _checked: bool = False) -> None:
        """Show the room screen on this display, full screen."""
        screen = screen_of(identity)
        if screen is None:
            self._desk.messages.say("That display is no longer there. Choose another one.")
            return
        self._display, self._lost = identity, False
        # The screen comes first: full screen goes to wherever the window is.
        self._window.setScreen(screen)
        self._window.setGeometry(screen.geometry())
        self._window.showFullScreen()
        self._refresh()
        self._say()

    def _display_gone(self, identity: str) -> None:
        if identity == self._display and self._window.isVisible():
            # At once: Qt would put the full-screen window over the desk.
            self._window.hide()
            self._lost = True
            self._desk.messages.say(
                "The room's display went away. The room screen returns when it does.",
                seconds=30,
            )
        elif self._window.isVisible():
            # Qt is about to move the desk to a display that is left, perhaps under the room.
            QTimer.singleShot(0, self._uncover_desk)
        self._say()

    def _uncover_desk(self) -> None:
        if self._window.isVisible() and self._main.screen() is self._window.screen():
            self.hide()
            self._desk.messages.say("The room screen is hidden: only this display is left.")

    def _display_came(self, identity: str) -> None:
        if self._lost and identity == self._display:
            self.open_on(identity)
        self._say()

    def _follow_document(self, _edit: Edit) -> None:
        self._refresh()

    def _follow_stage(self, _scene: Scene) -> None:
        self._refresh()
        self._say()

    def _follow_clock(self, reading: Reading) -> None:
        if not self._stage.scene.frozen:
            self._view.show_reading(reading)
            if self._still.show_reading(reading) and not self._preview.isActive():
                self._preview.start()

    def _refresh(self) -> None:
        scene = self._stage.scene
        if scene.frozen:
            for view in (self._view, self._still):
                view.show_blank(scene.blank)
            return
        self._show_meeting()

    def _show_meeting(self) -> None:
        scene = self._stage.scene
        seen = self._redact(self._session.document)
        scene = replace(scene, asked=self._redact.words(scene.asked))
        reading = self._desk.ticker.reading()
        for view in (self._view, self._still):
            view.show_meeting(seen, scene, reading)
        if not self._preview.isActive():
            self._preview.start()

    def _show_preview(self) -> None:
        size = self._desk.private.preview_size()
        ratio = self._desk.devicePixelRatioF()
        wide = min(size.width(), size.height() * _FULL.width() / _FULL.height())
        high = wide * _FULL.height() / _FULL.width()
        small = self.picture(round(wide * ratio), round(high * ratio))
        small.setDevicePixelRatio(ratio)
        self._frame(small)
        self._desk.private.show_room(small, self._where())

    def _frame(self, picture: QPixmap) -> None:
        """A white picture on a white panel needs an edge; live, it has the accent's colour."""
        live = self._window.isVisible() and not self._stage.scene.frozen
        color = self._desk.theme.color("accent" if live else "border")
        size = picture.deviceIndependentSize()
        with QPainter(picture) as painter:
            painter.setPen(QPen(color, 2))
            painter.drawRect(QRectF(1, 1, size.width() - 2, size.height() - 2))

    def _where(self) -> str:
        scene = self._stage.scene
        if not self._window.isVisible():
            return "Room screen · not shown" if not self._lost else "Room screen · display lost"
        state = "BLANK" if scene.blank else "FROZEN" if scene.frozen else "live"
        return f"Room screen · {self._display.split('|')[0]}, {state}"

    def _say(self) -> None:
        scene = self._stage.scene
        shown = self._window.isVisible()
        state = "blank" if scene.blank else "frozen" if scene.frozen else "on"
        self._desk.top.show_room(state if shown or state != "on" else "")
        self._desk.set_mirrored(are_mirrored())
        if not self._preview.isActive():
            self._preview.start()


def _identity_here(window: QWidget) -> str:
    name = window.screen().name() if window.screen() is not None else ""
    return next((d.identity for d in displays() if d.identity.split("|")[0] == name), "")
