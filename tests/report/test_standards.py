"""A report is PDF/A-3a and PDF/UA-1: as made, as a draft, and after every signature."""

import io
from itertools import pairwise
from random import Random

import pytest
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from facilitator.model.document import Document
from facilitator.model.records import FollowUp, Moment, Why
from facilitator.report.archival import srgb_profile
from facilitator.report.ink import ink_of
from facilitator.report.pades import embed_timestamp, open_writer
from facilitator.report.pdf import render_report
from facilitator.report.proofs import Proofs
from facilitator.report.sign import sign_pdf
from facilitator.report.unicode_map import unicode_map
from facilitator.report.verify import verify_pdf
from tests.report.pki_kit import Authority
from tests.report.report_kit import AT, HEAD, empty, hostile, rich, utc
from tests.report.signing_kit import (
    PASSPHRASE,
    THREE,
    flipped,
    identity,
    timestamp_service,
    updated,
)

# Only the newest of several signatures can cover the whole file; the validator wants it of each.
SEVERAL = {"PDFA3A-SIGNATURE-BYTERANGE-001"}


def failures(pdf, profile):
    """The rules that a PDF breaks."""
    validator = pytest.importorskip("page", reason="no wheel of the validator for this platform")
    return {found.rule_id for found in validator.validate_pdf_bytes(pdf, profile=profile).failures}


def broken(pdf):
    return failures(pdf, "3a") | failures(pdf, "ua1")


def made(document, *, final=False, paper="A4"):
    return render_report(document, final=final, head=HEAD, at=AT, paper=paper)


DRAWN = ink_of([[(5.0 * n, 60 + n % 7) for n in range(60)], [(9, 9)]], 130)


@pytest.fixture(scope="module")
def states():
    """The final report without signatures, then with one, two and three of them; two drew."""
    found = [made(rich(), final=True)]
    for role, ink in zip(THREE, (DRAWN, None, DRAWN), strict=True):
        found.append(sign_pdf(found[-1], identity(role), PASSPHRASE, role, ink=ink))
    return found


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_broken_before_and_after_the_first_signature(states, count):
    assert broken(states[count]) == set()


@pytest.mark.parametrize("count", [2, 3])
def test_nothing_more_is_broken_by_later_signatures(states, count):
    assert failures(states[count], "ua1") == set()
    assert failures(states[count], "3a") <= SEVERAL


def test_the_signatures_hold_over_the_tree(states):
    verdict = verify_pdf(states[-1])
    assert (verdict.holds, verdict.problems) == (True, ())


def test_a_flipped_bit_in_the_tree_is_told(states):
    signed = states[-1]
    start, end = signed.index(b"/StructTreeRoot"), len(states[0])
    for at in Random(5).sample(range(start, end), 8):
        assert not verify_pdf(flipped(signed, at)).holds


def test_other_words_for_a_drawing_are_told(states):
    """They are what somebody who cannot see it is told of it."""

    def reword(writer):
        reader = writer.prev
        for ref in reader.xrefs.explicit_refs_in_revision(0):
            found = reader.get_object(ref)
            if hasattr(found, "get") and "/Alt" in found:
                found[pdf_name("/Alt")] = pdf_string("Nothing happened.")
                writer.mark_update(ref)

    for signed in states[1:]:
        changed = updated(signed, reword)
        said = [str(node["/Alt"]) for node, _ in nodes(changed) if "/Alt" in node]
        assert said == ["Nothing happened."] * 3
        assert not verify_pdf(changed).holds


def test_a_drawn_mark_made_another_is_told(states):
    """It is under the signature like all else, by any later revision and in every byte."""
    signed = states[-1]

    def redraw(writer):
        fields = (field for _name, _value, field in enumerate_sig_fields(writer))
        drawing = next(fields).get_object()["/AP"].raw_get("/N")
        drawing.get_object()._data = b"0 0 m 100 50 l S"
        drawing.get_object()._encoded_data = None
        writer.mark_update(drawing)

    assert verify_pdf(updated(signed, redraw)).word == "do-not-rely"
    start = signed.index(b"/XObject", len(states[0]))
    for at in Random(3).sample(range(start, len(states[1])), 8):
        assert not verify_pdf(flipped(signed, at)).holds


