"""Waiting: a bead travels along a string until something slow is done."""

from collections.abc import Callable
from typing import Any

from game.stage.rooms.base import Room
from game.stage.screens import LoadingScreen, LoadingView, Screen
from game.stage.task import Slow
from game.stage.theme import Scale
from game.words import tr


class WaitingRoom(Room):
    """Shows how far ``work`` is, then goes on with ``then`` and its answer.

    What ``work`` raised is given to ``failed`` if it is one of ``expected``, and raised otherwise.
    ``words`` is the message that tells what is being done; ``part`` of the whole string is what
    this work moves along.
    """

    def __init__(
        self,
        work: Slow,
        then: Callable[[Any], None],
        *,
        title: str,
        words: Callable[[], str],
        part: tuple[float, float] = (0.0, 1.0),
        expected: tuple[type[Exception], ...] = (),
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._work = work
        self._then = then
        self._title = title
        self._words = words
        self._part = part
        self._expected = expected
        self._failed = failed

    def screen(self, scale: Scale) -> LoadingScreen:
        """The string with its bead."""
        return LoadingScreen(scale, self._view())

    def step(self, screen: Screen) -> None:
        """Moves the bead; goes on once all is done."""
        if isinstance(screen, LoadingScreen):
            screen.show(self._view())
        self.go_on()

    def go_on(self) -> None:
        """Goes on, if all is done."""
        if not self._work.done:
            return
        try:
            answer = self._work.result()
        except self._expected as error:
            if self._failed is None:
                raise
            self._failed(error)
            return
        self._then(answer)

    def _view(self) -> LoadingView:
        start, end = self._part
        share = start + (end - start) * self._work.progress
        return LoadingView(self._title, tr(self._words()), share)
