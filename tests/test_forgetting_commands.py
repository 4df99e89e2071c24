"""What is deleted or forgotten from the command line is gone from every byte."""

import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.model.edits.moments import change_moment
from facilitator.session import Session
from facilitator.store.library import Library
from tests.store.library_kit import Ticking, add_moment, new_incident


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "data" / "library.sqlite"
    library = Library(made, now=Ticking())
    library.create(new_incident("other", "Another outage"))
    session = Session(library, library.create(new_incident()))
    session.do(add_moment("m", "Marguerite saw it"))
    session.close()
    library.close()
    library = Library(made, now=Ticking())
    session = Session(library, "one")
    session.do(change_moment(session.document, "m", text="On-call saw it"))
    session.close()
    library.close()
    return made


def run(path, *words, status=0, text=None):
    done = CliRunner().invoke(cli, ["--library", str(path), *words], input=text)
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def files_with(folder, words):
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.parent.name for file in files if words in file.read_bytes()}


def test_a_forgotten_word_is_in_no_byte_and_the_chain_still_verifies(path):
    assert files_with(path.parent, b"Marguerite") == {"data", "backups"}
    run(path, "forget", "one", "Marguerite")
    assert files_with(path.parent, b"Marguerite") == {"backups"}
    run(path, "forget", "one", "Marguerite", "--backups")
    assert files_with(path.parent, b"Marguerite") == set()
    run(path, "check")


def test_a_word_that_still_stands_is_not_forgotten(path):
    said = run(path, "forget", "one", "On-call", status=2)
    assert "still stands" in said
    assert "two characters" in run(path, "forget", "one", "x", status=2)


def test_a_deleted_incident_is_in_no_byte_and_the_other_stays(path):
    assert "Nothing was deleted" in run(path, "delete", "one", text="n\n", status=2)
    run(path, "delete", "one", "--backups", "--yes")
    assert files_with(path.parent, b"Checkout rejects") == set()
    assert "Another outage" in run(path, "incidents")
    run(path, "check")
