"""Page one as the plain text of an e-mail to leadership; roles stand for names."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.model.document import Document
from facilitator.report import blocks as b
from facilitator.report.blocks import Edition
from facilitator.report.content import report_content


def email_text(document: Document, edition: Edition) -> str:
    """Title, impact, why, the fix with its owner and date, and the number of the document."""
    front = report_content(document, edition).front
    state = "final" if edition.is_final else "a draft, not signed"
    lines = [front.title, front.meta, front.subtitle]
    for block in front.blocks:
        lines += _lines(block)
    lines += ["", f"The report: document {edition.number}, revision {edition.revision}, {state}."]
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def _lines(block: b.Block) -> Iterator[str]:
    if isinstance(block, b.Heading):
        yield from ("", block.text.upper())
    elif isinstance(block, b.Text):
        yield block.text
    elif isinstance(block, b.Tiles):
        yield from ("", "IMPACT")
        for tile in block.tiles:
            yield f"- {tile.value} {tile.label}" + (f" ({tile.source})" if tile.source else "")
    elif isinstance(block, b.Callout):
        yield from (line for line in (block.title, *block.lines, block.note) if line)
