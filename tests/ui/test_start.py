from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from facilitator.model.edits.incident import new_incident
from facilitator.model.records import Incident
from facilitator.store.problems import NotSaved
from facilitator.store.summaries import Summary
from facilitator.ui.library.delete import DeleteDialog
from facilitator.ui.library.new_incident import NewIncidentDialog, system_zone
from facilitator.ui.library.recent import line_about
from facilitator.ui.library.start import StartPage
from facilitator.ui.twice import CONSIDER
from tests.ui.conftest import at, small_incident

NOON = datetime(2026, 6, 19, 0, 0, tzinfo=UTC)


def other_incident(title="Door <b>2</b> & the gate", ident="door"):
    return new_incident(title, (), NOON, incident_id=ident, zone="Pacific/Auckland")


@pytest.fixture
def page(qtbot, library, theme):
    library.create(small_incident())
    library.create(other_incident())
    page = StartPage(library, theme)
    qtbot.addWidget(page)
    page.show()
    return page


def test_the_first_run_offers_three_choices_and_no_list(qtbot, library, theme):
    page = StartPage(library, theme)
    qtbot.addWidget(page)
    page.show()
    assert not page.recent.isVisible()
    assert page.new.hasFocus() or page.focusWidget() is page.new
    with qtbot.waitSignals([page.new_asked, page.demo_asked]):
        qtbot.mouseClick(page.new, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(page.demo, Qt.MouseButton.LeftButton)


def test_incidents_are_listed_with_what_one_needs_to_know(page):
    rows = [
        page.recent.item(i).data(Qt.ItemDataRole.AccessibleTextRole)
        for i in range(page.recent.count())
    ]
    assert sorted(rows) == [
        "Door <b>2</b> & the gate, no severity, Planned, Begun 19 June 2026",
        "Tickets are printed without a seat, P1, Planned,"
        " 5 March 2026, 09:00 CET · 1 h 15 min · 1 open action",
    ]


def test_enter_opens_and_delete_asks_by_keyboard(qtbot, page):
    picked = page.recent.picked.id
    with qtbot.waitSignal(page.open_asked) as opened:
        qtbot.keyClick(page.recent, Qt.Key.Key_Return)
    with qtbot.waitSignal(page.delete_asked) as deleted:
        qtbot.keyClick(page.recent, Qt.Key.Key_Delete)
    assert (opened.args, deleted.args) == ([picked], [picked])


@pytest.mark.parametrize(
    ("key", "signal"), [(Qt.Key.Key_N, "new_asked"), (Qt.Key.Key_Comma, "settings_asked")]
)
def test_the_keys_that_are_shown_work_without_a_desk(qtbot, page, key, signal):
    page.activateWindow()
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)


def test_the_keyboard_begins_at_the_incidents(qtbot, page):
    qtbot.waitUntil(lambda: page.focusWidget() is page.recent)


