import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from facilitator.instants import read_instant
from facilitator.model.change import Change, Edit
from facilitator.model.codec import Malformed
from facilitator.model.document import Conflict
from facilitator.model.records import ClockMark, Incident, Moment, Topic
from facilitator.session import NotSaved, Saving, Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem

AT = datetime(2026, 6, 18, 18, 14, tzinfo=UTC)


def create(library):
    incident = Incident("one", "Checkout rejects saved addresses", AT)
    return library.create(Edit("New incident", (Change(None, incident),)))


def added(ident, text="Alert fired", burst=""):
    return Edit("Add moment", (Change(None, Moment(ident, text, at=AT)),), burst)


def said(session, ident, text, burst=""):
    moment = session.document.get(Moment, ident)
    return Edit("Change text", (Change(moment, replace(moment, text=text)),), burst)


def mark(ident, kind="start"):
    return Edit("Clock", (Change(None, ClockMark(ident, kind, AT, 1.0, "boot")),))


def reopened(library, session):
    session.close()
    return Session(library, "one")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.sqlite"


@pytest.fixture
def library(path):
    library = Library(path)
    yield library
    library.close()


@pytest.fixture
def session(library):
    session = Session(library, create(library))
    yield session
    session.close()


def test_an_edit_is_in_the_document_at_once_and_on_disk_after_waiting(library, session):
    session.do(added("m"))
    assert session.document.get(Moment, "m").text == "Alert fired"
    session.wait()
    assert session.saving.state == "saved"
    assert library.document("one") == session.document


def test_undo_and_redo_have_names_and_survive_closing(library, session):
    session.do(added("m"))
    session.do(said(session, "m", "Pager fired"))
    session.undo()
    assert (session.undo_label, session.redo_label) == ("Add moment", "Change text")
    again = reopened(library, session)
    assert (again.undo_label, again.redo_label) == ("Add moment", "Change text")
    again.redo()
    assert again.document.get(Moment, "m").text == "Pager fired"
    again.undo()
    again.undo()
    assert again.document.all(Moment) == ()
    assert (again.undo_label, again.redo_label) == ("", "Add moment")
    again.close()


def test_making_the_incident_cannot_be_undone(session):
    session.undo()
    assert session.document.incident.id == "one"


def test_edits_of_one_burst_are_one_step_and_the_next_burst_is_another(library, session):
    session.do(added("m", "A"))
    for text in ("Al", "Ale", "Aler"):
        session.do(said(session, "m", text, "text:m:1"))
    session.do(said(session, "m", "Alert", "text:m:2"))
    again = reopened(library, session)
    again.undo()
    assert again.document.get(Moment, "m").text == "Aler"
    again.undo()
    assert again.document.get(Moment, "m").text == "A"
    again.close()


def test_a_burst_that_comes_to_nothing_is_passed_over_by_undo(session):
    session.do(added("m", "A"))
    session.do(said(session, "m", "B", "text:m:1"))
    session.do(said(session, "m", "A", "text:m:1"))
    assert session.undo_label == "Add moment"
    session.undo()
    assert session.document.all(Moment) == ()
    session.redo()
    assert session.document.get(Moment, "m").text == "A"


def test_a_new_edit_ends_what_could_be_redone(session):
    session.do(added("m"))
    session.undo()
    session.do(added("n"))
    session.redo()
    assert session.redo_label == ""
    assert [m.id for m in session.document.all(Moment)] == ["n"]


def test_undo_never_touches_what_was_recorded(session):
    session.do(added("m"))
    session.record(mark("c1"))
    session.do(said(session, "m", "Pager fired"))
    session.record(mark("c2", "pause"))
    for _ in range(5):
        session.undo()
    assert session.document.all(Moment) == ()
    assert [m.id for m in session.document.all(ClockMark)] == ["c1", "c2"]


def test_clock_marks_inside_an_ordinary_edit_stay_when_it_is_undone(session):
    topic = Topic("t", "restate", "Restate", "What do we know?", 5)
    session.do(Edit("Import", (*mark("c").changes, Change(None, topic))))
    session.undo()
    assert session.document.all(Topic) == ()
    assert [m.id for m in session.document.all(ClockMark)] == ["c"]


def test_only_what_undo_leaves_alone_can_be_recorded(session):
    with pytest.raises(ValueError, match="Moment belongs to undo"):
        session.record(added("m"))
    assert session.document.all(Moment) == ()


def test_an_import_of_thousands_is_one_step(library, session):
    moments = tuple(Change(None, Moment(f"m{n}", f"Line {n}", at=AT)) for n in range(5000))
    session.do(Edit("Import 5,000 moments", moments))
    again = reopened(library, session)
    assert len(again.document.all(Moment)) == 5000
    again.undo()
    assert again.document.all(Moment) == ()
    again.close()


def test_an_edit_that_does_not_fit_changes_nothing(session):
    session.do(added("m"))
    document, head = session.document, session.head
    with pytest.raises(Conflict):
        session.do(added("m"))
    assert (session.document, session.head) == (document, head)


@pytest.mark.parametrize(
    "change",
    [
        Change(None, Moment("x", "half a \ud83d character", at=AT)),
        Change(None, Moment("x", "line", at=AT, line=2**63)),
        Change(None, Topic("x", "fix", "Fix", "What?", 5, rank=float("nan"))),
        Change(None, Topic("x", "fix", "Fix", "What?", "five")),
    ],
)
def test_what_no_file_can_keep_is_refused_before_anything_changes(session, change):
    head = session.head
    with pytest.raises(Malformed):
        session.do(Edit("Wrong", (change,)))
    assert session.head == head
    session.do(added("m"))
    session.wait()
    assert session.saving.state == "saved"


