import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from facilitator.model.edits.fixes import change_fix
from facilitator.model.edits.incident import change_incident
from facilitator.model.edits.people import add_person
from facilitator.model.edits.whys import mark_root_cause
from facilitator.model.freeze import is_frozen
from facilitator.model.records import Revision, Signature
from facilitator.report.verify import verify_pdf
from facilitator.settings import Settings
from facilitator.ui.files import ask_open, ask_save
from facilitator.ui.report.board import SignBoard
from facilitator.ui.report.identity_dialog import IdentityDialog
from facilitator.ui.report.sign_dialog import SignDialog, signed_name
from facilitator.ui.report.verify_dialog import VerifyDialog
from facilitator.ui.report.work import Checked, fingerprint_in, make_card, whose
from tests.report import signing_kit as kit

NOON = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)


@pytest.fixture
def ready(session):
    """The small incident with everything that a signature needs."""
    session.do(
        change_incident,
        summary="Tickets were printed without a seat for an hour.",
        impact="About 400 guests had to ask for their seat.",
        level="scope",
    )
    session.do(mark_root_cause, "w3")
    session.do(
        change_fix,
        change="Print one ticket in the nightly test",
        artefact_kind="test",
        artefact="Nightly test",
        owner="Tech lead",
        due=date(2026, 3, 20),
        check="No unreadable ticket in April",
    )
    session.do(add_person, "Chi Ward", "product-owner")
    return session


class Places:
    """Answers the question for a file, and remembers what was suggested."""

    def __init__(self, folder):
        self.folder = folder
        self.suggested = []
        self.cancel = False

    def __call__(self, _parent, _title, suggested, _kinds):
        self.suggested.append(suggested)
        return None if self.cancel else self.folder / suggested.name


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path)


@pytest.fixture
def make_board(qtbot, theme, tasks, chosen, places):
    def make(session, hints=()):
        board = SignBoard(
            session,
            theme,
            settings=chosen,
            tasks=tasks,
            open_hints=lambda: hints,
            now=lambda: NOON,
            ask=places,
        )
        qtbot.addWidget(board)
        board.settings_changed.connect(chosen.take)
        board.resize(1180, 400)
        with qtbot.waitExposed(board):
            board.show()
        return board

    return make


@pytest.fixture
def board(make_board, ready):
    return make_board(ready)


@pytest.fixture
def identities(tmp_path):
    """Files of identities that open quickly, by role."""
    made = {}
    for role in kit.THREE:
        made[role] = tmp_path / f"{role}.pmid"
        made[role].write_bytes(kit.identity(role))
    return made


def final_file(tmp_path):
    return tmp_path / "post-mortem-tickets-are-printed-without-a-seat-r1.pdf"


def sign(board, identities, role, passphrase=kit.PASSPHRASE):
    dialog = board.sign_dialog(role)
    dialog.take_identity(identities[role])
    dialog.passphrase.setText(passphrase)
    dialog.accept()
    return dialog


def test_what_stands_in_the_way_is_listed_with_a_way_to_it(qtbot, make_board, session):
    board = make_board(session)
    assert "Say what the impact was." in board.gaps.sentences
    assert not board.steps.final.isEnabled()
    go = next(
        b
        for b in board.findChildren(QPushButton)
        if b.accessibleName() == "Go there: Say what the impact was."
    )
    with qtbot.waitSignal(board.go_asked) as asked:
        qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    assert asked.args == ["incident:tickets:impact"]


def test_a_gap_that_is_closed_leaves_the_list(make_board, session):
    board = make_board(session)
    before = len(board.gaps.sentences)
    session.do(change_incident, impact="400 guests")
    assert len(board.gaps.sentences) == before - 1


def test_a_final_report_is_not_made_while_something_stands_in_the_way(make_board, session, places):
    board = make_board(session)
    board.make_final()
    assert board.notice == "Something still stands in the way; see the list."
    assert places.suggested == []
    assert not is_frozen(session.document)


