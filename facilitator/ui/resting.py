"""Letting the collector rest while another thread works with many thousands of objects."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class _Rest:
    """How many are at such work, and whether the collector is to go on after the last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at_work = 0
        self._goes_on = False

    def begin(self) -> None:
        with self._lock:
            if not self._at_work:
                self._goes_on = gc.isenabled()
                gc.disable()
            self._at_work += 1

    def end(self) -> None:
        with self._lock:
            self._at_work -= 1
            if not self._at_work and self._goes_on:
                gc.enable()


_REST: Final = _Rest()


def collector_rests(function: Callable[P, R]) -> Callable[P, R]:
    """The function, in which no garbage is collected.

    A collection stops every thread, the window's too, for as long as it looks at all that the
    work has made. What such work leaves must know nothing that knows it, so that it goes by itself.
    """

    @wraps(function)
    def resting(*args: P.args, **kwargs: P.kwargs) -> R:
        _REST.begin()
        try:
            return function(*args, **kwargs)
        finally:
            _REST.end()

    return resting
