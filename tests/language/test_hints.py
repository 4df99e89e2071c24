"""What the facilitator gets to see while people type."""

from pathlib import Path

import pytest

from facilitator.language.glossary import load_glossary
from facilitator.language.hints import find_hints
from facilitator.language.rules import load_rules

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
GLOSSARY = load_glossary([RESOURCES / "glossary/en.toml"])
RULES = load_rules(*sorted((RESOURCES / "language").glob("en*.toml"))).with_jargon(
    GLOSSARY.plain_words()
)
PEOPLE = {"Maya Ruiz": "the product owner", "Tom Hale": "the on-call engineer"}


def families(text, **how):
    return {hint.family for hint in find_hints(text, RULES, **how)}


def only(text, **how):
    (hint,) = find_hints(text, RULES, **how)
    return hint


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Rita broke checkout", "person-fault"),
        ("the tester should have run it", "counterfactual"),
        ("That was sloppy", "hindsight"),
        ("Whose mistake was it", "who-question"),
        ("We could have seen it", "counterfactual"),
        ("If only he had asked", "counterfactual"),
        ("Omar failed to read the plan", "counterfactual"),
        ("He didn't bother to ask", "counterfactual"),
        ("Cause: human error", "human-error"),
        ("pilot error", "human-error"),
        ("Obviously Rita knew", "hindsight"),
        ("an incompetent vendor", "hindsight"),
        ("be more vigilant", "vague-action"),
        ("improve coordination", "vague-action"),
        ("remind everyone", "vague-action"),
        ("Release team always breaks the queue", "person-fault"),
        ("Omar never checks", "absolute"),
        ("why didn't she escalate", "who-question"),
        ("Who merged this?", "who-question"),
        ("Rita is to blame", "person-fault"),
        ("it's her fault", "person-fault"),
        ("She should get a formal warning", "who-question"),
        ("fire him", "who-question"),
        ("That is irrelevant.", "dismissal"),
        ("90 % coverage would have caught it.", "metric-blame"),
        ("100 % coverage for all services", "blanket-fix"),
    ],
)
def test_blame_is_heard(text, family):
    assert family in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "The broker failed to start.",
        "The volume failed to attach.",
        "Fault tolerance held in two zones.",
        "The worker died of a segmentation fault.",
        "A page fault for each block",
        "The circuit breaker tripped.",
        "Just-in-time credentials ran out.",
        "It waits in a simple queue.",
        "The code should have been 204.",
        "Who is on call tonight?",
        "The error budget is spent.",
        "We hold blameless reviews.",
        "git blame points to the import.",
        'The log said "ERROR: failed to bind port".',
        "The alarm fired at 03:10.",
        "The alert did not fire.",
        "`she should have` is a comment in the code.",
        "Nobody is to blame for this.",
        "The pipeline did not validate runtime behaviour",
        "How did the pipeline let it through?",
        "Add an alert at 80 % disk, owner platform lead, by 12 May.",
    ],
)
def test_facts_about_machines_are_left_alone(text):
    assert find_hints(text, RULES) == ()


def test_a_hint_says_where_why_and_what_instead():
    hint = only("Cause unknown. The developer should have checked the table size.")
    assert hint.rule == "counterfactual.should-have"
    assert hint.strength == "soft"
    assert hint.text == "should have checked the table size"[: len(hint.text)]
    assert hint.sentence == (15, 64)
    assert hint.suggestions == ("The table size was not checked.",)
    assert hint.names_person


def test_a_rewording_keeps_what_stands_after_the_blame():
    hint = only("Rita broke the login page at 14:02 in Europe.")
    assert hint.suggestions == ("The login page broke at 14:02 in Europe.",)


def test_a_rewording_is_not_offered_when_it_would_say_something_else():
    hint = only("She forgot to drain the node and restarted it.")
    assert hint.suggestions == ()
    assert hint.question


def test_several_failings_in_one_sentence_are_reworded_together():
    (hint, *_) = find_hints("You obviously have not read the plan.", RULES)
    assert "The plan was not read." in hint.suggestions


