"""An incident that says names and chosen words in every text field of every kind of record."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

from facilitator.model.change import Change, Edit
from facilitator.model.records import (
    ClockMark,
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Series,
    Topic,
    Waiver,
    Why,
)

AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
NAMES = ("Ngaire Pohatu", "Ngaire", "Pohatu", "Tobias Kranz", "Tobias", "Kranz")
CHOSEN = ("Acme=the customer", "Blue Harbour=the site", "Zephyr", "PAY-77=a ticket")
SAID = (
    "Ngaire Pohatu told tobias kranz at Acme in Blue Harbour: zephyr and AcmePay are down,"
    " see PAY-77 or ask KRANZ (pohatu@acme.example)."
)
FREE = {
    Incident: (
        *("title", "reason", "organisation", "impact", "services", "users_word", "summary"),
        *("why_allowed", "went_well", "was_hard", "opening", "not_reached"),
    ),
    Topic: ("title", "question"),
    Moment: ("text", "source", "original"),
    Series: ("name", "unit", "source"),
    Why: ("text",),
    Fix: ("change", "artefact", "owner", "helpers", "check", "ticket"),
    FollowUp: ("text", "owner", "helpers", "check", "ticket"),
    Parked: ("text",),
    Waiver: ("reason",),
}


def naming_incident() -> Edit:
    """The edit that makes it."""
    records = [
        Incident(
            "acme-ngaire-1",
            "",
            AT,
            severity="P1",
            zone="Pacific/Auckland",
            started_at=AT,
            resolved_at=AT.replace(hour=9),
            meeting_at=AT.replace(day=19),
            users_affected=20,
            users_total=400,
            support_calls=3,
        ),
        Person("tobias", "Tobias Kranz", "tech-lead", "lead of Zephyr under Ngaire"),
        Person("pohatu", "Ngaire Pohatu", "on-call"),
        Topic("kranz-topic", "whys", "", "", 10),
        Moment("zephyr-m", "", "signal", AT, key="impact_began", line=3, digest="ab"),
        Moment("m2", "", "action", AT.replace(hour=9), key="resolved"),
        Series("acme-s", "", points=((AT.timestamp(), 1.0), (AT.timestamp() + 60, 9.0))),
        Why("root", ""),
        Why("tobias-why", "", "root", level="scope", root_cause=True),
        Evidence("e-acme", "tobias-why", "zephyr-m"),
        Fix("f", artefact_kind="checklist", due=date(2026, 6, 26), why="tobias-why"),
        FollowUp("u", "", due=date(2026, 6, 27)),
        Parked("p", ""),
        Waiver("w", "counterfactual", "", "zephyr-m", "text", "cd", AT),
        ClockMark("c", "start", AT, 9.0, "boot-of-kranz", 1, "kranz-topic"),
    ]
    said = [
        replace(record, **{f.name: SAID for f in fields(record) if f.name in FREE.get(kind, ())})
        for record in records
        for kind in [type(record)]
    ]
    return Edit("New incident", tuple(Change(None, record) for record in said))
