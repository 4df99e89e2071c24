"""The last step of building a report: its facts, the attached incident and the fields to sign in.

Everything a signer may fill exists before the first signature, in one PDF revision, so that a
later verifier can call every other change a change.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilitator.report.errors import ReportError, reading_a_stranger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pyhanko.pdf_utils.generic import DictionaryObject
    from pyhanko.pdf_utils.rw_common import PdfHandler
    from pyhanko.pdf_utils.writer import PdfFileWriter

    from facilitator.report.tags import Element

# No name may begin another: some readers lock by prefix.
SIGNATURE_FIELDS: dict[str, str] = {
    "tech-lead": "TechLead",
    "on-call": "OnCall",
    "product-owner": "ProductOwner",
    "leadership": "Leadership",
}
ROLE_TITLES: dict[str, str] = {
    "tech-lead": "Tech lead",
    "on-call": "On-call engineer",
    "product-owner": "Product owner",
    "leadership": "Leadership",
}
ATTACHMENT = "incident.json"
CATALOG_KEY = "/FacilitatorDocument"
CHAIN_KEY = "/FacilitatorChain"

Box = tuple[int, float, float, float, float]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a report says about itself in its catalog, under the first signature."""

    incident: str
    revision: int
    sha256: str
    """SHA-256 of the attached incident.json, 64 lower-case hex digits."""
    roles: tuple[str, ...] = ()
    """Roles that have to sign; none for a draft."""
    chain_head: str = ""
    """Hash of the journal's newest row when the revision was frozen."""

    @property
    def number(self) -> str:
        """The document number to print; `verify` recomputes it from the attachment."""
        return document_number(self.sha256, self.revision)

    @property
    def is_draft(self) -> bool:
        """Whether nobody is asked to sign."""
        return not self.roles


@dataclass(frozen=True, slots=True)
class Meaning:
    """What marked pages mean, and when (aware) they were made."""

    tree: Element
    at: datetime


def document_number(sha256: str, revision: int) -> str:
    """The printed number of a revision: the start of the attachment's hash, in groups of four."""
    start = sha256[:16].upper()
    groups = "-".join(start[i : i + 4] for i in range(0, 16, 4))
    return f"FR-{groups}-R{revision}"


def document_facts(
    incident_json: bytes,
    *,
    incident: str,
    revision: int,
    roles: Sequence[str] = (),
    chain_head: str = "",
) -> DocumentFacts:
    """The facts of a report over these exact bytes of canonical JSON."""
    unknown = [role for role in roles if role not in SIGNATURE_FIELDS]
    if unknown:
        raise ReportError(f"There is no signature field for the role {unknown[0]!r}.")
    digest = hashlib.sha256(incident_json).hexdigest()
    return DocumentFacts(incident, revision, digest, tuple(roles), chain_head)


def finish_pdf(
    pdf: bytes,
    facts: DocumentFacts,
    incident_json: bytes,
    boxes: Mapping[str, Box] | None = None,
    meaning: Meaning | None = None,
) -> bytes:
    """The PDF with facts, attachment and one empty field per required role, as one revision.

    `boxes` maps a role to (page index from 0, left, bottom, right, top) in points. With the
    `meaning` of marked pages it is PDF/A-3a and PDF/UA-1. The result is the same for the same
    input, byte for byte.
    """
    from facilitator.report.packing import pack_objects

    boxes = boxes or {}
    if hashlib.sha256(incident_json).hexdigest() != facts.sha256:
        raise ReportError("The attached incident is not the one the report was made from.")
    if set(boxes) != set(facts.roles):
        raise ReportError("Every required role needs exactly one place to sign.")
    writer = _fresh_writer(pdf)
    _attach(writer, incident_json)
    _write_facts(writer, facts)
    if facts.roles:
        _add_fields(writer, [(role, boxes[role]) for role in facts.roles])
    if meaning is not None:
        _make_accessible(writer, pdf, facts, meaning)
    pack_objects(writer, _asked_for_first(writer))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read_facts(handler: PdfHandler) -> DocumentFacts | None:
    """What the report says about itself, None for a PDF that Facilitator did not make."""
    if CATALOG_KEY not in handler.root:
        return None
    found = handler.root[CATALOG_KEY]
    roles_of = {field: role for role, field in SIGNATURE_FIELDS.items()}
    return DocumentFacts(
        incident=str(found["/Incident"]),
        revision=int(found["/Revision"]),
        sha256=str(found["/SHA256"]),
        roles=tuple(roles_of[str(name)] for name in found["/Fields"]),
        chain_head=str(found["/ChainHead"]),
    )


