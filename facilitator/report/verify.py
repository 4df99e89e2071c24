"""Verifying a report: who signed what and when, and whether anything changed since.

Stricter than a PDF reader, since it knows what a report looks like: which fields were left, who
had to sign, that the first signature certifies and the last one locks, and that not one byte may
follow it. It looks at nothing but the file and the cards, never at a network.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from facilitator.report import verdict as verdicts
from facilitator.report.errors import NotAPdf, reading_a_stranger
from facilitator.report.fields import SIGNATURE_FIELDS, DocumentFacts, read_facts
from facilitator.report.verdict import SignatureReport, Verdict, broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from facilitator.report.examine import Trust
    from facilitator.report.reading import Reader
    from facilitator.report.revisions import Revisions
    from facilitator.report.revocation import Chain
    from facilitator.report.standing import Proof

LARGEST_PDF = 200_000_000
_REMEMBERED: Final = 16
# Digests (SHA-256) of what holds, the newest last: nobody waits for the same verdict twice.
_INTACT: Final[dict[bytes, None]] = {}
_REWRITTEN = (
    "Another program has saved it anew, which no signature survives. "
    "Ask for the file as it was signed."
)
_UNREADABLE = "It is damaged, so that it can no longer be read as a PDF."
_LOOSE = (
    "It was damaged, or another program wrote into it in a form that cannot be checked strictly."
)


def verify_pdf(
    pdf: bytes,
    cards: Sequence[bytes] = (),
    *,
    services: Sequence[bytes] = (),
    revocation: Sequence[bytes] = (),
    opened: Reader | None = None,
) -> Verdict:
    """The verdict on a report, for any bytes; ReportError only when what one trusts is no use.

    Without cards, trust reads unknown and integrity alone decides. With cards, a signer who is
    on none of them makes the report one not to rely on. `services` are certificates of timestamp
    services to trust, or of who issued theirs; `revocation` are CRLs and OCSP responses to look
    at beside those in the report. All of them are the contents of files. `opened` is the report
    where it was read before.
    """
    from facilitator.report.examine import Trust, pins_of
    from facilitator.report.identity import read_certificates
    from facilitator.report.material import read_files
    from facilitator.report.remains import remains

    stamping = tuple(cert for data in services for cert in read_certificates(data))
    trust = Trust(pins_of(cards), stamping, read_files(revocation))
    if not pdf.startswith(b"%PDF-"):
        return broken("It is no PDF.")
    if len(pdf) > LARGEST_PDF:
        return broken("It is too large to be a report.")
    try:
        with reading_a_stranger():
            verdict = _examine(pdf, trust, opened)
    except NotAPdf:
        verdict = broken(_LOOSE if _opens_loosely(pdf) else _UNREADABLE)
    if verdict.holds:
        _remember(pdf)
        return verdict
    more = remains(pdf, verdict, partial(_examine, trust=trust))
    return replace(verdict, remarks=(*verdict.remarks, *more))


def was_intact(pdf: bytes) -> bool:
    """Whether these very bytes were found to hold a short while ago, whoever was trusted."""
    return hashlib.sha256(pdf).digest() in _INTACT


def _remember(pdf: bytes) -> None:
    _INTACT[hashlib.sha256(pdf).digest()] = None
    while len(_INTACT) > _REMEMBERED:
        _INTACT.pop(next(iter(_INTACT)), None)


def _opens_loosely(pdf: bytes) -> bool:
    """Whether a forgiving reader still finds our report in there."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        with reading_a_stranger():
            return read_facts(PdfFileReader(io.BytesIO(pdf), strict=False)) is not None
    except NotAPdf:
        return False


def _examine(pdf: bytes, trust: Trust, opened: Reader | None = None) -> Verdict:
    from facilitator.report.reading import Reader

    if opened is not None:
        return _judge(pdf, trust, opened)
    with Reader(pdf) as reader:
        return _judge(pdf, trust, reader)


