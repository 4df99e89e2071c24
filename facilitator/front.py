"""How a second window asks the first one on the same library to come to the front."""

from __future__ import annotations

import os
from pathlib import Path


def request_file(library: Path) -> Path:
    """The file beside the library that a second window touches."""
    return library.with_name(library.name + ".front")


def ask_to_front(library: Path) -> None:
    """Ask whoever has this library open to show its window."""
    path = request_file(library)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(descriptor)


def take_request(library: Path) -> bool:
    """Whether somebody asked since last time; the request is taken."""
    try:
        request_file(library).unlink()
    except OSError:
        return False
    return True