def test_a_double_click_opens(qtbot, page):
    place = page.recent.visualItemRect(page.recent.item(1)).center()
    with qtbot.waitSignal(page.open_asked) as opened:
        qtbot.mouseClick(page.recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(page.recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [page.recent.picked.id]


def test_a_title_of_any_length_fits(qtbot, library, theme):
    library.create(other_incident("word " * 19_000, "long"))
    page = StartPage(library, theme)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    assert page.minimumSizeHint().width() < 1280
    question = DeleteDialog(page.recent.picked)
    qtbot.addWidget(question)
    assert question.sizeHint().height() < 600


def test_a_deleted_incident_leaves_the_list(page, library):
    library.forget("door")
    page.refresh()
    assert page.recent.count() == 1
    assert page.recent.picked.id == "tickets"


def test_an_incident_is_deleted_once_that_is_wanted(page, library, monkeypatch):
    answers = iter([None, (False, False)])
    monkeypatch.setattr(page, "ask_delete", lambda _id: next(answers))
    page.delete("door")
    assert page.recent.count() == 2
    page.delete("door")
    assert [s.id for s in library.incidents()] == ["tickets"]
    assert (page.recent.count(), page.notice) == (1, "")


def test_a_deletion_that_cannot_be_says_why(page, library, monkeypatch):
    def full(_id, *, backups_too, damaged_too):
        raise NotSaved("The disk is full. Make room on it.")

    monkeypatch.setattr(page, "ask_delete", lambda _id: (True, False))
    monkeypatch.setattr(library, "forget", full)
    page.delete("door")
    assert page.notice == "It was not deleted. The disk is full. Make room on it."
    assert page.recent.count() == 2


def test_the_chosen_file_is_handed_on_and_none_changes_nothing(qtbot, library, theme, tmp_path):
    answers = iter([None, tmp_path / "moments.csv"])
    page = StartPage(library, theme, ask=lambda *_: next(answers))
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(page.import_asked):
        page.file.click()
    with qtbot.waitSignal(page.import_asked) as asked:
        page.file.click()
    assert asked.args == [tmp_path / "moments.csv"]


def test_a_dropped_file_is_handed_on(qtbot, page, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "moments.csv"))])
    drop = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.import_asked) as asked:
        page.dropEvent(drop)
    assert asked.args == [tmp_path / "moments.csv"]


def test_what_is_told_is_shown_and_can_be_taken_away(page):
    page.tell("No times in <i>this</i> file.")
    assert page.notice == "No times in <i>this</i> file."
    page.tell("")
    assert page.notice == ""


def test_the_line_speaks_the_zone_of_the_incident():
    night = datetime(2026, 6, 18, 20, 0, tzinfo=UTC)
    summary = Summary(
        "x", "T", "", night, None, night, night, "planned", 2, False, "Pacific/Auckland"
    )
    assert line_about(summary) == "19 June 2026, 08:00 NZST · 2 open actions"


@pytest.fixture
def dialog(qtbot):
    dialog = NewIncidentDialog(now=lambda: NOON)
    qtbot.addWidget(dialog)
    dialog.zone.setCurrentText("Pacific/Auckland")
    return dialog


def test_a_title_is_enough(qtbot, dialog):
    assert not dialog.start.isEnabled()
    qtbot.keyClicks(dialog.title, "Gate stuck")
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert dialog.values == {"title": "Gate stuck", "zone": "Pacific/Auckland"}


def test_the_zone_of_the_machine_is_preselected(qtbot):
    dialog = NewIncidentDialog()
    qtbot.addWidget(dialog)
    assert dialog.zone.currentText() == system_zone() == "UTC"


def test_times_are_read_in_the_zone_and_read_back(dialog):
    dialog.title.setText("Gate stuck")
    dialog.severity.setCurrentIndex(2)
    dialog.started.setText("2026-06-18 18:14")
    dialog.resolved.setText("21:08")
    assert dialog.read_back == (
        "Began Thursday 18 June 2026, 18:14 NZST; resolved Thursday 18 June 2026, 21:08 NZST; "
        "the post-mortem is due 48 h after that."
    )
    dialog.accept()
    assert dialog.values["started_at"] == datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
    assert dialog.values["resolved_at"] == datetime(2026, 6, 18, 9, 8, tzinfo=UTC)
    assert dialog.values["severity"] == "P1"


def test_a_p3_wants_a_reason_and_stays_open_without_one(dialog):
    dialog.show()
    dialog.title.setText("Gate stuck")
    assert not dialog.reason.isVisible()
    dialog.severity.setCurrentIndex(4)
    assert dialog.reason.isVisible()
    dialog.accept()
    assert dialog.values is None
    assert "needs no post-mortem" in dialog.problem
    dialog.reason.setText("It happened three times")
    dialog.accept()
    assert dialog.values["reason"] == "It happened three times"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("started", "yesterday", "“yesterday” is no time."),
        ("resolved", "25:00", "“25:00” is no time."),
        ("zone", "Mars/Olympus", "“Mars/Olympus” is no time zone."),
    ],
)
def test_what_cannot_be_read_is_named_where_it_is_typed(dialog, field, text, words):
    dialog.title.setText("Gate stuck")
    dialog.started.setText("18:00")
    widget = getattr(dialog, field)
    widget.setCurrentText(text) if field == "zone" else widget.setText(text)
    assert dialog.problem.startswith(words)
    dialog.accept()
    assert dialog.values is None


