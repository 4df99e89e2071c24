"""Rare places: odd media, odd files, several at once."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from facilitator.model.change import Change, Edit
from facilitator.model.codec import Malformed
from facilitator.model.records import Moment
from facilitator.session import Session
from facilitator.store import backups, guard, journal
from facilitator.store import connection as careful
from facilitator.store.library import Library, repair, restore
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import BEGIN, add_moment, new_incident


def changed(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_a_medium_without_links_will_do(path, monkeypatch, tmp_path):
    def no_links(*_paths):
        raise PermissionError(1, "not on this medium")

    monkeypatch.setattr(os, "link", no_links)
    library = Library(path)
    library.create(new_incident())
    library.backup(tmp_path / "copy.sqlite")
    with pytest.raises(LibraryProblem, match="exists already"):
        library.backup(tmp_path / "copy.sqlite")
    library.close()
    assert sorted(p.name for p in path.parent.iterdir()) == ["backups", "library.sqlite"]


def test_several_that_make_the_same_library_at_once_get_one(path):
    def opened(_n):
        try:
            return Library(path)
        except LibraryProblem as problem:
            return problem

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(opened, range(4)))
    libraries = [each for each in found if isinstance(each, Library)]
    assert len(libraries) == 1
    assert {p.kind for p in found if isinstance(p, LibraryProblem)} == {"locked"}
    libraries[0].create(new_incident())
    assert libraries[0].check().problems == ()
    libraries[0].close()
    assert sorted(p.name for p in path.parent.iterdir()) == ["backups", "library.sqlite"]


def test_what_killed_processes_left_half_made_is_removed_when_it_is_old(filled):
    folder, kept = filled.parent, filled.parent / "backups"
    (folder / ".library.sqlite.abcd1234").mkdir()
    (folder / ".library.sqlite.abcd1234" / "copy.sqlite").write_text("words")
    (folder / ".library.sqlite.00000000.new").write_text("words")
    (kept / ".library-20260618T000000Z.sqlite.0000.part").write_text("words")
    for path in (*folder.glob(".lib*"), *kept.glob(".lib*")):
        os.utime(path, (1, 1))
    young, others = folder / ".library.sqlite.11111111.new", folder / ".hidden"
    for path in (young, others):
        path.write_text("words")
    os.utime(others, (1, 1))
    Library(filled).close()
    assert {p.name for p in folder.iterdir()} == {
        "library.sqlite",
        "backups",
        young.name,
        others.name,
    }
    assert [p.name for p in kept.iterdir() if p.name.startswith(".")] == []


def test_a_library_behind_a_link_with_an_odd_name_is_opened_where_it_lies(filled, tmp_path):
    odd = filled.with_name("Ōtautahi? #1 100%.sqlite")
    filled.rename(odd)
    link = tmp_path / "link.sqlite"
    link.symlink_to(odd)
    library = Library(link)
    session = Session(library, "one")
    session.do(add_moment("x"))
    session.wait()
    assert odd.with_name(f"{odd.name}-wal").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("link")] == ["link.sqlite"]
    session.close()
    library.close()


def test_a_holder_without_a_name_is_still_a_holder(filled):
    library = Library(filled)
    filled.with_name("library.sqlite.lock").write_text("?")
    with pytest.raises(LibraryProblem, match="in use by another process"):
        Library(filled)
    library.close()


def test_a_step_larger_than_the_file_can_keep_is_refused(library, monkeypatch):
    session = Session(library, library.create(new_incident()))
    monkeypatch.setattr(journal, "LONGEST_BODY", 400)
    with pytest.raises(Malformed, match="too much for one step"):
        session.do(add_moment("m", "x" * 500))
    session.do(Edit("Add", (Change(None, Moment("n", "Short")),)))
    session.close()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM journal WHERE seq = 2", "missing"),
        ("DELETE FROM journal WHERE seq = 7", "moment m4 is missing"),
        ("UPDATE journal SET seq = seq + 10 WHERE seq = 7", "entry before it is missing"),
        ("UPDATE journal SET at = '2026-06-18T21:00:01Z' WHERE seq = 3", "entry 3"),
        ("UPDATE journal SET boot = boot + 1 WHERE seq = 3", "entry 3"),
        ("UPDATE journal SET label = 'Add Moment' WHERE seq = 3", "words were changed"),
        ("UPDATE journal SET undoes = 2 WHERE kind = 'undo'", "entry 7"),
        ("DELETE FROM moment WHERE id = 'm0'", "moment m0 is missing"),
        ("UPDATE moment SET incident = 'other' WHERE id = 'm0'", "missing"),
        ("UPDATE draft SET text = 'A draft of an Answer'", "draft why:text was changed"),
        ("DELETE FROM meta WHERE key = 'created'", "says about itself"),
    ],
)
def test_what_somebody_changed_by_hand_is_told_and_where(filled, statement, problem):
    changed(filled, statement)
    with closing(Library(filled)) as library:
        told = "\n".join(library.check().problems)
    assert problem in told
    assert "words nobody else uses" not in told


def test_a_library_in_which_nothing_is_left_cannot_be_repaired(filled, clock):
    for table in ("journal", "incident", "moment"):
        changed(filled, f"DELETE FROM {table}")
    changed(filled, "UPDATE meta SET key = 'no' WHERE key = 'stamp'")
    before = filled.read_bytes()
    with pytest.raises(LibraryProblem, match="Nothing in this library can be read"):
        repair(filled, clock)
    assert filled.read_bytes() == before
    assert sorted(p.name for p in filled.parent.iterdir()) == ["backups", "library.sqlite"]


def test_a_damaged_log_is_told_and_nothing_is_touched(filled):
    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("x"))
    session.wait()
    base, log = filled.read_bytes(), bytearray(filled.with_name("library.sqlite-wal").read_bytes())
    session.close()
    library.close()
    there = filled.with_name("killed.sqlite")
    there.write_bytes(base)
    guard.side_file(there, "-wal").write_bytes(log)
    changed(there, "UPDATE moment SET text = 'Ana did it' WHERE id = 'm0'")
    before = there.read_bytes()
    with closing(Library(there)) as opened:
        assert not opened.check().is_clean
    assert there.read_bytes()[100:] == before[100:]


def test_no_room_to_look_at_a_library_that_was_not_closed_is_told(filled, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("x"))
    session.wait()
    there = filled.with_name("killed.sqlite")
    for suffix in ("", "-wal"):
        with open(f"{filled}{suffix}", "rb") as file:
            data = file.read()
        guard.side_file(there, suffix).write_bytes(data)
    monkeypatch.setattr("shutil.copyfile", full)
    for attempt in (Library, Library.to_read):
        with pytest.raises(LibraryProblem, match="No space left"):
            attempt(there)
    monkeypatch.undo()
    session.close()
    library.close()


def test_a_backup_from_before_an_update_can_be_restored(filled, monkeypatch):
    from facilitator.store import schema

    (backup,) = backups.listed(filled)
    with closing(sqlite3.connect(backup.path)) as connection:
        print_of_old = schema.fingerprint(connection)
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "RELEASED", {1: print_of_old})
    monkeypatch.setattr(schema, "MIGRATIONS", (lambda _db: None,))
    restore(backup.path, filled, BEGIN)
    with closing(Library(filled)) as library:
        assert len(library.document("one").all(Moment)) == 4


def test_synchronising_a_folder_where_that_is_not_allowed_is_no_error(tmp_path, monkeypatch):
    def refuses(*_args):
        raise PermissionError(13, "a folder")

    monkeypatch.setattr(os, "open", refuses)
    careful.sync(tmp_path)
