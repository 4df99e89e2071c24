"""Signing: what a signature leaves in the file, what other programs say to it, what is refused."""

import datetime as dt
import random
import shutil
import subprocess
import sys
from io import BytesIO
from itertools import permutations

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from facilitator.report import services, sign
from facilitator.report.errors import (
    BadIdentity,
    NotAPdf,
    ReportError,
    SigningRefused,
    TimestampFailed,
    WrongPassphrase,
)
from facilitator.report.fields import document_facts, finish_pdf
from facilitator.report.identity import card, export_p12, read_certificates, read_identity
from facilitator.report.proofs import Proofs
from facilitator.report.seal import Seal, draw_seal
from facilitator.report.verify import verify_pdf
from tests.report.signing_kit import (
    FOUR,
    INCIDENT,
    NAMES,
    PASSPHRASE,
    THREE,
    facts,
    final_report,
    flipped,
    identity,
    p12,
    pages,
    signed,
    timestamp_service,
    updated,
)

TIMED = Proofs("http://x.invalid")


def test_a_final_report_is_the_same_bytes_twice():
    build = final_report.__wrapped__
    assert build(THREE) == build(THREE)


def test_a_signature_only_adds_to_the_file():
    for count in range(1, len(THREE) + 1):
        before, after = signed(THREE[: count - 1]), signed(THREE[:count])
        assert after.startswith(before)
        assert len(after) > len(before)


def test_who_still_has_to_sign_is_known():
    assert sign.roles_to_sign(final_report()) == (THREE, ())
    assert sign.roles_to_sign(signed(THREE[:1])) == (THREE[1:], THREE[:1])
    assert sign.roles_to_sign(signed()) == ((), THREE)


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's tools are not here")
@pytest.mark.parametrize("roles", [THREE, FOUR])
def test_poppler_finds_every_signature_valid_and_the_total_document_signed(roles, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(signed(roles, roles))
    said = _run("pdfsig", "-nocert", file)
    assert said.count("Signature is Valid") == len(roles)
    assert said.count("ETSI.CAdES.detached") == len(roles)
    assert said.count("- Total document signed") == 1
    assert NAMES["tech-lead"] in said


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not here")
def test_qpdf_finds_nothing_wrong(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(signed())
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", file)


def test_the_fonts_of_a_seal_are_embedded():
    seal = Seal("on-call", "Ōtautahi", dt.datetime.now(dt.UTC), "ab" * 32)
    drawn = PdfFileReader(BytesIO(draw_seal(seal, 120, 50)))
    fonts = drawn.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
    assert len(fonts) == 2
    assert all("/FontFile2" in fonts[name]["/FontDescriptor"] for name in fonts)


@pytest.mark.parametrize("roles", [THREE, FOUR])
def test_pyhanko_finds_every_signature_valid_and_trusted(roles):
    roots = [_asn1(read_certificates(identity(role))[1]) for role in roles]
    reader = PdfFileReader(BytesIO(signed(roles, roles)))
    assert len(reader.embedded_signatures) == len(roles)
    for found in reader.embedded_signatures:
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(found, context)
        assert status.bottom_line
        assert status.trusted


@pytest.mark.parametrize("order", list(permutations(THREE)))
def test_people_sign_in_any_order(order):
    verdict = verify_pdf(signed(order))
    assert (verdict.word, verdict.problems) == ("good", ())
    assert tuple(found.role for found in verdict.signatures) == order
    assert [found.certifies for found in verdict.signatures] == [True, False, False]
    assert [found.locks for found in verdict.signatures] == [False, False, True]


def test_one_signature_may_both_certify_and_lock():
    verdict = verify_pdf(signed(("on-call",), ("on-call",)))
    assert verdict.word == "good"
    assert (verdict.signatures[0].certifies, verdict.signatures[0].locks) == (True, True)


def test_the_seal_shows_who_when_and_the_fingerprint():
    at = dt.datetime.now(dt.timezone(dt.timedelta(hours=12))).replace(microsecond=0)
    pdf = sign.sign_pdf(final_report(), identity("tech-lead"), PASSPHRASE, "tech-lead", when=at)
    text = _text_with_fields(pdf, 1)
    assert "Aroha Ōtautahi" in text
    assert "Tech lead" in text
    assert f"{at:%Y-%m-%d %H:%M} UTC+12:00" in text
    start = read_identity(identity("tech-lead")).fingerprint[:4].upper()
    assert f"Certificate {start}" in text
    assert verify_pdf(pdf).signatures[0].at == at


@pytest.mark.parametrize(
    "name", ["محمد علي", "דנה לוי", "محمد Ali", "دانا (QA) 2", "Ann 🌸", "Weiẞ", "伊藤 さくら"]
)
def test_names_of_every_script_sign_and_verify(name):
    made = identity("tech-lead", name)
    pdf = sign.sign_pdf(final_report(), made, PASSPHRASE, "tech-lead")
    pdf = sign.sign_pdf(
        pdf, p12(ec.generate_private_key(ec.SECP256R1()), name), PASSPHRASE, "on-call"
    )
    verdict = verify_pdf(pdf, [made])
    assert [found.name for found in verdict.signatures] == [name, name]
    assert [found.intact for found in verdict.signatures] == [True, True]
    assert [found.trust for found in verdict.signatures] == ["trusted", "untrusted"]


def test_a_name_in_arabic_is_one_that_other_programs_can_read():
    """RFC 4518 allows no mixture of directions in one value, so ours are not made of one."""
    script = (
        "import sys\nfrom asn1crypto import x509, pem\n"
        "for _, _, der in pem.unarmor(sys.stdin.buffer.read(), multiple=True):\n"
        "    print(len(x509.Certificate.load(der).subject.hashable))"
    )
    made = card(identity("on-call", "محمد علي"))
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, input=made, capture_output=True, check=True)
    assert len(done.stdout.split()) == 2


def test_a_long_name_stays_whole_in_its_seal():
    name = "Wilhelmina " * 5 + "Wu"
    pdf = sign.sign_pdf(final_report(), identity("on-call", name), PASSPHRASE, "on-call")
    assert name in " ".join(_text_with_fields(pdf, 1).split())


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-256", "P-384", "P-521", "RSA-2048"],
)
def test_a_p12_brought_along_signs_as_the_role_it_is_told(key, tmp_path):
    pdf = sign.sign_pdf(final_report(), p12(key), PASSPHRASE, "on-call")
    verdict = verify_pdf(pdf)
    assert (verdict.word, verdict.problems) == ("incomplete", ())
    assert [(found.role, found.name) for found in verdict.signatures] == [("on-call", "Eve Sample")]
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdfsig"):
        assert "Signature is Valid" in _run("pdfsig", "-nocert", file)


