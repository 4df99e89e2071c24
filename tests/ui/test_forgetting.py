"""The question which words are to go: what it shows first, and that they are gone afterwards."""

import shutil
from contextlib import closing
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from facilitator import app
from facilitator.model.edits.moments import add_moment, change_moment
from facilitator.model.edits.report import freeze_report, record_signature
from facilitator.model.freeze import is_frozen
from facilitator.model.records import Moment, Parked, Person
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.store.problems import NotSaved
from facilitator.ui.forgetting.asking import _role_of
from facilitator.ui.forgetting.dialog import ForgetDialog
from facilitator.ui.tasks import Tasks
from facilitator.ui.window import MainWindow
from tests.store.library_kit import new_incident, traces
from tests.ui.conftest import small_incident

NAMES = "Aroha Tane, Aroha, Tane"
AT = datetime(2026, 6, 18, tzinfo=UTC)
QPOINT = QPoint(8, 8)


class Clock:
    seconds = 0.0

    def __call__(self):
        self.seconds += 1.0
        return self.seconds


@pytest.fixture
def path(tmp_path):
    """A library with a name in two incidents, in its past, and in one copy of each kind."""
    path = tmp_path / "data" / "library.sqlite"
    with closing(Library(path)) as library:
        library.create(small_incident())
        library.create(new_incident("other", "Tane cannot log in"))
        session = Session(library, "tickets")
        session.do(add_moment(session.document, "Aroha restarted it", None, id="m"))
        session.do(change_moment(session.document, "m", text="It was restarted"))
        session.close()
    shutil.copy(path, path.with_name("library-replaced-20260102T101500Z.sqlite"))
    damaged = path.with_name("library-damaged-20260704T101500Z.sqlite")
    damaged.write_bytes(path.read_bytes()[:-4096])
    return path


@pytest.fixture
def opened(path):
    library = Library(path)
    session = Session(library, "tickets")
    yield session
    session.close()
    library.close()


@pytest.fixture
def asked(qtbot, opened, tasks):
    def ask(words=NAMES, session=opened, runner=tasks, **values):
        library = opened._library
        dialog = ForgetDialog(library, runner, session, words=words, clock=Clock(), **values)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return ask


def press(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_it_shows_where_the_words_stand_and_what_stays_before_anything_is_done(asked, opened):
    dialog = asked(share_words="Acme=shop\nTane=lead")
    rows = dict(dialog.table.rows)
    assert rows["This incident: “Tickets are printed without a seat”"] == "1 field, 3 past edits"
    assert rows["“Tane cannot log in”"] == "1 field, 1 past edit"
    assert sum("Backup" in where for where in rows) == 1
    assert any("a backup replaced" in where for where in rows)
    assert any(what.startswith("Damaged") for what in rows.values())
    assert rows["Settings: words that share-safe copies replace"] == "1 line"
    assert "will say “[removed]”" in dialog.notice
    assert "It cannot be undone" in dialog.notice
    assert dialog.everywhere.text() == "Also in 1 other incident of this library where it stands"
    assert "2 copies" in dialog.backups.text()
    assert "4 Jul 2026" in dialog.damaged.text()
    boxes = (dialog.everywhere, dialog.backups, dialog.damaged)
    assert not any(box.isChecked() for box in boxes)
    assert opened.document.get(Person, "p1").name == "Aroha Tane"


def test_by_mouse_it_goes_from_everything_that_is_ticked_and_wants_two_presses(
    asked, opened, path, qtbot
):
    dialog = asked(instead="the tech lead", share_words="Acme=shop\nTane=lead")
    for box in (dialog.everywhere, dialog.backups, dialog.damaged):
        # The box itself, not the middle of a line as wide as the window.
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().topLeft() + QPOINT)
    press(qtbot, dialog.forget)
    assert dialog.forget.text() == "Press again to forget for good"
    assert traces(path.parent, "Aroha", "Tane")
    press(qtbot, dialog.forget)
    assert dialog.forgotten
    assert traces(path.parent, "Aroha", "Tane") == set()
    assert opened.document.get(Person, "p1").name == "[name forgotten]"
    assert dialog.share_words == "Acme=shop"
    assert "Forgotten in 2 incidents. 2 copies cleaned. 1 damaged file deleted." in dialog.notice
    assert opened.undo_label == ""
    press(qtbot, dialog.keep)
    assert not dialog.isVisible()


