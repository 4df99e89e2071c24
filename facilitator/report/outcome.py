"""Section 5: the fix, actions, the parking lot and the sign-off; then where it all comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from facilitator.model.document import Document
from facilitator.model.edits.fixes import the_fix
from facilitator.model.figures import FIGURES, key_name
from facilitator.model.records import FollowUp, Moment, Parked, Person, Series, Waiver
from facilitator.model.redact import role_title
from facilitator.model.times import zone_of
from facilitator.report.blocks import (
    Block,
    Bullets,
    Callout,
    Cell,
    Edition,
    Heading,
    Pairs,
    Row,
    SignField,
    SignFields,
    Table,
    Text,
)
from facilitator.report.chapters import roles_present
from facilitator.report.phrasing import (
    ARTEFACT_WORDS,
    DESTINATION_WORDS,
    KIND_WORDS,
    STATUS_WORDS,
    due_text,
    full_time,
    held_at,
    listed,
    owners,
    sentence,
    upper_first,
)
from facilitator.report.record import history, meeting_record


def outcome(
    document: Document,
    people: Mapping[str, Person | None],
    edition: Edition,
    *,
    overlap: bool = False,
) -> Iterator[Block]:
    """Section 5 of a redacted document; `people` are the signers by role, with their names.

    `overlap` says that the facilitator also responded to the incident.
    """
    yield Heading("The structural fix")
    yield from _fix(document)
    yield Heading("Actions")
    yield from _actions(document)
    parked = sorted(document.all(Parked), key=lambda p: (p.rank, p.id))
    if parked:
        yield Heading("Parking lot")
        yield Bullets(tuple(f"{p.text} ({DESTINATION_WORDS[p.destination]})" for p in parked))
    yield Heading("Sign-off")
    yield from _sign_off(document, people, edition)
    if overlap:
        yield Text("The facilitator of the review also responded to the incident.", "small")


def sources(document: Document, edition: Edition, boxed: str = "") -> Iterator[Block]:
    """The appendix: how to check this file, how figures are made, where each moment is from."""
    yield Heading("How to check this report")
    yield Bullets(_check_steps(edition))
    yield Pairs(
        (
            ("Document", edition.number),
            ("SHA-256 of incident.json", edition.sha256),
            ("Steps in the journal", f"{edition.head[0]:,}"),
            ("SHA-256 of the newest", edition.head[1] or "none"),
            ("Made", full_time(edition.at, document.incident.zone)),
            ("Took part", roles_present(document)),
        )
    )
    yield from history(document, edition)
    yield from meeting_record(document, edition)
    missing = _missing_inputs(document)
    if missing:
        yield Heading("Not available at the meeting")
        yield Bullets(missing)
    waivers = document.all(Waiver)
    if waivers:
        yield Heading("Wording kept as said")
        yield Bullets(tuple(_waiver(waiver) for waiver in waivers))
    if boxed:
        yield Heading("Characters shown as boxes")
        codes = [f"U+{ord(char):04X}" for char in sorted(boxed)]
        yield Text(
            f"No bundled typeface has {listed(codes)}; each stands as a box on these pages, and as "
            "it was typed in incident.json."
        )
    yield Heading("How the figures are computed")
    yield Pairs(tuple(_definitions()))
    yield from _provenance(document)


def _fix(document: Document) -> Iterator[Block]:
    fix = the_fix(document)
    if not fix.change:
        reason = document.incident.not_reached
        yield Callout(
            "Not reached in this meeting." if reason else "Not agreed yet.",
            (reason,) if reason else (),
            tone="plain",
        )
        return
    held = held_at(document).astimezone(zone_of(document.incident.zone)).date()
    artefact = f" {fix.artefact}" if fix.artefact else ""
    kind = ARTEFACT_WORDS.get(fix.artefact_kind, "")
    yield Callout(sentence(fix.change), (), "", "fix")
    yield Pairs(
        (
            ("Changes", upper_first(f"{kind}{':' if kind and artefact else ''}{artefact}".strip())
             or "no artefact named"),
            ("Owner", owners(fix)),
            ("Due", due_text(fix.due, held)),
            ("It holds if", fix.check or "no check named"),
            ("Ticket", fix.ticket or "not filed"),
        )
    )  # fmt: skip


def _actions(document: Document) -> Iterator[Block]:
    actions = sorted(document.all(FollowUp), key=lambda a: (a.rank, a.id))
    if not actions:
        yield Text("No supporting action was agreed.")
        return
    held = held_at(document).astimezone(zone_of(document.incident.zone)).date()
    rows = []
    for number, action in enumerate(actions, start=1):
        is_wish = not (action.owner and action.due)
        kind = KIND_WORDS.get(action.kind, "")
        check = f"\nCheck: {action.check}" if action.check else ""
        rows.append(
            Row(
                (
                    Cell(str(number), "second"),
                    Cell(f"{action.text}{check}", "body", "Wish" if is_wish else "", "wish"),
                    Cell(kind or "–", "second"),
                    Cell(owners(action), "body" if action.owner else "second"),
                    Cell(due_text(action.due, held), "body" if action.due else "second"),
                    Cell(STATUS_WORDS[action.status]),
                    Cell(action.ticket or "not filed", "body" if action.ticket else "second"),
                )
            )
        )
    if any(not (a.owner and a.due) for a in actions):
        yield Text("A wish has no owner or no date; nobody has promised it.", "second")
    yield Table(
        ("No.", "Action", "Kind", "Owner", "Due", "Status", "Ticket"),
        tuple(rows),
        (0.055, 0.315, 0.13, 0.16, 0.13, 0.1, 0.11),
        frozenset((0,)),
    )


def _sign_off(
    document: Document, people: Mapping[str, Person | None], edition: Edition
) -> Iterator[Block]:
    yield Text(
        "A signature says: this is what the meeting found, the fix and its owner are agreed, and "
        "the wording blames nobody. It covers every page and the attached incident.json."
    )
    fields = tuple(
        SignField(role, role_title(role), person.name if person else "nobody named")
        for role, person in people.items()
    )
    yield SignFields(fields, edition.is_final)
    if not edition.is_final:
        yield Text("This is a draft. The places to sign come with the final report.", "small")
    told = [p for p in document.all(Person) if p.notified]
    if told:
        roles = ", ".join(upper_first(p.title) or role_title(p.role) for p in told)
        yield Text(f"Told of the review: {roles}.", "small")


def _check_steps(edition: Edition) -> tuple[str, ...]:
    signatures = (
        "Open the signature panel of a PDF reader: it names each signature and says whether the "
        "file was changed after it. A signer unknown to the reader is no sign of tampering."
    )
    return (
        signatures,
        "Compare each signer's fingerprint, in the mark of the signature, with the one that the "
        "person gave you.",
        f"Save the attachment incident.json; its SHA-256 is the number below. The document number "
        f"{edition.number} begins with its first 16 digits.",
    )


def _missing_inputs(document: Document) -> tuple[str, ...]:
    missing = []
    if not any(m.provenance == "recorded" for m in document.all(Moment)):
        missing.append("A timeline recorded during the incident: all moments are reconstructed.")
    if not any(s.points for s in document.all(Series)):
        missing.append("A metric from the time of the incident.")
    if not any(m.lane == "communication" for m in document.all(Moment)):
        missing.append("The record of what customers were told.")
    return tuple(missing)


def _waiver(waiver: Waiver) -> str:
    return f"{waiver.rule}: {waiver.reason}"


def _definitions() -> Iterator[tuple[str, str]]:
    for _, name, first, last in FIGURES:
        yield name, f"{key_name(last)} minus {key_name(first).lower()}"
    yield "Shares", "part divided by whole, in per cent with one decimal"
    yield "About", "one of the two times is not exact, or is a date only"


def _provenance(document: Document) -> Iterator[Block]:
    imported = [m for m in document.all(Moment) if m.source]
    curves = [s for s in document.all(Series) if s.source]
    if not imported and not curves:
        return
    yield Heading("Where the timeline comes from: each file and its SHA-256")
    digests = {m.source: m.digest for m in imported} | {s.source: s.digest for s in curves}
    yield Pairs(tuple((name, digest or "no digest was kept") for name, digest in digests.items()))
    if imported:
        yield Table(
            ("File", "Line", "As it stood there"),
            tuple(
                Row(
                    (
                        Cell(m.source, "second"),
                        Cell("" if m.line is None else str(m.line), "second"),
                        Cell(m.original or m.text, "mono"),
                    )
                )
                for m in imported
            ),
            (0.2, 0.08, 0.72),
            frozenset((1,)),
        )
