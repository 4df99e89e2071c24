"""Nothing leaves this computer, and nothing is left where nobody chose to put it.

Three ways through the app are played once, in a network that has nothing in it where that may be
made, and watched by strace where there is one: the demo meeting, a window, and the command line.
"""

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from facilitator.app import _log_crash

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "facilitator"
SECRET = "Quetzalcoatl pressed the button"
WATCHED = "trace=socket,openat,open,creat,mkdir,mkdirat"
WINDOW = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def drive(*_):
    from facilitator.model.edits.moments import add_moment
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.windowTitle() == "Facilitator")
    window.open_demo()
    desk = window.desk
    desk.session.do(add_moment, SECRET, None)
    window.filing.import_files([Path(sys.argv[1])])
    while window._parts.tasks.is_busy:
        app.processEvents()
    for _ in range(9):
        desk.meeting.next()
        app.processEvents()
    desk.session.keep_draft("incident:x:title", SECRET)
    window.room.swap()
    app.processEvents()
    window.toggle_theme()
    app.processEvents()
    window.close()
    app.processEvents()
    return 0

QApplication.exec = drive
SECRET = sys.argv[2]
from facilitator.app import run
sys.exit(run())
"""
COMMANDS = """
import subprocess, sys
from pathlib import Path
moments, made, demo = map(Path, sys.argv[1:])
(made / "pass").write_text("a long enough passphrase\\n")
(made / "pass").chmod(0o600)

def facilitator(*words):
    subprocess.run([sys.executable, "-m", "facilitator", *map(str, words)], check=True)

facilitator("demo", "--no-window")
facilitator("import", "last", moments)
facilitator("report", "last", "-o", made / "draft.pdf")
facilitator("identity", "new", "--name", "A", "--role", "tech-lead", "-o", made / "a.identity",
            "--passphrase-file", made / "pass")
facilitator("report", "last", "-o", made / "draft.pdf")
facilitator("verify", demo / "report-signed.pdf")
facilitator("export", "last", "--format", "json", "-o", made / "all.json")
for name in ("all.pmroom", "all.pmroom.age"):
    secret = ("--passphrase-file", made / "pass") if name.endswith("age") else ()
    facilitator("export", "last", "--format", "bundle", "-o", made / name, *secret)
    facilitator("open-bundle", made / name, *secret)