def test_by_keyboard_only_this_incident(asked, opened, path, qtbot):
    dialog = asked("")
    dialog.activateWindow()
    QTest.keyClicks(dialog.words, "aroha")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    dialog.forget.setFocus()
    for _ in range(2):
        QTest.keyClick(dialog.forget, Qt.Key.Key_Space)
    assert dialog.forgotten
    assert opened.document.get(Person, "p1").name == "[name forgotten] Tane"
    assert dialog.damaged.isHidden()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert traces(path.parent, "Aroha") - {"library.sqlite"}
    assert "library.sqlite" not in traces(path.parent, "Aroha")


def test_what_is_typed_is_looked_for_anew_and_a_press_before_does_not_count(asked, qtbot):
    dialog = asked()
    press(qtbot, dialog.forget)
    assert dialog.forget.is_armed
    dialog.words.setText("Reports")
    assert not dialog.forget.is_armed
    assert not dialog.forget.isEnabled()
    qtbot.waitUntil(lambda: "does not stand in this incident" in dialog.notice)
    assert "Stays, for it is spelled otherwise: “reports” 1×." in dialog.notice
    dialog.any_case.setChecked(True)
    assert dialog.forget.isEnabled()
    dialog.words.setText("x")
    qtbot.waitUntil(lambda: "2 characters" in dialog.notice)
    assert not dialog.forget.isEnabled()
    dialog.words.setText(" , ")
    qtbot.waitUntil(lambda: dialog.notice == "")
    dialog.words.setText("Aroha")
    dialog.instead.setText("not Aroha")
    qtbot.waitUntil(lambda: "Say something else" in dialog.notice)


def test_a_final_report_says_what_becomes_of_it(asked, opened):
    opened.record(freeze_report(opened.document, AT, opened.head, ["tech-lead"]))
    opened.record(record_signature(opened.document, "tech-lead", "Aroha Tane", "ab" * 32, AT))
    dialog = asked()
    assert "Revision 1 of “Tickets are printed without a seat” is final, with 1 signature" in (
        dialog.notice
    )
    assert "PDF stays valid and keeps the words" in dialog.notice
    dialog.forget.agreed.emit()
    assert not is_frozen(opened.document)


def test_it_is_done_on_another_thread_and_the_incident_waits_for_it(asked, opened, qtbot):
    runner = Tasks()
    dialog = asked(runner=runner)
    qtbot.waitUntil(dialog.forget.isEnabled)
    dialog.forget.agreed.emit()
    assert runner.is_busy
    assert not dialog.keep.isEnabled()
    dialog.reject()
    dialog.close()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.forgotten)
    assert opened.document.get(Person, "p1").name == "[name forgotten]"
    dialog.close()
    assert not dialog.isVisible()
    runner.close()


def test_what_keeps_it_from_being_done_is_said_and_edits_go_on(asked, opened, monkeypatch):
    dialog = asked()

    def full(*_args, **_values):
        raise NotSaved("The disk is full. Make room on it.")

    monkeypatch.setattr(opened._library, "forget_words", full)
    dialog.forget.agreed.emit()
    assert dialog.notice == "Nothing was forgotten. The disk is full. Make room on it."
    assert dialog.forget.isEnabled()
    opened.do(add_moment(opened.document, "Goes on", None))


def test_without_an_open_incident_all_are_meant(asked, opened, path, qtbot):
    opened.close()
    dialog = asked("Tane", session=None)
    assert dialog.everywhere.isHidden()
    assert "begins anew in these incidents" in dialog.notice
    dialog.forget.agreed.emit()
    assert "Forgotten in 2 incidents." in dialog.notice
    assert not {m.text for m in opened._library.document("tickets").all(Moment)} & {"Tane"}


def test_markup_in_a_title_or_a_word_is_shown_as_it_is(asked, opened):
    dialog = asked("<b>Aroha</b>")
    assert "<b>" not in dialog.table.topLevelItem(0).toolTip(0).removeprefix("<p>")
    assert "does not stand" in dialog.notice


