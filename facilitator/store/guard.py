"""Looks at a library file, and at what lies beside it, before SQLite does."""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facilitator.store import schema
from facilitator.store.problems import LibraryProblem

_MAGIC: Final = b"SQLite format 3\x00"
_JOURNAL_MAGIC: Final = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
SIDE_FILES: Final = ("-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first 100 bytes of a library say."""

    application_id: int
    version: int
    has_log: bool


def side_file(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps beside the library under this suffix."""
    return path.with_name(path.name + suffix)


def look_at(path: Path) -> Header:
    """The header of a file that can be opened. Raises LibraryProblem with what is wrong."""
    check_is_file(path)
    header = _header(path)
    if header.application_id != schema.APPLICATION_ID:
        raise LibraryProblem(
            f"{path} is an SQLite file, but no Facilitator library. It was left as it is;"
            " name another file, or restore a backup if it once was one.",
            "foreign",
        )
    check_version(path, header.version)
    check_writable(path)
    check_side_files(path)
    return header


def check_version(path: Path, version: int) -> None:
    """Raise LibraryProblem when a newer Facilitator wrote the file."""
    if version > schema.VERSION:
        raise LibraryProblem(
            f"{path} was written by a newer Facilitator (format {version}; this one reads up to"
            f" {schema.VERSION}). It was left untouched; open it with the newer one.",
            "newer",
        )


def check_is_file(path: Path) -> None:
    """Raise LibraryProblem unless this is a plain file (a link to one will do)."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise LibraryProblem(
            f"{path} is not there or cannot be read ({error.strerror}). Put it back where it was.",
            "missing",
        ) from error
    if stat.S_ISDIR(mode):
        raise LibraryProblem(f"{path} is a folder. Name a file in it instead.", "directory")
    if not stat.S_ISREG(mode):
        raise LibraryProblem(f"{path} is no ordinary file. Name another one.", "not-a-file")


def check_writable(path: Path) -> None:
    """Raise LibraryProblem when the file or its folder cannot be written."""
    read_only = not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK)
    folder = path.resolve().parent
    if hasattr(os, "statvfs"):
        read_only = read_only or bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    if read_only or not os.access(folder, os.W_OK | os.X_OK):
        raise LibraryProblem(
            f"{path} is read-only, or its folder is. Allow writing to both, or copy the file to a"
            " place of your own and open the copy.",
            "read-only",
        )


def check_side_files(path: Path) -> None:
    """Raise LibraryProblem when a file beside the library could make SQLite harm other files."""
    for suffix in SIDE_FILES:
        beside = side_file(path, suffix)
        try:
            mode = beside.lstat().st_mode
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(mode) or (suffix == "-journal" and _names_another_file(beside)):
            raise LibraryProblem(
                f"{beside} was not made by Facilitator and could harm other files. Move it away"
                f" and open {path.name} again.",
                "damaged",
            )


def has_side_files(path: Path) -> bool:
    """Whether the last use of the library did not end in order."""
    return any(side_file(path, s).exists() for s in ("-journal", "-wal"))


def _header(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            first = file.read(100)
    except OSError as error:
        raise LibraryProblem(
            f"{path} cannot be read: {error.strerror}. Check who may read it.", "read-only"
        ) from error
    if not first:
        raise LibraryProblem(
            f"{path} is empty: no Facilitator library. Delete it to start a new one there, or"
            " restore a backup.",
            "empty",
        )
    if len(first) < 100 or not first.startswith(_MAGIC):
        raise LibraryProblem(
            f"{path} is no Facilitator library (not an SQLite file). It was left as it is; name"
            " another file, or restore a backup if it once was one.",
            "foreign",
        )
    version, application_id = struct.unpack(">60xI4xI28x", first)
    return Header(application_id, version, has_log=first[18] == 2)


def _names_another_file(journal: Path) -> bool:
    # SQLite deletes the "super-journal" named at the end of a rollback journal. Ours never has one.
    size = journal.stat().st_size
    with journal.open("rb") as file:
        file.seek(max(0, size - 8))
        return size >= 16 and file.read(8) == _JOURNAL_MAGIC
