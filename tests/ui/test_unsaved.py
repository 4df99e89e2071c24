"""A medium that fails under the open desk: said at once, nothing lost, ways out, merged later."""

import os
import subprocess
from contextlib import closing
from dataclasses import replace
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from facilitator import app
from facilitator.model.edits.incident import change_incident
from facilitator.model.records import FollowUp, Parked
from facilitator.paths import data_dir
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.recovery.typed_list import TypedDialog
from facilitator.ui.window import MainWindow
from tests.ui.conftest import small_incident

WAIT = 15_000


class Bench:
    """A window on a library in a folder that can be taken away and put back."""

    def __init__(self, qtbot, folder, elsewhere):
        self.qtbot, self.folder, self.elsewhere = qtbot, folder, elsewhere
        self.window = None

    @property
    def path(self):
        return self.folder / "library.sqlite"

    def open(self):
        library = Library(self.path)
        if not library.incidents():
            library.create(small_incident())
        self.window = MainWindow(app.make_parts(library), Settings(), remember=False)
        self.window.resize(1600, 950)
        self.window.open_incident("tickets")
        self.window.show()
        return self.window

    @property
    def desk(self):
        return self.window.desk

    @property
    def banner(self):
        return self.window.rescue.banner

    def rename(self, title):
        assert self.desk.session.do(change_incident, title=title)

    def is_unsaved(self):
        self.qtbot.waitUntil(lambda: "NOT SAVED" in self.banner.text, timeout=WAIT)

    def is_saved(self):
        self.qtbot.waitUntil(lambda: self.banner.text == "", timeout=WAIT)
        self.qtbot.waitUntil(lambda: self.desk.session.session.saving.state == "saved")

    def pull_out(self):
        self.folder.rename(self.folder.with_name("gone"))

    def put_back(self):
        self.folder.with_name("gone").rename(self.folder)

    def labels(self):
        with closing(Library(self.path)) as library:
            assert library.check().problems == ()
            title = library.document("tickets").incident.title
            ids = [entry.id for entry in library.entries("tickets")]
        assert len(ids) == len(set(ids))
        return title, len(ids)


@pytest.fixture
def bench(qtbot, tmp_path, own_home):
    folder = tmp_path / "stick"
    folder.mkdir()
    bench = Bench(qtbot, folder, tmp_path / "elsewhere.sqlite")
    yield bench
    gone = folder.with_name("gone")
    if gone.exists():
        gone.rename(folder)
    # Only now: a window whose disk is away does not close.
    if bench.window is not None:
        bench.window.close()
        bench.window.deleteLater()
        assert bench.window._parts.tasks.close()


