"""A share-safe copy is searched for every name and every chosen word, byte by byte."""

import re
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.records import Person
from facilitator.session import Session
from facilitator.settings import load_settings, save_settings
from facilitator.store.bundle import read_bundle, write_bundle
from facilitator.store.library import Library
from tests.model.shared_incident import CHOSEN, NAMES, naming_incident

FROM_SETTINGS, FROM_OPTIONS = CHOSEN[:1], CHOSEN[1:]


@pytest.fixture
def line(tmp_path):
    path = tmp_path / "library.sqlite"
    library = Library(path)
    session = Session(library, library.create(naming_incident()))
    session.close()
    library.close()
    words = load_settings().with_values(share_words="\n".join(FROM_SETTINGS))
    (Path.home() / "config").mkdir(exist_ok=True)
    save_settings(words)

    def run(*arguments, status=0, text=None):
        words = ["--library", str(path), *map(str, arguments)]
        done = CliRunner().invoke(cli, words, input=text)
        assert done.exit_code == status, (done.output, done.exception)
        return done.output

    return run


def told(text):
    """Every name and chosen word that stands in a text."""
    found = [n for n in NAMES if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text, re.IGNORECASE)]
    return found + [
        w.partition("=")[0] for w in CHOSEN if w.partition("=")[0].lower() in text.lower()
    ]


def options():
    return [part for word in FROM_OPTIONS for part in ("--replace", word)]


def pdf_texts(data):
    """The bytes, every stream unpacked, the text of each page, attachments and metadata."""
    yield data.decode("latin-1")
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            raw = zlib.decompress(packed)
        except zlib.error:
            continue
        yield raw.decode("utf-8", "replace")
        yield raw.decode("utf-16-be", "replace")
    document = pypdfium2.PdfDocument(data)
    for page in document:
        yield page.get_textpage().get_text_range()
    yield str(document.get_metadata_dict())
    for n in range(document.count_attachments()):
        attachment = document.get_attachment(n)
        yield attachment.get_name()
        yield bytes(attachment.get_data()).decode("utf-8")
    document.close()


def test_the_incident_of_this_test_says_all_of_them(line, tmp_path):
    file = tmp_path / "all.json"
    line("export", "last", "--format", "json", "-o", file)
    whole = file.read_text(encoding="utf-8")
    assert set(told(whole)) == {*NAMES, *(word.partition("=")[0] for word in CHOSEN)}


@pytest.mark.parametrize("form", ["json", "markdown", "html", "timesketch", "ics"])
def test_no_text_form_names_anybody(form, line, tmp_path):
    file = tmp_path / "shared"
    line("export", "last", "--format", form, "--share-safe", *options(), "-o", file)
    text = file.read_text(encoding="utf-8")
    assert told(text) == []
    assert "the on-call engineer" in text or form == "ics"


def test_no_byte_of_a_bundle_names_anybody_and_it_opens(line, tmp_path):
    file = tmp_path / "shared.pmroom"
    line("export", "last", "--format", "bundle", "--share-safe", *options(), "-o", file)
    assert told(file.read_bytes().decode("utf-8", "replace")) == []
    assert told(export_json(read_bundle(file))) == []
    with closing(sqlite3.connect(file)) as connection:
        assert told("\n".join(connection.iterdump())) == []
    other = tmp_path / "other.sqlite"
    done = CliRunner().invoke(cli, ["--library", str(other), "open-bundle", str(file)])
    assert done.exit_code == 0, done.output


def test_nothing_of_the_draft_names_anybody(line, tmp_path):
    file = tmp_path / "shared.pdf"
    line("report", "last", "--share-safe", *options(), "-o", file)
    texts = list(pdf_texts(file.read_bytes()))
    assert [word for text in texts for word in told(text)] == []
    assert any("The on-call engineer" in text for text in texts)
    assert any("DRAFT" in text for text in texts)


