"""Words of others kept apart from ours where some run leftward, so that neither tear the other.

A name in Hebrew before a date in English would otherwise take the date's number to its own side.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

from facilitator.model.document import Document
from facilitator.report.bidi import base_level, runs_both_ways

BEGIN: Final = "\u2068"
END: Final = "\u2069"
_NONE: Final = dict.fromkeys(map(ord, BEGIN + END))
# Fields that name a record, here or elsewhere: they are compared, not read.
_NAMES: Final = frozenset(
    ("id", "parent", "why", "moment", "record", "topic", "payer", "revision", "digest")
)


def isolated(document: Document) -> Document:
    """The document with every line of its texts isolated that runs leftward, at least in part."""
    return Document(_isolated(record) for record in document.records())


def without_isolates(text: str) -> str:
    """The text as it was before."""
    return text.translate(_NONE)


def outermost(text: str) -> str:
    """The line without its isolates when there is nothing with a direction outside them.

    Then what they hold says which way it runs, not the full stop behind it.
    """
    if BEGIN not in text and END not in text:
        return text
    # A line that was cut lacks an end.
    whole = text + END * (text.count(BEGIN) - text.count(END))
    has_direction = base_level(f"{whole}a") == base_level(f"{whole}\u05d0")
    return text if has_direction else without_isolates(text)


def _isolated(record: Any) -> Any:  # noqa: ANN401 (records have no type in common)
    changes = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name not in _NAMES and isinstance(value, str) and runs_both_ways(value):
            lines = value.split("\n")
            changes[each.name] = "\n".join(
                f"{BEGIN}{said}{END}" if runs_both_ways(said) else said for said in lines
            )
    return replace(record, **changes) if changes else record
