"""Hypothesis plays the user; a model of a few lines says what must be there."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from facilitator.model.change import Change, Edit
from facilitator.model.records import ClockMark, Incident, Moment, Topic
from facilitator.session import Session
from facilitator.store.library import Library
from tests.store.library_kit import quick_folder

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)
IDS = st.sampled_from("abc")
TEXTS = st.sampled_from(["", "x", "Ōtautahi", "<b>&"])
BURSTS = st.sampled_from(["", "", "typing:1", "typing:2"])


@dataclass
class Step:
    burst: str
    before: dict
    after: dict


class Meeting(RuleBasedStateMachine):
    """Edits, undos, redos, restarts and crashes of one incident, beside a simple model of them."""

    def __init__(self):
        super().__init__()
        self.folder = quick_folder()
        self.library = Library(self.folder / "0" / "library.sqlite")
        incident = Incident("one", "Checkout", AT)
        self.library.create(Edit("New incident", (Change(None, incident),)))
        self.session = Session(self.library, "one")
        self.generation = 0
        self.state, self.marks, self.drafts = {}, 0, {}
        self.done, self.undone, self.open = [], [], ""

    def teardown(self):
        self.session.close()
        assert self.library.check().problems == ()
        self.library.close()
        shutil.rmtree(self.folder)

    def _did(self, edit, state):
        self.session.do(edit)
        if edit.burst and edit.burst == self.open and self.done:
            self.done[-1].after = state
        else:
            self.done.append(Step(edit.burst, self.state, state))
        self.state, self.undone, self.open = state, [], edit.burst

    @staticmethod
    def _pop(stack):
        for n in range(len(stack) - 1, -1, -1):
            if stack[n].before != stack[n].after:
                step = stack[n]
                del stack[n:]
                return step
        return None

    @rule(ident=IDS, text=TEXTS, burst=BURSTS)
    def write(self, ident, text, burst):
        before = self.session.document.find(Moment, ident)
        after = Moment(ident, text, at=AT) if before is None else replace(before, text=text)
        edit = Edit("Write", (Change(before, after),), burst)
        self._did(edit, {**self.state, ident: text})

    @rule(ident=IDS, burst=BURSTS)
    def remove(self, ident, burst):
        before = self.session.document.find(Moment, ident)
        if before is not None:
            rest = {k: v for k, v in self.state.items() if k != ident}
            self._did(Edit("Remove", (Change(before, None),), burst), rest)

    @rule(count=st.integers(1, 4))
    def import_topics(self, count):
        changes = []
        for n in range(count):
            before = self.session.document.find(Topic, f"t{n}")
            changes.append(Change(before, Topic(f"t{n}", "fix", "Fix", "What?", count)))
        state = {**self.state, **{f"t{n}": count for n in range(count)}}
        self._did(Edit("Import", tuple(changes)), state)

    @rule()
    def press_clock(self):
        self.marks += 1
        mark = ClockMark(f"c{self.marks}", "next", AT, float(self.marks), "boot")
        self.session.record(Edit("Next", (Change(None, mark),)))

    @rule()
    def undo(self):
        step = self._pop(self.done)
        self.session.undo()
        if step is not None:
            self.undone.append(step)
            self.state, self.open = step.before, ""

    @rule()
    def redo(self):
        step = self._pop(self.undone)
        self.session.redo()
        if step is not None:
            self.done.append(step)
            self.state, self.open = step.after, ""

    @rule(key=IDS, text=TEXTS)
    def type_draft(self, key, text):
        self.session.keep_draft(key, text)
        self.drafts[key] = text

    @precondition(lambda self: self.generation < 6)
    @rule()
    def restart(self):
        self._leave()
        self._come_back(self.library.path)

    @precondition(lambda self: self.generation < 6)
    @rule()
    def crash(self):
        """What is on disk now, log included, is what a killed process leaves."""
        self.session.wait()
        there = self.folder / str(self.generation + 1)
        there.mkdir()
        for suffix in ("", "-wal"):
            shutil.copy(f"{self.library.path}{suffix}", there)
        self._leave()
        self._come_back(there / self.library.path.name)

    def _leave(self):
        self.session.close()
        self.library.close()

    def _come_back(self, path):
        self.generation += 1
        self.library = Library(path)
        self.session = Session(self.library, "one")

    @invariant()
    def the_document_is_what_the_model_says(self):
        document = self.session.document
        found = {m.id: m.text for m in document.all(Moment)}
        found |= {t.id: t.minutes for t in document.all(Topic)}
        assert found == self.state
        assert len(document.all(ClockMark)) == self.marks
        assert dict(self.session.drafts) == self.drafts

    @invariant()
    def undo_has_a_name_exactly_when_there_is_something_to_undo(self):
        assert bool(self.session.undo_label) == any(s.before != s.after for s in self.done)
        assert bool(self.session.redo_label) == any(s.before != s.after for s in self.undone)


Meeting.TestCase.settings = settings(stateful_step_count=30)
test_any_history_gives_what_the_model_says = Meeting.TestCase
