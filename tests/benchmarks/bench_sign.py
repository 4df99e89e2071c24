"""What a signature and its verification cost, each beside its floor in the same run.

`python -m tests.benchmarks.bench_sign [FLIPS]`: also flips that many random bits (300) of a
report with three signatures and counts those that verifying does not tell.
"""

import hashlib
import io
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from facilitator.report import pades
from facilitator.report.errors import WrongPassphrase
from facilitator.report.identity import create_identity, unlock
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from tests.report.signing_kit import (
    PASSPHRASE,
    THREE,
    final_report,
    flipped,
    identity,
    signed,
)

ROUNDS = 15


def main(arguments: list[str]) -> int:
    """Measure, print, and fail only when a flipped bit went unseen."""
    unsigned, complete = final_report(), signed()
    opened = unlock(identity("on-call"), PASSPHRASE)
    _say("one signature after unlocking", _median(lambda: _sign(unsigned)))
    _say(
        "  floor: hash the file, one raw ECDSA signature", _median(lambda: _floor(unsigned, opened))
    )
    _say(
        "  pyHanko's own signer, nothing drawn or checked",
        _median(lambda: _plain(unsigned, opened)),
    )
    _say("third signature, the first two verified before", _median(_sign_third))
    _say("verifying three signatures", _median(lambda: verify_pdf(complete)))
    _say("  floor: hash the file three times", _median(lambda: _hash(complete, 3)))
    if shutil.which("pdfsig"):
        _say("  pdfsig on the same file, its start included", _median(lambda: _pdfsig(complete)))
    made = create_identity("Ana", "on-call", "", PASSPHRASE)
    _say("one guess at a passphrase (aim: 500 ms or more)", _median(lambda: _guess(made), rounds=3))
    flips = int(arguments[0]) if arguments else 300
    missed = _missed(complete, flips)
    sys.stdout.write(f"flipped bits not told: {missed} of {flips}\n")
    return 1 if missed else 0


def _sign(pdf: bytes) -> None:
    sign_pdf(pdf, identity("on-call"), PASSPHRASE, "on-call")


def _sign_third() -> None:
    role = THREE[2]
    sign_pdf(signed(THREE[:2]), identity(role), PASSPHRASE, role)


def _floor(pdf: bytes, opened) -> None:
    hashlib.sha256(pdf).digest()
    opened.key.sign(pdf, ec.ECDSA(hashes.SHA256()))


def _plain(pdf: bytes, opened) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    meta = PdfSignatureMetadata(field_name="OnCall", certify=True)
    PdfSigner(meta, pades._KeySigner(opened)).sign_pdf(writer, existing_fields_only=True)


def _hash(pdf: bytes, times: int) -> None:
    for _ in range(times):
        hashlib.sha256(pdf).digest()


def _pdfsig(pdf: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(pdf)
        subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=True)


def _guess(made: bytes) -> None:
    try:
        unlock(made, "a wrong passphrase")
    except WrongPassphrase:
        return
    raise AssertionError("a wrong passphrase opened the identity")


def _missed(pdf: bytes, flips: int) -> int:
    chance = random.Random(300)
    places = ((chance.randrange(len(pdf)), chance.randrange(8)) for _ in range(flips))
    return sum(verify_pdf(flipped(pdf, at, bit)).holds for at, bit in places)


def _median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds, the median of some rounds after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _say(what: str, milliseconds: float) -> None:
    sys.stdout.write(f"{what:<52} {milliseconds:>9.2f} ms\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
