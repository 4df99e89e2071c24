"""What the read-me promises is so."""

import re
from pathlib import Path

from facilitator.bundled import language_rules
from facilitator.cli import cli
from facilitator.language.hints import find_hints
from facilitator.ui.actions import COMMANDS

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
TOUR = README.split("## Five minutes")[1].split("## Where")[0]


def test_the_sentence_of_the_tour_is_heard_and_has_a_rewording():
    sentence = re.search(r"Write “([^”]+)”", TOUR)[1]
    hints = find_hints(sentence, language_rules("en"), field="why")
    assert hints
    assert hints[0].suggestions


def test_the_keys_of_the_tour_are_keys_of_commands():
    named = set(re.findall(r"\*\*((?:(?:Ctrl|Shift|Alt)\+)?F?\d*(?:Enter|[A-Z])?)\*\*", TOUR))
    known = {key for command in COMMANDS for key in command.keys}
    assert {"F5", "F12", "Ctrl+T"} <= named
    assert {key for key in named if key} <= known


def test_the_commands_it_names_are_there():
    part = README.split("## The command line")[1].split("## Inside")[0].split("`export last")[0]
    named = set(re.findall(r"`([a-z-]+)`", part))
    assert {"demo", "sign", "verify"} <= named
    assert named <= set(cli.commands)
