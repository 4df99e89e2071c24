"""Times as people write and read them: zones, lengths, and what is typed into a time field."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from facilitator.model.change import Refused

_CLOCK = re.compile(r"(\d{1,2})[:.h]?(\d{2})(?::(\d{2}))?$")
_STEP = re.compile(r"([+-])\s*(\d+)\s*(s|sec|m|min|h)?$")
_ABOUT = ("≈", "~", "about ", "ca. ")


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone with this IANA name. Raises Refused when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(
            f"“{name}” is no time zone. Write a name such as Pacific/Auckland or Europe/Berlin."
        ) from error


def clock_text(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """The time of day in the zone, as 18:14 or 18:14:05."""
    return at.astimezone(zone_of(zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_text(at: datetime | date, zone: str = "UTC", *, weekday: bool = False) -> str:
    """The day in the zone, as 18 June 2026 or Thursday 18 June 2026."""
    day = at.astimezone(zone_of(zone)) if isinstance(at, datetime) else at
    name = f"{day:%A} " if weekday else ""
    return f"{name}{day.day} {day:%B %Y}"


def zone_text(at: datetime, zone: str) -> str:
    """The zone's short name at that time, as NZST, or its offset where it has no name."""
    name = at.astimezone(zone_of(zone)).strftime("%Z")
    return name if name.isalpha() else f"UTC{name}"


def length_text(length: timedelta) -> str:
    """A length as 2 h 54 min, 4 d 6 h, 23 min or 40 s; a negative one with a minus sign."""
    if length < timedelta(0):
        return f"−{length_text(-length)}"
    seconds = round(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def countdown_text(seconds: float) -> str:
    """Time left as 11:42; time over as +1:20."""
    whole = int(seconds) if seconds >= 0 else int(-seconds)
    minutes, rest = divmod(whole, 60)
    sign = "" if seconds > -1 else "+"
    return f"{sign}{minutes}:{rest:02d}"


def typed_time(text: str, near: datetime, zone: str) -> tuple[datetime, str]:
    """The time that was typed, in UTC, with its precision ("exact" or "about").

    Accepts 1814, 18:14, 18:14:05, +12m (from `near`), ≈18:14, 2026-06-18 18:14 and ISO 8601 with
    an offset. A time of day falls on the day of `near` in the zone. Raises Refused on others.
    """
    plain = text.strip()
    precision = "exact"
    for mark in _ABOUT:
        if plain.lower().startswith(mark):
            plain, precision = plain[len(mark) :].strip(), "about"
    step = _STEP.match(plain)
    if step:
        unit = {"s": "seconds", "h": "hours"}.get((step[3] or "m")[0], "minutes")
        try:
            length = timedelta(**{unit: int(step[2])})
            return (near + length if step[1] == "+" else near - length), precision
        except OverflowError as error:
            raise _no_time(text) from error
    clock = _CLOCK.match(plain)
    if clock:
        return _time_of_day(clock, text, near, zone), precision
    return _full_time(plain, text, zone), precision


def typed_date(text: str, start: date) -> date | None:
    """The date that was typed: ISO, "3 days", "1 week", "immediately"; None when empty.

    Relative dates count from `start`. Raises Refused on what is no date.
    """
    plain = text.strip().lower()
    if not plain:
        return None
    if plain in ("today", "now", "immediately", "effective immediately"):
        return start
    relative = re.match(r"(?:in )?(\d{1,3}) (day|week)s?$", plain)
    if relative:
        return start + timedelta(days=int(relative[1]) * (7 if relative[2] == "week" else 1))
    try:
        return date.fromisoformat(plain)
    except ValueError as error:
        raise Refused(
            f"“{text}” is no date. Write 2026-06-26, “3 days”, “1 week” or “immediately”."
        ) from error


def _time_of_day(clock: re.Match[str], text: str, near: datetime, zone: str) -> datetime:
    local = near.astimezone(zone_of(zone))
    try:
        local = local.replace(
            hour=int(clock[1]), minute=int(clock[2]), second=int(clock[3] or 0), microsecond=0
        )
    except ValueError as error:
        raise _no_time(text) from error
    return local.astimezone(UTC)


def _full_time(plain: str, text: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(plain)
    except ValueError as error:
        raise _no_time(text) from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone_of(zone))
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise _no_time(text) from error


def _no_time(text: str) -> Refused:
    return Refused(f"“{text}” is no time. Write 18:14, 1814, +12m, ≈18:14 or 2026-06-18 18:14.")
