"""Every copy of a library that Facilitator itself makes and leaves somewhere: where each lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from facilitator.store import backups, continued, guard, reading, spool
from facilitator.store.leftovers import ASIDE, STAMP
from facilitator.store.lock import lock_file

WORDS: Final = {
    "backup": "Backup",
    "replaced": "Library that a backup replaced",
    "damaged": "Damaged library, kept at its repair",
    "continued": "Library where a meeting went on",
    "waiting": "Edits that wait for a library",
    "unused": "Edits that did not fit the library",
    "shown": "Copy that another window shows",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with what a library holds or held; `kind` is a key of WORDS, `at` in UTC."""

    path: Path
    kind: str
    at: datetime

    @property
    def is_database(self) -> bool:
        """Whether it is a whole library, and no list of edits."""
        return self.kind not in ("waiting", "unused")

    def files(self) -> tuple[Path, ...]:
        """The file and what lies beside it."""
        beside = (guard.side_file(self.path, suffix) for suffix in guard.SIDE_FILES)
        return tuple(path for path in (self.path, *beside) if path.exists())


def copies_of(library: Path, library_id: str, spools: Path, data: Path) -> tuple[Copy, ...]:
    """All that there are, but for what was exported or handed out; the newest of a kind first."""
    others = [path for path in continued.related(library) if path != library]
    found = [*_family(library), *_spools(spools, library, library_id), *_shown(data, library)]
    for other in others:
        found += [Copy(other, "continued", _changed(other)), *_family(other)]
    order = list(WORDS)
    return tuple(sorted(found, key=lambda c: (order.index(c.kind), -c.at.timestamp())))


def _family(library: Path) -> Iterator[Copy]:
    stem, end = re.escape(library.stem), re.escape(library.suffix)
    beside = "|".join(guard.SIDE_FILES)
    # What lies beside a file that is gone is found on its own.
    aside = re.compile(rf"({stem}{ASIDE}*-(replaced|damaged)-({STAMP}){end})(?:{beside})?")
    backup = re.compile(rf"({stem}{ASIDE}*()-({STAMP})\.sqlite)(?:{beside})?")
    for folder, pattern in ((library.parent, aside), (backups.folder(library), backup)):
        seen: set[str] = set()
        for path in _in(folder):
            name = pattern.fullmatch(path.name)
            if name is not None and name[1] not in seen:
                seen.add(name[1])
                # Whoever is killed while a library is set aside leaves it with two names.
                if _is_same(folder / name[1], library):
                    continue
                at = datetime.strptime(name[3], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
                yield Copy(folder / name[1], name[2] or "backup", at)


def _spools(folder: Path, library: Path, library_id: str) -> Iterator[Copy]:
    kinds = {spool.WAITING: "waiting", spool.UNUSED: "unused"}
    for path in _in(folder):
        if path.suffix in kinds:
            ours = path.stem == library_id or str(library) in _places(path)
            if ours:
                yield Copy(path, kinds[path.suffix], _changed(path))


def _places(path: Path) -> set[str]:
    with suppress(OSError, ValueError):
        return {str(line[1]) for line in spool.read(path) if line[:1] == ["at"]}
    return set()


def _shown(data: Path, library: Path) -> Iterator[Copy]:
    """Copies that somebody looks at; those that nobody does are gone by then."""
    for folder in reading.folders(data):
        for path in _in(folder):
            if path.name.startswith(library.stem) and lock_file(path).exists():
                yield Copy(path, "shown", _changed(path))


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _in(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_file())
    return []


def _changed(path: Path) -> datetime:
    with suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.fromtimestamp(0, UTC)
