"""What was cut off the end of a journal, with its rows, is told; what was given up is not."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.session import NotSaved, Session
from facilitator.store import backups
from facilitator.store.inspection import inspect
from facilitator.store.library import Library, repair, restore
from tests.store.library_kit import BEGIN, add_moment, new_incident


def changed(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def edited(path, clock, *moments, incident="one"):
    """The library opened, edited and closed; a minute goes by."""
    with closing(Library(path, now=clock)) as library:
        session = Session(library, incident)
        for ident in moments:
            session.do(add_moment(ident))
        session.close()
    clock.seconds += 60


def lacking(path):
    with closing(Library(path)) as library:
        found = library.behind
    return found and (found.entries, found.incidents)


@pytest.fixture
def cut(filled, clock):
    """A library whose last two entries were cut off together with the rows they made."""
    edited(filled, clock, "late", "later")
    changed(
        filled,
        "DELETE FROM journal WHERE seq > 7",
        "DELETE FROM moment WHERE id IN ('late', 'later')",
    )
    return filled


def test_entries_cut_off_with_their_rows_are_told_by_the_file_alone(cut):
    shutil.rmtree(backups.folder(cut))
    assert lacking(cut) == (2, 0)
    assert inspect(cut).problems == ("The file: 2 of the entries that it had are missing.",)
    with closing(Library(cut)) as library:
        assert "no backup has more" in str(library.behind)
        library.stay_behind()
        assert library.check().is_clean
    assert lacking(cut) is None


def test_a_cut_library_is_told_also_after_more_was_done(cut, clock):
    edited(cut, clock, "after")
    edited(cut, clock, "and on")
    assert lacking(cut) == (2, 1)
    assert "of the entries that it had are missing" in inspect(cut).problems[0]


def test_a_repair_says_what_it_cannot_bring_back(cut, clock):
    done = repair(cut, clock)
    assert done.notes[0].startswith("2 journal entries are missing")
    with closing(Library(cut)) as library:
        assert (library.check().problems, library.behind) == ((), None)


def test_a_library_from_another_day_is_told_by_its_backup(filled, clock):
    old = filled.read_bytes()
    edited(filled, clock, "late", "later")
    filled.write_bytes(old)
    assert lacking(filled) == (2, 1)
    assert "2 edits of one incident" in inspect(filled).problems[0]
    with closing(Library(filled)) as library:
        newest = library.behind.backup
        library.stay_behind()
    assert lacking(filled) is None
    assert inspect(filled).is_clean
    restore(newest.path, filled, BEGIN)
    with closing(Library(filled)) as library:
        assert library.incidents()[0].edits == 9


def test_it_is_told_though_work_went_on_and_was_backed_up_in_the_meantime(filled, clock):
    old = filled.read_bytes()
    edited(filled, clock, "late", "later")
    filled.write_bytes(old)
    edited(filled, clock, "other")
    assert lacking(filled) == (2, 1)


def test_an_incident_that_is_gone_with_all_its_entries_is_told(filled, clock):
    old = filled.read_bytes()
    with closing(Library(filled, now=clock)) as library:
        library.create(new_incident("two"))
    filled.write_bytes(old)
    assert lacking(filled) == (1, 1)


def test_the_log_that_somebody_cleared_away_is_told_by_the_backup(filled, clock, tmp_path):
    library = Library(filled, now=clock)
    session = Session(library, "one")
    session.do(add_moment("late"))
    session.wait()
    library.back_up()
    left = tmp_path / "left" / filled.name
    shutil.copytree(filled.parent, left.parent)
    session.close()
    library.close()
    left.with_name(f"{left.name}-wal").unlink()
    assert lacking(left) == (1, 1)


def test_restoring_an_older_backup_is_no_alarm(filled, clock):
    edited(filled, clock, "late")
    edited(filled, clock, "later")
    oldest = backups.listed(filled)[-1]
    restore(oldest.path, filled, BEGIN)
    assert lacking(filled) is None
    edited(filled, clock, "anew")
    assert lacking(filled) is None
    newest = filled.read_bytes()
    edited(filled, clock, "and on")
    filled.write_bytes(newest)
    assert lacking(filled) == (1, 1)


def test_deleting_and_going_on_in_another_file_are_no_alarm(filled, clock, tmp_path):
    with closing(Library(filled, now=clock)) as library:
        library.create(new_incident("two"))
    clock.seconds += 60
    with closing(Library(filled, now=clock)) as library:
        library.forget("two")
        library._changed = False  # no backup tells that it was meant
    assert lacking(filled) is None
    with closing(Library(filled, now=clock)) as library:
        session = Session(library, "one")
        session.go_on_in(tmp_path / "on" / filled.name)[0].close()
        session.close()
    shutil.copytree(backups.folder(filled), tmp_path / "on" / "backups", dirs_exist_ok=True)
    assert lacking(tmp_path / "on" / filled.name) is None


def test_what_is_merged_from_the_second_copy_is_no_alarm(filled, clock, tmp_path):
    library = Library(filled, now=clock)
    session = Session(library, "one")
    away = filled.with_name("away")
    filled.rename(away)
    session.do(add_moment("x"))
    with pytest.raises(NotSaved):
        session.wait()
    away.rename(filled)
    library.retry()
    session.close()
    library.close()
    assert lacking(filled) is None
    assert inspect(filled).is_clean


def test_a_file_that_was_written_before_there_was_a_count_is_opened_and_counted(filled, clock):
    changed(filled, "UPDATE meta SET value = '0123456789abcdef' WHERE key = 'stamp'")
    assert lacking(filled) is None
    edited(filled, clock, "new")
    assert lacking(filled) is None
    changed(filled, "DELETE FROM journal WHERE seq = 8", "DELETE FROM moment WHERE id = 'new'")
    assert lacking(filled) == (1, 1)


@pytest.mark.parametrize("stamp", ["a -1 b", "a ٣ b", f"a {'9' * 5000} b", "a 1.5 b", "", " ", "x"])
def test_an_odd_count_is_no_count(filled, stamp):
    with closing(sqlite3.connect(filled)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'stamp'", (stamp,))
    assert lacking(filled) is None


def test_a_backup_that_cannot_be_trusted_tells_nothing_and_runs_nothing(filled, clock):
    old = filled.read_bytes()
    edited(filled, clock, "late")
    newest = backups.listed(filled)[0].path
    filled.write_bytes(old)
    changed(
        newest,
        "ALTER TABLE journal RENAME TO kept",
        "CREATE VIEW journal AS WITH RECURSIVE n(i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
    )
    assert lacking(filled) is None
    newest.write_bytes(b"no database")
    assert lacking(filled) is None


def test_a_command_says_it_and_check_names_the_backup(filled, clock):
    old = filled.read_bytes()
    edited(filled, clock, "late")
    filled.write_bytes(old)
    run = partial(CliRunner().invoke, cli)
    listed = run(["--library", str(filled), "incidents"])
    assert (listed.exit_code, "1 edit of one incident" in listed.stderr) == (0, True)
    checked = run(["--library", str(filled), "check"])
    assert checked.exit_code == 1
    assert str(backups.listed(filled)[0].path) in checked.stdout
    repaired = run(["--library", str(filled), "check", "--repair"])
    assert repaired.exit_code == 1
    assert "Nothing in the file itself is damaged" in repaired.stderr
