"""The demo incident says what the sources say, and its meeting can be played anywhere."""

import json
from datetime import UTC, date, datetime

import pytest

from facilitator import paths
from facilitator.bundled import language_rules
from facilitator.checks.wording import jargon_on_page_one
from facilitator.commands.freezing import open_gates
from facilitator.demo.incident import demo_edit
from facilitator.demo.meeting import SteppedClock, lead
from facilitator.demo.play import play
from facilitator.language.hints import find_hints
from facilitator.model.change import Refused
from facilitator.model.clock import read_clock
from facilitator.model.document import Document
from facilitator.model.edits.fixes import the_fix
from facilitator.model.edits.whys import branch, evidence_of, leaves
from facilitator.model.figures import figures, key_moments, order_problems, share_text
from facilitator.model.records import (
    KEY_MOMENTS,
    LANES,
    PHASES,
    ClockMark,
    FollowUp,
    Moment,
    Parked,
    Person,
    Series,
    Topic,
    Why,
)
from facilitator.model.templates import read_template, template_file
from facilitator.model.times import clock_text, day_text
from facilitator.report.content import edition_of
from facilitator.report.email_text import email_text
from facilitator.session import Session
from facilitator.store.library import Library

AT = datetime(2026, 6, 18, 20, 58, tzinfo=UTC)
ZONE = "Pacific/Auckland"


@pytest.fixture(scope="module")
def demo():
    return Document().with_changes(demo_edit(AT).changes)


def test_the_facts_are_those_of_the_case(demo):
    facts = demo.incident
    assert (facts.severity, facts.organisation, facts.zone) == ("P1", "Ōtautahi Health", ZONE)
    assert (facts.users_affected, facts.users_total, facts.support_calls) == (2340, 45000, 17)
    assert share_text(facts.users_affected, facts.users_total) == "5.2 %"
    assert share_text(facts.support_calls, facts.users_affected) == "0.7 %"
    assert (facts.level, facts.label, facts.sample) == ("scope", "scenario-gap", True)
    assert day_text(facts.meeting_at, ZONE, weekday=True) == "Friday 19 June 2026"
    assert clock_text(facts.meeting_at, ZONE) == "09:00"


def test_page_one_says_no_word_of_the_trade(demo):
    """Everything on it, our own words too, as the e-mail of it has them."""
    edition = edition_of(demo, final=True, head=(1, "ab" * 32), at=AT)
    said = [line for line in email_text(demo, edition).splitlines() if line]
    assert len(said) > 12
    how = {"field": "summary", "audience": "executive"}
    heard = [hint.text for line in said for hint in find_hints(line, language_rules(), **how)]
    assert heard == []
    assert jargon_on_page_one(demo, language_rules()) == ()


def test_all_key_moments_stand_at_their_times(demo):
    keys = key_moments(demo)
    times = {key: clock_text(moment.at, ZONE) for key, moment in keys.items()}
    assert set(keys) == set(KEY_MOMENTS)
    assert times == {
        "merged": "00:00",
        "deployed": "18:10",
        "impact_began": "18:14",
        "system_knew": "18:31",
        "person_knew": "18:37",
        "mitigated": "21:08",
        "resolved": "21:08",
    }
    assert keys["merged"].precision == "date"
    assert day_text(keys["merged"].at, ZONE, weekday=True) == "Sunday 14 June 2026"
    assert order_problems(demo) == ()


def test_the_figures_follow(demo):
    texts = {each.id: each.text for each in figures(demo)}
    assert texts["duration"] == "2 h 54 min"
    assert texts["detection_gap"] == "23 min"
    assert texts["detection_deficit"] == "about 4 d"


def test_every_lane_has_something_and_the_curve_a_point_a_minute(demo):
    assert {m.lane for m in demo.all(Moment)} == set(LANES)
    (curve,) = demo.all(Series)
    steps = {b[0] - a[0] for a, b in zip(curve.points, curve.points[1:], strict=False)}
    assert steps == {60.0}
    during = [v for t, v in curve.points if 1781764000 < t < 1781773680]
    before = [v for t, v in curve.points if t < 1781763240]
    assert min(during) > 5 > max(before)


