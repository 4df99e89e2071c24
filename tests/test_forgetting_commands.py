"""What is deleted or forgotten from the command line is gone from every byte."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.model.edits.moments import change_moment
from facilitator.model.records import Moment
from facilitator.session import Session
from facilitator.settings import Settings, load_settings, save_settings
from facilitator.store.library import Library
from tests.store.library_kit import Ticking, add_moment, new_incident, traces


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
    return {file.parent.name for file in folder.rglob("*") if file.name in traces(folder, words)}


def test_a_forgotten_word_is_in_no_byte_and_the_chain_still_verifies(path):
    assert files_with(path.parent, "Marguerite") == {"data", "backups"}
    said = run(path, "forget", "one", "Marguerite", "--dry-run")
    assert "one  0 fields, 2 past edits, 0 uncommitted texts" in said
    assert "Backup: " in said
    assert "Not reached: reports, exports and bundles" in said
    assert files_with(path.parent, "Marguerite") == {"data", "backups"}
    assert "Nothing was forgotten" in run(path, "forget", "one", "Marguerite", text="n\n", status=2)
    run(path, "forget", "one", "Marguerite", "--yes")
    assert files_with(path.parent, "Marguerite") == {"backups"}
    run(path, "forget", "one", "Marguerite", "--backups", text="y\n")
    assert files_with(path.parent, "Marguerite") == set()
    run(path, "check")


def test_a_word_that_still_stands_is_replaced_and_one_too_short_refused(path):
    run(path, "forget", "last", "On-call", "--instead", "the pilot", "--yes")
    with closing(Library(path)) as library:
        assert library.document("one").get(Moment, "m").text == "The pilot saw it"
    assert "2 characters" in run(path, "forget", "one", "x", status=2)
    assert "holds what is" in run(path, "forget", "one", "it", "--instead", "it!", status=2)


def test_all_incidents_other_spellings_and_the_settings(path, own_home):
    save_settings(Settings(share_words="Acme=the shop\nANOTHER=a word"))
    said = run(path, "forget", "all", "outage", "Check", "--yes")
    assert "other  1 field," in said
    assert "spelled otherwise (--any-case, --inside): Checkout (1)" in said
    run(path, "forget", "all", "another", "--backups", "--yes")
    assert load_settings().share_words == "Acme=the shop"
    assert "[removed] [removed]" in run(path, "incidents")
    assert "no incident" in run(path, "forget", "nobody", "Ana", status=2)


def test_a_deleted_incident_is_in_no_byte_and_the_other_stays(path):
    assert "Nothing was deleted" in run(path, "delete", "one", text="n\n", status=2)
    run(path, "delete", "one", "--backups", "--yes")
    assert files_with(path.parent, "Checkout rejects") == set()
    assert "Another outage" in run(path, "incidents")
    run(path, "check")


def test_a_damaged_copy_is_named_with_its_date_and_goes_only_when_asked(path):
    aside = path.with_name("library-damaged-20260704T101500Z.sqlite")
    aside.write_bytes(path.read_bytes()[:-4096])
    said = run(path, "delete", "one", "--backups", "--yes")
    assert f"2026-07-04 10:15 UTC  Damaged library, kept at its repair: {aside}" in said
    assert "keeps it without --damaged" in said
    assert aside.exists()
    said = run(path, "forget", "all", "Marguerite", "--damaged", "--yes")
    assert f"Destroyed: {aside}" in said
    assert files_with(path.parent, "Marguerite") == set()
