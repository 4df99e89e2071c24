"""One signature as the window orders it: values for another thread, which knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from facilitator.model.clean import clean_line
from facilitator.settings import Settings
from facilitator.ui.report.work import (
    NO_SETTINGS,
    Checked,
    proofs_of,
    save_file,
    small_file,
    verdict_on,
)
from facilitator.ui.resting import collector_rests

if TYPE_CHECKING:
    from facilitator.report.ink import Ink
    from facilitator.report.proofs import Proofs
    from facilitator.report.token import TokenKey


@dataclass(frozen=True, slots=True)
class FileKey:
    """An identity file or a .p12, with its passphrase."""

    path: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardKey:
    """A key on a card or token, with the PIN; empty where the reader asks for it."""

    key: TokenKey
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOrder:
    """Who signs which file in which role, and where the signed one goes."""

    pdf: Path
    role: str
    target: Path
    key: FileKey | CardKey
    ink: Ink | None = None
    settings: Settings = NO_SETTINGS
    without: bool = False
    """No timestamp is wanted, whatever the settings say."""


@collector_rests
def get_ready() -> None:
    """Load what signing needs, which takes a while, before the passphrase is typed."""
    from facilitator.report import pades, sign, verify  # noqa: F401


@collector_rests
def sign_file(order: SignOrder) -> Checked:
    """Sign the report, write it to its place and look at it once more. Raises ReportError.

    It raises TimestampFailed when the timestamp service does not serve, unless it need not.
    """
    from facilitator.report.errors import TimestampFailed

    pdf, proofs = order.pdf.read_bytes(), proofs_of(order.settings)
    notes: list[str] = []
    if order.without:
        proofs = replace(proofs, timestamp_url="")
    try:
        signed = _signed(order, pdf, proofs, notes)
    except TimestampFailed as problem:
        if not order.settings.sign_without_timestamp:
            raise
        notes.append(problem.sentence)
        signed = _signed(order, pdf, replace(proofs, timestamp_url=""), notes)
    save_file(order.target, signed)
    return Checked(order.target, verdict_on(signed, order.settings), tuple(notes))


def _signed(order: SignOrder, pdf: bytes, proofs: Proofs, notes: list[str]) -> bytes:
    from facilitator.report.sign import sign_as, sign_pdf
    from facilitator.report.token import Token

    key, ink, tell = order.key, order.ink, notes.append
    if isinstance(key, FileKey):
        file = small_file(key.path)
        return sign_pdf(pdf, file, key.passphrase, order.role, ink=ink, proofs=proofs, tell=tell)
    ready = partial(Token, key.key, key.pin)
    return sign_as(pdf, ready, order.role, ink=ink, proofs=proofs, tell=tell)


@dataclass(frozen=True, slots=True)
class Found:
    """What a module found: keys, best first, or a sentence why there are none."""

    module: Path
    keys: tuple[TokenKey, ...]
    problem: str = ""


def look_for_keys(module: Path) -> Found:
    """What is on the tokens of a module now; may take seconds."""
    from facilitator.report.errors import ReportError
    from facilitator.report.token import look

    try:
        return Found(module, look(module))
    except ReportError as problem:
        return Found(module, (), problem.sentence)


def names_of(keys: Sequence[TokenKey]) -> list[str]:
    """A short line about each key: its label, whose it is, and its token."""
    return [
        clean_line(f"{key.label or 'Key'}: {key.identity.name}, on “{key.token}”") for key in keys
    ]


def modules_here() -> list[tuple[str, Path]]:
    """The PKCS#11 modules that this computer has, with their names."""
    from facilitator.report.token_modules import known_modules

    return known_modules()


def make_token_card(key: TokenKey, target: Path) -> Path:
    """Write what to hand out of a key on a token: no secret in it. Raises OSError."""
    from facilitator.report.identity import card_of

    target.write_bytes(card_of([key.cert, *key.chain]))
    return target
