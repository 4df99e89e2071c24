"""Writing an export to the file the user chose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from facilitator.exchange.json_document import export_json
from facilitator.model.freeze import frozen_revision, head_of, newest_revision
from facilitator.session import Session


def export_to(path: Path, session: Session, at: datetime) -> str:
    """Write the document as JSON, or as Markdown by its ending; a sentence says what was done.

    `at` (UTC) is when an incident that is not final yet was exported.
    """
    try:
        if path.suffix.lower() in (".md", ".markdown"):
            path.write_text(_markdown(session, at), encoding="utf-8")
        else:
            path.write_text(export_json(session.document), encoding="utf-8")
    except OSError as error:
        return f"{path.name} was not written: {error.strerror}. Choose another folder."
    return f"Exported to {path}."


def _markdown(session: Session, at: datetime) -> str:
    from facilitator.report.markdown import render_markdown

    document = session.document
    frozen, newest = frozen_revision(document), newest_revision(document)
    return render_markdown(
        document,
        head=head_of(frozen) if frozen else session.head,
        at=frozen.at if frozen else at,
        revision=newest.number if newest else 1,
    )
