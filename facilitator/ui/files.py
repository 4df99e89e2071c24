"""Asking for a file: with the system's own dialog, and without leaving a trail of it.

Qt writes the folders and files of every file dialog into a file that all Qt programs share. For
the time of a dialog that file lies in a folder that goes away with the dialog. (On Windows and
macOS Qt offers no such way; what it keeps there is the last folder.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QWidget

AskPath = Callable[[QWidget, str, Path, str], "Path | None"]
AskPaths = Callable[[QWidget, str, Path, str], Sequence[Path]]


def file_words(title: str) -> str:
    """How a file about an incident begins, in words that every file system takes."""
    return "-".join(["post-mortem", *re.findall(r"\w+", title.lower())[:6]])[:80]


def ask_save(parent: QWidget, title: str, suggested: Path, kinds: str) -> Path | None:
    """Where to save, or None; an existing file is asked about by the dialog. `kinds` as Qt's."""
    from PySide6.QtWidgets import QFileDialog

    with _no_trail():
        chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(suggested), kinds)
    return Path(chosen) if chosen else None


def ask_open(parent: QWidget, title: str, folder: Path, kinds: str) -> Path | None:
    """The file to read, or None."""
    from PySide6.QtWidgets import QFileDialog

    with _no_trail():
        chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(folder), kinds)
    return Path(chosen) if chosen else None


def ask_open_several(parent: QWidget, title: str, folder: Path, kinds: str) -> Sequence[Path]:
    """The files to read, none when the person thought better of it."""
    from PySide6.QtWidgets import QFileDialog

    with _no_trail():
        chosen, _kind = QFileDialog.getOpenFileNames(parent, title, str(folder), kinds)
    return [Path(each) for each in chosen]


def ask_folder(parent: QWidget, title: str, folder: Path, _kinds: str = "") -> Path | None:
    """A folder, or None."""
    from PySide6.QtWidgets import QFileDialog

    with _no_trail():
        chosen = QFileDialog.getExistingDirectory(parent, title, str(folder))
    return Path(chosen) if chosen else None


def documents_folder() -> Path:
    """The person's folder for documents, or their home."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()


@contextmanager
def _no_trail() -> Iterator[None]:
    import tempfile

    form, scope = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    with tempfile.TemporaryDirectory(prefix="facilitator-") as folder:
        QSettings.setPath(form, scope, folder)
        try:
            yield
        finally:
            QSettings.setPath(form, scope, usual)
