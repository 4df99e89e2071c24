"""What can still be said of a file that cannot be relied on: how far it is as it was signed, and
who seems to have signed it in another program.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

from facilitator.report.certificates import load_certificate, name_of
from facilitator.report.errors import NotAPdf, reading_a_stranger
from facilitator.report.fields import ROLE_TITLES
from facilitator.report.structure import role_of_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from facilitator.report.verdict import Verdict


def remains(pdf: bytes, verdict: Verdict, examine: Callable[[bytes], Verdict]) -> list[str]:
    """What to add to a verdict that does not hold; `examine` gives the verdict on other bytes."""
    try:
        with reading_a_stranger():
            found = collect_embedded_signatures(PdfFileReader(io.BytesIO(pdf), strict=False))
    except NotAPdf:
        return []
    sentences = [] if verdict.signatures else list(_seen(found))
    for each in reversed(found):
        until = _intact_until(pdf, each, examine)
        if until:
            return [*sentences, until]
    return sentences


def _seen(found: Sequence[EmbeddedPdfSignature]) -> Iterator[str]:
    """The signatures that a forgiving reader finds in a file that is not read strictly."""
    for each in found:
        title = ROLE_TITLES.get(role_of_field(each.field_name), "A field of another program")
        try:
            with reading_a_stranger():
                name = name_of(load_certificate(each.signer_cert))
        except NotAPdf:
            name = "somebody"
        yield f"{title}: a signature of {name} is in it, which could not be checked."


def _intact_until(
    pdf: bytes, found: EmbeddedPdfSignature, examine: Callable[[bytes], Verdict]
) -> str:
    """That the file as this signature left it is in order, when it is."""
    try:
        with reading_a_stranger():
            end = int(found.byte_range[2]) + int(found.byte_range[3])
            if end >= len(pdf) or not _fits(found):
                return ""
            before = examine(pdf[:end])
    except NotAPdf:
        return ""
    if not before.holds or not before.signatures:
        return ""
    last = before.signatures[-1]
    return (
        f"Up to the signature of {last.name} ({last.title.lower()}) the file is as it was signed; "
        f"the last {len(pdf) - end:,} bytes came later."
    )


def _fits(found: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that a signature covers are those that it was made over."""
    stated = find_unique_cms_attribute(found.signer_info["signed_attrs"], "message_digest")
    return bool(stated.native == found.compute_digest())
