"""Levels, times and revocation: what a signature brings along, and what is made of it later."""

import asyncio
import io
import random
import re

import pytest
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from facilitator.report import services, sign
from facilitator.report.errors import ReportError, SigningRefused
from facilitator.report.proofs import Proofs, check_address
from facilitator.report.verify import verify_pdf
from tests.report.pki_kit import CRL_URL, DAY, NOW, OCSP_URL, Authority, Network, asn1, pem
from tests.report.signing_kit import (
    FOUR,
    PASSPHRASE,
    THREE,
    final_report,
    flipped,
    identity,
    signed,
    updated,
)

URL = "http://time.example.invalid/"


class World:
    """A company whose people sign, and a timestamp service of somebody else."""

    def __init__(self, **life):
        self.root = Authority("Example Root")
        self.company = Authority("Example Company CA", self.root)
        self.clocks = Authority("Example Time Root")
        self.p12, self.cert = self.company.person(**life)
        self.service = self.clocks.time_service()
        self.told = []

    @property
    def lists(self):
        return (self.root.crl(), self.company.crl(), self.clocks.crl(life=3000 * DAY))

    @property
    def trusts(self):
        return [pem(self.clocks.cert)]

    def sign(self, pdf=None, role="on-call", *, url=URL, files=(), fetch=False, when=None):
        proofs = Proofs(url, tuple(files), fetch)
        pdf = pdf or final_report((role,))
        tell = self.told.append
        return sign.sign_pdf(pdf, self.p12, PASSPHRASE, role, proofs=proofs, tell=tell, when=when)

    def seal(self, pdf, *, files=(), fetch=False):
        return sign.add_timestamp(pdf, Proofs(URL, tuple(files), fetch), self.told.append)

    def verify(self, pdf, **named):
        return verify_pdf(pdf, services=self.trusts, **named)

    def network(self, monkeypatch, **named):
        certs = {
            self.company.text: [self.cert],
            self.root.text: [self.company.cert],
            self.clocks.text: [x509.load_der_x509_certificate(self.service.tsa_cert.dump())],
        }
        made = Network([self.company, self.root, self.clocks], certs, **named)
        monkeypatch.setattr(services, "ask", made.ask)
        return made


@pytest.fixture
def world(monkeypatch):
    return made(monkeypatch)


def made(monkeypatch, **life):
    world = World(**life)
    monkeypatch.setattr(services, "timestamp_service", lambda _url: world.service)
    return world


def level(pdf):
    return {found.level for found in verify_pdf(pdf).signatures}


# --- levels ------------------------------------------------------------------------------------


def test_each_level_is_reached_and_named(world):
    basic = world.sign(url="")
    timed = world.sign()
    lasting = world.sign(files=world.lists)
    sealed = world.seal(lasting, files=world.lists)
    assert [level(each) for each in (basic, timed, lasting, sealed)] == [
        {"B-B"},
        {"B-T"},
        {"B-LT"},
        {"B-LTA"},
    ]
    for each in (basic, timed, lasting, sealed):
        verdict = world.verify(each)
        assert (verdict.word, verdict.problems, verdict.remarks) == ("good", (), ())
        assert f"({verdict.signatures[0].level})" in verdict.sentences[1]
    assert world.told == []


def test_revocation_data_lie_under_the_signature_that_brought_them(world):
    pdf = world.sign(files=world.lists)
    reader = PdfFileReader(io.BytesIO(pdf))
    assert reader.xrefs.total_revisions == 2
    assert "/DSS" in reader.root
    assert pdf.count(b"/ByteRange") == 1


def test_a_list_whose_last_byte_looks_like_the_end_of_a_line_stays_whole(world):
    """Validators count lengths by lines; the list itself must come out as it went in."""
    endless = iter(world.company.crl, b"")
    last = next(each for each in endless if each.endswith(b"\r"))
    pdf = world.sign(files=(world.root.crl(), last, world.clocks.crl()))
    assert last + b"\n" not in pdf
    stored = PdfFileReader(io.BytesIO(pdf)).root["/DSS"]["/CRLs"]
    assert last in [each.get_object().data for each in stored]
    assert level(pdf) == {"B-LT"}


