import hashlib
import os
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.model.change import Change, Edit
from facilitator.model.records import ClockMark, FollowUp, Moment, Revision, Signature
from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import BEGIN, add_moment, new_incident


def prints(path):
    """Every file in the folder with its digest: what must not change."""
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in path.parent.iterdir()
        if p.is_file()
    }


def refused(path, kind):
    before = prints(path)
    with pytest.raises(LibraryProblem) as caught:
        Library(path)
    assert caught.value.kind == kind
    assert prints(path) == before
    return str(caught.value)


def test_a_missing_library_is_made_with_its_folders_for_the_owner_alone(tmp_path):
    path = tmp_path / "a" / "b" / "library.sqlite"
    previous = os.umask(0)
    try:
        library = Library(path)
        session = Session(library, library.create(new_incident()))
        session.do(add_moment("m"))
        session.wait()
        library.backup(tmp_path / "copies" / "copy.sqlite")
        made = [p for p in tmp_path.rglob("*") if "home" not in p.parts]
        open_to_others = [p for p in made if p.stat().st_mode & 0o077]
        session.close()
        library.close()
    finally:
        os.umask(previous)
    assert open_to_others == []
    assert [p for p in (tmp_path / "a").rglob("*") if p.stat().st_mode & 0o077] == []


def test_at_rest_it_is_one_file_in_rollback_mode(filled):
    assert sorted(p.name for p in filled.parent.iterdir()) == ["backups", "library.sqlite"]
    assert filled.read_bytes()[18:20] == b"\x01\x01"


def test_an_empty_file_is_refused(path):
    path.parent.mkdir()
    path.touch()
    assert "is empty" in refused(path, "empty")


def test_a_file_that_is_not_sqlite_is_refused(path):
    path.parent.mkdir()
    path.write_text("Minutes of the meeting, " * 20)
    assert "not an SQLite file" in refused(path, "foreign")


def test_a_foreign_sqlite_file_is_refused(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE address (name)")
    assert "no Facilitator library" in refused(path, "foreign")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(LibraryProblem, match="is a folder"):
        Library(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_without_waiting_for_it(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(LibraryProblem, match="no ordinary file"):
        Library(path)


def test_a_newer_library_is_left_untouched(filled):
    raw = bytearray(filled.read_bytes())
    raw[60:64] = struct.pack(">I", 99)
    filled.write_bytes(raw)
    assert "format 99" in refused(filled, "newer")


def test_a_read_only_file_is_refused(filled):
    filled.chmod(0o400)
    assert "read-only" in refused(filled, "read-only")


def test_a_library_in_use_names_its_holder(filled):
    library = Library(filled)
    sentence = refused(filled, "locked")
    assert f"process {os.getpid()}" in sentence
    assert "since 20" in sentence
    # The second opener's look must not have cost the first its own lock.
    with closing(sqlite3.connect(filled, timeout=0)) as other, pytest.raises(sqlite3.Error):
        other.execute("SELECT count(*) FROM meta").fetchone()
    library.close()


def test_a_program_that_locks_the_file_itself_is_told_of(filled):
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryProblem, match="Another program"):
            Library(filled)
    Library(filled).close()


def test_a_lock_file_left_by_a_killed_process_is_no_obstacle(filled):
    lock = filled.with_name("library.sqlite.lock")
    lock.write_text('{"pid": 1, "host": "elsewhere", "since": "2026-01-01T00:00:00+00:00"}')
    Library(filled).close()
    assert not lock.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM journal; END",
        "CREATE VIEW v AS SELECT * FROM journal",
        "CREATE TABLE more (x)",
        "CREATE INDEX i ON moment (text)",
        "ALTER TABLE moment ADD COLUMN more TEXT",
        "ALTER TABLE moment RENAME COLUMN text TO words",
        "DROP TABLE why",
    ],
)
def test_a_library_with_a_foreign_schema_is_refused(filled, sql):
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute(sql)
    refused(filled, "damaged")


def test_a_journal_beside_it_that_names_another_file_is_refused(filled):
    letter = filled.with_name("letter.txt")
    letter.write_text("mine")
    name = str(letter).encode()
    tail = name + struct.pack(">II", len(name), sum(name)) + bytes.fromhex("d9d505f920a163d7")
    head = bytes.fromhex("d9d505f920a163d7") + bytes(504)
    filled.with_name("library.sqlite-journal").write_bytes(head + tail)
    assert "could harm" in refused(filled, "damaged")
    assert letter.read_text() == "mine"


def killed(path, ident):
    """What a process leaves that dies after it put one more moment into the library's log."""
    there = path.parent / f"killed-{ident}"
    there.mkdir(parents=True)
    library = Library(path)
    session = Session(library, ident)
    for n in range(3):
        session.do(add_moment(f"late{n}", "Written last"))
        session.wait()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", there / f"library.sqlite{suffix}")
    session.close()
    library.close()
    return there / "library.sqlite"


def other_library(path):
    library = Library(path)
    library.create(new_incident("secret", "Not for you"))
    library.close()
    return path


