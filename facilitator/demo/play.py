"""Plays the demo meeting without a display, from the opening to a signed and verified report."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from facilitator.bundled import language_rules
from facilitator.commands.freezing import final_report, open_gates
from facilitator.commands.pages import picture_pages
from facilitator.commands.shared import FORESEEN, write_file
from facilitator.demo.incident import demo_edit
from facilitator.demo.meeting import SteppedClock, lead
from facilitator.exchange.json_document import creating, export_json, import_json
from facilitator.exchange.reading import read_source
from facilitator.exporting import form_of, source_of
from facilitator.model.edits.report import record_signature
from facilitator.model.records import Person
from facilitator.report import identity as identities
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from facilitator.session import Session
from facilitator.store.library import Library

_MARK: Final = ".facilitator-demo"
_BEGINS: Final = datetime(2026, 6, 18, 20, 58, tzinfo=UTC)
_MEETING: Final = datetime(2026, 6, 18, 21, 0, tzinfo=UTC)
_PATIENCE: Final = 300.0
# The forms beside the signed report, and how their files are called.
_FILES: Final = {
    "markdown": "report.md",
    "html": "report.html",
    "timesketch": "timeline.jsonl",
    "ics": "meeting.ics",
}


class DemoFailed(Exception):
    """Something did not come out as it should; the text is a sentence."""


@dataclass(slots=True)
class Stagehand:
    """What the steps share: where things lie, the library, the session, the signed report."""

    folder: Path
    clock: SteppedClock
    library: Library
    session: Session
    signed: bytes = b""
    cards: tuple[bytes, ...] = ()


def play(folder: Path, *, screens: bool = True) -> int:
    """Play the meeting into this folder, with a line for each step; 0 when all went well.

    Without `screens` only the report's pages are pictured.
    """
    folder = folder.expanduser().resolve()
    try:
        _make_room(folder)
        for number, (words, place) in enumerate(_steps(folder, screens), 1):
            where = f"  → {place}" if place else ""
            click.echo(f"{number:2}. {words}{where}")
    except (*FORESEEN, DemoFailed, click.ClickException, OSError) as problem:
        click.echo(f"The demo meeting failed: {problem}", err=True)
        return 1
    click.echo(f"Everything is in {folder}.")
    return 0


def _make_room(folder: Path) -> None:
    """An empty folder of ours; one that holds other things is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise DemoFailed(f"{folder} holds other files. Name an empty folder.")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()


def _steps(folder: Path, screens: bool) -> Iterator[tuple[str, Path | None]]:
    clock = SteppedClock(_BEGINS)
    file = folder / "library.sqlite"
    library = Library(file, now=clock)
    try:
        incident = library.create(demo_edit(clock().at))
        session = Session(library, incident)
        hand = Stagehand(folder, clock, library, session)
        yield f"Demo incident in a new library: {session.document.incident.title}", file
        yield from _meeting(hand)
        yield from _paper(hand)
        yield from _exports(hand)
        session.close()
        yield from _checks(hand)
    finally:
        library.close()
    if screens:
        yield from _screens(hand)
    # Last, so that the signed pages are those that stay.
    pages = picture_pages(hand.signed, hand.folder / "pictures")
    yield f"Pictures of {len(pages)} pages of the signed report", hand.folder / "pictures"


def _meeting(hand: Stagehand) -> Iterator[tuple[str, Path | None]]:
    hand.clock.step((_MEETING - hand.clock().at).total_seconds() / 60)
    for told in lead(hand.session, hand.clock, language_rules()):
        yield f"{told.phase}: {told.words}", None
    gaps = open_gates(hand.session.document)
    if gaps:
        raise DemoFailed(f"the gates are not passed: {gaps[0]}")
    yield "Gates: no open hint, one fix, all sections", None


def _paper(hand: Stagehand) -> Iterator[tuple[str, Path | None]]:
    pdf = final_report(hand.session, hand.clock().at)
    file = hand.folder / "report.pdf"
    write_file(file, pdf)
    yield "Final report, its revision frozen", file
    hand.signed = pdf
    for role in ("tech-lead", "on-call", "product-owner"):
        yield from _signature(hand, role)
    signed = hand.folder / "report-signed.pdf"
    write_file(signed, hand.signed)
    verdict = verify_pdf(hand.signed, hand.cards)
    if verdict.word != "good":
        raise DemoFailed(f"the signed report is {verdict.word}: {verdict.sentences[0]}")
    yield f"Verified: {verdict.word}; {verdict.sentences[0]}", signed
    flipped = bytearray(hand.signed)
    flipped[len(flipped) // 3] ^= 1
    verdict = verify_pdf(bytes(flipped), hand.cards)
    if verdict.holds:
        raise DemoFailed("a flipped byte in the report went unnoticed")
    yield f"One byte flipped: {verdict.word}", None


def _signature(hand: Stagehand, role: str) -> Iterator[tuple[str, Path | None]]:
    folder = hand.folder / "identities"
    folder.mkdir(mode=0o700, exist_ok=True)
    person = next(p for p in hand.session.document.all(Person) if p.role == role)
    passphrase = secrets.token_urlsafe(24)
    data = identities.create_identity(person.name, role, "", passphrase)
    file = folder / f"{role}.identity"
    identities.write_private(file, data)
    identities.write_private(folder / f"{role}.passphrase", f"{passphrase}\n".encode())
    card = identities.card(data)
    write_file(folder / f"{role}.card.pem", card)
    hand.cards = (*hand.cards, card)
    hand.signed = sign_pdf(hand.signed, data, passphrase, role)
    fingerprint = identities.read_identity(data).fingerprint
    hand.session.record(
        record_signature(hand.session.document, role, person.name, fingerprint, datetime.now(UTC))
    )
    yield f"Identity and signature of the {role.replace('-', ' ')}", file


def _exports(hand: Stagehand) -> Iterator[tuple[str, Path | None]]:
    hand.session.wait()
    document = hand.session.document
    file = hand.folder / "incident.json"
    write_file(file, export_json(document).encode())
    other = Library(hand.folder / "second-library.sqlite", now=hand.clock)
    try:
        again = other.create(creating(import_json(read_source(file)), ()))
        same = other.document(again) == document
    finally:
        other.close()
    if not same:
        raise DemoFailed("the JSON export came back different")
    yield "JSON export, brought into a second library: equal", file
    source = source_of(hand.session, hand.clock().at)
    for kind, name in _FILES.items():
        form, place = form_of(kind), hand.folder / name
        write_file(place, form.text(source).encode())
        yield form.words, place


def _checks(hand: Stagehand) -> Iterator[tuple[str, Path | None]]:
    found = hand.library.check()
    if not found.is_clean:
        raise DemoFailed(f"the library is not in order: {found.problems[0]}")
    yield f"Library checked: {found.entries} journal entries in order", None
    copy = hand.folder / "backup.sqlite"
    hand.library.backup(copy)
    yield "Backup of the library", copy


def _screens(hand: Stagehand) -> Iterator[tuple[str, Path | None]]:
    folder = hand.folder / "pictures"
    # In a process of its own: a machine without Qt's system libraries still gets all the rest.
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "facilitator", "pictures", "-o", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode == 0:
        yield f"Pictures of {len(done.stdout.splitlines())} screens and pages", folder
    elif _lacks_qt(done.stderr):
        yield "No pictures of the screens: Qt cannot start here", None
    else:
        raise DemoFailed(f"the pictures failed: {_last_line(done.stderr)}")


def _lacks_qt(said: str) -> bool:
    return any(
        words in said for words in ("cannot open shared object", "No module named 'PySide6'")
    )


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["without a word"])[-1]