def test_three_people_bring_theirs_and_no_earlier_signature_minds(world):
    pdf = final_report(THREE)
    for role in THREE:
        pdf = world.sign(pdf, role, files=world.lists)
    verdict = world.verify(pdf, cards=[pem(world.root.cert)])
    assert (verdict.word, verdict.problems) == ("good", ())
    assert {(found.level, found.trust) for found in verdict.signatures} == {("B-LT", "trusted")}
    stores = PdfFileReader(io.BytesIO(pdf)).root["/DSS"]
    assert len(stores["/CRLs"]) == 3


def test_an_archive_timestamp_brings_what_the_signatures_lacked(world):
    sealed = world.seal(world.sign(), files=world.lists)
    assert level(sealed) == {"B-LTA"}
    late = world.seal(world.sign(url=""), files=world.lists)
    assert level(late) == {"B-LTA"}
    assert "as stated by the signer's computer" in verify_pdf(late).sentences[1]


def test_an_answer_of_a_responder_whom_the_issuer_named_counts_and_a_strangers_does_not(world):
    others = (world.root.crl(), world.clocks.crl())
    answer = world.company.answer(world.cert, delegate=world.company.responder())
    assert level(world.sign(files=(*others, answer))) == {"B-LT"}
    no_responder = world.company.responder(usage=())
    for answer in (
        world.company.answer(world.cert, delegate=no_responder),
        world.company.answer(world.cert, delegate=world.clocks.responder()),
        world.company.answer(world.company.cert),
        world.company.answer(world.cert, age=9 * DAY, life=DAY),
    ):
        assert level(world.sign(files=(*others, answer))) == {"B-T"}


@pytest.mark.parametrize(
    "extension",
    [
        x509.IssuingDistributionPoint(None, None, False, True, None, False, False),
        x509.IssuingDistributionPoint(None, None, True, False, None, True, False),
        x509.IssuingDistributionPoint(
            None, None, False, False, frozenset({x509.ReasonFlags.superseded}), False, False
        ),
        x509.DeltaCRLIndicator(1),
    ],
    ids=["of authorities", "indirect", "some reasons", "delta"],
)
def test_a_list_that_leaves_something_out_shows_nothing(world, extension):
    part = world.company.crl(extension=extension)
    assert level(world.sign(files=(world.root.crl(), world.clocks.crl(), part))) == {"B-T"}


def test_a_list_that_was_altered_shows_nothing(world):
    lists = [*world.lists]
    lists[1] = flipped(lists[1], len(lists[1]) - 3)
    assert level(world.sign(files=lists)) == {"B-T"}


def test_identities_made_here_are_told_of_and_sign_all_the_same(world):
    told = []
    proofs = Proofs(URL, world.lists, fetch=True)
    pdf = sign.sign_pdf(
        final_report(("on-call",)),
        identity("on-call"),
        PASSPHRASE,
        "on-call",
        proofs=proofs,
        tell=told.append,
    )
    assert level(pdf) == {"B-T"}
    assert any("identities made in Facilitator never do" in each for each in told)
    assert level(world.seal(pdf, files=world.lists)) == {"B-T"}


# --- asking ------------------------------------------------------------------------------------


def test_who_allows_it_has_the_issuers_asked(world, monkeypatch):
    network = world.network(monkeypatch)
    assert level(world.sign(fetch=True)) == {"B-LT"}
    assert set(network.asked) == {OCSP_URL}
    assert world.told == []


def test_nobody_is_asked_without_leave(world, monkeypatch):
    network = world.network(monkeypatch)
    world.seal(world.sign(files=world.lists[:1]))
    assert network.asked == []
    assert any("was not asked" in each for each in world.told)


def test_places_that_do_not_answer_keep_nobody_from_signing(world, monkeypatch):
    network = world.network(monkeypatch, silent=True)
    assert level(world.sign(fetch=True)) == {"B-T"}
    assert set(network.asked) == {OCSP_URL, CRL_URL}
    assert any("Nobody answered" in each and "Eve Sample" in each for each in world.told)


