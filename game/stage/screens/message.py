"""A message: what happened in one sentence, and what to do about it."""

from dataclasses import dataclass

import pygame

from game.stage import hand, icons, paint
from game.stage.page import Box, Page
from game.stage.screens.base import Screen
from game.stage.theme import EDGE_LINE, GROUND, HEADING, LABEL, LAMP, RAISED, SOFT_TEXT, mix
from game.stage.widgets import Key


@dataclass(frozen=True)
class MessageKey:
    """A key under the message."""

    action: str
    words: str
    icon: str = ""


@dataclass(frozen=True)
class MessageView:
    """``picture`` an icon's name, or "hand" for the drawn hand with its cable."""

    title: str
    sentence: str
    to_do: str = ""
    picture: str = "attention"
    keys: tuple[MessageKey, ...] = (MessageKey("ok", "OK", "check"),)
    side: str = "right"


class MessageScreen(Screen):
    """Actions: those of the view's keys, at most three; Escape takes the last."""

    def __init__(self, size: tuple[int, int], view: MessageView):
        super().__init__(size)
        self.view = view
        keys = view.keys[:3]
        if keys:
            self.back = keys[-1].action
        wide = 560.0
        gap = 32.0
        left = 960 - (len(keys) * wide + (len(keys) - 1) * gap) / 2
        self.choices = [
            Key(
                key.action,
                Box(left + i * (wide + gap), 868, wide, 128),
                key.words,
                key.icon,
                primary=i == 0,
                size=LABEL,
            )
            for i, key in enumerate(keys)
        ]

    def draw_page(self, page: Page) -> None:
        """Picture left, words right."""
        view = self.view
        page.panel(Box(160, 140, 1600, 660))
        scale = page.scale
        if view.picture == "hand":
            height = scale.px(470)
            page.centre(hand.frame(None, 0, height, view.side), 440, 402)
            shift = 11 if view.side == "right" else -11
            page.line(436 + shift, 634, 444 + shift, 676, EDGE_LINE, 8)
            plug = icons.icon("plug", scale.px(92), LAMP)
            page.centre(pygame.transform.flip(plug, False, True), 440 + shift, 712)
        else:
            side = scale.px(320)
            page.centre(paint.rounded(side, side, side // 2, RAISED, EDGE_LINE, 3), 440, 470)
            page.centre(paint.glow(scale.px(200), LAMP, 0.10), 440, 470)
            page.icon(view.picture, 440, 470, 170, LAMP)
        left, wide = 720.0, 960.0
        page.write(view.title, Box(left, 190, wide, 170), HEADING, bold=True, lines=2)
        page.write(view.sentence, Box(left, 370, wide, 200), LABEL, lines=3, valign="top")
        if view.to_do:
            page.line(left, 590, left + wide, 592, mix(GROUND, EDGE_LINE, 0.5), 2)
            page.write(
                view.to_do, Box(left, 604, wide, 170), LABEL, SOFT_TEXT, lines=2, valign="middle"
            )
