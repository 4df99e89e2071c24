"""Pictures of a PDF's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_DOTS_PER_POINT: Final = 150 / 72


def picture_pages(pdf: bytes, folder: Path, name: str = "report") -> list[Path]:
    """A PNG of each page in this folder, at 150 dots per inch; where they lie."""
    from pypdfium2 import PdfDocument

    folder.mkdir(parents=True, exist_ok=True)
    document = PdfDocument(pdf)
    made = []
    try:
        document.init_forms()
        for number in range(len(document)):
            page = document[number]
            picture = page.render(scale=_DOTS_PER_POINT, may_draw_forms=True).to_pil()
            file = folder / f"{name}-page-{number + 1}.png"
            picture.save(file)
            made.append(file)
            page.close()
    finally:
        document.close()
    return made
