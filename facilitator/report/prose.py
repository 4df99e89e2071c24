"""Paragraphs of literal text: set once for a width, and without a parser where none is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from facilitator.report.fonts import markup, runs
from facilitator.report.tags import Element


class Prose(Paragraph):
    """A paragraph that remembers its lines: a table asks for its height again and again."""

    # What its parent has no types for.
    canv: Any
    drawOn: Callable[..., None]
    kind: str = "P"
    tag: Element | None = None
    _set: tuple[float, tuple[float, float]] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        Paragraph.__init__(self, *args, **kwargs)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it takes; lines are broken anew only for another width."""
        # Drawing and splitting throw the lines away.
        if self._set is None or self._set[0] != width or not hasattr(self, "blPara"):
            wide, high = Paragraph.wrap(self, width, height)
            self._set = width, (float(wide), float(high))
        return self._set[1]

    def tagged(self) -> Element:
        """Its node in the tree of the document."""
        if self.tag is None:
            self.tag = Element(self.kind)
        return self.tag

    def split(self, width: float, height: float) -> list[Prose]:
        """The part that fits and the rest, which are one paragraph to who listens."""
        parts: list[Prose] = Paragraph.split(self, width, height)
        for part in parts:
            part.tag = self.tagged()
        return parts

    def draw(self) -> None:
        """Draw it, marked as what it is."""
        if not self.frags:
            return
        with self.canv.marked(self.tagged()):
            Paragraph.draw(self)


def prose(text: str, style: ParagraphStyle, font: str) -> Prose:
    """A text exactly as it was typed, in a style whose typeface is `font`."""
    if "\n" in text or "\t" in text or "  " in text:
        return Prose(markup(text, font), style)
    pieces = list(runs(text, font))
    if len(pieces) != 1 or pieces[0][0] != font:
        return Prose(markup(text, font), style)
    return Prose(None, style, frags=[_fragment(style).clone(text=pieces[0][1])])


def pointed(text: str, bullet: str, style: ParagraphStyle, font: str) -> Prose:
    """A text exactly as it was typed, behind a bullet."""
    return Prose(markup(text, font), style, bulletText=bullet or None)


def marked(said: str, style: ParagraphStyle) -> Prose:
    """A paragraph of markup that was made in `fonts`."""
    return Prose(said, style)


@lru_cache(maxsize=256)
def _fragment(style: ParagraphStyle) -> Any:  # noqa: ANN401
    """What reportlab's parser makes of a plain word in this style."""
    return Paragraph("x", style).frags[0]
