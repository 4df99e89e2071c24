"""Time-stamped lines, as people paste and copy them: `18:14 deploy 4.2.1`, one moment a line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from facilitator.model.change import Refused
from facilitator.model.clean import clean_text
from facilitator.model.edits import new_id
from facilitator.model.records import Moment
from facilitator.model.times import zone_of

SOURCE: Final = "pasted lines"
LANE_SIGNS: Final = {
    "change": "◆",
    "signal": "●",
    "action": "✚",
    "communication": "▲",
    "impact": "■",
}
_LANE_OF: Final = {sign: lane for lane, sign in LANE_SIGNS.items()}
# Behind a time alone, "-21:08" is an end; behind a day with seconds or a "T" it is an offset.
_WEST = r"-[01]\d:?\d{2}\b(?!:)"
_STAMP = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})(?:(?:(?P<tee>T)| )(?=\d{1,2}[:h]\d{2}))?)?"
    r"(?:(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?|\s?(?P<offset>Z\b|\+\d{2}:?\d{2}\b"
    rf"|(?(tee){_WEST}|(?(day)(?(second){_WEST}|(?!))|(?!)))))?)?",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:–|—|-|→|to\b|until\b)\s*", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*•]\s+)?[\[(]?")
_AFTER = re.compile(r"[\])]?(?:\s*[,;|\t]\s*|:\s+|\s+[-–—]\s+|\s+|$)")
_MARKS: Final = (("≈", "about"), ("~", "about"), ("about ", "about"), ("before ", "before"))


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found in a pasted text: its moments, and a sentence for each line left out."""

    moments: tuple[Moment, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stamp:
    at: datetime
    day_given: bool
    clock_given: bool


def pasted_moments(text: str, near: datetime, zone: str, lane: str = "action") -> Pasted:
    """The moments in time-stamped lines; a line without a time becomes a moment of unknown time.

    A time of day falls on the day of the line before (of `near` for the first), and on the day
    after when it is more than twelve hours earlier. Raises Refused when no line has a time.
    """
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    moments: list[Moment] = []
    problems: list[str] = []
    first = True
    for number, line in enumerate(clean_text(text).splitlines(), 1):
        if not line.strip():
            continue
        try:
            moment = _moment(line, near, zone, lane, rolls=not first)
        except ValueError:
            problems.append(f"Line {number} has a time that does not exist: “{line.strip()[:60]}”.")
            continue
        if moment is None:
            problems.append(f"Line {number} has a time but no words.")
            continue
        if moment.at is not None:
            near, first = moment.at, False
        moments.append(_from(moment, number, line, digest))
    if not any(m.at for m in moments):
        raise Refused(
            "No line here begins with a time. Paste lines such as “18:14 deploy 4.2.1”."
            if not problems
            else problems[0]
        )
    return Pasted(tuple(moments), tuple(problems))


def split_stamp(line: str, near: datetime, zone: str) -> tuple[datetime, str, str] | None:
    """Time (UTC), precision and words of a line that begins with a time; None for another one."""
    try:
        moment = _moment(line, near, zone, "action", rolls=False)
    except ValueError:
        return None
    return (
        None if moment is None or moment.at is None else (moment.at, moment.precision, moment.text)
    )


def moment_lines(moments: Iterable[Moment], zone: str) -> str:
    """The moments as lines that pasting reads back: day, time with offset, lane sign and words."""
    return "\n".join(f"{_stamps(m, zone)} {LANE_SIGNS[m.lane]} {_flat(m.text)}" for m in moments)


def _from(moment: Moment, number: int, line: str, digest: str) -> Moment:
    return Moment(
        new_id(),
        moment.text,
        moment.lane,
        moment.at,
        moment.until,
        moment.precision,
        source=SOURCE,
        line=number,
        original=line,
        digest=digest,
    )


def _moment(line: str, near: datetime, zone: str, lane: str, *, rolls: bool) -> Moment | None:
    plain = line.strip()
    rest, precision = _marked(plain[_end(_BULLET, plain) :])
    found = _stamp(rest, near, zone, rolls=rolls)
    if found is None:
        return _words(plain.removeprefix("? "), lane, Moment("", "", lane, precision="unknown"))
    begin, rest = found
    until: datetime | None = None
    to = _TO.match(rest)
    ending = _stamp(rest[to.end() :], begin.at, zone, rolls=True) if to else None
    if ending is not None and _AFTER.match(ending[1]):
        until, rest = ending[0].at, ending[1]
        if until < begin.at and not ending[0].day_given:
            until += timedelta(days=1)
    if not _AFTER.match(rest):
        return _words(plain, lane, Moment("", "", lane, precision="unknown"))
    if until is not None and until < begin.at:
        raise ValueError("ends before it begins")
    if not begin.clock_given and precision == "exact":
        precision = "date"
    return _words(
        rest[_end(_AFTER, rest) :], lane, Moment("", "", lane, begin.at, until, precision)
    )


def _words(text: str, lane: str, moment: Moment) -> Moment | None:
    words = text.strip()
    sign = words[:1]
    if sign in _LANE_OF and words[1:2] in ("", " "):
        lane, words = _LANE_OF[sign], words[1:].strip()
    if not words:
        return None
    return Moment("", words, lane, moment.at, moment.until, moment.precision)


def _marked(text: str) -> tuple[str, str]:
    for mark, precision in _MARKS:
        if text.lower().startswith(mark):
            return text[len(mark) :].lstrip(), precision
    return text, "exact"


def _stamp(text: str, near: datetime, zone: str, *, rolls: bool) -> tuple[_Stamp, str] | None:
    """The time that the text begins with, and what follows; ValueError when there is no such."""
    found = _STAMP.match(text)
    if found is None or not (found["day"] or found["hour"]):
        return None
    local = near.astimezone(zone_of(zone))
    day = date.fromisoformat(found["day"]) if found["day"] else local.date()
    try:
        at = datetime.combine(day, _clock(found), _zone_in(found, zone)).astimezone(UTC)
        if rolls and not found["day"] and at < near - timedelta(hours=12):
            day += timedelta(days=1)
            at = datetime.combine(day, _clock(found), _zone_in(found, zone)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
    return _Stamp(at, bool(found["day"]), bool(found["hour"])), text[found.end() :]


def _clock(found: re.Match[str]) -> time:
    if not found["hour"]:
        return time()
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour before or after noon")
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    part = int((found["part"] or "0")[:6].ljust(6, "0"))
    return time(hour, int(found["minute"]), int(found["second"] or 0), part)


def _zone_in(found: re.Match[str], zone: str) -> tzinfo | None:
    offset = found["offset"]
    if not offset:
        return zone_of(zone)
    return datetime.strptime(offset.upper().replace("Z", "+0000").replace(":", ""), "%z").tzinfo


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _stamps(moment: Moment, zone: str) -> str:
    if moment.at is None:
        return "?"
    local = moment.at.astimezone(zone_of(zone))
    if moment.precision == "date":
        return local.date().isoformat()
    mark = {"about": "≈", "before": "before "}.get(moment.precision, "")
    until = moment.until.astimezone(zone_of(zone)).isoformat(" ") if moment.until else ""
    return f"{mark}{local.isoformat(' ')}{f' – {until}' if until else ''}"


def _flat(text: str) -> str:
    return " ".join(text.split())