def test_only_who_drew_has_a_mark_in_their_seal(states):
    reader = PdfFileReader(io.BytesIO(states[-1]))
    seals = [
        str(field.get_object()["/AP"]["/N"].data) for *_, field in enumerate_sig_fields(reader)
    ]
    assert ["/Span <</Alt <" in seal for seal in seals] == [True, False, True]


def test_every_stream_ends_with_a_whole_line_end(states):
    """Else one whose last byte is a carriage return would seem one byte shorter than it says."""
    sealed = embed_timestamp(open_writer(states[-1]), timestamp_service())
    assert sealed.count(b"\r\nendstream") == sealed.count(b"endstream") > 20


def test_an_archive_timestamp_breaks_nothing_more(states):
    sealed = embed_timestamp(open_writer(states[-1]), timestamp_service())
    assert failures(sealed, "ua1") == set()
    assert failures(sealed, "3a") <= SEVERAL


def test_revocation_data_break_nothing_more(states):
    company = Authority("Example Company CA")
    p12, _ = company.person("Eve Sample")
    proofs = Proofs(files=(company.crl(),))
    pdf = sign_pdf(states[-2], p12, PASSPHRASE, THREE[-1], proofs=proofs)
    assert "/DSS" in PdfFileReader(io.BytesIO(pdf)).root
    assert failures(pdf, "ua1") == set()
    assert failures(pdf, "3a") <= SEVERAL


def test_who_listens_hears_first_that_it_is_a_draft(states):
    draft, final = made(rich()), states[0]
    assert kinds(draft)[:3] == ["/Document", "/P", "/P"]
    assert kinds(final)[:3] == ["/Document", "/P", "/H1"]
    first = next(node for node, _ in nodes(draft) if node["/S"] == "/P")
    content = pages_of(draft)[0]["/Contents"].data
    assert b"/P <</MCID %d>> BDC" % int(first["/K"]) in content


