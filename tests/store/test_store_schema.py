"""How an older library is brought up to date, told with an invented older version."""

import sqlite3
from contextlib import closing

import pytest

from facilitator.model.codec import document_digest
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store import backups, schema
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.make_sample import SAMPLES


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


def test_there_is_a_sample_of_this_version_and_its_schema_is_still_that():
    """Failing here means that a record has changed.

    After a release that needs a migration, a new version and a new sample; before the first
    release it is enough to run `python -m tests.store.make_sample`.
    """
    with closing(sqlite3.connect(SAMPLES / f"library-{schema.VERSION}.sqlite")) as connection:
        assert schema.version(connection) == schema.VERSION
        assert schema.is_expected(connection)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.sqlite")), ids=lambda p: p.stem)
def test_the_library_of_every_released_version_opens_with_all_that_is_in_it(sample, tmp_path):
    path = tmp_path / sample.name
    path.write_bytes(sample.read_bytes())
    library = Library(path)
    opened = library.document("sample")
    assert document_digest(opened) == sample.with_suffix(".digest").read_text().strip()
    session = Session(library, "sample")
    assert dict(session.drafts) == {"summary": "What we kn"}
    session.close()
    assert library.check().problems == ()
    library.close()


def test_every_version_that_was_released_has_a_sample_and_a_fingerprint():
    versions = {int(sample.stem.rpartition("-")[2]) for sample in SAMPLES.glob("*.sqlite")}
    assert versions == {*schema.RELEASED, schema.VERSION}
