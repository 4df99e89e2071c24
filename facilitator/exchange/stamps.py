"""Times as files write them: ISO 8601, seconds to nanoseconds since 1970, and common local forms.

A time without a zone is read in the zone that is given, and the reader says so afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final

from facilitator.exchange.imported import listed
from facilitator.model.times import zone_of

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"\d{8,20}(?:\.\d{1,12})?$|\d(?:\.\d{1,18})?[eE]\+?\d{1,2}$")
_UNITS: Final = (
    (10**8, 10**11, 1, "seconds"),
    (10**11, 10**14, 10**3, "milliseconds"),
    (10**14, 10**17, 10**6, "microseconds"),
    (10**17, 10**20, 10**9, "nanoseconds"),
)
_EARLIEST: Final = datetime(1900, 1, 2, tzinfo=UTC)
_LATEST: Final = datetime(2199, 12, 30, tzinfo=UTC)
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_DAY_ONLY: Final = re.compile(r"\d{4}-\d{2}-\d{2}$")
_WEEKDAY: Final = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.I)
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/. ](?P<name>[A-Za-z]{3,9})\.?[-/, ]+(?P<y>\d{4}|\d{2})",
        r"(?P<name>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})",
        r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<y>\d{4}|\d{2})",
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}|\d{2})",
    )
)
_SLASHES: Final = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{2,4}\b")
_REST: Final = re.compile(
    r"(?:[T, :]+|\s+at\s+)(?P<h>\d{1,2})[:.](?P<min>\d{2})"
    r"(?:[:.](?P<s>\d{2})(?:[.,](?P<part>\d+))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?\s*(?P<zone>[+-]\d{2}(?::?\d{2})?|[A-Za-z]{1,5})?"
    r"(?:\s*\([^)]*\))?$",
    re.I,
)


class StampReader:
    """Reads the times of one file and remembers what had to be assumed."""

    def __init__(self, zone: str, samples: Iterable[str] = (), *, assumed: str = "") -> None:
        """`samples` settle whether 3/4/26 is in March; `assumed` says where `zone` comes from."""
        self.zone = zone
        self._tz = zone_of(zone)
        self._assumed = assumed
        self._month_first, self._order_known = _order(samples, zone)
        self._naive = 0
        self._units: dict[str, int] = {}
        self._ambiguous: list[int] = []
        self._missing: list[int] = []
        self._slashes = 0

    def read(self, text: str, line: int) -> tuple[datetime | None, str]:
        """The time (UTC) and its precision ("exact" or "date"); None for what is no time."""
        plain = text.strip()
        if not plain:
            return None, "unknown"
        try:
            at, precision = self._read(plain, line)
        except (ValueError, OverflowError, ArithmeticError):
            return None, "unknown"
        if not _EARLIEST <= at <= _LATEST:
            return None, "unknown"
        return at, precision

    def warnings(self) -> list[str]:
        """A sentence for each thing that was assumed."""
        found = []
        if self._naive and not self._assumed:
            found.append(f"Times without a zone are read in {self.zone} ({self._naive} of them).")
        elif self._naive:
            found.append(f"Times are read in {self.zone}, {self._assumed}.")
        for unit, count in self._units.items():
            found.append(f"Times that are numbers are read as {unit} since 1970 ({count} of them).")
        if self._slashes and not self._order_known:
            order = "month/day" if self._month_first else "day/month"
            found.append(f"Dates such as 3/4/2026 are read as {order}. Check one.")
        if self._ambiguous:
            found.append(
                f"The clock was put back: {listed(self._ambiguous)} could be either of two hours;"
                " the first is taken."
            )
        if self._missing:
            found.append(
                f"The clock was put forward: the time in {listed(self._missing)} did not exist;"
                " it is taken as if the clock had not been changed."
            )
        return found

    def _read(self, plain: str, line: int) -> tuple[datetime, str]:
        if _NUMBER.match(plain):
            return self._number(plain, line)
        # Web servers put it in brackets; Java adds the zone in brackets.
        plain = plain.lstrip("[").rstrip("]").partition("[")[0].strip()
        if _DAY_ONLY.match(plain):
            return self._local(datetime.fromisoformat(plain), line), "date"
        try:
            at = datetime.fromisoformat(plain)
        except ValueError:
            return self._written(plain, line)
        return (at if at.tzinfo else self._local(at, line)).astimezone(UTC), "exact"

    def _number(self, plain: str, line: int) -> tuple[datetime, str]:
        if len(plain) in (8, 14) and plain[:2] in ("19", "20") and plain.isdigit():
            # 20260618 and 20260618181400 are written out, not counted.
            spelled = f"{plain[:8]}T{plain[8:]}" if plain[8:] else plain
            at = datetime.fromisoformat(spelled)
            return self._local(at, line), "exact" if plain[8:] else "date"
        value = Decimal(plain)
        for low, high, per_second, unit in _UNITS:
            if low <= value < high:
                self._units[unit] = self._units.get(unit, 0) + 1
                return EPOCH + timedelta(microseconds=int(value * 1_000_000 / per_second)), "exact"
        raise ValueError(plain)

    def _written(self, plain: str, line: int) -> tuple[datetime, str]:
        plain = _WEEKDAY.sub("", plain, count=1) if _WEEKDAY.match(plain) else plain
        for pattern in _DATES:
            found = pattern.match(plain)
            if found:
                day = datetime(*self._day(found.groupdict()))
                rest = plain[found.end() :]
                if not rest.strip():
                    return self._local(day, line), "date"
                return self._timed(day, rest, line), "exact"
        raise ValueError(plain)

    def _day(self, parts: dict[str, str]) -> tuple[int, int, int]:
        year = int(parts["y"])
        if year < 100:
            year += 2000 if year < 70 else 1900
        if parts.get("name"):
            return year, _MONTHS.index(parts["name"][:3].lower()) + 1, int(parts["d"])
        if parts.get("first"):
            self._slashes += 1
            one, two = int(parts["first"]), int(parts["second"])
            return (year, one, two) if self._month_first else (year, two, one)
        return year, int(parts["m"]), int(parts["d"])

    def _timed(self, day: datetime, rest: str, line: int) -> datetime:
        found = _REST.match(rest)
        if not found:
            raise ValueError(rest)
        hour = int(found["h"])
        if found["half"]:
            if not 1 <= hour <= 12:
                raise ValueError(rest)
            hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
        part = int((found["part"] or "0")[:6].ljust(6, "0"))
        at = day.replace(
            hour=hour, minute=int(found["min"]), second=int(found["s"] or 0), microsecond=part
        )
        named = found["zone"]
        if not named:
            return self._local(at, line)
        zone = _offset(named)
        if zone is not None:
            return at.replace(tzinfo=zone).astimezone(UTC)
        # NZST says no more than that the wall clock of the place is meant.
        if at.replace(tzinfo=self._tz).tzname() != named.upper():
            raise ValueError(f"the zone {named} is not known")
        return at.replace(tzinfo=self._tz).astimezone(UTC)

    def _local(self, naive: datetime, line: int) -> datetime:
        self._naive += 1
        at = naive.replace(tzinfo=self._tz)
        utc = at.astimezone(UTC)
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            back = utc.astimezone(self._tz).replace(tzinfo=None)
            (self._ambiguous if back == naive else self._missing).append(line)
        return utc


def _offset(text: str) -> tzinfo | None:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if text[0] not in "+-":
        return None
    digits = text[1:].replace(":", "").ljust(4, "0")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(length if text[0] == "+" else -length)


def _order(samples: Iterable[str], zone: str) -> tuple[bool, bool]:
    """Whether the month stands first in 3/4/2026, and whether the file itself says so."""
    for text in samples:
        found = _SLASHES.match(text)
        if found and int(found[1]) > 12:
            return False, True
        if found and int(found[2]) > 12:
            return True, True
    return zone.startswith(("America/", "US/")), False
