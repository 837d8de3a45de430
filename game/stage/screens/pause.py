"""Pause: the highway at 30 %, and what to do next."""

from dataclasses import dataclass, replace

import pygame

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import BODY, HEADING, LABEL, SOFT_TEXT, TITLE
from game.stage.widgets import Key, corner_key
from game.words import plural, tr

#: From this height on the card is lower than the page, and the words stand in two lines.
_CARD_FROM = 1000.0

_CARD = (1120.0, 920.0)


@dataclass(frozen=True)
class PauseView:
    """``reason`` tells why the game paused by itself, or why something cannot be; empty when the
    player paused. ``watched`` is a play that is over: there is nothing to slow down or practise."""

    title: str = ""
    pinches: int = 0
    reason: str = ""
    watched: bool = False


class PauseScreen(Screen):
    """Actions: ``continue``, ``slower``, ``again``, ``practice``, ``end``, ``settings``. Escape
    continues.

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
        large = scale.high < _CARD_FROM
        wide, high = _CARD
        if large:
            wide, high = scale.wide - 2 * scale.margin, scale.high - scale.margin
        self._card = Box((scale.wide - wide) / 2, (scale.high - high) / 2, wide, high)
        inner = self._card.inset(64 / scale.zoom, 44 / scale.zoom)
        gap = 32 / scale.zoom
        key = max(104.0, 128.0 / scale.zoom)
        first = key if large else 176.0
        lines = 1 if view.watched else 2
        keys = first + lines * (gap + key)
        self._words = Box(inner.x, inner.y, inner.w, inner.h - keys - gap)
        self._keys(Box(inner.x, self._words.bottom + gap, inner.w, keys), first, key, gap)
        if view.watched or (large and view.reason):  # there the reason needs all the room
            return
        settings = corner_key(scale, "settings", tr("Settings"), "lists")
        if large:  # there is no corner beside the card
            settings.box = replace(settings.box, x=inner.right - settings.box.w, y=inner.y)
            self._words = replace(self._words, w=inner.w - settings.box.w - gap)
        self.choices.append(settings)

    def _keys(self, box: Box, first: float, high: float, gap: float) -> None:
        """Continue across, the others two by two below."""
        others = [
            ("slower", tr("Slower"), "slower"),
            ("again", tr("Start again"), "again"),
            ("practice", tr("Practice"), "practice"),
            ("end", tr("End the song"), "stop"),
        ]
        if self.view.watched:
            others = [one for one in others if one[0] in ("again", "end")]
        top = Box(box.x, box.y, box.w, first)
        words = tr("Continue")
        self.choices = [Key("continue", top, words, "play", primary=True, size=HEADING)]
        wide = (box.w - gap) / 2
        for i, (action, words, icon) in enumerate(others):
            x = box.x + i % 2 * (wide + gap)
            y = top.bottom + gap + i // 2 * (high + gap)
            self.choices.append(Key(action, Box(x, y, wide, high), words, icon, size=LABEL))

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
        so_far = plural("{n} pinch so far", "{n} pinches so far", view.pinches)
        lines = [tr(view.reason)] if view.reason else [view.title, so_far]
        if words.h < 240:  # the dark road behind the card says well enough where one is
            lines = lines[-1:]
            page.write(lines[0], words, LABEL, bold=True, align="centre", lines=3)
            return
        title = Box(words.x, words.y, words.w, 112)
        page.write(tr("Paused"), title, TITLE, bold=True, align="centre")
        part = (words.bottom - title.bottom) / len(lines)
        for i, line in enumerate(lines):
            box = Box(words.x, title.bottom + i * part, words.w, part)
            page.write(line, box, BODY, SOFT_TEXT, align="centre", lines=3)
