"""When a report is frozen: what stays as it is, who has to sign, and who has.

The newest revision decides: one with a digest is frozen, one without was opened to go on editing.
"""

from __future__ import annotations

from typing import Final

from facilitator.model.codec import document_digest
from facilitator.model.document import Document
from facilitator.model.records import NOT_UNDOABLE, Revision, Signature

FROZEN_SENTENCE: Final = "The report is final. Open a new revision to change it."


def newest_revision(document: Document) -> Revision | None:
    """The revision with the highest number, frozen or open, or None before the first."""
    return max(document.all(Revision), key=lambda r: r.number, default=None)


def frozen_revision(document: Document) -> Revision | None:
    """The revision that holds now, or None while the incident can be edited."""
    newest = newest_revision(document)
    return newest if newest is not None and newest.digest else None


def is_frozen(document: Document) -> bool:
    """Whether edits are to be refused (with FROZEN_SENTENCE) until a new revision is opened.

    What undo leaves alone (clock marks, revisions, signatures) may still be recorded.
    """
    return frozen_revision(document) is not None


def signatures_of(document: Document, revision: Revision) -> dict[str, Signature]:
    """The signatures on this revision, by role."""
    return {s.role: s for s in document.all(Signature) if s.revision == revision.id}


def missing_roles(document: Document) -> tuple[str, ...]:
    """The roles that have not signed yet what is frozen; none while nothing is."""
    revision = frozen_revision(document)
    if revision is None:
        return ()
    signed = signatures_of(document, revision)
    return tuple(role for role in revision.roles if role not in signed)


def head_of(revision: Revision) -> tuple[int, str]:
    """Number and hash (hex) of the journal's newest entry when this was frozen."""
    number, _, digest = revision.head.partition(":")
    return int(number or 0), digest


def content(document: Document) -> Document:
    """What a report is made from: the document less clock marks, revisions and signatures.

    It stays the same while those go on, so a frozen report can be written again byte for byte.
    """
    return Document(r for r in document.records() if not isinstance(r, NOT_UNDOABLE))


def content_digest(document: Document) -> str:
    """SHA-256 (hex) of the canonical JSON of the content."""
    return document_digest(content(document))
