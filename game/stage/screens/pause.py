"""Pause: the highway at 30 %, and what to do next."""

from dataclasses import dataclass

import pygame

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import BODY, HEADING, LABEL, SOFT_TEXT, TITLE
from game.stage.widgets import Key
from game.words import plural, tr

#: On a lower page the keys stand beside the words instead of below them.
_BELOW_FROM = 1000.0


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

    def __init__(self, canvas: Canvas, view: PauseView, behind: pygame.Surface | None):
        super().__init__(canvas)
        self.view = view
        self._behind: pygame.Surface | None = None
        if behind is not None:
            self._behind = behind.copy()
            self._behind.fill((77, 77, 77), None, pygame.BLEND_RGB_MULT)
        scale = self.scale
        if scale.high >= _BELOW_FROM:
            middle = scale.wide / 2
            self._card = Box(middle - 496, scale.high / 2 - 388, 992, 840)
            self._words = Box(middle - 440, self._card.y + 32, 880, 256)
            keys = Box(middle - 400, self._card.y + 324, 800, 452)
        else:
            edge = scale.margin
            self._card = Box(edge, edge, scale.wide - 2 * edge, scale.high - 2 * edge)
            inner = self._card.inset(edge, edge / 2)
            self._words = Box(inner.x, inner.y, inner.w * 0.46, inner.h)
            keys = Box(inner.x + inner.w * 0.5, inner.y, inner.w * 0.5, inner.h)
            keys = keys.inset(0, max(0.0, (keys.h - 520) / 2))
        first = (keys.h - 72 / scale.zoom) * 0.37
        other = (keys.h - 72 / scale.zoom - first) / 2
        step = other + 36 / scale.zoom
        second = keys.y + first + 36 / scale.zoom
        self.choices = [
            Key(
                "continue",
                Box(keys.x, keys.y, keys.w, first),
                tr("Continue"),
                "play",
                primary=True,
                size=HEADING,
            ),
            Key(
                "again",
                Box(keys.x, second, keys.w, other),
                tr("Start again"),
                "again",
                size=LABEL,
            ),
            Key(
                "end",
                Box(keys.x, second + step, keys.w, other),
                tr("End the song"),
                "stop",
                size=LABEL,
            ),
        ]

    def draw_ground(self, page: Page) -> None:
        """The darkened play."""
        if self._behind is None:
            super().draw_ground(page)
        else:
            page.surface.blit(self._behind, (0, 0))

    def draw_page(self, page: Page) -> None:
        """A card that says where one is."""
        view, words = self.view, self._words
        page.panel(self._card)
        title = Box(words.x, words.y, words.w, 124)
        page.write(tr("Paused"), title, TITLE, bold=True, align="centre")
        below = Box(words.x, title.bottom, words.w, words.bottom - title.bottom)
        if view.reason:
            page.write(
                tr(view.reason), below, BODY, SOFT_TEXT, align="centre", lines=5, valign="middle"
            )
            return
        half = below.h / 2
        page.write(
            view.title,
            Box(below.x, below.y, below.w, half),
            BODY,
            SOFT_TEXT,
            align="centre",
            lines=3,
            valign="middle",
        )
        page.write(
            plural("{n} pinch so far", "{n} pinches so far", view.pinches),
            Box(below.x, below.y + half, below.w, half),
            BODY,
            SOFT_TEXT,
            align="centre",
            lines=2,
            valign="middle",
        )
