"""Verifying: every kind of tampering is told and named, and good files raise no alarm."""

import io
import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from facilitator.report import pades, services, sign, verify
from facilitator.report.errors import BadIdentity, SigningRefused
from facilitator.report.fields import finish_pdf
from facilitator.report.identity import card, unlock
from facilitator.report.proofs import Proofs
from facilitator.report.seal import Seal
from facilitator.report.verdict import broken
from facilitator.report.verify import verify_pdf
from tests.report.pki_kit import Authority, rsa_key
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


# --- no false alarm ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(4))
def test_a_partly_signed_report_is_good_as_far_as_it_goes(count):
    verdict = verify_pdf(signed(THREE[:count]))
    assert verdict.word == ("good" if count == 3 else "incomplete")
    assert verdict.problems == ()
    assert verdict.missing == THREE[count:]
    assert [(found.role, found.name) for found in verdict.signatures] == [
        (role, NAMES[role]) for role in THREE[:count]
    ]
    assert all(found.intact and found.trust == "unknown" for found in verdict.signatures)


def test_leadership_may_sign_last_somewhere_else():
    assert verify_pdf(signed(THREE, FOUR)).missing == ("leadership",)
    assert verify_pdf(signed(FOUR, FOUR)).word == "good"


def test_with_everybodys_card_everybody_is_trusted():
    cards = [card(identity(role)) for role in THREE]
    verdict = verify_pdf(signed(), cards)
    assert verdict.word == "good"
    assert {found.trust for found in verdict.signatures} == {"trusted"}
    assert not any("was not checked" in sentence for sentence in verdict.sentences)


def test_a_companys_own_certificate_vouches_for_those_it_issued():
    made = p12(ec.generate_private_key(ec.SECP256R1()))
    pdf = sign.sign_pdf(final_report(), made, PASSPHRASE, "on-call")
    from cryptography.hazmat.primitives.serialization import Encoding

    root = unlock(made, PASSPHRASE).chain[0].public_bytes(Encoding.PEM)
    verdict = verify_pdf(pdf, [root])
    assert (verdict.word, verdict.signatures[0].trust) == ("incomplete", "trusted")
    assert verify_pdf(signed(("on-call",)), [root]).word == "do-not-rely"


def test_timestamps_raise_no_alarm_at_any_stage(monkeypatch):
    monkeypatch.setattr(services, "timestamp_service", lambda url: timestamp_service())
    pdf = final_report()
    for role in THREE:
        pdf = sign.sign_pdf(pdf, identity(role), PASSPHRASE, role, proofs=TIMED)
    sealed = sign.add_timestamp(pdf, TIMED)
    for stage in (pdf, sealed):
        verdict = verify_pdf(stage)
        assert (verdict.word, verdict.problems) == ("good", ())
        assert {found.level for found in verdict.signatures} == {"B-T"}


def test_an_archive_timestamp_may_come_at_any_stage_and_more_than_once(monkeypatch):
    monkeypatch.setattr(services, "timestamp_service", lambda url: timestamp_service())
    pdf = sign.add_timestamp(signed(THREE[:1]), TIMED)
    for role in THREE[1:]:
        pdf = sign.sign_pdf(pdf, identity(role), PASSPHRASE, role)
    pdf = sign.add_timestamp(sign.add_timestamp(pdf, TIMED), TIMED)
    verdict = verify_pdf(pdf)
    assert (verdict.word, verdict.problems) == ("good", ())
    assert len(verdict.sealed_at) == 3
    begin, end = _last_gap(pdf)
    chance = random.Random(3)
    places = [chance.randrange(begin, end) for _ in range(60)]
    missed = [at for at in places if verify_pdf(flipped(pdf, at, chance.randrange(8))).holds]
    assert missed == []


def test_the_verdict_says_everything_to_people_and_to_programs():
    verdict = verify_pdf(signed(("tech-lead",)))
    said = json.loads(json.dumps(verdict.to_json()))
    assert said["verdict"] == "incomplete"
    assert said["document"] == facts().number
    assert said["missing"] == ["on-call", "product-owner"]
    assert said["signatures"][0]["name"] == "Aroha Ōtautahi"
    assert said["sentences"][0] == (
        "Nothing was changed since it was signed. "
        "It still waits for: on-call engineer, product owner."
    )
    assert "Aroha Ōtautahi" in said["sentences"][1]


