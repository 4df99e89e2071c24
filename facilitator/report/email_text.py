"""The report as the plain text of an e-mail to leadership; roles stand for names."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.model.document import Document
from facilitator.model.freeze import missing_roles
from facilitator.model.redact import redact, role_title
from facilitator.report import blocks as b
from facilitator.report.blocks import Edition, Front
from facilitator.report.front import also_agreed, front
from facilitator.report.phrasing import FACTS_APART, listed


def email_text(document: Document, edition: Edition) -> str:
    """A subject, what is attached, page one in words, and who signs; ready to be sent."""
    page = front(redact(document), edition)
    kind = f"{document.incident.severity} incident review".strip()
    lines = [f"Subject: {kind[:1].upper()}{kind[1:]}: {page.title}", "", *_attached(edition)]
    for block in page.blocks:
        if isinstance(block, b.Heading) and block.text.startswith("Also"):
            break
        lines += _lines(block)
    heading, actions = also_agreed(redact(document))
    if actions:
        lines += ["", heading.upper(), *(f"- {action}" for action in actions)]
    lines += ["", *_signing(document, edition), "", *_ending(page, edition)]
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def _attached(edition: Edition) -> Iterator[str]:
    if edition.is_final:
        yield "The report of our incident review is attached as a PDF; the short of it is below."
    else:
        yield "A draft of our incident review is below. It is not final, and nobody has signed it."


def _lines(block: b.Block) -> Iterator[str]:
    if isinstance(block, b.Heading):
        yield from ("", block.text.upper())
    elif isinstance(block, b.Text):
        yield from ([block.text] if block.tone == "lead" else ["", block.text])
    elif isinstance(block, b.Tiles):
        yield from ("", "IMPACT")
        for tile in block.tiles:
            yield f"- {tile.value} {tile.label}" + (f" ({tile.source})" if tile.source else "")
    elif isinstance(block, b.Callout):
        yield block.title
        yield from (f"- {fact}" for line in block.lines for fact in line.split(FACTS_APART))
        if block.note:
            yield f"- {block.note}"


def _signing(document: Document, edition: Edition) -> Iterator[str]:
    """Who signed and whose turn it is; what is printed says nothing of it."""
    if not edition.is_final or not edition.roles:
        return
    missing = [role for role in edition.roles if role in missing_roles(document)]
    signed = [role_title(role).lower() for role in edition.roles if role not in missing]
    yield "SIGNATURES"
    if signed:
        yield f"- Signed: {listed(signed)}."
    if missing:
        yield f"- Still to sign: {listed([role_title(role).lower() for role in missing])}."
        yield "  In Facilitator, on any computer: “Verify or sign a PDF…” on the start page."


def _ending(page: Front, edition: Edition) -> Iterator[str]:
    yield page.meta
    yield page.subtitle.partition(". ")[0].rstrip(".") + "."
    yield f"Document {edition.number}, revision {edition.revision}."
