"""A document as PDF bytes: the pages, then facts, attachment and the fields to sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from facilitator.model.document import Document
from facilitator.model.records import Person
from facilitator.report.blocks import Front, Report
from facilitator.report.content import (
    Head,
    edition_of,
    incident_json,
    report_content,
    shorter_front,
)
from facilitator.report.fields import Box, Meaning, document_facts, finish_pdf
from facilitator.report.fonts import without_picture, writing
from facilitator.report.scripts import east_asian_language
from facilitator.themes import colors as theme_colors

if TYPE_CHECKING:
    from collections.abc import Callable

PAPERS: Final = {"A4": (595.2756, 841.8898), "Letter": (612.0, 792.0)}


def render_report(
    document: Document,
    *,
    final: bool,
    head: Head,
    at: datetime,
    theme: Mapping[str, str] | None = None,
    paper: str = "A4",
    revision: int = 1,
    language: str = "en",
    changed: Sequence[str] = (),
) -> bytes:
    """The report as PDF: a draft, or a final report with one empty field for each signer.

    `head` is the number and hash of the journal's newest step, `at` the (aware) time it is made
    at, `theme` colours by token, `changed` what differs from the revision before. The same
    arguments give the same bytes.
    """
    data = incident_json(document, head, revision)
    edition = edition_of(
        document, final=final, head=head, at=at, revision=revision, attachment=data, changed=changed
    )
    # Names are printed too, though they are not in the attachment.
    typed = data.decode() + "".join(person.name for person in document.all(Person))
    with writing(east_asian_language(typed)):
        boxed = "".join(without_picture(typed))
        report = report_content(document, edition, language, boxed)
        pages, places, meaning = render_pages(
            report,
            lambda most: shorter_front(document, edition, most),
            theme or theme_colors("light"),
            PAPERS[paper],
        )
    roles = edition.roles if final else ()
    facts = document_facts(
        data,
        incident=document.incident.id,
        revision=revision,
        roles=roles,
        chain_head=head[1],
    )
    boxes = {role: places[role] for role in roles}
    finished = finish_pdf(pages, facts, data, boxes, meaning)
    meaning.tree.let_go()
    return finished


def render_pages(
    report: Report,
    shorter: Callable[[int], Front],
    colors: Mapping[str, str],
    size: tuple[float, float],
) -> tuple[bytes, dict[str, Box], Meaning]:
    """The pages alone, where each role's box lies, and what the marks on them mean.

    `shorter` makes a page one of less text.
    """
    from facilitator.report.pages_flow import build

    return build(report, shorter, colors, size)
