"""A disk that hangs: no error comes, the window goes on answering, and nothing typed is lost."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from facilitator import app, settings
from facilitator.exchange import registry
from facilitator.instants import read_instant
from facilitator.model.change import Change, Edit
from facilitator.model.edits.incident import change_incident
from facilitator.model.records import Incident, Moment, Parked
from facilitator.settings import Settings, load_settings, settings_file
from facilitator.store import connection
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.recovery import backups
from facilitator.ui.recovery.backups import BackupsDialog
from facilitator.ui.recovery.opening import OpeningDialog
from facilitator.ui.tasks import Tasks
from facilitator.ui.window import MainWindow
from tests.ui.conftest import AT, small_incident

WAIT = 20_000


class Disk:
    """Commits and synchronisations wait while it hangs, on whatever thread they are."""

    def __init__(self):
        self.answers = threading.Event()
        self.answers.set()
        self.asked = threading.Event()
        self.threads = set()

    def hang(self):
        self.answers.clear()
        self.asked.clear()
        self.threads.clear()

    def reach(self):
        self.threads.add(threading.current_thread())
        self.asked.set()
        assert self.answers.wait(60)


@pytest.fixture
def disk(monkeypatch, own_home):
    disk, sync = Disk(), connection.sync

    class Waiting(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql == "COMMIT":
                disk.reach()
            return super().execute(sql, *values)

    def waiting(path):
        # The computer's own disk, with the second copy on it, is in order.
        if not path.is_relative_to(own_home):
            disk.reach()
        sync(path)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Waiting))
    monkeypatch.setattr(connection, "sync", waiting)
    yield disk
    disk.answers.set()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def left():
    """How often the app was ended without a goodbye."""
    return []


@pytest.fixture
def window(qtbot, disk, path, left):
    library = Library(path)
    library.create(small_incident())
    parts = replace(app.make_parts(library), leave=lambda: left.append(1))
    window = MainWindow(parts, Settings(), remember=False)
    window.resize(1600, 950)
    window.open_incident("tickets")
    window.show()
    yield window
    disk.answers.set()
    window.close()
    assert parts.tasks.close()
    window.deleteLater()


def meanwhile(do):
    """Done by the event loop while what comes next waits for the disk."""
    QTimer.singleShot(0, do)


def rename(window, title):
    assert window.desk.session.do(change_incident, title=title)


def title_in(path):
    with closing(Library(path)) as library:
        assert library.check().problems == ()
        ids = [entry.id for entry in library.entries("tickets")]
        assert len(ids) == len(set(ids))
        return library.document("tickets").incident.title


def is_slow(qtbot, window):
    """The card says that the disk does not answer, and may be left."""
    window.waiting.tell_slow()
    qtbot.waitUntil(window.waiting.cover.leave.isVisible, timeout=WAIT)
    return window.waiting.cover


def stay(qtbot, window):
    is_slow(qtbot, window).stay.click()


# ---- the desk


def test_what_is_done_while_the_disk_hangs_is_kept_and_the_desk_says_so(
    qtbot, window, disk, path, own_home
):
    disk.hang()
    rename(window, "While it hangs")
    assert disk.asked.wait(20)
    window.desk.agenda.parking.line.setFocus()
    QTest.keyClicks(window.desk.agenda.parking.line, "Half a thou")
    window.rescue.settle()
    banner = window.rescue.banner
    banner._slow.setInterval(0)
    banner.show_saving(window.desk.session.session.saving)
    qtbot.waitUntil(lambda: "second copy on this computer" in banner.text, timeout=WAIT)
    (kept,) = own_home.rglob("*.spool")
    assert "While it hangs" in kept.read_text()
    disk.answers.set()
    qtbot.waitUntil(lambda: window.desk.session.session.saving.state == "saved", timeout=WAIT)
    qtbot.waitUntil(lambda: not kept.exists(), timeout=WAIT)
    window.close()
    assert title_in(path) == "While it hangs"


def test_closing_waits_for_the_disk_and_the_window_answers_meanwhile(qtbot, window, disk, path):
    disk.hang()
    rename(window, "The last edit")
    answered = []

    def look():
        window.waiting.cover.show_card()
        answered.append(window.waiting.cover.text)
        QTest.keyClick(window.waiting.cover, Qt.Key.Key_F5)
        window.close()
        assert window.isVisible()
        disk.answers.set()

    meanwhile(look)
    window.close()
    assert "Saving the last edits" in answered[0]
    assert not window.isVisible()
    assert threading.current_thread() not in disk.threads
    assert title_in(path) == "The last edit"


def test_who_does_not_want_to_wait_leaves_and_what_is_not_saved_goes_in_next_time(
    qtbot, window, disk, left, own_home
):
    path = window.library.path
    window.library.back_up()
    before = window.library.backups()[0].path.read_bytes()
    disk.hang()
    rename(window, "Left while it hung")

    def leave():
        cover = is_slow(qtbot, window)
        (kept,) = own_home.rglob("*.spool")
        assert str(kept) in cover.text
        copies.append((kept, kept.read_bytes()))
        cover.leave.click()
        assert left == [1]
        disk.answers.set()

    copies = []
    meanwhile(leave)
    window.close()
    # Had the app ended there, this is what would have been on the disks.
    path.write_bytes(before)
    kept, words = copies[0]
    kept.write_bytes(words)
    assert title_in(path) == "Left while it hung"


def test_who_stays_goes_on_at_the_desk_and_may_still_close_it(qtbot, window, disk, path):
    disk.hang()
    rename(window, "Stayed")
    meanwhile(partial(stay, qtbot, window))
    window.close()
    assert window.isVisible()
    assert "nothing is closed" in window.desk.messages.text
    rename(window, "Stayed and went on")
    assert window.desk.ticker._timer.isActive()
    disk.answers.set()
    qtbot.waitUntil(lambda: window.desk.session.session.saving.state == "saved", timeout=WAIT)
    window.close()
    assert not window.isVisible()
    assert title_in(path) == "Stayed and went on"


def test_a_signal_does_not_wait_for_a_disk_that_hangs(qtbot, window, disk, left):
    disk.hang()
    rename(window, "Nobody is there")
    window.waiting.leaves_by_itself = True

    def wait():
        window.waiting.tell_slow()
        qtbot.waitUntil(lambda: left == [1], timeout=WAIT)
        disk.answers.set()

    meanwhile(wait)
    window.close()
    assert not window.isVisible()


def test_the_last_backup_may_hang_too_and_the_window_can_be_left(qtbot, window, disk, left):
    rename(window, "Something to back up")
    window.desk.session.session.wait()
    disk.hang()

    def leave():
        cover = is_slow(qtbot, window)
        assert "Closing the library" in cover.text
        assert not cover.stay.isVisible()
        assert "nothing is lost" in cover.text
        cover.leave.click()
        disk.answers.set()

    meanwhile(leave)
    window.close()
    assert left == [1]


def test_a_desk_is_not_opened_twice_while_the_first_comes(qtbot, window, disk, monkeypatch):
    window.show_start()
    go = threading.Event()
    load = Library.take
    taken = []

    def slowly(library, incident):
        taken.append(incident)
        assert go.wait(20)
        return load(library, incident)

    monkeypatch.setattr(Library, "take", slowly)

    def again():
        QTest.keyClick(window.waiting.cover, Qt.Key.Key_Return)
        QTest.mouseClick(window.waiting.cover, Qt.MouseButton.LeftButton)
        go.set()

    meanwhile(again)
    window.open_incident("tickets")
    assert taken == ["tickets"]
    assert window.desk.session.document.incident.id == "tickets"


# ---- going elsewhere, and back


def test_the_desk_stays_as_it_is_when_it_goes_on_in_another_file(qtbot, window, disk, path):
    disk.hang()
    rename(window, "Taken along")
    desk, library, later = window.desk, window.library, path.with_name("later.sqlite")
    desk.look("whys")
    window.rescue._ask = lambda *_: later
    meanwhile(disk.answers.set)
    window.rescue.go_elsewhere()
    assert window.desk is desk
    assert (desk.centre.phase, desk.session.undo_label) == ("whys", "")
    assert window.library.path == later
    assert window.library is not library
    rename(window, "Taken along, and on")
    assert desk.session.undo_label
    assert desk.restate is not None
    window.close()
    assert title_in(later) == "Taken along, and on"


def test_another_disk_that_hangs_too_can_be_given_up(qtbot, window, disk, path):
    later = path.with_name("later.sqlite")
    window.rescue._ask = lambda *_: later
    disk.hang()
    meanwhile(partial(stay, qtbot, window))
    window.rescue.go_elsewhere()
    assert window.library.path == path
    rename(window, "Still here")
    disk.answers.set()
    # What came too late is closed again and can be opened.
    assert window._parts.tasks.close()
    qtbot.waitUntil(lambda: not later.with_name(f"{later.name}.lock").exists(), timeout=WAIT)
    window.close()
    assert title_in(path) == "Still here"


# ---- libraries in the place of others


def test_a_library_is_changed_elsewhere_and_closing_waits_for_it(qtbot, window, disk, path):
    window.show_start()
    window.library.back_up()
    threads = []

    def restored(library, backup):
        threads.append(threading.current_thread())
        assert go.wait(20)
        return backups.restored(library, backup)

    go = threading.Event()

    def close():
        window.close()
        assert window.isVisible()
        assert "closes when this is done" in window.waiting.cover.text
        go.set()

    meanwhile(close)
    restore = partial(restored, backup=window.library.backups()[0].path)
    window.change_library("The backup is being restored …", restore)
    assert threads != [threading.current_thread()]
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert list(path.parent.glob("library-replaced-*"))


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.sqlite"
    library = Library(path)
    incident = Incident("tickets", "Tickets", AT)
    library.create(Edit("New incident", (Change(None, incident), Change(None, Parked("p", "Bo")))))
    library.close()
    with closing(sqlite3.connect(path)) as changed, changed:
        changed.execute("UPDATE parked SET text = 'Somebody else'")
    return path


@pytest.fixture
def dialog(qtbot, broken):
    tasks = Tasks()
    problem = LibraryProblem("It is damaged.", "damaged")
    dialog = OpeningDialog(broken, problem, read_instant, tasks, leave=lambda: None)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.is_sound, timeout=WAIT)
    yield dialog
    assert tasks.close()


def test_a_repair_is_done_elsewhere_and_cannot_be_begun_twice(qtbot, disk, broken, dialog):
    disk.hang()

    def look():
        assert disk.asked.wait(20)
        below = dialog.childAt(dialog.repair.mapTo(dialog, dialog.repair.rect().center()))
        assert below is dialog._waiting.cover
        disk.answers.set()

    meanwhile(look)
    dialog.repair.click()
    assert threading.current_thread() not in disk.threads
    assert dialog.way.path == broken
    with closing(Library(broken)) as library:
        assert [p.text for p in library.document("tickets").all(Parked)] == ["Bo"]
    assert len(list(broken.parent.glob("broken-damaged-*"))) == 1


def test_a_dialog_that_is_closed_during_a_repair_goes_afterwards_and_opens_nothing(
    qtbot, disk, broken, dialog
):
    disk.hang()

    def close():
        dialog.reject()
        assert dialog.isVisible()
        disk.answers.set()

    meanwhile(close)
    dialog.repair.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT)
    assert dialog.way is None
    with closing(Library(broken)) as library:
        assert library.check().problems == ()


def test_a_backup_that_cannot_be_restored_is_said(qtbot, dialog, broken):
    dialog.list.chosen.path.unlink()
    dialog.restore.click()
    assert "is not there" in dialog.said.text()
    assert dialog.isVisible()
    assert dialog.restore.isEnabled()


def test_while_a_backup_is_made_no_other_is_begun(qtbot, window, disk):
    dialog = BackupsDialog(window.library, window._parts.tasks)
    qtbot.addWidget(dialog)
    dialog.show()
    window.library.back_up()
    disk.hang()
    dialog.make.click()
    assert not dialog.make.isEnabled()
    assert not dialog.elsewhere.isEnabled()
    assert not dialog.restore.isEnabled()
    assert "being made" in dialog.said.text()
    disk.answers.set()
    qtbot.waitUntil(lambda: "verified backup was made" in dialog.said.text(), timeout=WAIT)
    assert dialog.make.isEnabled()


# ---- what else goes to a disk


def test_files_are_read_one_after_the_other_while_the_desk_is_used(
    qtbot, window, tmp_path, monkeypatch
):
    read, go, threads = registry.read_file, threading.Event(), set()

    def slowly(path, zone):
        threads.add(threading.current_thread())
        assert go.wait(20)
        return read(path, zone)

    monkeypatch.setattr(registry, "read_file", slowly)
    files = [tmp_path / f"{n}.csv" for n in range(2)]
    for n, file in enumerate(files):
        file.write_text(f"time,text\n2026-03-05T09:0{n}:00Z,Step {n}\n")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x00\x01\x02")
    before = len(window.desk.session.document.all(Moment))
    window.filing.import_files([files[0], bad, files[1]])
    assert "0.csv is being read" in window.desk.messages.text
    rename(window, "Typed while it was read")
    go.set()
    qtbot.waitUntil(
        lambda: len(window.desk.session.document.all(Moment)) == before + 2, timeout=WAIT
    )
    assert threading.current_thread() not in threads
    assert window.desk.session.document.incident.title == "Typed while it was read"


def test_what_is_read_for_one_incident_is_not_put_into_another(
    qtbot, window, tmp_path, monkeypatch
):
    read, go = registry.read_file, threading.Event()
    monkeypatch.setattr(registry, "read_file", lambda *v: go.wait(20) and read(*v))
    file = tmp_path / "a.csv"
    file.write_text("time,text\n2026-03-05T09:00:00Z,Step\n")
    window.filing.import_files([file])
    window.open_demo()
    before = window.desk.session.document
    go.set()
    assert window._parts.tasks.close()
    qtbot.waitUntil(lambda: not window._parts.tasks.is_busy, timeout=WAIT)
    assert window.desk.session.document == before


def test_settings_are_saved_elsewhere_the_last_ones_in_the_end(qtbot, window, monkeypatch):
    go, written, write = threading.Event(), [], settings.save_settings

    def slowly(chosen, path=None):
        assert go.wait(20)
        written.append(threading.current_thread())
        write(chosen, path)

    monkeypatch.setattr(settings, "save_settings", slowly)
    for px in (13, 15, 16):
        window._take_settings(window.settings.with_values(ui_px=px))
    assert window.settings.ui_px == 16
    assert not settings_file().exists()
    go.set()
    assert window._parts.tasks.close()
    assert load_settings().ui_px == 16
    assert threading.current_thread() not in written


def test_settings_that_cannot_be_saved_hold_until_the_end_and_that_is_said(
    qtbot, window, monkeypatch
):
    def full(_settings, _path=None):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings, "save_settings", full)
    window._take_settings(window.settings.with_values(ui_px=16))
    qtbot.waitUntil(lambda: "No space left" in window.desk.messages.text, timeout=WAIT)
    assert window.settings.ui_px == 16