def press(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_stick_that_is_pulled_out_is_said_at_once_and_merged_when_it_is_back(bench, qtbot):
    bench.open()
    bench.rename("Before")
    bench.is_saved()
    bench.pull_out()
    bench.rename("Without the stick")
    bench.is_unsaved()
    assert "second copy on this computer" in bench.banner.text
    assert "NOT SAVED" in bench.desk.status.saved_text
    bench.desk.messages.say("Something else")
    assert "NOT SAVED" in bench.banner.text
    assert not bench.banner.geometry().intersects(bench.desk.messages.geometry())
    bench.put_back()
    press(qtbot, bench.banner.retry)
    bench.is_saved()
    assert "each change once" in " ".join(
        [bench.desk.messages.text, *(text for text, _ in bench.desk.messages._waiting)]
    )
    bench.window.close()
    assert bench.labels() == ("Without the stick", 3)


def test_it_goes_on_in_another_file_with_all_that_was_done_and_typed(bench, qtbot):
    bench.open()
    bench.pull_out()
    bench.rename("Done without the stick")
    bench.is_unsaved()
    field = bench.desk.agenda.parking.line
    field.setFocus()
    field.setPlainText("Half a thou")
    bench.window.rescue._ask = lambda *_: bench.elsewhere
    press(qtbot, bench.banner.elsewhere)
    assert bench.window.library.path == bench.elsewhere
    assert bench.desk.session.document.incident.title == "Done without the stick"
    assert bench.banner.text == ""
    assert "goes on in" in bench.desk.messages.text
    assert [p.text for p in bench.desk.session.document.all(Parked)] == ["Half a thou"]
    bench.rename("Later")
    bench.is_saved()
    bench.window.close()
    assert not bench.window.isVisible()
    with closing(Library(bench.elsewhere)) as library:
        assert library.check().problems == ()
        assert library.document("tickets").incident.title == "Later"
    bench.window._parts.tasks.close()
    bench.put_back()
    assert bench.labels()[0] == "Done without the stick"
    window = MainWindow(app.make_parts(Library(bench.path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.show_start()
    assert f"went on in {bench.elsewhere}" in window._start.notice
    window.filing.open_as_new(bench.elsewhere)
    assert window.library.path == bench.elsewhere
    assert [s.title for s in window.library.incidents()] == ["Later"]
    odd = bench.path.with_name("odd.sqlite")
    odd.write_bytes(b"no library")
    window.filing.open_as_new(odd)
    assert "no Facilitator library" in window._start.notice
    assert window.library.path == bench.elsewhere
    window.close()


def test_another_file_that_does_not_work_is_said_and_the_desk_stays(bench, qtbot):
    bench.open()
    bench.pull_out()
    bench.rename("Typed")
    bench.is_unsaved()
    bench.elsewhere.write_bytes(b"something else")
    bench.window.rescue._ask = lambda *_: bench.elsewhere
    press(qtbot, bench.banner.elsewhere)
    assert "exists already" in bench.banner.text
    assert bench.desk.session.document.incident.title == "Typed"
    bench.rename("And on")
    assert bench.elsewhere.read_bytes() == b"something else"


def answers(bench):
    return {each.text(): each for each in bench.desk.messages._buttons}


def test_a_window_with_something_unsaved_asks_before_it_closes(bench, qtbot):
    bench.open()
    bench.pull_out()
    bench.rename("Only here")
    bench.is_unsaved()
    bench.rename("Only here, and more")
    bench.window.close()
    assert bench.window.isVisible()
    assert "nothing is closed" in bench.desk.messages.text
    press(qtbot, answers(bench)["Stay"])
    bench.window.show_start()
    assert bench.desk is not None
    press(qtbot, answers(bench)["Close, it goes in later"])
    assert not bench.window.isVisible()
    bench.put_back()
    bench.open()
    assert bench.desk.session.document.incident.title == "Only here, and more"
    assert "kept on this computer only" in bench.desk.messages.text


def test_what_is_only_in_the_window_cannot_be_left(bench, qtbot, own_home):
    (data_dir() / "spool").write_text("in the way of the second copy")
    bench.open()
    bench.pull_out()
    bench.rename("Only in this window")
    bench.is_unsaved()
    assert "leave it open" in bench.banner.text
    bench.window.close()
    assert bench.window.isVisible()
    assert not any(text.startswith("Close") for text in answers(bench))
    bench.put_back()
    press(qtbot, answers(bench)["Try again"])
    assert not bench.window.isVisible()
    assert bench.labels() == ("Only in this window", 2)


def test_a_library_that_gets_read_only_is_said(bench, qtbot):
    if os.geteuid() != 0 or not can_be_immutable(bench.folder):
        pytest.skip("needs a file that cannot be written, also by root")
    bench.open()
    wal = bench.path.with_name("library.sqlite-wal")
    with immutable(bench.path, wal):
        bench.rename("Not writable")
        bench.is_unsaved()
    press(qtbot, bench.banner.retry)
    bench.is_saved()
    bench.window.close()
    assert bench.labels() == ("Not writable", 2)


class immutable:
    def __init__(self, *paths):
        self.paths = paths

    def __enter__(self):
        subprocess.run(["chattr", "+i", *self.paths], check=True)

    def __exit__(self, *_):
        subprocess.run(["chattr", "-i", *self.paths], check=True)


def can_be_immutable(folder):
    probe = folder / "probe"
    probe.touch()
    done = subprocess.run(["chattr", "+i", probe], capture_output=True, check=False)
    subprocess.run(["chattr", "-i", probe], capture_output=True, check=False)
    return done.returncode == 0


def test_a_full_disk_is_said_and_what_was_typed_goes_in_when_there_is_room(bench, qtbot):
    if not mounted(bench.folder, 1_200):
        pytest.skip("needs to mount a small disk")
    try:
        bench.open()
        filler = bench.folder / "filler"
        fill(filler)
        for n in range(40):
            bench.rename(f"{n} " + "x" * 900)
        bench.is_unsaved()
        assert "full" in bench.banner.text
        filler.unlink()
        press(qtbot, bench.banner.retry)
        bench.is_saved()
        bench.window.close()
        assert bench.labels() == ("39 " + "x" * 900, 41)
    finally:
        bench.window.close()
        bench.window._parts.tasks.close()
        subprocess.run(["umount", "-l", bench.folder], check=False)


def mounted(folder, kilobytes):
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
    return (
        os.geteuid() == 0
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def fill(path):
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def test_a_disk_on_which_nothing_arrives_for_seconds_is_said(bench, qtbot):
    bench.open()
    bench.banner._slow.setInterval(0)
    bench.banner.show_saving(replace(bench.desk.session.session.saving, state="saving"))
    qtbot.waitUntil(lambda: "STILL SAVING" in bench.banner.text)
    bench.banner.show_saving(bench.desk.session.session.saving)
    assert bench.banner.text == ""


def test_what_was_being_typed_is_said_once_and_shown(bench, qtbot):
    bench.open()
    bench.desk.session.keep_draft("incident:tickets:summary", "The shop pri")
    bench.desk.session.keep_draft("parked:new:text", "Ask the print")
    bench.desk.session.session.wait()
    bench.window.close()
    bench.open()
    assert bench.desk.messages.text.startswith("2 texts were being typed when Facilitator ended")
    press(qtbot, answers(bench)["Show"])
    (listed,) = bench.window.findChildren(TypedDialog)
    assert [row.typed.text for row in listed.rows] == ["The shop pri", "Ask the print"]
    press(qtbot, listed.rows[1].back)
    assert bench.desk.focusWidget() is bench.desk.agenda.parking.line
    assert bench.desk.agenda.parking.line.toPlainText() == "Ask the print"


@pytest.mark.parametrize("place", ["agenda.parking", "fixes"])
def test_a_line_that_was_kept_as_a_draft_is_committed_once_and_empty_then(bench, qtbot, place):
    bench.open()
    kind = Parked if place == "agenda.parking" else FollowUp
    line = attrgetter(place)(bench.desk).line
    before = len(bench.desk.session.document.all(kind))
    line.setPlainText("Ask the printer")
    line.settle()
    assert "Ask the printer" in bench.desk.session.session.drafts.values()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.toPlainText() == ""
    assert bench.desk.session.session.drafts == {}
    bench.window.close()
    with closing(Library(bench.path)) as library:
        assert len(library.document("tickets").all(kind)) == before + 1


def test_a_line_that_is_refused_stays_where_it_was_typed(bench, qtbot):
    bench.open()
    bench.window._parts.library.read_only = True
    line = bench.desk.agenda.parking.line
    line.setPlainText("Ask the printer")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.toPlainText() == "Ask the printer"
    bench.window._parts.library.read_only = False


def test_a_copy_to_look_at_says_so_and_refuses_with_a_sentence(bench, qtbot):
    bench.open()
    bench.window.close()
    window = MainWindow(app.make_parts(Library.to_read(bench.path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.resize(1600, 950)
    window.show_start()
    assert f"READ-ONLY: a copy of {bench.path}" in window._start.notice
    window.open_incident("tickets")
    window.show()
    assert window.desk.top._read_only.isVisible()
    assert not window.desk.session.do(change_incident, title="Changed")
    assert "copy to look at" in window.desk.messages.text
    window.open_demo()
    assert "copy to look at" in window.desk.messages.text
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.desk.ticker.reading().state != "running"
    window.close()
    assert not window.isVisible()
