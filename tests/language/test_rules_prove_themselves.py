"""Each rule in the rule files carries sentences it must hear and sentences it must not."""

import tomllib
from pathlib import Path

import pytest

from facilitator.language.hints import find_hints
from facilitator.language.rules import load_rules

FOLDER = Path(__file__).resolve().parents[2] / "resources/language"
PACKS = {name: load_rules(*sorted(FOLDER.glob(f"{name}*.toml"))) for name in ("en", "de")}
HITS = [
    pytest.param(pack, rule.id, text, id=f"{name}:{rule.id}:{text[:40]}")
    for name, pack in PACKS.items()
    for rule in pack.rules
    for text in rule.hits
]
MISSES = [
    pytest.param(pack, rule.id, text, id=f"{name}:{rule.id}:{text[:40]}")
    for name, pack in PACKS.items()
    for rule in pack.rules
    for text in rule.misses
]


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_can_be_read(name):
    assert PACKS[name].problems == ()
    assert PACKS[name].rules


@pytest.mark.parametrize(("pack", "rule_id", "text"), HITS)
def test_a_rule_hears_its_own_hits(pack, rule_id, text):
    families = {hint.family for hint in find_hints(text, pack)}
    assert pack.rule(rule_id).family.id in families


@pytest.mark.parametrize(("pack", "rule_id", "text"), MISSES)
def test_a_rule_is_silent_on_its_own_misses(pack, rule_id, text):
    assert rule_id not in {hint.rule for hint in find_hints(text, pack)}


@pytest.mark.parametrize(("pack", "rule_id", "text"), HITS)
def test_a_suggestion_is_a_sentence_that_gives_no_hint(pack, rule_id, text):
    for hint in find_hints(text, pack):
        for suggestion in hint.suggestions:
            assert find_hints(suggestion, pack) == ()
            assert suggestion[0].isupper() or not suggestion[0].isalpha()
            assert suggestion[-1] in ".!?…"


@pytest.mark.parametrize(("pack", "rule_id", "text"), HITS)
def test_every_hint_has_something_to_say_and_to_ask_or_to_write(pack, rule_id, text):
    for hint in find_hints(text, pack):
        assert hint.reason
        assert len(hint.reason.split()) <= 8
        assert hint.say.strip()
        assert hint.suggestions or hint.question


SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", SENTENCES["heard"])
def test_what_blames_is_heard(text):
    assert find_hints(text, PACKS["en"])


@pytest.mark.parametrize("text", SENTENCES["quiet"])
def test_what_does_not_blame_is_left_alone(text):
    assert find_hints(text, PACKS["en"]) == ()
