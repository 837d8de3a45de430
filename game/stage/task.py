"""Something slow, done in a thread, so that the picture goes on meanwhile."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

#: Tells how far the work is (0 to 1), and what is being done if that has changed.
Report = Callable[..., None]


class Task:
    """``work`` in a thread of its own. It is given :meth:`report` to tell how far it is."""

    def __init__(self, work: Callable[[Report], Any]) -> None:
        self.progress = 0.0
        self.words = ""
        self.answer: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Report], Any]) -> None:
        try:
            self.answer = work(self.report)
        except BaseException as error:
            self._error = error

    def report(self, progress: float, words: str = "") -> None:
        """Says how far the work is, 0 to 1; ``words`` only when they change."""
        self.progress = progress
        self.words = words or self.words

    @property
    def done(self) -> bool:
        """Whether there is an answer or an error."""
        return not self._thread.is_alive()

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return self._error is not None

    def result(self) -> Any:
        """The answer; raises what the work raised. Only once :attr:`done`."""
        if self._error is not None:
            raise self._error
        return self.answer

    def wait(self) -> Any:
        """The answer, as soon as there is one: for another thread that needs it."""
        self._thread.join()
        return self.result()


class Slow(Protocol):
    """Something slow: a task of this process, or a job of the rendering process."""

    @property
    def progress(self) -> float:
        """0 to 1."""

    @property
    def done(self) -> bool:
        """Whether :meth:`result` has something to tell."""

    def result(self) -> Any:
        """The answer; raises what went wrong."""


class Together:
    """Several slow things at once; :meth:`result` are their answers in order.

    How far they are is how far the ``first`` is, the slowest.
    """

    def __init__(self, first: Slow, *others: Slow) -> None:
        self._all = (first, *others)

    @property
    def progress(self) -> float:
        """0 to 1."""
        return self._all[0].progress

    @property
    def done(self) -> bool:
        """Whether all are."""
        return all(slow.done for slow in self._all)

    def result(self) -> list[Any]:
        """All answers; raises what went wrong first, in their order."""
        return [slow.result() for slow in self._all]
