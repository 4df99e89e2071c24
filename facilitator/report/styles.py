"""How text of the report is set: sizes in points, colours by the theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from facilitator.report.fonts import BOLD, ITALIC, MONO, REGULAR
from facilitator.report.prose import Prose, Style, prose

MOST_CHARS: Final = 8_000
MOST_LINES: Final = 150

# name: typeface, size, leading, colour
_TONES: Final = {
    "body": (REGULAR, 9.8, 14.2, "text"),
    "point": (REGULAR, 9.8, 14.2, "text"),
    "lead": (REGULAR, 10.6, 15.6, "text"),
    "strong": (BOLD, 9.8, 14.2, "text"),
    "second": (REGULAR, 9.2, 13.2, "text.second"),
    "small": (REGULAR, 8.4, 12.0, "text.second"),
    "quote": (ITALIC, 9.8, 14.2, "text"),
    "warning": (BOLD, 9.2, 13.2, "danger"),
    "meta": (REGULAR, 9.6, 13.0, "text.second"),
    "title": (BOLD, 22.5, 27.0, "text"),
    "subtitle": (REGULAR, 10.8, 15.0, "text.second"),
    "section": (BOLD, 16.0, 21.0, "text"),
    "part": (BOLD, 10.4, 14.0, "text.second"),
    "head": (BOLD, 8.2, 11.0, "text.second"),
    "cell": (REGULAR, 8.8, 12.0, "text"),
    "cell.strong": (BOLD, 8.8, 12.0, "text"),
    "cell.second": (REGULAR, 8.8, 12.0, "text.second"),
    "cell.mono": (MONO, 7.6, 10.6, "text"),
    "value": (BOLD, 17.5, 21.0, "text"),
    "label": (REGULAR, 8.8, 12.0, "text.second"),
    "source": (REGULAR, 7.5, 10.0, "text.second"),
    "callout": (BOLD, 11.4, 15.6, "text"),
    "callout.line": (REGULAR, 10.6, 15.0, "text"),
    "callout.note": (REGULAR, 9.6, 13.6, "text.second"),
}
_HEADINGS: Final = {"title": "H1", "section": "H2"}


@dataclass(frozen=True)
class Look:
    """Colours and sizes of one report; `scale` makes all type smaller or larger."""

    colors: Mapping[str, str]
    scale: float = 1.0
    part: str = "H3"
    """How deep the heading of a part is: H2 on page one, H3 in a section."""

    def style(self, tone: str, align: str = "left") -> Style:
        """The style of a tone."""
        font, size, leading, color = _TONES[tone]
        indent, after = (12.0, 2.0) if tone == "point" else (0.0, 0.0)
        size, leading = size * self.scale, leading * self.scale
        return Style(font, size, leading, self.colors[color], align, indent, after)

    def paragraph(self, text: str, tone: str = "body", align: str = "left") -> Prose:
        """A text that is known to be short, literally."""
        made = prose(text, self.style(tone, align))
        made.kind = self.part if tone == "part" else _HEADINGS.get(tone, "P")
        return made

    def point(self, text: str, bullet: str) -> Prose:
        """A point of a list, or the rest of one that is long."""
        return prose(text, self.style("point"), bullet)

    def paragraphs(self, text: str, tone: str = "body", *, most: int = MOST_CHARS) -> list[Prose]:
        """A text of any length, literally, in pieces that are quick to set."""
        style = self.style(tone)
        return [prose(piece, style) for piece in pieces(text, most)]


def pieces(text: str, most: int = MOST_CHARS, lines: int = MOST_LINES) -> Iterator[str]:
    """The text in parts of at most so many characters and lines, cut at a line end or a space."""
    start = 0
    while start < len(text):
        end = _cut(text, start, most, lines)
        part = text[start:end]
        # The white space at a cut is what the cut stands for.
        yield part.rstrip(" \n") if end < len(text) else part
        start = end


def _cut(text: str, start: int, most: int, lines: int) -> int:
    end = min(start + most, len(text))
    at = start
    for _ in range(lines):
        found = text.find("\n", at, end)
        if found < 0:
            break
        at = found + 1
    else:
        return at
    if end == len(text):
        return end
    for mark in ("\n", " "):
        found = text.rfind(mark, start + most // 2, end)
        if found >= 0:
            return found + 1
    return end
