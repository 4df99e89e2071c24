"""The typefaces for scripts that Noto Sans cannot write, and the habits of those scripts."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from facilitator.paths import resources

JAPANESE: Final = "ja"
SIMPLIFIED: Final = "zh-Hans"
TRADITIONAL: Final = "zh-Hant"
KOREAN: Final = "ko"
# Latin, Greek and Cyrillic letters are of many languages.
_WESTERN: Final = "\u052f"
# Of the letters, one in so many tells a text's language.
_SHARE: Final = 3
_KANA: Final = re.compile("[\u3041-\u30ff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff]")


def folder() -> Path:
    """Where these typefaces lie."""
    return resources() / "fonts" / "scripts"


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface for a script; an empty `bold` means that it is drawn thicker instead."""

    name: str
    file: str
    ranges: tuple[tuple[int, int], ...]
    bold: str = ""
    shaped: bool = False
    language: str = ""
    """A language tag (BCP 47), empty where the script does not tell."""

    def covers(self, char: str) -> bool:
        """Whether the character is of this script; the file may lack it nevertheless."""
        return any(low <= ord(char) <= high for low, high in self.ranges)


@dataclass(frozen=True)
class Scripts:
    """What is known of all scripts."""

    faces: Mapping[str, Face]
    east: Mapping[str, tuple[str, ...]]
    """East Asian faces in the order in which they are tried, by language."""
    shared: frozenset[str]
    not_first: frozenset[str]
    not_last: frozenset[str]
    brackets: str

    @cached_property
    def pairs(self) -> dict[str, str]:
        """The bracket that closes each that opens."""
        return dict(zip(self.brackets[::2], self.brackets[1::2], strict=True))

    @cached_property
    def ideographic(self) -> frozenset[str]:
        """The faces whose signs are as wide as high."""
        return frozenset(name for names in self.east.values() for name in names) - {"Korean"}

    def candidates(self, char: str, language: str) -> tuple[Face, ...]:
        """The faces that may draw a character of a text in this language, the best first."""
        east = self.east.get(language, self.east[SIMPLIFIED])
        others = [name for name in self.faces if name not in east]
        faces = (self.faces[name] for name in (*others, *east))
        return tuple(face for face in faces if face.covers(char))


@lru_cache(maxsize=1)
def scripts() -> Scripts:
    """What resources/fonts/scripts/scripts.toml says."""
    with (folder() / "scripts.toml").open("rb") as file:
        said = tomllib.load(file)
    lines = said["lines"]
    return Scripts(
        {face["name"]: _face(face) for face in said["face"]},
        {language: tuple(names) for language, names in said["east"].items()},
        frozenset(lines["shared"]),
        frozenset(lines["not_first"]),
        frozenset(lines["not_last"]),
        lines["brackets"],
    )


def east_asian_language(text: str) -> str:
    """Which East Asian language a text is in, as far as its characters tell; empty for none.

    Kana tell Japanese and Hangul Korean. For ideographs alone it is the character set of China
    or of Taiwan, whichever has more of them.
    """
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if kana or hangul:
        return JAPANESE if kana >= hangul else KOREAN
    ideographs = _IDEOGRAPH.findall(text)
    if not ideographs:
        return ""
    simplified = sum(_is_in(char, "gb2312") for char in ideographs)
    traditional = sum(_is_in(char, "big5") for char in ideographs)
    return TRADITIONAL if traditional > simplified else SIMPLIFIED


def language_of(text: str, east: str) -> str:
    """The language that a good part of a text is in, as its scripts tell; empty for none.

    `east` is the East Asian language that ideographs are in.
    """
    strange = [char for char in text if char > _WESTERN]
    share = Counter(_language(char, east) for char in strange)
    del share[""]
    language, count = max(share.items(), key=itemgetter(1), default=("", 0))
    return language if count * _SHARE >= len(text) else ""


@lru_cache(maxsize=20_000)
def _language(char: str, east: str) -> str:
    face = next(iter(scripts().candidates(char, east)), None)
    if face is None:
        return ""
    return (east or face.language) if face.name in scripts().ideographic else face.language


def _is_in(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _face(said: Mapping[str, Any]) -> Face:
    ranges = []
    for part in said["ranges"].split():
        low, _, high = part.partition("-")
        ranges.append((int(low, 16), int(high or low, 16)))
    return Face(**{**said, "ranges": tuple(ranges)})