facilitator("report", "last", "--share-safe", "-o", made / "shared.pdf")
"""


class Run:
    """A program in a home of its own that ended well: where it could write, and what it asked."""

    def __init__(self, folder, name, *command):
        self.home = folder / name
        self.made = folder / f"{name}-made"
        self.temporary = folder / f"{name}-tmp"
        for each in (self.home, self.made, self.temporary):
            each.mkdir(mode=0o700)
        self.log = folder / f"{name}.strace"
        words = [str(self.made) if word == "MADE" else str(word) for word in command]
        done = subprocess.run(
            [*self._around(), sys.executable, *words],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            umask=0o022,
        )
        assert done.returncode == 0, done.stderr

    def _around(self):
        alone = ["unshare", "-rn"] if has_own_network() else []
        if shutil.which("strace") is None:
            return alone
        return [*alone, "strace", "-f", "-y", "-qq", "--seccomp-bpf", "-e", WATCHED, "-o", self.log]

    def _environment(self):
        return {
            **{n: v for n, v in os.environ.items() if n != "FACILITATOR_LIBRARY"},
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_RUNTIME_DIR": str(self.temporary),
            "TMPDIR": str(self.temporary),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    @property
    def calls(self):
        """What was asked of the system, a line each; the test is skipped where nobody watched."""
        if not self.log.exists():
            pytest.skip("strace is not here, so nobody can watch")
        return self.log.read_text(errors="replace").splitlines()

    def written(self):
        """Every path that was opened to be written or made, whatever became of it."""
        found = set()
        for line in self.calls:
            made = re.search(r'(?:mkdir|creat|mkdirat)\(.*?"([^"]*)".*= \d', line)
            opened = re.search(
                r'open(?:at)?\((?:[^<"]*<([^>]*)>, )?"([^"]*)", \S*O_(?:WRONLY|RDWR|CREAT).*= \d',
                line,
            )
            if opened:
                found.add(Path(opened[1] or ROOT) / opened[2])
            elif made:
                found.add(ROOT / made[1])
        return {path for path in found if path.parts[1] not in ("dev", "proc")}

    def left(self):
        """Every file and folder that is still there."""
        return [p for root in (self.home, self.made, self.temporary) for p in root.rglob("*")]


def has_own_network():
    """Whether a network with nothing in it may be made here."""
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    )


@pytest.fixture(scope="module")
def moments(tmp_path_factory):
    file = tmp_path_factory.mktemp("import") / "moments.csv"
    file.write_text("time,text\n2026-06-18T18:20:00+12:00,The queue grew\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return Run(tmp_path_factory.mktemp("demo"), "demo", "-m", "facilitator.demo", "MADE")


@pytest.fixture(scope="module")
def runs(tmp_path_factory, moments, demo):
    folder = tmp_path_factory.mktemp("runs")
    window = Run(folder, "window", "-c", WINDOW, moments, SECRET)
    commands = Run(folder, "commands", "-c", COMMANDS, moments, "MADE", demo.made)
    return demo, window, commands


def test_everything_works_where_there_is_no_network(runs):
    if not has_own_network():
        pytest.skip("no network without anything in it can be made here")
    demo, window, commands = runs
    assert (demo.made / "report-signed.pdf").stat().st_size > 10_000
    assert (window.home / "data" / "Facilitator" / "library.sqlite").exists()
    assert (commands.made / "draft.pdf").stat().st_size > 10_000


def test_no_socket_to_any_network_is_asked_for(runs):
    asked = [line for run in runs for line in run.calls if "socket(AF_INET" in line]
    assert asked == []


def test_the_watch_sees_a_socket(tmp_path):
    script = "import socket; socket.socket(socket.AF_INET).close()"
    run = Run(tmp_path, "probe", "-c", script)
    assert any("socket(AF_INET" in line for line in run.calls)


def test_files_are_made_in_our_folders_and_the_chosen_ones_only(runs):
    for run in runs:
        ours = (
            run.home / "data" / "Facilitator",
            run.home / "config" / "Facilitator",
            run.made,
            run.temporary,
        )
        strange = {
            path
            for path in run.written()
            if not any(path.is_relative_to(place) for place in ours)
            and path not in (run.home / "data", run.home / "config")
        }
        assert strange == set()


def test_nothing_stays_in_the_folder_for_temporary_files(runs):
    assert [path for run in runs for path in run.temporary.rglob("*")] == []


def test_what_stays_is_for_its_owner_alone(runs):
    if sys.platform == "win32":
        pytest.skip("Windows keeps other lists")
    open_to_others = [
        (str(path), stat.filemode(path.stat().st_mode))
        for run in runs
        for path in run.left()
        if path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_what_was_said_stands_in_the_library_and_its_backups_only(runs):
    _demo, window, _commands = runs
    holding = {
        path.name
        for path in window.left()
        if path.is_file() and SECRET.encode() in path.read_bytes()
    }
    assert holding
    assert all(name.endswith(".sqlite") for name in holding)


def test_the_log_of_a_crash_holds_places_and_no_words(tmp_path, capsys):
    log = tmp_path / "crash.log"
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        _log_crash(log, type(error), error, error.__traceback__)
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert Path(__file__).name in text
    assert SECRET not in text
    # What a desktop starts writes its errors into a file of the session.
    assert SECRET not in capsys.readouterr().err
    assert sys.platform == "win32" or not log.stat().st_mode & 0o077


NETWORK = {"socket", "ssl", "urllib", "http", "ftplib", "smtplib", "xmlrpc", "socketserver",
           "webbrowser", "requests", "aiohttp", "httpx", "PySide6.QtNetwork"}  # fmt: skip
# All that a person may ask for that needs a network: a time stamp on a signature, and whether
# certificates were revoked.
ASKING = {"facilitator.report.services"}


def test_no_module_of_ours_knows_a_network():
    knowing = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{a.name}" for a in node.names]
            # Taking an address apart asks nobody.
            names = [n for n in names if not n.startswith("urllib.parse")]
            if any(n in NETWORK or n.split(".")[0] in NETWORK for n in names):
                knowing.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert knowing == ASKING