# ---- the ways to it


@pytest.fixture
def window(qtbot, path):
    window = MainWindow(app.make_parts(Library(path)), Settings(), remember=False)
    qtbot.addWidget(window)
    window.resize(1600, 950)
    window.show()
    yield window
    if window.isVisible():
        window.close()
    window._parts.tasks.close()


class Answering:
    """What a person does in the dialog that comes up, once it is there."""

    def __init__(self, qtbot, monkeypatch, *, forget=True):
        self.qtbot = qtbot
        self.seen = []
        monkeypatch.setattr(ForgetDialog, "exec", lambda dialog: self.answer(dialog, forget))

    def answer(self, dialog, forget):
        self.seen.append((dialog.words.text(), dialog.instead.text()))
        if forget:
            self.qtbot.waitUntil(dialog.forget.isEnabled)
            dialog.forget.agreed.emit()
            self.qtbot.waitUntil(lambda: dialog.forgotten)
        return 0


def test_from_the_list_of_people_its_names_and_role_are_there_already(window, qtbot, monkeypatch):
    person = Answering(qtbot, monkeypatch)
    window.open_incident("tickets")
    desk = window.desk
    desk.look("restate")
    row = desk.restate.people._rows["p1"]
    row.name.customContextMenuRequested.emit(QPoint(4, 4))
    menu = QApplication.activePopupWidget()
    actions = {action.text(): action for action in menu.actions()}
    actions["Forget this name…"].trigger()
    menu.close()
    assert person.seen == [("Aroha Tane, Aroha, Tane", "the tech lead")]
    assert window.desk.session.document.get(Person, "p1").name == "[name forgotten]"
    assert window.desk.restate.people._rows["p1"].name.toPlainText() == "[name forgotten]"
    assert window.desk is not desk


def test_what_is_being_typed_is_forgotten_too_and_comes_not_back(window, qtbot, monkeypatch, path):
    Answering(qtbot, monkeypatch)
    window.open_incident("tickets")
    desk = window.desk
    desk.look("restate")
    line = desk.agenda.parking.line
    line.setFocus()
    QTest.keyClicks(line, "Ask Aroha Tane")
    line.settle()
    window.forgetting._ask("Aroha Tane, Aroha, Tane", "the tech lead")
    qtbot.waitUntil(lambda: window.desk.session.session.saving.state == "saved")
    typed = [p.text for p in window.desk.session.document.all(Parked)]
    shown = window.desk.agenda.parking.line.toPlainText()
    assert "Ask the tech lead" in [*typed, shown]
    window.close()
    assert "library.sqlite" not in traces(path.parent, "Aroha")


def test_from_the_commands_and_from_the_start_page_words_are_asked_for(window, qtbot, monkeypatch):
    person = Answering(qtbot, monkeypatch, forget=False)
    window.show_start()
    press(qtbot, window._start._forget)
    window.open_incident("tickets")
    window.desk.trigger("forget")
    assert person.seen == [("", "[removed]")] * 2
    window.library.read_only = True
    window.desk.trigger("forget")
    assert len(person.seen) == 2
    assert "copy to look at" in window.desk.messages.text
    window.library.read_only = False


def test_the_words_that_share_safe_copies_replace_go_when_copies_do(window, qtbot, monkeypatch):
    window.settings = Settings(share_words="Aroha=x\nAcme=y")

    def answer(dialog):
        qtbot.waitUntil(dialog.forget.isEnabled)
        dialog.backups.setChecked(True)
        dialog.forget.agreed.emit()
        qtbot.waitUntil(lambda: dialog.forgotten)

    monkeypatch.setattr(ForgetDialog, "exec", answer)
    window.show_start()
    window.forgetting._ask("Aroha", "")
    assert window.settings.share_words == "Acme=y"


def test_a_title_that_names_the_person_is_not_said_instead():
    assert _role_of(Person("p", "Kim Lane", "on-call", "deputy of Kim"), "the deputy of Kim") == (
        "the on-call engineer"
    )
