"""Signing with cards and tokens: SoftHSM is the card, and a strange one does what it never does."""

import json
import logging
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from facilitator.report import token, token_modules
from facilitator.report.errors import BadIdentity, SigningRefused, TokenFailed, WrongPin
from facilitator.report.identity import card_of
from facilitator.report.sign import sign_as
from facilitator.report.verify import verify_pdf
from tests.report.signing_kit import THREE, final_report, signed
from tests.report.token_kit import MODULE, PIN, Cards, StrangeModules, logins, needs_softhsm

P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def cards(tmp_path, monkeypatch):
    return Cards(tmp_path, monkeypatch)


@pytest.fixture
def company(cards):
    """A token with one key in good order."""
    cards.new()
    cards.put(P256)
    return cards


def sign(pdf, key, role="on-call", pin=PIN):
    return sign_as(pdf, lambda: token.Token(key, pin), role)


@needs_softhsm
def test_three_people_sign_with_keys_of_three_kinds(cards, tmp_path):
    cards.new()
    kinds = dict(zip(THREE, (P256, P384, RSA), strict=True))
    issued = [
        cards.put(key, f"Signer {n}", label=role, number=f"0{n}")
        for n, (role, key) in enumerate(kinds.items())
    ]
    found = token.look(MODULE)
    pdf = final_report()
    for role in THREE:
        pdf = sign(pdf, token.choose(found, key=role), role)
    verdict = verify_pdf(pdf, [card_of(pair) for pair in issued])
    assert (verdict.word, verdict.problems) == ("good", ())
    assert [each.name for each in verdict.signatures] == ["Signer 0", "Signer 1", "Signer 2"]
    assert {each.trust for each in verdict.signatures} == {"trusted"}
    _pyhanko_agrees(pdf, [root for _leaf, root in issued])
    if shutil.which("pdfsig"):
        (tmp_path / "report.pdf").write_bytes(pdf)
        said = subprocess.run(["pdfsig", "-nocert", tmp_path / "report.pdf"], check=True,
                              capture_output=True, text=True).stdout  # fmt: skip
        assert said.count("Signature is Valid") == 3
        assert said.count("- Total document signed") == 1


def _pyhanko_agrees(pdf, roots):
    trusted = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    for found in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        status = validate_pdf_signature(
            found, ValidationContext(trust_roots=trusted, allow_fetching=False)
        )
        assert status.bottom_line


@needs_softhsm
def test_a_key_that_wants_the_pin_each_time_gets_it(cards):
    cards.new()
    cards.put(P256, always=True)
    (key,) = token.look(MODULE)
    assert verify_pdf(sign(final_report(), key)).signatures[0].intact


@needs_softhsm
def test_a_wrong_pin_is_tried_once_and_signs_nothing(company):
    (key,) = token.look(MODULE)
    assert (key.asks_for_pin, key.advice) == (True, "")
    with pytest.raises(WrongPin, match=r"does not take this PIN.*not tried again"):
        sign(final_report(), key, pin="000000")
    (again,) = token.look(MODULE)
    assert again.advice == "A wrong PIN was typed the last time."
    assert verify_pdf(sign(final_report(), again)).signatures[0].intact


@needs_softhsm
def test_no_pin_is_spent_on_a_report_that_cannot_be_signed(company):
    (key,) = token.look(MODULE)
    for pdf, role, error in (
        (signed(("on-call",)), "on-call", SigningRefused),
        (final_report(), "leadership", SigningRefused),
        (final_report()[:-300], "on-call", Exception),
    ):
        with pytest.raises(error):
            sign(pdf, key, role, pin="000000")
    assert token.look(MODULE)[0].advice == ""


@needs_softhsm
def test_a_certificate_that_has_run_out_is_not_signed_with(cards):
    cards.new()
    cards.put(P256, ended=True)
    (key,) = token.look(MODULE)
    with pytest.raises(BadIdentity, match="valid from"):
        sign(final_report(), key, pin="000000")
    assert token.look(MODULE)[0].advice == ""


