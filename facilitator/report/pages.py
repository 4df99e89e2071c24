"""Pages of a PDF as pictures, for the preview and for looking at what was made."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilitator.report.errors import NotAPdf

if TYPE_CHECKING:
    import pypdfium2


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: size in pixels and its bytes, four to a pixel (blue, green, red, unused)."""

    number: int
    width: int
    height: int
    stride: int
    pixels: bytes


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has. Raises NotAPdf when it is none."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise NotAPdf("This file cannot be read as a PDF; it may be damaged.") from error


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of every page, in points. Raises NotAPdf."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return tuple(document.get_page_size(n) for n in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise NotAPdf("This file cannot be read as a PDF; it may be damaged.") from error


def page_pictures(pdf: bytes, *, width: int = 1000) -> Iterator[PagePicture]:
    """Every page, this many pixels wide, one after the other. Raises NotAPdf."""
    for number in range(page_count(pdf)):
        yield page_picture(pdf, number, width=width)


def page_picture(pdf: bytes, number: int, *, width: int = 1000) -> PagePicture:
    """One page (from 0), this many pixels wide. Raises NotAPdf, and IndexError past the end."""
    bitmap = _rendered(pdf, number, width)
    return PagePicture(number, bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def page_png(pdf: bytes, number: int, *, width: int = 1000) -> bytes:
    """One page (from 0) as the bytes of a PNG file."""
    out = io.BytesIO()
    _rendered(pdf, number, width).to_pil().convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _rendered(pdf: bytes, number: int, width: int) -> pypdfium2.PdfBitmap:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            if not 0 <= number < len(document):
                raise IndexError(number)
            document.init_forms()
            page = document[number]
            scale = width / page.get_width()
            bitmap: pypdfium2.PdfBitmap = page.render(
                scale=scale, prefer_bgrx=True, may_draw_forms=True
            )
            return bitmap
    except pypdfium2.PdfiumError as error:
        raise NotAPdf("This file cannot be read as a PDF; it may be damaged.") from error
