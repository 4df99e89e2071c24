"""Nothing that is typed is lost: a draft of every input survives kill -9 and is found again."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from facilitator import app
from facilitator.model.change import Change, Edit
from facilitator.model.edits.fixes import remove_follow_up
from facilitator.model.edits.moments import remove_moments
from facilitator.model.edits.people import remove_person
from facilitator.model.edits.whys import remove_branch
from facilitator.model.records import Moment, Person, Waiver, Why
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.drafting import Keeper, settle_all
from facilitator.ui.export_dialog import ExportDialog
from facilitator.ui.library.new_incident import NewIncidentDialog
from facilitator.ui.library.start import StartPage
from facilitator.ui.palette import CommandPalette
from facilitator.ui.passphrase import PassphraseDialog
from facilitator.ui.recovery.typed_list import TypedDialog
from facilitator.ui.report.identity_dialog import IdentityDialog
from facilitator.ui.report.sign_dialog import SignDialog
from facilitator.ui.theme import Theme
from facilitator.ui.window import MainWindow
from tests.ui import inputs
from tests.ui.conftest import small_incident

ROOT = Path(__file__).resolve().parents[2]
BLAMED = Why("w4", "Kim should have checked the empty seat", "w3", 1.0)
NEW_INCIDENT = {"title": "Gate stu", "started": "18:1", "resolved": "21:0", "reason": "Thrice no"}
# Ends as a killed process does: what is asked for by the timers of the app is all that is kept.
KILLED = """
import sys, time
from facilitator import app
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui import inputs, test_typed

def saved():
    print("typed", flush=True)

def type_on():
    window = next(w for w in QApplication.topLevelWidgets() if hasattr(w, "rescue"))
    if (window.desk if sys.argv[1] else window._start) is None:
        # The library is opened on another thread.
        QTimer.singleShot(20, type_on)
        return
    if window.desk is not None:
        inputs.type_everywhere(window.desk)
    else:
        QTimer.singleShot(0, type_into_dialog)
        QTimer.singleShot(0, window._start.new.click)
    QTimer.singleShot(1500, saved)

def type_into_dialog():
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        QTimer.singleShot(20, type_into_dialog)
    else:
        test_typed.fill(dialog)

make = app.MainWindow.show
def show(self):
    app.MainWindow.show = make
    make(self)
    QTimer.singleShot(0, type_on)
