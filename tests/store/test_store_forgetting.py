from dataclasses import replace

import pytest

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.records import Moment, Person
from facilitator.session import Session
from facilitator.store import backups
from facilitator.store.library import Library
from tests.store.library_kit import add_moment

NAME = 'Ana "Nan" Māhina'


@pytest.fixture
def named(filled):
    """A library in which a name was written, used and taken out again."""
    library = Library(filled)
    session = Session(library, "one")
    person = Person("p", NAME)
    session.do(Edit("Add person", (Change(None, person),)))
    session.do(add_moment("said", f"{NAME} restarted it"))
    session.keep_draft("summary", f"We asked {NAME}")
    session.do(Edit("Rename", (Change(person, replace(person, name="On call")),)))
    said = session.document.get(Moment, "said")
    yield library, session, said
    session.close()
    library.close()


def everything(path):
    return b"".join(p.read_bytes() for p in sorted(path.parent.rglob("*")) if p.is_file())


def test_a_name_that_still_stands_is_not_forgotten(named):
    _, session, _ = named
    with pytest.raises(Refused, match="still stands"):
        session.forget_words([NAME])
    assert session.undo_label == "Rename"


def test_a_forgotten_name_is_in_no_byte_and_the_journal_still_verifies(named, filled):
    library, session, said = named
    session.do(Edit("Change text", (Change(said, replace(said, text="It was restarted")),)))
    library.backup(filled.with_name("before.sqlite"))
    filled.with_name("before.sqlite").rename(
        backups.folder(filled) / "library-20260101T000000Z.sqlite"
    )
    assert b"Nan" in everything(filled)
    document = session.document
    session.forget_words([NAME], backups_too=True)
    assert session.document == document
    assert (session.undo_label, dict(session.drafts)) == ("", {"why:text": "A draft of an answer"})
    assert b"Nan" not in everything(filled)
    assert library.check().problems == ()
    session.do(add_moment("after"))
    session.undo()
    session.redo()
    session.close()
    kinds = [e.kind for e in library.entries("one")]
    assert kinds[-4:] == ["base", "edit", "undo", "redo"]
    assert library.check().problems == ()
    assert b"Nan" not in everything(filled)
    assert [e.label for e in library.entries("one")].count("Forgotten") == 4
    again = Session(library, "one")
    assert again.document.find(Moment, "after") is not None
    assert again.undo_label == "Add moment"
    again.close()


def test_words_blanked_without_the_record_of_it_are_told(named, filled):
    library, session, _ = named
    session.close()
    library._writer.call(
        lambda c: c.execute(
            "UPDATE journal SET label = 'Forgotten', burst = '', body = '', salt = '' WHERE seq = 3"
        ).fetchall()
    )
    assert not library.check().is_clean
