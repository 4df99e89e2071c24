"""Texts set in lines, exactly as they were typed: once for a width, whatever their script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from reportlab.platypus.flowables import Flowable

from facilitator.report.fonts import Placed, width_of, write
from facilitator.report.isolates import without_isolates
from facilitator.report.scripts import language_of
from facilitator.report.setting import Line, line, lines
from facilitator.report.stretches import Paragraph, Words, paragraph, paragraphs
from facilitator.report.tags import Element
from facilitator.report.typefaces import east_asian

# Fewer lines than this stand alone at neither end of a page.
_TOGETHER: Final = 2
_ALIGN: Final = {"left": 0.0, "middle": 0.5, "right": 1.0}
_HAIR: Final = 0.01


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: lengths in points, colour as #RRGGBB."""

    font: str
    size: float
    leading: float
    color: str
    align: str = "left"
    """left, middle or right; what runs leftward stands at the right instead of the left."""
    indent: float = 0.0
    """The room for a bullet."""
    after: float = 0.0


class Prose(Flowable):
    """A text of any length that flows over pages; lines are broken anew only for another width."""

    # What its parent has no types for.
    canv: Any
    width: Any
    height: Any
    drawOn: Callable[..., None]
    kind: str = "P"
    tag: Element | None = None

    def __init__(self, words: Sequence[Words], style: Style, bullet: str = "") -> None:
        Flowable.__init__(self)
        self.spaceAfter = style.after
        self._style = style
        self._bullet = bullet
        self._paragraphs: Sequence[Paragraph] = list(paragraphs(words))
        self._lines: Sequence[Line] = ()
        self.width = -1.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points."""
        if width != self.width:
            most = (width - self._style.indent) * 1000 / self._style.size
            self._lines = [found for each in self._paragraphs for found in lines(each, most)]
            self.width = width
        self.height = len(self._lines) * self._style.leading if self.says else 0.0
        return self.width, self.height

    @property
    def says(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self._bullet) or any(each.text for each in self._paragraphs)

    def tagged(self) -> Element:
        """Its node in the tree of the document."""
        if self.tag is None:
            self.tag = Element(self.kind)
        return self.tag

    def split(self, width: float, height: float) -> list[Prose]:
        """The part that fits and the rest, which are one paragraph to who listens."""
        self.wrap(width, height)
        fit = int((height + _HAIR) / self._style.leading)
        if fit >= len(self._lines):
            return [self]
        fit = min(fit, len(self._lines) - _TOGETHER)
        if fit < _TOGETHER:
            return []
        return [self._part(self._lines[:fit], self._bullet, 0.0), self._part(self._lines[fit:])]

    def draw(self) -> None:
        """Draw it, marked as what it is."""
        if not self.says:
            return
        style = self._style
        text, language = self._beside()
        with self.canv.marked(self.tagged(), text, language):
            write(self.canv, self._placed(), style.size, style.color)

    def _placed(self) -> Iterator[Placed]:
        style = self._style
        y = self.height - style.size
        if self._bullet:
            mark = line(paragraph([Words(self._bullet, style.font)]))
            wide = width_of(self._bullet, style.font, style.size)
            is_leftward = self._lines[0].paragraph.base
            yield Placed(mark, self.width - wide if is_leftward else 0.0, y)
        for found in self._lines:
            base = found.paragraph.base
            side = "right" if base and style.align == "left" else style.align
            free = self.width - style.indent - found.width * style.size / 1000
            # The room for a bullet is where the line begins.
            yield Placed(found, free * _ALIGN[side] + (0.0 if base else style.indent), y)
            y -= style.leading

    def _beside(self) -> tuple[str, str]:
        """The text in the order of reading where it does not lie so, and its language if known."""
        said = []
        for _, group in groupby(self._lines, key=lambda found: id(found.paragraph)):
            some = list(group)
            said.append(some[0].paragraph.text[some[0].start : some[-1].end])
        text = without_isolates("\n".join(said))
        stretches = (each for found in self._lines for each in found.paragraph.stretches)
        is_told = not any(stretch.level % 2 for stretch in stretches)
        return "" if is_told else text, language_of(text, east_asian())

    def _part(self, some: Sequence[Line], bullet: str = "", after: float | None = None) -> Prose:
        part = Prose((), self._style, bullet)
        part._paragraphs = [found.paragraph for found in some]
        part._lines = some
        part.width = self.width
        part.tag = self.tagged()
        part.spaceAfter = self.spaceAfter if after is None else after
        return part


def prose(text: str, style: Style, bullet: str = "") -> Prose:
    """A text in a style, behind a bullet unless that is empty."""
    return Prose([Words(text, style.font)], style, bullet)
