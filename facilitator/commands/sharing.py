"""What makes a share-safe copy on the command line: two options, and the words of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from facilitator.commands.shared import fail
from facilitator.exporting import Source, for_outside
from facilitator.model.sharing import read_words
from facilitator.settings import load_settings

share_option: Final = click.option(
    "--share-safe",
    is_flag=True,
    help="A copy in which names are roles, chosen words are replaced and origins are left out.",
)
replace_option: Final = click.option(
    "--replace",
    "replacements",
    multiple=True,
    metavar="WORD=INSTEAD",
    help="With --share-safe: say something else, in any case and inside words; repeatable."
    " The words of the settings are replaced too.",
)


def to_share(source: Source, replacements: Iterable[str]) -> Source:
    """The same for eyes outside. Raises Refused on a word that cannot be replaced."""
    words = read_words([*load_settings().share_words.splitlines(), *replacements])
    return for_outside(source, words)


def check_share_options(replacements: Iterable[str], *, share_safe: bool) -> None:
    """End the command when words are to be replaced in what is no share-safe copy."""
    if not share_safe and any(replacements):
        fail("--replace belongs to --share-safe. Give both, or neither.")
