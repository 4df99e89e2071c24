"""Which moments are selected, which of them is current, and where the arrow keys lead."""

from __future__ import annotations

from collections.abc import Iterable

from facilitator.model.document import Document
from facilitator.model.records import LANES, Moment
from facilitator.ui.timeline.view import View


class Choice:
    """The selection of one canvas, in the order things were selected; the last is current."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.ids: tuple[str, ...] = ()
        self.current = ""
        self.visit = 0

    def set(self, ids: Iterable[str], current: str = "") -> bool:
        """Select these; True when that is another selection than before."""
        wanted = tuple(dict.fromkeys(ids))
        before = self.ids
        self.ids = wanted
        self.current = current if current in wanted else (wanted[-1] if wanted else "")
        if set(before) != set(wanted):
            self.visit += 1
            return True
        return False

    def keep_known(self, document: Document) -> bool:
        """Let go of moments that are no more; True when there were such."""
        known = [each for each in self.ids if document.find(Moment, each) is not None]
        return len(known) != len(self.ids) and self.set(known, self.current)

    def measured(self) -> tuple[float, float] | None:
        """The two times between which a length is shown: two selected moments with a time."""
        if len(self.ids) != 2:
            return None
        entries = [self._view.chart.find(each) for each in self.ids]
        times = sorted(entry.start for entry in entries if entry is not None)
        return (times[0], times[1]) if len(times) == 2 else None

    def step(self, by: int) -> str:
        """The moment after (1) or before (-1) the current one in time; the tray comes last."""
        ids = self._order()
        if not ids:
            return ""
        if self.current not in ids:
            return self._first_in_view() or ids[0]
        return ids[min(max(ids.index(self.current) + by, 0), len(ids) - 1)]

    def end(self, *, last: bool) -> str:
        """The first or the last moment in time."""
        order = self._view.chart.order
        return order[-1 if last else 0].moment.id if order else ""

    def across(self, by: int) -> str:
        """The nearest moment in time in the next lane below (1) or above (-1) that has any."""
        chart = self._view.chart
        entry = chart.find(self.current)
        if entry is None:
            return self._from_tray(by)
        place = LANES.index(entry.moment.lane) + by
        while 0 <= place < len(LANES):
            entries = chart.lanes[place].entries
            if entries:
                return min(entries, key=lambda e: abs(e.start - entry.start)).moment.id
            place += by
        if by > 0 and chart.tray:
            return chart.tray[0].id
        return self.current

    def _from_tray(self, by: int) -> str:
        if not self.current:
            return self.step(1)
        lanes = [lane for lane in self._view.chart.lanes if lane.entries]
        if by < 0 and lanes:
            return lanes[-1].entries[0].moment.id
        return self.current

    def _order(self) -> list[str]:
        chart = self._view.chart
        return [e.moment.id for e in chart.order] + [moment.id for moment in chart.tray]

    def _first_in_view(self) -> str:
        view = self._view
        begin, end = view.scale.start, view.scale.at(view.sizes.plot_right)
        seen = (e.moment.id for e in view.chart.order if begin <= e.start <= end)
        return next(seen, "")
