"""What every test gets: an empty home, one language and zone, and no tolerance for noise."""

import gc
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

# Before anything imports Qt; a person who wants to watch sets another platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["LANGUAGE"] = ""
os.environ["TZ"] = "UTC"
os.environ.pop("FACILITATOR_LIBRARY", None)
if hasattr(time, "tzset"):
    time.tzset()

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "quick",
    max_examples=60,
    deadline=None,
    # One test is given one home; sharing it between the examples of that test is meant.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("weekly", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

SOURCE = Path(__file__).resolve().parent.parent


# New objects that are not gone again after a test, from which looking for garbage pays.
_MANY = 100_000


@pytest.fixture(autouse=True)
def swept_here() -> Iterator[None]:
    """Have garbage collected between tests, never by a thread: a timer in it would not survive."""
    gc.disable()
    yield
    if gc.get_count()[0] > _MANY:
        gc.collect()


class _Noise(logging.Handler):
    """Collects what the app logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, so that no test reads or writes the person's files."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "config",
        "LOCALAPPDATA": home / "data",
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
    }
    for name, folder in folders.items():
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("FACILITATOR_LIBRARY", raising=False)
    return home


@pytest.fixture(autouse=True)
def no_log_noise(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail a test in which the app logged a warning; a test that expects one clears the list."""
    noise = _Noise()
    logger = logging.getLogger("facilitator")
    logger.addHandler(noise)
    yield noise.heard
    logger.removeHandler(noise)
    if noise.heard:
        pytest.fail("The app logged:\n" + "\n".join(noise.heard), pytrace=False)


@pytest.fixture(scope="session")
def qapp(qapp):
    """Give the test application the bundled fonts, so that text measures alike everywhere."""
    from PySide6.QtGui import QFont, QFontDatabase

    for file in sorted((SOURCE / "resources" / "fonts").glob("*.ttf")):
        assert QFontDatabase.addApplicationFont(str(file)) >= 0, file
    font = QFont()
    font.setFamilies(["Noto Sans", "Facilitator Symbols"])
    font.setPointSize(10)
    qapp.setFont(font)
    return qapp
