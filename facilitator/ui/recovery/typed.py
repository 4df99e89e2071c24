"""Texts that were typed and are in no field any more: which they are, and where they belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from facilitator.model.document import Document
from facilitator.model.edits.fixes import FIX_ID
from facilitator.model.records import KINDS
from facilitator.ui.desk.desk import Desk
from facilitator.ui.drafting import keepers_of

# What else is kept beside a document is no text of a person.
_NO_TEXT: Final = ("revision", "clock_mark", "signature")
# Chosen beside a text, and kept with it: alone they say nothing.
_BESIDE: Final = ("lane", "key", "precision", "near", "role")
_NEW: Final = "new"
_PLACES: Final = {
    "incident": "Incident",
    "person": "People",
    "waiver": "Reason to keep words",
    "moment": "Timeline",
    "why": "5 Whys",
    "fix": "Structural fix",
    "follow_up": "Supporting action",
    "parked": "Parking lot",
}
_ADDED: Final = {"person": "new person", "moment": "new moment", "why": "new answer"}
_FIELDS: Final = {
    "at": "time",
    "until": "end",
    "zone": "time zone",
    "started_at": "impact began",
    "resolved_at": "resolved",
    "meeting_at": "meeting",
    "support_calls": "support calls",
    "was_hard": "what was hard",
    "went_well": "what went well",
    "why_allowed": "why the system allowed it",
    "check": "we see it worked if",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in one place: the keys of its drafts, and whether that place is still there.

    `place` and `text` are for the facilitator alone.
    """

    keys: tuple[str, ...]
    place: str
    text: str
    is_homeless: bool

    @property
    def key(self) -> str:
        """The key by which its place is found."""
        return self.keys[0]


def left_typed(document: Document, drafts: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of texts that were typed and are not what the document says."""
    return tuple(key for key, text in drafts.items() if _is_open(document, key, text))


def begun(desk: Desk, known: Iterable[str]) -> tuple[Typed, ...]:
    """What was typed and stands in no field: the `known` keys, and what lost its field since."""
    document, drafts = desk.session.document, desk.session.session.drafts
    shown = keepers_of(desk)
    keys = [k for k in left_typed(document, drafts) if k in known or k not in shown]
    return tuple(_gathered(desk, keys, drafts))


def told(count: int) -> str:
    """What is said about so many texts."""
    were = "1 text was" if count == 1 else f"{count} texts were"
    what = "It is" if count == 1 else "They are"
    return f"{were} being typed when Facilitator ended. {what} kept, not committed yet."


def put_back(desk: Desk, typed: Typed) -> None:
    """Bring the field with this text before the person's eyes, to go on typing."""
    key = typed.key
    kind, record, _field = key.split(":", 2)
    if kind == "moment":
        if record == _NEW:
            desk.timeline.new_moment()
        else:
            desk.timeline.select([record])
            desk.timeline.edit_selected()
    elif kind == "why":
        desk.look("whys")
        desk.whys.put_back(key)
    elif kind == "waiver":
        desk.private.hints.answer(key)
    elif key == "parked:new:text":
        desk.agenda.parking.line.setFocus()
    else:
        desk.go_to(key)


def forget(desk: Desk, typed: Typed) -> None:
    """Give it up; where it stands in a field that field goes back to what is committed."""
    shown = keepers_of(desk)
    for key in typed.keys:
        if key in shown:
            shown[key].give_up()
        desk.session.drop_draft(key)


def _gathered(desk: Desk, keys: list[str], drafts: Mapping[str, str]) -> Iterator[Typed]:
    """One for each place: what stands in the editor of a moment is one text."""
    order = sorted(keys, key=lambda key: (_together(key), not key.endswith(":text")))
    for _place, group in groupby(order, key=_together):
        found = tuple(group)
        lines = [_line(key, drafts[key]) for key in found]
        beside = [k for k in drafts if _together(k) == _together(found[0]) and k not in found]
        home = _is_home(desk, found[0])
        yield Typed((*found, *beside), _place_of(found, home), "\n".join(lines), not home)


def _together(key: str) -> str:
    kind, record, _field = key.split(":", 2)
    return f"{kind}:{record}" if kind in ("moment", "person") else key


def _line(key: str, text: str) -> str:
    kind, _record, field = key.split(":", 2)
    beside = kind == "moment" and field != "text"
    return f"{_FIELDS[field].capitalize()}: {text}" if beside else text


def _place_of(keys: tuple[str, ...], home: bool) -> str:
    kind, record, field = keys[0].split(":", 2)
    words = _PLACES[kind]
    if kind in ("incident", "fix", "follow_up") and field != "text":
        words = f"{words}: {_FIELDS.get(field, field.replace('_', ' '))}"
    elif record == _NEW and kind in _ADDED:
        words = f"{words}: {_ADDED[kind]}"
    return words if home else f"{words} · what it belonged to is gone"


def _is_home(desk: Desk, key: str) -> bool:
    kind, record, _field = key.split(":", 2)
    if kind == "why":
        return desk.whys.has_place_for(key)
    if kind == "waiver":
        return desk.private.hints.can_answer(key)
    return record in (_NEW, FIX_ID) or desk.session.document.find(KINDS[kind], record) is not None


def _is_open(document: Document, key: str, text: str) -> bool:
    kind, record, field = (*key.split(":", 2), "", "")[:3]
    if kind not in KINDS or kind in _NO_TEXT or field in _BESIDE or not text.strip():
        return False
    return getattr(document.find(KINDS[kind], record), field, None) != text
