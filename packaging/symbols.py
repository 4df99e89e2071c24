"""Make resources/fonts/FacilitatorSymbols-Regular.ttf: the signs that Noto Sans lacks.

Run once, by hand, with fontTools installed: symbols.py FOLDER-WITH-NOTO-FONTS OUT.ttf
"""

import io
import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# Report and screens may use these and no others beyond Noto Sans; tests/test_resources.py counts.
MATH = "←↑→↓↔≈≠≤≥−"
SHAPES = "■□▲△▶▷▼▽◀◁◆◇○◎●☐☑★☆⚠✓✗✕✚⏸⏵⏹"
FAMILY = "Facilitator Symbols"


def _part(file: Path, signs: str) -> io.BytesIO:
    font = TTFont(file, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[])
    subsetter = Subsetter(options)
    subsetter.populate(text=signs)
    subsetter.subset(font)
    # Layout rules for the few signs kept are of no use, and do not merge.
    for table in ("GSUB", "GPOS", "GDEF", "MATH"):
        if table in font:
            del font[table]
    part = io.BytesIO()
    font.save(part)
    part.seek(0)
    return part


def make(noto: Path, out: Path) -> None:
    """Write the font of signs, named so that it is not taken for Noto itself."""
    parts = [
        _part(noto / "NotoSansMath-Regular.ttf", MATH),
        _part(noto / "NotoSansSymbols2-Regular.ttf", SHAPES),
    ]
    font = Merger().merge(parts)
    names = {
        0: "Copyright 2010-2020 Google LLC. Signs from Noto Sans Math and Noto Sans Symbols 2.",
        1: FAMILY,
        2: "Regular",
        3: f"{FAMILY} Regular 1",
        4: f"{FAMILY} Regular",
        5: "Version 1.0",
        6: "FacilitatorSymbols-Regular",
        13: "SIL Open Font License, Version 1.1",
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.save(out)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
