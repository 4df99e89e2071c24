"""The command that listens to a text for words that may blame."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from facilitator import paths
from facilitator.commands.shared import read_bytes
from facilitator.exchange.reading import decoded
from facilitator.language.glossary import load_glossary
from facilitator.language.hints import Hint, find_hints
from facilitator.language.rules import RuleSet, load_rules


def bundled_rules() -> RuleSet:
    """The language rules and the jargon that come with the app."""
    folder = paths.resources()
    glossary = load_glossary(sorted((folder / "glossary").glob("*.toml")))
    rules = load_rules(*sorted((folder / "language").glob("en*.toml")))
    return rules.with_jargon(glossary.plain_words())


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one for each hint.")
@click.option("--audience", type=click.Choice(["room", "executive"]), default="room")
def language(file: Path | None, as_json: bool, audience: str) -> None:
    """Hints for the text in FILE (or standard input); each line is a note of its own.

    With --json each hint has: line (from 1), start and end (characters in that line), text,
    family, strength (strong or soft), reason, say (a sentence to say aloud), suggestions
    (sentences to write instead).
    """
    data = read_bytes(file) if file else sys.stdin.buffer.read()
    text = decoded(data, file.name if file else "Standard input")[0] if data else ""
    rules = bundled_rules()
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        for hint in find_hints(line, rules, audience=audience):
            click.echo(_json(number, hint) if as_json else _words(number, hint))


def _json(line: int, hint: Hint) -> str:
    plain = {
        "line": line,
        "start": hint.start,
        "end": hint.end,
        "text": hint.text,
        "family": hint.family,
        "strength": hint.strength,
        "reason": hint.reason,
        "say": hint.say,
        "suggestions": list(hint.suggestions),
    }
    return json.dumps(plain, ensure_ascii=False)


def _words(line: int, hint: Hint) -> str:
    instead = f" Write: {hint.suggestions[0]}" if hint.suggestions else ""
    return (
        f"{line}:{hint.start + 1}: {hint.strength} {hint.family}: “{hint.text}”. {hint.reason}"
        f"{instead}"
    )
