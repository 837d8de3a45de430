"""Somebody at the real game in a real window: who sees where the focus is, moves it, and chooses.

They know the screens as they are drawn: where the choices of a screen are is taken from the screen
itself, so nothing here goes out of date with it.
"""

import time
from typing import Protocol

from game.core.grips import ACROSS_THE_HAND
from game.stage.screens import Screen
from game.stage.theme import LAMP, LANE
from game.stage.widgets import Choice
from tests.cli.xvfb import Display, Game

SIZE = (1280, 720)

#: Where the shapes of a right hand stand on the strike line, in design pixels.
STRIKE = {grip: (380 + 188 * lane, 690, 164, 170) for lane, grip in enumerate(ACROSS_THE_HAND)}

#: So long somebody looks at a screen first. For half a second no pinch is taken on a new one.
_LOOK_S = 0.7


class Hand(Protocol):
    """How somebody works the game."""

    def move(self) -> None:
        """On to the next choice."""

    def choose(self) -> None:
        """Takes the focused choice."""

    def pause(self) -> None:
        """Pauses the song."""

    def pinch(self) -> None:
        """One short pinch in a song."""


class LargeKeys:
    """Three large keys: Tab, Enter and Escape; and one that stands for the index grip."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def move(self) -> None:
        self._display.press("Tab")

    def choose(self) -> None:
        self._display.press("Return")

    def pause(self) -> None:
        self._display.press("Escape")

    def pinch(self) -> None:
        self._display.press("j")


class Person:
    """Somebody who looks at ``display`` and works ``game`` with ``hand``."""

    def __init__(self, display: Display, game: Game, hand: Hand) -> None:
        self._display = display
        self._game = game
        self._hand = hand

    def choose(self, action: str, *screens: Screen) -> None:
        """On whichever of ``screens`` comes, in its usual focus, go to ``action`` and take it."""
        self._game.wait_for(lambda: any(self._sees(screen) for screen in screens))
        time.sleep(_LOOK_S)
        screen = next(screen for screen in screens if self._sees(screen))
        while screen.choices[screen.focus].action != action:
            screen.focus = (screen.focus + 1) % len(screen.choices)
            self._hand.move()
            self._game.wait_for(lambda: self._sees(screen))
        self._hand.choose()

    def take(self, *screens: Screen) -> None:
        """Take what is in focus on whichever of ``screens`` comes."""
        self._game.wait_for(lambda: any(self._sees(screen) for screen in screens))
        time.sleep(_LOOK_S)
        self._hand.choose()

    def play(self, seconds: float) -> None:
        """Wait for the song, pinch once, and let it go on so long."""
        self._game.wait_for(self._playing)
        self._hand.pinch()
        time.sleep(seconds)
        assert self._playing(), "the song goes on"

    def pause(self) -> None:
        """Pause the song."""
        self._hand.pause()

    def _sees(self, screen: Screen) -> bool:
        """Whether the ring is around the focused choice of ``screen``, and no longer than that."""
        focused = screen.focused
        assert focused is not None
        above, beside = _ring(focused)
        return self._lit(above) > 0.9 and self._lit(beside) < 0.1

    def _lit(self, box: tuple[float, float, float, float]) -> float:
        x, y, w, h = (round(value) for value in box)
        return self._display.share_of(LAMP, (x, y, w, h))

    def _playing(self) -> bool:
        """The shapes of the strike line are in their places, as nowhere but in play.

        One may just be covered by what was pinched or missed on it.
        """
        seen = [self._display.share_of(LANE[grip], place) > 0.02 for grip, place in STRIKE.items()]
        return sum(seen) >= len(seen) - 1


def _ring(choice: Choice) -> tuple[tuple[float, float, float, float], ...]:
    """The straight part of the focus ring above ``choice``, and a place where it does not reach."""
    box, round_end = choice.box, choice.corner + 12
    top, high = box.y - 11, 4
    above = (box.x + round_end, top, box.w - 2 * round_end, high)
    return above, (box.right + 16, top, 24, high)
