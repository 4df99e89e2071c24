"""Signing with a card or a token through its PKCS#11 module; the key never leaves the token.

Certificates are read without a PIN. The PIN goes to the token once, after everything else has
been checked, and a refusal is final: three wrong tries lock most tokens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from enum import IntFlag
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from facilitator.model.clean import clean_line
from facilitator.report import certificates
from facilitator.report.errors import BadIdentity, ReportError, TokenFailed, WrongPin
from facilitator.report.identity import Identity, fingerprint_text, identity_of
from facilitator.report.signing_keys import PublicKey, check_raw, public_key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cryptography import x509

# Some tokens think for ten seconds; a person at a PIN pad may take a minute.
_LOOK_SECONDS = 40
_SIGN_SECONDS = 120
_PROCESS = Path(__file__).with_name("token_process.py")
_LOCKED = (
    "The PIN of this token is locked after too many wrong tries. The program that came with the "
    "token unlocks it with the PUK; whoever issued the token can help."
)
_GONE = (
    "The token was taken out, or its reader was, so nothing was signed. "
    "Put it back, look again, and try once more."
)
_WRONG = {
    "PinIncorrect": "The token does not take this PIN, so nothing was signed.",
    "PinInvalid": "A PIN of this token has no such characters, so nothing was signed.",
    "PinLenRange": "The PIN is too short or too long for this token, so nothing was signed.",
}
# A reader without a card, and a card that nobody has prepared.
_EMPTY = ("TokenNotPresent", "TokenNotRecognised")
_SENTENCES = {
    **dict.fromkeys(
        ("DeviceRemoved", "TokenNotPresent", "SessionHandleInvalid", "TokenNotRecognised"), _GONE
    ),
    "DeviceError": "The token or its reader reports a fault, so nothing was signed. "
    "Take it out, put it in again, and try once more.",
    "FunctionCancelled": "The PIN was not given on the reader, so nothing was signed.",
    "NoSuchKey": "The token has this certificate but not its key, so nothing was signed. "
    "Use the token on which the certificate was issued.",
    "PinExpired": "The PIN of this token has to be changed first, with the program that came "
    "with it. Nothing was signed.",
    "UserPinNotInitialized": "This token has no PIN yet. Set one with the program that came "
    "with it. Nothing was signed.",
    "MechanismInvalid": "The token cannot make a signature of the kind that PDF readers check, "
    "so nothing was signed.",
    "ImportError": "This installation cannot use cards and tokens: the package python-pkcs11 is "
    "missing. Install the app again, or sign with an identity file.",
}


class Says(IntFlag):
    """What a token says of its PIN (PKCS #11 v2.40, 4.4.2, token information flags)."""

    NEEDS_LOGIN = 0x4
    HAS_PAD = 0x100
    MISSED = 0x10000
    LAST_TRY = 0x20000
    LOCKED = 0x40000


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A certificate on a token that can sign a report, its key beside it."""

    module: Path
    token: str
    """The name of the token."""
    serial: str
    """The number of the token, as hex digits."""
    id: str
    """What joins key and certificate on the token, as hex digits."""
    label: str
    cert: x509.Certificate = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    says: Says

    @property
    def identity(self) -> Identity:
        """Who signs with it."""
        return identity_of(self.cert)

    @property
    def public(self) -> PublicKey:
        """The half of the key that anybody may have."""
        found = public_key_of(self.cert)
        if found is None:
            raise BadIdentity(certificates.why_not(self.cert))
        return found

    @property
    def asks_for_pin(self) -> bool:
        """Whether the PIN is typed here: not at the reader, and not left out."""
        return bool(self.says & Says.NEEDS_LOGIN) and not self.says & Says.HAS_PAD

    @property
    def is_locked(self) -> bool:
        """Whether the token takes no PIN any more."""
        return bool(self.says & Says.LOCKED)

    @property
    def is_risky(self) -> bool:
        """Whether the next wrong PIN locks the token, if it is not locked already."""
        return bool(self.says & (Says.LOCKED | Says.LAST_TRY))

    @property
    def advice(self) -> str:
        """What to know before a PIN is typed; empty when there is nothing to know."""
        if self.is_locked:
            return _LOCKED
        if self.says & Says.LAST_TRY:
            return "One try is left: another wrong PIN locks this token."
        if self.says & Says.MISSED:
            return "A wrong PIN was typed the last time."
        if self.says & Says.HAS_PAD:
            return "The PIN is typed on the reader, when it asks for it."
        return ""


class Token:
    """A signatory whose key is on a token. `pin` is used for one signature and not kept."""

    def __init__(self, key: TokenKey, pin: str) -> None:
        self.identity = key.identity
        self.cert = key.cert
        self.chain = key.chain
        self.public = key.public
        self._key = key
        self._pin = pin

    def sign(self, data: bytes, digest: str) -> bytes:
        """The raw signature over `data`. Raises WrongPin and TokenFailed; never tries again."""
        key = self._key
        if key.is_locked:
            raise WrongPin(_LOCKED)
        pin, self._pin = self._pin, ""
        if key.asks_for_pin and not pin:
            raise WrongPin("This token needs its PIN. Type it; nothing was signed.")
        entry = "typed" if key.asks_for_pin else "pad" if key.says & Says.HAS_PAD else "none"
        answer = _ask(
            {
                **{"do": "sign", "module": str(key.module), "token": key.token},
                **{"serial": key.serial, "id": key.id, "label": key.label},
                **{"pin": pin if entry == "typed" else None, "entry": entry},
                **{"data": data.hex(), "digest": digest},
            },
            _SIGN_SECONDS,
        )
        if "problem" in answer:
            raise _failure(str(answer["problem"]), Says(int(answer.get("flags", 0))))
        return _checked(self.public, bytes.fromhex(answer["signature"]), data, digest)


def look(module: Path) -> tuple[TokenKey, ...]:
    """The keys to sign with that a PKCS#11 module finds, best first; asks for no PIN.

    Raises TokenFailed with what to do when there is none. Takes as long as the token does.
    """
    module = module.expanduser()
    if not module.is_file():
        raise TokenFailed(f"There is no file {module}. Choose the PKCS#11 module of your token.")
    answer = _ask({"do": "look", "module": str(module.resolve())}, _LOOK_SECONDS)
    if "problem" in answer:
        raise _failure(str(answer["problem"]), Says(0), module.name)
    tokens = [token for token in answer["tokens"] if "problem" not in token]
    if not tokens:
        problems = [t["problem"] for t in answer["tokens"] if t["problem"] not in _EMPTY]
        if problems:
            raise _failure(problems[0], Says(0))
        raise TokenFailed("No card or token is there. Put it in, then look again.")
    found: list[TokenKey] = []
    reasons: list[str] = []
    for token in tokens:
        for key, reason in _keys_of(module.resolve(), token):
            reasons.append(reason) if reason else found.append(key)
    if not found:
        raise TokenFailed(reasons[0] if reasons else _nothing_on(tokens))
    return tuple(sorted(found, key=_rank))


def choose(keys: Sequence[TokenKey], token: str = "", key: str = "") -> TokenKey:
    """The one key that is meant: by the name of its token, by its label or its fingerprint.

    Raises TokenFailed, with what there is, when none or several are.
    """
    on_token = [each for each in keys if not token or each.token == token]
    if not on_token:
        names = ", ".join(sorted({f"“{_plain(each.token)}”" for each in keys}))
        raise TokenFailed(f"There is no token “{token}”. There is: {names}.")
    start = key.replace(" ", "").lower()
    meant = [
        each
        for each in on_token
        if not key
        or each.label == key
        or (len(start) >= 8 and each.identity.fingerprint.startswith(start))
    ]
    if len(meant) == 1:
        return meant[0]
    listed = "\n".join(f"  - {describe(each)}" for each in meant or on_token)
    wrong = f"There is no key “{key}”" if not meant else "More than one key fits"
    raise TokenFailed(f"{wrong}. Name one by its label or the start of its fingerprint:\n{listed}")


def describe(key: TokenKey) -> str:
    """A key in one line: whose, its label, its token, the start of its fingerprint."""
    who = key.identity
    label = f", key “{_plain(key.label)}”" if key.label else ""
    return f"{who.name}{label}, on “{_plain(key.token)}”, {fingerprint_text(who.fingerprint[:16])}"


def _keys_of(module: Path, token: Mapping[str, Any]) -> Iterator[tuple[TokenKey, str]]:
    """Each certificate of a person, with the reason why it cannot sign, if there is one."""
    known = [(entry, cert) for entry in token["certificates"] if (cert := _read(entry["der"]))]
    others = [cert for _entry, cert in known]
    for entry, cert in known:
        if certificates.is_ca(cert):
            continue
        key = TokenKey(
            module=module,
            token=token["label"],
            serial=token["serial"],
            id=entry["id"],
            label=entry["label"],
            cert=cert,
            chain=tuple(certificates.chain_above(cert, others)),
            says=Says(int(token["flags"])),
        )
        yield key, certificates.why_not(cert)


def _nothing_on(tokens: Sequence[Mapping[str, Any]]) -> str:
    for token in tokens:
        for key in token["keys"]:
            return (
                f"The token “{_plain(token['label'])}” has a key “{_plain(key['label'])}” but no "
                "certificate for it. Whoever issued the token can put the certificate on it."
            )
    names = ", ".join(f"“{_plain(token['label'])}”" for token in tokens)
    return f"There is nothing on {names} to sign with: no certificate of a person."


def _plain(label: str) -> str:
    """A name that somebody else gave, without what could steer a terminal."""
    return clean_line(label)


def _read(der: str) -> x509.Certificate | None:
    try:
        return certificates.load_certificate(asn1_x509.Certificate.load(bytes.fromhex(der)))
    except (ValueError, TypeError):
        return None


def _rank(key: TokenKey) -> tuple[bool, float]:
    """Certificates made for signatures come before those for logging in, then the newest."""
    return not certificates.commits(key.cert), -key.cert.not_valid_after_utc.timestamp()


def _ask(request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """One request to a module in a process of its own; TokenFailed when it does not answer."""
    # Without -P this folder's own modules would stand before those of Python.
    command = [sys.executable, "-P", str(_PROCESS)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request) + "\n",
            stdout=subprocess.PIPE,
            # A module may write anything there, the PIN too.
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        # What it was asked holds the PIN, and must not be told along.
        raise TokenFailed(
            f"The token did not answer within {seconds:.0f} seconds, so nothing was signed. "
            "Take it out, put it in again, and try once more."
        ) from None
    except ValueError:
        raise TokenFailed(
            "The PKCS#11 module broke down, so nothing was signed. Its maker may have a newer one."
        ) from None
    return dict(answer)


def _failure(problem: str, says: Says, module: str = "The file") -> ReportError:
    if problem == "PinLocked" or (problem in _WRONG and says & Says.LOCKED):
        return WrongPin(_LOCKED)
    if problem in _WRONG:
        return WrongPin(f"{_WRONG[problem]} {_left(says)}")
    if problem == "NoModule":
        return BadIdentity(
            f"{module} is no PKCS#11 module that this computer can load. Choose the library that "
            "came with the card or token."
        )
    return TokenFailed(
        _SENTENCES.get(problem, f"The token refused ({problem}), so nothing was signed.")
    )


def _left(says: Says) -> str:
    if says & Says.LAST_TRY:
        return "One try is left: another wrong PIN locks the token."
    return "It was not tried again: most tokens lock after three wrong PINs."


def _checked(public: PublicKey, made: bytes, data: bytes, digest: str) -> bytes:
    """The signature as readers expect it, once it is known to be the certificate's."""
    if isinstance(public, ec.EllipticCurvePublicKey):
        half = len(made) // 2
        r, s = (int.from_bytes(part, "big") for part in (made[:half], made[half:]))
        made = encode_dss_signature(r, s)
    try:
        check_raw(public, made, data, digest)
    except InvalidSignature:
        raise TokenFailed(
            "The key on the token does not belong to its certificate, so nothing was signed. "
            "Whoever issued the token can put that right."
        ) from None
    return made