# --- time --------------------------------------------------------------------------------------


def test_whose_time_it_is_stands_in_the_verdict(world):
    stated = "time as stated by the signer's computer"
    assert stated in verify_pdf(world.sign(url="")).sentences[1]
    timed = world.sign()
    unknown = "time from a service that is not among your trusted ones (Example Time Service)"
    stranger = [pem(world.company.cert)]
    for verdict in (verify_pdf(timed), verify_pdf(timed, services=stranger)):
        assert (verdict.word, verdict.signatures[0].stamp.confirmed) == ("good", False)
        assert unknown in verdict.sentences[1]
    own = pem(x509.load_der_x509_certificate(world.service.tsa_cert.dump()))
    for trusted in (world.trusts, [own]):
        verdict = verify_pdf(timed, services=trusted)
        assert "time confirmed by Example Time Service" in verdict.sentences[1]
        assert verdict.to_json()["signatures"][0]["time_confirmed"] is True


def test_the_time_of_an_archive_timestamp_is_weighed_alike(world):
    sealed = world.seal(signed())
    verdict = world.verify(sealed)
    assert [seal.confirmed for seal in verdict.seals] == [True]
    assert "time confirmed by Example Time Service" in " ".join(verdict.sentences)
    assert [seal.confirmed for seal in verify_pdf(sealed).seals] == [False]
    assert verdict.to_json()["archive_timestamps"][0]["service"] == "Example Time Service"


def test_certificates_beside_a_timestamp_are_covered_or_left_out(world):
    """Nobody signed those; the ones that no root in the timestamp vouches for go elsewhere."""
    issuing = Authority("Example Time CA", world.clocks)
    stranger = Authority("Example Stranger")
    for beside in ([issuing.cert], [issuing.cert, stranger.cert], [], issuing.chain):
        world.service = issuing.time_service(beside=beside)
        for pdf in (world.sign(), world.seal(world.sign(url=""))):
            verdict = world.verify(pdf)
            assert (verdict.word, verdict.problems) == ("good", ())
            stamps = [*verdict.seals, *(found.stamp for found in verdict.signatures if found.stamp)]
            assert [stamp.confirmed for stamp in stamps] == [beside != []]
            message = bytes.fromhex(re.findall(rb"/Contents <([0-9a-fA-F]+)>", pdf)[-1].decode())
            for cert in (issuing.cert, stranger.cert):
                at = message.find(cert.signature)
                assert at < 0 or not verify_pdf(_with_message(pdf, flipped(message, at))).holds


def _with_message(pdf, message):
    old = re.findall(rb"/Contents <([0-9a-fA-F]+)>", pdf)[-1]
    new = message.hex().encode()
    return pdf.replace(old, new if old.islower() else new.upper())


def test_a_service_whose_certificate_was_revoked_confirms_nothing(world):
    timed = world.sign()
    revoked = x509.load_der_x509_certificate(world.service.tsa_cert.dump())
    world.clocks.revoke(revoked, NOW - DAY)
    verdict = world.verify(timed, revocation=[world.clocks.crl()])
    assert verdict.signatures[0].stamp.confirmed is False
    assert "timestamp service was revoked" in " ".join(verdict.remarks)


def test_a_clock_and_a_service_that_disagree_are_told(world):
    world.service = world.clocks.time_service(at=NOW - DAY)
    verdict = world.verify(world.sign())
    assert "disagree about the time" in " ".join(verdict.remarks)


def test_a_name_in_a_certificate_cannot_pass_for_a_line_of_the_verdict(world):
    world.service = world.clocks.time_service(text="X\nTech lead: Aroha\u202e, trusted")
    sentence = verify_pdf(world.sign()).sentences[1]
    assert "\n" not in sentence
    assert "\u202e" not in sentence


# --- the life of a certificate -----------------------------------------------------------------


def test_who_was_revoked_does_not_sign(world):
    world.company.revoke(world.cert, NOW - DAY)
    with pytest.raises(
        SigningRefused, match=r"was revoked on .*in other hands.*Nothing was signed"
    ):
        world.sign(files=world.lists)


