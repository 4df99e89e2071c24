"""Signing in the window with a card or token, and with a mark drawn by hand."""

import logging
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from facilitator.report import token
from facilitator.report.verify import verify_pdf
from facilitator.settings import Settings
from facilitator.ui.report import ink_pad, key_panels
from facilitator.ui.report.ink_pad import InkPanel
from facilitator.ui.report.sign_dialog import SignDialog
from facilitator.ui.report.signing import FileKey, Found
from facilitator.ui.report.work import fingerprint_in, whose
from tests.report import signing_kit as kit
from tests.report.token_kit import MODULE, PIN, Cards, StrangeModules, logins, needs_softhsm


@pytest.fixture
def here(monkeypatch):
    """The modules that the computer has: none, unless a test says so."""
    found = []
    monkeypatch.setattr(key_panels, "modules_here", lambda: found)
    return found


@pytest.fixture
def make_dialog(qtbot, tasks, here, tmp_path):
    def make(**more):
        pdf = tmp_path / "report.pdf"
        pdf.write_bytes(kit.final_report())
        dialog = SignDialog(
            more.pop("tasks", tasks), pdf, "on-call", target=tmp_path / "signed.pdf", **more
        )
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


@pytest.fixture
def dialog(make_dialog):
    return make_dialog()


@pytest.fixture
def company(tmp_path, monkeypatch, here):
    cards = Cards(tmp_path, monkeypatch)
    cards.new()
    cards.put(ec.generate_private_key(ec.SECP256R1()), label="Signature")
    here.append(("SoftHSM", MODULE))
    return cards


@pytest.fixture
def strange(tmp_path, monkeypatch):
    return StrangeModules(tmp_path, monkeypatch)


def signed_by(tmp_path):
    return [each.name for each in verify_pdf((tmp_path / "signed.pdf").read_bytes()).signatures]


