"""Metric curves as the report tells them: what each showed at the key moments, in words too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from math import floor, isfinite, log10
from operator import itemgetter
from typing import Final

from facilitator.model.records import Series
from facilitator.model.timeline_layout import Chart
from facilitator.model.times import clock_text
from facilitator.report.blocks import Block, Heading, MetricChart, MetricNote, Text
from facilitator.report.phrasing import KEY_WORDS, listed, lower_first

_DIGITS: Final = 3
_MOST_DECIMALS: Final = 6
# A unit that is a sentence stands in the title alone.
_LONGEST_UNIT: Final = 12
# What a clock can say: 1900 to 2200, in seconds since the epoch.
_FIRST: Final = -2_208_988_800.0
_LAST: Final = 7_258_118_400.0


def metrics(chart: Chart) -> Iterator[Block]:
    """A heading and a chart for each curve; nothing when there is none."""
    if not chart.series:
        return
    yield Heading("Metrics")
    for series in chart.series:
        yield Text(f"{series.name} ({series.unit})" if series.unit else series.name, "strong")
        notes = tuple(_notes(series, chart))
        yield MetricChart(series, chart, notes, _caption(series, notes, chart))


def number_text(value: float) -> str:
    """A measured value with three digits that count: 9.72, 1,060, 0.0123."""
    size = abs(value)
    if not isfinite(value) or (size and not 10.0**-_MOST_DECIMALS <= size < 1e15):
        return f"{value:.{_DIGITS}g}"
    decimals = _DIGITS - 1 - floor(log10(size)) if size else 0
    said = f"{value:,.{min(max(decimals, 0), _MOST_DECIMALS)}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _notes(series: Series, chart: Chart) -> Iterator[MetricNote]:
    """The key moments with the value at each, and where the curve was farthest from its start."""
    shown = span(series, chart)
    found = [
        MetricNote(mark.at, KEY_WORDS.get(mark.key, mark.name), _measured(series, mark.at))
        for mark in chart.marks
        if shown[0] <= mark.at <= shown[1]
    ]
    seen = [p for p in series.points if shown[0] <= p[0] <= shown[1] and isfinite(p[1])]
    if seen:
        first = seen[0][1]
        at, value = max(seen, key=lambda point: abs(point[1] - first))
        if value != first:
            found.append(MetricNote(at, "Highest" if value > first else "Lowest", (at, value)))
    yield from sorted(found, key=lambda note: note.at)


def span(series: Series, chart: Chart) -> tuple[float, float]:
    """The times that a chart shows: those of the timeline's chart, else the curve's own."""
    first, last = series.points[0][0], series.points[-1][0]
    window = chart.window()
    if window is not None and first <= window[1] and last >= window[0]:
        return window
    return first, last


def _measured(series: Series, at: float) -> tuple[float, float] | None:
    """The point measured nearest to a time; None before the first and after the last."""
    points = series.points
    if not points[0][0] <= at <= points[-1][0]:
        return None
    place = bisect_left(points, at, key=itemgetter(0))
    found = min(points[max(place - 1, 0) : place + 1], key=lambda point: abs(point[0] - at))
    return found if isfinite(found[1]) else None


def _caption(series: Series, notes: tuple[MetricNote, ...], chart: Chart) -> str:
    unit = f" {series.unit}" if 0 < len(series.unit) <= _LONGEST_UNIT else ""
    said = [
        f"{lower_first(note.words)} {number_text(note.point[1])}{unit} "
        f"({_clock(note.at, chart.zone)})"
        for note in notes
        if note.point is not None
    ]
    words = [
        f"Measured: {listed(said)}." if said else "",
        "The shaded span is the impact." if chart.began is not None else "",
        f"From {series.source}." if series.source else "",
    ]
    return " ".join(word for word in words if word)


def _clock(at: float, zone: str) -> str:
    return clock_text(datetime.fromtimestamp(min(max(at, _FIRST), _LAST), UTC), zone)


def note_text(note: MetricNote) -> str:
    """What stands at a note: its words and the value."""
    return note.words if note.point is None else f"{note.words}: {number_text(note.point[1])}"