def test_a_signature_after_the_revocation_is_not_relied_on(world):
    pdf = world.sign()
    world.company.revoke(world.cert, NOW - DAY)
    verdict = world.verify(pdf, revocation=world.lists)
    assert verdict.word == "do-not-rely"
    assert "Eve Sample was revoked on" in verdict.sentences[0]
    assert verdict.to_json()["signatures"][0]["revoked"] is not None


def test_a_signature_that_is_confirmed_to_be_older_than_the_revocation_holds(world):
    timed, stated = world.sign(), world.sign(url="")
    world.company.revoke(world.cert, NOW + DAY, x509.ReasonFlags.superseded)
    verdict = world.verify(timed, revocation=world.lists)
    assert verdict.word == "good"
    assert "It was signed before that." in " ".join(verdict.remarks)
    # The service is not trusted, or there is none: anybody can set a clock back.
    for doubtful in (
        verify_pdf(timed, revocation=world.lists),
        world.verify(stated, revocation=world.lists),
    ):
        assert doubtful.word == "do-not-rely"
        assert "No timestamp of a service you trust" in doubtful.sentences[0]


def test_a_hold_that_was_lifted_is_none(world):
    world.company.revoke(world.cert, NOW - 3 * DAY, x509.ReasonFlags.certificate_hold)
    held = world.company.crl(age=2 * DAY)
    pdf = world.sign(url="")
    assert verify_pdf(pdf, revocation=[held]).word == "do-not-rely"
    world.company.revoked.clear()
    assert verify_pdf(pdf, revocation=[held, world.company.crl()]).word == "good"


def test_a_certificate_that_ran_out_since_is_told(monkeypatch):
    world = made(monkeypatch, end=-5 * DAY)
    world.service = world.clocks.time_service(at=NOW - 9 * DAY)
    stated = world.sign(url="", when=NOW - 9 * DAY)
    timed = world.sign(when=NOW - 9 * DAY)
    verdict = world.verify(stated)
    assert verdict.word == "good"
    assert "ran out on" in " ".join(verdict.remarks)
    assert world.verify(timed).remarks == ()


@pytest.mark.parametrize(
    ("life", "says"),
    [
        ({"begin": -30 * DAY, "end": -DAY}, "had run out on"),
        ({"begin": DAY, "end": 30 * DAY}, "is valid only from"),
    ],
)
def test_a_signature_outside_of_the_certificates_life_is_told(monkeypatch, life, says):
    world = made(monkeypatch, **life)
    monkeypatch.setattr(sign, "_check_validity", lambda *_: None)
    verdict = world.verify(world.sign(url=""))
    assert verdict.word == "do-not-rely"
    assert says in verdict.sentences[0]


# --- other programs ----------------------------------------------------------------------------


def ades(pdf, world, at):
    """What pyHanko makes of each signature by the rules of EN 319 102-1, with no network."""

    def policy(root):
        trust = SimpleTrustManager.build(trust_roots=[asn1(root)])
        return CertValidationPolicySpec(trust, CertRevTrustPolicy(REQUIRE_REVINFO))

    offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            policy(world.root.cert), offline, ts_cert_validation_policy=policy(world.clocks.cert)
        )
    )
    timing = ValidationTimingInfo(at, at, point_in_time_validation=True)
    found = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return {
        asyncio.run(ades_lta_validation(each, spec, timing_info=timing)).ades_subindic
        for each in found
    }


def test_pyhanko_finds_them_good_long_after_the_certificates_ran_out(monkeypatch):
    world = made(monkeypatch, end=10 * DAY)
    answer = world.company.answer(world.cert, delegate=world.company.responder())
    files = (world.root.crl(), world.clocks.crl(life=3000 * DAY), answer)
    sealed = world.seal(world.sign(files=files), files=files)
    assert ades(sealed, world, NOW + 365 * DAY) == {AdESPassed.OK}