def test_a_draft_can_be_saved_at_any_time_and_freezes_nothing(make_board, session, tmp_path):
    board = make_board(session)
    board.steps.draft.click()
    draft = tmp_path / "post-mortem-tickets-are-printed-without-a-seat-r1-draft.pdf"
    assert draft.read_bytes().startswith(b"%PDF-")
    assert not is_frozen(session.document)
    assert "Nobody can sign it" in board.result.text


def test_the_final_report_freezes_the_incident_and_asks_for_signatures(board, ready, tmp_path):
    assert board.gaps.sentences == ()
    assert board.signatures.buttons == {}
    board.steps.final.click()
    assert is_frozen(ready.document)
    (revision,) = ready.document.all(Revision)
    assert (revision.number, revision.at, revision.roles) == (1, NOON, kit.THREE)
    assert list(board.signatures.buttons) == list(kit.THREE)
    assert verify_pdf(final_file(tmp_path).read_bytes()).missing == kit.THREE


def test_three_people_sign_one_after_the_other(board, ready, identities, tmp_path):
    board.make_final()
    for role in kit.THREE:
        sign(board, identities, role)
    assert [s.role for s in ready.document.all(Signature)] == list(kit.THREE)
    assert board.signatures.buttons == {}
    last = signed_name(final_file(tmp_path), 3, 3)
    assert board.result.path == last
    assert "Everybody required has signed this report" in board.result.text
    assert verify_pdf(last.read_bytes()).word == "good"


def test_the_keyboard_goes_on_with_whoever_signs_next(board, identities):
    board.make_final()
    sign(board, identities, "tech-lead")
    assert board.focusWidget() is board.signatures.buttons["on-call"]


def test_signatures_survive_and_so_does_the_place_of_the_file(
    board, make_board, ready, identities, tmp_path
):
    board.make_final()
    sign(board, identities, "tech-lead")
    again = make_board(ready)
    assert again.signatures.states["tech-lead"].startswith("✓  signed ")
    dialog = again.sign_dialog("on-call")
    assert dialog.pdf.text() == str(signed_name(final_file(tmp_path), 1, 3))
    assert dialog.target.text() == str(signed_name(final_file(tmp_path), 2, 3))


def test_a_wrong_passphrase_signs_nothing_and_is_asked_for_again(board, ready, identities):
    board.make_final()
    dialog = sign(board, identities, "tech-lead", "not the passphrase")
    assert dialog.problem == "The passphrase does not open this identity. Type it again."
    assert dialog.passphrase.text() == ""
    assert not dialog.sign.isEnabled()
    assert ready.document.all(Signature) == ()
    dialog.passphrase.setText(kit.PASSPHRASE)
    dialog.accept()
    assert len(ready.document.all(Signature)) == 1


def test_an_identity_for_another_role_is_refused(board, ready, identities):
    board.make_final()
    dialog = board.sign_dialog("on-call")
    dialog.take_identity(identities["tech-lead"])
    dialog.passphrase.setText(kit.PASSPHRASE)
    dialog.accept()
    assert "cannot sign as on-call engineer" in dialog.problem
    assert ready.document.all(Signature) == ()


def test_a_place_that_cannot_be_written_is_named(board, ready, identities, tmp_path):
    board.make_final()
    dialog = board.sign_dialog("tech-lead")
    dialog.take_identity(identities["tech-lead"])
    dialog.passphrase.setText(kit.PASSPHRASE)
    dialog.target.setText(str(tmp_path / "nowhere" / "signed.pdf"))
    dialog.accept()
    assert "nowhere" in dialog.problem
    assert "No such file or directory" in dialog.problem
    assert ready.document.all(Signature) == ()


