"""Sections 1 to 4: what happened, the timeline, why the system allowed it, detection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from facilitator.model.document import Document
from facilitator.model.edits.fixes import the_fix
from facilitator.model.edits.whys import evidence_of
from facilitator.model.figures import (
    began_at,
    deadline,
    figure,
    figures,
    key_moments,
    order_problems,
    resolved_at,
    share_text,
)
from facilitator.model.records import Incident, Moment, Why
from facilitator.model.redact import role_title
from facilitator.model.timeline_layout import Chart, chart_of
from facilitator.model.times import day_text, length_text, zone_text
from facilitator.model.tree_layout import reading_order, tree_of
from facilitator.report.blocks import (
    Answer,
    Block,
    Bullets,
    Callout,
    Cell,
    Heading,
    LaneChart,
    Pairs,
    Row,
    Table,
    Text,
    Tree,
)
from facilitator.report.front import why_allowed
from facilitator.report.metrics import metrics
from facilitator.report.phrasing import (
    KEY_WORDS,
    LABEL_WORDS,
    LANE_WORDS,
    LEVEL_WORDS,
    NOT_KNOWN,
    count_text,
    full_time,
    held_at,
    key_time,
    listed,
    moment_time,
    offset_text,
    upper_first,
)

# Page one may show less of a longer title.
_TITLE_ON_PAGE_ONE = 90
_LEVEL_HELP = {
    "strategy": "what the organisation chose to aim for",
    "discovery": "what was found out about the need",
    "scope": "what was agreed to be built and tested",
    "execution": "how it was built and checked",
    "operation": "how it was run and watched",
}


def what_happened(document: Document) -> Iterator[Block]:
    """Section 1: summary, impact, and the scope in figures."""
    incident = document.incident
    yield Heading("Summary")
    if len(incident.title) > _TITLE_ON_PAGE_ONE:
        yield Text(incident.title, "strong")
    yield Text(incident.summary or "No summary has been written.")
    yield Heading("Impact")
    if incident.impact:
        yield Text(incident.impact)
    rows = [
        ("Affected", _affected(incident)),
        ("Support calls", _calls(incident)),
        ("Services", incident.services or NOT_KNOWN),
        ("Severity", incident.severity or "not set"),
    ]
    if incident.organisation:
        rows.append(("Organisation", incident.organisation))
    if incident.severity == "P3" or incident.reason:
        rows.append(("Why reviewed", incident.reason or "no reason given"))
    yield Pairs(tuple(rows))
    yield Heading("When")
    zone = incident.zone
    yield Pairs(
        (
            ("Impact began", full_time(began_at(document), zone)),
            ("Resolved", full_time(resolved_at(document), zone)),
            ("Duration", figure(document, "duration").text),
            ("Review held", _held(document)),
            ("Time zone", f"{zone} ({offset_text(_some_time(document), zone)})"),
        )
    )


def timeline(document: Document) -> Iterator[Block]:
    """Section 2: the chart, then the same moments as a table."""
    chart = chart_of(document)
    if chart.is_empty:
        yield Text("Nothing has been put on the timeline.")
        return
    zone = document.incident.zone
    near = _some_time(document)
    yield Text(
        f"All times are {zone_text(near, zone)} ({offset_text(near, zone)}). {_recorded(chart)}",
        "second",
    )
    numbers = {e.moment.id: n for n, e in enumerate(chart.order, start=1)}
    for problem in order_problems(document):
        yield Text(f"Order of events: {problem}", "warning")
    if chart.extent() is not None:
        yield LaneChart(chart, numbers, _chart_caption(chart))
    yield Table(
        ("No.", "Time", "Lane", "What happened", "Source"),
        tuple(_moment_rows(chart, numbers, zone)),
        (0.055, 0.135, 0.17, 0.49, 0.15),
        frozenset((0,)),
    )
    yield from metrics(chart)


def why_section(document: Document) -> Iterator[Block]:
    """Section 3: the one question and its answer, then the tree."""
    incident = document.incident
    yield Callout(
        "Which level of the chain was missing?",
        (_level_words(document),),
        why_allowed(document),
        "plain",
    )
    said = f"Not reached in this meeting: {incident.not_reached}"
    if incident.not_reached and why_allowed(document) != said:
        yield Text(said, "warning")
    answers = tuple(_answers(document))
    if not answers:
        yield Text("No why has been asked yet.")
        return
    yield Heading("5 Whys")
    yield Text(
        "Each step asks how the chain of work let the step above it happen. "
        "Evidence is named by its number in the timeline.",
        "second",
    )
    yield Tree(answers)


def detection(document: Document) -> Iterator[Block]:
    """Section 4: when the system and a person knew, what went well, what was hard."""
    incident = document.incident
    yield Heading("Detection and response")
    yield Table(
        ("Figure", "From", "To", "Length"),
        tuple(_figure_rows(document)),
        (0.25, 0.3, 0.3, 0.15),
        frozenset((3,)),
    )
    yield Heading("Contributing factors")
    factors = _factors(document)
    yield (
        Bullets(factors)
        if factors
        else Text("No contributing factor beside the root cause was named.")
    )
    yield Heading("What went well")
    yield Text(incident.went_well or "Nothing was noted.")
    yield Heading("What was hard")
    yield Text(incident.was_hard or "Nothing was noted.")


def _affected(incident: Incident) -> str:
    count, whole, word = incident.users_affected, incident.users_total, incident.users_word
    if count is None:
        return NOT_KNOWN
    if not whole:
        return f"{count_text(count)} {word}".rstrip()
    return f"{count_text(count)} of {count_text(whole)} {word} ({share_text(count, whole)})"


def _calls(incident: Incident) -> str:
    calls, affected = incident.support_calls, incident.users_affected
    if calls is None:
        return NOT_KNOWN
    if not affected:
        return count_text(calls)
    return f"{count_text(calls)} ({share_text(calls, affected)} of those affected)"


def _held(document: Document) -> str:
    held, zone = document.incident.meeting_at, document.incident.zone
    if held is None:
        return NOT_KNOWN
    due, said = deadline(document), full_time(held, zone)
    if due is None:
        return said
    late = held - due
    if late > timedelta(0):
        return f"{said}; {length_text(late)} late"
    return f"{said}; due by {full_time(due, zone)}"


def _some_time(document: Document) -> datetime:
    return began_at(document) or resolved_at(document) or held_at(document)


def _recorded(chart: Chart) -> str:
    moments = [*(e.moment for e in chart.order), *chart.tray]
    count = sum(1 for m in moments if m.provenance == "recorded")
    whole = f"{len(moments)} moment{'s' if len(moments) != 1 else ''}"
    return f"{count} of {whole} recorded at the time ({share_text(count, len(moments))}), " + (
        "the others put together afterwards."
        if count < len(moments)
        else "none put together afterwards."
    )


def _chart_caption(chart: Chart) -> str:
    shaded = " The shaded span is the impact." if chart.began is not None else ""
    return f"Numbers are those of the table.{shaded}"


def _moment_rows(chart: Chart, numbers: dict[str, int], zone: str) -> Iterator[Row]:
    day = ""
    for entry in chart.order:
        moment = entry.moment
        today = day_text(moment.at, zone, weekday=True) if moment.at else ""
        if today != day:
            day = today
            yield Row((Cell(today, "strong"),), is_band=True)
        yield _moment_row(moment, str(numbers[moment.id]), zone)
    if chart.tray:
        yield Row((Cell("Time not known", "strong"),), is_band=True)
    for moment in chart.tray:
        yield _moment_row(moment, "–", zone)


def _moment_row(moment: Moment, number: str, zone: str) -> Row:
    return Row(
        (
            Cell(number, "second"),
            Cell(moment_time(moment, zone)),
            Cell(LANE_WORDS[moment.lane], "body", "●", f"lane.{moment.lane}"),
            Cell(moment.text, "body", KEY_WORDS.get(moment.key, ""), "key"),
            Cell(upper_first(moment.provenance), "second"),
        )
    )


def _level_words(document: Document) -> str:
    incident = document.incident
    if not incident.level:
        return "Not answered yet."
    said = f"{LEVEL_WORDS[incident.level]}: {_LEVEL_HELP[incident.level]}."
    if incident.other_levels:
        others = [LEVEL_WORDS[level].lower() for level in incident.other_levels]
        said += f" Contributing: {listed(others)}."
    if incident.label:
        said += f" Kind: {LABEL_WORDS[incident.label]}."
    return said


def _answers(document: Document) -> Iterator[Answer]:
    whys = {why.id: why for why in document.all(Why)}
    tree = tree_of(tuple(whys.values()))
    chart_numbers = {e.moment.id: n for n, e in enumerate(chart_of(document).order, start=1)}
    numbers = {"": 0}
    last = {nodes[-1] for nodes in tree.values() if nodes}
    zone, fix = document.incident.zone, the_fix(document)
    for node, parent, depth in reading_order(tree):
        numbers[node] = len(numbers)
        why = whys[node]
        yield Answer(
            number=numbers[node],
            parent=numbers[parent],
            depth=depth,
            text=why.text,
            level=why.level,
            root_cause=why.root_cause,
            evidence=tuple(
                _evidence(moment, chart_numbers, zone) for moment in evidence_of(document, node)
            ),
            siblings_follow=node not in last,
            fixed=bool(fix.change) and fix.why == node,
        )


def _evidence(moment: Moment, numbers: dict[str, int], zone: str) -> str:
    number = numbers.get(moment.id)
    where = f"No. {number}, {moment_time(moment, zone)}" if number else "time not known"
    return f"{where}: {moment.text}"


def _figure_rows(document: Document) -> Iterator[Row]:
    from facilitator.model.figures import FIGURES

    keys, zone = key_moments(document), document.incident.zone
    ends = {figure_id: (first, last) for figure_id, _, first, last in FIGURES}
    known = {"impact_began": began_at(document), "resolved": resolved_at(document)}
    for each in figures(document):
        cells = [Cell(each.name)]
        for key in ends[each.id]:
            moment, at = keys.get(key), known.get(key)
            time = key_time(moment, zone) if moment else full_time(at, zone) if at else NOT_KNOWN
            if moment is not None and moment.precision == "date" and moment.at is not None:
                time = day_text(moment.at, zone)
            cells.append(Cell(f"{KEY_WORDS[key]}: {time}", "second"))
        length = Cell(each.text, "strong" if each.length is not None else "second")
        yield Row((*cells, length))


def _factors(document: Document) -> tuple[str, ...]:
    whys = document.all(Why)
    tree = tree_of(whys)
    found = [
        f"{why.text} ({LEVEL_WORDS[why.level].lower()})" if why.level else why.text
        for why in whys
        if why.parent and not why.root_cause and not tree.get(why.id)
    ]
    levels = [LEVEL_WORDS[level] for level in document.incident.other_levels]
    return tuple([*found, *(f"Contributing level: {level}" for level in levels)])


def roles_present(document: Document) -> str:
    """Who took part, by role."""
    from facilitator.model.records import Person

    present: dict[str, int] = {}
    for person in document.all(Person):
        if person.present:
            title = upper_first(person.title) or role_title(person.role)
            present[title] = present.get(title, 0) + 1
    return ", ".join(t if n == 1 else f"{t} ({n})" for t, n in present.items()) or NOT_KNOWN
