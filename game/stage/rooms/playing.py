"""Playing: the highway, while the song runs."""

from collections.abc import Callable

import numpy as np
import pygame

from game.play.plan import WAS_HIT
from game.stage.evening import Evening
from game.stage.hold_to_pause import HoldToPause
from game.stage.live_play import LivePlay
from game.stage.notices import HELD, HOLD_ON, UNPLUGGED, glove_is_lost, notice
from game.stage.play_screens import PlayScreens
from game.stage.rooms.base import Room
from game.stage.screens import PlayScreen, Screen
from game.stage.theme import Scale
from game.stage.view import HighwayView
from game.therapy.session import Who
from game.words import tr

#: The notice about holding comes after this share of the time.
_TOLD_FROM = 0.5

#: What a therapist asked for is shown for so long.
_TOLD_US = 5_000_000


class PlayingRoom(Room):
    """Shows ``live``. ``pause`` is called, with the reason, when the game has to pause.

    ``contacts`` gives the mask of closed contacts to show, where it is not that of the inputs.
    """

    def __init__(
        self,
        evening: Evening,
        live: LivePlay,
        screens: PlayScreens,
        pause: Callable[[str], None],
        contacts: Callable[[], int] | None = None,
    ) -> None:
        self._evening = evening
        self._live = live
        self._contacts = contacts
        self._screens = screens
        self._pause = pause
        self._screen: PlayScreen | None = None
        self._hold = HoldToPause(0)
        self._said = ""
        self._told_us = evening.now()

    def screen(self, scale: Scale) -> PlayScreen:
        """The highway, with everything drawn beforehand that can be."""
        evening = self._evening
        letters = None if self._contacts else evening.inputs.letters(evening.hand)
        screen = self._screens.get(scale, evening.hand, evening.options, letters)
        screen.prepare(self._live.first_view())
        screen.highway.forget()
        self._screen = screen
        held_s = float(evening.services.desk.setting("input.menu.pause_s"))
        self._hold = HoldToPause(round(held_s * 1e6))
        return screen

    def step(self, screen: Screen) -> None:
        """The moment to draw now. A glove that is gone pauses the play."""
        if not isinstance(screen, PlayScreen):
            return
        if self._contacts is not None:
            screen.view = self._live.view(self._contacts())
        elif glove_is_lost(self._evening):
            self._pause(UNPLUGGED)
        else:
            contacts = self._evening.inputs.contacts
            screen.view = self._live.view(contacts, notice(self._evening) or self._told())
            self._pause_if_held(screen.view, contacts)

    def _told(self) -> str:
        """What a therapist asked for, for some seconds; to begin with, which keys they have."""
        evening, live = self._evening, self._live
        sitting = evening.sitting
        if sitting is None or sitting.session.who is not Who.THERAPIST:
            return ""
        if live.told != self._said:
            self._said, self._told_us = live.told, evening.now()
        if evening.now() - self._told_us > _TOLD_US:
            return ""
        return self._said or tr("F2 slower, F3 quicker, F4 assisted, F5 to F9 grips.")

    def _pause_if_held(self, view: HighwayView, contacts: int) -> None:
        held = self._hold.share(contacts, tails(view) if contacts else 0, self._evening.now())
        if held >= 1:
            self._pause(HELD)
        elif held >= _TOLD_FROM:
            view.notice = tr(HOLD_ON)

    def resized(self) -> None:
        """New pictures take a while: the song waits for them."""
        self._pause("")

    def still(self) -> pygame.Surface | None:
        """The play as it stands, with no contact shown: what lies behind the pause."""
        screen = self._screen
        if screen is None:
            return None
        # Drawn anew: what is on the window may be a page from before the play.
        picture = pygame.Surface(screen.size)
        screen.highway.forget()
        screen.view = self._live.view(0)
        screen.draw(picture)
        return picture


def tails(view: HighwayView) -> int:
    """The mask of grips whose target was hit and has a tail that is held now."""
    targets = view.targets
    held = (view.states == WAS_HIT) & (targets["time_us"] + targets["duration_us"] > view.song_us)
    mask = 0
    for grip in np.unique(targets["grip"][held]):
        mask |= 1 << int(grip)
    return mask