@needs_softhsm
def test_a_token_without_a_pin_typed_is_not_asked(company):
    (key,) = token.look(MODULE)
    with pytest.raises(WrongPin, match="needs its PIN"):
        sign(final_report(), key, pin="")
    assert token.look(MODULE)[0].advice == ""


@needs_softhsm
def test_a_token_pulled_out_before_signing_is_missed(company):
    (key,) = token.look(MODULE)
    company.remove()
    with pytest.raises(TokenFailed, match=r"taken out.*nothing was signed"):
        sign(final_report(), key)
    with pytest.raises(TokenFailed, match="No card or token is there"):
        token.look(MODULE)


@needs_softhsm
def test_a_key_without_a_certificate_is_named(cards):
    cards.new()
    cards.put(P256, label="lonely", parts=("key", "public"))
    with pytest.raises(TokenFailed, match="a key “lonely” but no certificate"):
        token.look(MODULE)


@needs_softhsm
def test_a_certificate_without_its_key_is_told_when_signing(cards):
    cards.new()
    cards.put(P256, parts=("certificate",))
    with pytest.raises(TokenFailed, match="this certificate but not its key"):
        sign(final_report(), token.look(MODULE)[0])


@needs_softhsm
def test_another_key_than_the_certificates_signs_nothing(cards):
    cards.new()
    cards.put(P256, certificate_of=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(TokenFailed, match="does not belong to its certificate"):
        sign(final_report(), token.look(MODULE)[0])


@needs_softhsm
@pytest.mark.parametrize(
    ("key", "signs", "says"),
    [
        (rsa.generate_private_key(65537, 1024), True, "too short"),
        (P256, False, "not issued for signatures"),
    ],
)
def test_what_readers_would_not_accept_is_not_offered(cards, key, signs, says):
    cards.new()
    cards.put(key, signs=signs)
    with pytest.raises(TokenFailed, match=says):
        token.look(MODULE)


@needs_softhsm
def test_a_token_with_nothing_on_it_is_named(cards):
    cards.new("Blank")
    with pytest.raises(TokenFailed, match="nothing on “Blank” to sign with"):
        token.look(MODULE)


@needs_softhsm
def test_one_of_several_keys_is_chosen_by_token_label_or_fingerprint(company):
    company.put(P384, "Ann Other", label="sign", number="02")
    company.new("Second")
    company.put(RSA, "Sam Third", label="work", token="Second")
    found = token.look(MODULE)
    assert len(found) == 3
    assert token.choose(found, key="work").identity.name == "Sam Third"
    assert token.choose(found, "Second").identity.name == "Sam Third"
    ann = next(each for each in found if each.identity.name == "Ann Other")
    assert token.choose(found, key=ann.identity.fingerprint[:16].upper()) == ann
    for named, says in ((("Company card", "sign"), "More than one"), (("", "x"), "no key “x”")):
        with pytest.raises(TokenFailed, match=says) as refusal:
            token.choose(found, *named)
        assert "Ann Other, key “sign”, on “Company card”" in refusal.value.sentence
    with pytest.raises(TokenFailed, match=r"no token “Third”\. There is: “Company card”, “Second”"):
        token.choose(found, "Third")


@pytest.mark.parametrize("content", [b"", b"text", None], ids=["empty", "text", "library"])
def test_a_file_that_is_no_module_is_refused(content, tmp_path):
    file = tmp_path / "module.so"
    file.write_bytes(content or b"")
    if content is None:
        import pkcs11._pkcs11

        file = Path(pkcs11._pkcs11.__file__)
    with pytest.raises(BadIdentity, match="no PKCS#11 module"):
        token.look(file)
    with pytest.raises(TokenFailed, match="no file"):
        token.look(tmp_path / "nowhere.so")


@pytest.fixture
def strange(tmp_path, monkeypatch):
    return StrangeModules(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("kind", "error", "says", "tries"),
    [
        ("last-try", WrongPin, "locked after too many wrong tries", 1),
        ("locked", WrongPin, "locked after too many wrong tries", 0),
        ("locks", WrongPin, "locked after too many wrong tries", 1),
        ("removed", TokenFailed, "taken out.*nothing was signed", 1),
        ("crashes", TokenFailed, "module broke down.*nothing was signed", 1),
        ("pad-cancelled", TokenFailed, "not given on the reader", 1),
        ("chatters", TokenFailed, "does not belong to its certificate", 1),
    ],
)
def test_a_token_that_fails_is_asked_once_and_named(strange, kind, error, says, tries):
    module = strange(kind)
    (key,) = token.look(module)
    with pytest.raises(error, match=says):
        sign(final_report(), key)
    assert logins(module) == tries


def test_a_token_that_does_not_answer_is_given_up(strange, monkeypatch):
    (key,) = token.look(strange("hangs"))
    monkeypatch.setattr(token, "_SIGN_SECONDS", 1)
    with pytest.raises(TokenFailed, match="did not answer within 1 seconds"):
        sign(final_report(), key)


def test_a_reader_with_keys_of_its_own_is_given_no_pin(strange):
    (key,) = token.look(strange("pad"))
    assert not key.asks_for_pin
    assert "typed on the reader" in key.advice
    with pytest.raises(TokenFailed, match="does not belong"):
        sign(final_report(), key, pin="never sent")


@pytest.mark.parametrize(
    ("kind", "advice"), [("last-try", "One try is left"), ("locked", "locked after too many")]
)
def test_how_many_tries_are_left_is_said_before_a_pin_is_typed(strange, kind, advice):
    (key,) = token.look(strange(kind))
    assert advice in key.advice


def test_names_on_a_token_cannot_steer_a_terminal(strange):
    (key,) = token.look(strange("named"))
    assert "key “a[31mb”" in token.describe(key)


def test_the_pin_is_in_no_argument_no_environment_and_no_log(strange, monkeypatch, caplog):
    seen = []
    run = subprocess.run

    def watched(command, **named):
        seen.append((command, named.get("env"), named["stderr"]))
        return run(command, **named)

    (key,) = token.look(strange("locks"))
    monkeypatch.setattr(subprocess, "run", watched)
    with caplog.at_level(logging.DEBUG), pytest.raises(WrongPin) as refusal:
        sign(final_report(), key, pin="918273")
    assert len(seen) == 1
    assert "918273" not in repr(seen) + caplog.text + repr(refusal.value) + repr(key)
    assert seen[0][1:] == (None, subprocess.DEVNULL)
    assert refusal.value.__cause__ is None


def test_the_process_needs_nothing_of_ours():
    """It is run by its path, where this package may not be on the path of modules."""
    script = Path(token.__file__).with_name("token_process.py")
    asked = json.dumps({"do": "look", "module": __file__})
    done = subprocess.run([sys.executable, "-I", "-P", str(script)], input=asked,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert json.loads(done.stdout) == {"problem": "NoModule"}
    assert done.stderr == ""


def test_known_modules_are_offered_where_they_lie(tmp_path, monkeypatch):
    (tmp_path / "lib-x").mkdir()
    (tmp_path / "lib-x" / "b.so").touch()
    places = ({"name": "A", "here": [str(tmp_path / "a.so")], "there": ["/"]},
              {"name": "B", "here": [str(tmp_path / "lib-*" / "b.so")]})  # fmt: skip
    monkeypatch.setattr(token_modules, "_places", lambda: places)
    assert token_modules.known_modules("here") == [("B", tmp_path / "lib-x" / "b.so")]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_system_has_usual_places_for_modules(system):
    places = [module.get(system, []) for module in token_modules._places()]
    assert sum(map(bool, places)) >= 3
    absolute = PureWindowsPath if system == "win32" else PurePosixPath
    assert all(absolute(place).is_absolute() for each in places for place in each)
