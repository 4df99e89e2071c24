"""What a start costs: until the first window is shown nothing is read that it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from facilitator.app import make_parts, read_ahead
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.warming import Warming
from facilitator.ui.window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
UNTIL_SHOWN = """
import os, sys
from PySide6.QtWidgets import QApplication

def until_shown(*_):
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.isVisible())
    app.processEvents()
    print(window.windowTitle(), *sys.modules, sep="\\n")
    window.close()
    return 0

QApplication.exec = until_shown
import runpy
sys.argv = ["facilitator"]
runpy.run_module("facilitator", run_name="__main__")
"""
# Paper, signatures, the command line, file formats, a network: nothing a start page shows.
NOT_YET = (
    "reportlab",
    "pyhanko",
    "pyhanko_certvalidator",
    "asn1crypto",
    "cryptography",
    "aiohttp",
    "pypdfium2",
    "click",
    "sqlite_utils",
    "socket",
    "ssl",
    "http",
    "facilitator.cli",
    "facilitator.commands",
    "facilitator.report",
    "facilitator.exchange",
    "facilitator.checks",
    "facilitator.demo",
    "facilitator.language",
    "facilitator.bundled",
    "facilitator.session",
    "facilitator.ui.desk",
    "facilitator.ui.fields",
    "facilitator.ui.fixes",
    "facilitator.ui.incident",
    "facilitator.ui.level",
    "facilitator.ui.report",
    "facilitator.ui.room",
    "facilitator.ui.timeline",
    "facilitator.ui.whys",
)


@pytest.fixture
def shown(own_home):
    """The title of the first window and the modules that were read until it was there."""
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_SHOWN], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    title, *modules = done.stdout.splitlines()
    assert title == "Facilitator"
    return modules


def test_the_start_page_is_shown_before_what_only_a_desk_or_a_report_needs_is_read(shown):
    unwanted = [
        name for name in shown if any(name == no or name.startswith(f"{no}.") for no in NOT_YET)
    ]
    assert "facilitator.ui.library.start" in shown
    assert unwanted == []


def test_the_source_of_our_modules_is_not_read_to_learn_how_they_call_qt():
    script = (
        "import facilitator.app, linecache, facilitator.ui.window;"
        "print([f for f in linecache.cache if 'window.py' in f])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_what_a_desk_needs_is_read_ahead_in_pieces_and_gives_it_all(qtbot, tmp_path):
    library = Library(tmp_path / "library.sqlite")
    parts = make_parts(library)
    window = MainWindow(parts, Settings(), remember=False)
    qtbot.addWidget(window)
    pieces = []
    warming = Warming(
        (pieces.append(1) for _ in read_ahead(parts, Settings().hints_language)), window
    )
    warming.start()
    qtbot.waitUntil(lambda: warming.is_done, timeout=60_000)
    assert len(pieces) > 50
    assert "facilitator.ui.desk.desk" in sys.modules
    window.close()


def test_a_fault_while_reading_ahead_is_told_once(qtbot):
    parent = QObject()

    def work():
        raise ValueError("a pack that cannot be read")
        yield

    warming = Warming(work(), parent)
    with qtbot.captureExceptions() as told:
        warming.start()
        qtbot.waitUntil(lambda: warming.is_done)
    assert len(told) == 1
