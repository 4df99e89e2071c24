"""What an importer hands back, and what it says when a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from facilitator.model.change import Edit
from facilitator.model.document import Document
from facilitator.model.edits.moments import add_moments
from facilitator.model.records import Moment, Series

_NAMED: Final = 4


class ImportProblem(Exception):
    """A file that cannot be imported; the text is a sentence: which file, where, what to do."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: moments, curves, and sentences about what had to be guessed or left out.

    `digest` is the SHA-256 (hex) of the file's bytes; every record carries it too.
    """

    name: str
    format: str
    moments: tuple[Moment, ...]
    series: tuple[Series, ...]
    warnings: tuple[str, ...]
    digest: str

    @property
    def events(self) -> int:
        """How many moments and points of curves were read."""
        return len(self.moments) + sum(len(each.points) for each in self.series)

    @property
    def first(self) -> datetime | None:
        """The earliest time in the file (UTC), None when nothing in it has a time."""
        return min(self._times(), default=None)

    @property
    def last(self) -> datetime | None:
        """The latest time in the file (UTC)."""
        return max(self._times(), default=None)

    def _times(self) -> Iterable[datetime]:
        yield from (m.at for m in self.moments if m.at is not None)
        for each in self.series:
            if each.points:
                yield datetime.fromtimestamp(each.points[0][0], UTC)
                yield datetime.fromtimestamp(each.points[-1][0], UTC)


def import_edit(document: Document, files: Sequence[Imported]) -> Edit:
    """One edit that adds what these files hold and the document does not have yet.

    A row that was imported before (same file, same line) is left out. Raises Refused.
    """
    have = {(m.digest, m.line) for m in document.all(Moment) if m.digest}
    curves = {(s.digest, s.name) for s in document.all(Series) if s.digest}
    moments: list[Moment] = []
    series: list[Series] = []
    for file in files:
        moments += [m for m in file.moments if (m.digest, m.line) not in have]
        series += [s for s in file.series if (s.digest, s.name) not in curves]
        have.update((m.digest, m.line) for m in file.moments)
        curves.update((s.digest, s.name) for s in file.series)
    label = f"Import {files[0].name}" if len(files) == 1 else f"Import {len(files)} files"
    return add_moments(document, moments, label, series)


def known_rows(document: Document, file: Imported) -> int:
    """How many of a file's moments and curves the document has already."""
    have = {(m.digest, m.line) for m in document.all(Moment)}
    curves = {(s.digest, s.name) for s in document.all(Series)}
    return sum((m.digest, m.line) in have for m in file.moments) + sum(
        (s.digest, s.name) in curves for s in file.series
    )


def with_warning(file: Imported, sentence: str) -> Imported:
    """The same with one more warning."""
    return replace(file, warnings=(*file.warnings, sentence))


def listed(lines: Sequence[int], what: str = "line") -> str:
    """Line numbers for people: line 3, lines 3 and 4, lines 3, 4, 5, 6 and 12 more."""
    if len(lines) == 1:
        return f"{what} {lines[0]}"
    named = [str(n) for n in lines[:_NAMED]]
    more = len(lines) - len(named)
    last = f"{more} more" if more else named.pop()
    return f"{what}s {', '.join(named)} and {last}"
