"""Keeps the underlines of painted texts as the hints are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from facilitator.language.hints import Hint
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.desk.parking import ParkingLot
from facilitator.ui.hinting import Hinting
from facilitator.ui.timeline.canvas import Canvas
from facilitator.ui.whys.canvas import WhyCanvas

_PAINTED: Final = ("moment:", "why:", "parked:")


class Marking(QObject):
    """Marks the timeline, the tree and the parking lot of the desk; nothing else is ever marked."""

    def __init__(
        self,
        book: HintBook,
        hinting: Hinting,
        timeline: Canvas,
        whys: WhyCanvas,
        parking: ParkingLot,
    ) -> None:
        super().__init__(timeline)
        self._book = book
        self._timeline = timeline
        self._whys = whys
        self._parking = parking
        self._marked: dict[str, tuple[Hint, ...]] = {}
        timeline.mark(book.hints_in)
        whys.cards.hints_in = book.hints_in
        parking.mark(book.hints_in)
        book.changed.connect(self._follow)
        # Whether marks are shown at all may be another matter now.
        hinting.changed.connect(self._paint)

    def _follow(self) -> None:
        marked = {
            heard.key: heard.hints for heard in self._book.heard if heard.key.startswith(_PAINTED)
        }
        if marked != self._marked:  # else what was heard stands in a field, which marks it itself
            self._marked = marked
            self._paint()

    def _paint(self) -> None:
        self._timeline.update()
        self._whys.update()
        self._parking.update_marks()
