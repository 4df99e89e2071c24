"""Verifying a report: who signed what and when, and whether anything changed since.

Stricter than a PDF reader, since it knows what a report looks like: which fields were left, who
had to sign, that the first signature certifies and the last one locks, and that not one byte may
follow it. It looks at nothing but the file and the cards, never at a network.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from facilitator.report import verdict as verdicts
from facilitator.report.errors import NotAPdf, reading_a_stranger
from facilitator.report.fields import SIGNATURE_FIELDS, DocumentFacts, read_facts
from facilitator.report.verdict import SignatureReport, Verdict, broken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from facilitator.report.examine import Pins
    from facilitator.report.revisions import Revisions

LARGEST_PDF = 200_000_000
_UNREADABLE = "It is damaged, so that it can no longer be read as a PDF."
_LOOSE = (
    "It was damaged, or another program wrote into it in a form that cannot be checked strictly."
)


def verify_pdf(pdf: bytes, cards: Sequence[bytes] = ()) -> Verdict:
    """The verdict on a report, for any bytes; BadIdentity only when a card cannot be read.

    Without cards, trust reads unknown and integrity alone decides. With cards, a signer who is
    on none of them makes the report one not to rely on.
    """
    from facilitator.report.examine import pins_of

    pins = pins_of(cards)
    if not pdf.startswith(b"%PDF-"):
        return broken("It is no PDF.")
    if len(pdf) > LARGEST_PDF:
        return broken("It is too large to be a report.")
    try:
        with reading_a_stranger():
            return _examine(pdf, pins)
    except NotAPdf:
        return broken(_LOOSE if _opens_loosely(pdf) else _UNREADABLE)


def _opens_loosely(pdf: bytes) -> bool:
    """Whether a forgiving reader still finds our report in there."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        with reading_a_stranger():
            return read_facts(PdfFileReader(io.BytesIO(pdf), strict=False)) is not None
    except NotAPdf:
        return False


def _examine(pdf: bytes, pins: Pins) -> Verdict:
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

    from facilitator.report.reading import Reader
    from facilitator.report.revisions import Revisions

    reader = Reader(pdf)
    if reader.encrypted:
        return broken("It is encrypted; a report never is.")
    embedded = collect_embedded_signatures(reader)
    filled = list(enumerate_sig_fields(reader, filled_status=True))
    problems = [] if len(filled) == len(embedded) else ["It has a signature of an unknown kind."]
    facts = read_facts(reader)
    later = Revisions(reader, pdf)
    signatures, sealed_at, found = _signatures(pdf, embedded, pins, later)
    problems += found
    problems += _document_problems(reader, pdf, facts, embedded)
    roles = facts.roles if facts else ()
    signed = {signature.role for signature in signatures}
    missing = tuple(role for role in roles if role not in signed)
    problems += _order_problems(signatures, missing)
    return Verdict(
        word=_word(problems, missing),
        signatures=tuple(signatures),
        missing=missing,
        problems=tuple(problems),
        remarks=tuple(_remarks(signatures)),
        number=facts.number if facts else "",
        incident=facts.incident if facts else "",
        revision=facts.revision if facts else 0,
        sealed_at=tuple(sealed_at),
    )


def _signatures(
    pdf: bytes, embedded: Sequence[EmbeddedPdfSignature], pins: Pins, later: Revisions
) -> tuple[list[SignatureReport], list[dt.datetime], list[str]]:
    from facilitator.report.examine import examine_signature, examine_timestamp

    signatures: list[SignatureReport] = []
    sealed_at: list[dt.datetime] = []
    problems: list[str] = []
    for one in embedded:
        if one.sig_object_type == "/DocTimeStamp":
            at, wrong = examine_timestamp(pdf, one, later)
            sealed_at.append(at)
            problems += wrong
        else:
            report = examine_signature(pdf, one, pins, later, is_first=not signatures)
            signatures.append(report)
            problems += report.problems
    return signatures, sealed_at, problems


def _document_problems(
    reader: PdfFileReader,
    pdf: bytes,
    facts: DocumentFacts | None,
    embedded: Sequence[EmbeddedPdfSignature],
) -> Iterator[str]:
    from facilitator.report.structure import content_problems, field_problems, later_changes

    if facts:
        yield from later_changes(reader, embedded)
    if embedded:
        last = embedded[-1].byte_range
        if int(last[2]) + int(last[3]) != len(pdf):
            yield "Bytes follow the last signature that nobody signed."
    if facts:
        yield from field_problems(reader, facts)
    yield from content_problems(reader, pdf, facts)


def _order_problems(signatures: Sequence[SignatureReport], missing: Sequence[str]) -> Iterator[str]:
    """The last required signature locks, and no other does."""
    known = [signature for signature in signatures if signature.role in SIGNATURE_FIELDS]
    for signature in known[:-1]:
        if signature.locks:
            yield f"{signature.title}: this signature closed the report before the others signed."
    if known and not missing and not known[-1].locks:
        yield f"{known[-1].title}: the last signature does not close the report."


def _word(problems: Sequence[str], missing: Sequence[str]) -> str:
    if problems:
        return verdicts.DO_NOT_RELY
    return verdicts.INCOMPLETE if missing else verdicts.GOOD


def _remarks(signatures: Sequence[SignatureReport]) -> Iterator[str]:
    for signature in signatures:
        yield from signature.remarks
    prints = [signature.fingerprint for signature in signatures]
    if len(set(prints)) < len(prints):
        yield "One and the same certificate signed for more than one role."
    times = [signature.at for signature in signatures if signature.at]
    if times != sorted(times):
        yield "The stated times are not in the order of the signatures; a clock was wrong."
