"""The half that talks to a PKCS#11 module, run as a process of its own: one request, one answer.

A module is other people's machine code. Here it may hang, print or crash without taking the
meeting with it. This file needs nothing of ours, so that it can be run by its path. The PIN
comes in on standard input and goes to the module alone; after a refusal it is not tried again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pkcs11 import Session, Token

# The library mixes into a key what it can do at the time it is found.
Key = Any

_LARGEST = 100_000


def look(module: str) -> dict[str, Any]:
    """What stands on the tokens of a module for anybody to read: no PIN is needed."""
    import pkcs11

    tokens = []
    for slot in pkcs11.lib(module).get_slots(token_present=True):
        try:
            tokens.append(_describe(slot.get_token()))
        except pkcs11.PKCS11Error as problem:
            # An empty reader, or a card of another kind, must not hide its neighbour.
            tokens.append({"label": slot.slot_description, "problem": type(problem).__name__})
    return {"tokens": tokens}


def sign(request: dict[str, Any]) -> dict[str, Any]:
    """The raw signature over `data` with one key: PKCS#1 v1.5 for RSA, r and s for ECDSA."""
    import pkcs11

    token = _find_token(request)
    if token is None:
        return {"problem": "TokenNotPresent"}
    try:
        with token.open(user_pin=_credential(request)) as session:
            key = _find_key(session, request)
            if key is None:
                return {"problem": "NoSuchKey"}
            data, digest = bytes.fromhex(request["data"]), request["digest"]
            mechanism, text = _how(token, key, data, digest)
            made = key.sign(text, mechanism=mechanism, pin=_each_time(key, request))
            return {"signature": bytes(made).hex()}
    except pkcs11.PKCS11Error as problem:
        return {"problem": type(problem).__name__, "flags": _flags_now(token)}


def _describe(token: Token) -> dict[str, Any]:
    from pkcs11 import Attribute, ObjectClass

    with token.open() as session:
        certificates = [
            {**_names(found), "der": value.hex()}
            for found in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
            if len(value := _value(found, Attribute.VALUE)) <= _LARGEST
        ]
        keys = [
            _names(found)
            for found in session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})
        ]
    return {
        **{"label": token.label, "serial": token.serial.hex(), "flags": int(token.flags)},
        **{"certificates": certificates, "keys": keys},
    }


def _find_token(request: dict[str, Any]) -> Token | None:
    """The token by its name and number: it may have moved to another reader by now."""
    import pkcs11

    for slot in pkcs11.lib(request["module"]).get_slots(token_present=True):
        try:
            token = slot.get_token()
        except pkcs11.PKCS11Error:
            continue
        if (token.label, token.serial.hex()) == (request["token"], request["serial"]):
            return token
    return None


def _find_key(session: Session, request: dict[str, Any]) -> Key | None:
    """The private key with the certificate's id, else the one with its label."""
    from pkcs11 import Attribute, ObjectClass

    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    for name in ("id", "label"):
        for key in keys:
            if request[name] and _names(key)[name] == request[name]:
                return key
    return None


def _credential(request: dict[str, Any]) -> Any:  # noqa: ANN401 (a PIN, or a mark of the library's)
    from pkcs11 import PROTECTED_AUTH

    return PROTECTED_AUTH if request["entry"] == "pad" else request["pin"]


def _each_time(key: Key, request: dict[str, Any]) -> str | None:
    """The PIN once more, for a key that asks for it at every use."""
    from pkcs11 import Attribute

    if not _value(key, Attribute.ALWAYS_AUTHENTICATE):
        return None
    # Of no length it means: ask for it at the reader.
    return "" if request["entry"] == "pad" else request["pin"]


def _how(token: Token, key: Key, data: bytes, digest: str) -> tuple[Any, bytes]:
    """The mechanism and what to give it: the digest where the token takes one, else all."""
    from asn1crypto.algos import DigestInfo
    from pkcs11 import KeyType, Mechanism

    is_rsa = key.key_type == KeyType.RSA
    plain = Mechanism.RSA_PKCS if is_rsa else Mechanism.ECDSA
    if plain not in token.slot.get_mechanisms():
        kind = "{}_RSA_PKCS" if is_rsa else "ECDSA_{}"
        return Mechanism[kind.format(digest.upper())], data
    hashed = hashlib.new(digest, data).digest()
    if is_rsa:
        named = {"digest_algorithm": {"algorithm": digest}, "digest": hashed}
        hashed = DigestInfo(named).dump()
    return plain, hashed


def _names(found: Key) -> dict[str, str]:
    from pkcs11 import Attribute

    label = _value(found, Attribute.LABEL, "")
    return {"id": _value(found, Attribute.ID).hex(), "label": str(label)}


def _value(found: Any, name: Any, otherwise: Any = b"") -> Any:  # noqa: ANN401
    from pkcs11 import PKCS11Error

    try:
        return found[name]
    except PKCS11Error:
        return otherwise


def _flags_now(token: Token) -> int:
    """What the token says of its PIN after the failure."""
    from pkcs11 import PKCS11Error

    try:
        return int(token.slot.get_token().flags)
    except PKCS11Error:
        return 0


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        import pkcs11
    except ImportError:
        return {"problem": "ImportError"}
    if sys.platform == "win32":
        # Windows looks for what a module needs in this list, and not beside the module.
        beside = os.path.dirname(request["module"])
        os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        pkcs11.lib(request["module"])
    except pkcs11.PKCS11Error:
        return {"problem": "NoModule"}
    try:
        return look(request["module"]) if request["do"] == "look" else sign(request)
    except pkcs11.PKCS11Error as problem:
        return {"problem": type(problem).__name__}


def _dump_no_core() -> None:
    """A crash must not leave the PIN in a file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read a request, answer it, and go without the modules' own farewells, which may crash."""
    _dump_no_core()
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a module prints is no answer.
    os.dup2(2, 1)
    said.write(json.dumps(_answer(json.loads(sys.stdin.readline()))))
    said.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
