"""Sentences to say and terms in plain words."""

import re
from pathlib import Path

import pytest

from facilitator.language.glossary import load_glossary
from facilitator.language.hints import find_hints
from facilitator.language.phrases import load_phrases
from facilitator.language.rules import load_rules

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
BANK = load_phrases([RESOURCES / "phrases/en.toml"])
GLOSSARY = load_glossary([RESOURCES / "glossary/en.toml"])
RULES = load_rules(*sorted((RESOURCES / "language").glob("en*.toml")))


def test_the_six_steps_of_a_script_come_in_order_with_three_phrases_each():
    assert [step.title for step in BANK.elements] == [
        "Acknowledge and validate",
        "Present data",
        "Assertive language",
        "Collaborative approach",
        "Compromise",
        "Timeboxing",
    ]
    assert all(len(step.phrases) >= 3 for step in BANK.elements)


@pytest.mark.parametrize(
    "words",
    ["strongly suggests", "let's review", "my priority is", "Let's look at", "sound reasonable"],
)
def test_phrases_are_found_by_their_words(words):
    assert BANK.search(words)


@pytest.mark.parametrize(
    "name", ["redirect", "pause", "dismissal", "coverage", "silence", "paraphrase", "consensus"]
)
def test_each_situation_has_phrases(name):
    assert len(BANK.situation(name)) >= 3
    assert BANK.situation("unheard of") == ()


def test_blanks_are_filled_from_the_meeting():
    text = BANK.fill("Could you, as [Role], say what you saw at [Time]?", {"Time": "18:37"})
    assert text == "Could you, as everybody here, say what you saw at 18:37?"


def test_no_phrase_keeps_a_blank():
    for phrase in BANK.all():
        assert not re.search(r"\[[A-Z]", BANK.fill(phrase.text, {}))


def test_no_phrase_blames():
    for phrase in BANK.all():
        assert find_hints(BANK.fill(phrase.text, {}), RULES, field="note") == (), phrase.text


@pytest.mark.parametrize("family", sorted(RULES.families))
def test_every_family_has_a_sentence_to_redirect_with(family):
    sentence = BANK.redirect_for(family)
    assert sentence[0].isupper()
    assert sentence[-1] in ".?"


def test_a_family_without_phrases_gets_the_general_redirect():
    assert BANK.redirect_for("unheard-of") == BANK.situation("redirect")[0].text


@pytest.mark.parametrize("phase", ["restate", "detection", "whys", "level", "fix", "sign"])
def test_every_phase_has_prompts(phase):
    assert BANK.prompts_for(phase)


def test_there_are_opening_statements_of_several_paragraphs():
    assert len(BANK.openings) >= 2
    assert "\n\n" in BANK.openings[0].text


def test_the_coverage_answer_makes_the_distinction_and_is_not_dismissive():
    words = " ".join(phrase.text for phrase in BANK.situation("coverage")).casefold()
    assert "lines" in words
    assert "states and journeys" in words
    assert "boundary" in words
    assert "irrelevant" not in words


def test_a_broken_phrase_file_is_named(tmp_path):
    bad, odd = tmp_path / "bad.toml", tmp_path / "odd.toml"
    bad.write_text("[[element]\n")
    odd.write_text('[[element]]\nid = "a"\ntitle = "A"\nphrases = "none"\n')
    bank = load_phrases([bad, odd, tmp_path / "gone.toml"])
    assert [problem.split(":")[0] for problem in bank.problems] == [
        "bad.toml",
        "odd.toml",
        "gone.toml",
    ]
    assert bank.redirect_for("person-fault") == ""


@pytest.mark.parametrize(
    "name",
    [
        "RCA", "Blast Radius", "MTTR", "MTBF", "MTTD", "Observability", "Correlation", "Rollback",
        "Circuit Breaker", "Chaos Engineering", "3-Amigos", "ADR", "UAT", "PO", "TL", "IC",
        "runbook", "service virtualization", "data masking", "false negative",
        "exploratory charter",        "regression suite", "feature flag", "war room",
    ],
)  # fmt: skip
def test_the_terms_of_the_field_are_explained_twice(name):
    term = GLOSSARY.find(name)
    assert term.room.endswith(".")
    assert term.executive.endswith(".")


def test_chaos_engineering_is_preventative():
    assert "preventative measure, not a reactive one" in GLOSSARY.find("chaos engineering").caveat


def test_search_puts_names_before_explanations():
    found = GLOSSARY.search("failure")
    assert found[0].id == "mtbf"
    assert len(found) > 1
    assert GLOSSARY.find("unheard of") is None


def test_plain_words_give_no_hint_and_are_no_jargon():
    plain = GLOSSARY.plain_words()
    rules = RULES.with_jargon(plain)
    for word in plain.values():
        text = f"This is about {word}."
        assert find_hints(text, rules, field="summary", audience="executive") == (), word


def test_a_broken_glossary_is_named(tmp_path):
    path = tmp_path / "terms.toml"
    path.write_text(
        '[[term]]\nid = "a"\n[[term]]\nid = "b"\nterm = "B"\nroom = "x"\nexecutive = "y"\n'
    )
    glossary = load_glossary([path, tmp_path / "gone.toml"])
    assert [term.id for term in glossary.terms] == ["b"]
    assert len(glossary.problems) == 2
