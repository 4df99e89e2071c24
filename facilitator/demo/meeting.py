"""The demo meeting: every phase as a facilitator would lead it, on a clock that is stepped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from facilitator.checks.wording import OpenHint, open_hints
from facilitator.language.rules import RuleSet
from facilitator.model.change import Refused
from facilitator.model.clock import Instant, Reading, agenda, read_clock
from facilitator.model.document import Document
from facilitator.model.edits import fixes, incident, meeting, moments, new_id, whys
from facilitator.model.edits.texts import replaced, reword
from facilitator.model.figures import figure
from facilitator.model.records import ClockMark, Moment, Topic, Why
from facilitator.model.times import countdown_text, typed_time
from facilitator.session import Session

_BOOT: Final = "demo"
_NEAR: Final = "2026-06-18T18:37+12:00"
_TYPED: Final = (
    ("1847", "communication", "Support says which patients call: those without a history"),
    ("19:33", "action", "Two causes tested side by side: database and release"),
)
_BLAMING: Final = "The reviewer should have checked the empty case"
_LIST: Final = "The review list names no empty data"
_CALENDAR: Final = "The release calendar plans no time for review before a freeze"


class SteppedClock:
    """A clock that stands still until it is told that time went by."""

    def __init__(self, at: datetime) -> None:
        self._now = Instant(at, 1_000.0, _BOOT)

    def __call__(self) -> Instant:
        """The instant it stands at."""
        return self._now

    def step(self, minutes: float) -> None:
        """Let time go by."""
        length = timedelta(minutes=minutes)
        boot = self._now.boot + length.total_seconds()
        self._now = replace(self._now, at=self._now.at + length, boot=boot)


@dataclass(frozen=True, slots=True)
class Told:
    """What was done in a phase, in one line."""

    phase: str
    words: str


def lead(session: Session, clock: SteppedClock, rules: RuleSet) -> Iterator[Told]:
    """Lead the meeting from the opening words to its end, telling each phase as it is done."""
    session.record(meeting.show_opening(session.document, clock()))
    clock.step(1)
    session.record(meeting.start_or_pause(session.document, clock()))
    yield Told("Opening", session.document.incident.opening.split(". ")[0] + ".")
    acts: dict[str, Callable[[Session, SteppedClock, RuleSet], str]] = {
        "restate": _restate,
        "detection": _detection,
        "whys": _whys,
        "level": _level,
        "fix": _fix,
        "sign": _sign,
    }
    for topic in agenda(session.document.all(Topic)):
        clock.step(topic.minutes * 0.4)
        words = acts[topic.phase](session, clock, rules)
        clock.step(topic.minutes * 0.5)
        used = countdown_text(_read(session, clock).time(topic.id).spent)
        session.record(meeting.go_next(session.document, clock()))
        session.wait()
        yield Told(topic.title, f"{words} ({used} of {topic.minutes} min)")
    reading = _read(session, clock)
    if reading.state != "done":
        raise Refused(f"The meeting should have ended; it is {reading.state}.")


def _restate(session: Session, _clock: SteppedClock, _rules: RuleSet) -> str:
    document = session.document
    placed = [m for m in document.all(Moment) if m.at is not None]
    facts = document.incident
    return (
        f"{facts.severity}, {figure(document, 'duration').text}, {facts.users_affected:,}"
        f" {facts.users_word}; {len(placed)} moments read aloud"
    )


def _detection(session: Session, clock: SteppedClock, _rules: RuleSet) -> str:
    zone = session.document.incident.zone
    near = datetime.fromisoformat(_NEAR)
    for stamp, lane, text in _TYPED:
        at, precision = typed_time(stamp, near, zone)
        session.do(moments.add_moment(session.document, text, at, lane, precision=precision))
    session.record(meeting.start_or_pause(session.document, clock()))
    clock.step(2)
    session.record(meeting.start_or_pause(session.document, clock()))
    gap = figure(session.document, "detection_gap").text
    return f"detection gap {gap}; two moments added; paused for 2 min and resumed"


def _whys(session: Session, _clock: SteppedClock, rules: RuleSet) -> str:
    case = _answer(session, _BLAMING, "null-check", "execution", "merged")
    hint = _hint_in(session.document, rules, case)
    suggestion = next(iter(hint.hint.suggestions), "")
    if not suggestion:
        raise Refused(f"No rewording was offered for “{_BLAMING}”.")
    new = replaced(hint.value, hint.hint.sentence, suggestion)
    session.do(reword(session.document, hint.kind, hint.record, hint.field, new))
    _answer(session, _LIST, case, "execution", "merged")
    _answer(session, _CALENDAR, "same-review", "operation", "freeze")
    roots = sum(w.root_cause for w in session.document.all(Why))
    ends = len(whys.leaves(session.document))
    return (
        f"“{_BLAMING}” reworded to “{suggestion}”; three whys asked, {ends} branches end at"
        f" conditions, {roots} is the root cause"
    )


def _answer(session: Session, text: str, parent: str, level: str, evidence: str) -> str:
    why = new_id()
    session.do(whys.add_why(session.document, text, parent, why_id=why))
    session.do(whys.set_level(session.document, why, level))
    session.do(whys.attach_evidence(session.document, why, [evidence]))
    return why


def _level(session: Session, _clock: SteppedClock, _rules: RuleSet) -> str:
    chosen = session.document.incident.level
    session.do(incident.choose_level(session.document, "discovery"))
    session.undo()
    if session.document.incident.level != chosen:
        raise Refused("Undo did not take the level back.")
    return f"{chosen}, {session.document.incident.label}; a slip taken back with undo"


def _fix(session: Session, clock: SteppedClock, _rules: RuleSet) -> str:
    session.do(fixes.change_follow_up(session.document, "second-review", ticket="BOOK-414"))
    proposal = "A checklist for empty data in every review"
    session.do(fixes.propose_fix(session.document, proposal, clock().at))
    fix = fixes.the_fix(session.document)
    return f"one, owned by the {fix.owner.lower()}, due {fix.due}; a second proposal is parked"


def _sign(session: Session, clock: SteppedClock, _rules: RuleSet) -> str:
    session.record(meeting.extend(session.document, 60, "", clock()))
    left = _read(session, clock).time("sign").left
    return f"one minute more from spare time, {countdown_text(left)} left"


def _hint_in(document: Document, rules: RuleSet, record: str) -> OpenHint:
    for hint in open_hints(document, rules):
        if hint.record == record:
            return hint
    raise Refused(f"No hint was heard in “{_BLAMING}”.")


def _read(session: Session, clock: SteppedClock) -> Reading:
    return read_clock(session.document.all(Topic), session.document.all(ClockMark), clock())
