"""Text files as notes to read: each line of plain text, each paragraph of Markdown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MARKDOWN: Final = (".md", ".markdown", ".mdown", ".mkd")
_FENCE: Final = re.compile(r"[ >]{0,12}(?:[-*+] +)?(`{3,}|~{3,})")
_MATTER: Final = re.compile(r"(?:---|\+\+\+)\s*$")
_MARK: Final = re.compile(
    r"\s*(?:>\s?)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?)*(?:#{1,6}\s+)?"
)
_STARTS: Final = re.compile(r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|#{1,6}\s)")
_RULE: Final = re.compile(r"\s*(?:[-=*_]\s*){3,}$")
_TICKS: Final = re.compile(r"(?<!`)(`+)(?!`)")
_EMPHASIS: Final = re.compile(r"(?<![\w*])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![\w*])")
_LINK: Final = re.compile(r"!?\[(?=[^\]\n]{1,400}\]\([^)\n]{0,2000}\))|\]\([^)\n]{0,2000}\)")
_INDENTED: Final = re.compile(r"(?: {4}|\t)")


@dataclass(frozen=True, slots=True)
class Note:
    """A text to read, and where its lines stand in the file."""

    text: str
    starts: tuple[int, ...]  # where in the text each of its lines begins
    places: tuple[tuple[int, int], ...]  # line (from 1) and column (from 0) of each

    def place(self, index: int) -> tuple[int, int]:
        """The line (from 1) and column (from 0) of a character of the text."""
        number = max(0, bisect_right(self.starts, index) - 1)
        line, column = self.places[number]
        return line, column + index - self.starts[number]

    def end_place(self, end: int) -> tuple[int, int]:
        """The same for where something ends: just after its last character."""
        line, column = self.place(max(0, end - 1))
        return line, column + 1


def plain_notes(text: str) -> Iterator[Note]:
    """Each line as a note of its own."""
    for number, line in enumerate(_lines(text), 1):
        yield Note(line, (0,), ((number, 0),))


def markdown_notes(text: str) -> Iterator[Note]:
    """Each paragraph, point, heading and cell as a note; code, comments and front matter are left.

    A sentence that goes over the end of a line is read whole.
    """
    block: list[tuple[str, int, int]] = []
    for number, line in _spoken(_without_comments(_lines(text))):
        if not line.strip() or _RULE.match(line):
            yield from _joined(block)
        elif line.lstrip().startswith("|"):
            yield from _joined(block)
            yield from _cells(line, number)
        else:
            if _STARTS.match(line):
                yield from _joined(block)
            lead = _MARK.match(line)
            first = lead.end() if lead else 0
            block.append((line[first:], number, first))
            if line.lstrip().startswith("#"):
                yield from _joined(block)
    yield from _joined(block)


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _without_comments(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines with comments blanked; a front matter at the top is left out."""
    skip = 0
    if lines and _MATTER.match(lines[0]):
        skip = next((n for n, line in enumerate(lines[1:], 2) if _MATTER.match(line)), 0)
    hidden = False
    for number, line in enumerate(lines, 1):
        if number > skip:
            shown, hidden = _uncommented(line, hidden)
            yield number, shown


def _uncommented(line: str, hidden: bool) -> tuple[str, bool]:
    kept, at = [], 0
    while at < len(line):
        mark = "-->" if hidden else "<!--"
        found = line.find(mark, at)
        end = len(line) if found < 0 else found + (len(mark) if hidden else 0)
        kept.append(" " * (end - at) if hidden else line[at:end])
        if found < 0:
            break
        at, hidden = end, not hidden
    return "".join(kept), hidden


def _spoken(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines that are no code; a block of code counts as an empty line."""
    fence, before_blank = "", True
    for number, line in lines:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark.group(1).startswith(fence) and not line[mark.end() :].strip():
                fence = ""
            yield number, ""
        elif mark:
            fence = mark.group(1)
            yield number, ""
        elif before_blank and _INDENTED.match(line) and not _STARTS.match(line):
            yield number, ""  # indented code; it goes on until a line is not indented
            continue
        else:
            yield number, line
        before_blank = not line.strip()


def _cells(line: str, number: int) -> Iterator[Note]:
    at = 0
    for cell in line.split("|"):
        yield from _joined([(cell, number, at)])
        at += len(cell) + 1


def _joined(block: list[tuple[str, int, int]]) -> Iterator[Note]:
    """The lines as one note, and none left in the block."""
    starts, at = [], 0
    for words, _number, _column in block:
        starts.append(at)
        at += len(words) + 1
    if any(words.strip() for words, _number, _column in block):
        text = _plain(" ".join(words for words, _number, _column in block))
        yield Note(text, tuple(starts), tuple((n, column) for _words, n, column in block))
    block.clear()


def _plain(text: str) -> str:
    """The words without marks of Markdown, each mark a space, so that every place stays."""
    text = _one_tick(text)
    pieces = text.split("`")
    for index in range(0, len(pieces), 2):  # what lies between two ticks is code
        words = _LINK.sub(_blank, pieces[index])
        pieces[index] = _EMPHASIS.sub(_blank, words)
    return "`".join(pieces)


def _one_tick(text: str) -> str:
    """Code between several ticks as code between two, of the same length; lone ticks as spaces."""
    marks = list(_TICKS.finditer(text))
    kept, at, index = [], 0, 0
    later: dict[str, deque[int]] = {}
    for number, mark in enumerate(marks):
        later.setdefault(mark.group(), deque()).append(number)
    while index < len(marks):
        mark = marks[index]
        same = later[mark.group()]
        while same and same[0] <= index:
            same.popleft()
        kept.append(text[at : mark.start()])
        if not same:
            kept.append(" " * len(mark.group()))
            at, index = mark.end(), index + 1
            continue
        close = marks[same[0]]
        inner = text[mark.end() : close.start()]
        if len(mark.group()) > 1:
            inner = "x" * (close.end() - mark.start() - 2)
        kept.append(f"`{inner}`")
        at, index = close.end(), same[0] + 1
    return "".join((*kept, text[at:]))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
