"""Pages: page one that always fits, running head and foot, the outline, DRAFT on every draft."""

from __future__ import annotations

import io
from calendar import timegm
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, Final

from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import Flowable, PageBreak, Spacer

from facilitator.report.blocks import Edition, Front, Report
from facilitator.report.fields import Meaning
from facilitator.report.flow import Anchor, Flow, Gap, flow
from facilitator.report.fonts import BOLD, REGULAR, draw_text, fitting, register, width_of
from facilitator.report.phrasing import draft_mark
from facilitator.report.piece import Piece
from facilitator.report.signing_boxes import PLACES
from facilitator.report.styles import Look
from facilitator.report.tags import Element, TaggedCanvas

_SIDE: Final = 50.0
_TOP: Final = 62.0
_FRONT_TOP: Final = 46.0
_BOTTOM: Final = 58.0
_FOOT: Final = 34.0
# Page one is made smaller in these steps until it fits: type, then the length of its texts.
_STEPS: Final = (
    (1.08, 1600),
    (1.04, 1600),
    (1.0, 1600),
    (0.94, 1600),
    (0.89, 1600),
    (0.94, 700),
    (0.9, 450),
    (0.88, 340),
    (0.88, 280),
    (0.87, 220),
    (0.86, 160),
    (0.85, 120),
    (0.84, 90),
)


class Furniture:
    """What stands on every page beside its content: running head, foot, DRAFT."""

    def __init__(
        self, report: Report, colors: Mapping[str, str], size: tuple[float, float]
    ) -> None:
        self._edition = report.edition
        self._colors = colors
        self._size = size
        severity = report.front.meta.split(" · ")[1]
        self._running = f"{severity} · {report.title}"

    def first(self, canvas: TaggedCanvas, _template: object) -> None:
        """Furnish page one."""
        self._foot(canvas)
        # Who listens is told once, before the title; on later pages it is furniture.
        if not self._edition.is_final:
            with canvas.marked(Element("P")):
                self._draft(canvas)

    def later(self, canvas: Canvas, _template: object) -> None:
        """Furnish a later page."""
        width, height = self._size
        canvas.setFillColor(self._colors["text.second"])
        room = width - 2 * _SIDE - (0 if self._edition.is_final else 150)
        said = fitting(self._running, REGULAR, 8.0, room)
        draw_text(canvas, (_SIDE, height - 38), said, (REGULAR, 8.0))
        canvas.setStrokeColor(self._colors["border.soft"])
        canvas.setLineWidth(0.6)
        canvas.line(_SIDE, height - 46, width - _SIDE, height - 46)
        self._foot(canvas)
        self._draft(canvas)

    def number_pages(self, canvas: Canvas) -> None:
        """Fill the form that each page has left for its number, now that the last is known."""
        total = canvas.getPageNumber()
        for page in range(1, total + 1):
            canvas.beginForm(_number_form(page), 0, 0, *self._size)
            canvas.setFillColor(self._colors["text.second"])
            said = f"page {page} of {total}"
            draw_text(canvas, (self._size[0] - _SIDE, _FOOT), said, (REGULAR, 8.0), "right")
            canvas.endForm()

    def _foot(self, canvas: Canvas) -> None:
        canvas.setFillColor(self._colors["text.second"])
        said = f"Document {self._edition.number}"
        if self._edition.is_final:
            said += "  ·  signatures: see the signature panel of a PDF reader"
        draw_text(canvas, (_SIDE, _FOOT), said, (REGULAR, 8.0))
        canvas.doForm(_number_form(canvas.getPageNumber()))

    def _draft(self, canvas: Canvas) -> None:
        if self._edition.is_final:
            return
        said = draft_mark(self._edition)
        wide = width_of(said, BOLD, 8.6) + 14
        left, bottom = self._size[0] - _SIDE - wide, self._size[1] - 42
        canvas.saveState()
        canvas.setFillColor(self._colors["severity.ground"])
        canvas.rect(left, bottom, wide, 16, stroke=0, fill=1)
        canvas.setFillColor(self._colors["severity"])
        draw_text(canvas, (left + 7, bottom + 4.8), said, (BOLD, 8.6))
        canvas.restoreState()


