"""Make .venv from the lock, once; a second call only looks at the stamp.

Plain Python 3.11 or newer, nothing else: this runs before anything is installed.
"""

# So that an older Python gets as far as the sentence that it is too old.
from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from system import (
    CannotSetUp,
    apt_command,
    install_packages,
    may_install,
    provide_libraries,
    provide_test_programs,
    say,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {
    "run": ROOT / "packaging" / "requirements.lock",
    "test": ROOT / "packaging" / "requirements-test.lock",
}
# The lock for tests holds all of the other, so its stamp vouches for both.
STAMPS_FOR = {"run": ("run", "test"), "test": ("test",)}
OLDEST = (3, 11)
# There while pip is at work; still there at the next call, it tells of a kill or a power cut.
UNFINISHED = "facilitator-unfinished"
# Settings of the person's that would make pip or Python look elsewhere than in .venv.
STRAY = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")
LARGE_DOWNLOAD = re.compile(r"^\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+)-\S+ \((\d+[\d.]* MB)\)")


def environment() -> dict[str, str]:
    """The person's environment without what would mislead pip and Python."""
    return {name: value for name, value in os.environ.items() if name not in STRAY}


def venv_python(venv: Path = VENV) -> Path:
    """Where the Python of an environment is."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def prepare(kind: str = "run", *, window: bool = False) -> Path:
    """Set .venv up for "run" or "test" and return its Python; at once when nothing changed.

    Raises CannotSetUp with a sentence that names the command to run.
    """
    if sys.version_info < OLDEST:
        raise CannotSetUp(
            f"Facilitator needs Python 3.11 or newer; this is {sys.version.split()[0]} "
            f"({sys.executable}). With another one: make PYTHON=python3.12 {kind}"
        )
    python = venv_python()
    version = _version_of(python)
    if version is None or not _is_stamped(kind, version, window):
        _set_up(kind, window)
    return python


def _version_of(python: Path) -> str | None:
    """Which Python an environment really runs; None when it is missing or broken."""
    try:
        done = subprocess.run(
            [str(python), "-I", "-S", "-c", "import sys; print(sys.version)"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _stamp(kind: str) -> Path:
    return VENV / f"facilitator-{kind}.stamp"


def _stamp_text(kind: str, version: str) -> str:
    digest = hashlib.sha256()
    for file in (LOCKS[kind], Path(__file__), Path(__file__).with_name("system.py")):
        digest.update(file.read_bytes())
    return f"{digest.hexdigest()} {version} {ROOT}"


def _is_stamped(kind: str, version: str, window: bool) -> bool:
    for name in STAMPS_FOR[kind]:
        try:
            found = _stamp(name).read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        # The second line says whether the libraries for a window were there.
        if found[:1] == [_stamp_text(name, version)] and (not window or "window" in found[1:]):
            return True
    return False


def _set_up(kind: str, window: bool) -> None:
    say(f"Setting up {VENV} ({'app and test tools' if kind == 'test' else 'the app'}), once")
    unfinished = VENV / UNFINISHED
    if unfinished.exists():
        _clear_venv("its installation was cut short")
    pip = _make_venv()
    unfinished.touch()
    try:
        _install(pip, LOCKS[kind])
    except CannotSetUp:
        # pip stopped in good order, so what is there can be built upon.
        unfinished.unlink()
        raise
    unfinished.unlink()
    can_show = provide_libraries(_pyside_folder(), window=window)
    if kind == "test":
        provide_test_programs()
    _load_qt()
    _link_source()
    version = _version_of(venv_python()) or ""
    text = f"{_stamp_text(kind, version)}\n{'window' if can_show else ''}\n"
    _stamp(kind).write_text(text, encoding="utf-8")
    size = sum(file.lstat().st_size for file in VENV.rglob("*") if not file.is_symlink())
    say(f"Ready. {VENV.name} takes {size / 1e6:.0f} MB; the next call starts at once.")


def _make_venv() -> list[str]:
    """Make the environment unless a working one is there; the command that runs its pip."""
    python = venv_python()
    version = _version_of(python)
    if version is not None and _is_new_enough(version):
        if _has_pip(python):
            return [str(python), "-m", "pip"]
        reason = "it has no pip"
    else:
        reason = "its Python is gone, broken or too old"
    _clear_venv(reason)
    return _new_venv()


def _is_new_enough(version: str) -> bool:
    major, minor = version.split(".")[:2]
    return (int(major), int(minor)) >= OLDEST


def _clear_venv(reason: str) -> None:
    if not VENV.exists():
        return
    if not (VENV / "pyvenv.cfg").is_file():
        raise CannotSetUp(f"{VENV} is in the way and no Python environment. Move it elsewhere.")
    say(f"Making {VENV} anew: {reason}")
    shutil.rmtree(VENV)


def _new_venv() -> list[str]:
    python = str(venv_python())
    more: list[str] = []
    pip = [python, "-m", "pip"]
    if not (_has_module("ensurepip") and _has_module("venv")):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if may_install():
            install_packages([package])
        elif _has_module("venv") and _has_module("pip"):
            # Debian's pip without python3-venv: it can install into an environment without pip.
            more, pip = ["--without-pip"], [sys.executable, "-m", "pip", "--python", python]
        else:
            raise CannotSetUp(
                "This Python cannot make environments: its venv or ensurepip module is missing.\n"
                f"On Debian or Ubuntu install it with: {apt_command([package])}\n"
                "Elsewhere install the package with the venv module, or a Python from python.org."
            )
    say(f"Making an environment with Python {sys.version.split()[0]}")
    done = subprocess.run(
        [sys.executable, "-m", "venv", *more, str(VENV)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotSetUp(f"No environment could be made in {VENV}:\n{done.stdout}{done.stderr}")
    return pip


def _has_module(name: str) -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def _has_pip(python: Path) -> bool:
    done = subprocess.run(
        [str(python), "-m", "pip", "--version"],
        env=environment(),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _install(pip: list[str], lock: Path) -> None:
    """Install exactly what the lock names; pip refuses a file whose hash is not in it."""
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Installing {count} packages from {lock.name}, each checked against its hash")
    command = [
        *pip,
        *("install", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)),
        *("--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
        "--no-warn-script-location",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--root-user-action=ignore")
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        heard = _follow_pip(running.stdout or ())
    if running.returncode:
        raise CannotSetUp(_why_pip_failed(heard, lock))


def _why_pip_failed(heard: list[str], lock: Path) -> str:
    """One sentence with what to do, and under it what pip said at the end."""
    said = "\n".join(heard)
    if "DO NOT MATCH THE HASHES" in said:
        reason = (
            f"a package is not the one that {lock.name} names, so nothing was installed. "
            "Somebody may have changed it on its way here: try another network or mirror."
        )
    elif "connection broken" in said or "Connection" in said:
        reason = "the package index cannot be reached. Call this again when there is a network."
    else:
        reason = "see below. What was fetched is kept: call the same command again."
    told = [line for line in heard if not line.startswith("WARNING: Retrying")]
    return "\n".join([f"pip stopped: {reason}", *told[-8:]])


def _follow_pip(lines: Iterable[str]) -> list[str]:
    """Tell the large steps as they come, and keep all for the case that it fails."""
    heard = []
    for line in lines:
        heard.append(line.rstrip())
        if found := LARGE_DOWNLOAD.match(line):
            say(f"  fetched {found[1]}, {found[2]}")
        elif line.startswith("Installing collected packages"):
            say("  unpacking")
    return heard


def _pyside_folder() -> Path:
    for pattern in ("lib/python3*/site-packages/PySide6", "Lib/site-packages/PySide6"):
        for folder in VENV.glob(pattern):
            return folder
    raise CannotSetUp(f"PySide6 is not in {VENV}. Remove that folder and call this again.")


def _load_qt() -> None:
    """Load Qt for real: a library can be there and still not fit."""
    done = subprocess.run(
        [str(venv_python()), "-c", "import PySide6.QtWidgets, PySide6.QtSvg"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotSetUp(f"Qt is installed but does not load: {reason}")


def _link_source() -> None:
    """Make `facilitator` a command of the environment that runs this source tree."""
    if sys.platform == "win32":
        (VENV / "Lib/site-packages/facilitator-source.pth").write_text(f"{ROOT}\n", "utf-8")
        text = f'@"{venv_python()}" -m facilitator %*\r\n'
        (VENV / "Scripts" / "facilitator.cmd").write_text(text, encoding="utf-8")
        return
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "facilitator-source.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "facilitator"
    call = f'#!/bin/sh\nexec {shlex.quote(str(venv_python()))} -m facilitator "$@"\n'
    command.write_text(call, encoding="utf-8")
    command.chmod(0o755)
