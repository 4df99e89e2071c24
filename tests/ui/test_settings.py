import json
import os
import sys

import pytest
from PySide6.QtCore import Qt

from facilitator.settings import (
    CHOICES,
    Settings,
    SettingsFile,
    load_settings,
    save_settings,
    settings_file,
)
from facilitator.ui.labels import PlainLabel
from facilitator.ui.settings_dialog import SettingsDialog
from tests.report.pki_kit import Authority, pem


def test_without_a_file_the_defaults_hold():
    assert load_settings() == Settings()


def test_what_is_saved_is_loaded_again():
    settings = Settings(theme="dark", room_size="large", sound=False, reports_folder="/srv/Ōt")
    save_settings(settings)
    assert load_settings() == settings


def test_keys_of_another_version_are_kept():
    settings_file().write_text('{"theme": "dark", "later": {"a": [1]}}')
    save_settings(load_settings().with_values(theme="light"))
    stored = json.loads(settings_file().read_text())
    assert (stored["theme"], stored["later"]) == ("light", {"a": [1]})


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("sound", 1), ("ui_px", 14.0), ("ui_px", 400), ("reports_folder", None)],
)
def test_a_wrong_value_gives_way_to_the_default_with_a_line_in_the_log(no_log_noise, name, value):
    settings_file().write_text(json.dumps({name: value, "room_size": "large"}))
    assert load_settings() == Settings(room_size="large")
    assert [name in line for line in no_log_noise] == [True]
    no_log_noise.clear()


@pytest.mark.parametrize("text", ["", "{", "[]", '"dark"', "\udcff", "[" * 100_000])
def test_a_file_that_is_none_gives_way_to_defaults_with_a_line_in_the_log(no_log_noise, text):
    settings_file().write_bytes(text.encode(errors="surrogateescape"))
    assert load_settings() == Settings()
    assert [line.startswith("WARNING facilitator.settings") for line in no_log_noise] == [True]
    no_log_noise.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="no such bits there")
def test_only_the_owner_may_read_them():
    save_settings(Settings())
    assert settings_file().stat().st_mode & 0o077 == 0


def test_a_write_that_fails_leaves_the_old_file(monkeypatch):
    save_settings(Settings(theme="dark"))

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_settings(Settings())
    assert load_settings().theme == "dark"
    assert [path.name for path in settings_file().parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("values", [{"theme": "pink"}, {"unknown": {}}, {"nothing": 1}])
def test_a_value_that_cannot_be_is_refused(values):
    with pytest.raises(ValueError, match="cannot be"):
        Settings().with_values(**values)


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = SettingsDialog(Settings(), ask=lambda *_: tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize("name", ["theme", "room_size", "room_theme", "ui_px"])
def test_every_choice_is_offered_and_told_at_once(qtbot, dialog, name):
    choice = dialog.choices[name]
    assert [choice.itemData(i) for i in range(choice.count())] == list(CHOICES[name])
    other = next(i for i in range(choice.count()) if i != choice.currentIndex())
    with qtbot.waitSignal(dialog.changed) as changed:
        choice.setCurrentIndex(other)
        choice.activated.emit(other)
    assert getattr(changed.args[0], name) == choice.itemData(other)


@pytest.mark.parametrize("name", ["sound", "hints_on"])
def test_a_switch_is_told_at_once(qtbot, dialog, name):
    with qtbot.waitSignal(dialog.changed) as changed:
        qtbot.keyClick(getattr(dialog, name), Qt.Key.Key_Space)
    assert getattr(changed.args[0], name) is False


def test_the_folder_is_chosen_or_typed_and_must_be_there(qtbot, dialog, tmp_path):
    with qtbot.assertNotEmitted(dialog.changed):
        dialog.folder.setText(str(tmp_path / "nowhere"))
        qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert dialog.problem == f"There is no folder {tmp_path / 'nowhere'}."
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.folder.setText(str(tmp_path))
        qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert changed.args[0].reports_folder == str(tmp_path)
    assert dialog.problem == ""


def test_of_settings_that_wait_to_be_saved_the_last_is_what_is_kept():
    file = SettingsFile()
    for theme in ("dark", "light", "dark"):
        file.take(Settings(theme=theme, room_size="large"))
    file.save()
    assert load_settings() == Settings(theme="dark", room_size="large")
    save_settings(Settings())
    file.save()
    assert load_settings() == Settings()


def test_a_timestamp_service_is_off_until_somebody_names_one(qtbot, dialog):
    assert Settings().timestamp_url == ""
    assert not Settings().revocation_fetch
    assert dialog.proofs.url.text() == ""
    dialog.proofs.url.setText("time.example.org")
    with qtbot.assertNotEmitted(dialog.changed):
        dialog.accept()
    assert dialog.isVisible()
    assert "has an address like" in dialog.problem
    dialog.proofs.url.setText(" https://time.example.org/tsa ")
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.accept()
    assert changed.args[0].timestamp_url == "https://time.example.org/tsa"
    assert (dialog.isVisible(), dialog.problem) == (False, "")


def test_files_are_looked_at_before_they_are_taken(qtbot, dialog, tmp_path):
    company = Authority("Example Company CA")
    for name, data in (("ca.pem", pem(company.cert)), ("list.crl", company.crl()), ("no", b"no")):
        (tmp_path / name).write_bytes(data)
    for choice, setting, good in (
        (dialog.proofs.trust, "timestamp_trust", "ca.pem"),
        (dialog.proofs.lists, "revocation_files", "list.crl"),
    ):
        with qtbot.assertNotEmitted(dialog.changed):
            choice.take((tmp_path / "no",))
        assert dialog.problem.startswith("no: ")
        choice.take((tmp_path / good,))
        assert dialog.problem == ""
        assert dialog.settings.files_of(setting) == (tmp_path / good,)
        assert choice.names.text() == good
        qtbot.keyClick(choice.none, Qt.Key.Key_Space)
        assert dialog.settings.files_of(setting) == ()


def test_who_signs_without_asking_and_who_asks_issuers_says_so(qtbot, dialog):
    for switch, name in (
        (dialog.proofs.without, "sign_without_timestamp"),
        (dialog.proofs.fetch, "revocation_fetch"),
    ):
        qtbot.keyClick(switch, Qt.Key.Key_Space)
        assert getattr(dialog.settings, name) is True


def test_what_leaves_the_computer_is_said_where_it_is_chosen(dialog):
    said = " ".join(label.text() for label in dialog.findChildren(PlainLabel))
    assert "Empty: nothing leaves this computer" in said
    assert "a hash of each signature goes there, nothing of the report" in said
