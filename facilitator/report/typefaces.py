"""The report's typefaces, embedded; a character they lack comes from another, or is a box."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final, NamedTuple

from facilitator.paths import resources
from facilitator.report.scripts import Face, folder, scripts
from facilitator.report.unicode_map import FIRST_CODE, put_right

REGULAR: Final = "Report"
BOLD: Final = "Report-Bold"
ITALIC: Final = "Report-Italic"
MONO: Final = "Report-Mono"
SYMBOLS: Final = "Report-Symbols"
_FILES: Final = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MONO: "NotoSansMono-Regular.ttf",
    SYMBOLS: "FacilitatorSymbols-Regular.ttf",
}
BOX: Final = "□"
_FALLBACKS: Final = (SYMBOLS, MONO, REGULAR)
# What typesetting handles, though a typeface may have no glyph for it: line ends and joiners,
# marks of direction, isolates, variation selectors, tags.
UNSEEN: Final = frozenset(
    "\n\t\u00ad\u034f\u061c\u180b\u180c\u180d\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063"
    "\u2068\u2069"
    + "".join(
        map(chr, (*range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)))
    )
)
_language: ContextVar[str] = ContextVar("language", default="")


class Pick(NamedTuple):
    """Which typeface draws a character."""

    name: str
    heavy: bool = False
    """Whether it has no bold file, so that its outlines are drawn thicker."""
    face: Face | None = None
    """The script's, None for the report's own."""


@contextmanager
def writing(language: str) -> Iterator[None]:
    """Meanwhile ideographs have the shapes of this East Asian language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=1)
def register() -> None:
    """Make the typeface that pages begin with known to reportlab, once."""
    from reportlab import rl_config

    put_right()
    # Bytes need no disguise as text any more; it costs a quarter of the size.
    setattr(rl_config, "useA85", 0)  # noqa: B010 (its settings have no types)
    _register(REGULAR, str(resources() / "fonts" / _FILES[REGULAR]))


@lru_cache(maxsize=64)
def typeface(name: str) -> Any:  # noqa: ANN401
    """reportlab's typeface of this name, which is read at the first call."""
    from reportlab.pdfbase import pdfmetrics

    register()
    if name in _FILES:
        if name != REGULAR:
            _register(name, str(resources() / "fonts" / _FILES[name]))
    else:
        _, _, rest = name.partition("-")
        script, _, bold = rest.partition("-")
        face = scripts().faces[script]
        _register(name, str(folder() / (face.bold if bold else face.file)))
    return pdfmetrics.getFont(name)


class Widths(dict[str, float]):
    """How wide characters are, in thousandths of the size; others take no room."""

    def __missing__(self, char: str) -> float:
        return 0.0


@lru_cache(maxsize=64)
def widths(name: str) -> Widths:
    """The characters that a typeface has, each with its width."""
    face = typeface(name).face
    return Widths(
        (chr(code), face.charWidths[code])
        for code, glyph in face.charToGlyph.items()
        if glyph and code < FIRST_CODE and code in face.charWidths and chr(code) not in UNSEEN
    )


def without_picture(text: str) -> set[str]:
    """The characters of a text that no bundled typeface can draw."""
    known = widths(REGULAR)
    wanted = {char for char in set(text) if char not in known and char not in UNSEEN}
    return {char for char in wanted if pick(char, REGULAR) is None}


def pick(cluster: str, font: str) -> Pick | None:
    """What draws a character with its marks where `font` is wanted, None when nothing can."""
    return _pick(cluster, font, _language.get())


@lru_cache(maxsize=20_000)
def _pick(cluster: str, font: str, language: str) -> Pick | None:
    seen = [char for char in cluster if char not in UNSEEN]
    if not seen:
        return Pick(font)
    for name in (font, *_FALLBACKS):
        if all(char in widths(name) for char in seen):
            return Pick(name)
    for face in scripts().candidates(seen[0], language):
        bold = font == BOLD and bool(face.bold)
        name = f"Report-{face.name}{'-Bold' if bold else ''}"
        if all(char in widths(name) for char in seen):
            return Pick(name, font == BOLD and not bold, face)
    return None


def east_asian() -> str:
    """The language that ideographs are drawn for, empty when nothing has said."""
    return _language.get()


def ideographic(char: str, font: str) -> Pick | None:
    """What draws a sign as wide as the ideographs beside it, None when it has no such form."""
    habits = scripts()
    for face in habits.candidates(char, _language.get()):
        name = f"Report-{face.name}"
        if face.name in habits.ideographic and char in widths(name):
            return Pick(name, font == BOLD, face)
    return None


def _register(name: str, path: str) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(name, path))
    # Without a family of its own a face would be looked up as one of Helvetica's.
    pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
