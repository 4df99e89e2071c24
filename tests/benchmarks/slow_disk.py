"""A disk that is slow, or that does not answer at all: a library between a program and its files.

Needs Linux and a C compiler; where one lacks, `library` says None and the figures are left out.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


def library(folder):
    """The compiled library in this folder, or None where none can be made."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    made = Path(folder) / "slow_disk.so"
    command = (compiler, "-shared", "-fPIC", "-O1", "-o", made, SOURCE, "-ldl")
    done = subprocess.run(command, capture_output=True, check=False)
    return made if done.returncode == 0 else None


def environment(made, stick, delay=0):
    """What a process needs whose synchronisations take `delay` ms; `hang` stops all of `stick`."""
    return {
        **os.environ,
        "LD_PRELOAD": str(made),
        "SLOW_MS": str(delay),
        "HANG_IN": str(stick),
        "HANG_WHILE": str(Path(made).with_name("hang")),
    }


def hang():
    """From inside: from now on the disk does not answer."""
    Path(os.environ["HANG_WHILE"]).touch()


def answer():
    """From inside: the disk answers again."""
    Path(os.environ["HANG_WHILE"]).unlink(missing_ok=True)
