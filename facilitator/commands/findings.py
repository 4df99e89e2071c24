"""What was heard in a text, in the forms that people, editors and build servers read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from facilitator import __version__
from facilitator.commands.prose import Note
from facilitator.language.hints import Hint

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"strong": "warning", "soft": "note"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One hint, with the file and the note it stands in."""

    file: str
    note: Note
    hint: Hint

    @property
    def start(self) -> tuple[int, int]:
        """Line (from 1) and column (from 0) where it begins."""
        return self.note.place(self.hint.start)

    @property
    def end(self) -> tuple[int, int]:
        """Line (from 1) and column (from 0) just after it."""
        return self.note.end_place(self.hint.end)


def as_words(finding: Finding, *, named: bool) -> str:
    """A line for a person; with the file's name where there are several."""
    hint, (line, column) = finding.hint, finding.start
    where = f"{finding.file}:{line}:{column + 1}" if named else f"{line}:{column + 1}"
    instead = f" Write: {hint.suggestions[0]}" if hint.suggestions else ""
    return f"{where}: {hint.strength} {hint.family}: “{hint.text}”. {hint.reason}{instead}"


def as_line(finding: Finding) -> str:
    """A line for editors and build servers: file:line:col: strength family: reason."""
    hint, (line, column) = finding.hint, finding.start
    return f"{finding.file}:{line}:{column + 1}: {hint.strength} {hint.family}: {hint.reason}"


def as_json(finding: Finding, *, named: bool) -> str:
    """A JSON object in one line; what goes on in the next line of the file ends with its line."""
    hint, (line, column), (last, end) = finding.hint, finding.start, finding.end
    if last != line:
        end = column + len(_first_line(finding))
    plain: dict[str, Any] = {
        "line": line,
        "start": column,
        "end": end,
        "text": hint.text,
        "family": hint.family,
        "strength": hint.strength,
        "reason": hint.reason,
        "say": hint.say,
        "suggestions": list(hint.suggestions),
    }
    if named:
        plain["file"] = finding.file
    return json.dumps(plain, ensure_ascii=False)


def as_sarif(findings: Sequence[Finding]) -> str:
    """A SARIF 2.1.0 log of one run."""
    hints = {each.hint.rule: each.hint for each in findings}
    order = {rule: index for index, rule in enumerate(sorted(hints))}
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "facilitator",
                        "version": __version__,
                        "rules": [_rule(hints[rule]) for rule in order],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, order) for each in findings],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


def louder(findings: Iterable[Finding], least: str) -> list[Finding]:
    """Those that are at least as strong."""
    return [each for each in findings if least == "soft" or each.hint.strength == "strong"]


def _first_line(finding: Finding) -> str:
    note, hint = finding.note, finding.hint
    after = [start for start in note.starts if start > hint.start]
    return note.text[hint.start : after[0] - 1] if after else hint.text


def _rule(hint: Hint) -> dict[str, Any]:
    return {
        "id": hint.rule,
        "shortDescription": {"text": hint.reason or hint.family},
        "help": {"text": hint.question or hint.say or hint.reason or hint.family},
        "properties": {"family": hint.family},
    }


def _result(finding: Finding, order: dict[str, int]) -> dict[str, Any]:
    hint, (line, column), (last, end) = finding.hint, finding.start, finding.end
    instead = f" Write: {hint.suggestions[0]}" if hint.suggestions else f" {hint.question}"
    return {
        "ruleId": hint.rule,
        "ruleIndex": order[hint.rule],
        "level": _LEVELS[hint.strength],
        "message": {"text": f"“{hint.text}”: {hint.reason}{instead}".strip()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file.replace("\\", "/"))},
                    "region": {
                        "startLine": line,
                        "startColumn": column + 1,
                        "endLine": last,
                        "endColumn": end + 1,
                        "snippet": {"text": hint.text},
                    },
                }
            }
        ],
    }
