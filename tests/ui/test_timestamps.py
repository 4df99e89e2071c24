"""Timestamps in the window: asked for, refused, left out, and added to what is finished."""

import pytest
from PySide6.QtCore import Qt

from facilitator.report import services
from facilitator.report.errors import TimestampFailed
from facilitator.settings import Settings
from facilitator.ui.report.sign_dialog import SignDialog
from facilitator.ui.report.stamping import stamped_name
from facilitator.ui.report.verify_dialog import VerifyDialog
from tests.report import signing_kit as kit
from tests.report.pki_kit import Authority, pem
from tests.ui.test_desk import Desks

URL = "https://time.example.invalid/tsa"


class Service:
    """A timestamp service that may be away."""

    def __init__(self):
        self.authority = Authority("Example Time Root")
        self.made = self.authority.time_service()
        self.away = False
        self.asked = 0

    def __call__(self, _url):
        self.asked += 1
        if self.away:
            raise TimestampFailed("The timestamp service did not answer.")
        return self.made


@pytest.fixture
def service(monkeypatch):
    made = Service()
    monkeypatch.setattr(services, "timestamp_service", made)
    return made


@pytest.fixture
def settings(service, tmp_path):
    trusted = tmp_path / "time-root.pem"
    trusted.write_bytes(pem(service.authority.cert))
    return Settings(timestamp_url=URL, timestamp_trust=str(trusted))


@pytest.fixture
def signing(qtbot, tasks, tmp_path):
    """A sign dialog with everything filled in."""

    def make(settings):
        pdf, identity = tmp_path / "report.pdf", tmp_path / "on-call.pmid"
        pdf.write_bytes(kit.final_report(("on-call",)))
        identity.write_bytes(kit.identity("on-call"))
        target = tmp_path / "signed.pdf"
        dialog = SignDialog(tasks, pdf, "on-call", target=target, settings=settings)
        qtbot.addWidget(dialog)
        dialog.seen = []
        dialog.signed.connect(dialog.seen.append)
        dialog.show()
        dialog.take_identity(identity)
        dialog.passphrase.setText(kit.PASSPHRASE)
        return dialog

    return make


def sentences(dialog):
    from facilitator.ui.labels import PlainLabel

    return " ".join(each.text() for each in dialog.findChildren(PlainLabel))


def test_whoever_signs_sees_what_goes_where_and_gets_a_timestamp(signing, settings):
    dialog = signing(settings)
    assert "A hash of your signature, and nothing else, goes to time.example.invalid" in (
        sentences(dialog)
    )
    dialog.accept()
    verdict = dialog.seen[0].verdict
    assert verdict.signatures[0].level == "B-T"
    assert "time confirmed by Example Time Service" in verdict.sentences[1]


def test_without_a_service_nobody_is_asked_and_nothing_is_said_of_one(signing, service):
    dialog = signing(Settings())
    assert "timestamp" not in sentences(dialog)
    dialog.accept()
    assert dialog.seen[0].verdict.signatures[0].level == "B-B"
    assert service.asked == 0


def test_when_the_service_is_away_one_more_press_signs_without_it(
    qtbot, signing, settings, service
):
    service.away = True
    dialog = signing(settings)
    dialog.accept()
    assert dialog.seen == []
    assert "did not answer" in dialog.problem
    assert "Nothing was signed yet." in dialog.problem
    assert dialog.without.isVisible()
    assert dialog.passphrase.text()
    assert dialog.sign.text() == "Try again"
    qtbot.keyClick(dialog.without, Qt.Key.Key_Return)
    assert dialog.seen[0].verdict.signatures[0].level == "B-B"
    assert dialog.passphrase.text() == ""


def test_when_the_service_is_back_the_same_button_tries_it_again(signing, settings, service):
    service.away = True
    dialog = signing(settings)
    dialog.accept()
    service.away = False
    dialog.sign.click()
    assert dialog.seen[0].verdict.signatures[0].level == "B-T"


