"""What the person chose, as a frozen value and a JSON file of its own."""

from __future__ import annotations

import json
import logging
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from threading import Lock
from typing import Any, Final

from facilitator.paths import config_dir

SETTINGS_NAME: Final = "settings.json"
CHOICES: Final[Mapping[str, tuple[object, ...]]] = {
    "theme": ("light", "dark"),
    "room_size": ("small", "medium", "large"),
    "room_theme": ("light", "dark"),
    "ui_px": (12, 13, 14, 15, 16, 18, 20),
    "hints_language": ("en", "de"),
}
_LARGEST: Final = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of one person on one machine; `unknown` keeps what another version wrote."""

    theme: str = "light"
    room_size: str = "medium"
    room_theme: str = "light"
    sound: bool = True
    hints_on: bool = True
    hints_language: str = "en"
    ui_px: int = 14
    reports_folder: str = ""
    identity_folder: str = ""
    token_module: str = ""  # the PKCS#11 module that last found a key
    share_words: str = ""  # a line each: “Acme=the customer”, for share-safe copies
    timestamp_url: str = ""  # an RFC 3161 service; with none, nothing leaves the computer
    sign_without_timestamp: bool = False  # when it does not answer, without asking
    timestamp_trust: str = ""  # files with certificates of services one trusts, a line each
    revocation_files: str = ""  # files with CRLs, OCSP responses and certificates, a line each
    revocation_fetch: bool = False  # ask the places that certificates name
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def with_values(self, **values: object) -> Settings:
        """The same with some fields changed. Raises ValueError on one that cannot be."""
        for name, value in values.items():
            if not _fits(name, value):
                raise ValueError(f"{name} cannot be {value!r}")
        return replace(self, **values)  # type: ignore[arg-type]

    def files_of(self, name: str) -> tuple[Path, ...]:
        """The files that a setting lists, a line each."""
        lines = (line.strip() for line in str(getattr(self, name)).splitlines())
        return tuple(Path(line).expanduser() for line in lines if line)


def settings_file() -> Path:
    """Where the settings are kept."""
    return config_dir() / SETTINGS_NAME


def load_settings(path: Path | None = None) -> Settings:
    """The settings of this person; defaults, and a line in the log, for what cannot be used."""
    path = path or settings_file()
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("the file is too large")
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise ValueError("it holds no table of settings")
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("%s cannot be read, defaults are used: %s", path.name, error)
        return Settings()
    return _settings(stored)


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Put the settings on disk for their owner alone, whole or not at all. Raises OSError."""
    path = path or settings_file()
    values = {f.name: getattr(settings, f.name) for f in fields(settings) if f.name != "unknown"}
    text = json.dumps({**settings.unknown, **values}, indent=2, ensure_ascii=False) + "\n"
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class SettingsFile:
    """Puts settings on disk on whatever thread; of several that wait only the last goes there."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._waiting: deque[Settings] = deque()
        self._one_at_a_time = Lock()

    def take(self, settings: Settings) -> None:
        """These are to be saved next."""
        self._waiting.append(settings)

    def save(self) -> None:
        """Save what was taken last, if it is not saved yet. Raises OSError."""
        with self._one_at_a_time:
            last = None
            while self._waiting:
                last = self._waiting.popleft()
            if last is not None:
                save_settings(last, self._path)


def _settings(stored: Mapping[str, Any]) -> Settings:
    names = {f.name for f in fields(Settings)} - {"unknown"}
    values: dict[str, Any] = {}
    for name in sorted(names & set(stored)):
        if _fits(name, stored[name]):
            values[name] = stored[name]
        else:
            _log.warning("the setting %s cannot be %r, its default is used", name, stored[name])
    unknown = {name: value for name, value in stored.items() if name not in names}
    return replace(Settings(), **values, unknown=unknown)


def _fits(name: str, value: object) -> bool:
    default = getattr(Settings(), name, None)
    if default is None or name == "unknown" or type(value) is not type(default):
        return False
    return name not in CHOICES or value in CHOICES[name]