def test_a_signature_fits_its_place_every_time():
    """ECDSA signatures differ in length; none may be too long for the room that was left."""
    for _ in range(25):
        pdf = sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call")
        assert b"/Contents <30" in pdf


def test_a_timestamp_is_asked_for_and_kept(monkeypatch):
    monkeypatch.setattr(services, "timestamp_service", lambda url: timestamp_service())
    pdf = sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call", proofs=TIMED)
    found = verify_pdf(pdf).signatures[0]
    assert (found.level, found.intact, found.problems) == ("B-T", True, ())
    assert found.timestamp is not None


def test_a_service_that_does_not_answer_leaves_the_report_unsigned():
    with pytest.raises(TimestampFailed, match="did not answer"):
        sign.sign_pdf(
            final_report(),
            identity("on-call"),
            PASSPHRASE,
            "on-call",
            proofs=Proofs("http://127.0.0.1:9/"),
        )


def test_an_archive_timestamp_can_be_added_later(monkeypatch):
    monkeypatch.setattr(services, "timestamp_service", lambda url: timestamp_service())
    sealed = sign.add_timestamp(signed(), TIMED)
    verdict = verify_pdf(sealed)
    assert (verdict.word, verdict.problems) == ("good", ())
    assert len(verdict.sealed_at) == 1


def _draft():
    said = document_facts(INCIDENT, incident="inc-1", revision=1)
    return finish_pdf(pages("DRAFT"), said, INCIDENT)


def _with_page_text_changed(pdf):
    return flipped(pdf, pdf.index(b"Page 1") + 5)


