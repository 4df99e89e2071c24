"""Where resources, data and settings are: in the source tree, a wheel and a frozen build."""

import os
import sys
from pathlib import Path

import platformdirs

APP_NAME = "Facilitator"
LIBRARY_VARIABLE = "FACILITATOR_LIBRARY"
LIBRARY_NAME = "library.sqlite"


def resources() -> Path:
    """The folder that holds templates, rules, phrases, themes and fonts."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [package / "_resources", package.parent / "resources"]
    if frozen:
        places.insert(0, Path(frozen) / "resources")
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"Facilitator's own files are missing: looked in {', '.join(map(str, places))}. "
        "Install it again."
    )


def data_dir() -> Path:
    """The owner-only folder for the library and its backups, made if it is missing."""
    return _owner_only(Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)))


def config_dir() -> Path:
    """The owner-only folder for settings, made if it is missing."""
    return _owner_only(Path(platformdirs.user_config_dir(APP_NAME, appauthor=False)))


def library_file() -> Path:
    """The library to open when nobody names one: FACILITATOR_LIBRARY, or the data folder's."""
    named = os.environ.get(LIBRARY_VARIABLE)
    return Path(named).expanduser() if named else data_dir() / LIBRARY_NAME


def _owner_only(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Told to mkdir, so that there is no moment in which others may look in.
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
    return folder
