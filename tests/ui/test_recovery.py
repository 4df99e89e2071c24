"""A library that cannot be opened, and the way back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from facilitator import app
from facilitator.instants import read_instant
from facilitator.model.change import Change, Edit
from facilitator.model.records import Incident, Moment
from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.library.recovery import RecoveryDialog

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    """A closed library with one incident, and a backup of it."""
    path = tmp_path / "data" / "library.sqlite"
    library = Library(path)
    incident = Incident("tickets", "Tickets without <b>seats</b>", AT)
    library.create(Edit("New incident", (Change(None, incident),)))
    session = Session(library, "tickets")
    session.do(Edit("Add moment", (Change(None, Moment("m", "First empty ticket", at=AT)),)))
    session.close()
    library.close()
    return path


def dialog_for(qtbot, path, kind="damaged"):
    dialog = RecoveryDialog(path, LibraryProblem("It is damaged.", kind), read_instant)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def moments(path):
    with closing(Library(path)) as library:
        assert library.check().problems == ()
        return [m.text for m in library.document("tickets").all(Moment)]


def press(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_backup_says_what_it_holds_and_takes_the_place_of_the_broken_file(qtbot, path):
    path.write_bytes(path.read_bytes()[:5000])
    dialog = dialog_for(qtbot, path)
    assert dialog.list.count() == 1
    assert "“Tickets without <b>seats</b>”" in dialog.list.item(0).text()
    press(qtbot, dialog.restore)
    assert dialog.result() == RecoveryDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]
    assert [p.stat().st_size for p in path.parent.glob("library-replaced-*")] == [5000]


def test_repair_brings_back_what_the_journal_tells(qtbot, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE moment SET text = 'It was Bo'")
    dialog = dialog_for(qtbot, path)
    press(qtbot, dialog.repair)
    assert dialog.result() == RecoveryDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]


def test_what_a_repair_took_on_trust_is_read_before_going_on(qtbot, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET hash = 'x' WHERE seq = 2")
    dialog = dialog_for(qtbot, path)
    press(qtbot, dialog.repair)
    assert dialog.isVisible()
    assert "broken after entry 1" in dialog.said.text()
    press(qtbot, dialog.leave)
    assert dialog.result() == RecoveryDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]


def test_without_a_backup_there_is_nothing_to_restore_and_closing_changes_nothing(qtbot, path):
    for backup in (path.parent / "backups").iterdir():
        backup.unlink()
    path.write_bytes(b"")
    dialog = dialog_for(qtbot, path, "empty")
    assert not dialog.restore.isEnabled()
    assert not dialog.repair.isVisible()
    press(qtbot, dialog.leave)
    assert dialog.result() == RecoveryDialog.DialogCode.Rejected
    assert path.read_bytes() == b""


def test_a_library_that_is_in_use_after_all_is_told_in_the_dialog(qtbot, path):
    dialog = dialog_for(qtbot, path)
    with closing(Library(path)):
        press(qtbot, dialog.restore)
        press(qtbot, dialog.repair)
    assert "in use" in dialog.said.text()
    assert dialog.isVisible()


@pytest.mark.parametrize(("kind", "offered"), [("damaged", True), ("locked", False)])
def test_the_app_offers_the_way_back_where_there_is_one(qapp, path, monkeypatch, kind, offered):
    shown = []

    def accepted(dialog):
        shown.append(dialog.list.count())
        return RecoveryDialog.DialogCode.Accepted

    monkeypatch.setattr(RecoveryDialog, "exec", accepted)
    problem = LibraryProblem("It cannot be opened.", kind)
    assert app._is_recovered(qapp, path, problem) is offered
    assert shown == [1] * offered
