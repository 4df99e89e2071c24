"""Drafts of what belongs to no incident yet: a new one, words for share-safe copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from facilitator.store.history import NO_INCIDENT
from facilitator.store.writer import Write

if TYPE_CHECKING:
    from facilitator.store.library import Library

_INCIDENT: Final = "incident:new:"
TITLE: Final = f"{_INCIDENT}title"


class Beginnings:
    """What is typed outside any incident, most of it to begin one; the library keeps it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which something is kept of an incident that is still to be made."""
        return tuple(key for key in self._library.begun if key.startswith(_INCIDENT))

    def draft(self, key: str) -> str | None:
        """What was being typed under this key when the app ended, if anything."""
        return self._library.begun.get(key)

    def keep_draft(self, key: str, text: str) -> None:
        """Put a text being typed on disk."""
        if self._library.begun.get(key) != text:
            storable = text.encode(errors="replace").decode()
            self._library.begun[key] = storable
            self._post(key, storable)

    def drop_draft(self, key: str) -> None:
        """Forget a draft; one that does not exist is no error."""
        if self._library.begun.pop(key, None) is not None:
            self._post(key, None)

    def _post(self, key: str, text: str | None) -> None:
        self._library.post(Write(_unheard, draft=(NO_INCIDENT, key, text)))


def _unheard(_problem: str) -> None:
    """Nobody waits for such a draft; while the disk fails it is kept like everything else."""
