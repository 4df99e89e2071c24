"""Edits of several moments at once: shift them, set a field of each, put them in the tray."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from facilitator.model.change import Change, Edit, Refused, join
from facilitator.model.document import Document
from facilitator.model.edits.moments import change_moment, move_moment
from facilitator.model.records import LANES, Moment


def shift_moments(
    document: Document, moment_ids: Iterable[str], by: timedelta, lanes: int = 0, *, burst: str = ""
) -> Edit:
    """Move moments by a time and by lanes (down is positive); who is at the last lane stays there.

    A moment without a time changes its lane only. Edits with one `burst` undo as one step.
    """
    edits: list[Edit] = []
    for moment_id in dict.fromkeys(moment_ids):
        moment = document.get(Moment, moment_id)
        place = LANES.index(moment.lane) + lanes
        lane = LANES[min(max(place, 0), len(LANES) - 1)]
        if moment.at is None:
            edits.append(change_moment(document, moment_id, lane=lane))
        else:
            try:
                edits.append(move_moment(document, moment_id, moment.at + by, lane))
            except OverflowError as error:
                raise Refused("There is no such time.") from error
    label = "Move moment" if len(edits) == 1 else f"Move {len(edits)} moments"
    return replace(join(label, edits), burst=burst)


def change_moments(document: Document, moment_ids: Iterable[str], **values: Any) -> Edit:  # noqa: ANN401
    """Set the same fields of several moments, as one edit."""
    edits = [change_moment(document, each, **values) for each in dict.fromkeys(moment_ids)]
    return edits[0] if len(edits) == 1 else join(f"Edit {len(edits)} moments", edits)


def forget_time(document: Document, moment_ids: Iterable[str]) -> Edit:
    """Put moments into the tray of those whose time nobody knows."""
    edits = [
        Edit("", (Change(m, replace(m, at=None, until=None, precision="unknown")),))
        for each in dict.fromkeys(moment_ids)
        if (m := document.get(Moment, each)).at is not None
    ]
    return join("Set time to unknown", edits)
