"""The library's medium goes away in the middle of a meeting, and then the laptop dies as well."""

import shutil
import zlib

import pytest

from facilitator.model.records import Moment
from facilitator.session import NotSaved, Session
from facilitator.store.library import Library
from tests.store.library_kit import add_moment


@pytest.fixture
def dead(filled, tmp_path):
    """A library and a spool as they lie there after both failed; with the document as it was."""
    library = Library(filled, spool=tmp_path / "spool")
    session = Session(library, "one")
    session.do(add_moment("before"))
    session.wait()
    stick = tmp_path / "stick"
    stick.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{filled}{suffix}", stick)
    away = filled.with_name("away")
    filled.rename(away)
    for ident in ("x", "y"):
        session.do(add_moment(ident))
        with pytest.raises(NotSaved, match="second copy on this computer"):
            session.wait()
    session.keep_draft("summary", "What we kn")
    session.undo()
    with pytest.raises(NotSaved, match="second copy"):
        session.wait()
    document = session.document
    shutil.copytree(tmp_path / "spool", tmp_path / "left")
    away.rename(filled)
    library.retry()
    session.close()
    library.close()
    assert not any((tmp_path / "spool").iterdir())
    for suffix in ("", "-wal"):
        shutil.copy(stick / f"{filled.name}{suffix}", f"{filled}{suffix}")
    return filled, tmp_path / "left", document


def test_what_only_the_second_copy_had_is_brought_in_once(dead):
    path, spool, document = dead
    library = Library(path, spool=spool)
    assert library.recovered == 3
    assert library.document("one") == document
    session = Session(library, "one")
    assert session.drafts["summary"] == "What we kn"
    assert session.redo_label == "Add moment"
    session.close()
    assert library.check().problems == ()
    library.close()
    assert not any(spool.iterdir())
    again = Library(path, spool=spool)
    assert again.recovered == 0
    again.close()


def test_a_line_that_was_cut_off_is_left_out_and_the_others_are_used(dead):
    path, spool, _ = dead
    (file,) = spool.iterdir()
    lines = [line for line in file.read_text().splitlines() if line]
    file.write_text("\n".join([*lines[:-1], lines[-1][:-7]]))
    library = Library(path, spool=spool)
    assert library.recovered == 2
    assert library.document("one").get(Moment, "y").text == "Alert fired"
    assert library.check().problems == ()
    library.close()


def test_a_second_copy_that_does_not_fit_is_kept_aside(dead, filled):
    path, spool, _ = dead
    library = Library(path, spool=spool.with_name("none"))
    session = Session(library, "one")
    session.do(add_moment("other"))
    document = session.document
    session.close()
    library.close()
    library = Library(path, spool=spool)
    assert library.recovered == 0
    assert library.document("one") == document
    library.close()
    assert [f.suffix for f in spool.iterdir()] == [".unused"]


def test_a_copy_of_the_library_does_not_take_what_was_kept_for_the_library(dead, tmp_path):
    path, spool, document = dead
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    library = Library(copy, spool=spool)
    assert library.recovered == 0
    library.close()
    # The same medium in another place is another thing: there the old place is no more.
    path.rename(path.with_name("moved.sqlite"))
    shutil.move(f"{path}-wal", path.with_name("moved.sqlite-wal"))
    library = Library(path.with_name("moved.sqlite"), spool=spool)
    assert library.recovered == 3
    assert library.document("one") == document
    library.close()


def test_a_second_copy_that_makes_no_sense_does_not_keep_the_library_closed(dead, no_log_noise):
    path, spool, _ = dead
    (place,) = spool.iterdir()
    line = "[]"
    place.write_text(f"{zlib.crc32(line.encode()):08x} {line}\n")
    library = Library(path, spool=spool)
    assert library.document("one").find(Moment, "before") is not None
    assert library.check().problems == ()
    library.close()
    assert place.exists()
    assert len(no_log_noise) == 1
    no_log_noise.clear()


def test_when_there_is_no_second_copy_either_the_person_is_told_to_leave_the_window_open(
    filled, tmp_path
):
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    library = Library(filled, spool=blocked)
    session = Session(library, "one")
    away = filled.with_name("away")
    filled.rename(away)
    session.do(add_moment("x"))
    with pytest.raises(NotSaved, match="leave it open"):
        session.wait()
    away.rename(filled)
    library.retry()
    session.close()
    assert library.document("one").find(Moment, "x") is not None
    library.close()
