"""Paused: the song waits."""

import pygame

from game.stage.evening import Evening
from game.stage.glove_words import said
from game.stage.live_play import LivePlay
from game.stage.notices import BACK_AGAIN, UNPLUGGED, glove_is_lost
from game.stage.rooms.base import Room
from game.stage.screens import PauseScreen, PauseView, Screen
from game.stage.screens.glove_pause import GlovePauseScreen, GlovePauseView
from game.stage.theme import Scale
from game.words import tr


class PauseRoom(Room):
    """``reason`` tells why the game paused by itself; ``behind`` is the play as it stands.

    ``watched`` says that the play is over and only shown.
    """

    def __init__(
        self,
        evening: Evening,
        live: LivePlay,
        reason: str,
        behind: pygame.Surface | None,
        *,
        watched: bool = False,
    ) -> None:
        self._evening = evening
        self._live = live
        self._reason = reason
        self._behind = behind
        self._watched = watched

    def screen(self, scale: Scale) -> PauseScreen | GlovePauseScreen:
        """Over the play, unless that was drawn for a window of another size."""
        live, behind = self._live, self._behind
        if behind is not None and behind.get_size() != scale.size:
            behind = None
        glove = None if self._watched else self._of_the_glove()
        if glove is not None:
            return GlovePauseScreen(scale, glove, behind)
        title = live.prepared.song.title
        view = PauseView(title, live.counted, self._reason, self._watched)
        return PauseScreen(scale, view, behind)

    def _of_the_glove(self) -> GlovePauseView | None:
        """What to show if it is the glove that keeps the song waiting."""
        side = self._evening.hand
        if self._reason == BACK_AGAIN:
            return GlovePauseView(tr(BACK_AGAIN), "", True, side)
        findings = self._evening.services.glove.health.findings
        if self._reason == UNPLUGGED or findings:
            what, to_do = (tr(UNPLUGGED), "") if not findings else said(findings[0])
            lost = self._reason == UNPLUGGED or glove_is_lost(self._evening)
            return GlovePauseView(what, to_do, False if lost else None, side)
        return None

    def step(self, screen: Screen) -> None:
        """Says so when the glove that was unplugged is back."""
        if self._reason == UNPLUGGED and not glove_is_lost(self._evening):
            self._evening.go(PauseRoom(self._evening, self._live, BACK_AGAIN, self._behind))
