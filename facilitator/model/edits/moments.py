"""Edits of the timeline: add, move, rename, mark as key moment, remove."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import (
    KEY_MOMENTS,
    LANES,
    PRECISIONS,
    PROVENANCES,
    Evidence,
    Moment,
    Series,
)


def add_moment(
    document: Document,
    text: str,
    at: datetime | None,
    lane: str = "action",
    **values: Any,  # noqa: ANN401
) -> Edit:
    """A new moment (UTC; None when nobody knows the time); `values` are other fields."""
    values.setdefault("precision", "exact" if at else "unknown")
    moment = _checked(Moment(values.pop("id", "") or new_id(), text, lane, at, **values))
    return Edit("Add moment", (*_key_freed(document, moment), Change(None, moment)))


def add_moments(
    document: Document, moments: Iterable[Moment], label: str, series: Iterable[Series] = ()
) -> Edit:
    """Many moments (and curves) as one edit, as an import makes them. One undo removes them all."""
    taken = {m.key for m in document.all(Moment) if m.key}
    changes: list[Change] = []
    for moment in moments:
        key = "" if moment.key in taken else moment.key
        if key:
            taken.add(key)
        changes.append(Change(None, _checked(replace(moment, key=key))))
    changes.extend(Change(None, each) for each in series)
    return Edit(label, tuple(changes))


def change_moment(document: Document, moment_id: str, **values: Any) -> Edit:  # noqa: ANN401
    """Set fields of a moment by name; a key moment's key is taken from whoever had it."""
    before = document.get(Moment, moment_id)
    after = _checked(replace(before, **values))
    if after == before:
        return Edit("Edit moment", ())
    label = "Edit moment" if after.key == before.key else "Set key moment"
    return Edit(label, (*_key_freed(document, after), Change(before, after)))


def move_moment(
    document: Document, moment_id: str, at: datetime, lane: str | None = None, *, burst: str = ""
) -> Edit:
    """Move a moment in time, and to another lane; its length goes with it."""
    before = document.get(Moment, moment_id)
    until = at + (before.until - before.at) if before.until and before.at else None
    precision = "exact" if before.precision == "unknown" else before.precision
    after = _checked(
        replace(before, at=at, until=until, lane=lane or before.lane, precision=precision)
    )
    return Edit("Move moment", () if after == before else (Change(before, after),), burst)


def stretch_moment(document: Document, moment_id: str, until: datetime | None) -> Edit:
    """Set when a moment ended; None makes it a point in time."""
    before = document.get(Moment, moment_id)
    after = _checked(replace(before, until=until))
    return Edit("Stretch moment", () if after == before else (Change(before, after),))


def remove_moments(document: Document, moment_ids: Iterable[str]) -> Edit:
    """Remove moments, and the evidence that rests on them."""
    ids = set(moment_ids)
    moments = [Change(document.get(Moment, each), None) for each in sorted(ids)]
    resting = [Change(e, None) for e in document.all(Evidence) if e.moment in ids]
    label = "Delete moment" if len(ids) == 1 else f"Delete {len(ids)} moments"
    return Edit(label, (*moments, *resting))


def _key_freed(document: Document, moment: Moment) -> tuple[Change, ...]:
    if not moment.key:
        return ()
    return tuple(
        Change(m, replace(m, key=""))
        for m in document.all(Moment)
        if m.key == moment.key and m.id != moment.id
    )


def _checked(moment: Moment) -> Moment:
    text = clean_text(moment.text)
    if not text:
        raise Refused("A moment needs a text.")
    choices = (
        (moment.lane, LANES, "lane"),
        (moment.precision, PRECISIONS, "precision"),
        (moment.provenance, PROVENANCES, "provenance"),
        (moment.key, ("", *KEY_MOMENTS), "key moment"),
    )
    for value, known, what in choices:
        if value not in known:
            raise Refused(f"“{value}” is no {what}. Known are: {', '.join(k for k in known if k)}.")
    if moment.at and moment.until and moment.until < moment.at:
        raise Refused("A moment cannot end before it begins.")
    if moment.at is None:
        return replace(moment, text=text, precision="unknown", until=None)
    return replace(moment, text=text)
