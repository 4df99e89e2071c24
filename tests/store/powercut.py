"""Power cuts replayed: every write of a session is recorded, then lost in any order a disk may.

After a cut a medium holds of each file what was synchronised, and any part of what was written
since; of each folder the names that were synchronised, and those made or removed since up to any
point. Sectors of 512 bytes are whole or not at all.
"""

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.store.library_kit import quick_folder
from tests.store.storms import acknowledged, examine, victim

SECTOR = 512
CALLS = "openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename,link"
LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"|<((?:\\x[0-9a-f]{2})+)>')


@dataclass
class File:
    """What a file surely holds, and what was written to it since."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[tuple[str, int, bytes]] = field(default_factory=list)

    def after_a_cut(self, chance: random.Random) -> bytearray:
        """One of the contents that a medium may come back with."""
        content = bytearray(self.sure)
        share = chance.choice((0.0, 0.5, 0.9, 1.0))
        for kind, offset, data in self.since:
            if kind == "cut to":
                if chance.random() < share:
                    _resize(content, offset)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < share:
                    _put(content, offset + start, data[start : start + SECTOR])
        return content

    def synchronised(self) -> None:
        """Take for sure what was written."""
        for kind, offset, data in self.since:
            if kind == "cut to":
                _resize(self.sure, offset)
            else:
                _put(self.sure, offset, data)
        self.since.clear()


class Medium:
    """One folder of a medium: its files, its sure names, and changes of names since."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.names: dict[str, File] = {}
        self.sure_names: dict[str, File] = {}
        self.renamed_since: list[tuple[str, str, File | None]] = []
        self.acks = ""

    def follow(self, call: str, texts: list[str], numbers: list[int]) -> None:
        """Take in one system call."""
        inside = [Path(t).name for t in texts if os.path.dirname(t) == self.folder]
        if call == "write" and texts[0].startswith("pipe:"):
            self.acks += texts[-1]
        elif call in ("fdatasync", "fsync"):
            self._sync(texts[0], inside)
        elif inside:
            getattr(self, f"_{call}")(inside, texts, numbers)

    def cut(self, chance: random.Random, target: Path) -> None:
        """Write into a folder what the medium may hold after the power comes back."""
        names = dict(self.sure_names)
        for step in self.renamed_since[: chance.randint(0, len(self.renamed_since))]:
            _apply(names, step)
        for name, file in names.items():
            (target / name).write_bytes(file.after_a_cut(chance))

    def _sync(self, path: str, inside: list[str]) -> None:
        if path == self.folder:
            self.sure_names = dict(self.names)
            self.renamed_since.clear()
        elif inside and inside[0] in self.names:
            self.names[inside[0]].synchronised()

    def _rename_step(self, step: tuple[str, str, File | None]) -> None:
        _apply(self.names, step)
        self.renamed_since.append(step)

    def _openat(self, inside: list[str], _texts: list[str], _numbers: list[int]) -> None:
        if inside[0] not in self.names:
            self._rename_step(("add", inside[0], File()))

    def _pwrite64(self, inside: list[str], texts: list[str], numbers: list[int]) -> None:
        data = texts[-1].encode("latin-1")
        self.names[inside[0]].since.append(("write", numbers[-1], data))

    def _write(self, inside: list[str], texts: list[str], _numbers: list[int]) -> None:
        self.names[inside[0]].since.append(("write", 0, texts[-1].encode("latin-1")))

    def _ftruncate(self, inside: list[str], _texts: list[str], numbers: list[int]) -> None:
        self.names[inside[0]].since.append(("cut to", numbers[-1], b""))

    def _unlink(self, inside: list[str], _texts: list[str], _numbers: list[int]) -> None:
        self._rename_step(("remove", inside[0], None))

    def _rename(self, inside: list[str], _texts: list[str], _numbers: list[int]) -> None:
        self._rename_step(("add", inside[-1], self.names[inside[0]]))
        self._rename_step(("remove", inside[0], None))

    def _link(self, inside: list[str], _texts: list[str], _numbers: list[int]) -> None:
        self._rename_step(("add", inside[-1], self.names[inside[0]]))


def recorded(folder: Path, seed: int) -> Iterator[tuple[str, list[str], list[int]]]:
    """The system calls of a session on a library in the folder, as (call, texts, numbers)."""
    trace = folder / "trace"
    options = ("-f", "-qq", "-y", "-xx", "-s", "1000000", "-o", str(trace))
    before = ("strace", *options, "-e", f"trace={CALLS}")
    process = victim(folder / "medium" / "library.sqlite", seed, 12, 2, before=before)
    process.communicate()
    for line in _whole_lines(trace.read_text("ascii")):
        found = LINE.match(line)
        if not found or int(found[3]) < 0 or (found[1] == "openat" and "O_CREAT" not in line):
            continue
        texts = [bytes.fromhex((a or b).replace("\\x", "")) for a, b in TEXT.findall(found[2])]
        numbers = [int(n) for n in re.findall(r", (\d+)(?=[,)]|$)", TEXT.sub("", found[2]))]
        yield found[1], [t.decode("latin-1") for t in texts], numbers


def power_cuts(folder: Path, cuts: int, seed: int) -> Counter[str]:
    """Cut the power at random moments of a session and count what is wrong afterwards."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    (folder / "medium").mkdir()
    calls = list(recorded(folder, seed))
    moments = Counter(chance.choices(range(len(calls)), k=cuts))
    medium = Medium(str(folder / "medium"))
    for n, call in enumerate(calls):
        medium.follow(*call)
        for _ in range(moments[n]):
            target = quick_folder()
            medium.cut(chance, target)
            acks = acknowledged(medium.acks)
            counts["cuts"] += 1
            counts["before an acknowledgement"] += not acks
            counts += examine(target / "library.sqlite", acks)
            shutil.rmtree(target)
    return counts


def _whole_lines(text: str) -> Iterator[str]:
    """The lines of a trace; calls that another thread interrupted are put together again."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        thread = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix(" <unfinished ...>")
        elif " resumed>" in line:
            yield begun.pop(thread, "") + line.split(" resumed>", 1)[1]
        else:
            yield line


def _apply(names: dict[str, File], step: tuple[str, str, File | None]) -> None:
    _, name, file = step
    if file is not None:
        names[name] = file
    else:
        names.pop(name, None)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
