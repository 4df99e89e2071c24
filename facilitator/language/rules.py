"""Rule files in, a set of rules out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one language, and what was wrong with those that were left out."""

    problems: tuple[str, ...] = ()


def load_rules(*paths: Path) -> RuleSet:
    """The rules of these TOML files; a broken rule is named in `problems` and left out."""
    return RuleSet()
