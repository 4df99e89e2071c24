"""Looking at a library or backup in a window of its own, without changing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def look_into(path: Path) -> None:
    """Start another Facilitator that shows this file read-only. Raises OSError."""
    itself = [sys.executable] if hasattr(sys, "frozen") else [sys.executable, "-m", "facilitator"]
    subprocess.Popen(
        [*itself, "--library", str(path), "open", "--read-only"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
