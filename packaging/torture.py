"""Hurt a library in every way we know and count what was lost: make torture.

Words choose parts: kills, cuts, shutdowns, calls, recoveries, flips, bundles; a number how much:
kills 50.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.store import bundle_flips, powercut, recovering, shutdown, storms  # noqa: E402

SEED = 20260618
BAD = (
    *("lost", "gone", "duplicated", "damaged", "refused", "crashed", "silent", "overwritten"),
    *("half", "alarmed"),
)


def kills(folder: Path, amount: int) -> Counter[str]:
    """Kill an editing process at random moments."""
    shares = [amount // 2, amount - amount // 2]
    with ThreadPoolExecutor(2) as pool:
        storm = partial(_storm, folder)
        return sum(pool.map(storm, shares, (SEED, SEED + 1)), Counter())


def cuts(folder: Path, amount: int) -> Counter[str]:
    """Cut the power: replay a session's writes, and lose in any order what was not synchronised."""
    if not storms.can_trace():
        print("  strace is not here, or not allowed to work: left out")
        return Counter()
    total: Counter[str] = Counter()
    # Ten sessions, so that many different moments are met.
    for n in range(10):
        own = folder / str(n)
        own.mkdir()
        total += powercut.power_cuts(own, max(1, amount // 10), SEED + n)
    return total


def shutdowns(folder: Path, amount: int) -> Counter[str]:
    """Shut down a real ext4 file system in the middle of a session, as a power cut does."""
    if not shutdown.can_shut_down():
        print("  this needs Linux, root and mkfs.ext4: left out")
        return Counter()
    return shutdown.shutdowns(folder, amount, SEED)


def calls(folder: Path, step: int) -> Counter[str]:
    """Kill at, and let fail in four ways, every system call that writes (or every n-th)."""
    if not storms.can_trace():
        print("  strace is not here, or not allowed to work: left out")
        return Counter()
    points = storms.fault_points(folder, SEED)[::step]
    print(f"  {len(points)} system calls that write, each in {len(storms.FAULTS)} ways")
    work = [(point, how) for how in storms.FAULTS for point in points]
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda each: storms.fault(folder, each[0], each[1], SEED), work)
        return sum(done, Counter())


def recoveries(folder: Path, step: int) -> Counter[str]:
    """Kill at every system call that writes (or every n-th) of a restore, a repair, a closing."""
    if not storms.can_trace():
        print("  strace is not here, or not allowed to work: left out")
        return Counter()
    points = [(w, p) for w in recovering.WAYS for p in recovering.points(_own(folder, w), w)]
    print(f"  {len(points)} system calls that write, in {', '.join(recovering.WAYS)}")
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda each: recovering.killed(folder, *each), points[::step])
        return sum(done, Counter())


def _own(folder: Path, name: str) -> Path:
    own = folder / name
    own.mkdir()
    return own


def flips(folder: Path, amount: int) -> Counter[str]:
    """Flip single bits anywhere, and as many inside what a person wrote."""
    path, words = storms.sample(folder / "sample")
    anywhere = storms.bit_flips(path, amount // 2, SEED)
    in_words = storms.bit_flips(path, amount - amount // 2, SEED, words)
    # In a person's words nothing is harmless.
    return anywhere + in_words + Counter(silent=in_words["harmless"])


def bundles(_folder: Path, amount: int) -> Counter[str]:
    """Flip single bits in bundles, plain and sealed, and cut some short; then bring them in."""
    plain, light = bundle_flips.sample()[1], bundle_flips.sealed_lightly()
    words, share = bundle_flips.WORDS, amount // 4
    heavy = 1 + amount // 500
    print(f"  {heavy} sealed ones open in seconds, as the app makes them, the others at once")
    return (
        bundle_flips.flips(share, SEED, plain)
        + bundle_flips.flips(share, SEED + 1, plain, spots=bundle_flips.used(plain))
        + bundle_flips.flips(share, SEED + 2, light, words)
        + bundle_flips.cuts(share // 2, SEED + 3, plain)
        + bundle_flips.cuts(share // 2, SEED + 4, light, words)
        + bundle_flips.flips(heavy, SEED + 5, bundle_flips.sealed_heavily(), words)
    )


PARTS: dict[str, tuple[Callable[[Path, int], Counter[str]], int]] = {
    "kills": (kills, 500),
    "cuts": (cuts, 5000),
    "shutdowns": (shutdowns, 100),
    "calls": (calls, 1),
    "recoveries": (recoveries, 3),
    "flips": (flips, 2000),
    "bundles": (bundles, 2000),
}


def main(arguments: list[str]) -> int:
    """Run the chosen parts; the exit status is 1 when anything was lost."""
    amounts = [int(word) for word in arguments if word.isdigit()]
    chosen = [name for name in PARTS if name in arguments] or list(PARTS)
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="torture-") as made:
        os.environ["XDG_DATA_HOME"] = str(Path(made) / "data")
        for name in chosen:
            part, usual = PARTS[name]
            start = time.monotonic()
            print(f"{name}: {(part.__doc__ or '').strip()}", flush=True)
            folder = Path(made) / name
            folder.mkdir()
            counts = part(folder, amounts[0] if amounts else usual)
            print(f"  {_told(counts)}   ({time.monotonic() - start:.0f} s)", flush=True)
            total += counts
    bad = sum(total[word] for word in BAD)
    print("Nothing was lost." if not bad else f"{bad} things went wrong (see above).")
    return 1 if bad else 0


def _storm(folder: Path, amount: int, seed: int) -> Counter[str]:
    own = folder / str(seed)
    own.mkdir()
    return storms.kill_storm(own, amount, seed)


def _told(counts: Counter[str]) -> str:
    named = [f"{count} {word}" for word, count in counts.items() if word not in BAD]
    return ", ".join([*named, *(f"{counts[word]} {word}" for word in BAD)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
