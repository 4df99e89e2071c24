"""Where a line may end: at spaces, and between ideographs as far as their punctuation lets.

Where words end in scripts without spaces, such as Thai, is not known here.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, east_asian_width

from facilitator.report.scripts import Scripts, scripts

# What takes room and may end a line, and the space of no width.
_SPACES: Final = " \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f"
_WORDS: Final = re.compile(f"[^{_SPACES}]*[{_SPACES}]+|[^{_SPACES}]+")
_WIDE: Final = re.compile(
    "[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff01-\uffee\U0001f000-\U0003fffd]"
)
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_GLUE: Final = frozenset("\u00a0\u202f\u2007\u2060\u2011")
_JOINER: Final = "\u200d"
# What follows its character wherever that goes: joiners, variation selectors, tags, skin tones.
_FOLLOWS: Final = re.compile(
    "[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]")


def ends_of_words(text: str) -> list[int]:
    """Where each piece of a paragraph ends that stays on one line, with the spaces after it."""
    words = _WORDS.finditer(text)
    if _WIDE.search(text) is None:
        return [word.end() for word in words]
    habits = scripts()
    ends = []
    for word in words:
        said, start = word.group().rstrip(_SPACES), word.start()
        ends += [start + n for n in range(1, len(said)) if _may_break(said, n, habits)]
        ends.append(word.end())
    return ends


def visible_end(text: str, start: int, end: int) -> int:
    """Where the spaces begin that end this part of a text."""
    while end > start and text[end - 1] in _SPACES:
        end -= 1
    return end


def clusters(text: str) -> list[int]:
    """Where each character begins that a reader sees as one, marks and joined signs included."""
    found = []
    flags = 0
    for n, char in enumerate(text):
        # A flag is two signs.
        flags = flags + 1 if _FLAG.match(char) else 0
        if not n or (not _follows(text, n) and (not flags or flags % 2)):
            found.append(n)
    return found


def is_mark(char: str) -> bool:
    """Whether a character stands on or around the one before it."""
    return char > "\u02ff" and category(char) in ("Mn", "Me")


def _follows(text: str, n: int) -> bool:
    char = text[n]
    if char < "\u0300":
        return False
    return is_mark(char) or _FOLLOWS.match(char) is not None or text[n - 1] == _JOINER


def _may_break(text: str, n: int, habits: Scripts) -> bool:
    """Whether a line may end before this character of a word."""
    before, after = text[n - 1], text[n]
    if not (_is_wide(before) or _is_wide(after)) or before in _GLUE or after in _GLUE:
        return False
    if before in habits.not_last or after in habits.not_first or _follows(text, n):
        return False
    # Korean ends lines at its spaces, whatever stands in its words.
    return not (_HANGUL.match(before) or _HANGUL.match(after))


def _is_wide(char: str) -> bool:
    return char > "\u2e7f" and east_asian_width(char) in "WFH"
