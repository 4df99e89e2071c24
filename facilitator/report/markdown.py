"""The report as Markdown, from the same blocks as the PDF; whatever was typed stays literal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from facilitator.model.document import Document
from facilitator.report import blocks as b
from facilitator.report.content import Head, edition_of, report_content
from facilitator.report.isolates import without_isolates
from facilitator.report.phrasing import KEY_WORDS, LEVEL_WORDS, copy_note, draft_mark

# What CommonMark and GitHub read as markup anywhere in a line, and what only where one begins.
_INLINE: Final = re.compile(
    r"[\\`*_{}\[\]<>#|~&$]|:(?=//|[a-z+_-][a-z0-9+_-]*:)|(?<=www)\.|!(?=\[)"
)
# Readers of CommonMark may drop what nests deeper than 20 elements, two of them to a list; the
# numbers still say what answers what.
_DEEPEST: Final = 8
_OPENING: Final = re.compile(r"^([-+=])|^(\d{1,9})([.)])(?=\s|$)")


def render_markdown(
    document: Document,
    *,
    head: Head,
    at: datetime,
    revision: int = 1,
    changed: Sequence[str] = (),
    final: bool = True,
) -> str:
    """The report in Markdown, for a repository beside the runbooks; names are roles.

    `final` says whether this is the text that is signed, else it says DRAFT.
    """
    edition = edition_of(
        document, final=final, head=head, at=at, revision=revision, changed=changed
    )
    report = report_content(document, edition)
    parts = [f"# {escape_markdown(report.title)}", escape_markdown(report.front.meta)]
    parts.append("" if final else f"**{escape_markdown(draft_mark(edition))}**")
    parts.append(escape_markdown(report.front.subtitle))
    parts += _written(b for b in report.front.blocks if not isinstance(b, _PAGE_ONLY))
    for section in report.sections:
        parts.append(f"## {escape_markdown(section.title)}")
        parts += _written(section.blocks)
    parts.append(f"---\n\n{escape_markdown(copy_note(edition))}")
    return "\n\n".join(part for part in parts if part) + "\n"


def escape_markdown(text: str) -> str:
    """The text as Markdown shows it literally, on one line; line ends become breaks."""
    lines = without_isolates(text).split("\n")
    return "<br>".join(_literal(" ".join(line.split())) for line in lines)


def _literal(line: str) -> str:
    said = _INLINE.sub(lambda found: f"\\{found[0]}", line)
    return _OPENING.sub(_opening, said)


def _opening(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _written(blocks: Any) -> Iterator[str]:  # noqa: ANN401
    for block in blocks:
        writer: Callable[[Any], str] = _WRITERS[type(block)]
        yield writer(block)


def _heading(block: b.Heading) -> str:
    return f"### {escape_markdown(block.text)}"


def _text(block: b.Text) -> str:
    said = escape_markdown(block.text)
    return f"**{said}**" if block.tone in ("strong", "warning") and said else said


def _bullets(block: b.Bullets) -> str:
    return "\n".join(f"- {escape_markdown(point)}" for point in block.points)


def _pairs(block: b.Pairs) -> str:
    return "\n".join(
        f"- {escape_markdown(name)}: {escape_markdown(value)}" for name, value in block.rows
    )


def _tiles(block: b.Tiles) -> str:
    lines = []
    for tile in block.tiles:
        source = f" ({escape_markdown(tile.source)})" if tile.source else ""
        lines.append(f"- **{escape_markdown(tile.value)}** {escape_markdown(tile.label)}{source}")
    return "\n".join(lines)


def _strip(block: b.Strip) -> str:
    said = " → ".join(f"{mark.time} {mark.label}" for mark in block.marks)
    return escape_markdown(said)


def _callout(block: b.Callout) -> str:
    lines = [f"**{escape_markdown(block.title)}**"]
    lines += [escape_markdown(line) for line in (*block.lines, block.note) if line]
    return "\n>\n".join(f"> {line}" for line in lines)


def _table(block: b.Table) -> str:
    rules = ["--:" if n in block.right else ":--" for n in range(len(block.heads))]
    lines = [_row([escape_markdown(head) for head in block.heads]), _row(rules)]
    # A band stands where there is room for it.
    widest = block.shares.index(max(block.shares))
    for row in block.rows:
        if row.is_band:
            band = f"**{escape_markdown(row.cells[0].text)}**"
            lines.append(_row([band if n == widest else "" for n in range(len(block.heads))]))
        else:
            lines.append(_row([_cell(cell) for cell in row.cells]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: b.Cell) -> str:
    said = escape_markdown(cell.text)
    if not cell.mark or cell.mark_tone.startswith("lane."):
        return said
    return f"**{escape_markdown(cell.mark)}** {said}"


def _lanes(block: b.LaneChart) -> str:
    marks = [KEY_WORDS.get(mark.key, mark.name) for mark in block.chart.marks]
    return escape_markdown(f"Key moments in order: {', '.join(marks)}.") if marks else ""


def _metric(block: b.MetricChart) -> str:
    return escape_markdown(block.caption)


def _tree(block: b.Tree) -> str:
    lines: list[str] = []
    for answer in block.answers:
        indent = "  " * min(answer.depth, _DEEPEST)
        lines.append(f"{indent}- {_answer(answer)}")
        lines += [f"{indent}  - Evidence: {escape_markdown(each)}" for each in answer.evidence]
    return "\n".join(lines)


def _answer(answer: b.Answer) -> str:
    words = [f"No. {answer.number}"]
    if answer.parent:
        words.append(f"why of {answer.parent}")
    if answer.level:
        words.append(LEVEL_WORDS[answer.level])
    if answer.fixed:
        words.append("answered by the structural fix")
    if answer.root_cause:
        words.append("**root cause**")
    return f"{escape_markdown(answer.text)} ({', '.join(words)})"


def _sign_fields(block: b.SignFields) -> str:
    lines = [f"- {escape_markdown(field.title)}" for field in block.fields]
    return "\n".join(lines)


def _roles(block: b.Roles) -> str:
    return escape_markdown(", ".join(block.titles))


# The figures of page one stand in section 1 too, but a reader of a repository begins here.
_PAGE_ONLY: Final = (b.Roles,)
_WRITERS: Final[dict[type[Any], Callable[[Any], str]]] = {
    b.Heading: _heading,
    b.Text: _text,
    b.Bullets: _bullets,
    b.Pairs: _pairs,
    b.Tiles: _tiles,
    b.Strip: _strip,
    b.Callout: _callout,
    b.Table: _table,
    b.LaneChart: _lanes,
    b.MetricChart: _metric,
    b.Tree: _tree,
    b.SignFields: _sign_fields,
    b.Roles: _roles,
}