def test_one_branch_ends_five_deep_at_the_root_cause_and_every_answer_has_evidence(demo):
    (root,) = [w for w in demo.all(Why) if w.root_cause]
    assert root.text == "QA is outside story refinement"
    assert (len(branch(demo, root.id)), root.level) == (5, "scope")
    assert len(leaves(demo)) == 2
    assert [w.text for w in demo.all(Why) if not evidence_of(demo, w.id)] == []


def test_the_fix_and_the_actions_are_owned_and_dated(demo):
    fix = the_fix(demo)
    assert "“Edge cases” section" in fix.change
    assert (fix.owner, fix.helpers, fix.due) == ("Product owner", "Tech lead", date(2026, 6, 26))
    assert fix.check == "Zero scenario-gap bugs of this class in the next release"
    assert [(f.owner, f.due) for f in demo.all(FollowUp)] == [
        ("Developer", date(2026, 6, 22)),
        ("Tech lead", date(2026, 6, 19)),
    ]
    assert len(demo.all(Parked)) == 2


def test_the_summary_is_short_and_the_chief_executive_only_told(demo):
    assert 4 <= demo.incident.summary.count(". ") + 1 <= 8
    (chief,) = [p for p in demo.all(Person) if p.role == "leadership"]
    assert (chief.notified, chief.present) == (True, False)


def test_no_word_of_it_blames_and_nothing_is_missing_for_signing(demo):
    assert open_gates(demo) == ()


def test_the_agenda_has_six_phases_in_an_hour_and_asks_the_system():
    template = read_template(template_file(paths.resources()))
    assert [t.phase for t in template.topics] == list(PHASES)
    assert [t.minutes for t in template.topics] == [5, 10, 20, 10, 10, 5]
    assert {t.phase: t.floor for t in template.topics if t.floor} == {"fix": 5, "sign": 3}
    assert template.minutes == 60
    assert [t.question for t in template.topics if "you" in t.question.lower()] == []
    assert set(template.sections) == set(PHASES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        'id = "a"\ntitle = "b"\ntopic = [{phase = "x", title = "t", question = "q", minutes = 5}]',
        'id = "a"\ntitle = "b"\ntopic = [{phase = "fix", title = "t", question = "q"}]',
        'id = "a"\ntitle = "b"\n'
        'topic = [{phase = "fix", title = "t", question = "q", minutes = 2, floor = 3}]',
    ],
)
def test_an_agenda_that_is_none_is_refused_with_a_sentence(tmp_path, text):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"own\.toml|phase|minute"):
        read_template(file)


def test_the_meeting_goes_through_every_phase_and_ends_on_time(tmp_path):
    clock = SteppedClock(AT)
    library = Library(tmp_path / "library.sqlite", now=clock)
    session = Session(library, library.create(demo_edit(AT)))
    before = session.document
    told = list(lead(session, clock, language_rules()))
    after = session.document
    session.close()
    library.close()
    reading = read_clock(after.all(Topic), after.all(ClockMark), clock())
    assert told[0].phase == "Opening"
    assert len(told) == 1 + len(PHASES)
    assert (reading.state, reading.opening_shown) == ("done", True)
    assert all(time.visited for time in reading.times)
    assert reading.projected_end <= reading.planned_end
    assert len(after.all(Moment)) == len(before.all(Moment)) + 2
    assert len(after.all(Why)) == len(before.all(Why)) + 3
    assert open_gates(after) == ()


def test_the_demo_plays_to_a_signed_report_without_a_display(tmp_path, capsys):
    folder = tmp_path / "demo"
    assert play(folder, screens=False) == 0
    said = capsys.readouterr().out
    for words in ("Opening", "Sign", "Verified: good", "flipped", "equal", "report-signed.pdf"):
        assert words in said
    assert (folder / "report-signed.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((folder / "incident.json").read_text(encoding="utf-8"))["digest"]
    assert len(list((folder / "pictures").glob("*.png"))) >= 5
    assert len(list((folder / "identities").glob("*.identity"))) == 3


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert play(tmp_path) == 1
    assert "other files" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["mine.txt"]
