"""The report on paper: every page is there, nothing typed is lost or believed, no file is read."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from facilitator.model.change import Change
from facilitator.model.document import Document
from facilitator.model.freeze import content_digest
from facilitator.model.records import FollowUp, Incident, Moment, Person, Series, Why
from facilitator.report.content import HEADINGS
from facilitator.report.fields import document_number, read_attachment, read_facts
from facilitator.report.pages import page_count, page_picture, page_png, page_texts
from facilitator.report.pdf import render_report
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from tests.report.report_kit import AT, HEAD, HOSTILE, empty, hostile, rich, utc
from tests.report.signing_kit import PASSPHRASE, identity

LONG = 100_000


def draft(document, paper="A4"):
    return render_report(document, final=False, head=HEAD, at=AT, paper=paper)


@pytest.fixture(scope="module")
def final():
    return render_report(rich(), final=True, head=HEAD, at=AT)


@pytest.fixture(scope="module")
def worst():
    return draft(hostile(LONG))


def texts(pdf):
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def text(pdf):
    return " ".join(" ".join(texts(pdf)).split())


def incident(**values):
    was = rich().incident
    return rich().with_changes([Change(was, replace(was, **values))])


def outline(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [(b.get_title(), b.get_dest().get_index()) for b in document.get_toc()]


def test_the_five_headings_stand_in_order(final):
    said = text(final)
    places = [said.index(heading) for heading in HEADINGS]
    assert places == sorted(places)


def test_macrons_are_text_that_can_be_found(final):
    assert "Ōtautahi" in text(final)


def test_each_page_says_its_number_and_the_documents(final):
    pages = texts(final)
    number = read_facts(PdfFileReader(io.BytesIO(final))).number
    for n, page in enumerate(pages, start=1):
        assert f"page {n} of {len(pages)}" in page
        assert number in page


def test_a_draft_says_so_on_each_page_and_a_final_report_nowhere(final):
    assert all("DRAFT" in page for page in texts(draft(rich())))
    assert not any("DRAFT" in page for page in texts(final))


def test_a_draft_has_no_field_and_a_final_report_one_for_each_role(final):
    assert "/AcroForm" not in PdfFileReader(io.BytesIO(draft(rich()))).root
    fields = PdfFileReader(io.BytesIO(final)).root["/AcroForm"]["/Fields"]
    assert [str(f.get_object()["/T"]) for f in fields] == ["TechLead", "OnCall", "ProductOwner"]


def test_the_boxes_lie_on_the_page_that_names_the_signers(final):
    page = next(n for n, said in enumerate(texts(final)) if "Sol Petrov" in said)
    reader = PdfFileReader(io.BytesIO(final))
    kids = reader.root["/Pages"]["/Kids"][page].get_object()
    assert len(kids["/Annots"]) == 3


def test_a_signed_report_verifies(final):
    signed = final
    for role in ("tech-lead", "on-call", "product-owner"):
        signed = sign_pdf(signed, identity(role), PASSPHRASE, role)
    verdict = verify_pdf(signed)
    assert (verdict.holds, verdict.problems) == (True, ())


def test_the_incident_is_attached_and_its_hash_is_printed(final):
    reader = PdfFileReader(io.BytesIO(final))
    data, facts = read_attachment(reader), read_facts(reader)
    attached = json.loads(data)
    assert attached["journal"] == {"seq": HEAD[0], "hash": HEAD[1]}
    assert attached["document_sha256"] == content_digest(rich())
    assert facts.chain_head == HEAD[1]
    assert facts.number == document_number(facts.sha256, 1)
    assert facts.sha256 in text(final).replace(" ", "")


def test_the_attachment_and_pages_name_nobody_but_the_signers(final):
    data = read_attachment(PdfFileReader(io.BytesIO(final))).decode()
    assert [n for n in ("Marama", "Ines", "Petrov", "Dana") if n in data] == []
    pages = texts(final)
    naming = [n for n, page in enumerate(pages) if "Ines" in page or "Petrov" in page]
    assert len(naming) == 1
    assert "Marama" not in text(final)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_page_one_stands_alone_whatever_was_typed(paper):
    long = incident(
        title="A title that goes on " * 40, summary="A sentence. " * 900, why_allowed="Why. " * 900
    )
    pages = texts(draft(long, paper))
    for heading in ("What happened", "Why the system allowed it", "The structural fix"):
        assert heading in pages[0]
    assert "continues inside" in pages[0]
    assert HEADINGS[0] in pages[1]


@pytest.mark.parametrize("typed", ["W" * 900, "a\n" * 40, "long words " * 90])
def test_page_one_is_one_page_whatever_stands_in_every_field(typed):
    """In a frame too small reportlab would draw over the foot; its words would be no more there."""
    people = [r for r in rich().records() if isinstance(r, Person)]
    others = [filled(r, typed) for r in rich().records() if not isinstance(r, Person)]
    made = draft(Document([*people, *others]), "Letter")
    pages = texts(made)
    assert "What happened" in pages[0]
    assert "Also agreed" in pages[0]
    assert HEADINGS[0] in pages[1]
    assert lowest_text(made) > 30


TYPED = [
    "title",
    "organisation",
    "users_word",
    "impact",
    "services",
    "name",
    "summary",
    "why_allowed",
    "text",
    "change",
    "owner",
    "helpers",
    "check",
    "ticket",
    "artefact",
    "unit",
    "source",
    "original",
    "went_well",
    "was_hard",
    "reason",
]


def filled(record, typed):
    """The record with every free text replaced."""
    return replace(record, **{name: typed for name in TYPED if hasattr(record, name)})


def lowest_text(pdf):
    """The y (points from the foot) of the lowest text that page one has."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        return min(page.get_charbox(n)[1] for n in range(page.count_chars()))


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_sizes(paper, size):
    with pypdfium2.PdfDocument(draft(empty(), paper)) as document:
        assert tuple(map(round, document[0].get_size())) == size


