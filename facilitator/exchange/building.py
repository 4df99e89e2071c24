"""Rows become moments: each with where it comes from, and one sentence for each kind of trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from facilitator.exchange.columns import LANE_WORDS
from facilitator.exchange.imported import Imported, ImportProblem, listed
from facilitator.exchange.reading import Source
from facilitator.exchange.stamps import StampReader
from facilitator.model.change import Refused
from facilitator.model.clean import LONGEST_TEXT, clean_line, clean_text, was_cleaned
from facilitator.model.edits import new_id
from facilitator.model.records import KEY_MOMENTS, PRECISIONS, Moment

MOST_MOMENTS: Final = 50_000
_SHOWN: Final = 40


class MomentRows:
    """Gathers the moments of one file."""

    def __init__(self, source: Source, reader: StampReader, lane: str) -> None:
        self._source = source
        self._reader = reader
        self._lane = lane
        self._moments: list[Moment] = []
        self._timeless: list[tuple[int, str]] = []
        self._wordless: list[int] = []
        self._cleaned: list[int] = []
        self._lanes: list[tuple[int, str]] = []

    def add(
        self, line: int, stamp: str, text: str, original: str, extra: Mapping[str, str]
    ) -> None:
        """One row: its time and text as written, and what else it says (lane, key, until, ...)."""
        words = self._words(line, text)
        if not words:
            self._wordless.append(line)
            return
        if len(self._moments) >= MOST_MOMENTS:
            raise ImportProblem(
                f"{self._source.name} has more than {MOST_MOMENTS:,} rows; a timeline of that"
                " length helps nobody. Cut it to the hours around the incident."
            )
        at, precision = self._reader.read(stamp, line)
        if at is None:
            self._timeless.append((line, stamp.strip()))
        elif extra.get("precision") in PRECISIONS[:-1]:
            precision = extra["precision"]
        until = self._reader.read(extra.get("until", ""), line)[0] if at else None
        self._moments.append(
            Moment(
                new_id(),
                words,
                self._lane_of(line, extra.get("lane", "")),
                at,
                until if at and until and until >= at else None,
                precision,
                key=extra["key"] if extra.get("key") in KEY_MOMENTS else "",
                provenance="recorded",
                source=self._origin(extra.get("source", "")),
                line=line,
                original=kept_original(original),
                digest=self._source.digest,
            )
        )

    def imported(self, format_id: str, warnings: list[str]) -> Imported:
        """What was gathered. Raises ImportProblem when it has no row, or no time in any."""
        name = self._source.name
        if not self._moments:
            raise ImportProblem(f"{name} has no row with a text. Look at its columns.")
        if all(m.at is None for m in self._moments):
            line, stamp = self._timeless[0]
            raise ImportProblem(
                f"{name}: no time can be read in any of {len(self._moments)} rows; line {line} has"
                f" “{_short(stamp)}”. Write times as 2026-06-18 18:14 or 2026-06-18T18:14+12:00."
            )
        found = [*self._source.notes, *warnings, *self._reader.warnings(), *self._own_warnings()]
        return Imported(
            name, format_id, tuple(self._moments), (), tuple(found), self._source.digest
        )

    def _words(self, line: int, text: str) -> str:
        try:
            words = clean_text(text)
        except Refused as error:
            raise ImportProblem(
                f"{self._source.name}, line {line}: this text has {len(text):,} characters; at"
                f" most {LONGEST_TEXT:,} can be kept. Cut that row."
            ) from error
        if was_cleaned(text):
            self._cleaned.append(line)
        return words

    def _lane_of(self, line: int, named: str) -> str:
        if not named.strip():
            return self._lane
        lane = LANE_WORDS.get(named.strip().lower())
        if lane is None:
            self._lanes.append((line, named.strip()))
        return lane or self._lane

    def _origin(self, named: str) -> str:
        own = clean_line(named[:200])
        return f"{own}, in {self._source.name}" if own else self._source.name

    def _own_warnings(self) -> list[str]:
        found = []
        if self._timeless:
            empty = all(not stamp for _, stamp in self._timeless)
            example = next((f" “{_short(stamp)}”" for _, stamp in self._timeless if stamp), "")
            what = "has no time" if empty else f"has a time that cannot be read ({example.strip()})"
            found.append(
                f"{_count(self._timeless)} {what} and waits in the tray:"
                f" {listed([line for line, _ in self._timeless])}."
            )
        if self._wordless:
            found.append(
                f"{_count(self._wordless)} has no text: {listed(self._wordless)} left out."
            )
        if self._cleaned:
            found.append(f"Control characters were taken out in {listed(self._cleaned)}.")
        if self._lanes:
            found.append(
                f"“{_short(self._lanes[0][1])}” is no lane:"
                f" {listed([line for line, _ in self._lanes])} put into “{self._lane}”."
            )
        return found


def _count(rows: list[tuple[int, str]] | list[int]) -> str:
    return "1 row" if len(rows) == 1 else f"Each of {len(rows)} rows"


def _short(text: str) -> str:
    plain = clean_line(text[: _SHOWN * 4])
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def kept_original(original: str) -> str:
    """The row as it stands in the file; signs that cannot be shown become U+FFFD."""
    cut = original[:LONGEST_TEXT]
    if not was_cleaned(cut):
        return cut
    return "".join("\ufffd" if was_cleaned(sign) else sign for sign in cut)
