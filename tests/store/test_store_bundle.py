"""A bundle is a library of one: all of the document, nothing of its past; a change is told."""

import random
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest

from facilitator.demo.incident import demo_edit
from facilitator.model.document import Document
from facilitator.model.records import Moment
from facilitator.session import Session
from facilitator.store.bundle import make_bundle, read_bundle, write_bundle
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from tests.store.library_kit import add_moment, new_incident

AT = datetime(2026, 6, 19, 9, 0, tzinfo=UTC)
WORDS = "correct horse battery staple"


@pytest.fixture(scope="module")
def document():
    return Document().with_changes(demo_edit(AT).changes)


@pytest.fixture
def bundle(tmp_path, document):
    path = tmp_path / "meeting.pmroom"
    write_bundle(path, document, AT)
    return path


def damaged(path, sentence="is damaged"):
    with pytest.raises(LibraryProblem) as raised:
        read_bundle(path)
    assert sentence in str(raised.value)
    return str(raised.value)


def test_a_round_trip_loses_nothing(bundle, document):
    assert read_bundle(bundle) == document
    assert list(read_bundle(bundle).records()) == list(document.records())


def test_it_is_one_plain_file_for_its_owner_alone(bundle):
    assert [file.name for file in bundle.parent.iterdir() if file.is_file()] == [bundle.name]
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert bundle.read_bytes()[18:20] == b"\x01\x01"


def test_it_can_be_worked_on_as_a_library(bundle, document):
    library = Library(bundle)
    try:
        assert library.document(document.incident.id) == document
        assert library.check().is_clean
    finally:
        library.close()


def test_what_was_deleted_or_is_a_draft_does_not_travel(library, tmp_path):
    session = Session(library, library.create(new_incident()))
    session.do(add_moment("m", "Marguerite Ashdown pressed the button"))
    session.undo()
    session.keep_draft("why:text", "Marguerite again")
    session.wait()
    target = tmp_path / "clean.pmroom"
    write_bundle(target, session.document, AT)
    session.close()
    raw = target.read_bytes()
    assert b"Marguerite" not in raw
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT kind, boot, boot_id FROM journal").fetchall() == [
            ("create", 0.0, "")
        ]


def test_a_bundle_may_replace_a_bundle(bundle):
    other = Document().with_changes(new_incident().changes)
    write_bundle(bundle, other, AT)
    assert read_bundle(bundle) == other


@pytest.mark.parametrize("what", ["library", "text", "worked on"])
def test_nothing_else_is_replaced(what, filled, bundle, tmp_path, document):
    text = tmp_path / "text"
    text.write_text("My notes.")
    if what == "worked on":
        library = Library(bundle)
        session = Session(library, document.incident.id)
        session.do(add_moment("later"))
        session.close()
        library.close()
    path = {"library": filled, "text": text, "worked on": bundle}[what]
    before = path.read_bytes()
    with pytest.raises(LibraryProblem, match="no bundle"):
        write_bundle(path, document, AT)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told(tmp_path, document):
    with pytest.raises(LibraryProblem, match="cannot be written"):
        write_bundle(tmp_path / "nowhere" / "a.pmroom", document, AT)


def flip(bundle, whole, at, bit):
    flipped = bytearray(whole)
    flipped[at] ^= 1 << bit
    bundle.write_bytes(flipped)


def test_a_flipped_bit_anywhere_is_told_or_changes_nothing(bundle, document):
    whole, rng = bundle.read_bytes(), random.Random(3)
    used = [at for at, byte in enumerate(whole) if byte]
    told = 0
    for _ in range(300):
        flip(bundle, whole, rng.choice(used), rng.randrange(8))
        try:
            assert read_bundle(bundle) == document
        except LibraryProblem:
            told += 1
    assert told > 250


