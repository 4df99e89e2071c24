"""A draft is no part of any document: no file that is made holds one, and no log."""

import re
import zlib
from contextlib import closing

import pypdfium2
import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.paths import data_dir
from facilitator.session import Session
from facilitator.store.beginnings import Beginnings
from facilitator.store.library import Library
from tests.ui.conftest import small_incident

# One of each kind that an input keeps, and two whose record is gone.
KEYS = (
    "incident:tickets:title",
    "incident:tickets:started_at",
    "fix:fix:due",
    "follow_up:f1:ticket",
    "follow_up:new:text",
    "person:p1:name",
    "person:new:name",
    "moment:new:text",
    "moment:m3:at",
    "moment:gone:text",
    "why:w3:text",
    "why:new:gone",
    "parked:new:text",
    "waiver:new:why:w3:text:counterfactual",
)
TYPED = {key: f"Quetzal{number:02}" for number, key in enumerate(KEYS)}
BEGUN = {"incident:new:title": "Quetzal90", "settings:share:words": "Quetzal91"}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library" / "library.sqlite"
    path.parent.mkdir()
    with closing(Library(path)) as library:
        session = Session(library, library.create(small_incident()))
        for key, text in TYPED.items():
            session.keep_draft(key, text)
        for key, text in BEGUN.items():
            Beginnings(library).keep_draft(key, text)
        session.close()
    return path


def run(path, *words, text=None):
    done = CliRunner().invoke(cli, ["--library", str(path), *map(str, words)], input=text)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def bytes_in(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def told(data):
    """Every draft that stands in a file: plainly, in a packed stream, or on a page."""
    texts = [
        data,
        *(_unpacked(each) for each in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S)),
    ]
    if data.startswith(b"%PDF"):
        with closing(pypdfium2.PdfDocument(data)) as document:
            texts += [page.get_textpage().get_text_range().encode() for page in document]
            count = document.count_attachments()
            texts += [bytes(document.get_attachment(n).get_data()) for n in range(count)]
    return [word for word in (*TYPED.values(), *BEGUN.values()) if word.encode() in b"".join(texts)]


def _unpacked(packed):
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b""


def test_the_library_holds_them_all(path):
    assert len(told(path.read_bytes())) == len(TYPED) + len(BEGUN)


@pytest.mark.parametrize("form", ["json", "markdown", "html", "bundle", "timesketch", "ics"])
def test_no_export_holds_a_draft(path, tmp_path, form):
    file = tmp_path / "out"
    run(path, "export", "last", "--format", form, "-o", file)
    assert b"First empty ticket" in file.read_bytes() or form == "ics"
    assert told(file.read_bytes()) == []


def test_no_report_holds_a_draft(path, tmp_path):
    file = tmp_path / "report.pdf"
    run(path, "report", "last", "-o", file)
    assert told(file.read_bytes()) == []


def test_no_log_holds_a_draft(path):
    run(path, "check")
    assert told(bytes_in(data_dir())) == []


def test_they_go_with_their_incident_down_to_the_bytes(path):
    with closing(Library(path)) as library:
        library.forget("tickets", backups_too=True)
    assert told(bytes_in(path.parent)) == list(BEGUN.values())


def test_a_forgotten_word_is_in_no_draft_either_down_to_the_bytes(path):
    with closing(Library(path)) as library:
        library.back_up()
    run(path, "forget", "tickets", *TYPED.values(), *BEGUN.values(), "--backups", "--yes")
    assert told(bytes_in(path.parent)) == []
