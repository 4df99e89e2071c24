"""Export and opening in the window: bundles, passphrases, share-safe copies."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QWidget

from facilitator import app
from facilitator.model.document import Document
from facilitator.settings import Settings
from facilitator.store.bundle import read_bundle, write_bundle
from facilitator.store.library import Library
from facilitator.ui.export_dialog import ExportDialog, Exporting
from facilitator.ui.exports import Wish, export_to
from facilitator.ui.library.opening import open_file
from facilitator.ui.passphrase import PassphraseDialog
from facilitator.ui.settings_dialog import SettingsDialog
from facilitator.ui.tasks import Tasks
from facilitator.ui.window import MainWindow
from tests.ui.conftest import small_incident

NOON = datetime(2026, 6, 19, tzinfo=UTC)
SECRET = "correct horse battery"


@pytest.fixture
def document():
    return Document().with_changes(small_incident().changes)


@pytest.fixture
def tasks(qtbot):
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def elsewhere(tmp_path):
    made = Library(tmp_path / "other" / "library.sqlite")
    yield made
    made.close()


@pytest.fixture
def exported(qtbot, session, tasks):
    parent = QWidget()
    qtbot.addWidget(parent)

    def export(place, wish, words=""):
        said, suggested = [], []

        def ask(_parent, _title, path, _kinds):
            suggested.append(path.name)
            return place

        exporting = Exporting(parent, tasks, ask=ask)
        exporting.write(wish, session.session, Settings(share_words=words), NOON, said.append)
        qtbot.waitUntil(lambda: bool(said), timeout=60_000)
        return said[0], suggested[0]

    return export


def test_a_bundle_goes_out_and_comes_back(exported, session, tmp_path, elsewhere):
    place = tmp_path / "a.pmroom"
    said, suggested = exported(place, Wish("bundle"))
    assert said == f"Exported to {place}."
    assert suggested.endswith(".pmroom")
    incident, sentence = open_file(elsewhere, place, None)
    assert sentence == "a.pmroom is open."
    assert elsewhere.document(incident) == session.document


def test_a_share_safe_copy_says_none_of_the_chosen_words(exported, session, tmp_path):
    place = tmp_path / "a.json"
    title = session.document.incident.title
    wish = Wish("json", share_safe=True)
    said, suggested = exported(place, wish, f"{title}=An outage")
    assert "share-safe" in said
    assert suggested == "post-mortem.json"
    assert title not in place.read_text(encoding="utf-8")
    assert "An outage" in place.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_told(exported, tmp_path):
    place = tmp_path / "nowhere" / "a.json"
    said, _suggested = exported(place, Wish("json"))
    assert said.startswith("Nothing was exported")


def test_a_sealed_bundle_opens_when_the_passphrase_is_right(qtbot, document, tasks, tmp_path):
    path = tmp_path / "a.pmroom.age"
    write_bundle(path, document, NOON, SECRET)
    dialog = PassphraseDialog(tasks, path)
    qtbot.addWidget(dialog)
    dialog.line.setText("something else")
    dialog.accept()
    qtbot.waitUntil(lambda: "wrong" in dialog.notice, timeout=60_000)
    assert dialog.document is None
    dialog.line.setText(SECRET)
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.document is not None, timeout=60_000)
    assert dialog.document == document


def test_who_gives_no_passphrase_opens_nothing(window, tmp_path, monkeypatch):
    path = tmp_path / "a.pmroom.age"
    path.write_bytes(b"age-encryption.org/v1\n-> scrypt ")
    monkeypatch.setattr(PassphraseDialog, "exec", lambda dialog: dialog.reject())
    window.show_start()
    window.filing.open_as_new(path)
    assert window.library.incidents() == ()
    assert (window.desk, window._start.notice) == (None, "")


def test_a_hostile_bundle_makes_no_incident_but_a_sentence(tmp_path, elsewhere):
    path = tmp_path / "a.pmroom"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4000)
    incident, sentence = open_file(elsewhere, path, None)
    assert incident == ""
    assert "a.pmroom" in sentence
    assert elsewhere.incidents() == ()


def test_the_dialog_asks_for_the_passphrase_twice(qtbot):
    dialog = ExportDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.first.isVisible()
    dialog.kind.setCurrentIndex(dialog.kind.findData("sealed"))
    assert dialog.first.isVisible()
    dialog.first.setText(SECRET)
    dialog.accept()
    assert "not the same" in dialog.problem
    dialog.again.setText(SECRET)
    dialog.accept()
    assert dialog.wish == Wish("sealed", False, SECRET)


def test_words_that_cannot_be_replaced_are_told_before_a_file_is_chosen(qtbot):
    dialog = ExportDialog(Settings(share_words="x"))
    qtbot.addWidget(dialog)
    dialog.share.setChecked(True)
    dialog.accept()
    assert "two characters" in dialog.problem


def test_the_words_are_a_setting(qtbot):
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.share_words.setPlainText("Acme=Acme Ltd")
    assert "holds" in dialog.problem
    dialog.share_words.setPlainText("Acme=the customer")
    assert dialog.problem == ""
    dialog.reject()
    assert dialog.settings.share_words == "Acme=the customer"


def test_by_its_name_a_file_is_a_bundle_or_text(session, tmp_path):
    for name in ("a.pmroom", "a.md", "a.json"):
        assert export_to(tmp_path / name, session.session, NOON).startswith("Exported")
    assert read_bundle(tmp_path / "a.pmroom") == session.document
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# ")


@pytest.fixture
def window(qtbot, tmp_path):
    made = MainWindow(
        app.make_parts(Library(tmp_path / "own" / "library.sqlite")), Settings(), remember=False
    )
    yield made
    made.close()
    made.deleteLater()


def test_the_window_exports_a_sealed_bundle_and_opens_it_again(
    qtbot, window, tmp_path, monkeypatch
):
    place = tmp_path / "a.pmroom.age"

    def fill(dialog):
        dialog.kind.setCurrentIndex(dialog.kind.findData("sealed"))
        dialog.first.setText(SECRET)
        dialog.again.setText(SECRET)
        dialog.accept()
        return dialog.result()

    def give(dialog):
        dialog.line.setText(SECRET)
        dialog.accept()
        qtbot.waitUntil(lambda: dialog.document is not None, timeout=60_000)

    monkeypatch.setattr(ExportDialog, "exec", fill)
    monkeypatch.setattr(PassphraseDialog, "exec", give)
    monkeypatch.setattr(Exporting.__init__, "__kwdefaults__", {"ask": lambda *_: place})
    window.open_demo()
    before = window.desk.session.document
    window.filing.export()
    qtbot.waitUntil(place.exists, timeout=60_000)
    window.filing.open_as_new(place)
    after = window.desk.session.document
    assert after.incident.title == before.incident.title
    assert after.incident.id != before.incident.id
