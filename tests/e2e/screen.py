"""A virtual screen with a window manager, and hands on its keyboard and mouse."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool")
_OTHER_SCREENS = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
SOURCE = Path(__file__).resolve().parents[2]


def missing() -> list[str]:
    """The programs that a driven window needs and this machine lacks."""
    return [program for program in NEEDED if shutil.which(program) is None]


class Screen:
    """Xvfb with openbox on a display of its own; ends what it started."""

    def __init__(self, width: int = 1920, height: int = 1080) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
             "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        self.display = f":{number}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in _OTHER_SCREENS},
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
        }
        self._manager = subprocess.Popen(
            ["openbox"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._apps: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start Facilitator with these arguments."""
        app = subprocess.Popen(
            [sys.executable, "-m", "facilitator", *arguments],
            env=self.environment,
            cwd=SOURCE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._apps.append(app)
        return app

    def window(self, title: str, seconds: float = 40) -> str:
        """The id of the visible window whose title begins so, once it is there."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = self.tool("search", "--onlyvisible", "--name", f"^{title}", check=False)
            if found:
                return found.splitlines()[0]
            time.sleep(0.1)
        raise AssertionError(f"no window whose title begins with {title!r}")

    def place(self, window: str, width: int, height: int) -> None:
        """Give the window this size in the upper left corner, and the keyboard."""
        self.tool("windowsize", "--sync", window, str(width), str(height))
        self.tool("windowmove", window, "0", "0")
        self.tool("windowactivate", "--sync", window)

    def keys(self, *keys: str) -> None:
        """Press keys one after another, by their X names."""
        for key in keys:
            self.tool("key", "--clearmodifiers", key)
            time.sleep(0.12)

    def type(self, text: str) -> None:
        """Type a text as a person would."""
        self.tool("type", "--delay", "12", text)
        time.sleep(0.15)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at one point of the screen, move in steps, release at another."""
        self.tool("mousemove", str(start[0]), str(start[1]))
        self.tool("mousedown", "1")
        for step in range(1, 11):
            x = start[0] + (end[0] - start[0]) * step // 10
            y = start[1] + (end[1] - start[1]) * step // 10
            self.tool("mousemove", str(x), str(y))
            time.sleep(0.03)
        self.tool("mouseup", "1")
        time.sleep(0.2)

    def tool(self, *arguments: str, check: bool = True) -> str:
        """What xdotool answers."""
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"xdotool {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def close(self) -> None:
        """End everything on this screen."""
        for process in (*self._apps, self._manager, self._server):
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(timeout=10)
            if process.stdout is not None:
                process.stdout.close()