def test_the_search_would_find_what_a_usual_draft_says(line, tmp_path):
    file = tmp_path / "usual.pdf"
    line("report", "last", "-o", file)
    found = {word for text in pdf_texts(file.read_bytes()) for word in told(text)}
    assert {"Acme", "Blue Harbour"} <= found


def test_what_is_signed_is_never_a_share_safe_copy(line, tmp_path):
    said = line("report", "last", "--final", "--share-safe", "-o", tmp_path / "a.pdf", status=2)
    assert "share-safe copy is a draft" in said
    assert not (tmp_path / "a.pdf").exists()


def test_words_without_a_share_safe_copy_are_refused(line, tmp_path):
    said = line(
        *("export", "last", "--format", "json", "-o", tmp_path / "a"),
        *("--replace", "Acme=x"),
        status=2,
    )
    assert "--share-safe" in said
    said = line(
        *("export", "last", "--format", "json", "-o", tmp_path / "a"),
        *("--share-safe", "--replace", "x"),
        status=2,
    )
    assert "two characters" in said
    assert not (tmp_path / "a").exists()


def test_a_bundle_travels_from_library_to_library(line, tmp_path):
    file, secret = tmp_path / "a.pmroom", tmp_path / "secret"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    line("export", "last", "--format", "bundle", "-o", file)
    original = read_bundle(file)
    other = tmp_path / "other.sqlite"
    first = line("--library", other, "open-bundle", file).strip()
    second = line("--library", other, "open-bundle", file).strip()
    assert (first, second != first) == (original.incident.id, True)
    library = Library(other)
    try:
        assert library.document(first) == original
        assert library.document(second).all(Person) == original.all(Person)
        assert library.check().is_clean
    finally:
        library.close()


def test_a_sealed_bundle_asks_for_its_passphrase(line, tmp_path):
    file = tmp_path / "a.pmroom.age"
    line("export", "last", "--format", "bundle", "-o", file, text="correct horse battery\n")
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    said = line("open-bundle", file, text="another one\n", status=2)
    assert "passphrase is wrong" in said
    assert "Traceback" not in said
    line("open-bundle", file, text="correct horse battery\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--format", "json", "--passphrase-file", "secret"], "Only a bundle"),
        (["--format", "bundle", "--passphrase-file", "missing"], "no file"),
    ],
)
def test_wrong_use_of_a_passphrase_is_told(words, sentence, line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("secret").write_text("long enough", encoding="utf-8")
    assert sentence in line("export", "last", "-o", "out", *words, status=2)
    assert not Path("out").exists()


def test_a_bundle_with_values_that_no_export_has_is_refused(line, tmp_path):
    base = Document().with_changes(naming_incident().changes)
    odd = Document([*base.records(), Person("odd", "Odd", "emperor")])
    file = tmp_path / "odd.pmroom"
    write_bundle(file, odd, base.incident.created_at)
    assert "role is 'emperor'" in line("open-bundle", file, status=2)


def test_no_plain_byte_of_a_sealed_bundle_is_ever_written(line, tmp_path):
    # Whatever the process opens for writing, and whatever it writes there.
    script = (
        "import os, sys\n"
        "sys.addaudithook(lambda event, words: event == 'open' and isinstance(words[1], str)\n"
        "    and any(mark in words[1] for mark in 'wxa+') and print('WROTE', words[0]))\n"
        "from facilitator.store import bundle\n"
        "from tests.model.shared_incident import naming_incident\n"
        "from facilitator.model.document import Document\n"
        "from pathlib import Path\n"
        "document = Document().with_changes(naming_incident().changes)\n"
        "target = Path(sys.argv[1])\n"
        "at = document.incident.created_at\n"
        "bundle.write_bundle(target, document, at, 'correct horse battery')\n"
        "bundle.read_bundle(target, 'correct horse battery')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.pmroom.age")],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    wrote = {Path(row[6:]).name for row in done.stdout.splitlines() if row.startswith("WROTE ")}
    wrote = {name for name in wrote if not name.endswith(".pyc") and ".pyc." not in name}
    assert len(wrote) == 1
    assert wrote.pop().endswith(".part")
