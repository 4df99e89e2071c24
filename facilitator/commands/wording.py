"""The command that listens to texts for words that may blame."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from facilitator.bundled import language_rules, team_packs
from facilitator.commands.findings import Finding, as_json, as_line, as_sarif, as_words, louder
from facilitator.commands.prose import MARKDOWN, markdown_notes, plain_notes
from facilitator.commands.shared import NOT_IN_ORDER, library_path, read_bytes, warn
from facilitator.exchange.reading import decoded
from facilitator.language.hints import find_hints
from facilitator.language.rules import RuleSet
from facilitator.settings import CHOICES, load_settings

_STDIN = "-"


def rules_in_force(library: Path | None = None, language: str = "") -> RuleSet:
    """The rules that a window on this library has: the language chosen there, and its packs."""
    return language_rules(language or load_settings().hints_language, team_packs(library))


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_objects", is_flag=True, help="One JSON object a line, one each hint.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["words", "lines", "sarif"]),
    default="words",
    help="For people; FILE:LINE:COL: STRENGTH FAMILY: REASON; or a SARIF 2.1.0 log.",
)
@click.option("--audience", type=click.Choice(["room", "executive"]), default="room")
@click.option(
    "--min-severity",
    type=click.Choice(["soft", "strong"]),
    default="soft",
    help="Leave out what is less than this.",
)
@click.option("--check", is_flag=True, help="Exit status 1 when something is found.")
@click.option(
    "--markdown/--text",
    "is_markdown",
    default=None,
    help="How to read; else Markdown for *.md and plain text for the rest.",
)
@click.option(
    "--language", "tongue", type=click.Choice([str(c) for c in CHOICES["hints_language"]]),
    default="en",
)  # fmt: skip
@click.option("--prove", is_flag=True, help="Try the rules of your packs on their hits and misses.")
@click.pass_context
def language(
    ctx: click.Context,
    files: tuple[Path, ...],
    *,
    as_objects: bool,
    form: str,
    audience: str,
    min_severity: str,
    check: bool,
    is_markdown: bool | None,
    tongue: str,
    prove: bool,
) -> None:
    """Hints for the texts in FILE... (or standard input).

    Each line of a plain text is a note of its own. In Markdown each paragraph, point and cell is
    one; code, comments and front matter are skipped. The packs of your team are used.

    With --json each hint has: line (from 1), start and end (characters in that line), text,
    family, strength (strong or soft), reason, say (a sentence to say aloud), suggestions
    (sentences to write instead); with several files also file.

    Exit status: 0, whether something is found or not; 1 with --check when something is found
    (of at least --min-severity), and with --prove when a rule fails; 2 when a file cannot be read.
    """
    rules = rules_in_force(library_path(ctx).expanduser(), tongue)
    for problem in rules.problems:
        warn(f"A rule is left out: {problem}")
    if prove:
        ctx.exit(_prove(rules, team_packs(library_path(ctx).expanduser())))
    found: list[Finding] = []
    for file in files or (Path(_STDIN),):
        heard = louder(_findings(file, rules, audience, is_markdown), min_severity)
        found += heard
        for each in heard:
            _tell(each, "json" if as_objects else form, named=len(files) > 1)
    if form == "sarif" and not as_objects:
        click.echo(as_sarif(found))
    if check and found:
        ctx.exit(NOT_IN_ORDER)


def _prove(rules: RuleSet, packs: tuple[Path, ...]) -> int:
    """Say which sentences the packs' own rules fail on; the exit status."""
    names = {pack.name for pack in packs}
    own = [rule for rule in rules.rules if rule.source in names]
    failed = 0
    for rule in own:
        for sentence, wanted in ((s, s in rule.hits) for s in (*rule.hits, *rule.misses)):
            if wanted != any(h.rule == rule.id for h in find_hints(sentence, rules)):
                failed += 1
                heard = "does not hear its hit" if wanted else "hears its miss"
                click.echo(f"{rule.source}: {rule.id} {heard}: {sentence}")
    click.echo(f"{len(own)} rules of {len(names)} packs; {failed} sentences fail.")
    return NOT_IN_ORDER if failed or rules.problems else 0


def _tell(finding: Finding, form: str, *, named: bool) -> None:
    if form == "json":
        click.echo(as_json(finding, named=named))
    elif form == "lines":
        click.echo(as_line(finding))
    elif form == "words":
        click.echo(as_words(finding, named=named))


def _findings(
    file: Path, rules: RuleSet, audience: str, is_markdown: bool | None
) -> Iterator[Finding]:
    from_stdin = str(file) == _STDIN
    data = sys.stdin.buffer.read() if from_stdin else read_bytes(file)
    name = "Standard input" if from_stdin else file.name
    text = decoded(data, name)[0] if data else ""
    if is_markdown is None:
        is_markdown = file.suffix.casefold() in MARKDOWN
    shown = "stdin" if from_stdin else str(file)
    for note in markdown_notes(text) if is_markdown else plain_notes(text):
        for hint in find_hints(note.text, rules, audience=audience):
            yield Finding(shown, note, hint)
