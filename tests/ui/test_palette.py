import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from facilitator.language.phrases import Phrase, PhraseBank, Section
from facilitator.ui.actions import COMMANDS
from facilitator.ui.keys import CANVAS_KEYS, KeysDialog, command_keys
from facilitator.ui.palette import CommandPalette
from facilitator.ui.phrases_popup import PhrasesPopup


@pytest.fixture
def window(qtbot):
    window = QWidget()
    window.field = QLineEdit(window)
    QVBoxLayout(window).addWidget(window.field)
    window.resize(1280, 720)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window.field.setFocus()
    return window


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def palette(window, pressed):
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.triggered.connect(lambda _on=False, name=command.id: pressed.append(name))
        actions[command.id] = action
    actions["backup"].setEnabled(False)
    palette = CommandPalette(actions, window)
    palette.open()
    return palette


def test_every_command_is_listed_with_its_key(palette):
    listed = {row.id: (row.text, row.right) for row in palette.listed}
    assert set(listed) == {command.id for command in COMMANDS} - {"palette"}
    assert listed["next"] == ("Next phase", "F12")


def test_typing_narrows_the_list_and_enter_runs_the_first(qtbot, palette, pressed):
    qtbot.keyClicks(palette.line, "phase next")
    assert palette.current.id == "next"
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert pressed == ["next"]
    assert not palette.isVisible()


def test_what_begins_with_the_word_comes_first(qtbot, palette):
    qtbot.keyClicks(palette.line, "room")
    assert palette.listed[0].text.startswith("Room screen")


def test_the_arrows_walk_the_list_while_one_types(qtbot, palette, pressed):
    second = palette.listed[1].id
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.current.id == second
    place = palette.list.visualItemRect(palette.list.item(1)).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pressed == [second]


def test_a_command_that_is_off_does_not_run(qtbot, palette, pressed):
    qtbot.keyClicks(palette.line, "back the library")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert pressed == []
    assert palette.isVisible()


def test_a_word_that_names_nothing_lists_nothing(qtbot, palette, pressed):
    qtbot.keyClicks(palette.line, "zzz")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert (palette.listed, palette.current, pressed) == ([], None, [])


def test_escape_gives_the_keyboard_back(qtbot, window, palette):
    qtbot.keyClick(palette.line, Qt.Key.Key_Tab)
    assert palette.line.hasFocus()
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.field.hasFocus()


def test_using_something_else_shuts_it(window, palette):
    window.field.setFocus()
    assert not palette.isVisible()
    assert window.field.hasFocus()


def test_it_stays_inside_a_small_window(window, palette):
    window.resize(640, 480)
    assert window.rect().contains(palette.geometry())


BANK = PhraseBank(
    elements=(
        Section(
            "calm", "Calm", (Phrase("e1", "Let us look at [Time].", "Calm", "element", "calm"),)
        ),
        Section("data", "Data", (Phrase("e2", "The graph shows it.", "Data", "element", "data"),)),
    ),
    situations=(
        Section(
            "pause", "Pause", (Phrase("s1", "Okay, let us pause.", "Pause", "situation", "pause"),)
        ),
    ),
    openings=(Phrase("o1", "We are here to learn.", "Opening", "opening", "o1"),),
)


@pytest.fixture
def phrases(window):
    popup = PhrasesPopup(BANK, {"Time": "18:14"}, window)
    popup.open()
    return popup


def test_phrases_stand_in_the_order_of_the_script_with_blanks_filled(phrases):
    assert [row.text for row in phrases.listed] == [
        "1. Calm",
        "Let us look at 18:14.",
        "2. Data",
        "The graph shows it.",
        "Pause",
        "Okay, let us pause.",
        "Opening",
        "We are here to learn.",
    ]
    assert phrases.current.id == "e1"


def test_a_situation_is_found_and_the_chosen_sentence_handed_over(qtbot, phrases):
    qtbot.keyClicks(phrases.line, "PAUSE")
    assert [row.text for row in phrases.listed] == ["Pause", "Okay, let us pause."]
    with qtbot.waitSignal(phrases.chosen) as chosen:
        qtbot.keyClick(phrases.line, Qt.Key.Key_Return)
    assert chosen.args == ["Okay, let us pause."]


def test_the_arrows_pass_over_headings(qtbot, phrases):
    qtbot.keyClick(phrases.line, Qt.Key.Key_Down)
    assert phrases.current.id == "e2"
    qtbot.keyClick(phrases.line, Qt.Key.Key_Up)
    assert phrases.current.id == "e1"


def test_every_key_of_every_command_is_in_the_table(qtbot):
    dialog = KeysDialog()
    qtbot.addWidget(dialog)
    shown = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    for command in COMMANDS:
        for key in command.keys:
            assert key.replace("Return", "Enter").replace("+", " ") in shown
    for heading in CANVAS_KEYS:
        assert heading in shown


def test_keys_are_spelt_as_the_toolkit_knows_them():
    for _group, keys in command_keys():
        for shown, _does in keys:
            for one in shown.split(", "):
                typed = one.replace(" ", "+") if one != "Ctrl ," else "Ctrl+,"
                assert not QKeySequence(typed).isEmpty()
