"""The drawings of the report as SVG inside an HTML page: vectors that refer to nothing outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from facilitator.model.timeline_axis import Scale, fitted, ticks
from facilitator.model.timeline_layout import Chart, Entry
from facilitator.report.blocks import LaneChart, Strip
from facilitator.report.phrasing import KEY_WORDS, LANE_WORDS

Colors = Mapping[str, str]
_WIDTH: Final = 900.0
_GUTTER: Final = 124.0
_DOT: Final = 9.0
_ROW: Final = 24.0
_MOST_ROWS: Final = 4
_LABEL_ROW: Final = 16.0
# A letter of the label size, generously: no typeface is measured here.
_LETTER: Final = 7.2
_BESIDE: Final = {"start": 4.0, "end": -4.0}


def strip_svg(strip: Strip, colors: Colors) -> str:
    """The outage on one line: moments as dots with their words, the impact as a band."""
    times = [mark.at.timestamp() for mark in strip.marks]
    times += [at.timestamp() for at in (strip.begins, strip.ends) if at is not None]
    scale = fitted(min(times), max(times), 0.0, _WIDTH, 90.0)
    places = [(scale.x(m.at.timestamp()), f"{m.label} {m.time}") for m in strip.marks]
    flags = list(_flags(places, _WIDTH))
    rows = 1 + max((row for *_, row in flags), default=0)
    y = 14 + rows * _LABEL_ROW
    parts = [_band(scale, strip, y, colors)]
    parts.append(_line((0, y), (_WIDTH, y), colors["border"], 2))
    for mark, (words, x, anchor, row) in zip(strip.marks, flags, strict=True):
        top = y - 14 - row * _LABEL_ROW
        parts.append(_line((x, y), (x, top), colors["border"], 1))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colors[mark.tone]}"/>')
        parts.append(_text((x + _BESIDE[anchor], top), words, colors["text"], anchor))
    said = ", ".join(f"{mark.time} {mark.label}" for mark in strip.marks)
    return _svg(parts, y + 14, f"The outage: {said}")


def lanes_svg(block: LaneChart, colors: Colors) -> str:
    """The timeline by lanes: numbered dots on a shared axis, the outage behind them."""
    chart = block.chart
    window = chart.window() or chart.extent() or (0.0, 3600.0)
    scale = fitted(*window, _GUTTER, _WIDTH, 60.0)
    seen = [(scale.x(m.at), KEY_WORDS.get(m.key, m.name)) for m in chart.marks]
    flags = list(_flags([(x, words) for x, words in seen if _GUTTER <= x <= _WIDTH], _WIDTH))
    rows = 1 + max((row for *_, row in flags), default=-1)
    head = 24 + rows * _LABEL_ROW
    lanes = [(lane.name, list(_placed(lane.entries, scale))) for lane in chart.lanes]
    heights = [10 + _ROW * (1 + max((row for *_, row in dots), default=0)) for _, dots in lanes]
    bottom = head + sum(heights)
    parts = [_outage(chart, scale, (head, bottom), colors)]
    parts.append(_text((0, 12), _outside(chart, scale), colors["text.second"]))
    for tick in ticks(scale, _WIDTH, chart.zone, 96.0):
        x = scale.x(tick.at)
        parts.append(_line((x, head), (x, bottom), colors["grid"], 1))
        parts.append(_text((x, 12), tick.label, colors["text.second"], "middle"))
    for words, x, anchor, row in flags:
        at = head - 5 - row * _LABEL_ROW
        parts.append(_line((x, at - 9), (x, bottom), colors["text.second"], 1))
        parts.append(_text((x + _BESIDE[anchor], at), words, colors["text"], anchor))
    y = head
    for (name, dots), height in zip(lanes, heights, strict=True):
        color = colors[f"lane.{name}"]
        parts.append(_line((0, y), (_WIDTH, y), colors["border.soft"], 1))
        parts.append(_text((0, y + height / 2 + 4), LANE_WORDS[name], color, bold=True))
        for dot in dots:
            parts += _moment(dot, scale, y, (color, colors["ground"]), block)
        y += height
    parts.append(_line((0, y), (_WIDTH, y), colors["border"], 1))
    return _svg(parts, y + 2, block.caption or "Timeline by lanes")


def _outside(chart: Chart, scale: Scale) -> str:
    """How many moments the axis does not reach, so that none seems forgotten."""
    before = sum(1 for entry in chart.order if scale.x(entry.start) < _GUTTER)
    after = sum(1 for entry in chart.order if scale.x(entry.start) > _WIDTH)
    said = (f"{before} earlier" if before else "", f"{after} later" if after else "")
    return ", ".join(words for words in said if words)


def _placed(entries: tuple[Entry, ...], scale: Scale) -> Iterator[tuple[Entry, float, int]]:
    """Each moment in view with its x and a row; what finds no row lies on the last."""
    ends = [float("-inf")] * _MOST_ROWS
    for entry in entries:
        x = scale.x(entry.start)
        if _GUTTER <= x <= _WIDTH:
            free = (r for r, end in enumerate(ends) if end + 2 * _DOT + 2 <= x)
            row = next(free, _MOST_ROWS - 1)
            ends[row] = max(x, min(scale.x(entry.end), _WIDTH))
            yield entry, x, row


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
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_DOT:g}" fill="{color}"/>'
    number = str(block.numbers[entry.moment.id])
    yield _text((x, y + 4), number, ground, "middle", bold=True)


def _flags(places: list[tuple[float, str]], width: float) -> Iterator[tuple[str, float, str, int]]:
    """Words, the x of their line, the side they stand on and their row; none covers another."""
    begins: list[float] = []
    found: list[tuple[str, float, str, int]] = []
    # From right to left: no line then rises through the words of a later one.
    for x, words in reversed(places):
        wide = len(words) * _LETTER + 8
        anchor = "start" if x + wide <= width else "end"
        left = x if anchor == "start" else x - wide
        crossed = max((row for _, at, _, row in found if left < at < left + wide), default=-1)
        free = (r for r, begin in enumerate(begins) if r > crossed and left + wide <= begin)
        row = next(free, len(begins))
        begins[row : row + 1] = [left]
        found.append((words, x, anchor, row))
    yield from reversed(found)


def _band(scale: Scale, strip: Strip, y: float, colors: Colors) -> str:
    if strip.begins is None:
        return ""
    begin = scale.x(strip.begins.timestamp())
    end = _WIDTH if strip.ends is None else scale.x(strip.ends.timestamp())
    return _rect((begin, y - 9), (max(end - begin, 0.0), 18), colors["lane.impact.ground"])


def _outage(chart: Chart, scale: Scale, span: tuple[float, float], colors: Colors) -> str:
    if chart.began is None:
        return ""
    begin = max(scale.x(chart.began), _GUTTER)
    end = _WIDTH if chart.resolved is None else min(scale.x(chart.resolved), _WIDTH)
    size = (max(end - begin, 0.0), span[1] - span[0])
    return _rect((begin, span[0]), size, colors["outage"])


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
