import sqlite3
from contextlib import closing

import pytest

from facilitator.model.change import Refused
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store import backups
from facilitator.store.library import Library, repair
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import add_moment, new_incident


def changed(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def content(path):
    library = Library(path)
    found = {s.id: library.document(s.id) for s in library.incidents()}
    assert library.check().problems == ()
    library.close()
    return found


def test_a_whole_library_is_left_as_it_is(filled, clock):
    before = filled.read_bytes()
    done = repair(filled, clock)
    assert (done.kept, done.incidents) == (None, 1)
    assert filled.read_bytes() == before
    assert sorted(p.name for p in filled.parent.iterdir()) == ["backups", "library.sqlite"]


def test_tables_are_made_anew_from_a_whole_journal(filled, clock):
    truth = content(filled)
    changed(filled, "UPDATE moment SET text = 'It was Ana' WHERE id = 'm1'", "DELETE FROM incident")
    damaged = filled.read_bytes()
    done = repair(filled, clock)
    assert content(filled) == truth
    assert done.kept.read_bytes() == damaged
    assert "whole" in done.notes[0]
    library = Library(filled)
    session = Session(library, "one")
    assert session.redo_label == "Add moment"
    assert dict(session.drafts) == {"why:text": "A draft of an answer"}
    session.close()
    library.close()


def test_a_changed_word_in_a_table_is_told_when_the_incident_is_opened(filled):
    changed(filled, "UPDATE moment SET text = 'It was Ana' WHERE id = 'm1'")
    library = Library(filled)
    with pytest.raises(LibraryProblem, match="the moment m1 is not what the journal tells"):
        Session(library, "one")
    assert [s.id for s in library.incidents()] == ["one"]
    library.close()


def test_with_a_broken_journal_the_tables_are_kept_and_that_is_said(filled, clock):
    truth = content(filled)
    changed(filled, "UPDATE journal SET body = replace(body, 'number 2', 'number 9') WHERE seq = 4")
    library = Library(filled)
    with pytest.raises(LibraryProblem, match="entry 4"):
        library.document("one")
    library.close()
    done = repair(filled, clock)
    assert content(filled) == truth
    assert "broken after entry 3" in done.notes[0]
    library = Library(filled)
    assert [e.kind for e in library.entries("one")] == ["create", "edit", "edit", "base"]
    session = Session(library, "one")
    session.do(add_moment("after"))
    session.undo()
    session.close()
    assert library.check().problems == ()
    library.close()


def test_one_incident_beyond_repair_does_not_take_the_others_with_it(filled, clock):
    library = Library(filled)
    library.create(new_incident("two", "This one is whole"))
    library.close()
    changed(
        filled,
        "UPDATE journal SET hash = 'x' WHERE incident = 'one'",
        "DELETE FROM incident WHERE id = 'one'",
    )
    done = repair(filled, clock)
    assert list(content(filled)) == ["two"]
    assert done.notes[0].startswith("Incident one: lost")


def test_a_trigger_that_somebody_put_in_is_gone_after_repair(filled, clock):
    truth = content(filled)
    changed(filled, "CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM journal; END")
    repair(filled, clock)
    assert content(filled) == truth


def test_a_view_in_the_place_of_a_table_is_never_read(filled, clock):
    changed(
        filled,
        "DROP TABLE moment",
        "CREATE VIEW moment AS WITH RECURSIVE n(i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
    )
    repair(filled, clock)
    found = content(filled)["one"]
    assert len(found.all(Moment)) == 4


def test_a_file_cut_short_keeps_what_can_be_read_or_says_that_nothing_can(filled, clock):
    raw = filled.read_bytes()
    for size in range(4096, len(raw), 4096 * 3):
        filled.write_bytes(raw[:size])
        try:
            repair(filled, clock)
        except LibraryProblem:
            assert filled.read_bytes() == raw[:size]
        else:
            content(filled)


def test_a_library_in_use_is_not_repaired(filled, clock):
    library = Library(filled)
    with pytest.raises(LibraryProblem, match="in use"):
        repair(filled, clock)
    library.close()


def test_a_copy_to_look_at_refuses_edits_and_leaves_nothing(filled, own_home):
    before = filled.read_bytes()
    (backup,) = backups.listed(filled)
    library = Library.to_read(backup.path)
    session = Session(library, "one")
    assert len(session.document.all(Moment)) == 4
    for change in (lambda: session.do(add_moment("x")), session.undo, session.redo):
        with pytest.raises(Refused, match="copy to look at"):
            change()
    with pytest.raises(Refused):
        library.create(new_incident("two"))
    session.keep_draft("why:text", "more")
    session.close()
    library.close()
    assert filled.read_bytes() == before
    assert [p for p in own_home.rglob("*") if p.is_file()] == []


def test_a_read_only_library_and_one_with_a_log_can_be_looked_at(filled):
    filled.chmod(0o400)
    library = Library.to_read(filled)
    assert library.document("one").get(Incident, "one").title
    library.close()


def test_copies_left_by_a_killed_process_are_removed_but_not_those_in_use(filled, own_home):
    used = Library.to_read(filled)
    left = used.path.parent.with_name("reading-left")
    left.mkdir()
    (left / "library.sqlite").write_text("old")
    (left / "library.sqlite.lock").write_text("{}")
    other = Library.to_read(filled)
    assert not left.exists()
    assert used.path.exists()
    other.close()
    used.close()
