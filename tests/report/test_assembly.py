"""The file a report becomes: drawn objects and added ones, compressed in groups."""

import io

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from facilitator.report.assembly import Assembly, references, text
from facilitator.report.reading import Reader


def drawn(title="A title", pages=2):
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, pageCompression=1)
    canvas.setTitle(title)
    for number in range(pages):
        canvas.bookmarkPage(f"p{number}")
        canvas.addOutlineEntry(title, f"p{number}")
        canvas.drawString(72, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(pdf):
    return PdfFileReader(io.BytesIO(pdf), strict=True)


def contents(pdf):
    """Its title, the first entry of its outline, and what is drawn on its pages."""
    reader = read(pdf)
    pages = [page.get_object() for page in reader.root["/Pages"]["/Kids"]]
    first = reader.root["/Outlines"]["/First"]["/Title"]
    return reader.trailer["/Info"]["/Title"], first, [page["/Contents"].data for page in pages]


@pytest.mark.parametrize(
    "title",
    [
        "Plain",
        "Ōtautahi (half) \\ done",
        "12 0 obj << /Root 99 0 R >> endobj",
        ">>\nstream\nno\nendstream",
        "日本 \U0001f600 )",
    ],
)
def test_what_was_drawn_is_kept_as_it_is(title):
    before = drawn(title)
    after = Assembly(before).write(bytes(16), ())
    assert contents(after) == contents(before)


@pytest.mark.parametrize("said", ["", "a(b)\\c", "Ōtautahi", "\U0001f600", "line\nend", "FEFF"])
def test_any_text_comes_back(said):
    file = Assembly(drawn())
    number = file.add(f"<</Said{text(said)}>>")
    file.extend(file.root, f"/Odd {number} 0 R")
    assert str(read(file.write(bytes(16), ())).root["/Odd"]["/Said"]) == said


def test_a_thousand_objects_lie_in_groups_and_each_is_found():
    file = Assembly(drawn())
    made = [file.add(f"<</Number {n}>>") for n in range(1000)]
    file.extend(file.root, f"/All{references(made)}")
    pdf = file.write(bytes(16), [file.root])
    for reader in (read(pdf), Reader(pdf)):
        assert [each.get_object()["/Number"] for each in reader.root["/All"]] == list(range(1000))
        assert 10 <= len(reader.xrefs.object_streams_used_in(0)) <= 12
    assert b"%d 0 obj\n<<" % file.root in pdf
    assert len(pdf) < len(drawn()) + 18_000


def test_what_is_said_with_a_reserved_number_is_found_there():
    file = Assembly(drawn())
    later = file.reserve()
    stream = file.add_stream("/Next 1", b"some data")
    file.extend(file.root, f"/Later {later} 0 R/Data {stream} 0 R")
    assert file.add("[1 2 3]", later) == later
    root = read(file.write(bytes(16), ())).root
    assert list(root["/Later"]) == [1, 2, 3]
    assert root["/Data"].data == b"some data"


def test_only_a_dictionary_can_say_more():
    file = Assembly(drawn())
    with pytest.raises(ValueError, match="dictionary"):
        file.extend(file.add("[1]"), "/More 1")
