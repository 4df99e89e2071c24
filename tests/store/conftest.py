import pytest

from facilitator.session import Session
from facilitator.store.library import Library
from tests.store.library_kit import Ticking, add_moment, new_incident


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
