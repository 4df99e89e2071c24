"""Work off the GUI thread: values go in, a value comes back, and the window never stalls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QThreadPool, Signal

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]
# Most wait for a disk; those that wait for one that hangs must not keep the others waiting too.
_THREADS: Final = 16
_AT_THE_END: Final = 30.0  # seconds that the end of the app is held up


class GaveUp(Exception):
    """Nobody waits for the answer any more."""


class Answer:
    """What a function gives that runs on another thread, or will give."""

    def __init__(self, function: Callable[..., Any], values: tuple[Any, ...]) -> None:
        self._function, self._values = function, values
        self._loop = QEventLoop()
        self._ended = Event()
        self._result: Any = None
        self._error: Exception | None = None
        self._gave_up = False
        self._late: Done | None = None

    @property
    def is_given(self) -> bool:
        """Whether it is there."""
        return self._ended.is_set()

    def wait(self) -> Any:  # noqa: ANN401
        """The result, once it is there; until then events are delivered as ever.

        Raises what the function raised, or GaveUp.
        """
        if not self.is_given and not self._gave_up:
            self._loop.exec()
        # Not given: the app ends, or has lost its display, and delivers no more events.
        if self._gave_up or not self._ended.wait(_AT_THE_END):
            raise GaveUp
        if self._error is not None:
            raise self._error
        return self._result

    def give_up(self, late: Done | None = None) -> None:
        """Wait no more; `late` is called with a result that comes after all."""
        self._gave_up, self._late = True, late
        self._loop.quit()

    def work(self) -> None:
        """For Tasks, on another thread: do it."""
        try:
            self._result = self._function(*self._values)
        except Exception as problem:
            self._error = problem
        self._ended.set()

    def deliver(self, _nothing: object) -> None:
        """For Tasks: it is done."""
        if self._late is not None and self._error is None:
            self._late(self._result)
        self._loop.quit()


class Tasks(QObject):
    """Runs functions that know no widget; their answers come in the GUI thread.

    What waits for a disk belongs here, so that the window never does. An answer whose receiver is
    gone by then is dropped.
    """

    busy = Signal(bool)
    _over = Signal(int, object, object)  # ticket, result, error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
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

    def ask(self, function: Callable[..., Any], *values: Any) -> Answer:  # noqa: ANN401
        """Call `function(*values)` on another thread; what it gives can be waited for."""
        answer = Answer(function, values)
        self.run(answer.work, done=answer.deliver)
        return answer

    def wait(self, function: Callable[..., Any], *values: Any) -> Any:  # noqa: ANN401
        """What `function(*values)` gives, done on another thread while this one stays alive.

        For when nothing can be done before it is there. What the person may do meanwhile is for
        the caller to say: see `Waiting`.
        """
        return self.ask(function, *values).wait()

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
