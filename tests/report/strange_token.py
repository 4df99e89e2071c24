"""Runs in the place of the token process, with a token that behaves as the module is called."""

import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pkcs11
from pkcs11 import PROTECTED_AUTH, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import (
    DeviceRemoved,
    FunctionCancelled,
    PinIncorrect,
    PinLocked,
    SessionHandleInvalid,
)

FLAGS = {
    "last-try": TokenFlag.USER_PIN_FINAL_TRY,
    "locked": TokenFlag.USER_PIN_LOCKED,
    "locks": TokenFlag.USER_PIN_COUNT_LOW,
    "pad": TokenFlag.PROTECTED_AUTHENTICATION_PATH,
    "pad-cancelled": TokenFlag.PROTECTED_AUTHENTICATION_PATH,
}


class Strange:
    """A module, its slot, its token, its session and its key in one."""

    label = slot_description = "Strange"
    serial = b"1"
    key_type = KeyType.EC

    def __init__(self, path):
        self.kind = Path(path).stem
        self.log = Path(path).with_suffix(".log")
        self.card = Path(path).read_text()
        self.slot = self
        self.flags = TokenFlag.LOGIN_REQUIRED | FLAGS.get(self.kind, TokenFlag(0))

    def get_slots(self, token_present):
        return [self]

    def get_token(self):
        return self

    def get_mechanisms(self):
        return {Mechanism.ECDSA_SHA256}

    def open(self, user_pin=None):
        if user_pin is not None:
            self.log.write_text(f"{self.log.read_text() if self.log.exists() else ''}login\n")
        if self.kind == "last-try" and user_pin is not None:
            self.flags |= TokenFlag.USER_PIN_LOCKED
            raise PinIncorrect
        if self.kind == "locks" and user_pin is not None:
            raise PinLocked
        if self.kind == "pad-cancelled" and user_pin is PROTECTED_AUTH:
            raise FunctionCancelled
        if self.kind == "pad" and user_pin not in (None, PROTECTED_AUTH):
            raise PinIncorrect
        return self

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is DeviceRemoved:
            raise SessionHandleInvalid

    def get_objects(self, wanted):
        kind = wanted[Attribute.CLASS]
        cert = {Attribute.ID: b"1", Attribute.LABEL: "a\x1b[31mb",
                Attribute.VALUE: bytes.fromhex(self.card)}  # fmt: skip
        return {ObjectClass.CERTIFICATE: [cert], ObjectClass.PRIVATE_KEY: [self]}.get(kind, [])

    def __getitem__(self, name):
        return {Attribute.ID: b"1", Attribute.LABEL: "x", Attribute.ALWAYS_AUTHENTICATE: False}[
            name
        ]

    def sign(self, data, mechanism, pin):
        if self.kind == "removed":
            raise DeviceRemoved
        if self.kind == "crashes":
            os.abort()
        if self.kind == "hangs":
            time.sleep(60)
        # What a talkative module prints goes nowhere.
        os.write(1, json.dumps({"signature": "00"}).encode())
        return bytes(64)


if __name__ == "__main__":
    from facilitator.report import token_process

    pkcs11.lib = lambda path: SimpleNamespace(get_slots=Strange(path).get_slots)
    token_process.main()
    sys.exit(1)