def test_resolved_before_it_began_is_refused(dialog):
    dialog.title.setText("Gate stuck")
    dialog.started.setText("18:14")
    dialog.resolved.setText("17:00")
    dialog.accept()
    assert dialog.values is None
    assert dialog.problem == "The incident cannot be resolved before it started."


def test_what_the_dialog_says_makes_an_incident(dialog):
    dialog.title.setText("  Gate\nstuck ")
    dialog.accept()
    edit = new_incident(topics=(), created_at=NOON, **dialog.values)
    incident = edit.changes[0].after
    assert isinstance(incident, Incident)
    assert (incident.title, incident.zone) == ("Gate stuck", "Pacific/Auckland")


class Seconds:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def question(qtbot, seconds):
    summary = Summary(
        "x", "Door <b>2</b>", "P1", at(8, 0), None, at(8, 0), at(9, 0), "held", 0, False
    )
    dialog = DeleteDialog(summary, clock=seconds)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_deleting_takes_a_second_deliberate_press(qtbot, question, seconds):
    qtbot.mouseClick(question.delete, Qt.MouseButton.LeftButton)
    assert question.is_armed
    assert question.delete.text() == "Press again to delete for good"
    seconds.now += CONSIDER / 4
    qtbot.mouseClick(question.delete, Qt.MouseButton.LeftButton)
    assert question.isVisible()
    seconds.now += CONSIDER
    qtbot.mouseClick(question.delete, Qt.MouseButton.LeftButton)
    assert question.result() == DeleteDialog.DialogCode.Accepted


def test_enter_keeps_the_incident(qtbot, question):
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert question.result() == DeleteDialog.DialogCode.Rejected
    assert not question.isVisible()


def test_asking_for_the_backups_as_well_starts_the_question_anew(question):
    question.delete.click()
    question.backups.setChecked(True)
    assert question.backups_too
    assert not question.is_armed


def test_damaged_copies_are_named_with_their_dates_and_go_only_when_ticked(
    qtbot, page, library, monkeypatch
):
    damaged = library.path.with_name("library-damaged-20260704T101500Z.sqlite")
    damaged.write_bytes(b"no library any more, of a door")
    asked = []

    def agree(dialog):
        asked.append(dialog.damaged.text())
        assert not dialog.damaged.isHidden()
        dialog.backups.setChecked(True)
        dialog.damaged.setChecked(len(asked) == 2)
        return DeleteDialog.DialogCode.Accepted

    monkeypatch.setattr(DeleteDialog, "exec", agree)
    page.delete("door")
    assert "04 Jul 2026, 10:15" in asked[0]
    assert damaged.exists()
    assert "1 copy keeps it or may: library-damaged-20260704T101500Z.sqlite" in page.notice
    page.delete("tickets")
    assert not damaged.exists()
    assert library.incidents() == ()


@pytest.mark.usefixtures("no_exec")
def test_a_page_that_is_asked_to_delete_says_none_when_it_is_kept(page):
    assert page.ask_delete("door") is None
    assert page.ask_delete("nobody") is None
    assert page.ask_new() is None


@pytest.fixture
def no_exec(monkeypatch):
    """Dialogs are closed as soon as they would wait for somebody."""
    monkeypatch.setattr(DeleteDialog, "exec", lambda self: self.result())
    monkeypatch.setattr(NewIncidentDialog, "exec", lambda self: self.result())
