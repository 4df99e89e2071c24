"""One soft chime when the time of a phase is up: made here, played by what the system has."""

from __future__ import annotations

import io
import math
import shutil
import struct
import sys
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QApplication

from facilitator.model.clock import Reading
from facilitator.paths import data_dir
from facilitator.ui.desk.ticker import Ticker

SECONDS: Final = 0.5
LOUDNESS: Final = 0.4
_RATE: Final = 22_050
_PLAYERS: Final = ("afplay", "pw-play", "paplay", "aplay")


def chime_wav() -> bytes:
    """Half a second of two tones that fade, as a WAV file."""
    frames = bytearray()
    for n in range(int(_RATE * SECONDS)):
        at = n / _RATE
        fade = math.exp(-6 * at) * min(1.0, at / 0.01)
        tone = 0.7 * math.sin(2 * math.pi * 880 * at) + 0.3 * math.sin(2 * math.pi * 1320 * at)
        frames += struct.pack("<h", int(32_767 * LOUDNESS * fade * tone))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(bytes(frames))
    return out.getvalue()


def play_chime() -> None:
    """Play it without waiting; where nothing plays sounds, the system's own beep."""
    file = data_dir() / "chime.wav"
    if not file.is_file():
        file.write_bytes(chime_wav())
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC)
        return
    command = player(file)
    if not command or not QProcess.startDetached(command[0], command[1:]):
        QApplication.beep()


def player(file: Path) -> Sequence[str]:
    """The command that plays this file here; empty when there is none."""
    found = next((path for name in _PLAYERS if (path := shutil.which(name))), "")
    quiet = ["-q"] if found.endswith("/aplay") else []
    return [found, *quiet, str(file)] if found else []


class Chime(QObject):
    """Sounds once when a running phase goes past its time, and at nothing else."""

    def __init__(
        self,
        ticker: Ticker,
        is_on: Callable[[], bool],
        parent: QObject,
        *,
        play: Callable[[], None] = play_chime,
    ) -> None:
        super().__init__(parent)
        self._is_on = is_on
        self._play = play
        self._had_time: str = ""
        ticker.ticked.connect(self._look)

    def _look(self, reading: Reading) -> None:
        current = reading.current
        if current is None or reading.state != "running":
            self._had_time = ""
        elif current.left > 0:
            self._had_time = current.topic
        elif self._had_time == current.topic:
            # Only who saw the time run out is told: opening an old meeting is silent.
            self._had_time = ""
            if self._is_on():
                self._play()
