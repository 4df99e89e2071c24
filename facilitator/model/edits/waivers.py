"""Edits about language hints: keep the words with a reason, or silence a rule."""

from __future__ import annotations

from datetime import datetime

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import Waiver


def waive(
    document: Document,
    rule: str,
    reason: str,
    *,
    record: str,
    field: str,
    digest: str,
    at: datetime | None = None,
) -> Edit:
    """Keep hinted words as said. Raises Refused without a reason: it is printed in the report."""
    same = (rule, record, field, digest)
    if any((w.rule, w.record, w.field, w.digest) == same for w in document.all(Waiver)):
        return Edit("Keep words", ())
    if not clean_text(reason):
        raise Refused("Say in a few words why this stays as said; the report lists the reason.")
    waiver = Waiver(new_id(), rule, clean_text(reason), record, field, digest, at)
    return Edit("Keep words", (Change(None, waiver),))


def silence(document: Document, rule: str, reason: str, at: datetime | None = None) -> Edit:
    """Silence a rule for this incident. Raises Refused without a reason."""
    if any(w.rule == rule and not w.record for w in document.all(Waiver)):
        return Edit("Silence rule", ())
    if not clean_text(reason):
        raise Refused("Say in a few words why this rule is silent here; the report lists it.")
    return Edit("Silence rule", (Change(None, Waiver(new_id(), rule, clean_text(reason), at=at)),))


def take_back(document: Document, waiver_id: str) -> Edit:
    """Hear the hint again."""
    return Edit("Take waiver back", (Change(document.get(Waiver, waiver_id), None),))
