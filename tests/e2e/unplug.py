"""Shows the room on a projector, unplugs it, plugs it in, mirrors it; prints what happened."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from facilitator.app import make_application, make_parts
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.pictures import settle
from facilitator.ui.room.screens import are_mirrored, displays
from facilitator.ui.window import MainWindow

LAPTOP = ("LAPTOP", "960/250x1080/270+0+0")
PROJECTOR = ("PROJECTOR", "960/250x1080/270+960+0")
MIRROR = ("PROJECTOR", "960/250x1080/270+0+0")


class Watcher(QObject):
    """Remembers where a window was shown or moved to while it was visible."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.lefts: list[int] = []
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Look on; never interfere."""
        moved = event.type() in (QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Resize)
        if moved and self._window.isVisible():
            self.lefts.append(self._window.geometry().left())
        return False


def plug(monitor: tuple[str, str]) -> None:
    """Let a monitor be there."""
    # The laptop takes over the only output there is; else that would be a third display.
    output = "screen" if monitor is LAPTOP else "none"
    subprocess.run(["xrandr", "--setmonitor", *monitor, output], check=True, timeout=20)


def unplug(name: str) -> None:
    """Take a monitor away."""
    subprocess.run(["xrandr", "--delmonitor", name], check=True, timeout=20)


def wait_for(names: list[str]) -> list[str]:
    """The displays by name, once they are these; after ten seconds whatever they are."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends and _names() != names:
        settle(50)
    settle(300)
    return _names()


def _names() -> list[str]:
    return sorted(d.identity.split("|")[0] for d in displays())


def main() -> None:
    """Go through it and print one JSON object."""
    plug(LAPTOP)
    plug(PROJECTOR)
    app = make_application()
    with TemporaryDirectory() as scratch:
        library = Library(Path(scratch) / "library.sqlite")
        window = MainWindow(make_parts(library), Settings(), remember=False)
        window.setGeometry(0, 0, 940, 1000)
        window.show()
        window.open_demo()
        told = {"displays": wait_for(["LAPTOP", "PROJECTOR"])}
        told |= _unplugged(window) if window.room is not None else {}
        window.close()
    sys.stdout.write(json.dumps(told) + "\n")
    del app


def _unplugged(window: MainWindow) -> dict[str, object]:
    room = window.room
    assert room is not None
    projector = next(d for d in displays() if d.identity.startswith("PROJECTOR"))
    room.open_on(projector.identity)
    settle(500)
    told: dict[str, object] = {"opened_at": room.window.geometry().left()}
    watcher = Watcher(room.window)
    unplug("PROJECTOR")
    wait_for(["LAPTOP"])
    told["shown_after_unplug"] = room.window.isVisible()
    told["over_the_desk"] = [left for left in watcher.lefts if left < 960]
    plug(PROJECTOR)
    wait_for(["LAPTOP", "PROJECTOR"])
    told["shown_after_plug"] = room.window.isVisible()
    told["returned_to"] = room.window.geometry().left()
    unplug("PROJECTOR")
    wait_for(["LAPTOP"])
    plug(MIRROR)
    wait_for(["LAPTOP", "PROJECTOR"])
    told["mirrored"] = are_mirrored()
    return told


main()
