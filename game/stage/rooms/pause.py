"""Paused: the song waits."""

import pygame

from game.stage.evening import Evening
from game.stage.live_play import LivePlay
from game.stage.notices import BACK_AGAIN, UNPLUGGED, glove_is_lost
from game.stage.rooms.base import Room
from game.stage.screens import PauseScreen, PauseView, Screen
from game.stage.theme import Scale


class PauseRoom(Room):
    """``reason`` tells why the game paused by itself; ``behind`` is the play as it stands."""

    def __init__(
        self, evening: Evening, live: LivePlay, reason: str, behind: pygame.Surface | None
    ) -> None:
        self._evening = evening
        self._live = live
        self._reason = reason
        self._behind = behind

    def screen(self, scale: Scale) -> PauseScreen:
        """Over the play, unless that was drawn for a window of another size."""
        live, behind = self._live, self._behind
        if behind is not None and behind.get_size() != scale.size:
            behind = None
        view = PauseView(live.prepared.song.title, live.counted, self._reason)
        return PauseScreen(scale, view, behind)

    def step(self, screen: Screen) -> None:
        """Says so when the glove that was unplugged is back."""
        if self._reason == UNPLUGGED and not glove_is_lost(self._evening):
            self._evening.go(PauseRoom(self._evening, self._live, BACK_AGAIN, self._behind))
