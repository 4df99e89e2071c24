"""How an older library is brought up to date, told with an invented older version."""

import sqlite3
from contextlib import closing

import pytest

from facilitator.model.records import Incident, Moment
from facilitator.store import backups, schema
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem


def incidents_know_samples(db):
    db.table("incident").add_column("sample", int, not_null_default=0)


def stops_half_way(db):
    incidents_know_samples(db)
    raise RuntimeError("the power is out")


@pytest.fixture
def older(filled, monkeypatch):
    """A library of a version in which incidents did not say whether they are samples."""
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("ALTER TABLE incident DROP COLUMN sample")
        print_of_old = schema.fingerprint(connection)
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", (incidents_know_samples,))
    monkeypatch.setattr(schema, "RELEASED", {1: print_of_old})
    return filled


def test_an_older_library_is_brought_up_to_date_after_a_backup(older):
    library = Library(older)
    document = library.document("one")
    assert document.get(Incident, "one").sample is False
    assert len(document.all(Moment)) == 4
    assert library.check().problems == ()
    library.close()
    with closing(sqlite3.connect(older)) as connection:
        assert schema.version(connection) == 2
        assert schema.is_expected(connection)
    versions = []
    for backup in backups.listed(older):
        with closing(sqlite3.connect(backup.path)) as connection:
            versions.append(schema.version(connection))
    assert 1 in versions


def test_a_step_that_fails_leaves_the_old_version_whole(older, monkeypatch):
    monkeypatch.setattr(schema, "MIGRATIONS", (stops_half_way,))
    before = older.read_bytes()
    with pytest.raises(RuntimeError, match="power"):
        Library(older)
    assert older.read_bytes() == before
    monkeypatch.setattr(schema, "MIGRATIONS", (incidents_know_samples,))
    library = Library(older)
    assert library.check().problems == ()
    library.close()


def test_a_file_that_only_says_it_is_an_older_version_is_refused(older):
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON why BEGIN DELETE FROM journal; END")
    before = older.read_bytes()
    with pytest.raises(LibraryProblem, match="tables are not those"):
        Library(older)
    assert older.read_bytes() == before
