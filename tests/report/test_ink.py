"""A drawn mark: smooth, small, inside its box, and never the thing that proves anything."""

import datetime as dt
import math
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from facilitator.report.errors import SigningRefused
from facilitator.report.ink import MOST_POINTS, MOST_STROKES, curves_of, ink_of, placed
from facilitator.report.seal import DRAWN, Seal, draw_seal

AT = dt.datetime(2026, 6, 19, 9, 41, tzinfo=dt.timezone(dt.timedelta(hours=12)))
WAVE = [(4.0 * n, 60 + 40 * math.sin(n / 5)) for n in range(80)]
NAMES = (
    "Aroha Ōtautahi",
    "Wilhelmina " * 5 + "Wu",
    "W" * 64,
    "CN=A Person,OU=Department of Long Titles,O=Example Company Limited,L=Ōtautahi,C=NZ",
)


def seal(name=NAMES[0], strokes=(WAVE,)):
    return Seal("on-call", name, AT, "ab" * 32, ink_of(strokes, 130))


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].get_textpage().get_text_bounded()


def content_of(pdf):
    return PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"][0]["/Contents"].data


def lines_of(pdf):
    """Bottom and top of each line of text, from the top down."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [each for each in document[0].get_objects() if each.type == FPDF_PAGEOBJ_TEXT]
        return sorted(((b[1], b[3]) for b in (each.get_bounds() for each in texts)), reverse=True)


def corners(pdf):
    """Left, bottom, right and top of everything that is drawn, and the size of the page."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        boxes = [each.get_bounds() for each in page.get_objects()]
        return (
            [*map(min, zip(*boxes, strict=True))][:2],
            [*map(max, zip(*boxes, strict=True))][2:],
            page.get_size(),
        )


def test_nothing_drawn_is_no_mark():
    assert ink_of([], 130) is None
    assert ink_of([[]], 130) is None
    assert DRAWN not in text_of(draw_seal(seal(strokes=()), 238, 88))


def test_a_trembling_stroke_becomes_a_smooth_curve_through_its_ends():
    shaking = [
        (x, y + (n % 2) * 0.002) for n, (x, y) in enumerate((n / 50, 0.5) for n in range(99))
    ]
    curves = curves_of(shaking)
    assert curves[0][0] == shaking[0]
    assert curves[-1][3] == shaking[-1]
    assert all(before[3] == after[0] for before, after in pairwise(curves))
    # Halved by each pass of a neighbour's weight, so that hardly anything is left of it.
    assert max(abs(curve[0][1] - 0.501) for curve in curves[1:]) < 0.0005


def test_a_dot_stays_a_dot():
    ((start, _, _, end),) = curves_of([(0.5, 0.5)])
    assert 0 < math.dist(start, end) < 0.01


@pytest.mark.parametrize(
    "strokes",
    [[WAVE], [[(5, 5)]], [[(0, 0), (900, 900)]], [[(0, 9), (3000, 9)], [(7, 0), (7, 99)]]],
)
def test_every_mark_lies_inside_its_box(strokes):
    points = [
        point
        for stroke in placed(ink_of(strokes, 130), 140, 26)
        for curve in stroke
        for point in curve
    ]
    assert all(-2 < x < 142 for x, _y in points)
    assert all(-2 < y < 28 for _x, y in points)


def test_a_small_mark_is_not_blown_up():
    tiny = placed(ink_of([[(10, 10), (23, 10)]], 130), 140, 26)
    assert tiny[0][-1][3][0] == pytest.approx(2 * 26 * 0.1, abs=0.1)


@pytest.mark.parametrize(
    "strokes",
    [
        [[(0, 0)]] * (MOST_STROKES + 1),
        [[(n, n) for n in range(MOST_POINTS + 1)]],
        [[(math.nan, 0)]],
        [[(0, math.inf)]],
        [[(1e9, 0)]],
    ],
)
def test_a_mark_without_measure_is_refused(strokes):
    with pytest.raises(SigningRefused):
        ink_of(strokes, 130)


@pytest.mark.parametrize("box", [(153, 88), (238, 88), (238, 58), (120, 50)])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strokes", [(), (WAVE,)], ids=["plain", "drawn"])
def test_nothing_in_a_seal_is_cut_off_or_left_out(box, name, strokes):
    pdf = draw_seal(seal(name, strokes), *box)
    lowest, highest, (width, height) = corners(pdf)
    assert lowest[0] >= 0
    assert lowest[1] >= 0
    assert highest[0] <= width
    assert highest[1] <= height
    # Two lines may touch where a letter hangs down, and no more.
    for above, below in pairwise(lines_of(pdf)):
        assert below[1] - above[0] < 0.35 * (below[1] - below[0])
    said = text_of(pdf)
    assert "".join(name.split()) in "".join(said.split())
    assert "On-call engineer" in said
    assert "2026-06-19 09:41 UTC+12:00" in said
    assert "Certificate ABAB ABAB ABAB ABAB" in said
    assert (DRAWN in said) == bool(strokes)


def test_a_mark_is_vectors_with_words_for_who_cannot_see_it():
    pdf = draw_seal(seal(), 153, 88)
    content = content_of(pdf)
    assert content.count(b" c\n") + content.count(b" c ") >= len(curves_of(WAVE, 2.0))
    assert b"/Subtype /Image" not in pdf
    words = "Mark drawn by Aroha Ōtautahi. The proof is the digital signature."
    assert words.encode("utf-16").hex().encode() in content
    assert content.count(b"BDC") == content.count(b"EMC") == 1


def test_what_was_drawn_is_told_to_no_log():
    assert "60" not in repr(seal().ink)
