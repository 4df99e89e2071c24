"""Times of day in a window: those of the incident carry its zone where this computer has another.

Where both clocks agree, as for a meeting held where things broke, no zone stands in the way.
"""

from __future__ import annotations

from datetime import datetime

from facilitator.model.times import clock_text, zone_of, zone_text


def agree(at: datetime, zone: str) -> bool:
    """Whether this computer's clock shows at that time what a clock in the zone shows."""
    return at.astimezone().utcoffset() == at.astimezone(zone_of(zone)).utcoffset()


def named_time(at: datetime, zone: str) -> str:
    """The time of day in the zone, with its name: where times of several zones stand together."""
    return f"{clock_text(at, zone)} {zone_text(at, zone)}"


def incident_time(at: datetime, zone: str) -> str:
    """The time of day in the incident's zone: 18:14, or 18:14 NZST where clocks here differ."""
    return clock_text(at, zone) if agree(at, zone) else named_time(at, zone)


def local_time(at: datetime, zone: str) -> str:
    """The time of day here, to the second, named so where the incident's clocks differ."""
    said = f"{at.astimezone():%H:%M:%S}"
    return said if agree(at, zone) else f"{said} local time"