def test_who_said_so_in_the_settings_is_not_asked(signing, settings, service):
    service.away = True
    dialog = signing(settings.with_values(sign_without_timestamp=True))
    dialog.accept()
    checked = dialog.seen[0]
    assert checked.verdict.signatures[0].level == "B-B"
    assert "did not answer" in " ".join(checked.notes)


def test_what_could_not_be_had_stands_below_the_verdict(signing, settings, tmp_path, qtbot, theme):
    from facilitator.ui.report.verdict_view import ResultCard

    dialog = signing(settings.with_values(revocation_fetch=True))
    dialog.accept()
    card = ResultCard(theme)
    qtbot.addWidget(card)
    card.show_checked(dialog.seen[0])
    assert "identities made in Facilitator never do" in card.text


@pytest.fixture
def verifying(qtbot, tasks, theme, tmp_path):
    def make(settings):
        target = tmp_path / "new.pdf"
        dialog = VerifyDialog(
            tasks, theme, folder=tmp_path, settings=settings, ask_new=lambda *_: target
        )
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def finished(tmp_path, signers=kit.THREE):
    file = tmp_path / "finished.pdf"
    file.write_bytes(kit.signed(signers))
    return file


def test_a_finished_report_gets_an_archive_timestamp(verifying, settings, tmp_path):
    dialog = verifying(settings)
    dialog.take([finished(tmp_path)])
    dialog.result_card.stamp.click()
    card = dialog.result_card
    assert card.path == tmp_path / "new.pdf"
    assert "Everybody required has signed" in card.text
    assert "An archive timestamp of" in card.text
    assert "time confirmed by Example Time Service" in card.text
    assert (tmp_path / "finished.pdf").read_bytes() == kit.signed()
    dialog.result_card.stamp.click()
    assert card.text.count("An archive timestamp of") == 2


def test_an_unfinished_report_is_not_offered_one(verifying, settings, tmp_path):
    dialog = verifying(settings)
    dialog.take([finished(tmp_path, kit.THREE[:2])])
    assert not dialog.result_card.stamp.isVisible()


def test_a_service_that_is_away_leaves_the_file_as_it_is(verifying, settings, service, tmp_path):
    service.away = True
    dialog = verifying(settings)
    dialog.take([finished(tmp_path)])
    dialog.result_card.stamp.click()
    assert "did not answer" in dialog.problem
    assert dialog.result_card.stamp.isEnabled()
    assert not (tmp_path / "new.pdf").exists()


def test_without_a_service_the_way_to_name_one_is_told(verifying, service, tmp_path):
    dialog = verifying(Settings())
    dialog.take([finished(tmp_path)])
    dialog.result_card.stamp.click()
    assert "Name a timestamp service in Settings first" in dialog.problem
    assert service.asked == 0


def test_a_list_of_the_settings_that_is_gone_gets_a_sentence(verifying, tmp_path):
    dialog = verifying(Settings(revocation_files=str(tmp_path / "gone.crl")))
    dialog.take([finished(tmp_path)])
    assert "gone.crl: No such file" in dialog.problem


def test_each_timestamp_goes_into_a_file_of_its_own(tmp_path):
    first = stamped_name(tmp_path / "a-signed-3of3.pdf")
    assert first.name == "a-signed-3of3-timestamped.pdf"
    first.touch()
    assert stamped_name(first).name == "a-signed-3of3-timestamped-2.pdf"


@pytest.fixture
def desks(qtbot, tmp_path):
    desks = Desks(qtbot, tmp_path / "library.sqlite")
    yield desks
    desks.close()


def test_a_service_that_is_named_holds_at_once_wherever_somebody_signs(desks):
    desk = desks.open()
    assert desk.status.place_text == "Offline · this computer only"
    desks.window._take_settings(Settings(timestamp_url=URL))
    assert desk.status.place_text == "Offline until somebody signs"
    desk.sign.settings_changed.emit(desk.sign._settings.with_values(reports_folder="/elsewhere"))
    assert desks.window.settings.timestamp_url == URL
    desks.window._take_settings(Settings())
    assert desk.status.place_text == "Offline · this computer only"
