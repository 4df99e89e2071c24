"""Reports in many scripts: every letter is there, in its place, in its order, and can be copied."""

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from operator import itemgetter
from unicodedata import combining

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from facilitator.model.change import Change
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.records import Person
from facilitator.report.fonts import REGULAR, draw_text, register, width_of, writing
from facilitator.report.html import render_html
from facilitator.report.markdown import render_markdown
from facilitator.report.pdf import render_report
from facilitator.report.phrasing import sentence, shortened
from facilitator.report.prose import Prose, Style
from facilitator.report.scripts import east_asian_language
from facilitator.report.seal import Seal, draw_seal
from facilitator.report.setting import line, lines, pieces
from facilitator.report.sign import sign_pdf
from facilitator.report.stretches import Words, paragraph, paragraphs
from facilitator.report.tags import TaggedCanvas
from facilitator.report.typefaces import typeface, without_picture
from facilitator.report.verify import verify_pdf
from tests.report.report_kit import AT, HEAD, rich
from tests.report.scripts_kit import TELLINGS, told
from tests.report.signing_kit import PASSPHRASE, identity
from tests.report.test_standards import broken, nodes

# Which typefaces of scripts a report in each language has, and no others.
FACES = {
    "ja": {"FacilitatorJapanese"},
    "zh-Hans": {"FacilitatorChinese", "FacilitatorJapanese"},
    "zh-Hant": {"FacilitatorJapanese", "FacilitatorTraditional", "FacilitatorChinese"},
    "ko": {"FacilitatorKorean"},
    "ar": {"NotoSansArabic"},
    "he": {"NotoSansHebrew"},
    "th": {"NotoSansThai"},
    "hi": {"NotoSansDevanagari"},
    "ka": {"NotoSansGeorgian"},
    "el": set(),
    "mi": set(),
}
# What readers add to keep the order, and white space: lines end elsewhere on a page.
ADDED = re.compile("[\u200e\u200f\u202a-\u202e\\s]")


@pytest.fixture(scope="module")
def reports():
    return {
        language: render_report(told(telling), final=True, head=HEAD, at=AT)
        for language, telling in TELLINGS.items()
    }


