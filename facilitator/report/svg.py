"""The drawings of the report as SVG inside an HTML page: vectors that refer to nothing outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from facilitator.model.timeline_axis import Scale, fitted, ticks
from facilitator.model.timeline_layout import Chart, Entry
from facilitator.report.blocks import LaneChart, MetricChart, Strip
from facilitator.report.geometry import Pane, dots, flags, levels, outage, outside, thinned
from facilitator.report.metrics import note_text, number_text, span
from facilitator.report.phrasing import KEY_WORDS, LANE_WORDS

Colors = Mapping[str, str]
_WIDTH: Final = 900.0
_GUTTER: Final = 124.0
_DOT: Final = 9.0
_ROW: Final = 24.0
_LABEL_ROW: Final = 16.0
# A letter of the label size, generously: no typeface is measured here.
_LETTER: Final = 7.2
_BESIDE: Final = {"start": 4.0, "end": -4.0}
_AFTER: Final = 60.0
_PLOT: Final = 150.0
_HAIR: Final = 0.8
Flag = tuple[str, float, str, int]


def strip_svg(strip: Strip, colors: Colors) -> str:
    """The outage on one line: moments as dots with their words, the impact as a band."""
    times = [mark.at.timestamp() for mark in strip.marks]
    times += [at.timestamp() for at in (strip.begins, strip.ends) if at is not None]
    scale = fitted(min(times), max(times), 0.0, _WIDTH, 90.0)
    places = [(scale.x(m.at.timestamp()), f"{m.label} {m.time}") for m in strip.marks]
    labels = _labels(places)
    rows = 1 + max((row for *_, row in labels), default=0)
    y = 14 + rows * _LABEL_ROW
    parts = [_band(scale, strip, y, colors)]
    parts.append(_line((0, y), (_WIDTH, y), colors["border"], 2))
    for mark, (words, x, anchor, row) in zip(strip.marks, labels, strict=True):
        top = y - 14 - row * _LABEL_ROW
        parts.append(_line((x, y), (x, top), colors["border"], 1))
        parts.append(_circle((x, y), 6, colors[mark.tone]))
        parts.append(_text((x + _BESIDE[anchor], top), words, colors["text"], anchor))
    said = ", ".join(f"{mark.time} {mark.label}" for mark in strip.marks)
    return _svg(parts, y + 14, f"The outage: {said}")


def lanes_svg(block: LaneChart, colors: Colors) -> str:
    """The timeline by lanes: numbered dots on a shared axis, the outage behind them."""
    chart = block.chart
    window = chart.window() or chart.extent() or (0.0, 3600.0)
    pane = Pane(fitted(*window, _GUTTER, _WIDTH, _AFTER), _WIDTH)
    seen = [m for m in chart.marks if pane.shows(m.at)]
    labels = _labels([(pane.scale.x(m.at), KEY_WORDS.get(m.key, m.name)) for m in seen])
    head = 24 + (1 + max((row for *_, row in labels), default=-1)) * _LABEL_ROW
    lanes = [(lane.name, list(dots(lane.entries, pane, 2 * _DOT))) for lane in chart.lanes]
    heights = [10 + _ROW * (1 + max((row for *_, row in each), default=0)) for _, each in lanes]
    bottom = head + sum(heights)
    parts = [_outage(chart, pane, (head, bottom), colors)]
    parts.append(_text((0, 12), outside(chart, pane), colors["text.second"]))
    parts += _ticks(chart, pane, (12.0, head, bottom), colors)
    parts += _flags(labels, (head - 5, bottom), colors)
    y = head
    for (name, placed), height in zip(lanes, heights, strict=True):
        color = colors[f"lane.{name}"]
        parts.append(_line((0, y), (_WIDTH, y), colors["border.soft"], 1))
        parts.append(_text((0, y + height / 2 + 4), LANE_WORDS[name], color, bold=True))
        for dot in placed:
            parts += _moment(dot, pane.scale, y, (color, colors["ground"]), block)
        y += height
    parts.append(_line((0, y), (_WIDTH, y), colors["border"], 1))
    return _svg(parts, y + 2, block.caption or "Timeline by lanes")


def metric_svg(block: MetricChart, colors: Colors) -> str:
    """A metric on the lanes' axis: the curve, the outage behind it, a flag at each note."""
    series, chart = block.series, block.chart
    pane = Pane(fitted(*span(series, chart), _GUTTER, _WIDTH, _AFTER), _WIDTH)
    notes = [note for note in block.notes if pane.shows(note.at)]
    labels = _labels([(pane.scale.x(note.at), note_text(note)) for note in notes])
    top = 10 + (1 + max((row for *_, row in labels), default=-1)) * _LABEL_ROW
    bottom = top + _PLOT
    scale = levels(value for _, value in series.points)
    parts = [_outage(chart, pane, (top, bottom), colors)]
    for value in scale.lines:
        y = bottom - scale.part(value) * _PLOT
        parts.append(_line((_GUTTER, y), (_WIDTH, y), colors["grid"], 1))
        parts.append(_text((_GUTTER - 8, y + 4), number_text(value), colors["text.second"], "end"))
    parts += _ticks(chart, pane, (bottom + 16, top, bottom), colors)
    parts += _flags(labels, (top - 5, bottom), colors)
    parts.append(_curve(block, pane, bottom, colors["lane.signal"]))
    for note in notes:
        if note.point is not None and pane.shows(note.point[0]):
            y = bottom - scale.part(note.point[1]) * _PLOT
            parts.append(_circle((pane.scale.x(note.point[0]), y), 4, colors["lane.signal"]))
    return _svg(parts, bottom + 22, f"{series.name} over time")


