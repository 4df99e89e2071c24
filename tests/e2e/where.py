"""Prints where a moment's card is drawn in the main window of this size, in window pixels."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from PySide6.QtCore import QPoint

from facilitator.app import make_application, make_parts
from facilitator.model.records import Moment
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.pictures import settle
from facilitator.ui.window import MainWindow


def main() -> None:
    """Draw the window without a screen and look the card up."""
    source, text, width, height = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:5])
    app = make_application()
    with TemporaryDirectory() as scratch:
        library = Library(Path(copy(source, Path(scratch) / "copy.sqlite")))
        window = MainWindow(make_parts(library), Settings(), remember=False)
        window.resize(width, height)
        window.open_incident(library.incidents()[0].id)
        window.show()
        settle(400)
        desk = window.desk
        assert desk is not None
        moment = next(m for m in desk.session.document.all(Moment) if m.text == text)
        x, y, wide, tall = desk.timeline.canvas.anchor(moment.id)
        place = desk.timeline.canvas.mapTo(window, QPoint(x + wide // 2, y + tall // 2))
        sys.stdout.write(f"{place.x()} {place.y()}\n")
        window.close()
        del app


if __name__ == "__main__":
    main()