def _with_comment(pdf):
    from pyhanko.pdf_utils import generic

    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Annots"] = generic.ArrayObject()
        writer.update_container(page)

    return updated(pdf, change)


@pytest.mark.parametrize(
    ("pdf", "role", "error", "says"),
    [
        (b"", "on-call", NotAPdf, "cannot be read"),
        (b"hello", "on-call", NotAPdf, "cannot be read"),
        (b"%PDF-1.7\n%%EOF", "on-call", NotAPdf, "cannot be read"),
        (pages(), "on-call", SigningRefused, "not a report"),
        (_draft(), "on-call", SigningRefused, "draft"),
        (final_report(), "leadership", SigningRefused, "does not ask"),
        (final_report(), "boss", SigningRefused, "Nobody signs"),
        (signed(("on-call",)), "on-call", SigningRefused, "already"),
        (
            _with_page_text_changed(signed(("tech-lead",))),
            "on-call",
            SigningRefused,
            "not as it was made",
        ),
        (_with_comment(signed(("tech-lead",))), "on-call", SigningRefused, "not as it was made"),
        (_with_comment(final_report()), "on-call", SigningRefused, "not as it was made"),
        (signed(("tech-lead",)) + b"x", "on-call", ReportError, ""),
        (signed(("tech-lead",))[:-200], "on-call", ReportError, ""),
    ],
)
def test_what_must_not_be_signed_is_refused_with_a_sentence(pdf, role, error, says):
    mine = identity(role) if role in NAMES else identity("on-call")
    with pytest.raises(error) as refusal:
        sign.sign_pdf(pdf, mine, PASSPHRASE, role)
    assert says in refusal.value.sentence


def test_an_identity_signs_only_as_its_own_role():
    with pytest.raises(SigningRefused, match="Aroha Ōtautahi's as tech lead"):
        sign.sign_pdf(final_report(), identity("tech-lead"), PASSPHRASE, "on-call")


def test_an_identity_taken_along_as_p12_keeps_its_role():
    exported = export_p12(identity("tech-lead"), PASSPHRASE)
    with pytest.raises(SigningRefused, match="Aroha Ōtautahi's as tech lead"):
        sign.sign_pdf(final_report(), exported, PASSPHRASE, "on-call")


def test_a_wrong_passphrase_signs_nothing():
    with pytest.raises(WrongPassphrase):
        sign.sign_pdf(final_report(), identity("on-call"), "not the passphrase", "on-call")


def test_an_identity_does_not_sign_outside_its_years():
    late = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(BadIdentity, match="valid from"):
        sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call", when=late)


def test_a_report_is_only_finished_with_its_own_incident_and_all_its_places():
    said = facts()
    with pytest.raises(ReportError, match="not the one"):
        finish_pdf(pages(), said, INCIDENT + b" ", dict.fromkeys(THREE, (0, 0, 0, 9, 9)))
    with pytest.raises(ReportError, match="one place"):
        finish_pdf(pages(), said, INCIDENT, {"on-call": (0, 0, 0, 9, 9)})
    with pytest.raises(ReportError, match="no signature field"):
        document_facts(INCIDENT, incident="x", revision=1, roles=("boss",))


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def _asn1(cert):
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.Certificate.load(cert.public_bytes(Encoding.DER))


def _text_with_fields(pdf, page):
    """The text of a page as a reader shows it, what stands in its fields included."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        document[page].flatten()
        return document[page].get_textpage().get_text_bounded()


def test_no_damage_to_a_report_ends_in_anything_but_a_sentence_or_a_signature():
    chance = random.Random(5)
    pdf = final_report()
    outcomes = {_signs(_damaged(pdf, chance)) for _ in range(80)}
    assert outcomes == {"signed", "refused"}


def _damaged(pdf, chance):
    at = chance.randrange(len(pdf))
    return pdf[:at] + chance.randbytes(chance.randrange(4)) + pdf[at + 3 :]


def _signs(pdf):
    try:
        sign.sign_pdf(pdf, identity("on-call"), PASSPHRASE, "on-call")
    except ReportError as refusal:
        return "refused" if refusal.sentence.endswith(".") else refusal.sentence
    return "signed"
