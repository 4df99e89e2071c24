import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from facilitator.model.records import Moment
from facilitator.session import Session
from facilitator.store import backups
from facilitator.store.backups import Backup, superfluous
from facilitator.store.library import Library, preview, restore
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import BEGIN, add_moment, new_incident


def test_closing_a_changed_library_backs_it_up_and_an_unchanged_one_not(filled):
    assert len(backups.listed(filled)) == 1
    library = Library(filled)
    library.incidents()
    library.close()
    assert len(backups.listed(filled)) == 1


def test_ten_minutes_of_change_make_a_backup_while_the_library_is_open(library, clock):
    session = Session(library, library.create(new_incident()))
    for minute in range(0, 35, 5):
        clock.seconds = minute * 60
        session.do(add_moment(f"m{minute}"))
        session.wait()
    session.close()
    library.incidents()  # asked after the last backup, since both are done in order
    assert [b.at - BEGIN for b in reversed(library.backups())] == [
        timedelta(minutes=m) for m in (10, 20, 30)
    ]


def test_a_backup_is_a_library_of_its_own_with_all_that_was_done_before_it(library, tmp_path):
    session = Session(library, library.create(new_incident()))
    session.do(add_moment("m"))
    target = tmp_path / "copies" / "copy.sqlite"
    library.backup(target)
    session.do(add_moment("n"))
    session.close()
    assert [p.name for p in target.parent.iterdir()] == ["copy.sqlite"]
    copy = Library(target)
    assert [m.id for m in copy.document("one").all(Moment)] == ["m"]
    assert copy.check().problems == ()
    copy.close()


def test_a_backup_never_writes_over_a_file(library, tmp_path):
    target = tmp_path / "minutes.txt"
    target.write_text("mine")
    with pytest.raises(LibraryProblem, match="exists already"):
        library.backup(target)
    assert target.read_text() == "mine"
    assert [p for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_backup_that_cannot_be_written_leaves_a_sentence_and_the_library_at_work(
    library, clock, monkeypatch
):
    def fails(*_args):
        raise LibraryProblem("The disk is full.", "read-only")

    monkeypatch.setattr(backups, "make", fails)
    session = Session(library, library.create(new_incident()))
    clock.seconds = 700
    session.do(add_moment("m"))
    session.wait()
    session.do(add_moment("n"))
    session.close()
    assert library.backup_problem == "The disk is full."
    assert session.saving.state == "saved"


def test_backups_are_thinned_to_recent_daily_and_monthly_ones(tmp_path):
    now = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
    every = [now - timedelta(minutes=10 * n) for n in range(6 * 24 * 12)]
    every += [now - timedelta(hours=6 * n) for n in range(12 * 4, 400 * 4)]
    made = [Backup(tmp_path / f"{at:%Y%m%d%H%M}", at) for at in every]
    gone = set(superfluous(made))
    kept = sorted((b.at for b in made if b not in gone), reverse=True)
    assert kept[:12] == every[:12]
    assert len({at.date() for at in kept}) == 10 + 8
    assert len({(at.year, at.month) for at in kept}) == 9
    assert len(kept) <= 12 + 10 + 9


def test_restoring_puts_the_backup_in_place_and_keeps_what_was_there(filled, clock):
    library = Library(filled, now=clock)
    session = Session(library, "one")
    session.do(add_moment("later"))
    session.close()
    clock.seconds = 60
    library.close()
    newest, oldest = backups.listed(filled)
    assert [(s.id, s.title) for s in preview(oldest.path)] == [
        ("one", "Checkout rejects saved addresses")
    ]
    aside = restore(oldest.path, filled, BEGIN)
    restored = Library(filled)
    assert restored.document("one").find(Moment, "later") is None
    restored.close()
    replaced = Library(aside)
    assert replaced.document("one").find(Moment, "later") is not None
    replaced.close()
    assert newest.path.exists()


def test_restoring_also_works_when_the_library_is_gone_or_broken(filled):
    (backup,) = backups.listed(filled)
    filled.write_bytes(filled.read_bytes()[:5000])
    with pytest.raises(LibraryProblem):
        Library(filled)
    broken = restore(backup.path, filled, BEGIN)
    assert broken.stat().st_size == 5000
    filled.unlink()
    assert restore(backup.path, filled, BEGIN) is None
    library = Library(filled)
    assert library.check().problems == ()
    library.close()


def test_a_library_in_use_is_not_replaced(filled):
    (backup,) = backups.listed(filled)
    library = Library(filled)
    with pytest.raises(LibraryProblem, match="in use"):
        restore(backup.path, filled, BEGIN)
    library.close()


def test_a_broken_backup_is_not_restored(filled):
    (backup,) = backups.listed(filled)
    before = filled.read_bytes()
    backup.path.write_bytes(backup.path.read_bytes()[:7000])
    with pytest.raises(LibraryProblem):
        restore(backup.path, filled, BEGIN)
    assert filled.read_bytes() == before


def test_a_changed_word_in_a_backup_is_told_before_it_is_restored(filled):
    (backup,) = backups.listed(filled)
    with closing(sqlite3.connect(backup.path)) as connection, connection:
        connection.execute("UPDATE moment SET text = 'Somebody else' WHERE id = 'm1'")
    with pytest.raises(LibraryProblem, match="m1"):
        restore(backup.path, filled, BEGIN)


def test_another_librarys_backups_in_the_same_folder_are_not_its_own(filled):
    other = filled.with_name("library-more.sqlite")
    library = Library(other)
    library.create(new_incident())
    library.close()
    assert len(backups.listed(filled)) == 1
    assert len(backups.listed(other)) == 1
