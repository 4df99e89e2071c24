"""Writing an export to the file the user chose: values in, a sentence out, no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from facilitator.exporting import FORMS, Source, for_outside, form_of, source_of
from facilitator.session import Session
from facilitator.store import bundle

# What there is to choose: an id, its words, and how its file is called.
KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    *((form.id, form.words, form.suffixes[0]) for form in FORMS),
    ("bundle", "Bundle, for another Facilitator", bundle.SUFFIX),
    ("sealed", "Bundle with a passphrase", bundle.SEALED_SUFFIX),
)
SUFFIXES: Final = {kind: suffix for kind, _words, suffix in KINDS}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants: one of KINDS, share-safe or whole, under which passphrase."""

    kind: str = "json"
    share_safe: bool = False
    passphrase: str = ""


def wish_for(path: Path) -> Wish:
    """What a file of this name is to hold, by its ending; JSON for one that says nothing."""
    ending = path.suffix.lower()
    if ending == bundle.SUFFIX:
        return Wish("bundle")
    return Wish(next((form.id for form in FORMS if ending in form.suffixes), "json"))


def export_to(path: Path, session: Session, at: datetime) -> str:
    """Write the open incident as the file's name says; a sentence says what was done."""
    try:
        return write_export(path, source_of(session, at), wish_for(path), {})
    except OSError as error:
        return f"{path.name} was not written: {error.strerror}. Choose another folder."


def write_export(path: Path, source: Source, wish: Wish, words: Mapping[str, str]) -> str:
    """Write it, whole or not at all; the sentence to say. `words` are for a share-safe copy.

    Raises OSError, Refused on words that cannot be replaced, LibraryProblem on a bundle.
    """
    if wish.share_safe:
        source = for_outside(source, words)
    if wish.kind in ("bundle", "sealed"):
        bundle.write_bundle(path, source.document, source.made, wish.passphrase)
    else:
        _write(path, form_of(wish.kind).text(source).encode())
    return f"Exported to {path}{', a share-safe copy' if wish.share_safe else ''}."


def _write(path: Path, data: bytes) -> None:
    from facilitator.report.identity import write_private

    write_private(path, data, replace=True)
