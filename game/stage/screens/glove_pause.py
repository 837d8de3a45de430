"""Paused because of the glove: a picture of what to do, and the keys that go on."""

from dataclasses import dataclass

import pygame

from game.stage import hand, icons, paint
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.text_height import LINE, lines_of
from game.stage.theme import (
    BODY,
    CARD,
    EDGE_LINE,
    GOOD,
    LABEL,
    LAMP,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    TITLE,
)
from game.stage.widgets import Key
from game.words import tr

#: From this width of the design on picture, words and keys stand side by side with room to spare.
_WIDE_FROM = 1500.0

#: A lower picture says nothing.
_LOWEST_PICTURE = 80.0


@dataclass(frozen=True)
class GlovePauseView:
    """``plugged``: True once the glove is found again, None where it is there but needs a look.

    ``sentence`` says what is the matter, ``to_do`` what to do about it.
    """

    sentence: str = ""
    to_do: str = ""
    plugged: bool | None = False
    side: str = "right"


class GlovePauseScreen(Screen):
    """Actions: ``continue``, ``glove``, ``again``, ``end``; while the glove is unplugged only
    ``glove`` and ``end``. Escape takes the first."""

    back = "continue"

    def __init__(self, canvas: Canvas, view: GlovePauseView, behind: pygame.Surface | None):
        super().__init__(canvas)
        self.view = view
        self._behind: pygame.Surface | None = None
        if behind is not None:
            self._behind = behind.copy()
            self._behind.fill((77, 77, 77), None, pygame.BLEND_RGB_MULT)
        scale = self.scale
        edge = scale.margin
        self._card = Box(edge, edge, scale.wide - 2 * edge, scale.high - 2 * edge)
        roomy = scale.wide >= _WIDE_FROM
        inner = self._card.inset(edge, edge * 0.75)
        gap = 28.0 / scale.zoom
        keys = [
            ("continue", tr("Continue"), "play"),
            ("glove", tr("Glove help"), "plug"),
            ("again", tr("Start again"), "again"),
            ("end", tr("End the song"), "stop"),
        ]
        if view.plugged is False:  # there is nothing to go on with yet
            keys = [key for key in keys if key[0] in ("glove", "end")]
            self.back = "glove"
        elif not roomy:
            keys = [key for key in keys if key[0] != "again"]
        high = min(132.0, (inner.h + gap) / len(keys) - gap)
        wide = inner.w * (0.40 if roomy else 0.46)
        top = inner.y + (inner.h - len(keys) * (high + gap) + gap) / 2
        self._left = Box(inner.x, inner.y, inner.w - wide - edge, inner.h)
        self.choices = [
            Key(
                action,
                Box(inner.right - wide, top + i * (high + gap), wide, high),
                words,
                icon,
                primary=i == 0,
                size=LABEL,
            )
            for i, (action, words, icon) in enumerate(keys)
        ]

    def draw_ground(self, page: Page) -> None:
        """The darkened play."""
        if self._behind is None:
            super().draw_ground(page)
        else:
            page.surface.blit(self._behind, (0, 0))

    def draw_page(self, page: Page) -> None:
        """The picture above the words, where there is room for one."""
        view, box = self.view, self._left
        page.panel(self._card)
        roomy = box.h > 700
        title = 110.0 if roomy else 0.0
        if roomy:
            page.write(tr("Paused"), Box(box.x, box.y, box.w, title), TITLE, bold=True)
        size, line = (LABEL, 1.3 * LINE) if roomy else (BODY, LINE)
        first = lines_of(page, view.sentence, box.w, True, size) * line + 16
        second = lines_of(page, view.to_do, box.w, False, size) * line + 16 if view.to_do else 0.0
        if title + first + second > box.h:
            second = 0.0  # Glove help says it
        picture = Box(box.x, box.y + title, box.w, box.h - title - first - second)
        if picture.h >= _LOWEST_PICTURE:
            self._draw_picture(page, picture)
        what = Box(box.x, box.bottom - first - second, box.w, first)
        page.write(view.sentence, what, size, bold=True, lines=7)
        if second:
            to_do = Box(box.x, what.bottom, box.w, second)
            page.write(view.to_do, to_do, size, SOFT_TEXT, lines=5)

    def _draw_picture(self, page: Page, box: Box) -> None:
        """The hand with its cable, and the plug in front of its socket or in it."""
        scale, view = page.scale, self.view
        tall = min(box.h, 520.0)
        height = scale.px(tall)
        wide = tall * hand.BOX[0] / hand.BOX[1]
        x = box.x + wide / 2
        colour = LAMP if view.plugged is False else GOOD
        # The cable leaves the cuff, runs along the ground and comes up to the plug.
        y = box.middle[1] + tall * 0.46
        level = box.middle[1] + tall * 0.10
        thick = max(6.0, tall * 0.016)
        plug = tall * 0.26
        gap = tall * 0.22 if view.plugged is False else tall * 0.02
        at = x + wide * 0.5 + tall * 0.16
        for x0, y0, x1, y1 in (
            (x, y, at, y),
            (at, level, at, y),
        ):
            page.line(
                x0 - thick / 2, y0 - thick / 2, x1 + thick / 2, y1 + thick / 2, EDGE_LINE, thick
            )
        page.centre(hand.frame(None, 0, height, view.side), x, box.middle[1])
        picture = icons.icon("plug", scale.px(plug), colour)
        page.centre(picture, at, level - plug * 0.42)
        socket = tall * 0.24
        top = level - plug * 0.86 - gap - socket
        side = scale.px(socket)
        page.surface.blit(
            paint.rounded(side, side, side // 5, CARD, EDGE_LINE, max(3, side // 18)),
            (scale.x(at - socket / 2), scale.y(top)),
        )
        for shift in (-0.14, 0.14):
            page.line(
                at + socket * (shift - 0.05),
                top + socket * 0.55,
                at + socket * (shift + 0.05),
                top + socket * 0.86,
                EDGE_LINE,
                socket * 0.1,
            )
        if view.plugged is not False:
            name = "check" if view.plugged else "attention"
            page.icon(name, at + socket * 0.5 + SPACE_3 + plug / 2, level - SPACE_2, plug, colour)