def test_verifying_opens_no_connection(monkeypatch):
    import socket

    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert verify_pdf(signed()).word == "good"


# --- what an attacker does --------------------------------------------------------------------


def _last_gap(pdf):
    """Where the digits of the last signature begin and end."""
    ranges = re.findall(rb"/ByteRange \[0 (\d+) (\d+)", pdf)
    return int(ranges[-1][0]) + 1, int(ranges[-1][1]) - 1


def _page_text(pdf):
    return flipped(pdf, pdf.index(b"Page 1") + 5)


def _padding(pdf):
    return flipped(pdf, _last_gap(pdf)[1] - 2)


def _case_of_a_digit(pdf):
    begin, end = _last_gap(pdf)
    at = next(i for i in range(begin, end) if pdf[i : i + 1] in b"ABCDEF")
    return flipped(pdf, at, 5)


def _white_space_in_the_digits(pdf):
    at = _last_gap(pdf)[1] - 2
    return pdf[:at] + b"  " + pdf[at + 2 :]


def _page_replaced(pdf):
    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(
            generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 700 Td (All is well) Tj ET")
        )
        writer.update_container(page)

    return updated(pdf, change)


def _attachment_swapped(pdf):
    def change(writer):
        file = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]
        file["/F"] = writer.add_object(
            generic.StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, b'{"title":"No"}')
        )
        writer.update_container(file)

    return updated(pdf, change)


def _comment_added(pdf):
    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        note = {
            "/Type": pdf_name("/Annot"),
            "/Subtype": pdf_name("/FreeText"),
            "/Rect": generic.ArrayObject([generic.NumberObject(n) for n in (72, 680, 300, 720)]),
            "/Contents": generic.pdf_string("It was the network"),
        }
        note = generic.DictionaryObject({pdf_name(k): v for k, v in note.items()})
        page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
        writer.update_container(page)

    return updated(pdf, change)


def _seal_replaced(pdf):
    def change(writer):
        field = writer.root["/AcroForm"]["/Fields"][0]
        drawing = generic.StreamObject(stream_data=b"0 0 50 50 re f")
        drawing[pdf_name("/Subtype")] = pdf_name("/Form")
        field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawing)})
        writer.update_container(field)

    return updated(pdf, change)


def _empty_field_added(pdf):
    return updated(
        pdf, lambda writer: append_signature_field(writer, SigFieldSpec("Extra", box=(0, 0, 9, 9)))
    )


def _invisible_field_added(pdf):
    return updated(pdf, lambda writer: append_signature_field(writer, SigFieldSpec("Extra")))


def _byte_range_nothing(pdf):
    at = pdf.rindex(b"/ByteRange [")
    end = pdf.index(b"]", at) + 1
    return pdf[:at] + b"/ByteRange null".ljust(end - at) + pdf[end:]


def _byte_range_renamed(pdf):
    at = pdf.rindex(b"/ByteRange")
    return pdf[:at] + b"/ByteRagne" + pdf[at + 10 :]


def _byte_range_short(pdf):
    """Cover less at the end, so that something may be put there."""
    at = pdf.rindex(b"/ByteRange [")
    end = pdf.index(b"]", at)
    numbers = pdf[at + 12 : end].split()
    numbers[3] = b"%d" % (int(numbers[3]) - 10)
    return pdf[: at + 12] + b" ".join(numbers).ljust(end - at - 12) + pdf[end:]


def _signature_moved(pdf):
    """Signature wrapping: what was signed stays in place, other bytes slip in before it."""
    end = _last_gap(pdf)[1]
    slipped = b"\n9999 0 obj\n(other)\nendobj\n"
    return pdf[: end + 1] + slipped + pdf[end + 1 :]


def _second_name_behind_the_digits(pdf):
    begin, end = _last_gap(pdf)
    length = int.from_bytes(bytes.fromhex(pdf[begin + 4 : begin + 8].decode()), "big") + 4
    after = begin + 2 * length
    wrong = b">/Name(Eve)/X<"
    return pdf[:after] + wrong.ljust(end - after, b"0") + pdf[end:]


def _bytes_appended(pdf):
    return pdf + b"% and one thing more\n"


def _one_newline_appended(pdf):
    return pdf + b"\n"


