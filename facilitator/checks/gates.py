"""What a report lacks before it can be frozen and signed, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facilitator.checks.signers import signers
from facilitator.checks.wording import OpenHint
from facilitator.model.document import Document
from facilitator.model.edits.fixes import fix_gaps, the_fix
from facilitator.model.edits.whys import children
from facilitator.model.records import FollowUp, Incident, Moment, Person, Waiver, Why
from facilitator.model.redact import role_title

_SHORT = 60
_HEARD = {"jargon": "is not plain for leadership", "person-name": "is a name"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stands in the way of signing; `where` is kind:id:field or a board's name."""

    sentence: str
    where: str


def gates(document: Document, open_hints: Sequence[OpenHint]) -> tuple[Gap, ...]:
    """Everything that stands between this document and a signature; empty when nothing does."""
    return (
        *_hint_gaps(open_hints),
        *_section_gaps(document),
        *_cause_gaps(document),
        *_fix_gaps(document),
        *_signer_gaps(document),
    )


def _hint_gaps(open_hints: Sequence[OpenHint]) -> list[Gap]:
    return [
        Gap(
            f"“{_short(each.hint.text)}” {_HEARD.get(each.hint.family, 'may read as blame')}: "
            "reword it or keep it with a reason.",
            each.key,
        )
        for each in open_hints
    ]


def _section_gaps(document: Document) -> list[Gap]:
    incident = document.incident
    wanted = (
        (incident.severity, "Set the severity.", "severity"),
        (incident.summary, "Write the summary: what happened, in plain words.", "summary"),
        (has_impact(incident), "Say what the impact was.", "impact"),
    )
    gaps = [Gap(say, _field(document, name)) for value, say, name in wanted if not value]
    if incident.severity == "P3" and not incident.reason:
        gaps.append(Gap("Say why a P3 gets a post-mortem.", _field(document, "reason")))
    if not any(m.at is not None for m in document.all(Moment)):
        gaps.append(Gap("Put at least one moment with a time on the timeline.", "timeline"))
    return gaps


def _cause_gaps(document: Document) -> list[Gap]:
    incident = document.incident
    gaps = []
    if not incident.level:
        sentence = "Answer the one question: which chain level was missing?"
        gaps.append(Gap(sentence, _field(document, "level")))
    if incident.not_reached:
        return gaps
    if not any(w.root_cause for w in document.all(Why)):
        gaps.append(
            Gap("Mark the root cause in the 5 Whys, or say why it was not reached.", "whys")
        )
    if not incident.why_allowed and not _has_answers(document):
        gaps.append(Gap("Say why the system allowed it.", _field(document, "why_allowed")))
    return gaps


def _fix_gaps(document: Document) -> list[Gap]:
    fix = the_fix(document)
    if not fix.change and document.incident.not_reached:
        return []
    missing = fix_gaps(fix)
    if not fix.change:
        return [Gap("Agree on one structural fix, or say why none was reached.", "fix")]
    return [Gap(f"The structural fix still lacks {words}.", "fix") for words in missing]


def _signer_gaps(document: Document) -> list[Gap]:
    gaps = []
    for role, person in signers(document).items():
        if person is not None:
            continue
        told = any(p.role == role for p in document.all(Person))
        gaps.append(Gap(_unsigned(role_title(role), told), "people"))
    return gaps


def _unsigned(role: str, told: bool) -> str:
    if told:
        return f"{role}: who was only told of the meeting cannot sign. Name somebody who can."
    return f"{role}: name the person who signs."


def wishes(document: Document) -> tuple[FollowUp, ...]:
    """Actions without an owner or a date, which the report shows as wishes."""
    return tuple(f for f in document.all(FollowUp) if not (f.owner and f.due))


def silenced(document: Document) -> tuple[Waiver, ...]:
    """Waivers that silence a whole rule, not just one sentence."""
    return tuple(w for w in document.all(Waiver) if not w.record)


def has_impact(incident: Incident) -> bool:
    """Whether anything is said about the impact, in words or as a number of people."""
    return bool(incident.impact) or incident.users_affected is not None


def _has_answers(document: Document) -> bool:
    return any(children(document, effect.id) for effect in children(document, ""))


def _field(document: Document, name: str) -> str:
    return f"incident:{document.incident.id}:{name}"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
