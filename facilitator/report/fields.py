"""The last step of building a report: its facts, the attached incident and the fields to sign in.

Everything a signer may fill exists before the first signature, in one PDF revision, so that a
later verifier can call every other change a change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilitator.report.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pyhanko.pdf_utils.rw_common import PdfHandler

    from facilitator.report.assembly import Assembly
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
    """What marked pages mean, what the file says of itself, and when (aware) it was made."""

    tree: Element
    info: Mapping[str, str]
    """Title, subject, author, creator, producer and language."""
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
    from facilitator.report.assembly import Assembly
    from facilitator.report.empty_fields import add_empty_fields

    boxes = boxes or {}
    if hashlib.sha256(incident_json).hexdigest() != facts.sha256:
        raise ReportError("The attached incident is not the one the report was made from.")
    if set(boxes) != set(facts.roles):
        raise ReportError("Every required role needs exactly one place to sign.")
    file = Assembly(pdf)
    _attach(file, incident_json)
    # What each signing and verifying begins with is found at once.
    first = [file.root, _write_facts(file, facts)]
    if facts.roles:
        first += add_empty_fields(file, (_field_of(role, boxes[role]) for role in facts.roles))
    if meaning is not None:
        _make_accessible(file, dict(zip(facts.roles, first[2:], strict=False)), meaning)
    return file.write(hashlib.sha256(pdf).digest()[:16], first)


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


def _field_of(role: str, box: Box) -> tuple[str, str, tuple[int, int, int, int, int]]:
    page, left, bottom, right, top = box
    words = f"Signature: {ROLE_TITLES[role]}"
    return (
        SIGNATURE_FIELDS[role],
        words,
        (page, round(left), round(bottom), round(right), round(top)),
    )


def _attach(file: Assembly, incident_json: bytes) -> None:
    from facilitator.report.assembly import text

    check = hashlib.md5(incident_json, usedforsecurity=False).hexdigest()
    data = file.add_stream(
        "/Type/EmbeddedFile/Subtype/application#2Fjson"
        f"/Params<</Size {len(incident_json)}/CheckSum<{check}>>>",
        incident_json,
    )
    name, words = text(ATTACHMENT), text("The incident this report was made from")
    spec = file.add(
        f"<</Type/Filespec/F{name}/UF{name}/Desc{words}/EF<</F {data} 0 R/UF {data} 0 R>>"
        "/AFRelationship/Data>>"
    )
    names = f"/Names<</EmbeddedFiles<</Names[{name} {spec} 0 R]>>>>"
    file.extend(file.root, f"{names}/AF[{spec} 0 R]")


def _write_facts(file: Assembly, facts: DocumentFacts) -> int:
    from facilitator.report.assembly import text

    fields = " ".join(text(SIGNATURE_FIELDS[role]) for role in facts.roles)
    said = file.add(
        f"<</Type{CATALOG_KEY}/Version 1/Number{text(facts.number)}/Incident{text(facts.incident)}"
        f"/Revision {facts.revision}/SHA256{text(facts.sha256)}/ChainHead{text(facts.chain_head)}"
        f"/Fields[{fields}]>>"
    )
    file.extend(file.root, f"{CATALOG_KEY} {said} 0 R")
    return said


def _make_accessible(file: Assembly, widgets: Mapping[str, int], meaning: Meaning) -> None:
    from facilitator.report.archival import claim_standards
    from facilitator.report.tag_tree import write_tree

    write_tree(file, meaning.tree, widgets)
    claim_standards(file, meaning.info, meaning.at)
