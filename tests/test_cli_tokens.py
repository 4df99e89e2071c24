"""Signing on the command line with a card or a token."""

import json
import sys

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from facilitator.cli import cli
from facilitator.report.errors import TimestampFailed
from facilitator.report.proofs import NO_PROOFS, Proofs
from tests.report.signing_kit import final_report, signed
from tests.report.token_kit import MODULE, PIN, Cards, needs_softhsm


def run(*words, status=0, text=None):
    done = CliRunner().invoke(cli, list(map(str, words)), input=text)
    assert done.exit_code == status, (done.output, done.exception)
    assert not isinstance(done.exception, Exception), done.exception
    return done


@pytest.fixture
def company(tmp_path, monkeypatch):
    cards = Cards(tmp_path, monkeypatch)
    cards.new()
    cards.put(ec.generate_private_key(ec.SECP256R1()))
    return cards


@pytest.fixture
def pdf(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(final_report())
    return file


@pytest.fixture
def pin(tmp_path):
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n", encoding="utf-8")
    return file


def sign(pdf, *words, role="on-call", **named):
    return run("sign", pdf, "--pkcs11", MODULE, "--role", role, *words, **named)


@needs_softhsm
def test_a_token_signs_and_its_card_is_trusted(company, pdf, pin, tmp_path):
    card = tmp_path / "eve.pem"
    told = run("identity", "token", "--pkcs11", MODULE, "-o", card).stdout
    assert "Eve Sample, key “sign”, on “Company card”" in told
    shown = run("identity", "show", card).stdout
    fingerprint = next(line for line in told.splitlines() if "fingerprint" in line).strip()
    assert fingerprint in shown
    assert "Signed as on-call engineer" in sign(pdf, "--pin-file", pin).stdout
    verdict = json.loads(run("verify", pdf, "--trust", card, "--json").stdout)
    (found,) = verdict["signatures"]
    assert (found["name"], found["trust"], found["intact"]) == ("Eve Sample", "trusted", True)
    assert verdict["verdict"] == "incomplete"


@needs_softhsm
def test_a_pin_may_come_through_a_pipe_and_is_told_to_nobody(company, pdf):
    done = sign(pdf, "--token", "Company card", "--key", "sign", text=f"{PIN}\n")
    assert PIN not in done.output
    assert PIN.encode() not in pdf.read_bytes()
    assert all(PIN not in word for word in sys.argv)


@needs_softhsm
def test_a_wrong_pin_leaves_the_report_as_it_was(company, pdf, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("000000", encoding="utf-8")
    told = sign(pdf, "--pin-file", wrong, status=2).stderr
    assert "does not take this PIN" in told
    assert "000000" not in told
    assert pdf.read_bytes() == final_report()
    assert "A wrong PIN was typed the last time." in sign(pdf, text=f"{PIN}\n").stderr


@needs_softhsm
def test_the_pin_is_asked_for_once_though_a_timestamp_service_fails(company, pdf, monkeypatch):
    def no_service(_proofs, sign):
        with pytest.raises(TimestampFailed):
            sign(Proofs("http://127.0.0.1:9/"))
        return sign(NO_PROOFS)

    monkeypatch.setattr("facilitator.commands.signing.or_without_timestamp", no_service)
    assert sign(pdf, text=f"{PIN}\n").stderr.count("The key of Eve Sample") == 1
    assert run("verify", pdf).stdout.startswith("incomplete")


@needs_softhsm
def test_nobody_is_asked_for_a_pin_where_it_would_serve_nothing(company, pdf):
    pdf.write_bytes(signed(("on-call",)))
    told = sign(pdf, status=2, text="000000\n").stderr
    assert "has signed this report already" in told
    told = sign(pdf, "--key", "other", role="tech-lead", status=2, text="000000\n").stderr
    assert "no key “other”" in told
    assert "typed the last time" not in run("identity", "token", "--pkcs11", MODULE).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Name one key"),
        (("--pkcs11", "a.so", "--identity", "b.pmid"), "Name one key"),
        (("--identity", "b.pmid", "--pin-file", "p"), "go with --pkcs11"),
        (("--identity", "b.pmid", "--token", "t"), "go with --pkcs11"),
        (("--pkcs11", "a.so", "--passphrase-file", "p"), "goes with --identity"),
        (("--pkcs11", "nowhere.so"), "nowhere.so: There is no file"),
    ],
)
def test_what_does_not_go_together_is_refused(pdf, words, says):
    assert says in run("sign", pdf, "--role", "on-call", *words, status=2).stderr
    assert pdf.read_bytes() == final_report()


def test_a_file_that_is_no_module_is_refused_by_name(pdf):
    told = run("identity", "token", "--pkcs11", pdf, status=2).stderr
    assert f"{pdf}: report.pdf is no PKCS#11 module" in told
    assert "Name the PKCS#11 module" in run("identity", "token", status=2).stderr