class FrontPage(Piece):
    """Page one: it fills its frame, with the roles that sign at its foot."""

    def __init__(self, front: Front, shorter: Callable[[int], Front], look: Look) -> None:
        super().__init__()
        self._front = front
        self._shorter = shorter
        self._look = look

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The whole frame; the largest type and longest texts that fit it are chosen here."""
        self.width, self.height = width, height
        for scale, most in _STEPS:
            look = Look(self._look.colors, scale, "H2")
            self._body = _front_flow(self._shorter(most), look, width)
            self._heights = [each.wrap(width, height)[1] for each in self._body]
            self._foot = flow((self._front.foot,), look, width)
            foot = sum(each.wrap(width, height)[1] for each in self._foot)
            if sum(self._heights) + foot + 8 <= height:
                break
        return width, height - 0.01

    def draw(self) -> None:
        """Draw body from the top, foot at the bottom."""
        y = self.height
        for each, height in zip(self._body, self._heights, strict=True):
            y -= height
            each.drawOn(self.canv, 0, y)
        foot = [each.wrap(self.width, self.height)[1] for each in self._foot]
        y = sum(foot)
        for each, height in zip(self._foot, foot, strict=True):
            y -= height
            each.drawOn(self.canv, 0, y)


def build(
    report: Report,
    shorter: Callable[[int], Front],
    colors: Mapping[str, str],
    size: tuple[float, float],
) -> tuple[bytes, dict[str, tuple[int, float, float, float, float]], Meaning]:
    """The pages as PDF bytes, the boxes drawn for signatures (by role), and what all of it is."""
    register()
    out = io.BytesIO()
    made: list[TaggedCanvas] = []

    def canvas(*args: Any, **kwargs: Any) -> Canvas:  # noqa: ANN401
        own = {"initialFontName": REGULAR, "invariant": 1, "pdfVersion": (1, 7)}
        made.append(TaggedCanvas(*args, **(kwargs | own)))
        _set_time(made[0], report.edition)
        return made[0]

    furniture = Furniture(report, colors, size)
    template = _template(out, report, furniture, size)
    story = _story(report, shorter, Look(colors), size[0] - 2 * _SIDE)
    template.build([*story, PageTotals(furniture)], canvasmaker=canvas)
    said = made[0].said() | {"language": report.language}
    meaning = Meaning(made[0].tree, said, report.edition.at)
    places = dict(getattr(made[0], PLACES, {}))
    made[0].let_go()
    return out.getvalue(), places, meaning


def _template(
    out: io.BytesIO, report: Report, furniture: Furniture, size: tuple[float, float]
) -> BaseDocTemplate:
    template = BaseDocTemplate(
        out,
        pagesize=size,
        title=report.title[:400],
        author="Facilitator",
        subject=f"Incident review, document {report.edition.number}",
        creator="Facilitator",
        lang=report.language,
        displayDocTitle=True,
        pageCompression=1,
        initialFontName=REGULAR,
    )
    width = size[0] - 2 * _SIDE
    pads = dict.fromkeys(("leftPadding", "rightPadding", "topPadding", "bottomPadding"), 0)
    first = Frame(_SIDE, _BOTTOM, width, size[1] - _BOTTOM - _FRONT_TOP, id="first", **pads)
    later = Frame(_SIDE, _BOTTOM, width, size[1] - _BOTTOM - _TOP, id="later", **pads)
    template.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=furniture.first, autoNextPageTemplate="later"),
            PageTemplate("later", [later], onPage=furniture.later),
        ]
    )
    return template


def _story(
    report: Report, shorter: Callable[[int], Front], look: Look, width: float
) -> list[Flowable]:
    story: list[Flowable] = [
        Anchor("Summary on one page", 0, "front"),
        FrontPage(report.front, shorter, look),
    ]
    for n, section in enumerate(report.sections):
        story.append(PageBreak() if n == 0 else Gap(22))
        title = look.paragraph(section.title, "section")
        opening = [Anchor(section.title, 0, f"s{n}"), title, Spacer(1, 4)]
        story += flow(section.blocks, look, width, opening)
    return story


class PageTotals(Piece):
    """The end of the report, where the number of pages is known."""

    def __init__(self, furniture: Furniture) -> None:
        super().__init__()
        self._furniture = furniture

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """No size."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Number the pages."""
        self._furniture.number_pages(self.canv)


def _number_form(page: int) -> str:
    return f"number{page}"


def _front_flow(front: Front, look: Look, width: float) -> Flow:
    gap = look.scale
    return [
        look.paragraph(front.meta, "meta"),
        Spacer(1, 9 * gap),
        look.paragraph(front.title, "title"),
        Spacer(1, 5 * gap),
        look.paragraph(_in_lines(front.subtitle, look, width), "subtitle"),
        Spacer(1, 15 * gap),
        *flow(front.blocks, look, width),
    ]


def _in_lines(text: str, look: Look, width: float) -> str:
    """The text, each sentence on a line of its own where one line does not hold all of it."""
    tall, least = (
        look.paragraph(text, "subtitle").wrap(room, 1.0)[1] for room in (width, 100 * width)
    )
    return text if tall == least else text.replace(". ", ".\n")


def _set_time(canvas: Canvas, edition: Edition) -> None:
    """Let the file say when the report was made, not when these bytes were."""
    stamp: Any = TimeStamp(1)
    at = edition.at.astimezone(UTC).timetuple()
    stamp.t, stamp.lt, stamp.YMDhms = float(timegm(at)), tuple(at), tuple(at)[:6]
    canvas._doc._timeStamp = stamp  # noqa: SLF001 (the environment variable is process-wide)
