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

from facilitator.report import pades, verify
from facilitator.report.errors import WrongPassphrase
from facilitator.report.identity import create_identity, unlock
from facilitator.report.pades import embed_timestamp, open_writer
from facilitator.report.pdf import render_report
from facilitator.report.sign import sign_as, sign_pdf
from facilitator.report.verify import verify_pdf
from tests.benchmarks.bench_report import large
from tests.report.report_kit import AT, HEAD
from tests.report.signing_kit import (
    PASSPHRASE,
    THREE,
    final_report,
    flipped,
    identity,
    signed,
    timestamp_service,
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
    _large()
    made = create_identity("Ana", "on-call", "", PASSPHRASE)
    _say("one guess at a passphrase (aim: 500 ms or more)", _median(lambda: _guess(made), rounds=3))
    flips = int(arguments[0]) if arguments else 300
    missed = _missed(complete, flips)
    sys.stdout.write(f"flipped bits not told: {missed} of {flips}\n")
    return 1 if missed else 0


def _large() -> None:
    """A report with 500 moments, 300 whys and 100 actions."""
    pdf = render_report(large(), final=True, head=HEAD, at=AT)
    stages = [pdf]
    for role in THREE:
        stages.append(sign_pdf(stages[-1], identity(role), PASSPHRASE, role))
    last = THREE[2]
    _say("a large report: first signature (aim: 150 ms)", _median(lambda: _sign(pdf)))
    _say("  third signature, all of it", _median(lambda: _sign(stages[2], last)))
    _say("  third signature, the file verified before", _median(lambda: _go_on(stages[2], last)))
    _say("  after the key is unlocked", _median(lambda: _after(stages[2], last)))
    _say("  verifying three signatures (aim: 4 s)", _median(lambda: verify_pdf(stages[3])))
    stamped = embed_timestamp(open_writer(stages[3]), timestamp_service())
    _say("  verifying them under a timestamp", _median(lambda: verify_pdf(stamped), rounds=3))


def _sign(pdf: bytes, role: str = "on-call") -> bytes:
    verify._INTACT.clear()
    return sign_pdf(pdf, identity(role), PASSPHRASE, role)


def _go_on(pdf: bytes, role: str) -> None:
    """Sign what was found to hold a moment ago, as in a window."""
    verify._remember(pdf)
    sign_pdf(pdf, identity(role), PASSPHRASE, role)


def _after(pdf: bytes, role: str) -> float:
    """Milliseconds from the open key to the signed file."""
    began = 0.0

    def open_key():
        nonlocal began
        opened = unlock(identity(role), PASSPHRASE)
        began = time.perf_counter()
        return opened

    verify._remember(pdf)
    sign_as(pdf, open_key, role)
    return (time.perf_counter() - began) * 1000


def _sign_third() -> None:
    verify._INTACT.clear()
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
    """Milliseconds, the median of some rounds after one that warms up; its own when it tells."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        told = work()
        taken = (time.perf_counter() - began) * 1000
        times.append(told if isinstance(told, float) else taken)
    return statistics.median(times)


def _say(what: str, milliseconds: float) -> None:
    sys.stdout.write(f"{what:<52} {milliseconds:>9.2f} ms\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
