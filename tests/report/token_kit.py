"""Cards made of files: SoftHSM tokens with keys and certificates as a company might issue them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from facilitator.report import token
from tests.report.signing_kit import company_certificates

PIN = "471100"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/*/softhsm", "/usr/lib64", "/usr/lib64/softhsm",
           "/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm")  # fmt: skip
MODULE = next(
    (found for place in _PLACES for found in Path("/").glob(f"{place[1:]}/libsofthsm2.so")), None
)
needs_softhsm = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None,
    reason="SoftHSM is not here (Debian: softhsm2)",
)
# Run as a process: a module reads its settings once, and what it leaves behind ends with it.
_FILL = """
import json, sys
import pkcs11
from pkcs11 import Attribute as A
from pkcs11.util.ec import decode_ec_private_key, decode_ec_public_key
from pkcs11.util.rsa import decode_rsa_private_key

asked = json.load(sys.stdin)
token = next(s.get_token() for s in pkcs11.lib(asked["module"]).get_slots(token_present=True)
             if s.get_token().label == asked["token"])
with token.open(rw=True, user_pin=asked["pin"]) as session:
    for each in asked["objects"]:
        value = bytes.fromhex(each["value"])
        common = {A.TOKEN: True, A.LABEL: each["label"], A.ID: bytes.fromhex(each["id"])}
        if each["kind"] == "certificate":
            about = {A.CLASS: pkcs11.ObjectClass.CERTIFICATE, A.PRIVATE: False,
                     A.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509, A.VALUE: value,
                     A.SUBJECT: bytes.fromhex(each["subject"])}
        elif each["kind"] == "public":
            about = {**decode_ec_public_key(value), A.PRIVATE: False}
        else:
            decode = decode_rsa_private_key if each["kind"] == "rsa" else decode_ec_private_key
            about = {**decode(value), A.PRIVATE: True, A.SENSITIVE: True, A.EXTRACTABLE: False,
                     A.SIGN: True, A.ALWAYS_AUTHENTICATE: each["always"]}
        session.create_object({**about, **common})
"""


class Cards:
    """SoftHSM with its files in one folder; make tokens, and put things on them."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder / "tokens"
        self.folder.mkdir()
        settings = folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {self.folder}\nlog.level = ERROR\n")
        monkeypatch.setenv("SOFTHSM2_CONF", str(settings))

    def new(self, label="Company card"):
        """A token with nothing on it."""
        secrets = ("--so-pin", "12345678", "--pin", PIN)
        _run("softhsm2-util", "--init-token", "--free", "--label", label, *secrets)

    def remove(self):
        """Pull every token out."""
        for folder in self.folder.iterdir():
            shutil.rmtree(folder)

    def put(self, key, name="Eve Sample", *, label="sign", number="01", token="Company card",
            parts=("key", "certificate", "issuer"), always=False, certificate_of=None,
            **more):  # fmt: skip
        """Put a key, its certificate and its issuer's on a token; returns both certificates."""
        leaf, root = company_certificates(certificate_of or key, name, **more)
        about = {"label": label, "id": number}
        things = {
            "key": {**about, "always": always, **_private(key)},
            "public": {**about, **_public(key)} if "public" in parts else {},
            "certificate": {**about, **_certificate(leaf)},
            "issuer": {"label": "company", "id": "", **_certificate(root)},
        }
        asked = {"module": str(MODULE), "token": token, "pin": PIN,
                 "objects": [things[part] for part in parts]}  # fmt: skip
        _run(sys.executable, "-c", _FILL, input=json.dumps(asked))
        return leaf, root


class StrangeModules:
    """Modules whose tokens do what SoftHSM never does; each is called by what it does."""

    def __init__(self, folder, monkeypatch):
        self._folder = folder
        self._leaf, _root = company_certificates(ec.generate_private_key(ec.SECP256R1()), "Eve")
        monkeypatch.setattr(token, "_PROCESS", Path(__file__).with_name("strange_token.py"))
        monkeypatch.setenv("PYTHONPATH", str(Path(token.__file__).parents[2]))

    def __call__(self, kind):
        module = self._folder / f"{kind}.so"
        module.write_text(self._leaf.public_bytes(Encoding.DER).hex())
        return module


def logins(module):
    """How often a strange token was given a PIN."""
    log = module.with_suffix(".log")
    return log.read_text().count("login") if log.exists() else 0


def _private(key):
    der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return {"kind": "ec" if hasattr(key, "curve") else "rsa", "value": der.hex()}


def _public(key):
    from cryptography.hazmat.primitives.serialization import PublicFormat

    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {"kind": "public", "value": der.hex()}


def _certificate(cert):
    value = cert.public_bytes(Encoding.DER).hex()
    subject = cert.subject.public_bytes().hex()
    return {"kind": "certificate", "value": value, "subject": subject}


def _run(*command, input=None):
    done = subprocess.run(
        command, input=input, capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
