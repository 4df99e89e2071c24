"""What the report's widgets let others do: functions of values that know no widget or session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from facilitator.model.document import Document
from facilitator.report.proofs import Proofs
from facilitator.settings import Settings
from facilitator.store.problems import LibraryProblem, NotSaved
from facilitator.ui.resting import collector_rests

if TYPE_CHECKING:
    from facilitator.report.identity import Identity
    from facilitator.report.verdict import Verdict

_LARGEST_KEY = 1_000_000
NO_SETTINGS = Settings()
Head = tuple[int, str]
# A head of the journal is of one content; there are as many as revisions in one sitting.
_NUMBERS: Final[dict[tuple[Head, int], str]] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """A report to be made: of what, as draft or final, as which revision, at what time (UTC)."""

    document: Document
    head: Head
    at: datetime
    revision: int = 1
    final: bool = False
    changed: Callable[[], tuple[str, ...]] = tuple  # reads the journal


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made, not yet on disk."""

    order: Order
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what verifying it found."""

    path: Path
    verdict: Verdict
    notes: tuple[str, ...] = ()
    """What could not be had while it was made."""


@collector_rests
def make_report(order: Order) -> Made:
    """The report as PDF. Raises ReportError."""
    from facilitator.report.pdf import render_report

    pdf = render_report(
        order.document,
        final=order.final,
        head=order.head,
        at=order.at,
        revision=order.revision,
        changed=order.changed(),
    )
    if order.final:
        # Asked for at each signature, when the window would wait for it.
        report_number(order)
    return Made(order, pdf)


def report_number(order: Order) -> str:
    """The document number that the final report of this order carries."""
    from facilitator.report.content import edition_of

    key = (order.head, order.revision)
    if key not in _NUMBERS:
        edition = edition_of(
            order.document, final=True, head=order.head, at=order.at, revision=order.revision
        )
        _NUMBERS[key] = edition.number
    return _NUMBERS[key]


def save_file(path: Path, data: bytes) -> Path:
    """Put the bytes in this file, whole or not at all. Raises OSError."""
    from facilitator.report.identity import write_private

    write_private(path, data, replace=True)
    return path


@collector_rests
def verify_file(
    path: Path, cards: Sequence[Path] = (), settings: Settings = NO_SETTINGS
) -> Checked:
    """What is to be said about a PDF, with what the settings say of timestamp services and revoked
    certificates. Raises OSError, and ReportError on a card or file that is of no use.
    """
    from facilitator.report.verify import LARGEST_PDF

    with path.open("rb") as file:
        pdf = file.read(LARGEST_PDF + 1)
    return Checked(path, verdict_on(pdf, settings, cards))


def verdict_on(pdf: bytes, settings: Settings, cards: Sequence[Path] = ()) -> Verdict:
    """The verdict as `verify_file` gives it. Raises as it does."""
    from facilitator.report.verify import verify_pdf

    return verify_pdf(
        pdf,
        [small_file(card) for card in cards],
        services=[small_file(file) for file in settings.files_of("timestamp_trust")],
        revocation=[file.read_bytes() for file in settings.files_of("revocation_files")],
    )


def proofs_of(settings: Settings) -> Proofs:
    """What a signature is to bring along. Raises OSError when a file is not there any more."""
    return Proofs(
        timestamp_url=settings.timestamp_url,
        files=tuple(file.read_bytes() for file in settings.files_of("revocation_files")),
        fetch=settings.revocation_fetch,
    )


@collector_rests
@collector_rests
def stamp_file(path: Path, target: Path, settings: Settings) -> Checked:
    """Write the signed report with one more archive timestamp to `target`.

    Raises ReportError or OSError, and TimestampFailed when the service does not serve.
    """
    from facilitator.report.sign import add_timestamp

    notes: list[str] = []
    stamped = add_timestamp(path.read_bytes(), proofs_of(settings), notes.append)
    save_file(target, stamped)
    return Checked(target, verdict_on(stamped, settings), tuple(notes))


def check_services(path: Path) -> None:
    """Raise ReportError unless a file holds certificates to trust, or OSError."""
    from facilitator.report.identity import read_certificates

    read_certificates(small_file(path))


def check_revocation(path: Path) -> None:
    """Raise ReportError unless a file holds revocation data, or OSError."""
    from facilitator.report.material import read_files

    read_files([path.read_bytes()])


def make_identity(path: Path, name: str, role: str, email: str, passphrase: str) -> Identity:
    """Make an identity, in a new file of its owner alone. Raises ReportError or OSError."""
    from facilitator.report.identity import create_identity, read_identity, write_private

    data = create_identity(name, role, email, passphrase)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, data)
    return read_identity(data)


def make_card(identity: Path, target: Path) -> Path:
    """Write what to hand out of an identity: no secret in it. Raises ReportError or OSError."""
    from facilitator.report.identity import card

    target.write_bytes(card(small_file(identity)))
    return target


def whose(path: Path) -> str:
    """Whose identity a file holds, in words; empty when only its passphrase tells."""
    from facilitator.report.errors import BadIdentity
    from facilitator.report.fields import ROLE_TITLES
    from facilitator.report.identity import is_p12, read_identity

    try:
        data = small_file(path)
        if is_p12(data):
            return ""
        found = read_identity(data)
    except BadIdentity as problem:
        return problem.sentence
    title = ROLE_TITLES.get(found.role, found.role)
    return f"{found.name}, {title.lower()}" if title else found.name


def fingerprint_in(path: Path) -> str:
    """The fingerprint in an identity file or card, in groups to read aloud; empty without one."""
    from facilitator.report.errors import BadIdentity
    from facilitator.report.identity import fingerprint_text, read_identity

    try:
        return fingerprint_text(read_identity(small_file(path)).fingerprint)
    except BadIdentity:
        return ""


def sentence_of(error: Exception) -> str:
    """What to tell of a foreseen failure; raises it again when it is none."""
    from facilitator.report.errors import ReportError

    if isinstance(error, ReportError):
        return error.sentence
    if isinstance(error, (LibraryProblem, NotSaved)):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Nothing was changed."
    raise error


def small_file(path: Path) -> bytes:
    """The start of a file that ought to be small: an identity or a card. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_LARGEST_KEY)
