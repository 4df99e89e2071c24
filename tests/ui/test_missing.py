"""Edits that a library had and lacks are told before the window opens, with a way back to them."""

from contextlib import closing
from functools import partial

import pytest
from PySide6.QtCore import Qt

from facilitator import app
from facilitator.instants import read_instant
from facilitator.session import Session
from facilitator.store.behind import Behind
from facilitator.store.library import Library
from facilitator.ui.recovery import starting
from facilitator.ui.recovery.continued import another
from facilitator.ui.recovery.missing import MissingDialog
from facilitator.ui.waiting import Waiting
from tests.store.library_kit import add_moment, new_incident
from tests.ui.conftest import InlineTasks


@pytest.fixture
def path(tmp_path):
    """A library from the day before; its backup holds two edits more."""
    path = tmp_path / "data" / "library.sqlite"
    with closing(Library(path)) as library:
        session = Session(library, library.create(new_incident()))
        session.close()
    old = path.read_bytes()
    with closing(Library(path)) as library:
        session = Session(library, "one")
        session.do(add_moment("a"))
        session.do(add_moment("b"))
        session.close()
    path.write_bytes(old)
    return path


def nothing():
    return None


@pytest.fixture
def opened(qapp, path, monkeypatch):
    """The library as a window opens it, by a person who presses this button."""

    def open_it(name, **options):
        seen = []

        def answer(dialog):
            seen.append(dialog)
            getattr(dialog, name).click()
            return dialog.result()

        monkeypatch.setattr(MissingDialog, "exec", answer)
        waiting = Waiting(InlineTasks(), None, keep=nothing, leave=nothing)
        library = starting.open_for_window(path, read_instant, nothing, waiting, **options)
        with closing(library):
            return library.incidents()[0].edits, len(seen)

    return open_it


def test_the_backup_is_restored_and_what_was_there_is_kept(opened, path):
    assert opened("restore") == (3, 1)
    assert opened("restore") == (3, 0)
    assert len(list(path.parent.glob("library-replaced-*"))) == 1


def test_who_goes_on_without_them_is_not_asked_again(opened):
    assert opened("go_on") == (1, 1)
    assert opened("go_on") == (1, 0)


def test_who_decides_nothing_is_asked_again(opened):
    assert opened("later") == (1, 1)
    assert opened("later") == (1, 1)


def test_who_only_looks_is_not_asked(opened):
    assert opened("later", read_only=True) == (1, 0)


def test_it_says_how_many_and_since_when_and_lets_the_backup_be_seen(qtbot, path):
    with closing(Library(path)) as library:
        behind = library.behind
    looked = []
    dialog = MissingDialog(path, behind, look=looked.append)
    qtbot.addWidget(dialog)
    dialog.show()
    assert str(behind).startswith("A backup holds 2 edits of one incident")
    assert "The backup was made" in dialog.said.text()
    qtbot.mouseClick(dialog.look, Qt.MouseButton.LeftButton)
    assert looked == [behind.backup.path]
    dialog._look = partial(fail, OSError(2, "No such file"))
    qtbot.mouseClick(dialog.look, Qt.MouseButton.LeftButton)
    assert "cannot be shown" in dialog.said.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.choice == ""


def fail(error, _path):
    raise error


def test_without_a_backup_there_is_nothing_to_restore(qtbot, path):
    dialog = MissingDialog(path, Behind(3))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.restore.isVisible()
    assert not dialog.look.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.choice == "go on"


def test_another_library_that_is_opened_in_the_window_is_told_of_too(qtbot, path):
    parts = app.make_parts(Library(path.with_name("other.sqlite")))
    with closing(parts.library):
        library, sentence = another(parts.library, path)
    with closing(library):
        assert "A backup holds 2 edits" in sentence
