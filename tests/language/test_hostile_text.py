"""No text, however long or odd, may stop the meeting."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.language.hints import find_hints
from facilitator.language.rules import load_rules

FOLDER = Path(__file__).resolve().parents[2] / "resources/language"
RULES = load_rules(*sorted(FOLDER.glob("en*.toml")))
LONG = 1_000_000

BAIT = {
    "one word": "a" * LONG,
    "no break": "word " * (LONG // 5),
    "triggers": "should have " * (LONG // 12),
    "negations": "not never no " * (LONG // 13),
    "people": "the developer Sam she " * (LONG // 22),
    "judgements": "so very careless and " * (LONG // 21),
    "questions": "why did you who " * (LONG // 16),
    "open quotes": '"a ' * (LONG // 3),
    "curly quotes": "“" * LONG,
    "ticks": "`" * LONG,
    "fences": "```\n" * (LONG // 4),
    "single quotes": "'a " * (LONG // 3),
    "brackets": "(" * LONG,
    "dots": "." * LONG,
    "spaces": " " * LONG,
    "bullets": "- " * (LONG // 2),
    "labels": "Why: " * (LONG // 5),
    "dates": "2026-01-01 " * (LONG // 11),
    "times": "14:02 " * (LONG // 6),
    "links": "http://" * (LONG // 7),
    "apostrophes": "n't's've" * (LONG // 8),
    "hyphens": "a-" * (LONG // 2),
    "combining": "e\u0301" * (LONG // 2),
    "emoji": "🔥" * LONG,
    "lines": "x\n" * (LONG // 2),
}


def seconds_for(text: str) -> float:
    began = time.process_time()
    find_hints(text, RULES)
    return time.process_time() - began


@pytest.mark.parametrize("name", BAIT)
def test_a_megabyte_of_bait_takes_time_in_proportion(name):
    small = seconds_for(BAIT[name][: LONG // 20])
    # Twenty times the text may take twenty times the time, with room for a busy machine.
    assert seconds_for(BAIT[name][: LONG // 4]) < 15 * small + 2.0


@settings(max_examples=150, deadline=2000)
@given(st.text(max_size=600))
def test_any_text_gives_hints_whose_words_stand_where_they_say(text):
    for hint in find_hints(text, RULES):
        assert text[hint.start : hint.end] == hint.text
        assert hint.sentence[0] <= hint.start < hint.end <= len(text)


WORDS = sorted(
    {"should", "have", "she", "the", "developer", "forgot", "to", "test", "it", "why", "did", "you"}
    | {"who", "broke", "this", "?", "not", "never", "if", "only", "be", "more", "careful", ",", "."}
    | {"human", "error", "always", "blame", "Sam", "n't", "was", "of", "and", '"', "nobody", "`"}
)


@settings(max_examples=300, deadline=2000)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_suggestions_for_any_sentence_give_no_hint(text):
    for hint in find_hints(text, RULES):
        for suggestion in hint.suggestions:
            assert find_hints(suggestion, RULES) == ()


def test_positions_count_characters_not_bytes():
    text = "🔥🔥 Ōtautahi: the developer should have checked."
    (hint,) = find_hints(text, RULES)
    assert hint.text == "should have checked"
    assert text[hint.start : hint.end] == hint.text
