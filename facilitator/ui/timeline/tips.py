"""What a tool tip says over the timeline: the whole text, when, in which lane, and from where."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from facilitator.model.figures import key_name
from facilitator.model.records import Moment
from facilitator.model.timeline_layout import Chart
from facilitator.model.timeline_picture import LanePicture
from facilitator.model.times import clock_text
from facilitator.ui.timeline.view import View
from facilitator.ui.timeline.words import LANE_NAMES, when_text

_LONGEST = 1200


def tip_at(view: View, x: float, y: float) -> str:
    """The tool tip for a point of the canvas, escaped so that it shows as typed; "" for none."""
    picture = view.picture()
    under = picture.lane_at(y)
    for cluster in under.clusters if under else ():
        if cluster.box.holds(x, y):
            return _paragraphs([f"{cluster.group.size} more here. Click to look closer."])
    card = picture.card_at(x, y)
    if card is not None:
        return _paragraphs(moment_lines(card.moment, view.chart.zone))
    for flag in picture.flags:
        near = abs(flag.x - x) <= 3 and y < picture.lanes_bottom
        if near or (flag.box is not None and flag.box.holds(x, y)):
            return _paragraphs(_flag_lines(view.chart, flag.mark.moment, flag.mark.name))
    lane = picture.lane_at(y)
    return _paragraphs(_lane_lines(view, lane, x)) if lane else ""


def moment_lines(moment: Moment, zone: str) -> list[str]:
    """A moment in full: words, time, lane, and where it comes from."""
    text = moment.text if len(moment.text) <= _LONGEST else moment.text[:_LONGEST] + "…"
    lane = LANE_NAMES[moment.lane]
    if moment.key:
        lane = f"{lane} · {key_name(moment.key)}"
    lines = [text, when_text(moment, zone), lane, moment.provenance.capitalize()]
    if moment.source:
        where = f", line {moment.line}" if moment.line is not None else ""
        lines[-1] = f"{lines[-1]}: {moment.source}{where}"
    if moment.original and moment.original.strip() != moment.text:
        lines.append(moment.original[:_LONGEST])
    return lines


def _flag_lines(chart: Chart, moment_id: str, name: str) -> list[str]:
    entry = chart.find(moment_id)
    if entry is None:
        return [name, "From the incident's form; no moment is marked so."]
    return [name, *moment_lines(entry.moment, chart.zone)]


def _lane_lines(view: View, lane: LanePicture, x: float) -> list[str]:
    if x < view.sizes.gutter and lane.before:
        return [f"{lane.before} earlier. Click to see the latest of them."]
    if x >= view.sizes.plot_right and lane.after:
        return [f"{lane.after} later. Click to see the next of them."]
    if lane.name == "signal" and view.curves.series and x >= view.sizes.gutter:
        return _curve_lines(view, x)
    if lane.counts:
        return ["Too many moments to show as cards. Click to look closer."]
    return []


def _curve_lines(view: View, x: float) -> list[str]:
    lines = []
    for number, series in enumerate(view.curves.series):
        at, value = view.curves.value_at(number, view.scale.at(x))
        when = clock_text(datetime.fromtimestamp(at, UTC), view.chart.zone)
        lines.append(f"{series.name}: {value:.4g} {series.unit} at {when}")
    return lines


def _paragraphs(lines: list[str]) -> str:
    # Tool tips read markup: what people typed is escaped, and shows as typed.
    return "".join(f"<p style='margin:0'>{_shown(line)}</p>" for line in lines if line)


def _shown(line: str) -> str:
    return escape(line).replace("\n", "<br>")