def foreign_store(pdf, world, change=None):
    """The file with revocation data that pyHanko added by itself."""
    out = io.BytesIO(pdf)
    lists = [asn1_crl(data) for data in world.lists]
    certs = [asn1(world.company.cert)]
    writer = IncrementalPdfFileWriter(out, strict=True)
    writer._update_meta = lambda: None
    contents = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0].pkcs7_content.hex().encode()
    DocumentSecurityStore.supply_dss_in_writer(writer, contents, certs=certs, crls=lists)
    if change:
        change(writer)
    writer.write_in_place()
    return out.getvalue()


def asn1_crl(data):
    from asn1crypto import crl

    return crl.CertificateList.load(data)


@pytest.mark.parametrize("signers", [THREE[:1], THREE], ids=["partly", "complete"])
def test_revocation_data_that_another_program_added_raise_no_alarm(world, signers):
    pdf = foreign_store(signed(signers), world)
    verdict = verify_pdf(pdf)
    assert (verdict.holds, verdict.problems) == (True, ())
    assert "Another program added revocation data at the end" in " ".join(verdict.sentences)
    if len(signers) < 3:
        pdf = sign.sign_pdf(pdf, identity("on-call"), PASSPHRASE, "on-call")
    sealed = world.seal(pdf)
    assert (verify_pdf(sealed).problems, verify_pdf(sealed).remarks) == ((), ())


def test_an_archive_timestamp_of_another_program_raises_no_alarm(world):
    out = io.BytesIO(foreign_store(world.sign(), world))
    writer = IncrementalPdfFileWriter(out, strict=True)
    writer._update_meta = lambda: None
    PdfTimeStamper(world.service).timestamp_pdf(writer, "sha256", None, in_place=True)
    verdict = world.verify(out.getvalue())
    assert (verdict.word, verdict.problems, len(verdict.seals)) == ("good", (), 1)
    assert verdict.signatures[0].level == "B-LTA"


def _page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def _title(writer):
    info = writer.trailer["/Info"]
    info[pdf_name("/Title")] = generic.pdf_string("Another title")
    writer.update_container(info)


def _hidden_page(writer):
    writer.add_object(generic.StreamObject(stream_data=b"BT (It was Kim) Tj ET"))


def _page_for_a_list(writer):
    page = writer.add_object(generic.StreamObject(stream_data=b"BT (It was Kim) Tj ET"))
    writer.root["/DSS"]["/CRLs"].append(page)


def _something_behind_a_list(writer):
    data = writer.root["/DSS"]["/CRLs"][0].get_object().data
    more = writer.add_object(generic.StreamObject(stream_data=data + b"(It was Kim)"))
    writer.root["/DSS"]["/CRLs"].append(more)


def _more_in_the_store(writer):
    writer.root["/DSS"][pdf_name("/Page")] = generic.pdf_string("It was Kim")


def _more_in_the_catalog(writer):
    writer.root[pdf_name("/PageMode")] = pdf_name("/UseAttachments")


def _more_in_a_list(writer):
    stream = writer.root["/DSS"]["/CRLs"][0].get_object()
    stream[pdf_name("/Subtype")] = pdf_name("/Form")


SHADOWS = [
    _page,
    _title,
    _hidden_page,
    _page_for_a_list,
    _something_behind_a_list,
    _more_in_the_store,
    _more_in_the_catalog,
    _more_in_a_list,
]


