"""A message: what happened in one sentence, and what to do about it."""

from dataclasses import dataclass

import pygame

from game.stage import hand, icons, paint
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    EDGE_LINE,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    RAISED,
    SOFT_TEXT,
    SPACE_3,
    SPACE_4,
    Scale,
    mix,
)
from game.stage.widgets import Key
from game.words import tr

#: Where there is no room for picture and words side by side, the picture is left out.
_PICTURE_FROM = 1600.0


@dataclass(frozen=True)
class MessageKey:
    """A key under the message."""

    action: str
    words: str
    icon: str = ""


@dataclass(frozen=True)
class MessageView:
    """``picture`` an icon's name, or "hand" for the drawn hand with its cable.

    Without ``keys`` there is one that says OK.
    """

    title: str
    sentence: str
    to_do: str = ""
    picture: str = "attention"
    keys: tuple[MessageKey, ...] = ()
    side: str = "right"


class MessageScreen(Screen):
    """Actions: those of the view's keys, at most three; Escape takes the last."""

    def __init__(self, canvas: Canvas, view: MessageView):
        super().__init__(canvas)
        self.view = view
        keys = view.keys[:3] or (MessageKey("ok", tr("OK"), "check"),)
        self.back = keys[-1].action
        scale = self.scale
        gap = 32.0 / scale.zoom
        across = scale.wide - 2 * scale.margin
        wide = min(560.0, (across - (len(keys) - 1) * gap) / len(keys))
        left = (scale.wide - len(keys) * wide - (len(keys) - 1) * gap) / 2
        self._keys_top = _keys_top(scale)
        height = min(128.0, scale.high - scale.margin - self._keys_top)
        self.choices = [
            Key(
                key.action,
                Box(left + i * (wide + gap), self._keys_top, wide, height),
                key.words,
                key.icon,
                primary=i == 0,
                size=LABEL,
            )
            for i, key in enumerate(keys)
        ]

    def draw_page(self, page: Page) -> None:
        """Picture left, words right."""
        view, scale = self.view, page.scale
        top = scale.margin
        card = Box(scale.margin, top, scale.wide - 2 * top, self._keys_top - top - SPACE_3)
        if scale.wide >= _PICTURE_FROM:
            card = card.inset(96, 60)
        page.panel(card)
        words = card.inset(SPACE_4, SPACE_3 / 2)
        if scale.wide >= _PICTURE_FROM:
            self._draw_picture(page, card.x + 280, card.middle[1])
            words = Box(card.x + 560, words.y, words.right - card.x - 560, words.h)
        roomy = words.h >= 500
        title = _height(page, view.title, words, HEADING, roomy)
        to_do = _height(page, view.to_do, words, LABEL, roomy) if view.to_do else 0.0
        if roomy:
            spare = (words.h - title - to_do) / 4
            title, to_do = title + spare / 2, to_do + spare
        sentence = words.h - title - to_do
        page.write(view.title, Box(words.x, words.y, words.w, title), HEADING, bold=True, lines=2)
        y = words.y + title
        page.write(
            view.sentence, Box(words.x, y, words.w, sentence), LABEL, lines=5, valign="middle"
        )
        if view.to_do:
            y += sentence
            page.line(words.x, y, words.right, y + 2, mix(GROUND, EDGE_LINE, 0.5), 2)
            box = Box(words.x, y + 4, words.w, words.bottom - y - 4)
            page.write(view.to_do, box, LABEL, SOFT_TEXT, lines=2, valign="middle")

    def _draw_picture(self, page: Page, x: float, y: float) -> None:
        view, scale = self.view, page.scale
        if view.picture == "hand":
            height = scale.px(470)
            page.centre(hand.frame(None, 0, height, view.side), x, y - 68)
            shift = 11 if view.side == "right" else -11
            page.line(x - 4 + shift, y + 164, x + 4 + shift, y + 206, EDGE_LINE, 8)
            plug = icons.icon("plug", scale.px(92), LAMP)
            page.centre(pygame.transform.flip(plug, False, True), x + shift, y + 242)
            return
        side = scale.px(320)
        page.centre(paint.rounded(side, side, side // 2, RAISED, EDGE_LINE, 3), x, y)
        page.centre(paint.glow(scale.px(200), LAMP, 0.10), x, y)
        page.icon(view.picture, x, y, 170, LAMP)


def _height(page: Page, words: str, box: Box, size: int, roomy: bool) -> float:
    """As much room as one line of ``words`` needs, or two if they do not fit in one."""
    if roomy:
        lines = 1 if page.width(words, size, True) <= box.w else 2
        return size * (1.3 * lines + 0.1)
    return 80.0 if page.fits(words, Box(box.x, box.y, box.w, 80), bold=True) else 108.0


def _keys_top(scale: Scale) -> float:
    """Keys begin here: as far down as leaves them high enough."""
    return min(868.0, scale.high - scale.margin - 104)
