"""Pause: the highway at 30 %, and what to do next."""

from dataclasses import dataclass

import pygame

from game.stage.page import Box, Page
from game.stage.screens.base import Screen
from game.stage.theme import BODY, HEADING, LABEL, SOFT_TEXT, TITLE
from game.stage.widgets import Key


@dataclass(frozen=True)
class PauseView:
    """``reason`` tells why the game paused by itself; empty when the player did."""

    title: str = ""
    pinches: int = 0
    reason: str = ""


class PauseScreen(Screen):
    """Actions: ``continue``, ``again``, ``end``. Escape continues.

    ``behind`` is the play as it was; it is copied and darkened.
    """

    back = "continue"

    def __init__(self, size: tuple[int, int], view: PauseView, behind: pygame.Surface | None):
        super().__init__(size)
        self.view = view
        self._behind: pygame.Surface | None = None
        if behind is not None:
            self._behind = behind.copy()
            self._behind.fill((77, 77, 77), None, pygame.BLEND_RGB_MULT)
        x, wide = 560, 800
        self.choices = [
            Key("continue", Box(x, 476, wide, 140), "Continue", "play", primary=True, size=HEADING),
            Key("again", Box(x, 652, wide, 120), "Start again", "again", size=LABEL),
            Key("end", Box(x, 808, wide, 120), "End the song", "stop", size=LABEL),
        ]

    def draw_ground(self, page: Page) -> None:
        """The darkened play."""
        if self._behind is None:
            super().draw_ground(page)
        else:
            page.surface.blit(self._behind, (0, 0))

    def draw_page(self, page: Page) -> None:
        """A card that says where one is."""
        view = self.view
        page.panel(Box(464, 152, 992, 840))
        page.write("Paused", Box(560, 184, 800, 124), TITLE, bold=True, align="centre")
        if view.reason:
            page.write(
                view.reason, Box(520, 304, 880, 130), BODY, SOFT_TEXT, align="centre", lines=2
            )
            return
        page.write(view.title, Box(520, 312, 880, 56), BODY, SOFT_TEXT, align="centre")
        words = "1 pinch so far" if view.pinches == 1 else f"{view.pinches} pinches so far"
        page.write(words, Box(520, 372, 880, 56), BODY, SOFT_TEXT, align="centre")