def test_without_its_file_the_report_is_to_be_saved_again(board, ready, tmp_path):
    board.make_final()
    first = final_file(tmp_path).read_bytes()
    final_file(tmp_path).unlink()
    assert board.sign_dialog("tech-lead") is None
    assert "save it again" in board.notice
    assert board.steps.final.text() == "Save the final report again…"
    board.steps.final.click()
    assert final_file(tmp_path).read_bytes() == first
    assert len(ready.document.all(Revision)) == 1


def test_opening_a_new_revision_takes_two_presses_and_counts_on(qtbot, board, ready, places):
    board.make_final()
    qtbot.mouseClick(board.revision.open, Qt.MouseButton.LeftButton)
    assert is_frozen(ready.document)
    qtbot.mouseClick(board.revision.open, Qt.MouseButton.LeftButton)
    assert not is_frozen(ready.document)
    ready.do(change_incident, impact="About 420 guests had to ask for their seat.")
    board.make_final()
    assert places.suggested[-1].name.endswith("-r2.pdf")
    assert [r.number for r in ready.document.all(Revision) if r.digest] == [1, 2]


def test_a_change_while_the_report_is_made_freezes_nothing(board, ready, tasks, monkeypatch):
    run = tasks.run

    def run_later(function, *values, **named):
        ready.do(change_incident, impact="Something else")
        run(function, *values, **named)

    monkeypatch.setattr(tasks, "run", run_later)
    board.make_final()
    assert board.notice == "The incident changed while the report was made. Make it once more."
    assert not is_frozen(ready.document)


def test_a_copy_that_somebody_signed_elsewhere_is_remembered(board, ready, identities, tmp_path):
    board.make_final()
    elsewhere = tmp_path / "from-mail.pdf"
    pdf = final_file(tmp_path).read_bytes()
    elsewhere.write_bytes(
        kit.sign_pdf(pdf, kit.identity("product-owner"), kit.PASSPHRASE, "product-owner")
    )
    board._take_copy(Checked(elsewhere, verify_pdf(elsewhere.read_bytes())))
    assert [s.role for s in ready.document.all(Signature)] == ["product-owner"]
    assert board.sign_dialog("tech-lead").pdf.text() == str(elsewhere)


def test_a_signed_copy_of_another_report_is_not(board, ready, tmp_path):
    board.make_final()
    other = tmp_path / "other.pdf"
    other.write_bytes(kit.signed(("tech-lead",)))
    board._take_copy(Checked(other, verify_pdf(other.read_bytes())))
    assert ready.document.all(Signature) == ()


def test_who_thinks_better_of_it_changes_nothing(board, ready, places):
    places.cancel = True
    board.steps.final.click()
    board.steps.draft.click()
    assert not is_frozen(ready.document)
    assert board.notice == ""


def test_the_folder_is_remembered(qtbot, board, tmp_path):
    with qtbot.waitSignal(board.settings_changed) as changed:
        board.save_draft()
    assert changed.args[0].reports_folder == str(tmp_path)


def test_the_path_can_be_copied(board, tmp_path):
    board.make_final()
    board.result.copy_path()
    assert QGuiApplication.clipboard().text() == str(final_file(tmp_path))
    assert board.notice == "The path is on the clipboard."


def test_leadership_signs_a_p0_too(make_board, ready):
    ready.do(change_incident, severity="P0")
    ready.do(add_person, "Dana Ruiz", "leadership")
    board = make_board(ready)
    board.make_final()
    assert list(board.signatures.buttons) == list(kit.FOUR)


def test_the_gates_and_the_signatures_share_a_narrow_board(qtbot, board):
    board.resize(640, 260)
    qtbot.waitUntil(lambda: board.gaps.width() > 500)
    assert board.horizontalScrollBar().maximum() == 0


