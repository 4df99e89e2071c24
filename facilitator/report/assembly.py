"""The last step of a PDF: what reportlab drew and what is added to it, written as one file.

The drawn objects stay as they are spelled; ours go in beside them. All but streams are compressed
in groups, since the tree of a large report alone has ten thousand.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final

# A reader looks through a group for one object of it, so groups are small.
_GROUP: Final = 100
_PLAIN_TEXT: Final = re.compile(r"[ -~]*")
_SPECIAL: Final = re.compile(r"([()\\])")
_STREAM: Final = re.compile(rb"(<<.*?>>)\s*stream\r?\n", re.DOTALL)
_LENGTH: Final = re.compile(rb"/Length (\d+)")


class Assembly:
    """The objects of a PDF by number; every spelling is without the frame of `obj` and `endobj`."""

    def __init__(self, drawn: bytes) -> None:
        self._loose: dict[int, bytes] = {}
        self._streams: dict[int, bytes] = {}
        for number, text in _taken_apart(drawn):
            if text.endswith(b"endstream"):
                self._streams[number] = _anew(text)
            else:
                self._loose[number] = text
        self.root, self._info = (_named(drawn, key) for key in (b"Root", b"Info"))
        self.pages = tuple(_numbers_in(self._loose[_named(self._loose[self.root], b"Pages")]))
        self._next = max(*self._loose, *self._streams) + 1

    def reserve(self) -> int:
        """A number for an object that comes later."""
        self._next += 1
        return self._next - 1

    def add(self, spelled: str | bytes, number: int = 0) -> int:
        """Put an object in; its number, a new one unless it was reserved."""
        number = number or self.reserve()
        self._loose[number] = spelled if isinstance(spelled, bytes) else spelled.encode("ascii")
        return number

    def add_stream(self, entries: str, data: bytes, *, compressed: bool = True) -> int:
        """Put a stream in, with what its dictionary says; its number."""
        number = self.reserve()
        if compressed:
            data, entries = zlib.compress(data, 9), f"{entries}/Filter/FlateDecode"
        self._streams[number] = _stream(f"<<{entries}/Length {len(data)}>>".encode("ascii"), data)
        return number

    def extend(self, number: int, entries: str) -> None:
        """Let the dictionary of this number say more."""
        spelled = self._loose[number]
        if not spelled.endswith(b">>"):
            raise ValueError("not a dictionary")
        self._loose[number] = spelled[:-2] + entries.encode("ascii") + b">>"

    def write(self, identifier: bytes, plain: Collection[int]) -> bytes:
        """The file; the objects of these numbers stand by themselves, in no group."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 0xFFFF)}
        packed = sorted(self._loose.keys() - set(plain))
        bodies = {number: self._loose[number] for number in plain} | self._streams
        for numbers in _groups(packed):
            group = self.reserve()
            bodies[group] = self._group(numbers)
            places |= {number: (2, group, n) for n, number in enumerate(numbers)}
        for number in sorted(bodies):
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, bodies[number])
        begin, own = len(out), self.reserve()
        places[own] = (1, begin, 0)
        out += b"%d 0 obj\n%b\nendobj\n" % (own, self._list(places, identifier))
        return bytes(out + b"startxref\n%d\n%%%%EOF\n" % begin)

    def _group(self, numbers: list[int]) -> bytes:
        texts = [self._loose[number] for number in numbers]
        at, head = 0, []
        for number, text in zip(numbers, texts, strict=True):
            head.append(f"{number} {at}")
            at += len(text) + 1
        first = " ".join(head).encode("ascii") + b"\n"
        data = zlib.compress(first + b"\n".join(texts), 9)
        said = f"/Type/ObjStm/N {len(numbers)}/First {len(first)}/Filter/FlateDecode"
        return _stream(f"<<{said}/Length {len(data)}>>".encode("ascii"), data)

    def _list(self, places: dict[int, tuple[int, int, int]], identifier: bytes) -> bytes:
        """The list of where each object is (ISO 32000-1, 7.5.8)."""
        none = (0, 0, 0xFFFF)
        rows = (places.get(number, none) for number in range(max(places) + 1))
        data = b"".join(
            kind.to_bytes(1, "big") + where.to_bytes(4, "big") + more.to_bytes(2, "big")
            for kind, where, more in rows
        )
        data = zlib.compress(data, 9)
        same = identifier.hex()
        said = (
            f"<</Type/XRef/Size {max(places) + 1}/W[1 4 2]/Root {self.root} 0 R"
            f"/Info {self._info} 0 R/ID[<{same}><{same}>]/Filter/FlateDecode/Length {len(data)}>>"
        )
        return _stream(said.encode("ascii"), data)


def text(said: str) -> str:
    """A text as PDF spells it."""
    if _PLAIN_TEXT.fullmatch(said):
        return "(" + _SPECIAL.sub(r"\\\1", said) + ")"
    return f"<feff{said.encode('utf-16-be').hex()}>"


def references(numbers: Iterable[int]) -> str:
    """An array that names these objects."""
    return "[" + " ".join(f"{number} 0 R" for number in numbers) + "]"


def _taken_apart(drawn: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and spelling of every object in a file by reportlab."""
    table = int(drawn[drawn.rindex(b"startxref") + 9 :].split()[0])
    first, rows = drawn[table:].split(b"\n", 2)[1:]
    count = int(first.split()[1])
    starts = sorted(int(rows[20 * n : 20 * n + 10]) for n in range(1, count))
    for start, end in zip(starts, [*starts[1:], table], strict=True):
        number, _, _, body = drawn[start:end].split(None, 3)
        yield int(number), body[: body.rindex(b"endobj")].strip()


def _named(spelled: bytes, key: bytes) -> int:
    """The number of the object that an entry names, the last one of that name."""
    return int(spelled[spelled.rindex(b"/" + key + b" ") + len(key) + 2 :].split(None, 1)[0])


def _numbers_in(pages: bytes) -> list[int]:
    kids = pages[pages.index(b"[") + 1 : pages.index(b"]")]
    return [int(number) for number in kids.split()[::3]]


def _anew(stream: bytes) -> bytes:
    """A stream by reportlab, which says its length."""
    head = _STREAM.match(stream)
    length = _LENGTH.search(head[1]) if head else None
    if head is None or length is None:
        raise ValueError("a stream without its length")
    return _stream(head[1], stream[head.end() : head.end() + int(length[1])])


def _stream(dictionary: bytes, data: bytes) -> bytes:
    # reportlab leaves out the line end that PDF/A asks for; behind data whose last byte is a
    # carriage return, a line feed alone would seem to belong to them.
    return b"%b\nstream\n%b\r\nendstream" % (dictionary, data)


def _groups(numbers: list[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while group := list(islice(rest, _GROUP)):
        yield group