def test_a_flipped_bit_in_a_text_is_always_told(bundle, document):
    whole, rng = bundle.read_bytes(), random.Random(4)
    for moment in document.all(Moment):
        words = moment.text.encode()
        at = whole.index(words) + rng.randrange(len(words))
        flip(bundle, whole, at, rng.randrange(8))
        damaged(bundle)


@pytest.mark.parametrize("length", [0, 1, 16, 50, 100, 511, 4096, 20_000])
def test_a_truncated_one_is_told(length, bundle):
    bundle.write_bytes(bundle.read_bytes()[:length])
    damaged(bundle, "is")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON moment BEGIN DELETE FROM incident; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE more (a)",
        "DROP TABLE draft",
        "UPDATE incident SET title = 'Another'",
        "DELETE FROM journal",
        "UPDATE meta SET key = 'x' WHERE key = 'stamp'",
    ],
)
def test_what_was_done_to_it_is_told_and_never_run(statement, bundle):
    with closing(sqlite3.connect(bundle)) as connection, connection:
        connection.execute(statement)
    before = bundle.read_bytes()
    damaged(bundle)
    assert bundle.read_bytes() == before


def test_files_beside_it_are_not_looked_at(bundle, document):
    for suffix in ("-wal", "-journal", "-shm"):
        bundle.with_name(bundle.name + suffix).write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 99)
    assert read_bundle(bundle) == document


def test_a_library_of_several_is_no_bundle(filled, tmp_path):
    library = Library(filled)
    library.create(new_incident("two"))
    library.close()
    copy = tmp_path / "copy.pmroom"
    shutil.copyfile(filled, copy)
    damaged(copy, "holds 2 incidents")


def test_a_newer_one_is_refused_with_a_sentence(bundle):
    with closing(sqlite3.connect(bundle)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    damaged(bundle, "newer Facilitator")


def test_what_is_no_bundle_is_said_so(tmp_path):
    path = tmp_path / "a.pmroom"
    path.write_bytes(b"Dear all,\n" * 100)
    damaged(path, "no bundle")
    with closing(sqlite3.connect(tmp_path / "b.pmroom")) as connection, connection:
        connection.execute("CREATE TABLE a (b)")
    damaged(tmp_path / "b.pmroom", "no bundle")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, document):
    path = tmp_path_factory.mktemp("sealed") / "meeting.pmroom.age"
    write_bundle(path, document, AT, WORDS)
    return path


def test_a_sealed_one_opens_with_its_passphrase_alone(sealed, document):
    assert read_bundle(sealed, WORDS) == document
    with pytest.raises(LibraryProblem, match="passphrase is wrong"):
        read_bundle(sealed, WORDS + ".")
    with pytest.raises(LibraryProblem, match="passphrase is needed"):
        read_bundle(sealed)


def test_nothing_of_a_sealed_one_can_be_read(sealed, document):
    raw = sealed.read_bytes()
    assert raw.startswith(b"age-encryption.org/v1\n")
    assert document.incident.title.encode() not in raw
    assert b"SQLite" not in raw
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


@pytest.mark.parametrize("where", ["middle", "cut"])
def test_a_changed_sealed_one_is_told(where, sealed, tmp_path):
    raw = bytearray(sealed.read_bytes())
    spot = len(raw) // 2
    changed = raw[:-20] if where == "cut" else raw[:spot] + bytes([raw[spot] ^ 1]) + raw[spot + 1 :]
    path = tmp_path / "changed.pmroom.age"
    path.write_bytes(changed)
    with pytest.raises(LibraryProblem, match="was changed"):
        read_bundle(path, WORDS)


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path, document):
    with pytest.raises(LibraryProblem, match="at least 8"):
        write_bundle(tmp_path / "a.pmroom.age", document, AT, "short")
    assert list(tmp_path.glob("*.age*")) == []


def test_a_bundle_of_the_same_document_is_no_smaller_than_its_words(document):
    assert document.incident.title.encode() in make_bundle(document, AT)