def test_a_card_is_saved_to_hand_out(qtbot, tasks, identities, tmp_path, places):
    dialog = SignDialog(
        tasks, tmp_path / "r.pdf", "on-call", target=tmp_path / "s.pdf", ask_write=places
    )
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.card.isVisible()
    dialog.take_identity(identities["on-call"])
    dialog.card.click()
    card = tmp_path / "on-call-card.pem"
    assert whose(card) == "Bo O'Neil, on-call engineer"
    assert dialog.about.endswith(fingerprint_in(identities["on-call"]))
    identities["on-call"].write_text("nothing")
    dialog.take_identity(tmp_path)
    dialog.take_identity(identities["on-call"])
    assert not dialog.card.isVisible()


@pytest.fixture
def making(qtbot, tasks, tmp_path):
    dialog = IdentityDialog(tasks, role="on-call", name="Bo Lind", folder=str(tmp_path))
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("short", "short", "The passphrase needs 7 more characters; at least 12 in all."),
        (
            "eleven char",
            "eleven char",
            "The passphrase needs 1 more character; at least 12 in all.",
        ),
        ("four quiet chairs", "four quiet chair", "The two passphrases are not the same yet."),
    ],
)
def test_a_passphrase_is_long_and_said_twice(making, first, second, state):
    making.passphrase.setText(first)
    making.again.setText(second)
    assert making.state == state
    assert not making.make.isEnabled()


def test_an_identity_is_made_for_its_owner_alone(qtbot, making, tmp_path):
    making.passphrase.setText(kit.PASSPHRASE)
    making.again.setText(kit.PASSPHRASE)
    with qtbot.waitSignal(making.made) as made:
        making.make.click()
    path = tmp_path / "bo-lind-on-call.pmid"
    assert made.args == [path]
    assert whose(path) == "Bo Lind, on-call engineer"
    assert (making.passphrase.text(), making.again.text()) == ("", "")
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in make_card(path, tmp_path / "card.pem").read_bytes()


def test_an_identity_that_is_there_is_never_written_over(making, tmp_path):
    path = tmp_path / "bo-lind-on-call.pmid"
    path.write_text("mine")
    making.passphrase.setText(kit.PASSPHRASE)
    making.again.setText(kit.PASSPHRASE)
    making.make.click()
    assert path.read_text() == "mine"
    assert "already a file" in making.problem


def test_no_passphrase_stays_when_the_dialog_is_given_up(making):
    making.passphrase.setText("four quiet")
    making.reject()
    assert making.passphrase.text() == ""