def test_what_is_in_the_log_of_a_killed_process_is_there_again(filled):
    library = Library(killed(filled, "one"))
    texts = [m.text for m in library.document("one").all(Moment)]
    assert texts[-3:] == ["Written last"] * 3
    assert library.check().problems == ()
    library.close()


def test_another_librarys_log_beside_one_that_was_closed_in_order_is_refused(filled, tmp_path):
    left = killed(other_library(tmp_path / "other.sqlite"), "secret")
    shutil.copy(f"{left}-wal", f"{filled}-wal")
    assert "belongs to another library" in refused(filled, "damaged")


def test_its_own_log_from_an_earlier_time_is_refused(filled):
    early = killed(filled, "one")
    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("latest"))
    session.close()
    library.close()
    shutil.copy(f"{early}-wal", f"{filled}-wal")
    refused(filled, "damaged")


def test_its_own_log_that_could_not_be_removed_on_closing_is_no_obstacle(filled):
    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("latest"))
    session.wait()
    kept = filled.with_name("kept")
    shutil.copy(f"{filled}-wal", kept)
    session.close()
    library.close()
    kept.rename(f"{filled}-wal")
    library = Library(filled)
    assert library.document("one").find(Moment, "latest") is not None
    assert library.check().problems == ()
    library.close()


def test_the_log_of_another_library_is_refused(filled, tmp_path):
    left = killed(other_library(tmp_path / "other.sqlite"), "secret")
    mine = killed(filled, "one")
    shutil.copy(f"{left}-wal", f"{mine}-wal")
    assert "belongs to another library" in refused(mine, "damaged")


def test_summaries_tell_state_and_open_actions(library, clock):
    session = Session(library, library.create(new_incident()))
    states = [library.incidents()[0].state]

    def record(*records):
        session.record(Edit("Record", tuple(Change(None, r) for r in records)))
        states.append(library.incidents()[0].state)

    session.do(Edit("Add action", (Change(None, FollowUp("f", "Write the charter")),)))
    clock.seconds = 60
    record(ClockMark("c", "start", BEGIN, 1.0, "boot"))
    record(ClockMark("d", "finish", BEGIN, 2.0, "boot"))
    record(Revision("r", 1, BEGIN, "0" * 64, "0" * 64, ("tech-lead", "on-call")))
    record(Signature("s", "r", "tech-lead", "Ana", "00", BEGIN))
    record(Signature("t", "r", "on-call", "Bo", "01", BEGIN))
    assert states == ["planned", "running", "held", "final", "final", "signed"]
    summary = library.incidents()[0]
    assert (summary.id, summary.open_actions, summary.created_at) == ("one", 1, BEGIN)
    assert (summary.changed_at - BEGIN).total_seconds() == 60
    session.close()


def test_a_forgotten_incident_is_in_no_byte_of_the_file_nor_of_its_backups(filled):
    library = Library(filled)
    session = Session(library, library.create(new_incident("two", "This one stays")))
    session.close()
    library.close()
    library = Library(filled)
    library.forget("one", backups_too=True)
    raw = b"".join(p.read_bytes() for p in filled.parent.rglob("*") if p.is_file())
    assert [s.id for s in library.incidents()] == ["two"]
    library.close()
    raw += b"".join(p.read_bytes() for p in filled.parent.rglob("*") if p.is_file())
    assert b"nobody else uses" not in raw
    assert b"A draft of an answer" not in raw
    assert b"saved addresses" not in raw
    assert b"This one stays" in raw


def test_forgetting_what_is_not_there_is_a_lookup_error(library):
    with pytest.raises(LookupError):
        library.forget("none")


def test_the_same_incident_cannot_be_made_twice(library):
    library.create(new_incident())
    with pytest.raises(LibraryProblem, match="already"):
        library.create(new_incident())
    assert len(library.incidents()) == 1


def test_opening_and_editing_do_not_load_what_only_a_migration_needs(filled):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from facilitator.session import Session\nfrom facilitator.store.library import Library\n"
        "library = Library(Path(sys.argv[1]))\nsession = Session(library, 'one')\n"
        "session.undo()\nsession.close()\nlibrary.close()\n"
        "print('sqlite_utils' in sys.modules, 'PySide6' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(filled)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.stdout.split() == ["False", "False"]


def test_a_moved_moment_keeps_its_place_in_order(library):
    session = Session(library, library.create(new_incident()))
    for ident in "cab":
        session.do(add_moment(ident))
    removed = session.document.get(Moment, "c")
    session.do(Edit("Remove", (Change(removed, None),)))
    session.undo()
    session.wait()
    assert library.document("one").all(Moment) == session.document.all(Moment)
    session.close()


def test_files_keep_their_modes_under_edits(filled):
    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("x"))
    session.wait()
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in filled.parent.iterdir()}
    session.close()
    library.close()
    assert modes == {
        "library.sqlite": 0o600,
        "library.sqlite-wal": 0o600,
        "library.sqlite.lock": 0o600,
        "backups": 0o700,
    }