@pytest.mark.parametrize("change", SHADOWS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("covered", [False, True], ids=["at the end", "under a timestamp"])
def test_whatever_else_comes_with_revocation_data_is_told(world, change, covered):
    pdf = foreign_store(signed(), world, change)
    if covered:
        out = io.BytesIO(pdf)
        writer = IncrementalPdfFileWriter(out, strict=True)
        writer._update_meta = lambda: None
        PdfTimeStamper(world.service).timestamp_pdf(writer, "sha256", None, in_place=True)
        pdf = out.getvalue()
    assert verify_pdf(pdf).word == "do-not-rely"


def test_something_hidden_in_the_revision_of_an_archive_timestamp_is_told(world):
    out = io.BytesIO(signed())
    writer = IncrementalPdfFileWriter(out, strict=True)
    writer._update_meta = lambda: None
    _hidden_page(writer)
    PdfTimeStamper(world.service).timestamp_pdf(writer, "sha256", None, in_place=True)
    assert verify_pdf(out.getvalue()).word == "do-not-rely"


def test_no_byte_can_be_hidden_between_revocation_data(world):
    """The revision is covered by nothing, so each byte of it is accounted for."""
    base = signed()
    pdf = foreign_store(base, world)
    places = [at for at in range(len(base), len(pdf)) if pdf[at : at + 7] == b"endobj\n"]
    assert places
    for at in (*(place + 7 for place in places), len(pdf)):
        assert verify_pdf(pdf[:at] + b"% It was Kim\n" + pdf[at:]).word in ("do-not-rely", "broken")
    assert verify_pdf(pdf + b"\n\n").word == "do-not-rely"


def test_revocation_data_on_a_report_that_nobody_signed_are_a_change(world):
    base = updated(final_report(), lambda _writer: None)
    assert not verify_pdf(base).signatures
    added = io.BytesIO(final_report())
    writer = IncrementalPdfFileWriter(added, strict=True)
    writer._update_meta = lambda: None
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[asn1(world.company.cert)])
    writer.write_in_place()
    assert verify_pdf(added.getvalue()).word == "do-not-rely"


def test_any_flipped_bit_is_told_in_a_report_that_lasts(world):
    pdf = final_report(FOUR[:2])
    for role in FOUR[:2]:
        pdf = world.sign(pdf, role, files=world.lists)
    pdf = world.seal(pdf, files=world.lists)
    assert world.verify(pdf).word == "good"
    chance = random.Random(5)
    places = [chance.randrange(len(pdf)) for _ in range(40)]
    missed = [at for at in places if verify_pdf(flipped(pdf, at, chance.randrange(8))).holds]
    assert missed == []


# --- services ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda _world, _request: b"",
        lambda _world, _request: b"<html>no</html>",
        lambda world, request: _stamp(world, request, digest=b"\0" * 32),
        lambda world, request: _stamp(world, request, nonce=7),
        lambda world, request: flipped(_stamp(world, request), -40),
    ],
    ids=["nothing", "a page", "of something else", "of somebody else", "altered"],
)
def test_an_answer_that_would_not_hold_is_not_taken(monkeypatch, answer):
    """It would stand in the report, and the verdict would hold it against the signer."""
    world = World()

    async def ask(_url, _kinds, data=None, *, most=0):
        return answer(world, data)

    monkeypatch.setattr(services, "ask", ask)
    service = services.timestamp_service(URL)
    with pytest.raises(TimestampRequestError):
        asyncio.run(service.async_timestamp(b"\1" * 32, "sha256"))


def test_an_answer_that_holds_is_taken(monkeypatch):
    world = World()

    async def ask(_url, _kinds, data=None, *, most=0):
        return _stamp(world, data)

    monkeypatch.setattr(services, "ask", ask)
    token = asyncio.run(services.timestamp_service(URL).async_timestamp(b"\1" * 32, "sha256"))
    assert token["content_type"].native == "signed_data"


def _stamp(world, request, *, digest=None, nonce=None):
    from asn1crypto import tsp

    asked = tsp.TimeStampReq.load(request)
    if digest is not None:
        asked["message_imprint"]["hashed_message"] = digest
    if nonce is not None:
        asked["nonce"] = nonce
    return world.service.request_tsa_response(asked).dump()


@pytest.mark.parametrize(
    "address",
    ["time.example.org", "ftp://time.example.org", "http://", "http://a b", "http://[", ""],
)
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(ReportError, match="has an address like"):
        check_address(address)


def test_a_file_without_any_revocation_data_is_told(world):
    for data in (b"", b"hello", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"):
        with pytest.raises(ReportError, match="no list of revoked certificates"):
            world.sign(files=[data])


def test_files_may_be_pem_as_well(world):
    from asn1crypto import pem as armor

    lists = [armor.armor("X509 CRL", data) for data in world.lists]
    assert level(world.sign(files=[b"".join(lists)])) == {"B-LT"}
