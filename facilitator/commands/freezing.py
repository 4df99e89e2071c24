"""A report from a session: a draft at any time, the final one when nothing stands in the way."""

from __future__ import annotations

from datetime import datetime

from facilitator.checks.gates import gates
from facilitator.checks.signers import signer_roles
from facilitator.checks.wording import open_hints
from facilitator.commands.wording import rules_in_force
from facilitator.exporting import Source, source_of
from facilitator.language.rules import RuleSet
from facilitator.model.document import Document
from facilitator.model.edits.report import freeze_report
from facilitator.model.freeze import is_frozen
from facilitator.session import Session


class NotReady(Exception):
    """The gates are not passed; `gaps` are sentences that say what to do."""

    def __init__(self, gaps: tuple[str, ...]) -> None:
        super().__init__("The report cannot be final yet.")
        self.gaps = gaps


def open_gates(document: Document, rules: RuleSet | None = None) -> tuple[str, ...]:
    """What stands between this document and a signature, as sentences."""
    hints = open_hints(document, rules or rules_in_force())
    return tuple(gap.sentence for gap in gates(document, hints))


def draft_report(source: Source) -> bytes:
    """The report as it stands, marked as a draft on every page."""
    return _render(source, final=False)


def final_report(session: Session, at: datetime, rules: RuleSet | None = None) -> bytes:
    """The report to sign; the revision is frozen when this returns. Raises NotReady.

    What is frozen already is written once more, byte for byte.
    """
    session.wait()
    source = source_of(session, at)
    if is_frozen(session.document):
        return _render(source, final=True)
    gaps = open_gates(session.document, rules)
    if gaps:
        raise NotReady(gaps)
    # Made before it is recorded: what cannot be printed is not frozen.
    pdf = _render(source, final=True)
    roles = signer_roles(session.document.incident.severity)
    session.record(freeze_report(session.document, source.at, source.head, roles))
    session.wait()
    return pdf


def _render(source: Source, *, final: bool) -> bytes:
    from facilitator.report.pdf import render_report

    return render_report(
        source.document,
        final=final,
        head=source.head,
        at=source.at,
        revision=source.revision,
        changed=source.changed,
    )