def _metadata_changed(pdf):
    def change(writer):
        info = writer.trailer["/Info"]
        info[pdf_name("/Title")] = generic.pdf_string("Another title")
        writer.update_container(info)

    return updated(pdf, change)


def _roles_lowered(pdf):
    def change(writer):
        said = writer.root["/FacilitatorDocument"]
        said[pdf_name("/Fields")] = generic.ArrayObject([generic.pdf_string("TechLead")])
        writer.update_container(said)

    return updated(pdf, change)


def _signature_taken_out(pdf):
    def change(writer):
        field = writer.root["/AcroForm"]["/Fields"][0]
        del field["/V"]
        writer.update_container(field)

    return updated(pdf, change)


def _field_taken_out(pdf):
    def change(writer):
        form = writer.root["/AcroForm"]
        form[pdf_name("/Fields")] = generic.ArrayObject(
            [form["/Fields"].raw_get(i) for i in (1, 2)]
        )
        writer.update_container(form)

    return updated(pdf, change)


def _script_added(pdf):
    def change(writer):
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("1")}
        )
        writer.update_root()

    return updated(pdf, change)


def _stranger_signed_too(pdf):
    opened = pades._KeySigner(unlock(p12(ec.generate_private_key(ec.SECP256R1())), PASSPHRASE))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signer = PdfSigner(
        PdfSignatureMetadata(field_name="Extra"), opened, new_field_spec=SigFieldSpec("Extra")
    )
    return signer.sign_pdf(writer).getvalue()


def _rewritten(pdf):
    """Opened and saved by a program that writes the whole file anew."""
    out = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))).write(out)
    return out.getvalue()


