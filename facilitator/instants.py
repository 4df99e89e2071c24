"""Now, by the wall clock and by the clock that counts from boot with sleep included."""

from __future__ import annotations

import ctypes
import functools
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from facilitator.model.clock import Instant

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def read_instant() -> Instant:
    """This instant: UTC, seconds since boot counting sleep, and which boot it is."""
    return Instant(datetime.now(UTC), _seconds_since_boot(), _boot_id())


def utc_now() -> datetime:
    """This instant in UTC."""
    return datetime.now(UTC)


def _seconds_since_boot() -> float:
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "win32":
        return _windows_seconds()
    if sys.platform == "darwin":
        # There it is mach_continuous_time, which goes on while the machine sleeps.
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


def _windows_seconds() -> float:
    # GetTickCount64 goes on while the machine sleeps, unlike Python's monotonic clock.
    count = ctypes.WinDLL("kernel32").GetTickCount64  # type: ignore[attr-defined,unused-ignore]
    count.restype = ctypes.c_uint64
    return float(count()) / 1000


@functools.cache
def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return _boot_id_from_time()


def _boot_id_from_time() -> str:
    # Elsewhere no boot has a name. One per process is right, if modest: across a restart of the
    # app the wall clock decides then, and the reading says "estimated".
    return uuid.uuid4().hex
