"""Text in, hints out: where the words blame, with what to say and write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facilitator.language.rules import RuleSet

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hint:
    """Words that may blame, and what to do about them; offsets count code points of the text."""

    rule: str
    family: str
    strength: str
    start: int
    end: int
    text: str
    reason: str
    say: str
    suggestions: tuple[str, ...]
    question: str
    sentence: tuple[int, int]
    names_person: bool


def find_hints(
    text: str,
    rules: RuleSet,
    *,
    field: str = "",
    names: Mapping[str, str] = NOBODY,
    audience: str = "room",
) -> tuple[Hint, ...]:
    """The hints in a text, in reading order; `names` maps participants to their roles."""
    return ()
