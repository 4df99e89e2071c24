"""A share-safe copy: the incident for eyes outside, from which nobody can be named.

Names become roles everywhere, in any case and in handles; chosen words are replaced wherever they
stand, inside longer words too; what tells where an import came from goes, and so do waivers,
signatures and revisions. Every id is new, since ids can come from outside and speak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from facilitator.model.change import Refused
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.edits.fixes import FIX_ID
from facilitator.model.records import (
    ClockMark,
    Evidence,
    Fix,
    Incident,
    Moment,
    Record,
    Revision,
    Series,
    Signature,
    Topic,
    Waiver,
    Why,
)
from facilitator.model.redact import name_roles, redact
from facilitator.model.times import zone_of

REMOVED: Final = "[removed]"
_LEFT_OUT: Final = (Waiver, Revision, Signature)
# Fields whose words are the program's own and not anybody's: replacing them would break them.
_FIXED: Final = {
    *("id", "parent", "why", "moment", "topic", "payer", "boot_id", "zone", "severity", "level"),
    *("other_levels", "label", "role", "phase", "lane", "precision", "key", "provenance"),
    *("artefact_kind", "kind", "status", "destination", "digest", "original", "source"),
}
_STRIPPED: Final[dict[type[Any], dict[str, Any]]] = {
    Moment: {"source": "", "line": None, "original": "", "digest": ""},
    Series: {"source": "", "digest": ""},
}
_REFERENCES: Final[dict[type[Any], dict[str, type[Any]]]] = {
    Why: {"parent": Why},
    Evidence: {"why": Why, "moment": Moment},
    Fix: {"why": Why},
    ClockMark: {"topic": Topic, "payer": Topic},
}
_SPACES: Final = re.compile(r"\s+")


def read_words(lines: Iterable[str]) -> dict[str, str]:
    """The words to replace, from lines as “Acme=the customer”; without “=”, [removed] is said.

    Raises Refused on a word that cannot be replaced safely.
    """
    words: dict[str, str] = {}
    for line in lines:
        word, _, instead = (_SPACES.sub(" ", part).strip() for part in line.partition("="))
        if not word and not instead:
            continue
        if len(word) < 2:
            raise Refused(f"“{line.strip()}” names no word to replace: two characters at least.")
        words[_composed(word)] = _composed(instead) or REMOVED
    for word, instead in words.items():
        held = next((w for w in words if _found(w, instead)), "")
        if held:
            raise Refused(f"“{instead}”, said instead of “{word}”, holds “{held}” itself.")
    return words


def share_safe(document: Document, words: Mapping[str, str] | None = None) -> Document:
    """The copy to hand out. Raises Refused when a word would stand in it all the same."""
    copy = _Copy(document, words or {})
    roled = redact(document)
    shared = Document(copy.record(r) for r in roled.records() if not isinstance(r, _LEFT_OUT))
    left = leaks(shared, words or {})
    if left:
        raise Refused(
            f"“{left[0]}” would still stand in the copy, for replacements put together spell it."
            " Choose other words to say instead."
        )
    return shared


def leaks(document: Document, words: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that stand in a text of the document, in any case."""
    texts = [text for record in document.records() for text in _texts(record)]
    return tuple(word for word in words if any(_found(word, text) for text in texts))


class _Copy:
    """Writes one record after another anew."""

    def __init__(self, document: Document, words: Mapping[str, str]) -> None:
        roles = name_roles(document)
        self._roles = {_composed(name).casefold(): role for name, role in roles.items()}
        self._names = _name_pattern(self._roles)
        self._instead = {_composed(word).casefold(): said for word, said in words.items()}
        self._words = _word_pattern(self._instead)
        self._ids = _new_ids(document)
        self._boots: dict[str, str] = {}
        self._at = document.incident.started_at or document.incident.created_at

    def record(self, record: Record) -> Record:
        values = dict(_STRIPPED.get(type(record), {}))
        values["id"] = self._ids[type(record), record.id]
        for name, kind in _REFERENCES.get(type(record), {}).items():
            known = getattr(record, name)
            # Empty, "end", or of a record that is gone: then there is nothing to point at.
            values[name] = self._ids.get((kind, known), known if known == "end" else "")
        for f in fields(record):
            value = getattr(record, f.name)
            if isinstance(value, str) and f.name not in _FIXED:
                values[f.name] = self._text(value)
        if isinstance(record, Incident):
            values["zone"] = self._zone(record.zone)
        if isinstance(record, ClockMark):
            values["boot_id"] = self._boots.setdefault(
                record.boot_id, f"boot-{len(self._boots) + 1}"
            )
        return replace(record, **values)

    def _text(self, text: str) -> str:
        said = self._names.sub(self._role, _composed(text))
        return self._words.sub(self._replacement, said)

    def _role(self, match: re.Match[str]) -> str:
        return self._roles.get(_SPACES.sub(" ", match[0]).casefold(), "a participant")

    def _replacement(self, match: re.Match[str]) -> str:
        return self._instead.get(_SPACES.sub(" ", match[0]).casefold(), REMOVED)

    def _zone(self, zone: str) -> str:
        if not any(_found(word, zone) for word in self._instead):
            return zone
        return _plain_zone(zone, self._at)


def _new_ids(document: Document) -> dict[tuple[type[Any], str], str]:
    ids = {(type(record), record.id): str(n) for n, record in enumerate(document.records())}
    # The one fix is found by the id that the program itself gives it.
    return {**ids, (Fix, FIX_ID): FIX_ID, (Incident, document.incident.id): new_id()}


def _name_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Whole names in any case, and parts of them where they stand in a handle or an address."""
    whole = [_any_space(name) for name in names if " " in name]
    parts = "|".join(re.escape(name) for name in names if " " not in name) or "(?!)"
    within = rf"(?<=[@._/\\])(?:{parts})(?![^\W_])|(?<![^\W_])(?:{parts})(?=[@_]|\.\w)"
    all_capitals = "|".join(re.escape(n.upper()) for n in names if " " not in n) or "(?!)"
    shouted = rf"(?-i:(?<!\w)(?:{all_capitals})(?!\w))"
    sides = "|".join([rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)"] if whole else [])
    return re.compile("|".join(filter(None, (sides, within, shouted))), re.IGNORECASE)


def _word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_any_space, longest_first)) or "(?!)", re.IGNORECASE)


def _any_space(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))


def _texts(record: Record) -> Iterable[str]:
    for f in fields(record):
        value = getattr(record, f.name)
        if isinstance(value, str) and (f.name not in _FIXED or f.name == "zone"):
            yield value


def _found(word: str, text: str) -> bool:
    plain = _SPACES.sub(" ", _composed(text)).casefold()
    return _composed(word).casefold() in plain


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain_zone(zone: str, at: datetime) -> str:
    """The zone that keeps the same time without a place's name; UTC where there is none."""
    hours = (at.astimezone(zone_of(zone)).utcoffset() or at - at).total_seconds() / 3600
    if not hours.is_integer() or hours == 0:
        return "UTC"
    # These names count the other way round.
    return f"Etc/GMT{-int(hours):+d}"