def _cut_in_the_middle(pdf):
    return pdf[: len(pdf) // 2]


def _cut_at_the_end(pdf):
    return pdf[:-7]


def _put_behind_something(pdf):
    return b"GIF89a" + pdf


class _SlipsIn(pades.QuietWriter):
    """A writer that changes a page on the way, in the same revision as the signature."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        page = self.root["/Pages"]["/Kids"][0]
        page[pdf_name("/Rotate")] = generic.NumberObject(180)
        self.update_container(page)


def _slipped_in_by_a_signer(pdf):
    """A change that the next signer makes with the signature itself."""
    opened = unlock(identity("product-owner"), PASSPHRASE)
    at = opened.identity.not_before
    seal = Seal("product-owner", "Chi Ward", at, opened.identity.fingerprint)
    plan = pades.Plan("ProductOwner", seal, "", certifies=False, locks=True)
    return pades.embed_signature(_SlipsIn(io.BytesIO(signed(THREE[:2]))), opened, plan)


def _slipped_in_by_the_first_signer(_pdf):
    """What is signed is the altered page, so that only the report as it was made tells."""
    opened = unlock(identity("tech-lead"), PASSPHRASE)
    seal = Seal("tech-lead", "Aroha", opened.identity.not_before, opened.identity.fingerprint)
    plan = pades.Plan("TechLead", seal, "", certifies=True, locks=False)
    return pades.embed_signature(_SlipsIn(io.BytesIO(final_report())), opened, plan)


def _slipped_in_with_a_timestamp(pdf):
    return pades.embed_timestamp(_SlipsIn(io.BytesIO(pdf)), timestamp_service())


TAMPERED = [
    (_slipped_in_by_a_signer, "something was changed that may not change"),
    (_slipped_in_with_a_timestamp, "something was changed that may not change"),
    (_slipped_in_by_the_first_signer, "Together with the first signature, somebody changed a page"),
    (_page_text, "bytes were altered"),
    (_padding, "behind the signature"),
    (_case_of_a_digit, "digits were altered"),
    (_white_space_in_the_digits, "digits were altered"),
    (_page_replaced, "what is drawn on a page"),
    (_attachment_swapped, "the attached incident"),
    (_comment_added, "a comment on a page"),
    (_seal_replaced, "a signature field"),
    (_empty_field_added, "a signature field"),
    (_invisible_field_added, "not left by the report: Extra"),
    (_byte_range_nothing, "damaged"),
    (_byte_range_renamed, "damaged"),
    (_byte_range_short, ""),
    (_signature_moved, ""),
    (_second_name_behind_the_digits, "digits were altered"),
    (_bytes_appended, "Bytes follow"),
    (_one_newline_appended, "Bytes follow"),
    (_metadata_changed, "changed"),
    (_roles_lowered, "somebody changed"),
    (_signature_taken_out, "somebody changed"),
    (_field_taken_out, "taken out"),
    (_script_added, "by itself"),
    (_stranger_signed_too, "not left by the report: Extra"),
    (_rewritten, "Another program has saved it anew"),
    (_cut_in_the_middle, "damaged"),
    (_cut_at_the_end, "damaged"),
    (_put_behind_something, "no PDF"),
]


@pytest.mark.parametrize("signers", [THREE[:1], THREE], ids=["partly", "complete"])
@pytest.mark.parametrize(
    ("tamper", "says"), TAMPERED, ids=lambda case: getattr(case, "__name__", "")
)
def test_tampering_is_told_and_named(tamper, says, signers):
    verdict = verify_pdf(tamper(signed(signers)))
    assert verdict.word in ("do-not-rely", "broken")
    assert says in " ".join(verdict.sentences)
    assert verdict.sentences[0].startswith(("Do not rely", "This file cannot be verified"))


def test_a_last_revision_cut_off_shows_as_a_missing_signature():
    verdict = verify_pdf(signed()[: len(signed(THREE[:2]))])
    assert (verdict.word, verdict.missing) == ("incomplete", ("product-owner",))
    nothing_left = verify_pdf(signed()[: len(final_report())])
    assert (nothing_left.word, nothing_left.missing) == ("incomplete", THREE)


def test_an_impostor_of_the_same_name_is_not_trusted():
    other = identity.__wrapped__("tech-lead")
    pdf = sign.sign_pdf(final_report(), other, PASSPHRASE, "tech-lead")
    verdict = verify_pdf(pdf, [card(identity("tech-lead"))])
    assert verdict.word == "do-not-rely"
    assert verdict.signatures[0].trust == "untrusted"
    assert "none of the cards" in verdict.sentences[0]


def test_a_certificate_made_out_for_another_role_is_told(monkeypatch):
    monkeypatch.setattr(sign, "_check_role", lambda *_: None)
    pdf = sign.sign_pdf(final_report(), identity("tech-lead"), PASSPHRASE, "on-call")
    verdict = verify_pdf(pdf)
    assert verdict.word == "do-not-rely"
    assert "made out for the tech lead" in verdict.sentences[0]


def test_one_certificate_in_two_roles_is_remarked_on():
    made = p12(ec.generate_private_key(ec.SECP256R1()))
    pdf = final_report()
    for role in THREE:
        pdf = sign.sign_pdf(pdf, made, PASSPHRASE, role)
    verdict = verify_pdf(pdf)
    assert verdict.word == "good"
    assert "One and the same certificate signed for more than one role." in verdict.remarks


def test_a_first_signature_by_another_program_does_not_count_as_ours():
    writer = IncrementalPdfFileWriter(io.BytesIO(final_report()))
    signer = pades._KeySigner(unlock(identity("on-call"), PASSPHRASE))
    out = PdfSigner(PdfSignatureMetadata(field_name="OnCall"), signer).sign_pdf(
        writer, existing_fields_only=True
    )
    verdict = verify_pdf(out.getvalue())
    assert verdict.word == "do-not-rely"
    assert "does not fix" in " ".join(verdict.problems)


# --- other programs ----------------------------------------------------------------------------


def _pyhanko(pdf, field, *, new=False, **meta):
    """Signed by pyHanko as it comes, by somebody of another company."""
    data, _ = Authority("Example Network CA").person("Nora Network")
    signer = SimpleSigner.load_pkcs12_data(data, (), PASSPHRASE.encode())
    spec = SigFieldSpec(field) if new else None
    metadata = PdfSignatureMetadata(field_name=field, **meta)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signed_pdf = PdfSigner(metadata, signer, new_field_spec=spec)
    return signed_pdf.sign_pdf(writer, existing_fields_only=not new).getvalue()


def test_a_signature_of_another_program_in_one_of_our_fields_is_told():
    verdict = verify_pdf(_pyhanko(signed(THREE[:1]), "OnCall"))
    assert (verdict.word, verdict.missing) == ("incomplete", ("product-owner",))
    assert [found.level for found in verdict.signatures] == ["B-B", "no PAdES level"]
    assert "made with another program" in " ".join(verdict.remarks)


def test_how_far_a_file_is_as_it_was_signed_is_told():
    verdict = verify_pdf(_pyhanko(signed(), "Extra", new=True))
    assert verdict.word == "do-not-rely"
    until = "Up to the signature of Chi Ward (product owner) the file is as it was signed"
    assert until in " ".join(verdict.sentences)
    last = _last_gap(signed())[1]
    cut = verify_pdf(flipped(signed(), last - 700))
    assert "Up to the signature of Bo O'Neil" in " ".join(cut.sentences)
    assert not any("Up to the" in each for each in verify_pdf(_page_text(signed())).sentences)


def _run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, check=True)


@pytest.fixture
def nss(tmp_path):
    """A store with somebody's key, as poppler signs with."""
    if not (shutil.which("certutil") and shutil.which("pk12util") and shutil.which("pdfsig")):
        pytest.skip("no NSS store can be made here")
    folder = tmp_path / "nss"
    folder.mkdir()
    data, _ = Authority("Example Network CA").person("Nora Network", key=rsa_key())
    (tmp_path / "nora.p12").write_bytes(data)
    _run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    _run("pk12util", "-i", tmp_path / "nora.p12", "-d", f"sql:{folder}", "-W", PASSPHRASE)
    return f"sql:{folder}"


def _poppler(nss, pdf, *how):
    source, target = Path(nss[4:]).parent / "a.pdf", Path(nss[4:]).parent / "b.pdf"
    source.write_bytes(pdf)
    _run("pdfsig", "-nssdir", nss, *how, "-nick", "key", source, target)
    return target.read_bytes()


def test_what_poppler_signs_is_not_called_altered(nss):
    verdict = verify_pdf(_poppler(nss, final_report(), "-sign", "OnCall", "-etsi"))
    assert not verdict.holds
    assert "Nora Network" in " ".join(verdict.sentences)
    assert "another program" in " ".join(verdict.sentences)
    assert "altered" not in " ".join(verdict.sentences)
    verdict = verify_pdf(_poppler(nss, signed(), "-add-signature"))
    assert not verdict.holds
    assert "Up to the signature of Chi Ward" in " ".join(verdict.sentences)


REWRITERS = {
    "qpdf": ("qpdf", "A", "B"),
    "qpdf-linearized": ("qpdf", "--linearize", "A", "B"),
    "pdftk": ("pdftk", "A", "output", "B"),
    "pdftk-pages": ("pdftk", "A", "cat", "output", "B"),
}
PRINTERS = {
    "ghostscript": ("gs", "-q", "-sDEVICE=pdfwrite", "-o", "B", "A"),
    "cairo": ("pdftocairo", "-pdf", "A", "B"),
}


def _through(command, tmp_path):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not here")
    places = {"A": tmp_path / "a.pdf", "B": tmp_path / "b.pdf"}
    places["A"].write_bytes(signed())
    _run(*(places.get(word, word) for word in command))
    return verify_pdf(places["B"].read_bytes())


@pytest.mark.parametrize("command", REWRITERS.values(), ids=REWRITERS)
def test_a_report_that_another_program_saved_is_told_in_one_sentence(command, tmp_path):
    verdict = _through(command, tmp_path)
    assert verdict.word == "do-not-rely"
    assert "Another program has saved it anew" in verdict.sentences[0]
    assert len(verdict.problems) <= 2
    assert {found.intact for found in verdict.signatures} == {False}


@pytest.mark.parametrize("command", PRINTERS.values(), ids=PRINTERS)
def test_a_print_of_a_report_is_called_one(command, tmp_path):
    verdict = _through(command, tmp_path)
    assert verdict.word == "do-not-rely"
    assert f"It is a print or copy of {facts().number}" in verdict.sentences[0]


# --- reports that contradict themselves --------------------------------------------------------


def test_another_number_printed_on_the_pages_is_told():
    pdf = final_report.__wrapped__(THREE, "Document FR-0000-1111-2222-3333-R1")
    assert "Another document number is printed" in verify_pdf(pdf).sentences[0]


def test_a_page_without_a_number_raises_no_alarm():
    pdf = final_report.__wrapped__(THREE, "nothing")
    pdf = sign.sign_pdf(pdf, identity("on-call"), PASSPHRASE, "on-call")
    assert verify_pdf(pdf).problems == ()


def test_a_draft_and_a_stranger_are_not_reports_to_rely_on():
    draft = verify_pdf(finish_pdf(pages("DRAFT"), facts(()), INCIDENT))
    assert (draft.word, draft.sentences[0]) == (
        "do-not-rely",
        "Do not rely on this file. It is a draft, which nobody can sign.",
    )
    stranger = verify_pdf(pages())
    assert stranger.word == "do-not-rely"
    assert "not a report made by Facilitator" in stranger.sentences[0]


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-", b"%PDF-1.7\n" * 40, bytes(1000)])
def test_what_is_no_pdf_is_broken(junk):
    verdict = verify_pdf(junk)
    assert verdict.word == "broken"
    assert verdict.sentences[0].startswith("This file cannot be verified.")


def test_a_card_that_cannot_be_read_is_an_error_of_its_own():
    with pytest.raises(BadIdentity):
        verify_pdf(signed(), [b"not a card"])


# --- every byte --------------------------------------------------------------------------------


def test_any_flipped_bit_is_told():
    """Sixty random places in the file, thirty more where only spelling protects the digits."""
    chance = random.Random(20261121)
    pdf = signed()
    begin, end = _last_gap(pdf)
    places = [chance.randrange(len(pdf)) for _ in range(60)]
    places += [chance.randrange(begin - 1, end + 1) for _ in range(30)]
    missed = [at for at in places if verify_pdf(flipped(pdf, at, chance.randrange(8))).holds]
    assert missed == []


@pytest.mark.parametrize("said", ["Root of", "sha256"])
def test_what_the_signer_did_not_sign_is_held_to_one_spelling(said):
    """The issuer's name and the list of digests stand outside of what the key signed."""
    pdf = signed()
    begin, end = _last_gap(pdf)
    message = bytes.fromhex(pdf[begin:end].decode())
    needle = said.encode() if said != "sha256" else bytes.fromhex("608648016503040201")
    spots = [found.start() for found in re.finditer(re.escape(needle), message)]
    assert len(spots) > 1
    for spot in spots:
        changed = bytearray(message)
        changed[spot] ^= 0x20
        text = bytes(changed).hex().upper().encode()
        assert not verify_pdf(pdf[:begin] + text + pdf[end:]).holds


def test_a_timestamp_cannot_be_made_to_disappear(monkeypatch):
    """The parser skips parts it does not know, so the tag of the timestamp is checked apart."""
    monkeypatch.setattr(services, "timestamp_service", lambda url: timestamp_service())
    pdf = sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call", proofs=TIMED)
    begin, end = _last_gap(pdf)
    message = bytes.fromhex(pdf[begin:end].decode())
    token = message.index(bytes.fromhex("060b2a864886f70d010910020e"))
    tag = message.rindex(b"\xa1\x82", 0, token)
    for bit in range(8):
        changed = flipped(message, tag, bit).hex().upper().encode()
        assert not verify_pdf(pdf[:begin] + changed + pdf[end:]).holds


def test_a_file_that_was_found_to_hold_is_not_examined_anew_before_the_next_signs(monkeypatch):
    pdf = sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call")
    assert verify_pdf(pdf).holds
    asked = []
    monkeypatch.setattr(verify, "verify_pdf", lambda data, **_: asked.append(data) or broken("No."))
    sign.sign_pdf(pdf, identity("tech-lead"), PASSPHRASE, "tech-lead")
    assert asked == []
    altered = flipped(pdf, pdf.index(b"Page 1") + 5)
    with pytest.raises(SigningRefused):
        sign.sign_pdf(altered, identity("tech-lead"), PASSPHRASE, "tech-lead")
    assert asked == [altered]


def test_what_does_not_hold_is_never_remembered_as_what_does():
    altered = flipped(signed(), signed().index(b"Page 1") + 5)
    assert not verify_pdf(altered).holds
    assert not verify.was_intact(altered)
    stranger = sign.sign_pdf(final_report(), identity("on-call"), PASSPHRASE, "on-call")
    verify._INTACT.clear()
    assert not verify_pdf(stranger, [card(identity("tech-lead"))]).holds
    assert not verify.was_intact(stranger)


def test_only_so_much_is_remembered():
    for n in range(20):
        verify._remember(bytes([n]))
    assert not verify.was_intact(bytes([0]))
    assert verify.was_intact(bytes([19]))
