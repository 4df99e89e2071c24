"""What the room sees now: a small value that is set by the desk and drawn by the room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Scene:
    """The card on the room screen and what it points at. Nothing in it is private.

    `card` is "opening" or a phase; `why` the answer whose branch is the ladder; `reading` the index
    of the moment that is read aloud, -1 for none; `asked` a neutral question put to the room.
    """

    card: str = "restate"
    why: str = ""
    reading: int = -1
    asked: str = ""
    frozen: bool = False
    blank: bool = False


class Stage:
    """Holds the scene and tells listeners when it changes. Undo does not touch it."""

    def __init__(self) -> None:
        self._scene = Scene()
        self._listeners: list[Callable[[Scene], None]] = []

    @property
    def scene(self) -> Scene:
        """What the room sees now."""
        return self._scene

    def change(self, **values: Any) -> None:  # noqa: ANN401
        """Set parts of the scene by name; listeners hear it when something differs."""
        scene = replace(self._scene, **values)
        if scene != self._scene:
            self._scene = scene
            for listener in tuple(self._listeners):
                listener(scene)

    def subscribe(self, listener: Callable[[Scene], None]) -> Callable[[], None]:
        """Hear of every change; the result stops it."""
        self._listeners.append(listener)

        def stop() -> None:
            self._listeners.remove(listener)

        return stop
