"""Pages of a PDF as pictures, for the preview and for looking at what was made."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from facilitator.report.errors import NotAPdf

if TYPE_CHECKING:
    import pypdfium2

# The library that reads and draws pages may be in use on one thread at a time.
_ONE_AT_A_TIME: Final = Lock()


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
    with _opened(pdf) as document:
        return len(document)


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of every page, in points. Raises NotAPdf."""
    with _opened(pdf) as document:
        return tuple(document.get_page_size(n) for n in range(len(document)))


def page_texts(pdf: bytes) -> list[str]:
    """What stands on every page. Raises NotAPdf."""
    with _opened(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def page_pictures(pdf: bytes, *, width: int = 1000) -> Iterator[PagePicture]:
    """Every page, this many pixels wide, one after the other. Raises NotAPdf."""
    for number in range(page_count(pdf)):
        yield page_picture(pdf, number, width=width)


def page_picture(pdf: bytes, number: int, *, width: int = 1000) -> PagePicture:
    """One page (from 0), this many pixels wide. Raises NotAPdf, and IndexError past the end."""
    with _rendered(pdf, number, width) as bitmap:
        pixels = bytes(bitmap.buffer)
        return PagePicture(number, bitmap.width, bitmap.height, bitmap.stride, pixels)


def page_png(pdf: bytes, number: int, *, width: int = 1000) -> bytes:
    """One page (from 0) as the bytes of a PNG file."""
    out = io.BytesIO()
    with _rendered(pdf, number, width) as bitmap:
        bitmap.to_pil().convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def _rendered(pdf: bytes, number: int, width: int) -> Iterator[pypdfium2.PdfBitmap]:
    with _opened(pdf) as document:
        if not 0 <= number < len(document):
            raise IndexError(number)
        document.init_forms()
        page = document[number]
        scale = width / page.get_width()
        bitmap = page.render(scale=scale, prefer_bgrx=True, may_draw_forms=True)
        yield bitmap
        bitmap.close()


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    import pypdfium2

    try:
        with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
            yield document
    except pypdfium2.PdfiumError as error:
        raise NotAPdf("This file cannot be read as a PDF; it may be damaged.") from error
