"""A report from a session: a draft at any time, the final one when nothing stands in the way."""

from __future__ import annotations

from datetime import datetime

from facilitator.checks.gates import gates
from facilitator.checks.signers import signer_roles
from facilitator.checks.wording import open_hints
from facilitator.commands.wording import bundled_rules
from facilitator.model.document import Document
from facilitator.model.edits.report import freeze_report
from facilitator.model.freeze import frozen_revision, head_of, newest_revision
from facilitator.session import Session


class NotReady(Exception):
    """The gates are not passed; `gaps` are sentences that say what to do."""

    def __init__(self, gaps: tuple[str, ...]) -> None:
        super().__init__("The report cannot be final yet.")
        self.gaps = gaps


def open_gates(document: Document) -> tuple[str, ...]:
    """What stands between this document and a signature, as sentences."""
    return tuple(gap.sentence for gap in gates(document, open_hints(document, bundled_rules())))


def draft_report(session: Session, at: datetime) -> bytes:
    """The report as it stands, marked as a draft on every page."""
    from facilitator.report.pdf import render_report

    newest = newest_revision(session.document)
    number = newest.number if newest else 1
    return render_report(session.document, final=False, head=session.head, at=at, revision=number)


def final_report(session: Session, at: datetime) -> bytes:
    """The report to sign; the revision is frozen when this returns. Raises NotReady."""
    from facilitator.report.pdf import render_report

    frozen = frozen_revision(session.document)
    if frozen is not None:
        return render_report(
            session.document,
            final=True,
            head=head_of(frozen),
            at=frozen.at,
            revision=frozen.number,
        )
    gaps = open_gates(session.document)
    if gaps:
        raise NotReady(gaps)
    session.wait()
    head = session.head
    newest = newest_revision(session.document)
    pdf = render_report(
        session.document,
        final=True,
        head=head,
        at=at,
        revision=newest.number if newest else 1,
    )
    # Made before it is recorded: what cannot be printed is not frozen.
    roles = signer_roles(session.document.incident.severity)
    session.record(freeze_report(session.document, at, head, roles))
    session.wait()
    return pdf