@pytest.fixture
def verifying(qtbot, tasks, theme, tmp_path):
    dialog = VerifyDialog(tasks, theme, folder=tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_verdict_names_each_signature(verifying, tmp_path):
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(kit.signed())
    verifying.take([pdf])
    assert "Everybody required has signed this report" in verifying.result_card.text
    for role in kit.THREE:
        assert kit.NAMES[role] in verifying.result_card.text
    assert "trust unknown" in verifying.result_card.text


def test_cards_decide_whom_one_trusts(verifying, tmp_path):
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(kit.signed())
    cards = []
    for role in kit.THREE:
        identity = tmp_path / f"{role}.pmid"
        identity.write_bytes(kit.identity(role))
        cards.append(make_card(identity, tmp_path / f"{role}.pem"))
    verifying.take([pdf, cards[0]])
    assert "Do not rely on this file" in verifying.result_card.text
    verifying.take(cards[1:])
    assert "NOT TRUSTED" not in verifying.result_card.text
    assert verifying.result_card.text.count(", trusted") == 3


def test_a_changed_byte_is_told(verifying, tmp_path):
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(kit.flipped(kit.signed(), 700))
    verifying.take([pdf])
    assert "✗" in verifying.result_card.text


def test_who_has_only_the_file_signs_it_here(verifying, identities, tmp_path):
    pdf = tmp_path / "from-mail-signed-1of3.pdf"
    pdf.write_bytes(kit.signed(("tech-lead",)))
    verifying.take([pdf])
    assert [verifying.roles.itemData(i) for i in range(verifying.roles.count())] == [
        "on-call",
        "product-owner",
    ]
    dialog = verifying.sign_dialog("on-call")
    dialog.take_identity(identities["on-call"])
    dialog.passphrase.setText(kit.PASSPHRASE)
    dialog.accept()
    assert verifying.result_card.path == tmp_path / "from-mail-signed-2of3.pdf"
    assert "It still waits for: product owner." in verifying.result_card.text
    assert verifying.sign_dialog("on-call") is None


def test_nobody_is_asked_to_sign_what_is_complete_or_broken(verifying, tmp_path):
    for name, data in (("whole", kit.signed()), ("broken", kit.flipped(kit.signed(), 700))):
        pdf = tmp_path / f"{name}.pdf"
        pdf.write_bytes(data)
        verifying.take([pdf])
        assert not verifying.sign.isVisible()


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7 but nothing more"])
def test_a_file_that_is_no_report_gets_a_sentence(verifying, tmp_path, data):
    pdf = tmp_path / "none.pdf"
    pdf.write_bytes(data)
    verifying.take([pdf])
    assert "This file cannot be verified" in verifying.result_card.text


def test_a_card_that_is_none_is_named_and_let_go(verifying, tmp_path):
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(kit.signed())
    card = tmp_path / "card.pem"
    card.write_text("nothing")
    verifying.take([pdf, card])
    assert (
        verifying.problem
        == "There is no readable certificate in it. Choose an identity, a card or a .p12 file."
    )
    verifying.take([pdf])
    assert "Everybody required" in verifying.result_card.text


def test_a_file_that_is_gone_gets_a_sentence(verifying, tmp_path):
    verifying.take([tmp_path / "gone.pdf"])
    assert "No such file" in verifying.problem


def test_the_window_does_not_wait_for_a_signature(qtbot, theme, session, identities, tmp_path):
    from facilitator.ui.tasks import Tasks

    tasks = Tasks()
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(kit.final_report())
    dialog = SignDialog(tasks, pdf, "tech-lead", target=tmp_path / "signed.pdf")
    qtbot.addWidget(dialog)
    dialog.take_identity(identities["tech-lead"])
    dialog.passphrase.setText(kit.PASSPHRASE)
    with qtbot.waitSignal(dialog.signed, timeout=20_000) as signed:
        dialog.accept()
        assert dialog.sign.text() == "Signing …"
        dialog.reject()
        assert dialog.result() == 0
    assert signed.args[0].verdict.word == "incomplete"
    assert tasks.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the file is Qt's on Unix")
def test_a_file_dialog_leaves_no_trail(qtbot, monkeypatch, own_home, tmp_path):
    def choose(parent, title, folder, _kinds):
        dialog = QFileDialog(parent, title, folder)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setHistory([str(tmp_path / "secret")])
        dialog.deleteLater()
        qtbot.waitSignal(dialog.destroyed).wait()
        return str(tmp_path / "secret" / "report.pdf"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    assert ask_save(None, "Save", tmp_path, "") == tmp_path / "secret" / "report.pdf"
    assert ask_open(None, "Open", tmp_path, "") == tmp_path / "secret" / "report.pdf"
    usual = QSettings(QSettings.Scope.UserScope, "QtProject").fileName()
    assert Path(usual).is_relative_to(own_home)
    assert not any("secret" in p.read_text() for p in own_home.rglob("*.conf"))


def test_a_share_safe_draft_is_of_a_copy(make_board, session, chosen, tmp_path):
    board = make_board(session)
    chosen.take(Settings(share_words="Ticket=Paper"))
    board.steps.share.setChecked(True)
    board.steps.draft.click()
    draft = tmp_path / "post-mortem-r1-draft.pdf"
    assert draft.read_bytes().startswith(b"%PDF-")
    chosen.take(Settings(share_words="x"))
    board.save_draft()
    assert "two characters" in board.notice
