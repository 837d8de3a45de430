"""Tapping along: a loudspeaker that clicks, a bead that goes round, or a hand that pinches."""

import math
from dataclasses import dataclass
from typing import Literal

import pygame

from game.play.calibration import PARTS
from game.stage import paint
from game.stage.commands import Command, Pointer, Typed
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    CARD,
    EDGE_LINE,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    SOFT_TEXT,
    SPACE_4,
    TEXT,
)
from game.stage.widgets import below_heading, corner_key, heading
from game.words import tr

#: What is followed: clicks, a bead, clicks with pinches, or nothing, because a microphone listens.
Kind = Literal["ear", "eye", "pinches", "microphone"]

#: From this width of the design on there is room for all the words.
_WIDE_FROM = 1500.0

_ICONS = {"ear": "sound", "pinches": "sound", "microphone": "sound"}


@dataclass(frozen=True)
class TapView:
    """One moment. ``turn`` (0 to 1) is where the bead is, 0 at the top.

    ``words`` say what to do, ``who`` with which hand; ``count`` how many taps count, ``share`` how
    far it is (0 to 1).
    """

    kind: Kind = "ear"
    title: str = ""
    words: str = ""
    who: str = ""
    count: str = ""
    share: float = 0.0
    turn: float = 0.0


class TapScreen(Screen):
    """Actions: ``tap`` (any key but Escape, and any click beside the key Stop) and ``stop``."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: TapView):
        super().__init__(canvas)
        self.view = view
        self._stop = corner_key(self.scale, "stop", tr("Stop"), "stop")
        self.choices = [self._stop]
        area = below_heading(self.scale)
        roomy = self.scale.wide >= _WIDE_FROM
        side = min(area.h, area.w * (0.46 if roomy else 0.36))
        self._dial = Box(area.x, area.y + (area.h - side) / 2, side, side)
        gap = SPACE_4 / self.scale.zoom
        left = self._dial.right + 1.6 * gap
        self._words = Box(left, area.y, area.right - left, area.h)
        self._still: pygame.Surface | None = None
        self._bead: pygame.Rect | None = None
        self._drawn: TapView | None = None

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Everything is a tap but Escape and the key Stop."""
        if command is Command.BACK:
            return self.back
        if not isinstance(command, Pointer):
            return "tap"
        if not command.pressed:
            return None
        x, y = self.scale.design(command.x, command.y)
        return self.back if self._stop.box.contains(x, y) else "tap"

    def show(self, view: TapView) -> None:
        """Another moment."""
        if view != self.view:
            self.view = view
            self.stale = True

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """The whole page if words changed; only the bead while it goes round.

        A page takes some milliseconds, in which a tap would wait to be stamped.
        """
        still = self._drawn
        same = still is not None and still == _without_turn(self.view)
        if not same or self._still is None or self._still.get_size() != surface.get_size():
            changed = super().draw(surface)
            self._drawn = _without_turn(self.view)
            self._still = surface.copy()
            self._bead = None
        else:
            changed = []
            if self._bead is not None:
                surface.blit(self._still, self._bead, self._bead)
                changed.append(self._bead)
            self.stale = False
        if self.view.kind == "eye":
            self._bead = self._draw_bead(Page(surface, self.scale))
            changed.append(self._bead)
        return changed

    def draw_page(self, page: Page) -> None:
        """The dial left, what to do right."""
        view, box = self.view, self._words
        heading(page, view.title)
        self._draw_dial(page)
        roomy = page.scale.wide >= _WIDE_FROM
        size = HEADING if roomy else LABEL
        first = box.h * 0.42
        page.write(view.words, Box(box.x, box.y, box.w, first), size, bold=True, lines=4)
        second = Box(box.x, box.y + first, box.w, box.h * 0.28)
        page.write(view.who, second, LABEL if roomy else BODY, SOFT_TEXT, lines=3)
        bar = Box(box.x, box.bottom - 34, box.w, 20)
        page.panel(bar, CARD, EDGE_LINE, corner=10, edge_width=2, shade=False)
        if view.share > 0:
            wide = max(20.0, bar.w * min(1.0, view.share))
            page.panel(Box(bar.x, bar.y, wide, bar.h), LAMP, None, corner=10, shade=False)
        count = Box(box.x, second.bottom, box.w, bar.y - second.bottom - 8)
        page.write(view.count, count, LABEL if roomy else BODY, TEXT, valign="bottom")

    def _draw_dial(self, page: Page) -> None:
        box = self._dial
        if self.view.kind != "eye":
            side = page.scale.px(box.w * 0.8)
            page.centre(paint.rounded(side, side, side // 2, CARD, EDGE_LINE, 3), *box.middle)
            page.icon(_ICONS[self.view.kind], *box.middle, box.w * 0.42, LAMP)
            return
        side = page.scale.px(box.w)
        page.centre(_dial(side), *box.middle)

    def _draw_bead(self, page: Page) -> pygame.Rect:
        box = self._dial
        radius = box.w * 0.40
        angle = 2 * math.pi * self.view.turn
        x = box.middle[0] + math.sin(angle) * radius
        y = box.middle[1] - math.cos(angle) * radius
        side = page.scale.px(box.w * 0.12)
        return page.centre(paint.rounded(side, side, side // 2, LAMP), x, y)


def _without_turn(view: TapView) -> TapView:
    return TapView(view.kind, view.title, view.words, view.who, view.count, view.share)


def _dial(side: int) -> pygame.Surface:
    """A ring with a gate at the top, where a tap belongs, and a mark at every part of the beat."""

    def draw(surface: pygame.Surface, times: float) -> None:
        whole = side * times
        middle, radius = whole / 2, whole * 0.40
        width = max(2, round(whole * 0.012))
        pygame.draw.circle(surface, MARK, (middle, middle), radius, width)
        for part in range(PARTS):
            angle = 2 * math.pi * part / PARTS
            reach = 0.085 if part == 0 else 0.03
            ends = [
                (middle + math.sin(angle) * r, middle - math.cos(angle) * r)
                for r in (radius - whole * reach, radius + whole * reach)
            ]
            colour = TEXT if part == 0 else MARK
            paint.stroke(surface, colour, ends, whole * (0.022 if part == 0 else 0.014))

    return paint.smooth(side, side, draw)
