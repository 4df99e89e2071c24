"""Half-made files of killed processes: they hold what people wrote, and nobody will finish them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_OLD: Final = 600.0  # seconds; a younger one may be in the making


def sweep(library: Path, backups: Path) -> None:
    """Remove what was left half-made beside the library and among its backups."""
    for path in _found(library, backups):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime < _OLD:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _found(library: Path, backups: Path) -> Iterator[Path]:
    # All are named by us: a dot, the library's name, a dot, eight letters, an ending.
    for folder, start in ((library.parent, f".{library.name}."), (backups, f".{library.stem}-")):
        with suppress(OSError):
            yield from [path for path in folder.iterdir() if path.name.startswith(start)]
