"""What the preview lets another thread do: make or read a report, and draw one of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QImage

from facilitator.ui.report.work import Order, make_report
from facilitator.ui.resting import collector_rests


@dataclass(frozen=True, slots=True)
class Paper:
    """A report to look at: its bytes, the sizes of its pages in points, the text for an e-mail."""

    pdf: bytes = field(repr=False)
    sizes: tuple[tuple[float, float], ...]
    email: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One page (from 0) as an image that is `width` pixels wide."""

    number: int
    width: int
    image: QImage


@collector_rests
def make_paper(order: Order) -> Paper:
    """The report of this order. Raises ReportError."""
    return _paper(make_report(order).pdf, order, None)


@collector_rests
def read_paper(path: Path, order: Order | None) -> Paper:
    """The report in a file; the e-mail is of the order. Raises OSError, and ReportError."""
    from facilitator.report.verify import LARGEST_PDF

    with path.open("rb") as file:
        return _paper(file.read(LARGEST_PDF + 1), order, path)


def draw_page(pdf: bytes, number: int, width: int) -> Picture:
    """One page (from 0), `width` pixels wide. Raises ReportError."""
    from facilitator.report.pages import page_picture

    drawn = page_picture(pdf, number, width=width)
    form = QImage.Format.Format_RGB32
    image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, form)
    # The image would go on reading bytes that nobody keeps.
    return Picture(number, width, image.copy())


def _paper(pdf: bytes, order: Order | None, path: Path | None) -> Paper:
    from facilitator.report.pages import page_sizes

    return Paper(pdf, page_sizes(pdf), _email(order) if order is not None else "", path)


def _email(order: Order) -> str:
    from facilitator.report.content import edition_of
    from facilitator.report.email_text import email_text

    edition = edition_of(
        order.document,
        final=order.final,
        head=order.head,
        at=order.at,
        revision=order.revision,
        changed=order.changed(),
    )
    return email_text(order.document, edition)
