"""The PKCS#11 modules that are on this computer, as far as they lie where they usually do."""

from __future__ import annotations

import glob
import sys
import tomllib
from functools import lru_cache
from pathlib import Path

from facilitator.paths import resources


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, list[str]], ...]:
    text = (resources() / "tokens.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["module"])


def known_modules(system: str = sys.platform) -> list[tuple[str, Path]]:
    """Names and files of the modules that are here, the likeliest first."""
    found = []
    for module in _places():
        files = [file for place in module.get(system, ()) for file in sorted(glob.glob(place))]
        if files:
            found.append((str(module["name"]), Path(files[0])))
    return found
