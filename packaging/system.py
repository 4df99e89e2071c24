"""What this needs from the machine beside Python: libraries that Qt loads, programs for tests."""

# So that an older Python gets as far as the sentence that it is too old.
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

STARTED = time.monotonic()

# Debian's packages for what the Qt wheels do not carry; Ubuntu's have the same names.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
    "libz.so.1": "zlib1g",
}
# A program that the tests call, and its package.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "pdfsig": "poppler-utils",
    "softhsm2-util": "softhsm2",
}
# Relative to PySide6: what any use of Qt loads, and what a window on X11 loads besides.
QT_ALWAYS = ("QtWidgets.abi3.so", "QtSvg.abi3.so", "Qt/plugins/platforms/libqoffscreen.so")
QT_WINDOW = ("Qt/plugins/platforms/libqxcb.so",)


class CannotSetUp(Exception):
    """Something a person has to do first; the text says what, with the command."""


def say(text: str) -> None:
    """Print one line with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", flush=True)


def may_install() -> bool:
    """Whether this is root on a machine with apt-get, so that packages can be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_command(packages: Iterable[str]) -> str:
    """The command that a person on a Debian-like system types for these packages."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages as root; raises CannotSetUp with the last lines of apt-get."""
    say(f"Installing with apt-get: {' '.join(packages)}")
    _update_package_lists()
    done = _apt_get("install", "-y", "--no-install-recommends", *packages)
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-5:])
        raise CannotSetUp(f"apt-get could not install {' '.join(packages)}:\n{tail}")


@cache
def _update_package_lists() -> None:
    # A broken source of somebody else's need not matter; if it does, the installation tells.
    _apt_get("update")


def _apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def not_found(ldd_output: str) -> list[str]:
    """The libraries that ldd could not find, each once."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE)))


def missing_libraries(pyside: Path, files: Sequence[str]) -> list[str]:
    """The system libraries that these parts of Qt ask for in vain; empty where all load."""
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return []
    parts = [str(pyside / file) for file in files]
    done = subprocess.run(["ldd", *parts], capture_output=True, text=True, check=False)
    return not_found(done.stdout)


def packages_for(libraries: Iterable[str]) -> list[str]:
    """Debian's packages for these libraries; one that is unknown here keeps its own name."""
    return sorted({LIBRARIES.get(library, library) for library in libraries})


def command_for(libraries: Sequence[str]) -> str:
    """The one command that brings these libraries, as far as it can be known here."""
    if shutil.which("apt-get"):
        return apt_command(packages_for(libraries))
    for tool in ("dnf", "zypper"):
        if shutil.which(tool):
            # These two take the name of a library for the package that has it.
            wanted = " ".join(f"'{library}()(64bit)'" for library in libraries)
            return f"sudo {tool} install {wanted}"
    return f"your system's package manager, for {', '.join(libraries)}"


def provide_libraries(pyside: Path, *, window: bool) -> bool:
    """Install what Qt lacks, or tell the command; True when a window can be opened.

    Raises CannotSetUp when a library is missing that is needed even without a window, or,
    with `window`, any library.
    """
    if may_install():
        missing = missing_libraries(pyside, QT_ALWAYS + QT_WINDOW)
        if missing:
            install_packages(packages_for(missing))
    needed = missing_libraries(pyside, QT_ALWAYS)
    for_window = missing_libraries(pyside, QT_WINDOW)
    if needed or (window and for_window):
        lacking = sorted({*needed, *for_window})
        raise CannotSetUp(
            f"Qt needs system libraries that are not here: {', '.join(lacking)}.\n"
            f"Install them with: {command_for(lacking)}"
        )
    if for_window:
        say(f"No window can open yet: {', '.join(for_window)} missing.")
        say(f"Install them with: {command_for(for_window)}")
    return not for_window


def provide_test_programs() -> None:
    """Install the programs that tests drive, or say that tests which need them are skipped."""
    if not sys.platform.startswith("linux"):
        return
    lacking = [name for name in TEST_PROGRAMS if shutil.which(name) is None]
    if not lacking:
        return
    packages = [TEST_PROGRAMS[name] for name in lacking]
    if may_install():
        try:
            install_packages(packages)
            return
        except CannotSetUp as problem:
            say(str(problem))
    say(f"Tests that need {', '.join(lacking)} are skipped; to run them: {apt_command(packages)}")
