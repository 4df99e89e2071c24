"""Everything one does with the source tree: python packaging/tasks.py VERB [ARGUMENTS].

The Makefile calls this and nothing else, so that Windows needs no make.
"""

# So that an older Python gets as far as the sentence that it is too old.
from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from setup_env import ROOT, environment, prepare
from system import CannotSetUp, say

BUILD = ROOT / "build"
BENCHMARKS = ROOT / "tests" / "benchmarks"
LINTERS = {
    "ruff format": ("ruff", "format", "--check", "."),
    "ruff check": ("ruff", "check", "."),
    "mypy": ("mypy",),
}


def setup(arguments: list[str]) -> int:
    """Make .venv and check the system's libraries."""
    prepare("test" if "--test" in arguments else "run")
    return 0


def run(arguments: list[str]) -> int:
    """Open the app; without a display, play the demo meeting."""
    if not has_display():
        say("There is no display (DISPLAY and WAYLAND_DISPLAY are not set), so no window opens.")
        say("The demo meeting is played without one instead.")
        return demo([])
    python = prepare("run", window=sys.platform.startswith("linux"))
    return _call(python, "-m", "facilitator", *arguments)


def demo(arguments: list[str]) -> int:
    """Play the demo meeting without a window; everything it makes is in build/demo."""
    python = prepare("run")
    folder = arguments or [str(BUILD / "demo")]
    return _call(python, "-m", "facilitator.demo", *folder, offscreen=True)


def pictures(arguments: list[str]) -> int:
    """Draw every screen into build/pictures."""
    python = prepare("run")
    folder = arguments or ["-o", str(BUILD / "pictures")]
    return _call(python, "-m", "facilitator", "pictures", *folder, offscreen=True)


def bench(arguments: list[str]) -> int:
    """Measure, each figure beside its floor; with words, only what has one in its name."""
    python = prepare("test")
    found = [file.stem for file in sorted(BENCHMARKS.glob("bench_*.py"))]
    chosen = [n for n in found if not arguments or any(word in n for word in arguments)]
    if not chosen:
        raise CannotSetUp(f"No such measurement. There are: {', '.join(found) or 'none'}")
    failed = [n for n in chosen if _call(python, "-m", f"tests.benchmarks.{n}", offscreen=True)]
    if failed:
        print(f"Did not finish: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def torture(arguments: list[str]) -> int:
    """Hurt libraries in every way we know and count what was lost (about a quarter of an hour)."""
    return _call(prepare("test"), "packaging/torture.py", *arguments, offscreen=True)


def sbom(arguments: list[str]) -> int:
    """Write the parts list of what is shipped, as CycloneDX, into build/."""
    return _call(prepare("run"), "packaging/sbom.py", *arguments)


def lint(arguments: list[str]) -> int:
    """Check form and types."""
    del arguments
    return 1 if _unclean(prepare("test")) else 0


def test(arguments: list[str]) -> int:
    """Check form and types, then run the tests; ends with the line of pytest."""
    python = prepare("test")
    unclean = _unclean(python)
    say("pytest")
    # All tests share the processors; a chosen few start sooner without workers.
    shared = () if arguments else ("-n", str(os.cpu_count() or 1), "--dist", "worksteal")
    status = _call(python, "-m", "pytest", *shared, *arguments, offscreen=True)
    if unclean:
        print(f"Not clean: {', '.join(unclean)} (see above)")
    return status or (1 if unclean else 0)


def has_display() -> bool:
    """Whether a window can appear, or the person has chosen another way to draw."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _unclean(python: Path) -> list[str]:
    """The names of the checks that found something."""
    found = []
    for name, command in LINTERS.items():
        start = time.monotonic()
        if _call(python, "-m", *command):
            found.append(name)
        say(f"{name}: {time.monotonic() - start:.1f} s")
    return found


def _call(python: Path, *command: str, offscreen: bool = False) -> int:
    settings = environment()
    if offscreen:
        settings["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run([str(python), *command], cwd=ROOT, env=settings, check=False).returncode


VERBS: dict[str, Callable[[list[str]], int]] = {
    verb.__name__: verb for verb in (setup, run, test, demo, pictures, bench, torture, sbom, lint)
}


def main(arguments: list[str]) -> int:
    """Do one verb; the exit status, 2 when the machine or the call is not right."""
    if not arguments or arguments[0] not in VERBS:
        print("Usage: python packaging/tasks.py VERB [ARGUMENTS]", file=sys.stderr)
        for name, verb in VERBS.items():
            print(f"  {name:<9} {verb.__doc__}", file=sys.stderr)
        return 2
    try:
        return VERBS[arguments[0]](arguments[1:])
    except CannotSetUp as problem:
        sys.stdout.flush()
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