@pytest.mark.parametrize("field", ["why", "moment", "summary", "note"])
def test_vague_actions_and_blanket_fixes_are_heard_only_where_actions_are_written(field):
    text = "Be more careful; all PRs must have two reviewers."
    assert families(text, field=field) == set()
    assert families(text, field="action") == {"vague-action", "blanket-fix"}
    assert families(text, field="fix") == {"vague-action", "blanket-fix"}


def test_the_fix_that_only_promises_care_is_heard_whole():
    text = (
        "We need to be more careful with configuration changes going forward "
        "and improve communication."
    )
    assert len(find_hints(text, RULES, field="fix")) == 2


def test_a_fix_with_artefact_owner_and_check_gives_no_hint():
    text = (
        "The story template gets an edge-case section. Owner: Maya. "
        "Check: zero scenario-gap bugs of this class in the next release."
    )
    assert find_hints(text, RULES, field="fix") == ()


def test_a_why_that_stops_at_a_person_is_marked():
    assert only("The developer should have been more careful", field="why").names_person
    assert find_hints("The pipeline did not validate runtime behaviour", RULES, field="why") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The PR approver should have caught it.",
        "95 % coverage would have caught this.",
        "The dev team is to blame.",
    ],
)
def test_reviewers_figures_and_teams_are_targets_of_blame_too(text):
    assert families(text)


def test_a_participants_name_offers_the_role():
    hint = only("At 18:37 Tom opened the dashboard.", names=PEOPLE)
    assert hint.family == "person-name"
    assert hint.text == "Tom"
    assert hint.suggestions == ("At 18:37 the on-call engineer opened the dashboard.",)


def test_names_match_by_case_and_on_word_borders():
    assert find_hints("maya is a word and Mayan is another.", RULES, names=PEOPLE) == ()
    assert only("Maya Ruiz's note says 14:02.", names=PEOPLE).text == "Maya Ruiz"


def test_a_first_name_that_two_share_is_not_guessed():
    people = {"Maya Ruiz": "the product owner", "Maya Cole": "the tech lead"}
    assert find_hints("Maya noticed the graph.", RULES, names=people) == ()
    assert only("Maya Cole noticed the graph.", names=people).suggestions == (
        "The tech lead noticed the graph.",
    )


def test_an_unusual_name_of_a_participant_counts_as_a_person():
    text = "Xiulan broke the importer."
    assert find_hints(text, RULES) == ()
    hints = find_hints(text, RULES, names={"Xiulan Ostrowski": "the tester"})
    assert [hint.family for hint in hints] == ["person-fault"]
    assert hints[0].suggestions == ("The importer broke.",)


def test_jargon_is_heard_only_for_executives_and_in_their_fields():
    text = "A PR without a null check passed the regression suite."
    assert families(text) == set()
    hints = find_hints(text, RULES, audience="executive", field="summary")
    assert [hint.text for hint in hints] == ["PR", "null check", "regression suite"]
    assert find_hints(text, RULES, audience="executive", field="why") == ()
    assert hints[0].suggestions == (
        "A proposed change without a safeguard for missing values passed the repeat tests.",
    )


def test_what_is_quoted_is_a_name_and_no_jargon():
    text = "Every story gets an “Edge cases” section and edge cases get a test."
    hints = find_hints(text, RULES, audience="executive", field="summary")
    assert [(hint.text, hint.start > 30) for hint in hints] == [("edge cases", True)]


def test_abbreviations_are_known_by_their_capitals():
    how = {"audience": "executive", "field": "summary"}
    assert find_hints("We take the usual pr photo.", RULES, **how) == ()
    assert find_hints("An ADR was written.", RULES, **how)[0].suggestions == (
        "A record of the technical decision was written.",
    )


def test_a_quotation_that_is_the_whole_note_is_heard_softly():
    assert only('"Rita broke the importer"').strength == "soft"
    assert only("Rita broke the importer").strength == "strong"


def test_bullets_labels_and_times_stay_when_a_sentence_is_replaced():
    text = "- 14:02 - Rita broke the importer."
    hint = only(text)
    assert text[: hint.sentence[0]] == "- 14:02 - "


def test_a_silenced_rule_or_family_is_quiet():
    text = "Rita broke the importer."
    rule = only(text).rule
    quiet = RULES.without([rule, "person-fault"])
    assert find_hints(text, quiet) == ()
    assert find_hints("Cause: human error", quiet)
