"""A document as the report says it: page one, five sections, an appendix; nothing of a format."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from facilitator.checks.signers import facilitator_responded, signers
from facilitator.model.codec import canonical, document_plain
from facilitator.model.document import Document
from facilitator.model.freeze import content, content_digest
from facilitator.model.redact import redact
from facilitator.report.blocks import Edition, Front, Report, Section
from facilitator.report.chapters import detection, timeline, what_happened, why_section
from facilitator.report.fields import document_number
from facilitator.report.front import front
from facilitator.report.isolates import isolated
from facilitator.report.outcome import outcome, sources

HEADINGS = (
    "1 What happened and impact",
    "2 Timeline",
    "3 Why the system allowed it (5 Whys)",
    "4 Detection, response and contributing factors",
    "5 Fix, actions and sign-off",
)
APPENDIX = "Sources and how to check"
Head = tuple[int, str]


def incident_json(document: Document, head: Head, revision: int) -> bytes:
    """What is attached to the report: the incident without names, tied to the one it stands for.

    `document_sha256` is the digest of the whole document, names included, and `journal` the
    number and hash of its newest step.
    """
    shown = redact(document)
    plain = {
        "format": "facilitator-report",
        "version": 1,
        "revision": revision,
        "journal": {"seq": head[0], "hash": head[1]},
        "document_sha256": content_digest(document),
        "incident": {kind: rows for kind, rows in document_plain(content(shown)).items() if rows},
    }
    return canonical(plain).encode()


def edition_of(
    document: Document,
    *,
    final: bool,
    head: Head,
    at: datetime,
    revision: int = 1,
    attachment: bytes | None = None,
    changed: Sequence[str] = (),
) -> Edition:
    """What is printed about the report itself; `changed` since the revision before it."""
    data = incident_json(document, head, revision) if attachment is None else attachment
    sha256 = hashlib.sha256(data).hexdigest()
    roles = tuple(signers(document))
    number, zone = document_number(sha256, revision), document.incident.zone
    return Edition(number, revision, sha256, head, at, final, roles, zone, tuple(changed))


def report_content(
    document: Document, edition: Edition, language: str = "en", boxed: str = ""
) -> Report:
    """The report on a document; real names stand in its sign-off and nowhere else.

    `boxed` are characters that the writer shows as boxes, which the report then says.
    """
    redacted = redact(document)
    shown = isolated(redacted)
    blocks = (
        what_happened(shown),
        timeline(shown),
        why_section(shown),
        detection(shown),
        outcome(shown, signers(document), edition, overlap=facilitator_responded(document)),
    )
    sections = [Section(title, tuple(b)) for title, b in zip(HEADINGS, blocks, strict=True)]
    sections.append(Section(APPENDIX, tuple(sources(shown, edition, boxed))))
    title = redacted.incident.title
    return Report(edition, title, language, front(shown, edition), tuple(sections))


def shorter_front(document: Document, edition: Edition, most: int) -> Front:
    """Page one with no text longer than `most` characters; the sections keep all of it."""
    return front(isolated(redact(document)), edition, most)