def _judge(pdf: bytes, trust: Trust, reader: Reader) -> Verdict:
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

    from facilitator.report.later import Step, steps_of, with_later
    from facilitator.report.revisions import Revisions

    if reader.encrypted:
        return broken("It is encrypted; a report never is.")
    embedded = collect_embedded_signatures(reader)
    filled = list(enumerate_sig_fields(reader, filled_status=True))
    problems = [] if len(filled) == len(embedded) else ["It has a signature of an unknown kind."]
    facts = read_facts(reader)
    later = Revisions(reader, pdf)
    seen = _look_at(pdf, reader, embedded, trust, later)
    rewritten = _was_rewritten(pdf, embedded)
    anew = [Step(reader.xrefs.total_revisions, "the whole file saved anew", _REWRITTEN)]
    steps = anew if rewritten else steps_of(reader, pdf, embedded)
    people = [one for one in embedded if one.sig_object_type != "/DocTimeStamp"]
    signatures = list(with_later(seen.signatures, people, steps))
    problems += () if rewritten else seen.problems
    if facts or rewritten:
        problems += [step.problem for step in steps if step.problem]
    problems += _document_problems(reader, pdf, facts)
    roles = facts.roles if facts else ()
    signed = {signature.role for signature in signatures}
    missing = tuple(role for role in roles if role not in signed)
    problems += () if rewritten else _order_problems(signatures, missing)
    return Verdict(
        word=_word(problems, missing),
        signatures=tuple(signatures),
        missing=missing,
        problems=tuple(problems),
        remarks=(*_remarks(signatures), *seen.remarks, *_end_remarks(pdf, embedded, problems)),
        number=facts.number if facts else "",
        incident=facts.incident if facts else "",
        revision=facts.revision if facts else 0,
        seals=tuple(proof.stamp for proof in seen.seals),
    )


@dataclass(slots=True)
class _Seen:
    """What was found out about the signatures and archive timestamps of a file."""

    signatures: list[SignatureReport] = field(default_factory=list)
    seals: list[Proof] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def _look_at(
    pdf: bytes,
    reader: PdfFileReader,
    embedded: Sequence[EmbeddedPdfSignature],
    trust: Trust,
    later: Revisions,
) -> _Seen:
    from facilitator.report.dss import read_dss
    from facilitator.report.examine import examine_signature, examine_timestamp
    from facilitator.report.material import NOTHING
    from facilitator.report.standing import Evidence, judged

    stored, wrong = read_dss(reader)
    trust = replace(trust, known=stored + trust.known)
    seen = _Seen(problems=list(wrong))
    mine: list[tuple[EmbeddedPdfSignature, SignatureReport, Chain, Proof | None]] = []
    for one in embedded:
        if one.sig_object_type == "/DocTimeStamp":
            seal, problems, doubts = examine_timestamp(pdf, one, trust, later)
            seen.seals += [seal] if seal else []
            seen.problems += problems
            seen.remarks += doubts
        else:
            mine.append((one, *examine_signature(pdf, one, trust, later, is_first=not mine)))
    sealed = NOTHING
    if seen.seals:
        sealed, _ = read_dss(reader.get_historical_resolver(seen.seals[-1].revision))
    for one, report, chain, own in mine:
        over = [seal for seal in seen.seals if seal.revision > one.signed_revision]
        covered = sealed if over else NOTHING
        found = judged(report, chain, Evidence(own, over, stored, covered, trust.known))
        seen.signatures.append(found)
        seen.problems += found.problems
    return seen


def _was_rewritten(pdf: bytes, embedded: Sequence[EmbeddedPdfSignature]) -> bool:
    """Whether no signature is where it says it is, as after saving in another program."""
    gaps = (pdf[int(each.byte_range[1]) : int(each.byte_range[2])] for each in embedded)
    return bool(embedded) and not any(gap[:1] + gap[-1:] == b"<>" for gap in gaps)


def _document_problems(
    reader: PdfFileReader, pdf: bytes, facts: DocumentFacts | None
) -> Iterator[str]:
    from facilitator.report.structure import content_problems, field_problems

    if facts:
        yield from field_problems(reader, facts)
    yield from content_problems(reader, pdf, facts)


def _end_remarks(
    pdf: bytes, embedded: Sequence[EmbeddedPdfSignature], problems: Sequence[str]
) -> Iterator[str]:
    from facilitator.report.later import signed_end

    # What may be there else is a problem.
    if not problems and signed_end(embedded) not in (0, len(pdf)):
        yield (
            "Another program added revocation data at the end. Nothing that is shown depends on "
            "them; an archive timestamp would cover them, too."
        )


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