LONG_TABLE = [
    Moment(f"n{n:03}", f"Moment {n} " * (1 + n % 40), "action", utc(9 + n // 60, n % 60))
    for n in range(150)
]
DEEP = [Why(f"d{n}", f"Answer {n}", f"d{n - 1}" if n else "") for n in range(40)]
WIDE = [Why(f"s{n}", f"Wide {n}", "d3", float(n)) for n in range(20)]
MANY = [FollowUp(f"f{n}", f"Action {n}", rank=float(n)) for n in range(60)]


@pytest.mark.parametrize(
    ("document", "paper"),
    [
        (rich(), "A4"),
        (empty(), "Letter"),
        (hostile(4000), "A4"),
        (Document([*empty().records(), *LONG_TABLE, *DEEP, *WIDE, *MANY]), "Letter"),
    ],
    ids=["rich", "empty", "hostile", "large"],
)
def test_drafts_of_all_kinds_break_nothing(document, paper):
    assert broken(made(document, paper=paper)) == set()


def nodes(pdf):
    """Every node of the tree, in reading order, with its depth."""
    reader = PdfFileReader(io.BytesIO(pdf))
    waiting = [(reader.root["/StructTreeRoot"]["/K"], 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        below = node.get("/K", [])
        kids = below if isinstance(below, list) else [below]
        kids = [kid.get_object() for kid in kids]
        waiting += [(k, depth + 1) for k in reversed(kids) if isinstance(k, dict) and "/S" in k]


def pages_of(pdf):
    """The dictionary of each page."""
    return [ref.get_object() for ref in PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"]]


def kinds(pdf):
    return [str(node["/S"]) for node, _ in nodes(pdf)]


def test_headings_go_down_one_level_at_a_time(states):
    levels = [int(kind[2]) for kind in kinds(states[0]) if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert set(levels) == {1, 2, 3}


def test_drawings_have_words_and_a_place(states):
    figures = [node for node, _ in nodes(states[0]) if node["/S"] == "/Figure"]
    said = [str(node["/Alt"]) for node in figures]
    assert len(said) == 3
    assert "18:14 Impact began" in said[0]
    assert "12 moments" in said[1]
    assert "highest 3.4 % (19:30)" in said[2]
    assert all(len(node["/A"]["/BBox"]) == 4 for node in figures)


def test_each_field_to_sign_in_is_named_without_an_array(states):
    """In an array pyHanko would call a later signature a change to the tree."""
    forms = [node for node, _ in nodes(states[0]) if node["/S"] == "/Form"]
    fields = [str(node["/K"]["/Obj"]["/T"]) for node in forms]
    assert fields == ["TechLead", "OnCall", "ProductOwner"]
    assert all(str(node["/K"]["/Type"]) == "/OBJR" for node in forms)


def test_a_table_over_pages_is_one_table_with_one_head():
    moments = [Moment(f"n{n:03}", f"Moment {n}", "action", utc(9 + n // 60, n % 60))
               for n in range(120)]  # fmt: skip
    found = list(nodes(made(Document([*empty().records(), *moments]))))
    tables = [node for node, _ in found if node["/S"] == "/Table"]
    rows = [len(table["/K"]) for table in tables]
    # A head, the day, and the moments.
    assert rows.count(122) == 1
    heads = [node for node, _ in found if node["/S"] == "/TH"]
    assert all(str(node["/A"]["/Scope"]) == "/Column" for node in heads)
    assert len(heads) == sum(len(table["/K"][0]["/K"]) for table in tables)


def test_answers_are_lists_in_lists():
    tree = [Why("w0", "Effect"), Why("w1", "First", "w0"), Why("w2", "Second", "w1"),
            Why("w3", "Other", "w0", 2.0)]  # fmt: skip
    found = [
        depth
        for node, depth in nodes(made(Document([*empty().records(), *tree])))
        if node["/S"] == "/LI"
    ]
    # Each list lies three nodes under the point it belongs to: its body, the list, the point.
    assert [depth - min(found) for depth in found if depth > min(found)] == [3, 6, 3]


def test_every_mark_leads_to_its_node(states):
    root = PdfFileReader(io.BytesIO(states[0])).root
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    pages = pages_of(states[0])
    assert [int(page["/StructParents"]) for page in pages] == list(range(len(pages)))
    for page, index in zip(pages, range(1, 2 * len(pages), 2), strict=True):
        marked = page["/Contents"].data.count(b"/MCID ")
        assert len(numbers[index]) == marked > 0


def test_every_page_is_marked_from_end_to_end(states):
    for page in pages_of(states[0]):
        words = page["/Contents"].data.split()
        assert words.count(b"BMC") + words.count(b"BDC") == words.count(b"EMC")
        # Before the first mark stands what shows nothing: the origin and a typeface.
        assert words[words.index(b"BMC") - 1] == b"/Artifact"
        assert set(words[: words.index(b"BMC")]) & {b"Tj", b"TJ", b"f", b"S", b"B", b"Do"} == set()
        assert words[-1] == b"EMC"


def test_the_profile_is_one_of_screens():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(profile).strip() == "sRGB"
    assert profile.profile.xcolor_space.strip() == "RGB"
    to_own = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), profile, "RGB", "RGB")
    assert shades(to_own) == [(0, 0, 0), (128, 64, 200), (10, 250, 128), (255, 255, 255)]


def shades(transform):
    from PIL import Image, ImageCms

    picture = Image.new("RGB", (4, 1))
    for n, shade in enumerate([(0, 0, 0), (128, 64, 200), (10, 250, 128), (255, 255, 255)]):
        picture.putpixel((n, 0), shade)
    changed = ImageCms.applyTransform(picture, transform)
    return [changed.getpixel((n, 0)) for n in range(4)]


def test_the_map_of_a_typeface_names_no_nothing_and_has_short_blocks():
    said = unicode_map("X", [0, *range(33, 250), 0x1F600])
    assert "<00> <0000>" not in said
    assert "<DA> <D83DDE00>" in said
    assert [line.split()[0] for line in said.splitlines() if line.endswith("beginbfchar")] == [
        "100",
        "100",
        "18",
    ]
