"""Libraries that were made to hurt: whatever is in them, a sentence comes out."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.session import Session
from facilitator.store.journal import COLUMNS
from facilitator.store.library import Library, repair
from facilitator.store.problems import LibraryProblem
from facilitator.store.rows import TABLES
from tests.store.library_kit import add_moment, new_incident, quick_folder

TEXTS = [
    "[" * 100_000,
    "{}",
    "null",
    "[1e999]",
    '[["incident", null, {"id": []}]]',
    '[["nothing", null, null]]',
    '[[["incident"], null, null]]',
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "Europe/\x00",
    "x" * 5_000_000,
    "-1",
    "",
]
NUMBERS = [0, -1, 2**63 - 1, -(2**63)]
SPOTS = [("journal", column) for column in COLUMNS] + [
    (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if table.name in ("incident", "moment")
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "library.sqlite"
    library = Library(path, spool=path.with_name("spool"))
    session = Session(library, library.create(new_incident()))
    session.do(add_moment("m"))
    session.close()
    library.close()
    return path


def put(path, spot, value):
    table, column = spot
    raw = isinstance(value, bytes)
    with closing(sqlite3.connect(path)) as connection, connection:
        what = "CAST(? AS TEXT)" if raw else "?"
        connection.execute(f'UPDATE "{table}" SET "{column}" = {what}', (value,))


@given(spot=st.sampled_from(SPOTS), value=st.sampled_from([*TEXTS, *NUMBERS, b"\xff\xfe", 1e999]))
def test_no_value_in_any_column_does_more_than_give_a_sentence(made, spot, value):
    folder = quick_folder()
    try:
        a_sentence_at_most(made, folder / "library.sqlite", spot, value)
    finally:
        shutil.rmtree(folder)


def a_sentence_at_most(made, path, spot, value):
    shutil.copy(made, path)
    try:
        put(path, spot, value)
    except sqlite3.IntegrityError:
        return  # STRICT does not even take it in
    before = path.read_bytes()
    library = Library(path)
    told = False
    try:
        for work in (library.incidents, lambda: library.document("one")):
            try:
                work()
            except (LibraryProblem, LookupError):
                told = True
        told = told or not library.check().is_clean
    finally:
        library.close()
    assert told or _is_same(made, path)
    assert path.read_bytes()[100:] == before[100:]
    try:
        repair(path, library.now)
    except LibraryProblem:
        return
    with closing(Library(path)) as repaired:
        assert repaired.check().is_clean


def _is_same(one, other):
    dumps = []
    for path in (one, other):
        with closing(sqlite3.connect(path)) as connection:
            dumps.append(list(connection.iterdump()))
    return dumps[0] == dumps[1]


def test_a_virtual_table_and_a_generated_column_are_refused(made, tmp_path):
    statements = (
        "CREATE VIRTUAL TABLE words USING fts5(text)",
        "ALTER TABLE moment ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(90000000)))",
    )
    for n, statement in enumerate(statements):
        path = tmp_path / f"{n}.sqlite"
        shutil.copy(made, path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
        with pytest.raises(LibraryProblem, match="tables are not those"):
            Library(path)


def test_side_files_that_are_links_are_refused(made, tmp_path):
    path = tmp_path / "library.sqlite"
    shutil.copy(made, path)
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    for suffix in ("-wal", "-journal", "-shm"):
        link = tmp_path / f"library.sqlite{suffix}"
        link.symlink_to(letter)
        with pytest.raises(LibraryProblem, match="could harm"):
            Library(path)
        link.unlink()
    assert letter.read_text() == "mine"


def test_a_lock_file_that_is_a_link_is_not_followed(made, tmp_path):
    path = tmp_path / "library.sqlite"
    shutil.copy(made, path)
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    (tmp_path / "library.sqlite.lock").symlink_to(letter)
    with pytest.raises(LibraryProblem):
        Library(path)
    assert letter.read_text() == "mine"
