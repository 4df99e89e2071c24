"""Real power cuts of a real file system: ext4 on an image, shut down in the middle of a session.

The kernel then drops what it has not written, journal included, as when the power goes. Needs
Linux and root.
"""

import os
import random
import shutil
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.store.storms import acknowledged, examine, victim

SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN
WITHOUT_FLUSHING_THE_LOG = struct.pack("I", 2)


def can_shut_down() -> bool:
    """Whether this machine lets us mount and shut down file systems."""
    tools = ("mkfs.ext4", "mount", "umount")
    return sys.platform == "linux" and os.geteuid() == 0 and all(map(shutil.which, tools))


def shutdowns(folder: Path, cuts: int, seed: int) -> Counter[str]:
    """Shut the file system down under an editing process, again and again on one library."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    image, mounted = folder / "image", folder / "mounted"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(256 * 2**20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    acks: dict[int, str] = {}
    for _ in range(cuts):
        with _mounted(image, mounted):
            acks |= _cut(mounted, chance)
        counts["shutdowns"] += 1
        with _mounted(image, mounted):
            counts += examine(mounted / "library.sqlite", acks)
    counts["acknowledged"] += len(acks)
    return counts


def _cut(mounted: Path, chance: random.Random) -> dict[int, str]:
    """What was acknowledged before the file system went."""
    process = victim(mounted / "library.sqlite", chance.getrandbits(32), patience=0.5)
    said: list[str] = []
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    said.append(next(lines, ""))
    reader = threading.Thread(target=said.extend, args=(lines,))
    reader.start()
    time.sleep(chance.random() * 0.4)
    before = "".join(said)
    import fcntl  # not on every machine

    descriptor = os.open(mounted, os.O_RDONLY)
    fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSHING_THE_LOG)
    os.close(descriptor)
    process.kill()
    process.wait()
    reader.join()
    return acknowledged(before)


@contextmanager
def _mounted(image: Path, mounted: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "loop", str(image), str(mounted)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(mounted)], check=True)
