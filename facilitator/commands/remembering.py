"""A signature made on the command line, remembered where the report's incident is at home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from facilitator.model.edits.report import record_signature
from facilitator.model.freeze import frozen_revision, head_of, signatures_of
from facilitator.report.verdict import SignatureReport, Verdict
from facilitator.session import Session
from facilitator.store.library import Library


def remember(path: Path, verdict: Verdict, role: str) -> bool:
    """Record the signature in this library, if it froze this very report; whether it did.

    Raises LibraryProblem, for example while a window has the library.
    """
    if not path.exists():
        return False
    mark = next((each for each in verdict.signatures if each.role == role), None)
    if mark is None or not verdict.holds:
        return False
    library = Library(path)
    try:
        if verdict.incident not in {summary.id for summary in library.incidents()}:
            return False
        session = Session(library, verdict.incident)
        try:
            return _record(session, verdict, mark)
        finally:
            session.close()
    finally:
        library.close()


def _record(session: Session, verdict: Verdict, mark: SignatureReport) -> bool:
    from facilitator.report.content import edition_of

    document = session.document
    frozen = frozen_revision(document)
    if frozen is None or mark.role in signatures_of(document, frozen):
        return False
    edition = edition_of(
        document, final=True, head=head_of(frozen), at=frozen.at, revision=frozen.number
    )
    # The number is made from every word of the report: equal numbers, equal reports.
    if edition.number != verdict.number:
        return False
    at = mark.at or datetime.now(UTC)
    session.record(record_signature(document, mark.role, mark.name, mark.fingerprint, at))
    session.wait()
    return True
