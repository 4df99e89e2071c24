"""Blame in files: plain text and Markdown, for people, editors, build servers and hooks."""

import json
import time
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.commands.prose import markdown_notes, plain_notes
from facilitator.settings import Settings, save_settings

ROOT = Path(__file__).resolve().parent.parent
BLAME = "The engineer broke the gate."
SOFT = "The engineer should have checked it."
MARKDOWN = f"""---
title: {BLAME}
---
# Gate outage

Tickets were printed without a seat. The on-call engineer
should have checked it. `{BLAME}`

```text
{BLAME}
```

<!-- {BLAME} -->
- [ ] **{BLAME}**
- The [gate](https://example.org/broke) reported nothing.

| when | what |
|---|---|
| 18:14 | {BLAME} |

    {BLAME}

~~~
{BLAME}
~~~
> {BLAME}
"""


@pytest.fixture
def run(tmp_path):
    def call(*words, status=0, text=None):
        arguments = ["--library", str(tmp_path / "library.sqlite"), "language", *map(str, words)]
        done = CliRunner().invoke(cli, arguments, input=text)
        assert done.exit_code == status, (done.output, done.exception)
        return done

    return call


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "gate.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return path


def rows(done):
    return [json.loads(row) for row in done.stdout.splitlines()]


def test_in_markdown_only_what_somebody_says_is_read(run, file):
    lines = MARKDOWN.splitlines()
    said = [f"- [ ] **{BLAME}**", f"| 18:14 | {BLAME} |", f"> {BLAME}"]
    found = [row for row in rows(run("--json", file)) if row["family"] == "person-fault"]
    assert [row["line"] for row in found] == [lines.index(line) + 1 for line in said]


def test_a_sentence_over_two_lines_is_heard_where_it_begins(run, file):
    found = [row for row in rows(run("--json", file)) if row["family"] == "counterfactual"]
    lines = MARKDOWN.splitlines()
    assert len(found) == 1
    assert found[0]["line"] in (6, 7)
    assert 0 <= found[0]["start"] < found[0]["end"] <= len(lines[found[0]["line"] - 1])


def test_places_point_at_the_words_in_the_file(run, file):
    lines = MARKDOWN.splitlines()
    for row in rows(run("--json", file)):
        said = lines[row["line"] - 1][row["start"] : row["end"]]
        assert row["text"].startswith(said) or said == row["text"]


