"""Colours by name, read from a theme file; screen and paper ask for the same names."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from facilitator.paths import resources


class ThemeProblem(Exception):
    """A theme file that cannot be used; the text names the file and what is wrong."""


@lru_cache(maxsize=8)
def colors(name: str) -> dict[str, str]:
    """The colours of the bundled theme ("light" or "dark") as #RRGGBB by token."""
    return read_theme(resources() / "themes" / f"{name}.toml")


def read_theme(path: Path) -> dict[str, str]:
    """The colours in a theme file. Raises ThemeProblem when it is no theme."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["colors"]
    except (OSError, KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeProblem(f"The theme {path.name} cannot be read: {error}.") from error
    return {str(token): str(color) for token, color in table.items()}


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
