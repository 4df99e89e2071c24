"""What comes with the app, and what a team laid beside it: language rules and phrases."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from facilitator.language.glossary import load_glossary
from facilitator.language.phrases import PhraseBank, load_phrases
from facilitator.language.rules import RuleSet, load_rules
from facilitator.paths import data_dir, resources

ENGLISH: Final = "en"
PACKS: Final = "language"  # the folder for a team's packs in the data folder
# What a pack that has the wrong shape makes of itself while it is read.
_WRONG: Final = (AttributeError, KeyError, TypeError, ValueError, re.error, RecursionError)


def language_rules(language: str = ENGLISH, packs: Iterable[Path] = ()) -> RuleSet:
    """The rules of a language with a team's packs; a broken pack is named in `problems`."""
    folder = resources()
    files = sorted((folder / "language").glob(f"{language}*.toml"))
    rules = _with_packs(files, [pack for pack in packs if _speaks(pack, language)])
    if language != ENGLISH:
        return rules
    glossary = load_glossary(sorted((folder / "glossary").glob("*.toml")))
    return rules.with_jargon(glossary.plain_words())


def team_packs(library: Path | None = None) -> tuple[Path, ...]:
    """The rule packs of the data folder and of this library, in the order in which they hold.

    The library's lie in a folder beside it, `library.language` for `library.sqlite`; one of the
    same name takes the place of the data folder's, and an empty one switches that off.
    """
    folders = [data_dir() / PACKS]
    if library is not None:
        folders.append(library.with_name(f"{library.stem}.{PACKS}"))
    found = {path.name: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return tuple(found.values())


def bundled_phrases() -> PhraseBank:
    """The phrases that come with the app."""
    return load_phrases(sorted((resources() / "phrases").glob("*.toml")))


def _with_packs(files: list[Path], packs: list[Path]) -> RuleSet:
    try:
        return load_rules(*files, *packs)
    except _WRONG:
        # One of them has a shape that no rule file has: find it, and go on without it.
        kept, problems = [], []
        for pack in packs:
            wrong = _wrong_shape(files, pack)
            if wrong:
                problems.append(wrong)
            else:
                kept.append(pack)
        if not problems:
            raise
        rules = load_rules(*files, *kept)
        return replace(rules, problems=(*rules.problems, *problems))


def _wrong_shape(files: list[Path], pack: Path) -> str:
    try:
        load_rules(*files, pack)
    except _WRONG as error:
        return f"{pack.name}: it does not have the shape of a rule pack: {error}"
    return ""


def _speaks(pack: Path, language: str) -> bool:
    """Whether a pack is for this language; one that does not say is for English."""
    try:
        said = tomllib.loads(pack.read_text(encoding="utf-8")).get("language", ENGLISH)
    except (OSError, ValueError, RecursionError):
        return True  # it is read again, and what is wrong with it is named there
    return bool(said == language)
