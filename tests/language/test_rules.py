"""Rule packs: what they may say, and what becomes of a broken one."""

import pytest

from facilitator.language.hints import find_hints
from facilitator.language.patterns import PatternError, compile_pattern
from facilitator.language.rules import load_rules
from facilitator.language.words import Lexicon

PACK = """
language = "xx"
[words]
person = "gru bo"
machine = "zim"
pronoun = "ta"

[family.fault]
title = "Fault"
strength = "strong"
reason = "Blames."
say = "Say it otherwise."
question = "How come?"

[[rule]]
id = "fault.good"
family = "fault"
subject = "person"
patterns = ["[ blik ]"]
rewrite = ["plok {after}"]
"""


def test_the_engine_knows_no_language(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(PACK, encoding="utf-8")
    rules = load_rules(path)
    assert rules.language == "xx"
    (hint,) = find_hints("Gru blik dora.", rules)
    assert hint.suggestions == ("Plok dora.",)
    assert find_hints("Zim blik dora.", rules) == ()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('patterns = ["[ blik "]', "brackets"),
        ('patterns = ["<nowhere>"]', "no class"),
        ('patterns = ["@nothing"]', "no macro"),
        ('patterns = [".{0,9}"]', "repeat"),
        ('patterns = [".?"]', "must occur"),
        ('patterns = ["( a b ){0,3} c"]', "group"),
        ('patterns = [".* .* .* .* .* .* a"]', "too many"),
        ('patterns = ["a {0,2}"]', "nothing to repeat"),
        ('patterns = ["a(b c"]', "cannot read"),
        ("patterns = []", "no pattern"),
        ('patterns = ["x:( a ) x:( b )"]', "twice"),
        ('subject = "ghost"\npatterns = ["a"]', "subject"),
        ('strength = "loud"\npatterns = ["a"]', "strength"),
        ('reason = "one two three four five six seven eight nine"\npatterns = ["a"]', "reason"),
        ("", "patterns"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line_and_left_out(tmp_path, broken, why):
    path = tmp_path / "team.toml"
    text = f'{PACK}\n[[rule]]\nid = "fault.bad"\nfamily = "fault"\n{broken}\n'
    path.write_text(text, encoding="utf-8")
    rules = load_rules(path)
    line = text[: text.index("fault.bad")].count("\n") + 1
    assert [rule.id for rule in rules.rules] == ["fault.good"]
    (problem,) = rules.problems
    assert problem.startswith(f"team.toml:{line}: fault.bad: ")
    assert why in problem


def test_a_rule_of_an_unknown_family_is_left_out(tmp_path):
    path = tmp_path / "team.toml"
    path.write_text(f'{PACK}\n[[rule]]\nid = "x"\nfamily = "no"\npatterns = ["a"]\n')
    assert "no family no" in load_rules(path).problems[0]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[[rule]\n", b"= 3"])
def test_a_file_that_cannot_be_read_is_named_and_the_others_work(tmp_path, content):
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(PACK, encoding="utf-8")
    bad.write_bytes(content)
    rules = load_rules(good, bad, tmp_path / "gone.toml")
    assert find_hints("Gru blik.", rules)
    assert [problem.split(":")[0] for problem in rules.problems] == ["bad.toml", "gone.toml"]


@pytest.mark.parametrize("table", ["mask", "mend", "veto"])
def test_a_broken_expression_is_named(tmp_path, table):
    path = tmp_path / "team.toml"
    path.write_text(f'{PACK}\n[[{table}]]\npattern = "("\nnew = ""\nslot = "after"\n')
    (problem,) = load_rules(path).problems
    assert problem.startswith("team.toml")
    assert table in problem


def test_a_teams_pack_may_replace_a_rule_and_add_one(tmp_path):
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text(PACK, encoding="utf-8")
    second.write_text(
        '[[rule]]\nid = "fault.good"\nfamily = "fault"\npatterns = ["[ kra ]"]\n'
        '[[rule]]\nid = "fault.more"\nfamily = "fault"\npatterns = ["[ mip ]"]\n'
    )
    rules = load_rules(first, second)
    assert find_hints("Gru blik.", rules) == ()
    assert len(find_hints("Gru kra. Gru mip.", rules)) == 2


def test_a_pattern_says_what_it_cannot_read():
    with pytest.raises(PatternError, match="brackets"):
        compile_pattern("a ) b", Lexicon({}), {})


def test_rules_can_be_prepared_before_anyone_types(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(PACK, encoding="utf-8")
    assert load_rules(path).prepare() == 1


@pytest.mark.parametrize(
    "odd",
    [
        "words = 3",
        "rule = 'x'",
        "rule = ['x']",
        "[words]\nperson = ['gru']",
        "[[rule]]\nid = 'a'\npatterns = 'b'",
        "[[silence]]\npatterns = [1]",
        "family = []",
        "[family]\nfault = 1",
        "forms = []",
        "[forms]\nirregular = ['']",
        "[forms.endings]\npast = [['(', 'x']]",
        "language = 3",
        "[text]\ntoken = '('",
        "[counting]\nplural = '('\nsingular = ''",
        "[[suffix]]\nending = 'ly'\ntags = 'adverb'",
        "[[suffix]]\ntags = ['adverb']",
        "[counting]\nplural = 's'",
        "[[rule]]\nid = 3\nfamily = 'fault'\npatterns = ['a']",
        "[[rule]]\nid = 'a'\nfamily = ['fault']\npatterns = ['a']",
        "[[rule]]\nid = 'a'\nfamily = 'fault'\nreason = 3\npatterns = ['a']",
        "[[mask]]\npattern = 3",
        "[family.odd]\nfields = 3\n[[rule]]\nid = 'a'\nfamily = 'odd'\npatterns = ['a']",
    ],
)
def test_a_file_of_another_shape_is_named_and_the_others_work(tmp_path, odd):
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(PACK, encoding="utf-8")
    bad.write_text(odd, encoding="utf-8")
    rules = load_rules(good, bad)
    assert find_hints("Gru blik.", rules)
    assert rules.problems
    assert all(problem.startswith("bad.toml") for problem in rules.problems)
