"""What came into a file after it was made, revision by revision, and whether it may be there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic

from facilitator.report.dss import ends_with_dss_update, is_dss_update
from facilitator.report.fields import ROLE_TITLES
from facilitator.report.structure import changed_in, entry, kind_of, role_of_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from facilitator.report.verdict import SignatureReport

_OF_CATALOG: Final = frozenset(("/Perms", "/DSS", "/Extensions"))
_OF_FIELD: Final = frozenset(("/V", "/AP"))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was added to a file."""

    revision: int
    words: str
    problem: str = ""
    """Why it may not be there, as a sentence; empty when it may."""


def steps_of(
    reader: PdfFileReader, pdf: bytes, embedded: Sequence[EmbeddedPdfSignature]
) -> list[Step]:
    """Everything that was added since the file was made; it starts out as a single revision."""
    signed = {each.signed_revision: each for each in embedded}
    numbers = range(1, reader.xrefs.total_revisions)
    found = [_step(reader, number, signed) for number in numbers]
    if signed:
        found += _beside_first(reader, min(signed))
    end = signed_end(embedded)
    if end not in (0, len(pdf)) and not ends_with_dss_update(reader, pdf, end):
        problem = "Bytes follow the last signature that nobody signed."
        found.append(Step(len(numbers) + 1, "more bytes", problem))
    return found


def signed_end(embedded: Sequence[EmbeddedPdfSignature]) -> int:
    """Where the last signature or timestamp ends; 0 without any."""
    last = embedded[-1].byte_range if embedded else (0, 0, 0, 0)
    return int(last[2]) + int(last[3])


def with_later(
    reports: Sequence[SignatureReport],
    embedded: Sequence[EmbeddedPdfSignature],
    steps: Sequence[Step],
) -> Iterator[SignatureReport]:
    """The reports on signatures, each with what came after it."""
    for report, each in zip(reports, embedded, strict=True):
        after = [step for step in steps if step.revision > each.signed_revision]
        is_allowed = report.later_is_allowed and not any(step.problem for step in after)
        words = tuple(step.words for step in after)
        yield replace(report, later=words, later_is_allowed=is_allowed)


def _beside_first(reader: PdfFileReader, revision: int) -> Iterator[Step]:
    """What was changed in one go with the first signature: no earlier one tells of it."""
    changed: set[str] = set()
    before = reader.xrefs.get_xref_container_info(revision - 1).size if revision else 0
    for ref in reader.xrefs.explicit_refs_in_revision(revision) if revision else ():
        if ref.idnum >= before:
            continue
        was, now = (reader.get_object(ref, revision=each) for each in (revision - 1, revision))
        if not _is_signing(was, now):
            changed.add(kind_of(now) if isinstance(now, generic.DictionaryObject) else "something")
    if changed:
        what = ", ".join(sorted(changed))
        problem = f"Together with the first signature, somebody changed {what}."
        yield Step(revision, what, problem)


def _is_signing(was: Any, now: Any) -> bool:  # noqa: ANN401
    """Whether an object changed as it does when a field is signed, and no further."""
    if not all(isinstance(each, generic.DictionaryObject) for each in (was, now)):
        return False
    if isinstance(now, generic.StreamObject):
        return False
    may_change = _OF_CATALOG if entry(was, "/Type") == "/Catalog" else _OF_FIELD
    if may_change is _OF_FIELD and entry(was, "/FT") != "/Sig":
        return False
    keys = (set(was) | set(now)) - may_change
    return all(key in was and key in now and was.raw_get(key) == now.raw_get(key) for key in keys)


def _step(reader: PdfFileReader, revision: int, signed: dict[int, EmbeddedPdfSignature]) -> Step:
    one = signed.get(revision)
    if one is not None and one.sig_object_type == "/DocTimeStamp":
        return Step(revision, "archive timestamp")
    if one is not None:
        title = ROLE_TITLES.get(role_of_field(one.field_name), "")
        return Step(revision, f"signature as {title.lower()}" if title else "another signature")
    if signed and is_dss_update(reader, revision):
        return Step(revision, "revocation data")
    what = ", ".join(sorted(set(changed_in(reader, revision)))) or "something"
    return Step(revision, what, f"After it was made, somebody changed {what} without signing.")
