"""Texts that were being typed when the app ended: which they are, and where to find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from facilitator.model.document import Document
from facilitator.model.records import KINDS
from facilitator.ui.desk.desk import Desk

# What else is kept beside a document is no text of a person.
_NO_TEXT: Final = ("revision", "clock_mark", "signature")
_NEW: Final = "new"


def left_typed(document: Document, drafts: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of texts that were typed and are not what the document says."""
    return tuple(
        key for key, text in drafts.items() if text.strip() and _is_open(document, key, text)
    )


def told(count: int) -> str:
    """What is said about so many texts."""
    if count == 1:
        return (
            "1 text was being typed when Facilitator ended; it is in its field, not committed yet."
        )
    return (
        f"{count} texts were being typed when Facilitator ended; they are in their fields, not"
        " committed yet."
    )


def show_typed(desk: Desk, key: str) -> None:
    """Bring the field with this text before the person's eyes."""
    kind, record, _field = key.split(":", 2)
    if kind == "moment":
        if record == _NEW:
            desk.timeline.new_moment()
        else:
            desk.timeline.select([record])
            desk.timeline.edit_selected()
    elif kind == "parked":
        desk.agenda.parking.line.setFocus()
    else:
        desk.go_to(key if record != _NEW or kind != "why" else "whys")
        if kind == "why":
            desk.whys.setFocus()


def _is_open(document: Document, key: str, text: str) -> bool:
    kind, record, field = (*key.split(":", 2), "", "")[:3]
    if kind not in KINDS or kind in _NO_TEXT:
        return False
    found = document.find(KINDS[kind], record)
    if found is None:
        return record == _NEW
    return getattr(found, field, None) != text
