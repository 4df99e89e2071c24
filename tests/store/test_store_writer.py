"""The writer when the medium, a listener or we ourselves fail."""

import sqlite3
from functools import partial

import pytest

from facilitator.model.records import Moment
from facilitator.session import NotSaved, Session
from facilitator.store import backups, writer
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import add_moment, new_incident


class Medium:
    """What the next commits meet: an error before it reaches the disk, after it, or none."""

    def __init__(self):
        self.before, self.after = [], []


@pytest.fixture
def medium(monkeypatch):
    medium = Medium()

    class Failing(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql != "COMMIT":
                return super().execute(sql, *values)
            if medium.before:
                raise medium.before.pop()
            done = super().execute(sql, *values)
            if medium.after:
                raise medium.after.pop()
            return done

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Failing))
    return medium


@pytest.fixture
def library(medium, path, clock, tmp_path):
    library = Library(path, now=clock, spool=tmp_path / "spool")
    library.create(new_incident())
    yield library
    library.close()


@pytest.fixture
def session(library):
    session = Session(library, "one")
    yield session
    session.close()


def sqlite_error(name):
    error = sqlite3.OperationalError("in the words of the library")
    error.sqlite_errorname = name
    return error


def everything_is_on_disk(library, session):
    session.wait()
    assert session.saving.state == "saved"
    assert library.document("one") == session.document
    assert library.check().problems == ()


def test_a_commit_that_failed_is_made_again(medium, library, session):
    medium.before = [sqlite_error("SQLITE_IOERR_WRITE")] * 2
    session.do(add_moment("m"))
    with pytest.raises(NotSaved, match="SQLITE_IOERR_WRITE"):
        session.wait()
    session.do(add_moment("n"))
    everything_is_on_disk(library, session)


def test_a_commit_that_reached_the_disk_and_failed_then_is_not_made_twice(medium, library, session):
    medium.after = [sqlite_error("SQLITE_IOERR_FSYNC")]
    session.keep_draft("why:text", "Bec")
    session.do(add_moment("m"), draft="why:text")
    with pytest.raises(NotSaved):
        session.wait()
    session.do(add_moment("n"))
    session.keep_draft("summary", "We")
    everything_is_on_disk(library, session)
    session.close()
    again = Session(library, "one")
    assert dict(again.drafts) == {"summary": "We"}
    assert [e.seq for e in library.entries("one")] == [1, 2, 3]
    again.close()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SQLITE_FULL", "is full. Make room"),
        ("SQLITE_READONLY_DBMOVED", "can no longer be written"),
        ("SQLITE_BUSY", "Another program is using"),
        ("SQLITE_CORRUPT_VTAB", "damaged or its medium fails"),
    ],
)
def test_each_failure_has_a_sentence_that_says_what_to_do(medium, library, session, name, sentence):
    medium.before = [sqlite_error(name)]
    session.do(add_moment("m"))
    with pytest.raises(NotSaved, match=sentence):
        session.wait()
    everything_is_on_disk(library, session)


def test_a_fault_of_ours_is_logged_and_does_not_end_the_saving(
    medium, library, session, no_log_noise
):
    medium.before = [ZeroDivisionError("the text of the meeting")]
    session.do(add_moment("m"))
    with pytest.raises(NotSaved):
        session.wait()
    everything_is_on_disk(library, session)
    assert len(no_log_noise) == 1
    assert "ZeroDivisionError" in no_log_noise[0]
    assert "the text of the meeting" not in no_log_noise[0]
    no_log_noise.clear()


def test_the_second_copy_stays_until_the_library_has_all_of_it(
    medium, library, session, tmp_path, monkeypatch
):
    monkeypatch.setattr(writer, "_LARGEST_BATCH", 2)
    seen = []

    def look(_saving):
        held = sum(1 for _ in (tmp_path / "spool").glob("*.spool"))
        seen.append((session._pending, held))

    medium.before = [sqlite_error("SQLITE_FULL")] * 2
    for n in range(5):
        session.do(add_moment(f"m{n}"))
    with pytest.raises(NotSaved):
        session.wait()
    session.on_saving(look)
    everything_is_on_disk(library, session)
    assert [held for pending, held in seen if pending] == [1] * (len(seen) - 1)
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_a_backup_that_fails_in_an_unforeseen_way_does_not_end_the_saving(
    library, session, clock, monkeypatch, no_log_noise
):
    def fails(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(backups, "make", fails)
    clock.seconds = 700
    session.do(add_moment("m"))
    session.wait()
    session.do(add_moment("n"))
    everything_is_on_disk(library, session)
    monkeypatch.undo()
    assert len(no_log_noise) == 1
    no_log_noise.clear()


def test_a_listener_that_fails_does_not_end_the_saving(library, session, no_log_noise):
    def fails(saving):
        if saving.state == "saved":
            raise RuntimeError("wrapped object was deleted")

    stop = session.on_saving(fails)
    session.do(add_moment("m"))
    session.wait()
    library.incidents()
    stop()
    session.do(add_moment("n"))
    everything_is_on_disk(library, session)
    assert ["listener" in line for line in no_log_noise] == [True]
    no_log_noise.clear()


def test_a_listener_that_asks_the_library_is_stopped_before_it_waits_for_itself(
    library, session, no_log_noise
):
    stop = session.on_saving(lambda saving: saving.state == "saved" and library.incidents())
    session.do(add_moment("m"))
    session.wait()
    library.incidents()
    stop()
    assert len(no_log_noise) == 1
    no_log_noise.clear()


def test_making_an_incident_that_cannot_be_written_is_told(medium, library):
    medium.before = [sqlite_error("SQLITE_FULL")]
    with pytest.raises(NotSaved, match="full"):
        library.create(new_incident("two"))
    assert [s.id for s in library.incidents()] == ["one"]
    library.create(new_incident("two"))


def test_questions_are_answered_at_once_while_nothing_can_be_saved(medium, library, session):
    medium.before = [sqlite_error("SQLITE_FULL")] * 2
    session.do(add_moment("m"))
    with pytest.raises(NotSaved):
        session.wait()
    with pytest.raises(NotSaved, match="full"):
        library.incidents()
    everything_is_on_disk(library, session)


def test_a_library_that_closes_with_edits_it_cannot_save_says_so_and_keeps_them(
    medium, path, clock, tmp_path
):
    library = Library(path, now=clock, spool=tmp_path / "spool")
    session = Session(library, library.create(new_incident()))
    medium.before = [sqlite_error("SQLITE_FULL")] * 9
    session.do(add_moment("m"))
    with pytest.raises(NotSaved):
        session.close()
    with pytest.raises(NotSaved, match="second copy"):
        library.close()
    with pytest.raises(RuntimeError, match="closed"):
        session.do(add_moment("n"))
    with pytest.raises(RuntimeError, match="closed"):
        library.incidents()
    medium.before = []
    again = Library(path, now=clock, spool=tmp_path / "spool")
    assert again.recovered == 1
    assert again.document("one").find(Moment, "m") is not None
    again.close()


def test_a_library_that_cannot_be_made_leaves_nothing_behind(medium, tmp_path):
    medium.before = [sqlite_error("SQLITE_FULL")]
    with pytest.raises(LibraryProblem, match="cannot be made"):
        Library(tmp_path / "new" / "library.sqlite")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_cannot_be_made_has_a_sentence(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(LibraryProblem, match="cannot be made"):
        Library(tmp_path / "file" / "library.sqlite")
    with pytest.raises(LibraryProblem):
        Library(tmp_path / ("x" * 300))
