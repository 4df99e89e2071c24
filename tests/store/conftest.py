from datetime import UTC, datetime, timedelta

import pytest

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store.library import Library

BEGIN = datetime(2026, 6, 18, 21, 0, tzinfo=UTC)


class Ticking:
    """A clock that a test moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return Instant(BEGIN + timedelta(seconds=self.seconds), 1000 + self.seconds, "boot")


def new_incident(ident="one", title="Checkout rejects saved addresses"):
    return Edit("New incident", (Change(None, Incident(ident, title, BEGIN)),))


def add_moment(ident, text="Alert fired"):
    return Edit("Add moment", (Change(None, Moment(ident, text, at=BEGIN)),))


@pytest.fixture
def clock():
    return Ticking()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def library(path, clock):
    library = Library(path, now=clock)
    yield library
    library.close()


@pytest.fixture
def filled(path, clock):
    """A closed library with one incident, in which five moments were added and one undone."""
    library = Library(path, now=clock)
    session = Session(library, library.create(new_incident()))
    for n in range(5):
        session.do(add_moment(f"m{n}", f"Moment number {n}, in words nobody else uses"))
    session.undo()
    session.keep_draft("why:text", "A draft of an answer")
    session.close()
    library.close()
    return path
