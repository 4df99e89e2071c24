"""Writing an export to the file the user chose."""

from __future__ import annotations

from pathlib import Path

from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.redact import redact


def export_to(path: Path, document: Document) -> str:
    """Write the document as JSON, or as Markdown by its ending; a sentence says what was done."""
    from facilitator.report.markdown import render_markdown

    try:
        if path.suffix.lower() in (".md", ".markdown"):
            path.write_text(render_markdown(redact(document)), encoding="utf-8")
        else:
            path.write_text(export_json(document), encoding="utf-8")
    except OSError as error:
        return f"{path.name} was not written: {error.strerror}. Choose another folder."
    return f"Exported to {path}."