def test_the_outline_leads_to_each_section(final):
    pages = texts(final)
    found = outline(final)
    assert [title for title, _ in found][1:6] == list(HEADINGS)
    assert all(title in pages[page].replace("\r\n", " ") for title, page in found[1:])


def test_title_and_language_are_set(final):
    reader = PdfFileReader(io.BytesIO(final))
    assert str(reader.root["/Lang"]) == "en"
    assert str(reader.trailer["/Info"]["/Title"]).startswith("First-time patients")
    assert bool(reader.root["/ViewerPreferences"]["/DisplayDocTitle"])


def test_only_embedded_typefaces_are_named(final, worst):
    for pdf in (final, worst):
        reader = PdfFileReader(io.BytesIO(pdf))
        fonts = [found for ref in reader.xrefs.explicit_refs_in_revision(0)
                 if (found := _font(reader.get_object(ref)))]  # fmt: skip
        assert fonts
        assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
        assert b"Helvetica" not in pdf


def _font(found):
    is_font = hasattr(found, "get") and "/Type" in found and found["/Type"] == "/Font"
    return found if is_font else None


def test_nothing_in_the_file_acts_or_leads_away(worst):
    reader = PdfFileReader(io.BytesIO(worst))
    assert not {"/OpenAction", "/AA"} & set(reader.root)
    for page in reader.root["/Pages"]["/Kids"]:
        assert "/Annots" not in page.get_object()


@pytest.mark.parametrize("typed", [t for t in HOSTILE if "😀" not in t])
def test_markup_shows_as_typed(worst_text, typed):
    assert typed in worst_text


@pytest.fixture(scope="module")
def worst_text(worst):
    return text(worst)


def test_characters_without_a_picture_are_boxes_and_are_named(worst_text):
    assert "smile □ and あ" in worst_text
    assert "has U+1F600;" in worst_text


def test_a_hundred_thousand_characters_are_all_there(worst):
    said = re.sub(r"\s", "", "".join(texts(worst)))
    assert said.count("y") >= LONG
    assert said.count("x") >= LONG


