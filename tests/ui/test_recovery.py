"""A library that cannot be opened, and the way back."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from facilitator import app
from facilitator.front import take_request
from facilitator.instants import read_instant
from facilitator.model.change import Change, Edit
from facilitator.model.edits.incident import change_incident
from facilitator.model.records import Incident, Moment, Parked
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.recovery import backups, starting
from facilitator.ui.recovery.backups import BackupsDialog
from facilitator.ui.recovery.ending import Ending
from facilitator.ui.recovery.opening import OpeningDialog, Way
from facilitator.ui.waiting import Waiting
from facilitator.ui.window import MainWindow
from tests.ui.conftest import InlineTasks

ROOT = Path(__file__).resolve().parents[2]
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
    made = library.backups()[0].path
    # As if made before today: names of backups are told apart by seconds.
    made.rename(made.with_name("library-20260305T093000Z.sqlite"))
    return path


def no_need():
    """Nothing is to be kept or left here."""


def dialog_for(qtbot, path, kind="damaged"):
    problem = LibraryProblem("It is damaged.", kind)
    dialog = OpeningDialog(path, problem, read_instant, InlineTasks(), leave=no_need)
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
    assert dialog.list.table.topLevelItemCount() == 1
    held = dialog.list.incidents.topLevelItem(0)
    assert [held.text(0), held.text(3)] == ["Tickets without <b>seats</b>", "2"]
    assert "1 incident, 2 edits" in dialog.list.table.topLevelItem(0).text(2)
    press(qtbot, dialog.restore)
    assert dialog.result() == OpeningDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]
    assert [p.stat().st_size for p in path.parent.glob("library-replaced-*")] == [5000]


def test_repair_brings_back_what_the_journal_tells(qtbot, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE moment SET text = 'It was Bo'")
    dialog = dialog_for(qtbot, path)
    press(qtbot, dialog.repair)
    assert dialog.result() == OpeningDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]


def test_what_a_repair_took_on_trust_is_read_before_going_on(qtbot, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET hash = 'x' WHERE seq = 2")
    dialog = dialog_for(qtbot, path)
    press(qtbot, dialog.repair)
    assert dialog.isVisible()
    assert "broken after entry 1" in dialog.said.text()
    press(qtbot, dialog.leave)
    assert dialog.result() == OpeningDialog.DialogCode.Accepted
    assert moments(path) == ["First empty ticket"]


def test_without_a_backup_there_is_nothing_to_restore_and_closing_changes_nothing(qtbot, path):
    for backup in (path.parent / "backups").iterdir():
        backup.unlink()
    path.write_bytes(b"")
    dialog = dialog_for(qtbot, path, "empty")
    assert not dialog.restore.isEnabled()
    assert not dialog.repair.isVisible()
    press(qtbot, dialog.leave)
    assert dialog.result() == OpeningDialog.DialogCode.Rejected
    assert path.read_bytes() == b""


def test_a_library_that_is_in_use_after_all_is_told_in_the_dialog(qtbot, path):
    dialog = dialog_for(qtbot, path)
    with closing(Library(path)):
        press(qtbot, dialog.restore)
        press(qtbot, dialog.repair)
    assert "in use" in dialog.said.text()
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("damaged", {"Quit", "another", "new", "look", "repair", "restore"}),
        ("foreign", {"Quit", "another", "new", "look", "restore"}),
        ("read-only", {"Quit", "another", "new", "again", "look"}),
        ("locked", {"Quit", "another", "new", "again", "look"}),
        ("newer", {"Quit"}),
    ],
)
def test_what_is_offered_helps_with_the_kind_of_problem(qtbot, path, kind, offered):
    dialog = dialog_for(qtbot, path, kind)
    ways = {"Quit": dialog.leave} | {
        name: getattr(dialog, name)
        for name in ("another", "new", "again", "look", "repair", "restore")
    }
    assert {name for name, widget in ways.items() if widget.isVisible()} == offered
    assert dialog.list.isVisible() is (kind != "newer")


def test_a_backup_is_looked_at_and_another_library_chosen(qtbot, path, tmp_path):
    dialog = dialog_for(qtbot, path, "locked")
    press(qtbot, dialog.look)
    assert dialog.way == Way(dialog.list.chosen.path, read_only=True)
    dialog = dialog_for(qtbot, path)
    dialog._ask_file = lambda *_: tmp_path / "other.sqlite"
    press(qtbot, dialog.another)
    assert dialog.way == Way(tmp_path / "other.sqlite")
    dialog = dialog_for(qtbot, path)
    dialog._ask_new = lambda *_: path
    press(qtbot, dialog.new)
    assert dialog.way is None
    assert "exists already" in dialog.said.text()


class Chosen:
    """Plays the person: takes the next way when the dialog comes, and remembers what was said."""

    def __init__(self, monkeypatch, *ways):
        self.kinds = []
        ways = list(ways)

        def exec_(dialog):
            self.kinds.append(dialog._kind)
            dialog.way = ways.pop(0)

        monkeypatch.setattr(OpeningDialog, "exec", exec_)


def opened(path, **named):
    waiting = Waiting(InlineTasks(), None, keep=no_need, leave=no_need)
    return starting.open_for_window(path, read_instant, no_need, waiting, **named)


def test_a_damaged_library_leads_to_another_or_ends_with_2(qtbot, path, monkeypatch, capsys):
    path.write_bytes(path.read_bytes()[:5000])
    person = Chosen(monkeypatch, None, Way(path.with_name("new.sqlite")))
    assert opened(path) == 2
    assert "damaged" in capsys.readouterr().err
    with closing(opened(path)) as library:
        assert library.path == path.with_name("new.sqlite")
    assert person.kinds == ["damaged", "damaged"]


def test_a_newer_library_is_refused_and_stays_as_it_was(qtbot, path, monkeypatch):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    person = Chosen(monkeypatch, None)
    assert opened(path) == 2
    assert (person.kinds, path.read_bytes()) == (["newer"], before)


def test_a_window_that_answers_comes_to_the_front_and_nothing_is_asked(
    qapp, path, monkeypatch, capsys
):
    def answered(_seconds):
        assert take_request(path)

    monkeypatch.setattr(starting.time, "sleep", answered)
    with closing(Library(path)):
        assert opened(path) == 0
    assert "asked to come to the front" in capsys.readouterr().err


def test_without_an_answer_the_newest_backup_can_be_looked_at(qtbot, path, monkeypatch):
    monkeypatch.setattr(starting, "PATIENCE", 0.0)
    with closing(Library(path)) as held:
        newest = held.backups()[0].path
        person = Chosen(monkeypatch, Way(newest, read_only=True))
        with closing(opened(path)) as library:
            assert library.read_only
            assert [s.title for s in library.incidents()] == ["Tickets without <b>seats</b>"]
        assert person.kinds == ["locked"]
        with closing(opened(path, read_only=True)) as library:
            assert library.read_only
    assert not take_request(path)


# ---- the window of backups


@pytest.fixture
def library(path):
    library = Library(path)
    yield library
    library.close()


def test_a_backup_is_made_and_looked_into(qtbot, library, tmp_path):
    looked = []
    dialog = BackupsDialog(library, InlineTasks(), look=looked.append)
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.list.table.topLevelItemCount()
    press(qtbot, dialog.make)
    assert dialog.said.text().startswith("A verified backup was made at")
    assert dialog.list.table.topLevelItemCount() >= before
    press(qtbot, dialog.read)
    assert looked == [library.backups()[0].path]
    dialog._ask = lambda *_: tmp_path / "copy.sqlite"
    press(qtbot, dialog.elsewhere)
    assert moments(tmp_path / "copy.sqlite") == ["First empty ticket"]
    press(qtbot, dialog.elsewhere)
    assert "exists already" in dialog.said.text()


def test_restoring_is_asked_twice_and_keeps_the_present_library(qtbot, path):
    window = MainWindow(app.make_parts(Library(path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.open_incident("tickets")
    assert window.desk.session.do(change_incident, title="Typed after the backup")
    dialog = BackupsDialog(window.library, InlineTasks())
    qtbot.addWidget(dialog)
    dialog.show()
    press(qtbot, dialog.restore)
    assert dialog.to_restore is None
    assert "Press again" in dialog.said.text()
    press(qtbot, dialog.restore)
    window.change_library("…", partial(backups.restored, backup=dialog.to_restore))
    assert window.library.path == path
    assert [s.title for s in window.library.incidents()] == ["Tickets without <b>seats</b>"]
    kept = list(path.parent.glob("library-replaced-*.sqlite"))
    with closing(Library.to_read(kept[0])) as before:
        assert [s.title for s in before.incidents()] == ["Typed after the backup"]
    window.close()


def test_a_backup_that_is_broken_is_said_and_cannot_be_restored(qtbot, library):
    library.back_up()
    newest = library.backups()[0].path
    newest.write_bytes(newest.read_bytes()[:6000])
    dialog = BackupsDialog(library, InlineTasks())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.list.table.topLevelItem(0).text(2) == "Cannot be read"
    assert not dialog.restore.isEnabled()
    assert not dialog.read.isEnabled()


# ---- ended by others


class Manager:
    """The desktop's session manager, as far as it is asked."""

    cancelled = False

    def allowsInteraction(self):
        return True

    def cancel(self):
        self.cancelled = True


