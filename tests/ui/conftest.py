"""A small incident in a real library, and what widgets are handed."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from facilitator.language.rules import RuleSet
from facilitator.language.words import Lexicon
from facilitator.model.change import Change, Edit
from facilitator.model.records import (
    Evidence,
    FollowUp,
    Incident,
    Moment,
    Person,
    Topic,
    Why,
)
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession
from facilitator.ui.tasks import Tasks
from facilitator.ui.theme import Theme

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def at(hour, minute, day=5):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def small_incident():
    """A ticket shop that printed empty tickets: a few records of most kinds."""
    topics = (
        Topic("t1", "restate", "Restate", "What happened?", 5, rank=1),
        Topic("t2", "detection", "Detection", "When did we know?", 10, rank=2),
        Topic("t3", "whys", "5 Whys", "Why was it possible?", 20, rank=3),
        Topic("t4", "level", "Missing level", "Which level was missing?", 10, rank=4),
        Topic("t5", "fix", "Structural fix", "Which one change?", 10, floor=5, rank=5),
        Topic("t6", "sign", "Sign", "Who signs?", 5, floor=3, rank=6),
    )
    incident = Incident(
        "tickets",
        "Tickets are printed without a seat",
        AT,
        severity="P1",
        zone="Europe/Berlin",
        started_at=at(8, 0),
        resolved_at=at(9, 15),
        meeting_at=at(9, 30, day=6),
    )
    records = (
        incident,
        *topics,
        Person("p1", "Aroha Tane", "tech-lead", rank=1),
        Person("p2", "Bo Lind", "on-call", rank=2),
        Moment("m1", "Printer driver updated", "change", at(7, 50), key="deployed"),
        Moment("m2", "First empty ticket", "impact", at(8, 0), key="impact_began"),
        Moment("m3", "Gate reports unreadable tickets", "signal", at(8, 12), key="person_knew"),
        Moment("m4", "Driver taken back", "action", at(9, 5), key="mitigated"),
        Why("w1", "Tickets had no seat printed", "", 1.0),
        Why("w2", "The new driver dropped the second line", "w1", 1.0),
        Why("w3", "No test prints a ticket", "w2", 1.0),
        Evidence("e1", "w2", "m1"),
        FollowUp("f1", "Keep the last driver on every printer", owner="On-call", rank=1.0),
    )
    return Edit("New incident", tuple(Change(None, record) for record in records))


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    yield library
    library.close()


@pytest.fixture
def session(qapp, library):
    """The small incident, open for widgets."""
    session = QtSession(Session(library, library.create(small_incident())))
    yield session
    session.close()
    session.deleteLater()


@pytest.fixture
def theme(qapp):
    return Theme("light")


@pytest.fixture
def hinting(session):
    """No rules: a test of hints brings its own."""
    return Hinting(session, RuleSet(Lexicon({})))


class Chosen:
    """The settings as a window keeps them: what was told last holds."""

    def __init__(self):
        self.settings = Settings()

    def __call__(self):
        return self.settings

    def take(self, settings):
        self.settings = settings


@pytest.fixture
def chosen():
    return Chosen()


class InlineTasks(Tasks):
    """Calls at once what it is asked to run, so that a test need not wait."""

    def run(self, function, *values, done=None, failed=None):
        try:
            result = function(*values)
        except Exception as error:
            if failed is None:
                raise
            failed(error)
            return
        if done is not None:
            done(result)


@pytest.fixture
def tasks(qapp):
    return InlineTasks()


@pytest.fixture(autouse=True)
def no_button_stays_pressed(qapp):
    """A test that ends in the middle of a drag leaves no button down for the next one."""
    yield
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
        if QApplication.mouseButtons() & button:
            QTest.mouseRelease(QWidget(), button)
