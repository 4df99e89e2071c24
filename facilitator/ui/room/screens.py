"""Displays by name: where the room screen may go, and when its display goes away."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


@dataclass(frozen=True, slots=True)
class Display:
    """One display as people know it; `identity` is the same after it is plugged in again."""

    identity: str
    words: str
    width: int
    height: int


def displays() -> tuple[Display, ...]:
    """Every display there is now."""
    return tuple(_display(screen) for screen in QGuiApplication.screens())


def screen_of(identity: str) -> QScreen | None:
    """The screen of a display, for use right now: Qt deletes it when the display goes."""
    for screen in QGuiApplication.screens():
        if _display(screen).identity == identity:
            return screen
    return None


def are_mirrored() -> bool:
    """Whether two displays show the same picture: then the room sees the desk."""
    places = [screen.geometry() for screen in QGuiApplication.screens()]
    return any(a == b for i, a in enumerate(places) for b in places[i + 1 :])


class DisplayWatch(QObject):
    """Tells when displays come and go; by identity, never by a screen that is about to die."""

    gone = Signal(str)
    came = Signal(str)
    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self._removed)
            app.screenAdded.connect(self._added)
            for screen in app.screens():
                # Mirroring is switched on by moving one display onto the other.
                screen.geometryChanged.connect(self.moved)

    def _removed(self, screen: QScreen) -> None:
        self.gone.emit(_display(screen).identity)

    def _added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self.moved)
        self.came.emit(_display(screen).identity)


def _display(screen: QScreen) -> Display:
    size = screen.geometry()
    maker = " ".join(part for part in (screen.manufacturer(), screen.model()) if part)
    words = f"{screen.name()} · {maker}" if maker else screen.name()
    identity = "|".join((screen.name(), screen.model(), screen.serialNumber()))
    return Display(
        identity, f"{words} · {size.width()}×{size.height()}", size.width(), size.height()
    )