@needs_softhsm
def test_a_token_signs_with_its_pin(qtbot, company, dialog, tmp_path):
    kept = []
    dialog.chosen.connect(lambda name, value: kept.append((name, value)))
    qtbot.mouseClick(dialog.card_or_token, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert dialog.token.keys.currentText() == "Signature: Eve Sample, on “Company card”"
    assert dialog.about.startswith("Eve Sample, ")
    assert not dialog.sign.isEnabled()
    dialog.token.pin.setText(PIN)
    with qtbot.waitSignal(dialog.signed):
        dialog.sign.click()
    assert signed_by(tmp_path) == ["Eve Sample"]
    assert dialog.token.pin.text() == ""
    assert kept == [("token_module", str(MODULE))]


@needs_softhsm
def test_a_wrong_pin_is_tried_once_and_what_is_left_is_told(company, dialog, caplog):
    dialog.card_or_token.setChecked(True)
    dialog.token.pin.setText("918273")
    with caplog.at_level(logging.DEBUG):
        dialog.accept()
    assert "does not take this PIN" in dialog.problem
    assert dialog.token.pin.text() == ""
    assert dialog.token.state == "A wrong PIN was typed the last time."
    assert not dialog.sign.isEnabled()
    assert "918273" not in caplog.text
    assert not Path(dialog.target.text()).exists()


@needs_softhsm
def test_a_token_pulled_out_is_missed_and_found_again(company, dialog):
    dialog.card_or_token.setChecked(True)
    company.remove()
    dialog.token.pin.setText(PIN)
    dialog.accept()
    assert "taken out" in dialog.problem
    assert "No card or token is there" in dialog.token.state
    company.new()
    company.put(ec.generate_private_key(ec.SECP256R1()), "Bo Lind")
    dialog.token.look.click()
    assert dialog.about.startswith("Bo Lind")


@needs_softhsm
def test_the_card_of_a_token_is_saved_to_hand_out(company, make_dialog, tmp_path):
    dialog = make_dialog(ask_write=lambda *_: tmp_path / "card.pem")
    dialog.card_or_token.setChecked(True)
    dialog.card.click()
    assert whose(tmp_path / "card.pem") == "Eve Sample"
    assert dialog.about.endswith(fingerprint_in(tmp_path / "card.pem"))


def test_the_module_of_last_time_is_looked_at_first(make_dialog, strange, here, tmp_path):
    here.append(("Another", tmp_path / "another.so"))
    dialog = make_dialog(settings=Settings(token_module=str(strange("usual"))))
    assert dialog.token.module.count() == 0
    dialog.card_or_token.setChecked(True)
    assert dialog.token.module.currentText() == "usual.so"
    assert dialog.token.chosen is not None


def test_a_module_is_chosen_and_one_that_is_none_is_told(make_dialog, strange, tmp_path):
    nothing = tmp_path / "nothing.so"
    nothing.touch()
    answers = iter([nothing, strange("good"), None])
    dialog = make_dialog(ask_read=lambda *_: next(answers))
    dialog.card_or_token.setChecked(True)
    assert "Choose the PKCS#11 module" in dialog.token.state
    with pytest.MonkeyPatch.context() as usual:
        usual.setattr(token, "_PROCESS", Path(token.__file__).with_name("token_process.py"))
        dialog.token.choose.click()
    assert "no PKCS#11 module" in dialog.token.state
    dialog.token.choose.click()
    assert dialog.about.startswith("Eve")
    dialog.token.choose.click()
    assert dialog.about.startswith("Eve")


@pytest.mark.parametrize(
    ("kind", "can_type", "says"),
    [
        ("locked", False, "locked after too many wrong tries"),
        ("last-try", True, "One try is left"),
        ("pad", False, "typed on the reader"),
    ],
)
def test_what_a_token_says_of_its_pin_is_told_before_it_is_typed(
    dialog, strange, kind, can_type, says
):
    dialog.card_or_token.setChecked(True)
    dialog.token.take_module(strange(kind))
    assert says in dialog.token.state
    assert dialog.token.pin.isEnabled() == can_type
    assert dialog.sign.isEnabled() == (kind == "pad")


def test_a_reader_asks_for_the_pin_itself(dialog, strange):
    dialog.card_or_token.setChecked(True)
    module = strange("pad-cancelled")
    dialog.token.take_module(module)
    dialog.accept()
    assert "not given on the reader" in dialog.problem
    assert logins(module) == 1


class LateTasks:
    """Answers when it is told to."""

    def __init__(self):
        self.waiting = []

    def run(self, function, *values, done=None, failed=None):
        self.waiting.append((values, done))


def test_an_answer_about_another_module_comes_too_late(make_dialog, strange, tmp_path):
    tasks = LateTasks()
    dialog = make_dialog(tasks=tasks)
    dialog.card_or_token.setChecked(True)
    slow, quick = strange("slow"), strange("quick")
    dialog.token.take_module(slow)
    dialog.token.take_module(quick)
    assert "Looking" in dialog.token.state
    (_, answer_slow), (_, answer_quick) = tasks.waiting[-2:]
    answer_quick(Found(quick, (), "Nothing in the quick one."))
    answer_slow(Found(slow, (), "Nothing in the slow one."))
    assert dialog.token.state == "Nothing in the quick one."


def test_a_p12_has_a_door_of_its_own(make_dialog, tmp_path):
    file = tmp_path / "eve.p12"
    file.write_bytes(kit.p12(ec.generate_private_key(ec.SECP256R1())))
    asked = []

    def ask(_parent, _title, _folder, kinds):
        asked.append(kinds)
        return file

    dialog = make_dialog(ask_read=ask)
    dialog.p12.setChecked(True)
    assert not dialog.file.new.isVisible()
    dialog.file.choose.click()
    assert asked == ["PKCS#12 (*.p12 *.pfx);;All files (*)"]
    dialog.passphrase.setText(kit.PASSPHRASE)
    dialog.accept()
    assert signed_by(tmp_path) == ["Eve Sample"]


def test_the_keyboard_goes_through_the_kinds_with_arrows(qtbot, dialog):
    dialog.own.setFocus()
    qtbot.keyClick(dialog.own, Qt.Key.Key_Right)
    assert dialog.p12.isChecked()
    qtbot.keyClick(dialog.p12, Qt.Key.Key_Right)
    assert dialog.card_or_token.isChecked()
    assert (dialog.file.isVisible(), dialog.token.isVisible()) == (False, True)
    stops = [
        each for each in dialog.kinds.buttons() if each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == [dialog.card_or_token]


def test_secrets_are_in_no_words_about_an_order():
    assert "hush" not in repr(FileKey(Path("a"), "hush"))


# ---- a mark drawn by hand


def draw(pad, *points):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(pad, QPoint(*point))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*points[-1]))


