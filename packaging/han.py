"""Make the typefaces for Japanese, Chinese and Korean in resources/fonts, small enough to bundle.

Run once, by hand, with fontTools and brotli installed: han.py SOURCES OUT. SOURCES holds the
unpacked npm packages @fontsource/noto-sans-{jp,sc,tc,kr} 5.3.0 as jp/, sc/, tc/, kr/ and Debian's
DroidSansFallback.ttf (fonts-droid-fallback 6.0.1r16-1.1). Each has what its country's own
character set asks for; what another already draws in the same shape is left to that other.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

Shapes = dict[str, tuple[int, str]]
LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "gasp", "FFTM", "prep")
# Signs that Western text has too; beside ideographs they are as wide as these.
SHARED = set("‘’“”…‥—―·")
ADOBE = "(c) 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'."
GOOGLE = "Digitized data copyright Google Corporation © 2006. Characters taken out in 2026."
OFL = "SIL Open Font License, Version 1.1"
APACHE = "Apache License, Version 2.0"


def in_codec(name: str, leads: Iterable[int] = range(0x81, 0xFF)) -> set[str]:
    """The East Asian characters of two bytes in one of Python's codecs."""
    found = set()
    for first in leads:
        for second in range(0x40, 0xFF):
            try:
                char = bytes((first, second)).decode(name)
            except UnicodeDecodeError:
                continue
            if len(char) == 1 and (char >= "\u2e80" or char in SHARED):
                found.add(char)
    return {char for char in found if not "\ue000" <= char < "\uf900"}


def slices(folder: Path) -> list[Path]:
    """The files of a package in the regular weight, in a fixed order."""
    return sorted((folder / "files").glob("*-400-normal.woff2"))


def shapes(folder: Path) -> Shapes:
    """Each character's width and outline."""
    found: Shapes = {}
    for file in slices(folder):
        font = TTFont(file)
        glyphs = font.getGlyphSet()
        for code, name in font.getBestCmap().items():
            if chr(code) >= "\u2000" and chr(code) not in found:
                pen = DecomposingRecordingPen(glyphs)
                glyphs[name].draw(pen)
                found[chr(code)] = glyphs[name].width, str(pen.value)
    return found


def part(file: Path, signs: set[str]) -> io.BytesIO:
    """A typeface with these characters of a file and nothing else."""
    font = TTFont(file, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[])
    options.drop_tables += list(LAYOUT)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(sign) for sign in sorted(signs)])
    subsetter.subset(font)
    for table in LAYOUT:
        if table in font:
            del font[table]
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    return out


def parts(files: Iterable[Path], wanted: set[str]) -> Iterator[io.BytesIO]:
    """Parts that together have each wanted character once."""
    left = set(wanted)
    for file in files:
        here = left & {chr(code) for code in TTFont(file).getBestCmap()}
        if here:
            left -= here
            yield part(file, here)


def save(font: Any, out: Path, name: str, about: tuple[str, str]) -> None:  # noqa: ANN401
    """Write a typeface, named so that it is not taken for the one it came from."""
    plain = name.replace(" ", "")
    names = {
        0: about[0],
        1: name,
        2: "Regular",
        3: f"{name} Regular 1",
        4: f"{name} Regular",
        5: "Version 1.0",
        6: f"{plain}-Regular",
        13: about[1],
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.save(out / f"{plain}-Regular.ttf")
    print(f"{name}: {len(font.getBestCmap())} characters")


def wanted(sources: Path) -> dict[str, set[str]]:
    """What each country's typeface draws itself."""
    drawn = {code: shapes(sources / code) for code in ("jp", "sc", "tc", "kr")}
    japanese = (in_codec("cp932") | SHARED) & set(drawn["jp"])
    japanese |= {char for char in drawn["jp"] if "\u3000" <= char <= "\u30ff"}
    asked = (in_codec("gb2312") | SHARED) & set(drawn["sc"])
    simplified = {c for c in asked if c not in japanese or drawn["jp"][c] != drawn["sc"][c]}
    # The first level of Big5; it stands in Japanese shapes where Japanese has the character.
    common = in_codec("big5", range(0xA4, 0xC7)) & set(drawn["tc"])
    korean = {c for c in in_codec("euc_kr") if "\u3130" <= c < "\u3190" or "\uac00" <= c < "\ud7a4"}
    return {
        "jp": japanese,
        "sc": simplified,
        "tc": common - japanese - simplified,
        "kr": korean & set(drawn["kr"]),
    }


def make(sources: Path, out: Path) -> None:
    """Write all five."""
    taken: set[str] = set()
    names = {"jp": "Japanese", "sc": "Chinese", "tc": "Traditional", "kr": "Korean"}
    for code, signs in wanted(sources).items():
        font = Merger().merge(list(parts(slices(sources / code), signs)))
        save(font, out, f"Facilitator {names[code]}", (ADOBE, OFL))
        taken |= signs
    file = sources / "DroidSansFallback.ttf"
    rest = {chr(code) for code in TTFont(file).getBestCmap() if code >= 0x2E80} - taken
    font = TTFont(part(file, {c for c in rest if not "\ue000" <= c < "\uf900"}))
    save(font, out, "Facilitator Rare Han", (GOOGLE, APACHE))


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
