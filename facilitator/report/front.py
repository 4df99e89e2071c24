"""Page one: what happened, for whom, why the system allowed it and what changes; no names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Final

from facilitator.model.document import Document
from facilitator.model.edits.fixes import the_fix
from facilitator.model.figures import (
    DEADLINE_HOURS,
    began_at,
    deadline,
    figure,
    key_moments,
    resolved_at,
    share_text,
)
from facilitator.model.records import FollowUp, Why
from facilitator.model.redact import role_title
from facilitator.model.times import clock_text, day_text, length_text, zone_of, zone_text
from facilitator.report.blocks import (
    Block,
    Callout,
    Edition,
    Front,
    Heading,
    Roles,
    Strip,
    StripMark,
    Text,
    Tile,
    Tiles,
)
from facilitator.report.phrasing import (
    FACTS_APART,
    KEY_WORDS,
    NOT_KNOWN,
    count_text,
    due_text,
    held_at,
    key_time,
    listed,
    lower_first,
    owners,
    sentence,
    shortened,
    upper_first,
)

# More would be a list that nobody reads in a minute; section 5 has all.
_MOST_ACTIONS: Final = 5
_TONES: Final = {
    "merged": "lane.change",
    "deployed": "accent",
    "impact_began": "lane.impact",
    "system_knew": "lane.signal",
    "person_knew": "text",
    "mitigated": "root",
    "resolved": "root",
}


def front(document: Document, edition: Edition, most: int | None = None) -> Front:
    """Page one of a redacted document; no text on it is longer than `most` characters."""
    incident = document.incident
    return Front(
        meta=" · ".join(
            word
            for word in (
                "Incident review",
                incident.severity or "severity not set",
                day_text(held_at(document), incident.zone),
                f"revision {edition.revision}" if edition.revision > 1 else "",
                shortened(incident.organisation, most and most // 4),
                "example" if incident.sample else "",
                f"times in {zone_text(resolved_at(document) or held_at(document), incident.zone)}",
            )
            if word
        ),
        title=shortened(incident.title, most and max(most // 2, 90)),
        subtitle=_subtitle(document, edition),
        blocks=(*_replaced(edition), *_blocks(document, most)),
        foot=Roles(
            tuple(role_title(role) for role in edition.roles),
            "signs in section 5" if edition.is_final else "signs the final report",
        ),
    )


def _replaced(edition: Edition) -> Iterator[Block]:
    """That an earlier revision holds no more, and where the changes stand."""
    number = edition.revision
    if number > 1:
        where = "What changed stands under “Sources and how to check”." if edition.changed else ""
        yield Text(f"Revision {number} replaces revision {number - 1}. {where}".rstrip(), "strong")


def _subtitle(document: Document, edition: Edition) -> str:
    incident = document.incident
    due, held = deadline(document), incident.meeting_at
    parts = ["Blameless review"]
    if due is not None and held is not None:
        hours = DEADLINE_HOURS[incident.severity]
        late = held - due
        parts[0] += (
            f" held within {hours} hours."
            if late <= timedelta(0)
            else f" held {length_text(late)} after the {hours} hours allowed."
        )
    else:
        parts[0] += "."
    titles = [role_title(role) for role in edition.roles]
    if titles:
        said = [title if i == 0 else title.lower() for i, title in enumerate(titles)]
        verb = "sign" if edition.is_final else "sign the final report"
        parts.append(f"{listed(said)} {verb}.")
    return " ".join(parts)


def _blocks(document: Document, most: int | None) -> Iterator[Block]:
    incident = document.incident
    yield Tiles(_tiles(document))
    yield Heading("What happened")
    yield Text(shortened(incident.summary, most) or "No summary has been written yet.", "lead")
    strip = impact_strip(document)
    if strip is not None:
        yield strip
    yield Heading("Why the system allowed it")
    yield Text(shortened(why_allowed(document), most), "lead")
    yield Heading("The structural fix")
    yield _fix(document, most)
    heading, also = also_agreed(document, most)
    if also:
        yield Heading(heading)
        yield Text(shortened(" ".join(also), most), "lead")


def _tiles(document: Document) -> tuple[Tile, ...]:
    incident = document.incident
    zone = incident.zone
    affected = incident.users_affected
    began, resolved = began_at(document), resolved_at(document)
    duration, gap = figure(document, "duration"), figure(document, "detection_gap")
    knew = key_moments(document).get("person_knew")
    share = share_text(affected, incident.users_total)
    times = [clock_text(at, zone) for at in (began, resolved) if at is not None]
    return (
        Tile(
            NOT_KNOWN if affected is None else count_text(affected),
            f"{shortened(incident.users_word, 40)} affected",
            f"{share} of {count_text(incident.users_total)}" if incident.users_total else "",
        ),
        Tile(
            duration.text,
            "from impact to resolved",
            f"computed: {times[0]} to {times[1]}" if len(times) == 2 else "",
        ),
        Tile(
            NOT_KNOWN if incident.support_calls is None else count_text(incident.support_calls),
            "support calls",
            _calls_share(document),
        ),
        Tile(
            gap.text,
            "until a person knew",
            f"computed: {times[0]} to {key_time(knew, zone)}"
            if began is not None and knew is not None
            else "",
        ),
    )


def _calls_share(document: Document) -> str:
    incident = document.incident
    if incident.support_calls is None or not incident.users_affected:
        return ""
    return f"{share_text(incident.support_calls, incident.users_affected)} of those affected"


def impact_strip(document: Document) -> Strip | None:
    """The outage on one line, None when nobody knows when it began."""
    zone = document.incident.zone
    began, ended = began_at(document), resolved_at(document)
    if began is None:
        return None
    keys = key_moments(document)
    times = {key: moment.at for key, moment in keys.items() if moment.precision != "date"}
    times.setdefault("impact_began", began)
    if ended is not None:
        times.setdefault("resolved", ended)
    last = max(at for at in times.values() if at is not None)
    # What lies far before the outage would squeeze it to a line.
    room = max(last - began, timedelta(minutes=10)) / 2
    marks = [
        StripMark(at, KEY_WORDS[key], _strip_time(document, key, zone), _TONES[key])
        for key, at in times.items()
        if at is not None and at >= began - room
    ]
    return Strip(tuple(_joined(marks)), began, ended)


def _joined(marks: list[StripMark]) -> Iterator[StripMark]:
    """The marks in order of time, those of the same minute as one."""
    for _, group in groupby(sorted(marks, key=lambda m: m.at), key=lambda m: (m.time, m.at)):
        first, *others = group
        words = [first.label, *(lower_first(mark.label) for mark in others)]
        yield replace(first, label=listed(words))


def _strip_time(document: Document, key: str, zone: str) -> str:
    moment = key_moments(document).get(key)
    if moment is not None:
        return key_time(moment, zone)
    at = began_at(document) if key == "impact_began" else resolved_at(document)
    return clock_text(at, zone) if at is not None else NOT_KNOWN


def why_allowed(document: Document) -> str:
    """Why the system allowed it, in a sentence: as written, else the root causes of the tree."""
    incident = document.incident
    if incident.why_allowed:
        return incident.why_allowed
    roots = [sentence(why.text) for why in document.all(Why) if why.root_cause]
    if roots:
        return " ".join(roots)
    if incident.not_reached:
        return f"Not reached in this meeting: {incident.not_reached}"
    return "The root cause has not been marked yet."


def _fix(document: Document, most: int | None) -> Callout:
    fix = the_fix(document)
    incident = document.incident
    if not fix.change:
        reason = incident.not_reached
        return Callout(
            "Not reached in this meeting." if reason else "Not agreed yet.",
            (shortened(reason, most),) if reason else (),
            tone="plain",
        )
    held = held_at(document).astimezone(zone_of(incident.zone)).date()
    due = due_text(fix.due, held)
    facts = [
        f"Owner: {shortened(owners(fix), most and most // 2)}",
        f"Due {due}" if fix.due and due != "in force" else upper_first(due),
        f"Ticket {shortened(fix.ticket, most and most // 4)}" if fix.ticket else "Ticket not filed",
    ]
    check = f"Holds if: {fix.check}" if fix.check else ""
    return Callout(
        shortened(sentence(fix.change), most),
        (FACTS_APART.join(facts),),
        shortened(sentence(check), most),
    )


def _is_wish(action: FollowUp) -> bool:
    return not (action.owner and action.due)


def also_agreed(document: Document, most: int | None = None) -> tuple[str, list[str]]:
    """A heading, and a sentence for each of the first actions, wishes last, and for the rest."""
    incident = document.incident
    held = held_at(document).astimezone(zone_of(incident.zone)).date()
    actions = sorted(document.all(FollowUp), key=lambda a: (_is_wish(a), a.rank, a.id))
    said = []
    for action in actions[:_MOST_ACTIONS]:
        rest = "a wish: no owner or no date yet"
        if not _is_wish(action):
            rest = f"{owners(action)}, {due_text(action.due, held)}"
        words = shortened(action.text.rstrip(". "), most and most // 2)
        said.append(f"{words} ({shortened(rest, most and most // 3)}).")
    more = actions[_MOST_ACTIONS:]
    if more:
        wishes = sum(map(_is_wish, more))
        noted = f", {wishes} of them without owner or date" if wishes else ""
        said.append(f"Section 5 has {len(more)} more{noted}.")
    return "Also wished for" if all(map(_is_wish, actions)) else "Also agreed", said