def read_attachment(handler: PdfHandler) -> bytes | None:
    """The bytes of the attached incident.json, None when there is none."""
    try:
        names = handler.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return None
    for index in range(0, len(names) - 1, 2):
        if str(names[index]) == ATTACHMENT:
            return bytes(names[index + 1]["/EF"]["/F"].data)
    return None


def _fresh_writer(pdf: bytes) -> PdfFileWriter:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    with reading_a_stranger():
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        writer = copy_into_new_writer(reader, {"stream_xrefs": True})
    # pyHanko has no public way to leave out its own time stamps and random ids.
    identifier = generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])
    writer._document_id = generic.ArrayObject([identifier, identifier])  # noqa: SLF001
    setattr(writer, "_update_meta", _leave_metadata)  # noqa: B010
    return writer


def _asked_for_first(writer: PdfFileWriter) -> set[int]:
    """Numbers of the objects that each signing and verifying begins with."""
    root = writer.root
    entries = [root.raw_get(key) for key in (CATALOG_KEY, "/AcroForm") if key in root]
    if "/AcroForm" in root:
        fields = root["/AcroForm"]["/Fields"]
        entries += [fields.raw_get(n) for n in range(len(fields))]
    return {writer.root_ref.idnum, *(entry.idnum for entry in entries)}


def _leave_metadata() -> None:
    """Keep what reportlab wrote."""


def _attach(writer: PdfFileWriter, incident_json: bytes) -> None:
    from pyhanko.pdf_utils import embed, generic

    file = embed.EmbeddedFileObject.from_file_data(
        writer,
        incident_json,
        params=embed.EmbeddedFileParams(),
        mime_type="application/json",
    )
    spec = embed.FileSpec(
        file_spec_string=ATTACHMENT,
        file_name=ATTACHMENT,
        embedded_data=file,
        description="The incident this report was made from",
    )
    embed.embed_file(writer, spec)
    # pyHanko's own option would raise the file to PDF 2.0.
    spec_ref = writer.root["/Names"]["/EmbeddedFiles"]["/Names"].raw_get(1)
    spec_ref.get_object()[generic.pdf_name("/AFRelationship")] = generic.pdf_name("/Data")
    writer.root[generic.pdf_name("/AF")] = generic.ArrayObject([spec_ref])


def _write_facts(writer: PdfFileWriter, facts: DocumentFacts) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string

    entry: DictionaryObject = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name(CATALOG_KEY),
            pdf_name("/Version"): generic.NumberObject(1),
            pdf_name("/Number"): pdf_string(facts.number),
            pdf_name("/Incident"): pdf_string(facts.incident),
            pdf_name("/Revision"): generic.NumberObject(facts.revision),
            pdf_name("/SHA256"): pdf_string(facts.sha256),
            pdf_name("/ChainHead"): pdf_string(facts.chain_head),
            pdf_name("/Fields"): generic.ArrayObject(
                [pdf_string(SIGNATURE_FIELDS[role]) for role in facts.roles]
            ),
        }
    )
    writer.root[pdf_name(CATALOG_KEY)] = writer.add_object(entry)


def _add_fields(writer: PdfFileWriter, places: Sequence[tuple[str, Box]]) -> None:
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field, ensure_sig_flags

    for role, (page, left, bottom, right, top) in places:
        spec = SigFieldSpec(
            sig_field_name=SIGNATURE_FIELDS[role],
            on_page=page,
            box=(round(left), round(bottom), round(right), round(top)),
            readable_field_name=f"Signature: {ROLE_TITLES[role]}",
        )
        append_signature_field(writer, spec)
    ensure_sig_flags(writer, lock_sig_flags=True)


def _make_accessible(
    writer: PdfFileWriter, pdf: bytes, facts: DocumentFacts, meaning: Meaning
) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from facilitator.report.archival import claim_standards
    from facilitator.report.tag_tree import write_tree

    kids = writer.root["/Pages"]["/Kids"]
    pages = [kids.raw_get(n) for n in range(len(kids))]
    widgets = {}
    if facts.roles:
        fields = writer.root["/AcroForm"]["/Fields"]
        widgets = {role: fields.raw_get(n) for n, role in enumerate(facts.roles)}
    write_tree(writer, meaning.tree, pages, widgets)
    claim_standards(writer, PdfFileReader(io.BytesIO(pdf)).trailer["/Info"], meaning.at)
