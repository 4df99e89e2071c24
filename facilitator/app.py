"""The composition root: makes everything, connects everything, runs the loop."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication

from facilitator.ui import plain_imports  # noqa: F401  # before any other module of ours

# isort: split
from facilitator.instants import read_instant
from facilitator.paths import data_dir, library_file, resources
from facilitator.settings import Settings, load_settings
from facilitator.store.library import Library
from facilitator.ui.parts import Parts
from facilitator.ui.recovery.ending import Ending
from facilitator.ui.recovery.starting import open_for_window
from facilitator.ui.tasks import Tasks
from facilitator.ui.waiting import Waiting
from facilitator.ui.warming import Warming
from facilitator.ui.window import MainWindow

if TYPE_CHECKING:
    from facilitator.language.phrases import PhraseBank
    from facilitator.language.rules import RuleSet
    from facilitator.model.change import Edit

# What the start page can do without is imported where it is used.

_SHOWN_ANYWAY: Final = 500  # ms
# Seconds after which work on another thread lets the window go on, which asks for that many times
# in one click; by itself it is 25 times as long.
_TURN: Final = 0.0002


def make_application() -> QApplication:
    """The Qt application, set up before anything is drawn."""
    os.umask(0o077)
    sys.setswitchinterval(_TURN)
    if sys.platform == "linux":
        # Wayland ignores window positions; the room screen needs them where X is to be had.
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb;wayland")
    QCoreApplication.setApplicationName("Facilitator")
    QCoreApplication.setOrganizationName("Facilitator")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    return app


def rules_of(library: Library, language: str) -> RuleSet:
    """The rules of a language with the packs of the team and of this library, as they are now."""
    from facilitator.bundled import team_packs

    packs = team_packs(library.path)
    return _read_rules(language, tuple((pack, _changed(pack)) for pack in packs))


def _changed(pack: Path) -> int:
    try:
        return pack.stat().st_mtime_ns
    except OSError:
        return 0  # it is read, and named as one that cannot be


@cache
def _read_rules(language: str, packs: tuple[tuple[Path, int], ...]) -> RuleSet:
    from facilitator.bundled import language_rules

    return language_rules(language, [pack for pack, _when in packs])


@cache
def phrases() -> PhraseBank:
    """The phrases that come with the app."""
    from facilitator.bundled import bundled_phrases

    return bundled_phrases()


def begin_incident(title: str, **values: Any) -> Edit:  # noqa: ANN401
    """A new incident on the default agenda. Raises Refused without a title."""
    from facilitator.model.edits.incident import new_incident
    from facilitator.model.templates import read_template, template_file

    topics = read_template(template_file(resources())).topics
    return new_incident(title, topics, datetime.now(UTC), **values)


def make_demo(library: Library) -> str:
    """A fresh copy of the sample incident in this library; its id."""
    from facilitator.demo.incident import demo_edit

    return library.create(demo_edit(datetime.now(UTC)))


def make_parts(library: Library, tasks: Tasks | None = None) -> Parts:
    """Everything a main window is made of."""
    return Parts(
        library=library,
        rules=rules_of,
        bank=phrases,
        now=read_instant,
        tasks=tasks or Tasks(),
        make_demo=make_demo,
        new_incident=begin_incident,
        leave=leave_now,
    )


def leave_now(status: int = 0) -> None:
    """End at once, as a kill would: a thread that waits for a disk that hangs cannot be ended."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)


def read_ahead(parts: Parts, language: str) -> Iterator[None]:
    """Read piece by piece what the first desk will need: its modules, the rules, the phrases."""
    boards = ("timeline.board", "whys.board", "desk.desk", "room.controls", "report.board")
    for name in ("session", "ui.fields", *(f"ui.{board}" for board in boards), "ui.desk_making"):
        import_module(f"facilitator.{name}")
        yield
    rules = parts.rules(parts.library, language)
    yield
    parts.bank()
    for rule in rules.rules:
        yield
        for pattern in rule.patterns:
            _ = pattern.regex


def run(path: Path | None = None, incident: str = "", *, read_only: bool = False) -> int:
    """Open the window on a library, and on an incident if one is named; the exit status.

    With `read_only` it is a copy to look at: of the newest backup while the library is in use.
    """
    app = make_application()
    sys.excepthook = partial(_log_crash, data_dir() / "crash.log")
    path = path or library_file()
    settings = load_settings()
    tasks = Tasks()
    waiting = Waiting(tasks, None, keep=_nothing_typed, leave=leave_now)
    dress = partial(_dress, app, settings)
    library = open_for_window(path, read_instant, dress, waiting, read_only=read_only)
    if isinstance(library, int):
        return _ended(tasks, library)
    parts = make_parts(library, tasks)
    window = MainWindow(parts, settings)
    # Should the disk be slow, the window says so while it reads its first page.
    anyway = QTimer(window)
    anyway.timeout.connect(window.show)
    anyway.start(_SHOWN_ANYWAY)
    if incident:
        window.open_incident(incident)
    else:
        window.show_start()
    anyway.stop()
    if not window.isVisible():
        window.show()
    ending = Ending(app, window)
    Warming(read_ahead(parts, settings.hints_language), window).start()
    status = app.exec()
    ending.stop()
    return _ended(tasks, status)


def _ended(tasks: Tasks, status: int) -> int:
    """The status, once no thread works any more; if a disk holds one up, the app ends here."""
    if not tasks.close():
        leave_now(status)
    return status


def _nothing_typed() -> None:
    """Before there is a window there is nothing to keep."""


def take_pictures(folder: Path) -> list[Path]:
    """Pictures of every screen with the sample incident; where they lie."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from facilitator.ui.pictures import Photographer, SteppedClock

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    folder.mkdir(parents=True, exist_ok=True)
    clock = SteppedClock(datetime(2026, 6, 18, 21, 0, tzinfo=UTC))
    with TemporaryDirectory() as scratch:
        library = Library(Path(scratch) / "pictures.sqlite")
        window = MainWindow(
            replace(make_parts(library), now=clock, steady=clock.steady), Settings(), remember=False
        )
        window.show()
        photographer = Photographer(window, clock, folder)
        photographer.start_page()
        photographer.meeting()
        photographer.dark()
        window.close()
    return photographer.taken


def _dress(app: QApplication, settings: Settings) -> None:
    from facilitator.ui.theme import Theme

    Theme(settings.theme).apply(app, settings.ui_px)


def _log_crash(
    log: Path, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    import traceback

    # Places in our code, never the error's words: they may hold what somebody typed.
    places = "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(trace)
    )
    told = f"{datetime.now(UTC).isoformat()} {kind.__name__}\n{places}"
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(told)
    # What a desktop starts writes its errors into a file of the session; a terminal is a reader.
    if sys.stderr is not None and sys.stderr.isatty():
        sys.__excepthook__(kind, error, trace)
    elif sys.stderr is not None:
        sys.stderr.write(told)
