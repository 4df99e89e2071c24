"""Any bytes end in text or in a sentence."""

import pytest

from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.reading import LARGEST_FILE, decoded, named_source, read_source

TEXT = "time,text\n2026-06-18T18:14Z,Ōtautahi – café\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_that_says_its_encoding_is_read_without_a_word(encoding):
    assert decoded(TEXT.encode(encoding), "a.csv") == (TEXT, "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised_and_said(encoding):
    text, note = decoded(TEXT.encode(encoding), "a.csv")
    assert text == TEXT
    assert "UTF-16" in note


def test_anything_else_is_windows_1252_with_a_sentence_that_names_the_line():
    text, note = decoded("time,text\n18:14,Störung – café\n".encode("cp1252"), "alt.csv")
    assert "Störung – café" in text
    assert "alt.csv" in note
    assert "line 2" in note
    assert "Windows-1252" in note


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else():
    data = ("time,text\n" + "18:14,Ōtautahi āēīōū\n" * 20).encode() + b"18:15,\xff\n"
    text, note = decoded(data, "a.csv")
    assert "Ōtautahi" in text
    assert "line 22" in note


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"SQLite format 3\x00", "database"),
        (bytes(range(256)) * 20, "no text file"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data, word):
    with pytest.raises(ImportProblem, match=rf"odd\.bin.*{word}"):
        decoded(data, "odd.bin")


def test_white_space_alone_is_an_empty_file():
    with pytest.raises(ImportProblem, match=r"blank\.csv is empty"):
        _ = named_source("blank.csv", b"\n \r\n\t\n").text


def test_a_file_that_is_too_large_is_not_even_decoded(tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as opened:
        opened.truncate(LARGEST_FILE + 1)
    with pytest.raises(ImportProblem, match=r"huge\.csv has 64 MB.*Cut it"):
        read_source(file)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(ImportProblem, match="There is no file"):
        read_source(tmp_path / "nothing.csv")
    with pytest.raises(ImportProblem, match="is a folder"):
        read_source(tmp_path)


def test_a_name_that_turns_letters_around_is_shown_without_that():
    assert named_source("a\u202egnp.csv\n", b"x").name == "agnp.csv"
