"""What lies in resources/ is whole and fits the code that reads it."""

import tomllib
from io import BytesIO

import pytest

from facilitator import paths

FONTS = paths.resources() / "fonts"
TEXT_FONTS = (
    "NotoSans-Regular",
    "NotoSans-Bold",
    "NotoSans-Italic",
    "NotoSans-BoldItalic",
    "NotoSansMono-Regular",
)
LETTERS = "Ōtautahi āēīōū Straße Ærø Łódź Ελλάδα Съёмка Їжак 0123456789 ‘’“”–—…·×±•€"
SIGNS = "←↑→↓↔≈≠≤≥−■□▲△▶▷▼▽◀◁◆◇○◎●☐☑★☆⚠✓✗✕✚⏸⏵⏹"


SCRIPT_FONTS = sorted(file.stem for file in (FONTS / "scripts").glob("*.ttf"))


def _font(name):
    from reportlab.pdfbase.ttfonts import TTFont

    return TTFont(name, str(next(FONTS.rglob(f"{name}.ttf"))))


@pytest.mark.parametrize("name", TEXT_FONTS)
def test_a_text_font_has_latin_with_macrons_greek_and_cyrillic(name):
    known = _font(name).face.charToGlyph
    assert [letter for letter in LETTERS if ord(letter) not in known] == []


def test_the_signs_that_noto_sans_lacks_are_in_the_font_of_signs():
    known = _font("FacilitatorSymbols-Regular").face.charToGlyph
    assert [sign for sign in SIGNS if ord(sign) not in known] == []


@pytest.mark.parametrize("name", [*TEXT_FONTS, "FacilitatorSymbols-Regular", *SCRIPT_FONTS])
def test_a_font_has_truetype_outlines_and_may_be_embedded(name):
    face = _font(name).face
    # reportlab cannot embed CFF outlines; "glyf" is the table with the others.
    assert "glyf" in face.table
    face.seek_table("OS/2", 8)
    assert face.read_ushort() & 0x0002 == 0


def test_every_bundled_font_has_its_licence_beside_it():
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert {file.stem for file in FONTS.glob("*.ttf")} == {
        *TEXT_FONTS,
        "FacilitatorSymbols-Regular",
    }


def test_the_typefaces_of_scripts_have_their_licences_and_are_all_named():
    folder = FONTS / "scripts"
    assert "Apache License" in (folder / "APACHE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    said = tomllib.loads((folder / "scripts.toml").read_text(encoding="utf-8"))
    named = {face[key] for face in said["face"] for key in ("file", "bold") if key in face}
    assert named == {f"{name}.ttf" for name in SCRIPT_FONTS}


def test_a_window_reads_none_of_the_typefaces_of_scripts(qapp):
    from PySide6.QtGui import QFontDatabase

    assert not [family for family in QFontDatabase.families() if family.startswith("Facilitator J")]


def test_the_font_of_signs_can_be_embedded_in_a_pdf():
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(_font("FacilitatorSymbols-Regular"))
    page = BytesIO()
    canvas = Canvas(page)
    canvas.setFont("FacilitatorSymbols-Regular", 12)
    canvas.drawString(72, 72, SIGNS)
    canvas.save()
    assert b"/FontFile2" in page.getvalue()


def test_qt_draws_every_sign_from_the_bundled_fonts(qapp):
    from PySide6.QtGui import QFont, QTextLayout

    font = QFont()
    font.setFamilies(["Noto Sans", "Facilitator Symbols"])
    layout = QTextLayout(SIGNS, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    assert {run.rawFont().familyName() for run in runs} == {"Facilitator Symbols"}
    drawn = [index for run in runs for index in run.glyphIndexes()]
    assert len(drawn) == len(SIGNS)
    assert 0 not in drawn
