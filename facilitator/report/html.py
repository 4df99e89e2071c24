"""The report as one HTML file, from the same blocks as the PDF: no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from facilitator.model.document import Document
from facilitator.report import blocks as b
from facilitator.report.bidi import runs_both_ways
from facilitator.report.content import Head, edition_of, incident_json, report_content
from facilitator.report.html_style import sheet, variables
from facilitator.report.isolates import outermost
from facilitator.report.phrasing import KEY_WORDS, LEVEL_WORDS, copy_note, draft_mark
from facilitator.report.scripts import east_asian_language, language_of
from facilitator.report.svg import lanes_svg, metric_svg, strip_svg
from facilitator.report.typefaces import east_asian, writing
from facilitator.themes import colors as theme_colors

# A browser holds to this even if something that was typed were ever read as markup.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_DEEPEST: Final = 20
# A cell up to this length stays on one line: a time, a lane, a date.
_SHORT: Final = 16
Colors = Mapping[str, str]


def render_html(
    document: Document,
    *,
    head: Head,
    at: datetime,
    revision: int = 1,
    changed: Sequence[str] = (),
    final: bool = True,
) -> str:
    """The report as a page to open in any browser or to print; names are roles.

    `final` says whether this is the text that is signed, else it says DRAFT.
    """
    data = incident_json(document, head, revision)
    edition = edition_of(
        document, final=final, head=head, at=at, revision=revision, attachment=data, changed=changed
    )
    with writing(east_asian_language(data.decode())):
        return _page(report_content(document, edition))


def _page(report: b.Report) -> str:
    edition = report.edition
    light, dark = theme_colors("light"), theme_colors("dark")
    colors = variables(light)
    body = [
        "<header>",
        *([] if edition.is_final else [f'<p class="draft">{escape(draft_mark(edition))}</p>']),
        f'<p class="second">{escape(report.front.meta)}</p>',
        f"<h1{_speech(report.title)}>{escape(report.title)}</h1>",
        f'<p class="second">{escape(report.front.subtitle)}</p>',
        "</header>",
        *_written(report.front.blocks, "h2", colors),
    ]
    for n, section in enumerate(report.sections, start=1):
        body += [f'<section aria-labelledby="s{n}">', f'<h2 id="s{n}">{escape(section.title)}</h2>']
        body += [*_written(section.blocks, "h3", colors), "</section>"]
    body.append(f'<footer class="second">{escape(copy_note(edition))}</footer>')
    return "\n".join(
        [*_opening(report, sheet(light, dark)), *body, "</main>", "</body>", "</html>", ""]
    )


def _opening(report: b.Report, style: str) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(report.language)}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(report.title)}</title>"
    yield f"<style>\n{style}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"


def _written(blocks: Iterable[b.Block], heading: str, colors: Colors) -> Iterator[str]:
    about = ""
    for block in blocks:
        if isinstance(block, b.Heading):
            about = block.text
            yield f"<{heading}>{escape(block.text)}</{heading}>"
        elif isinstance(block, b.Strip):
            yield f'<figure class="wide">{strip_svg(block, colors)}</figure>'
        elif isinstance(block, b.LaneChart):
            yield _lanes(block, colors)
        elif isinstance(block, b.MetricChart):
            caption = f"<figcaption>{_lines(block.caption)}</figcaption>" if block.caption else ""
            yield f'<figure><div class="wide">{metric_svg(block, colors)}</div>{caption}</figure>'
        elif isinstance(block, b.Table):
            yield _table(block, about)
        else:
            writer: Callable[[Any], str] = _WRITERS[type(block)]
            yield writer(block)


def _lines(text: str) -> str:
    return "<br>".join(escape(outermost(line)) for line in text.split("\n"))


def _speech(text: str) -> str:
    """Attributes for the element of a text in another script: which way it runs, its language."""
    language = language_of(text, east_asian())
    said = f' lang="{language}"' if language else ""
    return f' dir="auto"{said}' if said or runs_both_ways(text) else ""


def _text(block: b.Text) -> str:
    return f'<p class="{escape(block.tone)}"{_speech(block.text)}>{_lines(block.text)}</p>'


def _bullets(block: b.Bullets) -> str:
    points = (f"<li{_speech(point)}>{_lines(point)}</li>" for point in block.points)
    return f"<ul>{''.join(points)}</ul>"


def _pairs(block: b.Pairs) -> str:
    rows = "".join(
        f"<dt>{_lines(name)}</dt><dd{_speech(value)}>{_lines(value)}</dd>"
        for name, value in block.rows
    )
    return f"<dl>{rows}</dl>"


def _tiles(block: b.Tiles) -> str:
    said = []
    for tile in block.tiles:
        source = f'<span class="small">{_lines(tile.source)}</span>' if tile.source else ""
        value = f"<strong>{_lines(tile.value)}</strong>"
        said.append(f"<li>{value}<span>{_lines(tile.label)}</span>{source}</li>")
    return f'<ul class="tiles">{"".join(said)}</ul>'


def _callout(block: b.Callout) -> str:
    said = [f"<p{_speech(block.title)}><strong>{_lines(block.title)}</strong></p>"]
    said += [f"<p{_speech(line)}>{_lines(line)}</p>" for line in block.lines]
    if block.note:
        said.append(f'<p class="second"{_speech(block.note)}>{_lines(block.note)}</p>')
    return f'<div class="callout {escape(block.tone)}">{"".join(said)}</div>'


def _table(block: b.Table, about: str) -> str:
    heads = "".join(
        f'<th scope="col"{_side(n, block)}>{_lines(head)}</th>'
        for n, head in enumerate(block.heads)
    )
    rows = []
    for row in block.rows:
        if row.is_band:
            # What follows a band belongs to it, also for who hears the table.
            rows.append(
                f'</tbody><tbody><tr class="band"><th scope="rowgroup" '
                f'colspan="{len(block.heads)}">{_lines(row.cells[0].text)}</th></tr>'
            )
        else:
            cells = "".join(_cell(n, cell, block) for n, cell in enumerate(row.cells))
            rows.append(f"<tr>{cells}</tr>")
    body = f"<tbody>{''.join(rows)}</tbody>".replace("<tbody></tbody>", "")
    named = f' aria-label="{escape(about)}"' if about else ""
    return f'<div class="wide"><table{named}><thead><tr>{heads}</tr></thead>{body}</table></div>'


def _cell(n: int, cell: b.Cell, block: b.Table) -> str:
    tag = 'th scope="row"' if n == 0 else "td"
    mark = ""
    if cell.mark:
        kind = escape(cell.mark_tone.replace(".", "-"))
        mark = f'<span class="mark {kind}">{_lines(cell.mark)}</span> '
    said = f'<span class="{escape(cell.tone)}">{_lines(cell.text)}</span>'
    kind = "short" if len(cell.text) <= _SHORT else ""
    attributes = f"{_side(n, block, kind)}{_speech(cell.text)}"
    return f"<{tag}{attributes}>{mark}{said}</{tag.split(' ', maxsplit=1)[0]}>"


def _side(n: int, block: b.Table, kind: str = "") -> str:
    names = ("right " if n in block.right else "") + kind
    return f' class="{names.strip()}"' if names else ""


def _lanes(block: b.LaneChart, colors: Colors) -> str:
    marks = ", ".join(KEY_WORDS.get(mark.key, mark.name) for mark in block.chart.marks)
    said = f"{block.caption} Key moments in order: {marks}." if marks else block.caption
    caption = f"<figcaption>{_lines(said)}</figcaption>" if said else ""
    return f'<figure><div class="wide">{lanes_svg(block, colors)}</div>{caption}</figure>'


def _tree(block: b.Tree) -> str:
    said: list[str] = []
    deep = -1
    for answer in block.answers:
        # Lists nest only so far; the numbers still say what answers what.
        depth = min(answer.depth, _DEEPEST, deep + 1)
        said.append("</li></ul>" * max(deep - depth, 0))
        said.append('<ul class="tree">' if depth > deep else "</li>")
        said.append(f"<li>{_answer(answer)}")
        deep = depth
    said.append("</li></ul>" * (deep + 1))
    return "".join(said)


def _answer(answer: b.Answer) -> str:
    words = [f"No. {answer.number}"]
    if answer.parent:
        words.append(f"why of {answer.parent}")
    if answer.level:
        words.append(LEVEL_WORDS[answer.level])
    if answer.fixed:
        words.append("answered by the structural fix")
    kind = " root" if answer.root_cause else "" if answer.parent else " effect"
    tone = f"answer{kind}"
    root = "<strong>★ Root cause.</strong> " if answer.root_cause else ""
    rests = "".join(
        f'<p class="small"{_speech(each)}>Evidence: {_lines(each)}</p>' for each in answer.evidence
    )
    about = f'<span class="small">{escape(", ".join(words))}</span>'
    said = f"<p{_speech(answer.text)}>{root}{_lines(answer.text)} {about}</p>"
    return f'<div class="{tone}">{said}{rests}</div>'


def _sign_fields(block: b.SignFields) -> str:
    # Names stand in the file that is signed, and nowhere else.
    return _bullets(b.Bullets(tuple(field.title for field in block.fields)))


def _roles(_block: b.Roles) -> str:
    return ""


_WRITERS: Final[dict[type[Any], Callable[[Any], str]]] = {
    b.Text: _text,
    b.Bullets: _bullets,
    b.Pairs: _pairs,
    b.Tiles: _tiles,
    b.Callout: _callout,
    b.Tree: _tree,
    b.SignFields: _sign_fields,
    b.Roles: _roles,
}
