"""One way to put other words into any free text: what a rewording does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from facilitator.model.change import Edit
from facilitator.model.document import Document
from facilitator.model.edits.fixes import change_fix, change_follow_up, change_parked
from facilitator.model.edits.incident import change_incident
from facilitator.model.edits.moments import change_moment
from facilitator.model.edits.whys import change_why

_WAYS: Final[dict[str, Callable[[Document, str, str, str], Edit]]] = {
    "incident": lambda doc, _id, field, text: change_incident(doc, **{field: text}),
    "moment": lambda doc, record, field, text: change_moment(doc, record, **{field: text}),
    "why": lambda doc, record, _field, text: change_why(doc, record, text),
    "fix": lambda doc, _id, field, text: change_fix(doc, **{field: text}),
    "follow_up": lambda doc, record, field, text: change_follow_up(doc, record, **{field: text}),
    "parked": lambda doc, record, field, text: change_parked(doc, record, **{field: text}),
}


def reword(document: Document, kind: str, record: str, field: str, text: str) -> Edit:
    """Put this text in place of a record's field. Raises LookupError on a kind without texts."""
    made = _WAYS[kind](document, record, field, text)
    return Edit("Use rewording", made.changes)


def replaced(value: str, span: tuple[int, int], sentence: str) -> str:
    """The text with the sentence at `span` (code points) replaced."""
    return f"{value[: span[0]]}{sentence}{value[span[1] :]}"