app.MainWindow.show = show
sys.exit(app.run(None, sys.argv[1]))
"""


def fill(dialog):
    for name, text in NEW_INCIDENT.items():
        QTest.keyClicks(getattr(dialog, name), text)
    QTest.keyClick(dialog.severity, Qt.Key.Key_End)
    line = dialog.zone.lineEdit()
    line.clear()
    QTest.keyClicks(line, "Pacific/Auck")


def kill_while_typing(path, incident):
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, incident],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FACILITATOR_LIBRARY": str(path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout.readline() == "typed\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait(60)
    killed.stdout.close()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.sqlite"
    with closing(Library(path)) as library:
        session = Session(library, library.create(small_incident()))
        session.do(Edit("Add", (Change(None, BLAMED),)))
        session.close()
    return path


class Opened:
    """A window on the library; what was kept is put there beforehand."""

    def __init__(self, qtbot, path):
        self._qtbot, self.path, self.window = qtbot, path, None

    def __call__(self, drafts=None):
        with closing(Library(self.path)) as library:
            session = Session(library, "tickets")
            for key, text in (drafts or {}).items():
                session.keep_draft(key, text)
            session.close()
        self.window = MainWindow(app.make_parts(Library(self.path)), Settings(), remember=False)
        self._qtbot.addWidget(self.window)
        self.window.resize(1600, 950)
        self.window.open_incident("tickets")
        self.window.show()
        return self.window.desk

    @property
    def session(self):
        return self.window.desk.session

    def drafts(self):
        return dict(self.session.session.drafts)

    def dialog(self):
        self.window.rescue.begun.show()
        return self.window.findChildren(TypedDialog)[-1]


@pytest.fixture
def opened(qtbot, path):
    opened = Opened(qtbot, path)
    yield opened
    if opened.window is not None:
        opened.window.close()
        opened.window._parts.tasks.close()


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_what_is_typed_in_any_input_of_the_desk_is_there_after_kill_9(qtbot, path, opened):
    kill_while_typing(path, "tickets")
    desk = opened()
    assert opened.session.document.all(Moment)[-1].id == "m4"
    count = len(opened.window.rescue.begun.texts())
    # The three lines of the new moment are one text, and so are a name and its role.
    assert count == len(inputs.FIELDS) + len(("moment", "why", "reason"))
    assert desk.messages.text.startswith(f"{count} texts were being typed")
    qtbot.waitUntil(lambda: desk.status.begun.text() == f"{count} texts begun …")
    assert inputs.read_everywhere(desk) == {
        **inputs.FIELDS,
        "incident:tickets:title": "Tickets are printed without a seat at the north gate",
        "incident:tickets:started_at": "2026-03-05 09:002026-03-05 08:5",
        "incident:tickets:zone": "Europe/BerlinEurope/Vien",
        "person:p1:name": "Aroha Tane Mah",
        "role": "scribe",
        "why": inputs.WHY,
        "reason": inputs.REASON,
        "text": inputs.EDITOR["text"],
        "time": inputs.EDITOR["time"],
        "end": inputs.EDITOR["end"],
        "lane": "signal",
    }


def test_a_new_moment_that_was_begun_becomes_one_edit_and_no_draft_is_left(opened):
    desk = opened({"moment:new:text": "The gate bee", "moment:new:at": "09:20"})
    QTest.keyClick(desk.timeline.canvas, Qt.Key.Key_Insert)
    QTest.keyClicks(desk.timeline.editor.text, "ps")
    QTest.keyClick(desk.timeline.editor.text, Qt.Key.Key_Return)
    (made,) = [m for m in opened.session.document.all(Moment) if m.text == "The gate beeps"]
    assert made.at.isoformat() == "2026-03-05T08:20:00+00:00"
    assert opened.drafts() == {}


def test_a_new_incident_that_was_being_typed_is_offered_again_after_kill_9(qtbot, path):
    kill_while_typing(path, "")
    with closing(Library(path)) as library:
        page = StartPage(library, Theme("light"))
        qtbot.addWidget(page)
        assert page.new.about.startswith("Go on with “Gate stu”")
        dialog = NewIncidentDialog(drafts=page.begun)
        qtbot.addWidget(dialog)
        typed = {name: getattr(dialog, name).text() for name in NEW_INCIDENT}
        assert typed == NEW_INCIDENT
        assert dialog.severity.currentData() == "P3"
        assert dialog.zone.currentText() == "Pacific/Auck"
        dialog.reject()
        assert library.begun == {}
        assert library.incidents()[0].title == small_incident().changes[0].after.title


def test_a_new_incident_takes_its_drafts_away_when_it_comes(qtbot, path, monkeypatch):
    window = MainWindow(app.make_parts(Library(path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.show_start()
    library = window.library

    def start(dialog):
        QTest.keyClicks(dialog.title, "Gate stuck")
        dialog.title.keeper.settle()
        assert library.begun == {"incident:new:title": "Gate stuck"}
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NewIncidentDialog, "exec", start)
    window._new()
    assert window.desk.session.document.incident.title == "Gate stuck"
    assert library.begun == {}
    window.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (0,)


def test_esc_goes_back_to_what_is_committed_in_every_kind_of_input(opened):
    desk = opened()
    inputs.type_everywhere(desk)
    desk.timeline.editor.put_away()
    settle_all(desk)
    assert len(opened.drafts()) > len(inputs.FIELDS)
    for key in inputs.FIELDS:
        QTest.keyClick(inputs.field(desk, key), Qt.Key.Key_Escape)
    QTest.keyClick(desk.whys.canvas.typist.field, Qt.Key.Key_Escape)
    QTest.keyClick(inputs.reason_line(desk), Qt.Key.Key_Escape)
    desk.timeline.new_moment()
    assert desk.timeline.editor.end.text() == inputs.EDITOR["end"]
    QTest.keyClick(desk.timeline.editor.end, Qt.Key.Key_Escape)
    assert opened.drafts() == {}
    assert opened.session.undo_label == "Add"
    assert inputs.field(desk, "person:p1:name").toPlainText() == "Aroha Tane"


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("fix:fix:due", "1 week", "2026-03-13"),
        ("incident:tickets:users_affected", "2 340", "2,340"),
        ("incident:tickets:organisation", " The Hall ", "The Hall"),
        ("person:p1:name", " Mahina", "Aroha Tane Mahina"),
        ("person:new:name", "Quill", ""),
        ("follow_up:new:text", "Print one", ""),
    ],
)
def test_a_committed_edit_leaves_no_draft_and_the_committed_text(opened, key, typed, shown):
    desk = opened()
    field = inputs.field(desk, key)
    field.moveCursor(field.textCursor().MoveOperation.End)
    QTest.keyClicks(field, typed)
    field.settle()
    assert len(opened.drafts()) >= 1
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert opened.drafts() == {}
    assert field.toPlainText() == shown
    assert opened.session.undo_label != "Add"


def test_a_reason_that_is_given_leaves_no_draft(opened):
    desk = opened()
    line = inputs.reason_line(desk)
    QTest.keyClicks(line, "Said by the vendor")
    line.keeper.settle()
    assert list(opened.drafts().values()) == ["Said by the vendor"]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [w.reason for w in opened.session.document.all(Waiver)] == ["Said by the vendor"]
    assert opened.drafts() == {}


def test_going_from_a_new_name_to_the_role_adds_nobody_and_leaving_both_does(qtbot, opened):
    desk = opened()
    desk.look("restate")
    people = desk.restate.people
    opened.window.activateWindow()
    people.line.setFocus()
    qtbot.waitUntil(people.line.hasFocus)
    QTest.keyClicks(people.line, "Quill Example")
    QTest.keyClick(people.line, Qt.Key.Key_Tab)
    assert people.new_role.hasFocus()
    assert len(opened.session.document.all(Person)) == 2
    QTest.keyClick(people.new_role, Qt.Key.Key_Up)
    desk.timeline.setFocus()
    (made,) = opened.session.document.all(Person)[2:]
    assert (made.name, made.role) == ("Quill Example", "scribe")
    assert opened.drafts() == {}


# ---- the list of what was begun


def test_the_list_names_the_place_and_puts_the_text_back_into_it(qtbot, opened):
    key = "incident:tickets:not_reached"
    desk = opened({key: "We ran out of ti", "moment:m3:text": "Gate re", "moment:m3:at": "09:1"})
    qtbot.waitUntil(lambda: desk.status.begun.text() == "2 texts begun …")
    rows = {row.typed.place: row for row in opened.dialog().rows}
    assert rows["Timeline"].typed.text == "Gate re\nTime: 09:1"
    press(rows["Incident: not reached"].back)
    assert desk.centre.phase == "fix"
    assert inputs.field(desk, key).toPlainText() == "We ran out of ti"
    assert desk.focusWidget() is inputs.field(desk, key)
    rows = {row.typed.place: row for row in opened.dialog().rows}
    press(rows["Timeline"].back)
    assert desk.timeline.editor.time.text() == "09:1"
    QTest.keyClicks(desk.timeline.editor.text, "ports")
    assert desk.timeline.editor.text.toPlainText() == "Gate reports"


def test_an_answer_that_was_begun_goes_on_where_it_ended(qtbot, opened):
    desk = opened({"why:new:w2": "Nobody had dra"})
    qtbot.waitUntil(lambda: desk.status.begun.text() == "1 text begun …")
    field = desk.whys.canvas.typist.field
    QTest.keyClicks(field, "wn it")
    assert field.toPlainText() == "Nobody had drawn it"
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.status.begun.isHidden)
    assert desk.messages.text == ""
    assert opened.drafts() == {}


GONE = {
    "why:w3:text": ("Nobody prints a te", remove_branch, "w3"),
    "why:new:w3": ("Because nobody ow", remove_branch, "w3"),
    "moment:m3:text": ("Gate re", remove_moments, ["m3"]),
    "follow_up:f1:due": ("3 da", remove_follow_up, "f1"),
    "person:p1:name": ("Aroha T", remove_person, "p1"),
}


@pytest.mark.parametrize("key", GONE)
def test_a_draft_whose_record_is_gone_is_offered_with_its_text(qtbot, opened, key):
    text, remove, record = GONE[key]
    desk = opened({key: text, "fix:fix:ticket": "BK-9"})
    assert opened.session.do(remove, record)
    assert opened.drafts()[key] == text
    qtbot.waitUntil(lambda: desk.status.begun.text() == "2 texts begun …")
    (row,) = [row for row in opened.dialog().rows if row.typed.is_homeless]
    assert row.typed.text == text
    assert "is gone" in row.typed.place
    assert row.back.isHidden()
    press(row.copy)
    assert QGuiApplication.clipboard().text() == text
    opened.session.undo()
    assert not [typed for typed in opened.window.rescue.begun.texts() if typed.is_homeless]


def test_what_is_forgotten_goes_when_the_list_closes_and_not_before(qtbot, opened):
    desk = opened({"fix:fix:ticket": "BK-9", "moment:gone:text": "A deleted mom"})
    dialog = opened.dialog()
    first, second = dialog.rows
    for row in (first, second):
        press(row.forget)
    assert len(opened.drafts()) == 2
    press(second.forget)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert list(opened.drafts()) == list(second.typed.keys)
    qtbot.waitUntil(lambda: desk.status.begun.text() == "1 text begun …")
    assert inputs.field(desk, "fix:fix:ticket").toPlainText() == ""


def test_nothing_is_listed_while_somebody_types(qtbot, opened):
    desk = opened()
    inputs.type_everywhere(desk)
    settle_all(desk)
    assert opened.window.rescue.begun.texts() == ()
    opened.window.rescue.begun.show()
    assert "Everything that was typed" in desk.messages.text


def test_what_is_typed_anew_is_in_its_field_and_not_listed(qtbot, opened):
    desk = opened({"fix:fix:ticket": "BK-9"})
    qtbot.waitUntil(lambda: desk.status.begun.text() == "1 text begun …")
    field = inputs.field(desk, "fix:fix:ticket")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.status.begun.isHidden)
    QTest.keyClicks(field, "2")
    field.settle()
    assert opened.drafts() == {"fix:fix:ticket": "BK-92"}
    assert opened.window.rescue.begun.texts() == ()


def test_words_typed_on_a_moment_that_goes_away_are_listed(opened):
    desk = opened()
    desk.timeline.select(["m3"])
    desk.timeline.edit_selected()
    QTest.keyClicks(desk.timeline.editor.text, "The gate rep")
    assert opened.session.do(remove_moments, ["m3"])
    assert desk.timeline.editor is None
    (typed,) = opened.window.rescue.begun.texts()
    assert (typed.text, typed.is_homeless) == ("The gate rep", True)


def test_a_new_moment_keeps_the_time_and_lane_it_was_opened_at(opened):
    desk = opened()
    at = datetime(2026, 3, 5, 8, 40, tzinfo=UTC).timestamp()
    desk.timeline.command("new-at", (at, "signal", 400.0, 80.0))
    QTest.keyClicks(desk.timeline.editor.text, "The gate bee")
    shown = desk.timeline.editor.time.text()
    settle_all(desk)
    kept = {"text": "The gate bee", "at": shown, "lane": "signal"}
    assert (
        kept.items() <= {key.split(":")[2]: text for key, text in opened.drafts().items()}.items()
    )
    desk.timeline.editor.put_away()
    desk.timeline.new_moment()
    editor = desk.timeline.editor
    assert (editor.text.toPlainText(), editor.time.text()) == ("The gate bee", shown)
    assert editor.lane.currentData() == "signal"
    QTest.keyClick(editor.text, Qt.Key.Key_Return)
    assert opened.session.document.all(Moment)[-1].at.timestamp() == at
    assert opened.drafts() == {}


def test_words_on_a_card_are_committed_when_another_why_is_asked(opened):
    desk = opened()
    desk.look("whys")
    desk.whys.select("w2")
    desk.whys.ask_why()
    QTest.keyClicks(desk.whys.canvas.typist.field, "Nobody had drawn it")
    desk.whys.ask_why()
    assert "Nobody had drawn it" in [why.text for why in opened.session.document.all(Why)]


def test_an_open_editor_is_committed_when_the_window_closes(opened):
    desk = opened()
    desk.timeline.new_moment()
    QTest.keyClicks(desk.timeline.editor.text, "The gate beeps")
    opened.window.close()
    with closing(Library(opened.path)) as library:
        assert "The gate beeps" in [m.text for m in library.document("tickets").all(Moment)]


# ---- what keeps nothing

# Every input in which nothing that belongs to an incident is typed, and why it keeps no draft.
WITHOUT = {
    "overlay.py": "what is searched for",
    "passphrase.py": "a passphrase",
    "forgetting/dialog.py": "words that are to be in no file",
    "report/sign_dialog.py": "files and a passphrase",
    "report/key_panels.py": "files, a passphrase, a PIN",
    "report/identity_dialog.py": "who signs, a file, passphrases",
    "report/proof_settings.py": "the address of a service",
    "settings_dialog.py": "a folder; the words to replace are kept",
}
INPUTS = re.compile(
    r"\bQ(?:LineEdit|PlainTextEdit|TextEdit|SpinBox|DoubleSpinBox|DateEdit|TimeEdit|DateTimeEdit"
    r"|InputDialog|KeySequenceEdit)(?:\(|\.get)|setEditable\(True"
)


def test_every_other_input_keeps_a_draft():
    ui = ROOT / "facilitator" / "ui"
    found = {
        str(file.relative_to(ui)) for file in ui.rglob("*.py") if INPUTS.search(file.read_text())
    }
    # The zone of a new incident may be typed; its keeper is tried above.
    assert found - WITHOUT.keys() == {"library/new_incident.py"}


def test_a_passphrase_or_a_search_is_kept_by_nobody(qtbot, opened, tasks):
    desk = opened()
    secret = "Quetzalcoatl-und-Kukulkan"
    palette = CommandPalette(desk.actions_by_id, opened.window)
    palette.open()
    dialogs = (
        PassphraseDialog(tasks, Path("a.pmroom.age"), opened.window),
        ExportDialog(Settings(), opened.window),
        SignDialog(tasks, Path("r.pdf"), "tech-lead", opened.window, target=Path("s.pdf")),
        IdentityDialog(tasks, opened.window),
    )
    for line in [line for each in (palette, *dialogs) for line in each.findChildren(QLineEdit)]:
        QTest.keyClicks(line, secret)
    for keeper in opened.window.findChildren(Keeper):
        keeper.keep()
    assert secret not in " ".join(opened.drafts().values())
    assert opened.window.library.begun == {}
    for dialog in dialogs:
        dialog.reject()
    opened.session.session.wait()
    files = [file for file in opened.path.parent.rglob("*") if file.is_file()]
    assert not [file for file in files if secret.encode() in file.read_bytes()]
