"""A name that is forgotten is in no byte of the library, and of its copies when that is wanted."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.edits.report import freeze_report, record_signature
from facilitator.model.forgetting import words_of
from facilitator.model.freeze import frozen_revision, newest_revision
from facilitator.model.records import Incident, Moment, Person, Revision, Signature
from facilitator.paths import data_dir
from facilitator.session import NotSaved, Session
from facilitator.store import backups, forgetting
from facilitator.store.beginnings import Beginnings
from facilitator.store.continued import note_continued
from facilitator.store.library import Library, restore
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import BEGIN, add_moment, new_incident, traces

NAME = 'Zita "Quill" Māhina'
PARTS = ("Quill", "Māhina")
WORDS = words_of([NAME, *PARTS], "the on-call engineer")


@pytest.fixture
def path():
    """In the data folder, as it is for most people: whatever is left there is found."""
    return data_dir() / "library.sqlite"


@pytest.fixture
def named(filled):
    """A library in which a name was written, used, and in part taken out again."""
    library = Library(filled)
    session = Session(library, "one")
    person = Person("p", NAME, "on-call")
    session.do(Edit("Add person", (Change(None, person),)))
    session.do(add_moment("said", f"{NAME} restarted it"))
    session.do(add_moment("long", f"{'x' * 4070} {NAME} and {'y' * 9000}"))
    session.keep_draft("summary", f"We asked {NAME}")
    session.do(Edit("Rename", (Change(person, replace(person, name="On call")),)))
    Beginnings(library).keep_draft("incident:new:title", f"{NAME} again")
    yield library, session
    session.close()
    library.close()


def test_a_forgotten_name_is_in_no_byte_and_the_journal_still_verifies(named, filled):
    library, session = named
    session.wait()
    assert traces(data_dir(), *PARTS) == {"library.sqlite-wal"}
    session.forget_words(WORDS)
    assert traces(data_dir(), *PARTS) == set()
    assert session.document.get(Moment, "said").text == "The on-call engineer restarted it"
    assert session.document.get(Moment, "long").text[4071:4092] == "the on-call engineer "
    assert session.drafts["summary"] == "We asked the on-call engineer"
    assert library.begun == {"incident:new:title": "The on-call engineer again"}
    assert (session.undo_label, session.document) == ("", library.document("one"))
    assert library.check().problems == ()
    session.do(add_moment("after"))
    session.undo()
    session.redo()
    session.close()
    kinds = [e.kind for e in library.entries("one")]
    assert kinds[-4:] == ["base", "edit", "undo", "redo"]
    assert [e.label for e in library.entries("one")].count("Forgotten") == 4
    again = Session(library, "one")
    assert again.document.find(Moment, "after") is not None
    assert again.undo_label == "Add moment"
    again.close()
    library.close()
    assert traces(data_dir(), *PARTS) == set()


def test_what_stands_where_is_counted_before_anything_is_done(named):
    library, session = named
    session.wait()
    library_id = library._id
    (found,) = library.standing(WORDS)
    assert (found.fields, found.entries, found.drafts, found.revision) == (2, 4, 1, 0)
    assert not library.standing(words_of(["Zoe"]))[0]
    assert library._id == library_id


def test_listeners_hear_of_it_as_of_any_edit_and_edits_wait_until_it_is_done(named):
    _library, session = named
    heard = []
    session.subscribe(heard.append)
    session.hold(WORDS)
    with pytest.raises(Refused, match="in a moment"):
        session.do(add_moment("x"))
    session.keep_draft("impact", f"Typed of {NAME}")
    session.adopt({})
    assert session.drafts["impact"] == "Typed of the on-call engineer"
    session.forget_words(WORDS)
    assert [edit.label for edit in heard] == ["Forget words"]
    assert {change.record.id for change in heard[0].changes} == {"said", "long"}
    session.do(add_moment("x"))


def test_words_that_stand_nowhere_leave_the_journal_as_it_is(named):
    library, session = named
    before = session.head
    session.forget_words(words_of(["Zoe"]))
    assert (session.head, session.undo_label) == (before, "Rename")
    assert library.check().is_clean


def test_a_final_report_that_holds_it_is_replaced_and_what_was_signed_stays_recorded(named):
    library, session = named
    session.record(freeze_report(session.document, BEGIN, session.head, ["tech-lead"]))
    session.record(record_signature(session.document, "tech-lead", NAME, "ab" * 32, BEGIN))
    (found,) = library.standing(WORDS)
    assert (found.revision, found.signed) == (1, 1)
    session.forget_words(WORDS)
    assert frozen_revision(session.document) is None
    assert [(r.number, bool(r.digest)) for r in session.document.all(Revision)] == [
        (1, True),
        (2, False),
    ]
    assert session.document.all(Signature)[0].name == "[name forgotten]"
    assert session.revised() == (
        "It cannot be told: words of that time were forgotten on purpose.",
    )
    session.do(add_moment("goes on"))
    assert library.check().is_clean


def test_a_final_report_stays_final_when_only_a_signers_name_is_forgotten(library):
    session = Session(library, library.create(new_incident()))
    session.record(freeze_report(session.document, BEGIN, session.head, ["tech-lead"]))
    session.record(record_signature(session.document, "tech-lead", NAME, "ab" * 32, BEGIN))
    session.forget_words(WORDS)
    assert newest_revision(session.document) == frozen_revision(session.document)
    assert session.document.all(Signature)[0].name == "[name forgotten]"
    session.close()
    assert traces(data_dir(), *PARTS) == set()


def test_words_blanked_without_the_record_of_it_are_told(named):
    library, session = named
    session.close()
    library._writer.call(
        lambda c: c.execute(
            "UPDATE journal SET label = 'Forgotten', burst = '', body = '', salt = '' WHERE seq = 3"
        ).fetchall()
    )
    assert not library.check().is_clean


def test_a_word_that_cannot_be_replaced_leaves_every_incident_as_it_was(library):
    for ident in ("one", "quill"):
        session = Session(library, library.create(new_incident(ident)))
        session.do(add_moment("m", f"{NAME} said"))
        session.close()
    before = [library.entries(ident) for ident in ("one", "quill")]
    with pytest.raises(Refused, match="stands in the id of the incident"):
        library.forget_words(WORDS)
    assert [library.entries(ident) for ident in ("one", "quill")] == before


def test_a_disk_that_takes_nothing_is_said_and_edits_go_on(named, filled):
    library, session = named
    session.wait()
    away = filled.with_name("away")
    filled.rename(away)
    with pytest.raises((NotSaved, LibraryProblem)):
        session.forget_words(WORDS)
    away.rename(filled)
    library.retry()
    session.do(add_moment("goes on"))
    session.forget_words(WORDS)
    assert traces(data_dir(), *PARTS) == set()


# ---- copies


def edited(path, ident, text, incident="one"):
    with closing(Library(path)) as library:
        session = Session(library, incident)
        session.do(add_moment(ident, text))
        session.close()


def copied(path, name):
    """A closed library as a file of this name beside it, or in a folder of that name."""
    target = path.parent / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(path, target)
    return target


@pytest.fixture
def family(filled, tmp_path):
    """A library, and beside it one of each copy that the app ever makes, all with a name."""
    with closing(Library(filled)) as library:
        library.create(new_incident("two", f"{NAME} cannot log in"))
    edited(filled, "said", f"{NAME} restarted it")
    folder = filled.parent
    copied(filled, "backups/library-20260101T000000Z.sqlite")
    # A library that was replaced while its log had not gone into it.
    library = Library(filled)
    session = Session(library, "one")
    session.do(add_moment("late", f"{NAME} in the log"))
    session.wait()
    replaced = folder / "library-replaced-20260102T000000Z.sqlite"
    for suffix in ("", "-wal"):
        shutil.copy(f"{filled}{suffix}", f"{replaced}{suffix}")
    session.close()
    library.close()
    opened = folder / "backups" / "library-replaced-20260102T000000Z-20260103T000000Z.sqlite"
    shutil.copy(filled, opened)
    damaged = copied(filled, "library-damaged-20260104T000000Z.sqlite")
    damaged.write_bytes(damaged.read_bytes()[:-4096])
    (folder / "library-damaged-20260105T000000Z.sqlite-wal").write_text(f"of {NAME}, alone")
    (folder / ".library.sqlite.abcdefgh").mkdir()
    copied(filled, ".library.sqlite.abcdefgh/copy.sqlite")
    copied(filled, "reading-left/library.sqlite")
    spools(filled, tmp_path)
    later = tmp_path / "elsewhere" / "go-on.sqlite"
    later.parent.mkdir()
    shutil.copy(filled, later)
    (later.parent / "backups").mkdir()
    shutil.copy(filled, later.parent / "backups" / "go-on-20260106T000000Z.sqlite")
    note_continued(filled, later)
    return filled


def spools(filled, tmp_path):
    """Edits that never went into this library, and some that wait for a copy of it elsewhere."""
    there = tmp_path / "stick" / filled.name
    there.parent.mkdir()
    shutil.copy(filled, there)
    library = Library(there, spool=data_dir() / "spool")
    session = Session(library, "one")
    away = there.with_name("away")
    there.rename(away)
    session.do(add_moment("waits", f"{NAME} waits"))
    with pytest.raises(NotSaved):
        session.wait()
    (spool,) = (data_dir() / "spool").iterdir()
    spool.with_suffix(".keep").write_bytes(spool.read_bytes())
    away.rename(there)
    library.retry()
    session.close()
    library.close()
    kept = spool.with_suffix(".keep")
    spool.with_suffix(".unused").write_bytes(kept.read_bytes() + f"0 cut off by {NAME}".encode())
    kept.rename(spool)


KINDS = ["backup"] * 3 + ["replaced"] + ["damaged"] * 2 + ["continued", "waiting", "unused"]


def test_every_copy_that_holds_it_is_named_with_what_keeps_it_from_being_edited(family):
    with closing(Library(family)) as library:
        before = {p: p.read_bytes() for p in family.parent.rglob("*") if p.is_file()}
        held = library.held(forgetting.of_words(WORDS, (), library.now))
        after = {p: p.read_bytes() for p in family.parent.rglob("*") if p.is_file()}
    assert sorted(h.copy.kind for h in held if h.copy.kind != "backup") == sorted(KINDS[3:])
    named = {h.copy.path.name for h in held if h.copy.kind == "backup"}
    assert named >= {
        "go-on-20260106T000000Z.sqlite",
        "library-replaced-20260102T000000Z-20260103T000000Z.sqlite",
        "library-20260101T000000Z.sqlite",
    }
    problems = {h.copy.kind for h in held if h.problem}
    assert problems == {"damaged", "waiting"}
    assert before == after


def test_without_a_word_about_copies_they_are_left_and_what_is_half_made_goes(family, tmp_path):
    left = traces(tmp_path, *PARTS)
    with closing(Library(family)) as library:
        done, reached = library.forget_words(WORDS)
    assert set(done) == {"one", "two"}
    assert (reached.cleaned, reached.destroyed) == ((), ())
    now = traces(tmp_path, *PARTS)
    assert left - now == {"copy.sqlite"}
    assert not traces(family.parent, *PARTS) & {family.name}
    assert not family.with_name(".library.sqlite.abcdefgh").exists()
    assert not (data_dir() / "reading-left").exists()


def test_with_copies_too_only_those_that_cannot_be_edited_keep_it(family, tmp_path):
    with closing(Library(family)) as library:
        _, reached = library.forget_words(WORDS, backups_too=True)
        assert {h.copy.kind for h in reached.left} == {"damaged", "waiting"}
        assert all(h.problem for h in reached.left)
    left = traces(data_dir(), *PARTS)
    assert {name.rpartition(".")[2] for name in left} == {"sqlite", "sqlite-wal", "spool"}
    assert all("damaged" in name or name.endswith(".spool") for name in left)
    check_copies(family, tmp_path)


def check_copies(family, tmp_path):
    """Each copy that was edited opens as a library, whole, and raises no alarm."""
    copies = [
        *family.parent.glob("library-replaced-*.sqlite"),
        *(family.parent / "backups").glob("*.sqlite"),
        *(tmp_path / "elsewhere").rglob("*.sqlite"),
    ]
    assert len(copies) >= 6
    for path in copies:
        with closing(Library.to_read(path)) as library:
            assert library.check().problems == ()
            assert library.document("one").get(Incident, "one").title
    with closing(Library(family)) as library:
        assert library.behind is None


def test_with_everything_too_no_byte_of_it_is_left_in_the_data_folder(family, tmp_path):
    with closing(Library(family)) as library:
        _, reached = library.forget_words(WORDS, backups_too=True, damaged_too=True)
        assert reached.left == ()
        assert {c.kind for c in reached.destroyed} == {"damaged", "waiting"}
    assert traces(data_dir(), *PARTS) == set()
    assert traces(tmp_path / "elsewhere", *PARTS) == set()
    # What lies on a stick is a library of its own, which nobody asked to be searched.
    assert "library.sqlite" in traces(tmp_path / "stick", *PARTS)
    check_copies(family, tmp_path)


def test_one_incidents_words_stay_in_the_others(family, tmp_path):
    with closing(Library(family)) as library:
        done, _ = library.forget_words(WORDS, ["one"], backups_too=True)
        assert set(done) == {"one"}
        assert library.document("two").incident.title.startswith("Zita")
    for backup in backups.listed(family):
        with closing(Library.to_read(backup.path)) as library:
            if any(s.id == "two" for s in library.incidents()):
                assert library.document("two").incident.title.startswith("Zita")
            assert not words_in(library.document("one"))


def words_in(document):
    return any(WORDS.stand_in(m.text) for m in document.all(Moment))


def test_a_deleted_incident_is_in_no_byte_of_any_copy_and_the_other_stays(family, tmp_path):
    with closing(Library(family)) as library:
        held = library.held(forgetting.of_incident("one"))
        assert {h.copy.kind for h in held if h.problem} == {"damaged"}
        reached = library.forget("one", backups_too=True)
        assert {h.copy.kind for h in reached.left} == {"damaged"}
        reached = library.forget("two", backups_too=True, damaged_too=True)
        assert {c.kind for c in reached.destroyed} == {"damaged"}
        assert library.behind is None
    assert traces(data_dir(), *PARTS, "saved addresses", "nobody else uses") == set()
    assert traces(tmp_path / "elsewhere", "saved addresses", "nobody else uses") == set()
    with closing(Library(family)) as library:
        assert (library.incidents(), library.check().problems) == ((), ())


def test_what_another_window_shows_or_is_not_there_is_named_and_stops_nothing(family, tmp_path):
    shown = Library.to_read(backups.listed(family)[0].path)
    (tmp_path / "elsewhere" / "go-on.sqlite").unlink()
    with closing(Library(family)) as library:
        _, reached = library.forget_words(WORDS, backups_too=True, damaged_too=True)
    told = {h.copy.kind: h.problem for h in reached.left}
    assert set(told) == {"shown", "continued"}
    assert "Close that window" in told["shown"]
    assert "not there now" in told["continued"]
    shown.close()
    assert traces(data_dir(), *PARTS) == set()


def test_a_library_where_it_went_on_that_is_in_use_is_named(family, tmp_path):
    later = Library(tmp_path / "elsewhere" / "go-on.sqlite")
    with closing(Library(family)) as library:
        _, reached = library.forget_words(WORDS, backups_too=True)
    assert "in use" in next(h.problem for h in reached.left if h.copy.kind == "continued")
    later.close()


def test_a_copy_with_a_changed_word_is_damaged_and_is_not_edited(filled):
    edited(filled, "said", f"{NAME} restarted it")
    newest = backups.listed(filled)[0].path
    with closing(sqlite3.connect(newest)) as connection, connection:
        connection.execute("UPDATE moment SET text = 'Somebody else' WHERE id = 'm1'")
    before = newest.read_bytes()
    with closing(Library(filled)) as library:
        _, reached = library.forget_words(WORDS, backups_too=True)
        assert [h.copy.path for h in reached.left] == [newest]
        assert "cannot be edited" in reached.left[0].problem
        assert newest.read_bytes() == before
        _, reached = library.forget_words(WORDS, backups_too=True, damaged_too=True)
        library._changed = False
    assert not newest.exists()
    assert reached.left == ()


def test_a_replaced_library_that_is_restored_over_again_is_still_found(filled, clock):
    edited(filled, "said", f"{NAME} restarted it")
    (newest, *_) = backups.listed(filled)
    for second in (1, 2):
        clock.seconds = second
        restore(newest.path, filled, clock().at)
    with closing(Library(filled)) as library:
        held = library.held(forgetting.of_words(WORDS, (), library.now))
    assert [h.copy.kind for h in held].count("replaced") == 2


def test_a_second_name_of_the_library_itself_is_no_copy(filled):
    edited(filled, "said", f"{NAME} restarted it")
    os.link(filled, filled.with_name("library-replaced-20260102T000000Z.sqlite"))
    with closing(Library(filled)) as library:
        removal = forgetting.of_words(WORDS, (), library.now)
        assert {h.copy.kind for h in library.held(removal)} == {"backup"}
        library.forget_words(WORDS, backups_too=True, damaged_too=True)
        assert library.check().is_clean
    assert traces(data_dir(), *PARTS) == set()
