"""Work off the GUI thread: values go in, a value comes back, and the window never stalls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, Signal

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]


class Tasks(QObject):
    """Runs functions that know no widget, session or database; answers in the GUI thread.

    An answer whose receiver is gone by then is dropped.
    """

    busy = Signal(bool)
    _over = Signal(int, object, object)  # ticket, result, error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._waiting: dict[int, tuple[Done | None, Failed | None]] = {}
        self._last = 0
        # The worker emits; the queued signal brings the answer over to this thread.
        self._over.connect(self._deliver)

    @property
    def is_busy(self) -> bool:
        """Whether something runs whose answer has not been given."""
        return bool(self._waiting)

    def run(
        self,
        function: Callable[..., Any],
        *values: Any,  # noqa: ANN401
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Call `function(*values)` on another thread, then `done(result)` or `failed(error)` here.

        Without `failed` an error rises here, as any other fault does.
        """
        self._last += 1
        was_idle = not self._waiting
        self._waiting[self._last] = (done, failed)
        self._pool.start(partial(self._work, self._last, function, values))
        if was_idle:
            self.busy.emit(True)

    def close(self, patience: int = 30_000) -> bool:
        """Wait for what runs, at most `patience` ms; False when something still does."""
        return self._pool.waitForDone(patience)

    def _work(self, ticket: int, function: Callable[..., Any], values: tuple[Any, ...]) -> None:
        try:
            result, error = function(*values), None
        except Exception as problem:
            result, error = None, problem
        # The app may have ended while this was running.
        if shiboken6.isValid(self):
            self._over.emit(ticket, result, error)

    def _deliver(self, ticket: int, result: object, error: Exception | None) -> None:
        done, failed = self._waiting.pop(ticket)
        if not self._waiting:
            self.busy.emit(False)
        if error is None:
            if done is not None and _is_there(done):
                done(result)
        elif failed is None:
            raise error
        elif _is_there(failed):
            failed(error)


def _is_there(slot: Callable[..., object]) -> bool:
    owner = getattr(slot, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
