"""A disk that does not answer: no error comes, and still nothing that was done may be lost."""

import shutil
import sqlite3
import threading
from functools import partial

import pytest

from facilitator.model.records import Moment
from facilitator.session import NotSaved, Session
from facilitator.store.library import Library
from tests.store.library_kit import add_moment


class Disk:
    """Commits wait while `answers` is not set."""

    def __init__(self):
        self.answers, self.asked = threading.Event(), threading.Event()
        self.answers.set()


@pytest.fixture
def disk(monkeypatch):
    disk = Disk()

    class Waiting(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql == "COMMIT":
                disk.asked.set()
                assert disk.answers.wait(60)
            return super().execute(sql, *values)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Waiting))
    yield disk
    disk.answers.set()


@pytest.fixture
def session(disk, filled, tmp_path):
    session = Session(Library(filled, spool=tmp_path / "spool"), "one")
    disk.answers.clear()
    disk.asked.clear()
    yield session
    disk.answers.set()
    session.close()
    session._library.close()


def begin(disk, session):
    """One edit is on its way to the disk, another waits behind it."""
    session.do(add_moment("x"))
    assert disk.asked.wait(60)
    session.do(add_moment("y"))
    session.keep_draft("summary", "What we kn")


def test_what_waits_for_a_disk_that_hangs_survives_the_end_of_the_process(
    disk, session, filled, tmp_path
):
    begin(disk, session)
    kept = session._library.keep_waiting()
    assert kept.parent == tmp_path / "spool"
    document = session.document
    files = [filled, filled.with_name(f"{filled.name}-wal"), kept]
    copies = [shutil.copy(file, tmp_path / f"{n}") for n, file in enumerate(files)]
    disk.answers.set()
    session.close()
    session._library.close()
    assert not kept.exists()
    for copy, file in zip(copies, files, strict=True):
        shutil.copy(copy, file)
    library = Library(filled, spool=tmp_path / "spool")
    assert library.recovered == 2
    assert library.document("one") == document
    assert library.check().problems == ()
    again = Session(library, "one")
    assert again.drafts["summary"] == "What we kn"
    again.close()
    library.close()


def test_nothing_is_there_twice_when_the_disk_answers_after_all(disk, session, filled):
    begin(disk, session)
    kept = session._library.keep_waiting()
    disk.answers.set()
    session.wait()
    session._library.check()
    assert not kept.exists()
    assert session._library.keep_waiting() is None
    ids = [entry.id for entry in session._library.entries("one")]
    assert len(ids) == len(set(ids))
    assert session._library.document("one").find(Moment, "y") is not None


def test_a_copy_that_cannot_be_made_is_said(disk, session, tmp_path):
    (tmp_path / "spool").write_text("no folder")
    begin(disk, session)
    with pytest.raises(NotSaved, match="leave it open"):
        session._library.keep_waiting()


def test_a_draft_that_was_typed_back_is_kept_as_it_is_now(disk, session, filled, tmp_path):
    begin(disk, session)
    for text in ("What we know", "What we kn", "What"):
        session.keep_draft("summary", text)
    session.keep_draft("summary", "What we kn")
    kept = session._library.keep_waiting()
    words = [line for line in kept.read_text().splitlines() if '"draft"' in line]
    assert '"What we kn"' in words[-1]
    assert len(words) == 5
