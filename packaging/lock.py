"""Pin what pyproject.toml asks for, with the hash of every wheel for every platform.

Usage: python packaging/lock.py [--upgrade]. Needs the network; everybody else reads the result.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_LOCK = ROOT / "packaging" / "requirements.lock"
TEST_LOCK = ROOT / "packaging" / "requirements-test.lock"
RESOLVER = "uv>=0.5"


def compile_lock(python: Path, lock: Path, *more: str) -> None:
    """Write one lock; versions that are in it stay unless an upgrade is asked for."""
    command = [
        *(str(python), "-m", "uv", "pip", "compile", "pyproject.toml"),
        *("--universal", "--python-version", "3.11", "--generate-hashes"),
        # A source archive would run its build script at the user's place.
        *("--only-binary", ":all:"),
        *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
        *("--output-file", str(lock.relative_to(ROOT)), *more),
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    """Write both locks; the one for tests holds all that the other holds."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        binaries = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        python = binaries / "python"
        subprocess.run([str(python), "-m", "pip", "install", "-q", RESOLVER], check=True)
        compile_lock(python, RUN_LOCK, *upgrade)
        compile_lock(python, TEST_LOCK, "--extra", "test", "-c", str(RUN_LOCK), *upgrade)


if __name__ == "__main__":
    main()