def _curve(block: MetricChart, pane: Pane, bottom: float, color: str) -> str:
    """The line itself, as far as the axis reaches."""
    scale = levels(value for _, value in block.series.points)
    points = thinned(block.series, pane, scale, _HAIR)
    path = " ".join(f"{x - pane.left:.1f},{_PLOT - part * _PLOT:.1f}" for x, part in points)
    width = _WIDTH - pane.left
    # A drawing within the drawing cuts off what lies beside the axis.
    return (
        f'<svg x="{pane.left:.1f}" y="{bottom - _PLOT:.1f}" width="{width:.1f}" height="{_PLOT:g}">'
        f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/></svg>'
    )


def _ticks(
    chart: Chart, pane: Pane, places: tuple[float, float, float], colors: Colors
) -> Iterator[str]:
    """The times of the axis, their words at the first of the places, lines over the others."""
    words, top, bottom = places
    for tick in ticks(pane.scale, _WIDTH, chart.zone, 96.0):
        x = pane.scale.x(tick.at)
        yield _line((x, top), (x, bottom), colors["grid"], 1)
        if x < _WIDTH - 20:
            yield _text((x, words), tick.label, colors["text.second"], "middle")


def _flags(labels: Sequence[Flag], span: tuple[float, float], colors: Colors) -> Iterator[str]:
    """Labels that stand in rows from the first y upwards, with lines down to the second."""
    for words, x, anchor, row in labels:
        at = span[0] - row * _LABEL_ROW
        yield _line((x, at - 9), (x, span[1]), colors["text.second"], 1)
        yield _text((x + _BESIDE[anchor], at), words, colors["text"], anchor)


def _labels(places: Sequence[tuple[float, str]]) -> list[Flag]:
    """Words, the x of their line, the side they stand on and their row; none covers another."""
    lefts = flags([(x, len(words) * _LETTER + 4) for x, words in places], _WIDTH)
    return [
        (words, x, "start" if left > x else "end", row)
        for (x, words), (left, row) in zip(places, lefts, strict=True)
    ]


def _moment(
    dot: tuple[Entry, float, int],
    scale: Scale,
    top: float,
    inks: tuple[str, str],
    block: LaneChart,
) -> Iterator[str]:
    entry, x, row = dot
    color, ground = inks
    y = top + 5 + _ROW * (row + 0.5)
    end = min(scale.x(entry.end), _WIDTH)
    if end > x:
        yield _rect((x, y - 2), (end - x, 4), color)
    yield _circle((x, y), _DOT, color)
    number = str(block.numbers[entry.moment.id])
    yield _text((x, y + 4), number, ground, "middle", bold=True)


def _band(scale: Scale, strip: Strip, y: float, colors: Colors) -> str:
    if strip.begins is None:
        return ""
    begin = scale.x(strip.begins.timestamp())
    end = _WIDTH if strip.ends is None else scale.x(strip.ends.timestamp())
    return _rect((begin, y - 9), (max(end - begin, 0.0), 18), colors["lane.impact.ground"])


def _outage(chart: Chart, pane: Pane, span: tuple[float, float], colors: Colors) -> str:
    seen = outage(chart, pane)
    if seen is None:
        return ""
    return _rect((seen[0], span[0]), (seen[1] - seen[0], span[1] - span[0]), colors["outage"])


def _circle(middle: tuple[float, float], radius: float, color: str) -> str:
    return f'<circle cx="{middle[0]:.1f}" cy="{middle[1]:.1f}" r="{radius:g}" fill="{color}"/>'


def _rect(corner: tuple[float, float], size: tuple[float, float], color: str) -> str:
    x, y = corner
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" '
        f'fill="{color}"/>'
    )


def _line(start: tuple[float, float], end: tuple[float, float], color: str, width: float) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{color}" stroke-width="{width:g}"/>'
    )


def _text(
    place: tuple[float, float], words: str, color: str, anchor: str = "start", *, bold: bool = False
) -> str:
    size = 8 if bold and anchor == "middle" and len(words) > 2 else 11.5
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{place[0]:.1f}" y="{place[1]:.1f}" fill="{color}" font-size="{size:g}"{weight} '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _svg(parts: list[str], height: float, said: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {height:.0f}" role="img" '
        f'aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )
