"""Play screens that were made already: their pictures take a second to draw, in a thread."""

from dataclasses import replace
from typing import Final

import pygame

from game.core.grips import Grip
from game.stage import palettes
from game.stage.palettes import Palette
from game.stage.screens import PlayScreen
from game.stage.task import Task
from game.stage.theme import Scale
from game.stage.view import HighwayView, Options
from game.words import language

# pygame loads this module when it is first used, which two threads must not do at once.
_PIXELS: Final = pygame.surfarray.pixels3d

#: So many are kept, each for a hand, a look and a window of one size: they are large.
_KEPT: Final = 4


class PlayScreens:
    """Makes play screens and keeps them for the next play."""

    def __init__(self) -> None:
        self._made: dict[tuple[Scale, str, Options, bool, str, Palette], Task] = {}

    def get(
        self, scale: Scale, hand: str, options: Options, letters: dict[Grip, str] | None
    ) -> PlayScreen:
        """The screen for ``hand`` on a window of ``scale``, with ``letters`` on its shapes."""
        screen: PlayScreen = self.ahead(scale, hand, options, letters).wait()
        return screen

    def ahead(
        self, scale: Scale, hand: str, options: Options, letters: dict[Grip, str] | None
    ) -> Task:
        """The same being made; its answer is the screen."""
        look = replace(options, letters=None)
        key = (scale, hand, look, letters is not None, language(), palettes.in_use())
        if key not in self._made or self._made[key].failed:
            while len(self._made) >= _KEPT:
                del self._made[next(iter(self._made))]
            self._made[key] = Task(lambda report: _made(scale, hand, options, letters))
        return self._made[key]


def _made(scale: Scale, hand: str, options: Options, letters: dict[Grip, str] | None) -> PlayScreen:
    screen = PlayScreen(scale, hand, replace(options, letters=letters))
    screen.prepare(HighwayView())  # all that is the same in every play
    return screen