def text(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def letters(said):
    return ADDED.sub("", said)


def one_line(said, size=20.0):
    """A page with one line at x = 100."""
    register()
    out = io.BytesIO()
    canvas = TaggedCanvas(out, pagesize=(800, 60), initialFontName=REGULAR)
    draw_text(canvas, (100, 20), said, (REGULAR, size))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def drawn(pdf, page=0):
    """Each character that can be seen, with the middle of where it stands."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = document[page].get_textpage()
        said = [
            (found.get_text_range(n, 1), found.get_charbox(n)) for n in range(found.count_chars())
        ]
    return [(c, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for c, box in said if c.strip()]


@pytest.mark.parametrize("language", TELLINGS)
def test_what_was_written_can_be_copied_from_heading_cell_card_and_paragraph(reports, language):
    said = letters(text(reports[language]))
    telling = TELLINGS[language]
    typed = [telling.title, telling.summary, telling.moment, telling.why, telling.action]
    if language == "hi":
        # pdfium loses the mark of nasals after a short i; what poppler reads is whole.
        typed.remove(telling.summary)
    assert [each for each in (*typed, telling.name) if letters(each) not in said] == []


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not here")
@pytest.mark.parametrize("language", TELLINGS)
def test_pdftotext_finds_each_line_too(reports, language, tmp_path):
    """But for sentences with a full stop amid lines that run leftward on an English page."""
    (tmp_path / "r.pdf").write_bytes(reports[language])
    done = subprocess.run(["pdftotext", tmp_path / "r.pdf", "-"], capture_output=True, check=True)
    said = letters(done.stdout.decode())
    telling = TELLINGS[language]
    typed = [telling.title, telling.moment, telling.why, telling.action, telling.name]
    typed += [] if telling.runs_leftward else [telling.summary]
    assert [each for each in typed if letters(each) not in said] == []


@pytest.mark.parametrize("language", TELLINGS)
def test_only_what_is_drawn_is_embedded(reports, language):
    reader = PdfFileReader(io.BytesIO(reports[language]))
    found = [reader.get_object(ref) for ref in reader.xrefs.explicit_refs_in_revision(0)]
    fonts = [o for o in found if hasattr(o, "get") and o.get("/Type") == "/FontDescriptor"]
    names = {str(font["/FontName"]) for font in fonts}
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in names)
    ours = {name[8:].split("-")[0] for name in names}
    assert ours - {"NotoSans", "NotoSansMono", "FacilitatorSymbols"} == FACES[language]
    assert all(len(font["/FontFile2"].data) < 150_000 for font in fonts)


@pytest.mark.parametrize("language", TELLINGS)
def test_it_keeps_the_standards(reports, language):
    assert broken(reports[language]) == set()


def test_a_name_in_another_script_signs_and_keeps_the_standards(reports):
    signed = sign_pdf(reports["ar"], identity("tech-lead"), PASSPHRASE, "tech-lead")
    assert verify_pdf(signed).signatures[0].intact
    assert broken(signed) == set()


def test_a_name_of_ideographs_is_sealed_in_the_shapes_of_the_report(reports):
    signed = sign_pdf(reports["ja"], identity("tech-lead", "直海"), PASSPHRASE, "tech-lead")
    reader = PdfFileReader(io.BytesIO(signed))
    found = [reader.get_object(ref) for ref in reader.xrefs.explicit_refs_in_revision(1)]
    fonts = [o for o in found if hasattr(o, "get") and o.get("/Type") == "/FontDescriptor"]
    assert "FacilitatorJapanese" in " ".join(str(font["/FontName"]) for font in fonts)


@pytest.mark.parametrize("language", TELLINGS)
def test_the_seal_has_the_name(language):
    at = dt.datetime(2026, 6, 19, 21, 40, tzinfo=dt.UTC)
    seal = draw_seal(Seal("tech-lead", TELLINGS[language].name, at, "ab" * 32), 180, 58)
    assert letters(TELLINGS[language].name) in letters(text(seal))


@pytest.mark.parametrize("language", TELLINGS)
def test_every_character_has_a_picture(language):
    telling = TELLINGS[language]
    said = " ".join((telling.title, telling.summary, telling.moment, telling.name))
    assert without_picture(said) == set()
    for piece in pieces(line(paragraph([Words(said, REGULAR)]))):
        glyph_of = typeface(piece.stretch.pick.name).face.charToGlyph
        codes = [glyph.code for glyph in piece.glyphs] if piece.glyphs else piece.text
        assert all(glyph_of[ord(code)] for code in codes)


def test_letters_of_arabic_join():
    word = pieces(line(paragraph([Words("بيت", REGULAR)])))[0]
    glyph_of = typeface(word.stretch.pick.name).face.charToGlyph
    # From left to right: final teh, medial yeh, initial beh.
    wanted = [glyph_of[ord(form)] for form in "\ufe96\ufef4\ufe91"]
    assert [glyph_of[ord(glyph.code)] for glyph in word.glyphs] == wanted


@pytest.mark.parametrize("language", ["ar", "he", "hi", "th"])
def test_lines_are_as_wide_as_qt_sets_them(qapp, language):
    from PySide6.QtGui import QFont, QFontDatabase, QTextLayout

    said = TELLINGS[language].moment
    piece = pieces(line(paragraph([Words(said, REGULAR)])))[0]
    number = QFontDatabase.addApplicationFont(typeface(piece.stretch.pick.name).face.filename)
    font = QFont()
    font.setFamilies(["Noto Sans", *QFontDatabase.applicationFontFamilies(number)])
    font.setPixelSize(100)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    layout = QTextLayout(said, font)
    layout.beginLayout()
    theirs = layout.createLine()
    layout.endLayout()
    width = theirs.naturalTextWidth()
    QFontDatabase.removeApplicationFont(number)
    assert width_of(said, REGULAR, 100) == pytest.approx(width, rel=0.01)


def test_a_line_that_runs_both_ways_stands_in_the_order_of_each():
    # Ours from left to right; the name and what stands in its brackets from right to left.
    assert _seen("Owner: דנה (שירות), due 22 June") == "Owner:תורישהנד,due22June"


def test_brackets_open_towards_what_they_hold():
    (word,) = pieces(line(paragraph([Words("(שירות)", REGULAR)])))[:1]
    glyph_of = typeface(REGULAR).face.charToGlyph
    # It runs leftward: what opens it stands at its right and is drawn as what closes it elsewhere.
    assert word.left > 0
    assert glyph_of[ord(word.glyphs[0].code)] == glyph_of[ord(")")]


def test_numbers_and_latin_keep_their_order_in_a_line_that_runs_leftward():
    assert _seen("שגיאה 502 ב-booking: 3.4%!") == "!booking:3.4%-ב502האיגש"


def test_words_of_others_do_not_tear_ours(reports):
    # Without an isolate the line would begin at the right, the date and the bracket apart.
    assert _seen("\u2068כל סיפור\u2069 (QA lead, 22 June).") == "רופיסלכQAlead,22June."
    page = drawn(reports["he"])
    rows = [[each for each in page if abs(each[2] - y) < 4] for char, _, y in page if char == "Q"]
    row = next(row for row in rows if sum("א" <= char <= "ת" for char, *_ in row) > 20)
    theirs = [x for char, x, _ in row if "א" <= char <= "ת"]
    ours = [x for char, x, _ in row if char.isascii() and char.isalnum()]
    assert max(theirs) < min(ours)


def _seen(said):
    """What stands on a line, from left to right; readers disagree which bracket they see."""
    found = sorted(drawn(one_line(said)), key=itemgetter(1))
    return "".join(char for char, *_ in found if char not in "()")


def _prose(said, width=200.0, **style):
    """The page of a text in a column whose left is at 0."""
    register()
    out = io.BytesIO()
    canvas = TaggedCanvas(out, pagesize=(width, 300), initialFontName=REGULAR)
    made = Prose([Words(said, REGULAR)], Style(REGULAR, 10.0, 15.0, "#000000", **style))
    made.wrap(width, 300)
    made.drawOn(canvas, 0, 100)
    canvas.showPage()
    canvas.save()
    return out.getvalue(), canvas


def _rows(found):
    """What was drawn, line by line from the top; the lines are 15 points apart."""
    rows = {}
    for each in found:
        near = next((y for y in rows if abs(y - each[2]) < 7), each[2])
        rows.setdefault(near, []).append(each)
    return [rows[y] for y in sorted(rows, reverse=True)]


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_paragraph_that_runs_leftward_is_broken_in_the_order_of_reading(language):
    said = TELLINGS[language].summary
    pdf, canvas = _prose(said)
    found = [each for each in drawn(pdf) if not combining(each[0])]
    rows = [sorted(row, key=itemgetter(1), reverse=True) for row in _rows(found)]
    assert len(rows) > 3
    assert all(row[0][1] > 190 for row in rows)
    # From the right, each line goes on where the one above it ends.
    plain = "".join(char for char in letters(said) if not combining(char))
    assert "".join(char for row in rows for char, *_ in row) == plain
    assert letters(text(pdf)) == letters(said)
    told_beside = canvas.tree.kids[0].kids[0]
    assert (told_beside.text.replace("\n", " "), told_beside.language) == (said, language)


def test_the_tree_says_the_language_of_what_is_written(reports):
    for language in ("ja", "zh-Hans", "zh-Hant", "ko", "ar", "he", "th", "hi", "ka"):
        spans = [node for node, _ in nodes(reports[language]) if node["/S"] == "/Span"]
        assert {str(node["/Lang"]) for node in spans if "/Lang" in node} == {language}
    beside = [str(n["/ActualText"]) for n, _ in nodes(reports["he"]) if "/ActualText" in n]
    assert TELLINGS["he"].title in beside


@pytest.mark.parametrize("said", [TELLINGS[language].summary for language in ("ja", "zh-Hans")])
def test_no_line_begins_or_ends_where_its_punctuation_forbids(said):
    for most in range(6_000, 20_000, 700):
        broken_at = [said[each.start : each.end] for each in lines(_paragraph(said), most)]
        assert "".join(broken_at) == said
        assert all(each.width <= most for each in lines(_paragraph(said), most))
        assert [each for each in broken_at if each[0] in "、。）」，：ーっょ％”…"] == []
        assert [each for each in broken_at if each[-1] in "（「“"] == []


def _paragraph(said):
    return paragraph([Words(said, REGULAR)])


def test_korean_ends_lines_at_its_spaces():
    said = TELLINGS["ko"].summary
    broken_at = [said[each.start : each.end] for each in lines(_paragraph(said), 9_000)]
    assert " ".join(broken_at) == said


def test_ideographs_have_the_shapes_of_their_language():
    assert [east_asian_language(TELLINGS[k].summary) for k in ("ja", "zh-Hans", "zh-Hant", "ko")] \
        == ["ja", "zh-Hans", "zh-Hant", "ko"]  # fmt: skip
    assert east_asian_language("Latin only") == ""
    faces = {}
    for language in ("ja", "zh-Hans"):
        with writing(language):
            faces[language] = _paragraph("直").stretches[0].pick.name
    assert faces == {"ja": "Report-Japanese", "zh-Hans": "Report-Chinese"}


def test_what_has_no_bold_is_drawn_thicker_and_no_picture_is_one_box():
    assert _paragraph("a👩🏽\u200d🚒b").text == "a□b"
    heavy = paragraph([Words("障害", "Report-Bold")]).stretches[0].pick
    bold = paragraph([Words("تعذر", "Report-Bold")]).stretches[0].pick
    assert (heavy.heavy, bold.heavy, bold.name) == (True, False, "Report-Arabic-Bold")


def test_a_signer_whose_name_has_no_picture_is_noted_too():
    people = [record for record in rich().records() if isinstance(record, Person)]
    lead = next(person for person in people if person.role == "tech-lead")
    changed = rich().with_changes([Change(lead, replace(lead, name="ᚠᚢᚦ"))])
    said = text(render_report(changed, final=True, head=HEAD, at=AT))
    assert "U+16A0, U+16A2 and U+16A6" in said


def test_a_sentence_with_an_end_of_its_own_script_gets_no_other():
    said = ("書いた。", "لماذا؟", "लिखा।", "\u2068כתבו.\u2069", "書いた")
    assert [sentence(each) for each in said] == [*said[:4], "書いた."]
    assert shortened("一つ目の文。" * 30, 40).startswith("一つ目の文。")
    assert "。 …" in shortened("一つ目の文。" * 30, 40)


def test_a_text_below_a_mark_of_its_cell_runs_its_own_way():
    _, below = paragraphs([Words("Released\n", REGULAR), Words("\u2068שלום\u2069", REGULAR)])
    assert (below.text, below.base) == ("שלום", 1)


def test_html_says_which_way_and_in_which_language_and_markdown_is_as_typed():
    said = render_html(told(TELLINGS["he"]), head=HEAD, at=AT)
    assert f'<h1 dir="auto" lang="he">{TELLINGS["he"].title}</h1>' in said
    plain = render_html(rich(), head=HEAD, at=AT)
    assert "dir=" not in plain
    written = render_markdown(told(TELLINGS["he"]), head=HEAD, at=AT)
    assert f"\n{TELLINGS['he'].summary}\n" in written
    assert not set(written) & set("\u2068\u2069")


def test_a_report_in_latin_reads_no_typeface_of_another_script():
    script = (
        "import sys; sys.path[:0] = ['.']\n"
        "seen = []\n"
        "sys.addaudithook(lambda n, args: seen.append(str(args[0])) if n == 'open' else None)\n"
        "from tests.report.report_kit import AT, HEAD, rich\n"
        "from facilitator.report.pdf import render_report\n"
        "render_report(rich(), final=True, head=HEAD, at=AT)\n"
        "print([s for s in seen if 'scripts' in s and s.endswith('.ttf')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_what_was_set_before_changes_no_byte(reports):
    again = {
        k: render_report(told(TELLINGS[k]), final=True, head=HEAD, at=AT) for k in ("hi", "ar")
    }
    assert again == {k: reports[k] for k in again}


HOSTILE = (
    "ب" * 9000,
    "لا" * 4000,
    "ש" * 9000,
    "क्षि" * 2000,
    "ที่" * 3000,
    "障" * 9000,
    "「" * 3000,
    "없" * 9000,
    "a\u0301\u0323\u0335" * 2000,
    "a" + "\u0301" * 5000,
    "ב" + "\u05b0\u05c1" * 3000,
    "ب" + "\u0651\u064e" * 3000,
    "บำ" * 3000,
    "\u0301" * 2000,
    "😀" * 5000,
    "👩\u200d" * 3000,
    "🇳🇿" * 3000,
    "א" + "()" * 3000,
    "א" + "(" * 3000 + ")" * 3000,
    "aב1 " * 2000,
    "\u2067\u202eabc\u202c\u2069" * 500,
    "\U000f0005" * 3000,
    "a\ud800b" * 3000,
    "\u200f" * 3000,
)


def test_no_script_breaks_a_page_or_leaves_it():
    words = iter(HOSTILE)
    records = [
        replace(record, text=clean_text(next(words, "x"))) if hasattr(record, "text") else record
        for record in rich().records()
    ]
    pdf = render_report(Document(records), final=False, head=HEAD, at=AT)
    assert next(words, None) is None
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            found = page.get_textpage()
            boxes = [found.get_charbox(n) for n in range(0, found.count_chars(), 5)]
            assert min(box[0] for box in boxes) > 40
            assert max(box[2] for box in boxes) < 560
            assert min(box[1] for box in boxes) > 25
    said = text(pdf)
    assert said.count("障") >= 9000
    assert letters(said).count("ש") >= 9000