def test_the_end_of_the_session_puts_open_fields_on_disk_first(qtbot, qapp, path):
    window = MainWindow(app.make_parts(Library(path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.open_incident("tickets")
    window.show()
    ending = Ending(qapp, window)
    window.desk.restate.setFocus()
    window.desk.agenda.parking.line.setPlainText("Half a thou")
    manager = Manager()
    ending.end_of_session(manager)
    ending.stop()
    session = window.desk.session.session
    assert session.drafts["parked:new:text"] == "Half a thou"
    assert session.saving.state == "saved"
    assert not manager.cancelled
    window.close()


TYPING = """
import sys
from facilitator import app
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest

def type_on():
    window = next(w for w in QApplication.topLevelWidgets() if hasattr(w, "rescue"))
    if window.desk is None:
        QTimer.singleShot(50, type_on)  # shown while a slow disk is still being read
        return
    line = window.desk.agenda.parking.line
    line.setFocus()
    QTest.keyClicks(line, "Half a thought that nobody saved")
    print("typed", flush=True)

make = app.MainWindow.show
def show(self):
    make(self)
    QTimer.singleShot(0, type_on)
app.MainWindow.show = show
sys.exit(app.run(None, "tickets"))
"""


def test_a_signal_while_somebody_types_loses_nothing(path):
    ended = subprocess.Popen(
        [sys.executable, "-c", TYPING],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FACILITATOR_LIBRARY": str(path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ended.stdout.readline() == "typed\n"
    ended.send_signal(signal.SIGTERM)
    assert ended.wait(60) == 0
    ended.stdout.close()
    with closing(Library(path)) as library:
        parked = [p.text for p in library.document("tickets").all(Parked)]
        session = Session(library, "tickets")
        assert "Half a thought that nobody saved" in [*parked, *session.drafts.values()]
        session.close()
