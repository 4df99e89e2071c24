"""Identities: made, read, opened, handed out, and refused with a sentence."""

import datetime as dt
import os
import random
import subprocess
import time

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from facilitator.report import identity as identities
from facilitator.report.errors import BadIdentity, ReportError, WrongPassphrase
from facilitator.report.keyfile import P12_ROUNDS
from tests.report.signing_kit import FAST, PASSPHRASE, flipped, identity, p12


def test_an_identity_says_who_it_is_without_its_passphrase():
    made = identities.create_identity(
        " Aroha  Ōtautahi ", "tech-lead", "aroha@example.org", PASSPHRASE, cost=FAST
    )
    who = identities.read_identity(made)
    assert (who.name, who.role, who.email) == ("Aroha Ōtautahi", "tech-lead", "aroha@example.org")
    assert len(who.fingerprint) == 64
    assert (who.not_after - who.not_before).days >= 3650
    assert who.not_before < dt.datetime.now(dt.UTC) < who.not_after


def test_the_right_passphrase_opens_an_identity_and_a_wrong_one_does_not():
    opened = identities.unlock(identity("on-call"), PASSPHRASE)
    assert opened.identity == identities.read_identity(identity("on-call"))
    assert isinstance(opened.key.curve, ec.SECP256R1)
    with pytest.raises(WrongPassphrase, match="does not open"):
        identities.unlock(identity("on-call"), PASSPHRASE + "s")


def test_a_passphrase_typed_in_another_composition_is_the_same():
    made = identities.create_identity("Ana", "on-call", "", "caf\u00e9 with cream", cost=FAST)
    assert identities.unlock(made, "cafe\u0301 with cream").identity.name == "Ana"


def test_a_guess_at_the_passphrase_costs_half_a_second():
    made = identities.create_identity("Ana", "on-call", "", PASSPHRASE)
    began = time.process_time()
    with pytest.raises(WrongPassphrase):
        identities.unlock(made, "a wrong passphrase")
    assert time.process_time() - began >= 0.5


def test_the_certificate_fits_what_readers_ask_for():
    leaf, root = identities.read_certificates(identity("tech-lead"))
    assert leaf.issuer == root.subject
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, True)
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.EMAIL_PROTECTION in purposes
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    above = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (above.ca, above.path_length) == (True, 0)


def test_a_card_holds_no_key_and_the_same_fingerprint():
    card = identities.card(identity("tech-lead"))
    assert b"PRIVATE" not in card
    who = identities.read_identity(identity("tech-lead"))
    assert identities.read_identity(card) == who
    assert identities.fingerprint_text(who.fingerprint).encode() in card
    with pytest.raises(BadIdentity, match="card"):
        identities.unlock(card, PASSPHRASE)


def test_a_fingerprint_reads_in_groups_of_four():
    assert identities.fingerprint_text("0123456789abcdef") == "0123 4567 89AB CDEF"


