"""The forms an incident is written out in: one table for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.freeze import frozen_revision, head_of, newest_revision
from facilitator.model.redact import redact
from facilitator.model.sharing import share_safe
from facilitator.session import Session


@dataclass(frozen=True, slots=True)
class Source:
    """What is written out, and what it says of itself: the journal's head, when, which revision.

    `at` is when the revision was frozen, else like `made` when this was asked for (UTC); `final`
    says whether it is the text that is signed.
    """

    document: Document
    head: tuple[int, str]
    at: datetime
    revision: int
    made: datetime
    changed: tuple[str, ...] = ()
    final: bool = False


def source_of(session: Session, at: datetime) -> Source:
    """The incident as frozen, or as it is now (`at`, UTC). Raises LibraryProblem, NotSaved."""
    return source_later(session, at)()


def source_later(session: Session, at: datetime) -> Callable[[], Source]:
    """What gives `source_of` the incident as it is now, later and on whatever thread."""
    return partial(_source, session.document, session.head, at, session.revised_later())


def _source(
    document: Document,
    head: tuple[int, str],
    at: datetime,
    revised: Callable[[], tuple[str, ...]],
) -> Source:
    frozen, changed = frozen_revision(document), revised()
    if frozen is not None:
        number = frozen.number
        return Source(document, head_of(frozen), frozen.at, number, at, changed, final=True)
    newest = newest_revision(document)
    return Source(document, head, at, newest.number if newest else 1, at, changed)


def for_outside(source: Source, words: Mapping[str, str]) -> Source:
    """A share-safe copy, which is no final text. Raises Refused on words that stay readable."""
    return replace(source, document=share_safe(source.document, words), final=False)


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its id, what it is called, how its files end (the first by default)."""

    id: str
    words: str
    suffixes: tuple[str, ...]
    text: Callable[[Source], str]


def form_of(kind: str) -> Form:
    """The form of this id. Raises KeyError on an unknown one."""
    return {form.id: form for form in FORMS}[kind]


def _json(source: Source) -> str:
    return export_json(source.document)


def _markdown(source: Source) -> str:
    from facilitator.report.markdown import render_markdown

    return render_markdown(
        source.document,
        head=source.head,
        at=source.at,
        revision=source.revision,
        changed=source.changed,
        final=source.final,
    )


def _html(source: Source) -> str:
    from facilitator.report.html import render_html

    return render_html(
        source.document,
        head=source.head,
        at=source.at,
        revision=source.revision,
        changed=source.changed,
        final=source.final,
    )


def _timesketch(source: Source) -> str:
    from facilitator.exchange.timesketch import timesketch_lines

    return timesketch_lines(redact(source.document))


def _calendar(source: Source) -> str:
    from facilitator.exchange.calendar_file import calendar_text

    return calendar_text(redact(source.document), source.made)


# JSON holds everything, names too; what goes to outsiders says roles.
FORMS: Final = (
    Form("json", "JSON, everything", (".json",), _json),
    Form("markdown", "Markdown, the report's text", (".md", ".markdown"), _markdown),
    Form("html", "HTML, the report as one page", (".html", ".htm"), _html),
    Form("timesketch", "Timesketch, the timeline as JSON lines", (".jsonl",), _timesketch),
    Form("ics", "Calendar, the meeting and the due dates", (".ics",), _calendar),
)