def test_a_hundred_thousand_characters_take_under_ten_seconds():
    before = time.process_time()
    draft(incident(summary="w" * LONG, impact="many words " * (LONG // 11)))
    assert time.process_time() - before < 10


def test_no_file_of_the_users_is_opened():
    script = (
        "import sys; sys.path[:0] = ['.']\n"
        "from tests.report.report_kit import AT, HEAD, hostile, rich\n"
        "from facilitator.report.pdf import render_report\n"
        "render_report(rich(), final=True, head=HEAD, at=AT)\n"
        "seen = []\n"
        "sys.addaudithook(lambda name, args: seen.append((name, str(args[0])))\n"
        "                 if name in ('open', 'socket.connect', 'socket.getaddrinfo') else None)\n"
        "render_report(hostile(2000), final=False, head=HEAD, at=AT)\n"
        "print([s for s in seen if not s[1].endswith(('.py', '.pyc', '.toml', '.ttf'))\n"
        "       and 'site-packages' not in s[1] and 'zoneinfo' not in s[1]])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_same_document_and_time_give_the_same_bytes_everywhere():
    script = (
        "import sys, hashlib; sys.path[:0] = ['.']\n"
        "from tests.report.report_kit import AT, HEAD, rich\n"
        "from facilitator.report.pdf import render_report\n"
        "pdf = render_report(rich(), final=True, head=HEAD, at=AT)\n"
        "print(hashlib.sha256(pdf).hexdigest())\n"
    )
    places = (("1", "UTC", "C.UTF-8"), ("2", "Asia/Tokyo", "C"))
    found = set()
    for seed, zone, locale in places:
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_another_time_gives_other_bytes():
    later = render_report(rich(), final=False, head=HEAD, at=datetime(2026, 7, 1, tzinfo=UTC))
    assert later != draft(rich())
    assert "DRAFT of 1 July 2026" in text(later)


def test_a_long_table_repeats_its_head_and_loses_no_row():
    moments = [Moment(f"n{n:04}", f"Moment number {n:04}", "action", utc(9 + n // 60, n % 60))
               for n in range(240)]  # fmt: skip
    pages = texts(draft(Document([*empty().records(), *moments])))
    said = " ".join(pages)
    assert [n for n in range(240) if f"Moment number {n:04}" not in said] == []
    tabled = [page for page in pages if "Moment number" in page]
    assert len(tabled) > 4
    assert all("What happened" in page for page in tabled)


def test_a_deep_and_wide_tree_keeps_every_answer():
    whys = [Why("w0", "The effect")]
    whys += [Why(f"d{n}", f"Deep answer {n:03}.", f"d{n - 1}" if n else "w0") for n in range(60)]
    whys += [Why(f"s{n}", f"Wide answer {n:03}.", "w0", float(n)) for n in range(60)]
    said = text(draft(Document([*empty().records(), *whys])))
    lost = [n for n in range(60) if f"Deep answer {n:03}." not in said
            or f"Wide answer {n:03}." not in said]  # fmt: skip
    assert lost == []


def test_nothing_of_everything_and_one_of_everything():
    odd = [Moment("m", "", "impact", None), Why("w", ""), FollowUp("f", ""), Series("s", "")]
    assert page_count(draft(Document([*empty().records(), *odd]))) >= 3


def test_pages_become_pictures(final):
    picture = page_picture(final, 0, width=200)
    assert (picture.width, picture.height) == (200, 283)
    assert len(picture.pixels) == picture.stride * picture.height
    assert page_png(final, 1, width=100).startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        page_picture(final, 99)


def test_an_incident_without_a_severity_or_people_can_be_printed():
    assert "severity not set" in text(draft(empty()))
    assert isinstance(empty().incident, Incident)


@pytest.mark.parametrize("extra", range(0, 26, 5))
def test_the_sign_off_stands_with_its_boxes_wherever_it_falls(extra):
    more = [FollowUp(f"x{n}", "One more action", rank=9.0 + n) for n in range(extra)]
    pages = texts(render_report(Document([*rich().records(), *more]), final=True, head=HEAD, at=AT))
    page = next(page for page in pages if "A signature says" in page)
    assert "Sol Petrov" in page


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not here")
def test_words_at_both_sides_of_a_line_end_are_two_to_who_hears_them(tmp_path):
    """Where a word is cut at a line end, or a script has no spaces, none is made."""
    said = "Every word of this stands for itself however the lines are broken. " * 12
    typed = "First line\nSecond line"
    cut, plain = "Donau" * 60, "障害の報告を書く" * 30
    document = incident(summary=said, impact=typed, went_well=cut, was_hard=plain)
    (tmp_path / "r.pdf").write_bytes(draft(document))
    heard = _poppler("pdfinfo", "-struct-text", tmp_path / "r.pdf")
    for wanted in (said.strip(), "First line Second line", cut):
        assert f'"{wanted}"' in heard
    seen = _poppler("pdftotext", "-raw", tmp_path / "r.pdf", "-")
    assert said.strip() in " ".join(seen.split("\n"))
    assert plain in seen.replace("\n", "")


def _poppler(*command):
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode()


def test_pages_are_read_and_drawn_on_any_number_of_threads():
    """The library that does it is made for one thread at a time; used by two it loses words."""
    pdf = draft(rich())
    with ThreadPoolExecutor(6) as pool:
        drawn = [pool.submit(page_picture, pdf, n % 3, width=60) for n in range(30)]
        read = [pool.submit(page_texts, pdf) for _ in range(10)]
        assert len({each.result().pixels for each in drawn}) == 3
        assert len({tuple(each.result()) for each in read}) == 1