WAVE = [(20 + 4 * n, 60 + (n % 9) * 3) for n in range(60)]


@pytest.fixture
def ready(dialog, tmp_path):
    """A dialog in which only the button has to be pressed."""
    (tmp_path / "me.pmid").write_bytes(kit.identity("on-call"))
    dialog.take_identity(tmp_path / "me.pmid")
    dialog.passphrase.setText(kit.PASSPHRASE)
    return dialog


def seal_in(tmp_path):
    reader = PdfFileReader(BytesIO((tmp_path / "signed.pdf").read_bytes()))
    seal = next(field for _, value, field in enumerate_sig_fields(reader) if value is not None)
    return seal.get_object()["/AP"]["/N"].data


def test_a_drawn_mark_is_printed_in_the_seal(ready, tmp_path):
    ready.draw.click()
    draw(ready.ink.pad, *WAVE)
    draw(ready.ink.pad, (300, 30))
    assert ready.ink.pad.strokes == 2
    ready.accept()
    seal = seal_in(tmp_path)
    assert seal.count(b" c\n") + seal.count(b" c ") > 30
    assert b"/Span <</Alt <" in seal
    assert ready.ink.pad.ink() is None


def test_who_draws_nothing_signs_as_before(ready, tmp_path):
    assert not ready.ink.isVisible()
    ready.accept()
    assert b"/Span" not in seal_in(tmp_path)


def test_a_mark_that_is_left_out_is_gone(ready, tmp_path):
    ready.draw.click()
    draw(ready.ink.pad, *WAVE)
    ready.draw.click()
    assert not ready.ink.isVisible()
    ready.accept()
    assert b"/Span" not in seal_in(tmp_path)


def test_what_was_drawn_is_dropped_with_the_dialog(ready):
    ready.draw.click()
    draw(ready.ink.pad, *WAVE)
    ready.reject()
    assert ready.ink.pad.strokes == 0
    assert ready.passphrase.text() == ""


@pytest.fixture
def panel(qtbot):
    panel = InkPanel()
    qtbot.addWidget(panel)
    panel.resize(480, 160)
    panel.show()
    return panel


def test_strokes_are_taken_back_one_by_one_or_all(qtbot, panel):
    assert not panel.undo.isEnabled()
    for n in range(3):
        draw(panel.pad, (20 + 9 * n, 20), (60, 60))
    qtbot.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    assert panel.pad.strokes == 2
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert panel.pad.strokes == 0
    assert not panel.clear.isEnabled()


def test_a_finger_draws_too(qtbot, panel):
    finger = QTest.createTouchDevice()
    QTest.touchEvent(panel.pad, finger).press(0, QPoint(20, 20), panel.pad).commit()
    for n in range(1, 9):
        QTest.touchEvent(panel.pad, finger).move(0, QPoint(20 + 9 * n, 40), panel.pad).commit()
    QTest.touchEvent(panel.pad, finger).release(0, QPoint(92, 40), panel.pad).commit()
    qtbot.waitUntil(lambda: panel.pad.strokes == 1)
    (stroke,) = panel.pad.ink().strokes
    assert len(stroke) >= 8


def test_only_the_first_button_draws_and_only_on_the_paper(panel):
    QTest.mousePress(panel.pad, Qt.MouseButton.RightButton, pos=QPoint(20, 20))
    QTest.mouseRelease(panel.pad, Qt.MouseButton.RightButton, pos=QPoint(40, 40))
    assert panel.pad.strokes == 0
    draw(panel.pad, (20, 20), (20, 900))
    (stroke,) = panel.pad.ink().strokes
    assert max(y for _x, y in stroke) == 1.0


def test_a_mark_has_an_end(panel, monkeypatch):
    monkeypatch.setattr(ink_pad, "MOST_POINTS", 70)
    draw(panel.pad, *WAVE)
    draw(panel.pad, *WAVE)
    assert panel.pad.is_full
    assert "Undo a stroke" in panel.words
    draw(panel.pad, (5, 5))
    assert panel.pad.strokes == 2
    assert panel.pad.ink() is not None


def test_the_ink_is_black_on_white_in_every_theme(panel):
    draw(panel.pad, (50, 40), (200, 40))
    picture = panel.pad.grab().toImage()
    assert picture.pixelColor(120, 40).lightness() < 60
    assert picture.pixelColor(120, 20).lightness() > 240
