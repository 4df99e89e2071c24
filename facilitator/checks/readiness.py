"""What is ready for the next phase of the meeting, and what is still open, for the facilitator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from facilitator.checks.gates import has_impact, wishes
from facilitator.checks.signers import facilitator_responded, signers
from facilitator.checks.wording import OpenHint
from facilitator.model.document import Document
from facilitator.model.edits.fixes import fix_gaps, the_fix
from facilitator.model.edits.whys import evidence_of, leaves
from facilitator.model.figures import key_moments, order_problems
from facilitator.model.records import FollowUp, Moment, Why
from facilitator.model.redact import role_title

Hints = Sequence[OpenHint]
_MOST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One line of readiness; a private one is never projected."""

    text: str
    ok: bool
    private: bool = False


def readiness(
    document: Document, phase: str, open_hints: Hints = (), jargon: Sequence[str] = ()
) -> tuple[Check, ...]:
    """The checks of this phase (an id of PHASES), in a fixed order; empty for an unknown one.

    `jargon` are the words of the trade on page one, which is told before it is signed.
    """
    checks = _PHASES.get(phase)
    found = [] if checks is None else checks(document, open_hints)
    if phase == "sign":
        told = ", ".join(f"“{word}”" for word in jargon[:_MOST_WORDS])
        more = " and more" if len(jargon) > _MOST_WORDS else ""
        words = f" (not yet: {told}{more})" if jargon else ""
        found.append(Check(f"Page one is in plain words{words}", not jargon, private=True))
    return tuple(found)


def _restate(document: Document, _: Hints) -> list[Check]:
    incident = document.incident
    moments = document.all(Moment)
    is_apart = not facilitator_responded(document)
    return [
        Check("Severity is set", bool(incident.severity)),
        Check("The summary is written", bool(incident.summary)),
        Check("The impact is described", has_impact(incident)),
        Check("The timeline has a first moment", any(m.at is not None for m in moments)),
        Check("The facilitator did not respond to the incident", is_apart),
    ]


def _detection(document: Document, _: Hints) -> list[Check]:
    keys = key_moments(document)
    problems = order_problems(document)
    return [
        Check("When impact began is marked", "impact_began" in keys),
        Check("When the system knew is marked", "system_knew" in keys),
        Check("When a person knew is marked", "person_knew" in keys),
        Check(
            "When it was mitigated or resolved is marked",
            bool({"mitigated", "resolved"} & set(keys)),
        ),
        Check("Key moments are in order", not problems),
    ]


def _whys(document: Document, hints: Hints) -> list[Check]:
    answers = [w for w in document.all(Why) if w.parent]
    bare = sum(1 for w in answers if not evidence_of(document, w.id))
    personal = {each.record for each in hints if each.kind == "why" and _at_a_person(each)}
    ends = [w for w in leaves(document) if w.parent]
    systemic = any(w.root_cause and w.id not in personal for w in ends) or any(
        w.level and w.id not in personal for w in ends
    )
    stops = [w for w in ends if w.id in personal]
    return [
        Check("A branch ends at the system", systemic),
        Check("A root cause is marked", any(w.root_cause for w in answers)),
        Check(_counted("Evidence on every answer", bare, "without"), bool(answers) and not bare),
        Check(
            _counted("No answer stops at a person", len(stops), "does"),
            bool(answers) and not stops,
            private=True,
        ),
    ]


def _level(document: Document, _: Hints) -> list[Check]:
    answers = [w for w in document.all(Why) if w.parent]
    unset = sum(1 for w in answers if not w.level)
    return [
        Check("The missing chain level is chosen", bool(document.incident.level)),
        Check("A label is chosen", bool(document.incident.label)),
        Check(_counted("Every answer has a level", unset, "without"), bool(answers) and not unset),
    ]


def _fix(document: Document, _: Hints) -> list[Check]:
    fix = the_fix(document)
    gaps = set(fix_gaps(fix))
    if not fix.change and document.incident.not_reached:
        return [Check("Not reached, with a reason", True)]
    dreams = len(wishes(document))
    return [
        Check("One structural fix", "the change" not in gaps),
        Check("It changes a named artefact", "the artefact" not in gaps),
        Check("It has an owner", "an owner" not in gaps),
        Check("It has a date", "a date" not in gaps),
        Check("It has a check", "a check" not in gaps),
        Check(_counted("Every action has owner and date", dreams, "without"), not dreams),
    ]


def _sign(document: Document, hints: Hints) -> list[Check]:
    named = [
        Check(f"{role_title(r)} is named", p is not None) for r, p in signers(document).items()
    ]
    unfiled = sum(1 for f in document.all(FollowUp) if not f.ticket)
    return [
        *named,
        Check(
            _counted("Every hint is resolved or kept with a reason", len(hints), "open"),
            not hints,
            private=True,
        ),
        Check(_counted("Every action has a ticket", unfiled, "not filed"), not unfiled),
    ]


def _at_a_person(open_hint: OpenHint) -> bool:
    return open_hint.hint.names_person or open_hint.hint.family in ("person-fault", "person-name")


def _counted(text: str, count: int, word: str) -> str:
    return f"{text} ({count} {word})" if count else text


_PHASES: Final[dict[str, Callable[[Document, Hints], list[Check]]]] = {
    "restate": _restate,
    "detection": _detection,
    "whys": _whys,
    "level": _level,
    "fix": _fix,
    "sign": _sign,
}
