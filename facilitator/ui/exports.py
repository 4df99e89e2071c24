"""Writing an export to the file the user chose: values in, a sentence out, no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.freeze import frozen_revision, head_of, newest_revision
from facilitator.model.sharing import share_safe
from facilitator.session import Session
from facilitator.store import bundle

# What there is to choose: an id, its words, and how its file is called.
KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("json", "JSON, everything", ".json"),
    ("markdown", "Markdown, the report's text", ".md"),
    ("html", "HTML, the report as one page", ".html"),
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


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: the incident as frozen, or as it was when this was asked (`made`, UTC)."""

    document: Document
    head: tuple[int, str]
    at: datetime
    revision: int
    made: datetime
    changed: Callable[[], tuple[str, ...]] = tuple  # reads the journal


def source_of(session: Session, at: datetime) -> Source:
    """The open incident now (`at`, UTC)."""
    document = session.document
    frozen, newest = frozen_revision(document), newest_revision(document)
    return Source(
        document,
        head_of(frozen) if frozen else session.head,
        frozen.at if frozen else at,
        newest.number if newest else 1,
        at,
        session.revised_later(),
    )


def wish_for(path: Path) -> Wish:
    """What a file of this name is to hold: Markdown or a bundle by its ending, else JSON."""
    ending = path.suffix.lower()
    if ending in (".md", ".markdown"):
        return Wish("markdown")
    if ending in (".html", ".htm"):
        return Wish("html")
    return Wish("bundle" if ending == bundle.SUFFIX else "json")


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
        source = replace(source, document=share_safe(source.document, words))
    if wish.kind in ("bundle", "sealed"):
        bundle.write_bundle(path, source.document, source.made, wish.passphrase)
    else:
        _write(path, _WRITERS[wish.kind](source).encode())
    return f"Exported to {path}{', a share-safe copy' if wish.share_safe else ''}."


def _write(path: Path, data: bytes) -> None:
    from facilitator.report.identity import write_private

    write_private(path, data, replace=True)


def _markdown(source: Source) -> str:
    from facilitator.report.markdown import render_markdown

    return render_markdown(
        source.document,
        head=source.head,
        at=source.at,
        revision=source.revision,
        changed=source.changed(),
    )


def _html(source: Source) -> str:
    from facilitator.report.html import render_html

    return render_html(
        source.document,
        head=source.head,
        at=source.at,
        revision=source.revision,
        changed=source.changed(),
    )


def _json(source: Source) -> str:
    return export_json(source.document)


_WRITERS: Final = {"json": _json, "markdown": _markdown, "html": _html}
