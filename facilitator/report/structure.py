"""What the file as a whole says: its facts, its attachment, its fields, what came in later."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import enumerate_sig_fields

from facilitator.report.fields import (
    CATALOG_KEY,
    SIGNATURE_FIELDS,
    DocumentFacts,
    document_number,
    read_attachment,
)
from facilitator.report.pages import page_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.reader import PdfFileReader

DSS = "/DSS"
_NUMBER = re.compile(r"FR[\W_]*((?:[0-9A-F]{4}[\W_]*){4})R(\d+)")
_ACTIVE_ENTRIES = ("/OpenAction", "/AA", "/OCProperties", "/Collection")
_QUIET_ACTIONS = ("/GoTo", "/URI", None)


def content_problems(
    reader: PdfFileReader, pdf: bytes, facts: DocumentFacts | None
) -> Iterator[str]:
    """Where attachment, printed number and facts contradict each other, or the file is alive."""
    yield from _active_content(reader)
    if facts is None:
        yield _no_report(pdf)
        return
    attachment = read_attachment(reader)
    if attachment is None:
        yield "The incident that belongs to this report is not attached any more."
    elif hashlib.sha256(attachment).hexdigest() != facts.sha256:
        yield "The attached incident is not the one the report was made from."
    stored = str(reader.root[CATALOG_KEY]["/Number"])
    if stored != facts.number:
        yield f"The document number {stored} does not belong to this content ({facts.number})."
    printed = _printed_numbers(pdf)
    if printed and printed != {facts.number}:
        yield f"Another document number is printed on the pages than {facts.number}."
    if facts.is_draft:
        yield "It is a draft, which nobody can sign."


def _no_report(pdf: bytes) -> str:
    """What a file is that does not say to be a report: perhaps somebody's print of one."""
    printed = sorted(_printed_numbers(pdf))
    if printed:
        return (
            f"It is a print or copy of {printed[0]} that another program made: what was signed is "
            "not in it. Ask for the file as it was signed."
        )
    return (
        "It is not a report made by Facilitator, at most a picture of one: who has to sign it is "
        "not known. Ask for the file as it was signed."
    )


def field_problems(reader: PdfFileReader, facts: DocumentFacts) -> Iterator[str]:
    """Fields that the report did not leave, and fields it left that are gone."""
    expected = {SIGNATURE_FIELDS[role] for role in facts.roles}
    found: set[str] = set()
    for name, value, _ in enumerate_sig_fields(reader):
        is_timestamp = value is not None and entry(value.get_object(), "/Type") == "/DocTimeStamp"
        if name in expected:
            found.add(name)
        elif not is_timestamp:
            yield f"It has a signature field that was not left by the report: {name}."
    for name in sorted(expected - found):
        yield f"The signature field {name} was taken out of the report."


def entry(dictionary: Any, key: str) -> Any:  # noqa: ANN401
    """The value under a key, followed to where it is, None when there is none."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 (get does not follow)


def changed_in(reader: PdfFileReader, revision: int) -> Iterator[str]:
    """What a revision changes or adds, thing by thing."""
    lists = reader.xrefs.get_xref_container_info(revision).stream_ref
    stored = _stored(reader.get_historical_resolver(revision).root)
    for ref in reader.xrefs.explicit_refs_in_revision(revision) - {lists}:
        if ref.idnum in stored:
            yield "the revocation data"
            continue
        try:
            found = reader.get_object(ref, revision=revision)
        except (PdfError, ValueError, KeyError, TypeError):
            yield "an unreadable part"
            continue
        if isinstance(found, generic.DictionaryObject):
            yield kind_of(found)


def _stored(root: Any) -> set[int]:  # noqa: ANN401
    """The numbers of the objects that hold revocation data."""
    found: set[int] = set()
    waiting = [(root, DSS)]
    while waiting:
        above, key = waiting.pop()
        value = above.raw_get(key) if key in above else None
        found |= {value.idnum} if isinstance(value, generic.IndirectObject) else set()
        below = entry(above, key)
        if isinstance(below, generic.ArrayObject):
            refs = (below.raw_get(n) for n in range(len(below)))
            found |= {ref.idnum for ref in refs if isinstance(ref, generic.IndirectObject)}
        elif type(below) is generic.DictionaryObject and len(waiting) < 100:
            waiting += [(below, each) for each in below]
    return found


_KINDS = {
    "/Page": "a page",
    "/Pages": "the order of the pages",
    "/Catalog": "the frame of the document",
    "/EmbeddedFile": "the attached incident",
    "/Filespec": "the attached incident",
    CATALOG_KEY: "the report's own data",
    "/Sig": "a signature",
    "/Font": "a font",
    "/XRef": "the list of contents",
}


def kind_of(found: generic.DictionaryObject) -> str:
    """What an object is to a reader."""
    subtype = entry(found, "/Subtype")
    if subtype == "/Widget" or "/FT" in found:
        return "a signature field"
    if entry(found, "/Type") == "/Annot" or "/Rect" in found:
        return "a comment on a page"
    if subtype in ("/Form", "/Image"):
        return "a drawing or seal"
    if isinstance(found, generic.StreamObject) and "/Type" not in found:
        return "what is drawn on a page"
    return _KINDS.get(entry(found, "/Type"), "the document's data")


def _printed_numbers(pdf: bytes) -> set[str]:
    """Document numbers in the text of the pages."""
    said = (number for text in page_texts(pdf) for number in _NUMBER.findall(text))
    return {document_number(re.sub(r"[\W_]", "", digits), int(rev)) for digits, rev in said}


def _active_content(reader: PdfFileReader) -> Iterator[str]:
    """Things that can show one thing today and another tomorrow."""
    entries = [key for key in _ACTIVE_ENTRIES if key in reader.root]
    if "/Names" in reader.root and "/JavaScript" in reader.root["/Names"]:
        entries.append("/JavaScript")
    if entries:
        yield f"It can change what it shows by itself ({', '.join(entries)})."
    for page in pages_below(reader.root["/Pages"]):
        for annotation in entry(page, "/Annots") or ():
            yield from _annotation_problem(annotation.get_object())


def _annotation_problem(annotation: generic.DictionaryObject) -> Iterator[str]:
    subtype = entry(annotation, "/Subtype")
    if subtype not in ("/Widget", "/Link"):
        yield f"There is a comment or drawing laid over a page ({subtype})."
    action = entry(annotation, "/A") or {}
    if "/AA" in annotation or entry(action, "/S") not in _QUIET_ACTIONS:
        yield "There is something on a page that acts when it is opened or clicked."


def pages_below(node: Any, depth: int = 0) -> Iterator[Any]:  # noqa: ANN401
    """Every page below a node of their tree."""
    if depth > 50:
        raise PdfError("page tree too deep")
    if "/Kids" not in node:
        yield node
        return
    for kid in node["/Kids"]:
        yield from pages_below(kid.get_object(), depth + 1)


def role_of_field(name: str) -> str:
    """The role whose field this is, empty for any other field."""
    return next((role for role, field in SIGNATURE_FIELDS.items() if field == name), "")
