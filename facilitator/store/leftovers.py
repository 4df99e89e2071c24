"""Half-made files of killed processes: they hold what people wrote, and nobody will finish them."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_OLD: Final = 600.0  # seconds; a younger one may be in the making
ANY_AGE: Final = float("-inf")
STAMP: Final = r"\d{8}T\d{6}Z"
ASIDE: Final = rf"(?:-(?:replaced|damaged)-{STAMP})"  # in the name of a library that was set aside


def sweep(library: Path, backups: Path, older: float = _OLD) -> None:
    """Remove what was left half-made beside the library and among its backups.

    `older` is the least age in seconds: ANY_AGE for the one who could be making any.
    """
    for path in _found(library, backups):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime < older:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _found(library: Path, backups: Path) -> Iterator[Path]:
    # All are named by us: a dot, the name of what is worked on, a dot, eight letters, an ending.
    stem = re.escape(library.stem)
    beside = re.compile(rf"\.{stem}{ASIDE}*{re.escape(library.suffix)}\..*")
    among = re.compile(rf"\.{stem}{ASIDE}*-{STAMP}\..*")
    for folder, pattern in ((library.parent, beside), (backups, among)):
        with suppress(OSError):
            yield from [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
