"""Where the key of a signature is: in an identity file, or on a token; with its secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from facilitator.commands.proving import or_without_timestamp
from facilitator.commands.shared import about, fail, passphrase, read_bytes, secret, warn

if TYPE_CHECKING:
    from facilitator.report.proofs import Proofs
    from facilitator.report.token import TokenKey

FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--key", default="", help="Its label or the start of its fingerprint."),
    click.option("--token", default="", help="The label of the token, where several are there."),
    click.option(
        "--pkcs11", "module", type=FILE, default=None, help="The PKCS#11 module of a card or token."
    ),
)


def token_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --pkcs11, --token and --key."""
    for option in _OPTIONS:
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Source:
    """The key that the options name, once `check` has found them in order."""

    identity: Path | None
    passphrase_file: Path | None
    module: Path | None
    token: str
    key: str
    pin_file: Path | None

    def check(self) -> None:
        """Refuse both an identity and a token, neither, and options that go with the other."""
        if (self.identity is None) == (self.module is None):
            fail("Name one key: an identity file with --identity, or a token with --pkcs11.")
        if self.module is not None and self.passphrase_file is not None:
            fail("--passphrase-file goes with --identity. A token has a PIN: --pin-file.")
        if self.identity is not None and (self.token or self.key or self.pin_file):
            fail("--token, --key and --pin-file go with --pkcs11. Leave them out.")

    def sign(self, file: Path, role: str, proofs: Proofs) -> bytes:
        """The report in a file with one more signature; what is wrong becomes a sentence."""
        pdf = read_bytes(file)
        if self.identity is not None:
            return self._with_identity(pdf, file, self.identity, role, proofs)
        if self.module is None:
            raise ValueError("check the options first")
        return self._with_token(pdf, file, self.module, role, proofs)

    def _with_identity(
        self, pdf: bytes, file: Path, identity: Path, role: str, proofs: Proofs
    ) -> bytes:
        from facilitator.report.errors import WrongPassphrase
        from facilitator.report.identity import is_p12, read_identity
        from facilitator.report.sign import sign_pdf

        key = read_bytes(identity)
        with about(identity):
            if not is_p12(key):
                read_identity(key)
        secret_words = passphrase(self.passphrase_file)
        with about(file):
            try:
                return or_without_timestamp(
                    proofs,
                    lambda those: sign_pdf(pdf, key, secret_words, role, proofs=those, tell=warn),
                )
            except WrongPassphrase as problem:
                fail(f"{identity}: {problem}")

    def _with_token(self, pdf: bytes, file: Path, module: Path, role: str, proofs: Proofs) -> bytes:
        from facilitator.report.errors import TokenFailed, WrongPin
        from facilitator.report.sign import sign_as
        from facilitator.report.token import Token

        key = find_key(module, self.token, self.key)
        # Asked for when all else is in order, and once, though a service may fail meanwhile.
        pin = cache(lambda: self._pin_of(key))
        with about(file):
            try:
                return or_without_timestamp(
                    proofs,
                    lambda those: sign_as(
                        pdf, lambda: Token(key, pin()), role, proofs=those, tell=warn
                    ),
                )
            except (TokenFailed, WrongPin) as problem:
                fail(f"{module}: {problem}")

    def _pin_of(self, key: TokenKey) -> str:
        from facilitator.report.token import describe

        warn(f"The key of {describe(key)}.")
        if key.advice:
            warn(key.advice)
        return secret(self.pin_file, "PIN") if key.asks_for_pin else ""


def find_key(module: Path, token: str, key: str) -> TokenKey:
    """The key on a token that is meant; a sentence about the module when there is no one."""
    from facilitator.report.token import choose, look

    with about(module):
        return choose(look(module), token, key)
