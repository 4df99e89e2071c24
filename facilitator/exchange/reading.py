"""The bytes of a file as text: size, kind and encoding, with a sentence about what was guessed."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from facilitator.exchange.imported import ImportProblem
from facilitator.model.clean import clean_line

__all__ = ["LARGEST_FILE", "ImportProblem", "Source", "decoded", "named_source", "read_source"]

LARGEST_FILE: Final = 64_000_000
_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY: Final = (
    (b"PK\x03\x04", "a ZIP archive or an office file; save the sheet as CSV first"),
    (b"%PDF", "a PDF; export the data as CSV instead"),
    (b"SQLite format 3", "a database; export the data as CSV first"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old office file; save the sheet as CSV first"),
)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD: Final = 4096


@dataclass(frozen=True)
class Source:
    """A file to import: its name, its bytes, and their SHA-256 as hex."""

    name: str
    data: bytes
    notes: list[str] = field(default_factory=list, compare=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, hex."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def text(self) -> str:
        """The whole text with "\\n" line ends; `notes` then says what was guessed."""
        found, note = decoded(self.data, self.name)
        if note:
            self.notes.append(note)
        text = found.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip("\n\t \x00\ufeff"):
            raise ImportProblem(f"{self.name} is empty. Choose a file with rows in it.")
        return text

    @cached_property
    def lines(self) -> list[str]:
        """The text line by line."""
        return self.text.split("\n")


def read_source(file: Path) -> Source:
    """The file as it lies on disk. Raises ImportProblem with a sentence."""
    try:
        if file.is_dir():
            raise ImportProblem(f"{file} is a folder. Name the files in it.")
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise _too_large(file.name, size)
        # Read no more than allowed: a file may grow, and a pipe says nothing of its size.
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ImportProblem(f"There is no file {file}. Check the name.") from error
    except OSError as error:
        raise ImportProblem(f"{file} cannot be read: {error.strerror}.") from error
    return named_source(file.name, data)


def named_source(name: str, data: bytes) -> Source:
    """Bytes that came another way, under the name to show. Raises ImportProblem."""
    if len(data) > LARGEST_FILE:
        raise _too_large(name, len(data))
    return Source(clean_line(name[:255].encode(errors="replace").decode()) or "file", data)


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """The text, and a sentence when its encoding had to be guessed. Raises ImportProblem."""
    _refuse_other_kinds(data, name)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_bom(data, encoding)
    silent = _utf16_without_bom(data[:_HEAD])
    if silent:
        return data.decode(silent, "replace"), f"{name} is read as UTF-16; it does not say so."
    if len(_CONTROLS.findall(data[:_HEAD])) > max(8, len(data[:_HEAD]) / 32):
        raise ImportProblem(f"{name} is no text file. Choose a CSV or JSON lines file.")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _not_utf8(data, name, data.count(b"\n", 0, error.start) + 1)


def _refuse_other_kinds(data: bytes, name: str) -> None:
    if not data:
        raise ImportProblem(f"{name} is empty. Choose a file with rows in it.")
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise ImportProblem(f"{name} is {what}.")


def _with_bom(data: bytes, encoding: str) -> tuple[str, str]:
    text = data.decode(encoding, "replace")
    note = "Some bytes could not be read and show as \ufffd." if "\ufffd" in text else ""
    return text, note


def _not_utf8(data: bytes, name: str, line: int) -> tuple[str, str]:
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    whole = len(re.findall("[\u0080-\ufffc]", mended))
    if whole > broken:
        return mended, f"{name} is broken UTF-8 from line {line} on; what is lost shows as \ufffd."
    note = (
        f"{name} is not UTF-8 (first seen in line {line}); it is read as Windows-1252."
        " Look at the letters with accents."
    )
    return data.decode("cp1252", "replace"), note


def _utf16_without_bom(head: bytes) -> str:
    half = len(head) // 2
    if half < 4:
        return ""
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _too_large(name: str, size: int) -> ImportProblem:
    return ImportProblem(
        f"{name} has {size / 1e6:,.0f} MB; at most {LARGEST_FILE / 1e6:,.0f} MB can be imported."
        " Cut it to the hours around the incident."
    )