def test_plain_text_reads_every_line_and_markdown_can_be_asked_for(run, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(f"```\n{BLAME}\n```\n", encoding="utf-8")
    assert len(rows(run("--json", path))) == 1
    assert rows(run("--json", "--markdown", path)) == []
    assert rows(run("--json", "--markdown", text=f"~~~\n{BLAME}\n")) == []


def test_lines_are_what_editors_read(run, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(f"Nothing here.\n{BLAME}\n", encoding="utf-8")
    line = run("--format", "lines", path).stdout.strip()
    where, strength_family, reason = line.split(": ")
    assert where.startswith(f"{path}:2:")
    assert strength_family == "strong person-fault"
    assert reason.endswith(".")


def test_several_files_are_told_apart(run, tmp_path):
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(BLAME, encoding="utf-8")
    assert [row["file"] for row in rows(run("--json", *paths))] == [str(p) for p in paths]
    assert "file" not in rows(run("--json", paths[0]))[0]
    told = run(*paths).stdout.splitlines()
    assert [line.split(":1:")[0] for line in told] == [str(p) for p in paths]


def test_the_exit_status_says_something_only_when_asked(run, tmp_path):
    quiet, soft = tmp_path / "quiet.txt", tmp_path / "soft.txt"
    quiet.write_text("The service failed to start.\n", encoding="utf-8")
    soft.write_text(f"{SOFT}\n", encoding="utf-8")
    run(soft)
    run("--check", quiet)
    run("--check", quiet, soft, status=1)
    run("--check", "--min-severity", "strong", soft)
    run("--check", tmp_path / "none.txt", status=2)


def test_less_than_the_least_severity_is_left_out(run):
    text = f"{SOFT}\n{BLAME}\n"
    assert [row["strength"] for row in rows(run("--json", text=text))] == ["soft", "strong"]
    only = rows(run("--json", "--min-severity", "strong", text=text))
    assert [row["strength"] for row in only] == ["strong"]


def test_sarif_has_the_shape_that_its_readers_want(run, file):
    log = json.loads(run("--format", "sarif", file).stdout)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (ran,) = log["runs"]
    driver = ran["tool"]["driver"]
    assert driver["name"] == "facilitator"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert ran["columnKind"] == "unicodeCodePoints"
    assert ran["results"]
    for result in ran["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith("gate.md")
        region = place["region"]
        begin = (region["startLine"], region["startColumn"])
        assert (1, 1) <= begin < (region["endLine"], region["endColumn"])
    assert json.loads(run("--format", "sarif", text="").stdout)["runs"][0]["results"] == []


def test_german_is_heard_when_asked_for(run):
    text = "Wer hat das freigegeben?\n"
    assert rows(run("--json", text=text)) == []
    assert rows(run("--json", "--language", "de", text=text))[0]["family"] == "who-question"


def test_the_hook_names_a_command_that_is_there(run, tmp_path):
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entry = next(line for line in hook.splitlines() if line.strip().startswith("entry:"))
    words = entry.split(":", 1)[1].split()
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert words[0] in scripts["scripts"]
    path = tmp_path / "notes.md"
    path.write_text(BLAME, encoding="utf-8")
    run(*words[2:], "--min-severity", "strong", path, status=1)


# ---- packs of a team

PACK = """
[[rule]]
id = "own.yeehaw"
family = "hindsight"
strength = "strong"
patterns = ["[ yeehaw ]"]
reason = "Our own word."
hits = ["That was a yeehaw deploy."]
"""


def pack(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def data(own_home):
    return own_home / "data" / "Facilitator" / "language"


def test_a_team_pack_is_heard_everywhere(run, data):
    pack(data, "team.toml", PACK)
    assert rows(run("--json", text="A yeehaw deploy."))[0]["reason"] == "Our own word."


def test_a_pack_beside_a_library_holds_there_and_can_switch_one_off(run, data, tmp_path):
    pack(tmp_path / "library.language", "own.toml", PACK)
    assert rows(run("--json", text="A yeehaw deploy."))
    pack(tmp_path / "library.language", "own.toml", "")
    pack(data, "own.toml", PACK)
    assert rows(run("--json", text="A yeehaw deploy.")) == []


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ('[[rule]]\nid = "own.bad"\nfamily = "hindsight"\npatterns = ["[ ( ]"]\n', "team.toml:2"),
        ('[[rule]]\nid = "own.bad"\nfamily = "none"\npatterns = ["x"]\n', "no family none"),
        ("[[rule]\n", "team.toml: cannot be read"),
        ("rule = 5\n", "team.toml"),
        ("words = 5\n", "team.toml"),
        ("[words]\nperson = 5\n", "team.toml"),
        ('[text]\ntoken = "("\n', "team.toml"),
        ("a = " + "[" * 3000, "team.toml"),
    ],
)
def test_a_broken_pack_is_named_and_the_rest_work(run, data, broken, named):
    pack(data, "team.toml", broken)
    pack(data, "good.toml", PACK)
    done = run("--json", text=f"{BLAME} A yeehaw deploy.")
    assert named in done.stderr
    assert len(rows(done)) == 2


def test_a_pack_for_another_language_stays_out_of_english(run, data):
    pack(
        data,
        "de-team.toml",
        PACK.replace("yeehaw", "pfusch").replace("\n[[", 'language = "de"\n[[', 1),
    )
    assert rows(run("--json", text="Das war pfusch.")) == []
    assert rows(run("--json", "--language", "de", text="Das war pfusch."))


def test_the_report_is_checked_by_the_rules_of_the_window(tmp_path, data):
    def call(*words):
        return CliRunner().invoke(cli, ["--library", str(tmp_path / "l.sqlite"), *words])

    call("demo", "--no-window")
    pack(data, "team.toml", PACK.replace("yeehaw", "edge").replace("hindsight", "absolute"))
    done = call("report", "last", "--final", "-o", str(tmp_path / "r.pdf"))
    assert done.exit_code == 1
    assert "may read as blame" in done.stderr
    (data / "team.toml").unlink()
    save_settings(Settings(hints_language="de"))
    assert call("report", "last", "--final", "-o", str(tmp_path / "r.pdf")).exit_code == 0


def test_the_packs_prove_themselves(run, data):
    assert "0 rules of 0 packs" in run("--prove").stdout
    pack(data, "team.toml", PACK)
    assert "1 rules of 1 packs; 0 sentences fail." in run("--prove").stdout
    pack(data, "team.toml", PACK + 'misses = ["A yeehaw hat."]\n')
    assert "own.yeehaw hears its miss: A yeehaw hat." in run("--prove", status=1).stdout
    pack(
        data, "team.toml", PACK.replace("That was a", "No such word, a").replace(" yeehaw d", " d")
    )
    assert "does not hear its hit" in run("--prove", status=1).stdout


# ---- hostile Markdown


@pytest.mark.parametrize(
    "bait",
    ["`a" * 200_000, "*a" * 200_000, "[a](" * 50_000, "<!--" * 100_000, "> " * 100_000,
     " " * 400_000 + "x", "| " * 100_000, "- " * 200_000 + "x", "``a`" * 100_000, "_a_ " * 100_000],
)  # fmt: skip
def test_markdown_is_read_in_linear_time(bait):
    began = time.process_time()
    notes = list(markdown_notes(bait))
    assert time.process_time() - began < 3
    assert all(len(note.starts) == len(note.places) for note in notes)


def test_marks_of_markdown_keep_every_place():
    text = "A **bold** word, ``a ` tick`` and a [link](https://example.org/a)."
    (note,) = markdown_notes(text)
    assert len(note.text) == len(text)
    assert note.place(text.index("word")) == (1, text.index("word"))
    assert [n.text for n in plain_notes("\ufeffa\r\nb")] == ["a", "b"]