def test_an_edit_without_changes_does_nothing(session):
    head = session.head
    session.do(Edit("Nothing", ()))
    assert session.head == head
    assert session.undo_label == ""


def test_listeners_hear_of_edits_undos_and_redos_until_they_stop(session):
    heard = []
    stop = session.subscribe(heard.append)
    session.do(added("m"))
    session.undo()
    session.redo()
    stop()
    session.do(added("n"))
    changes = added("m").changes
    assert [e.changes for e in heard] == [changes, (changes[0].reversed(),), changes]


def test_a_listener_must_not_edit(session):
    def edits(_edit):
        session.do(added("n"))

    stop = session.subscribe(edits)
    with pytest.raises(RuntimeError, match="listener"):
        session.do(added("m"))
    stop()
    session.do(added("o"))
    assert [m.id for m in session.document.all(Moment)] == ["m", "o"]


def test_saved_is_said_only_when_the_disk_has_it(library, session):
    heard, gate = [], threading.Event()
    session.on_saving(heard.append)
    blocker = threading.Thread(target=library._writer.call, args=(lambda _: gate.wait(10),))
    blocker.start()
    session.do(added("m"))
    session.do(added("n"))
    assert [s.state for s in heard] == ["saving"]
    with pytest.raises(NotSaved, match="takes over"):
        session.wait(0.01)
    gate.set()
    session.wait()
    blocker.join()
    assert heard[-1].state == "saved"
    assert heard[-1].at is not None


def test_a_file_that_goes_away_is_told_and_everything_is_there_when_it_is_back(path, library):
    session = Session(library, create(library))
    away = path.with_name("away.sqlite")
    path.rename(away)
    session.do(added("m"))
    session.do(added("n"))
    with pytest.raises(NotSaved, match="has gone or was replaced"):
        session.wait()
    assert session.saving.state == "not-saved"
    assert len(session.document.all(Moment)) == 2
    away.rename(path)
    library.retry()
    wait_until_saved(session)
    assert library.document("one") == session.document
    assert library.check().problems == ()
    session.close()


def test_another_library_in_its_place_is_never_written_to(path, library, tmp_path):
    session = Session(library, create(library))
    other = Library(tmp_path / "other.sqlite")
    other.close()
    path.rename(tmp_path / "away.sqlite")
    (tmp_path / "other.sqlite").rename(path)
    before = path.read_bytes()
    session.do(added("m"))
    with pytest.raises(NotSaved, match="replaced"):
        session.wait()
    for _ in range(2):
        library.retry()
        with pytest.raises(NotSaved):
            library.incidents()
    assert path.read_bytes() == before
    path.unlink()
    (tmp_path / "away.sqlite").rename(path)
    library.retry()
    wait_until_saved(session)
    session.close()


def test_a_meeting_goes_on_in_another_file_when_the_first_is_gone_for_good(path, library, tmp_path):
    session = Session(library, create(library))
    away = path.with_name("away.sqlite")
    path.rename(away)
    session.do(added("m"))
    with pytest.raises(NotSaved):
        session.wait()
    other = tmp_path / "stick" / "other.sqlite"
    session.keep_draft("summary", "What we kn")
    session.go_on_in(other)[0].close()
    with pytest.raises(LibraryProblem, match="exists already"):
        session.go_on_in(other)
    gone_on = Library(other)
    assert gone_on.document("one") == session.document
    assert gone_on.check().problems == ()
    there = Session(gone_on, "one")
    assert there.drafts == {"summary": "What we kn"}
    there.close()
    gone_on.close()
    away.rename(path)
    session.close()


def wait_until_saved(session):
    done = threading.Event()

    def heard(saving: Saving) -> None:
        if saving.state == "saved":
            done.set()

    session.on_saving(heard)
    if session.saving.state == "saved":
        return
    assert done.wait(10), session.saving


def test_drafts_are_on_disk_but_no_part_of_the_document(library, session):
    session.keep_draft("moment:m:text", "Al")
    session.keep_draft("moment:m:text", "Ale")
    session.keep_draft("summary", "We ")
    session.drop_draft("summary")
    session.drop_draft("never kept")
    document = session.document
    again = reopened(library, session)
    assert dict(again.drafts) == {"moment:m:text": "Ale"}
    assert again.document == document
    again.do(added("m", "Alert"), draft="moment:m:text")
    last = reopened(library, again)
    assert dict(last.drafts) == {}
    last.close()


def test_the_head_is_what_the_disk_has_after_waiting(library, session):
    session.do(added("m"))
    head = session.head
    again = reopened(library, session)
    assert again.head == head
    assert head[0] == 2
    again.close()


def test_an_incident_is_open_once(library, session):
    with pytest.raises(RuntimeError, match="open already"):
        Session(library, "one")
    with pytest.raises(RuntimeError, match="open"):
        library.forget("one")


def test_an_unknown_incident_is_a_lookup_error(library):
    with pytest.raises(LookupError):
        Session(library, "none")


def test_a_closed_session_refuses_edits(library, session):
    session.close()
    with pytest.raises(RuntimeError, match="closed"):
        session.do(added("m"))


def test_an_instant_has_both_clocks_and_the_boot():
    first, second = read_instant(), read_instant()
    assert first.at.tzinfo is UTC
    assert second.boot >= first.boot > 0
    assert first.boot_id == second.boot_id != ""