def test_an_exported_p12_opens_elsewhere_and_is_slow_to_guess(tmp_path):
    exported = identities.export_p12(identity("tech-lead"), PASSPHRASE)
    parsed = asn1_pkcs12.Pfx.load(exported)
    assert parsed["mac_data"]["iterations"].native == P12_ROUNDS
    assert identities.unlock(exported, PASSPHRASE).identity.name == "Aroha Ōtautahi"
    file = tmp_path / "out.p12"
    file.write_bytes(exported)
    done = subprocess.run(
        ["openssl", "pkcs12", "-in", file, "-info", "-noout", "-passin", f"pass:{PASSPHRASE}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Iteration 600000" in done.stderr
    with pytest.raises(WrongPassphrase):
        identities.unlock(exported, "a wrong passphrase")


@pytest.mark.parametrize(
    ("name", "role", "email", "passphrase", "says"),
    [
        ("", "on-call", "", PASSPHRASE, "name"),
        ("x" * 65, "on-call", "", PASSPHRASE, "name"),
        ("Ana\u202egnp", "on-call", "", PASSPHRASE, "name"),
        ("Ana", "boss", "", PASSPHRASE, "roles are"),
        ("Ana", "on-call", "two@at@signs", PASSPHRASE, "e-mail"),
        ("Ana", "on-call", "ānā@example.org", PASSPHRASE, "e-mail"),
        ("Ana", "on-call", "", "too short", "12 characters"),
    ],
)
def test_what_cannot_be_an_identity_is_refused_with_a_sentence(name, role, email, passphrase, says):
    with pytest.raises(BadIdentity) as refusal:
        identities.create_identity(name, role, email, passphrase, cost=FAST)
    assert says in refusal.value.sentence


@pytest.mark.parametrize(
    "junk",
    [b"", b"0", b"\x30\x03abc", b"hello", b"%PDF-1.7", b"\x30" + bytes(200), b"\xff" * 2_000_000],
)
def test_what_is_no_identity_is_told_as_that(junk):
    with pytest.raises(BadIdentity):
        identities.unlock(junk, PASSPHRASE)
    with pytest.raises(BadIdentity):
        identities.read_identity(junk)


def test_a_damaged_identity_is_told_and_never_opens_as_another():
    made = identity("tech-lead")
    begin = made.index(b"-----BEGIN ENCRYPTED") + 60
    damaged = [flipped(made, at) for at in range(begin, begin + 320, 16)]
    opened = [found for found in map(_opened_or_none, damaged) if found]
    # A bit in the copy of the public key that the key carries along does no harm.
    assert len(opened) < len(damaged) / 2
    assert all(found.key.public_key() == found.cert.public_key() for found in opened)


def _opened_or_none(data):
    try:
        return identities.unlock(data, PASSPHRASE)
    except ReportError:
        return None


def test_a_p12_brought_along_has_a_name_and_no_role():
    opened = identities.unlock(p12(ec.generate_private_key(ec.SECP384R1())), PASSPHRASE)
    assert (opened.identity.name, opened.identity.role) == ("Eve Sample", "")
    assert [certificate.issuer for certificate in opened.chain] == [opened.cert.issuer]


def test_keys_that_readers_cannot_check_are_refused():
    key = ed25519.Ed25519PrivateKey.generate()
    leaf = identities.read_certificates(identity("on-call"))[0]
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(leaf.subject)
        .issuer_name(leaf.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, None)
    )
    how = BestAvailableEncryption(PASSPHRASE.encode())
    with pytest.raises(BadIdentity, match="RSA or ECDSA"):
        identities.unlock(
            pkcs12.serialize_key_and_certificates(b"x", key, cert, None, how), PASSPHRASE
        )
    short = p12(rsa.generate_private_key(65537, 1024))
    with pytest.raises(BadIdentity, match="too short"):
        identities.unlock(short, PASSPHRASE)


def test_a_p12_made_to_take_forever_is_refused_at_once():
    made = p12(ec.generate_private_key(ec.SECP256R1()))
    parsed = asn1_pkcs12.Pfx.load(made)
    parsed["mac_data"]["iterations"] = 2**31
    began = time.process_time()
    with pytest.raises(BadIdentity, match="unreasonable"):
        identities.unlock(parsed.dump(force=True), PASSPHRASE)
    assert time.process_time() - began < 1


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_a_secret_is_written_for_its_owner_alone_and_never_over_another(tmp_path):
    file = tmp_path / "me.identity"
    identities.write_private(file, b"first")
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ReportError, match="already"):
        identities.write_private(file, b"second")
    assert file.read_bytes() == b"first"
    identities.write_private(file, b"second", replace=True)
    assert file.read_bytes() == b"second"
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "home"] == ["me.identity"]


def test_no_damage_to_an_identity_ends_in_anything_but_a_sentence():
    chance = random.Random(5)
    made = identity("on-call")
    for _ in range(150):
        at = chance.randrange(len(made))
        damaged = made[:at] + chance.randbytes(chance.randrange(4)) + made[at + 3 :]
        found = _opened_or_none(damaged)
        assert found is None or found.key.public_key() == found.cert.public_key()
