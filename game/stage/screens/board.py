"""The board: the team's lamps first, then the leaders, a gap, and one's own neighbours."""

from dataclasses import dataclass

import pygame

from game.stage import emblems, paint
from game.stage.page import Box, Page
from game.stage.screens.base import Screen
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_ROW,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    LAMP_TINT,
    MARK,
    QUIET_BLUE,
    RAISED,
    SOFT_TEXT,
    TEXT,
    mix,
)
from game.stage.widgets import corner_key, heading

_TEAM = Box(64, 184, 760, 832)
_LIST = Box(864, 184, 992, 832)


@dataclass(frozen=True)
class BoardRow:
    """One line of the board: place, nickname, what was done, and how full the bar is (0 to 1).

    ``value`` may be empty, then the bar is longer; ``picture`` is the name of an emblem.
    """

    place: int
    nickname: str
    value: str
    share: float
    me: bool = False
    picture: str = ""


@dataclass(frozen=True)
class BoardView:
    """``top`` the first three; ``near`` the neighbours and me, in order (empty if I am on top).

    ``sentence`` says why there are no rows yet.
    """

    heading: str = "This week together"
    team: str = ""
    lamps_lit: int = 0
    lamps: int = 10
    team_words: str = ""
    board: str = "Effort"
    unit: str = "Pinches"
    top: tuple[BoardRow, ...] = ()
    near: tuple[BoardRow, ...] = ()
    sentence: str = "Nobody has played this week yet."


class BoardScreen(Screen):
    """Action: ``back``."""

    back = "back"

    def __init__(self, size: tuple[int, int], view: BoardView):
        super().__init__(size)
        self.view = view
        self.choices = [corner_key("back", "Back", "back")]

    def draw_page(self, page: Page) -> None:
        """Team left, people right."""
        heading(page, self.view.heading)
        self._draw_team(page)
        self._draw_people(page)

    def _draw_team(self, page: Page) -> None:
        view = self.view
        page.panel(_TEAM)
        left, wide = _TEAM.x + 44, _TEAM.w - 88
        page.write(view.team, Box(left, _TEAM.y + 28, wide, 90), HEADING, bold=True)
        per_row = 5
        lamps = max(0, min(10, view.lamps))
        for row in range(-(-lamps // per_row)):
            y = _TEAM.y + 150 + row * 218
            wire = [
                (
                    page.scale.left + (_TEAM.x + 32 + (_TEAM.w - 64) * k / 24) * page.scale.factor,
                    page.scale.y(y + _sag(k / 24)),
                )
                for k in range(25)
            ]
            for shift in (0.0, 1.0, 2.0):
                pygame.draw.aalines(
                    page.surface, mix(CARD, MARK, 0.8), False, [(x, v + shift) for x, v in wire]
                )
            for i in range(min(per_row, lamps - row * per_row)):
                share = (i + 0.5) / per_row
                x = _TEAM.x + 32 + (_TEAM.w - 64) * share
                lit = row * per_row + i < view.lamps_lit
                side = page.scale.px(144)
                if lit:
                    page.centre(paint.glow(page.scale.px(104), LAMP, 0.42), x, y + _sag(share) + 74)
                page.centre(_lantern(side, lit), x, y + _sag(share) + 68)
        words = f"{view.lamps_lit} of {view.lamps} lamps lit"
        page.write(words, Box(left, _TEAM.bottom - 232, wide, 88), HEADING, bold=True)
        page.write(
            view.team_words,
            Box(left, _TEAM.bottom - 146, wide, 110),
            BODY,
            SOFT_TEXT,
            lines=2,
            valign="top",
        )

    def _draw_people(self, page: Page) -> None:
        view = self.view
        page.panel(_LIST)
        left = _LIST.x + 44
        page.write(view.board, Box(left, _LIST.y + 28, 440, 90), HEADING, bold=True)
        page.write(
            view.unit,
            Box(_LIST.right - 494, _LIST.y + 28, 450, 90),
            BODY,
            SOFT_TEXT,
            align="right",
        )
        if not view.top:
            page.write(
                view.sentence or "Nobody has played this week yet.",
                Box(left, _LIST.y + 150, _LIST.w - 88, 240),
                LABEL,
                SOFT_TEXT,
                lines=4,
                valign="top",
            )
            return
        y = _LIST.y + 132.0
        for row in view.top[:3]:
            self._draw_row(page, row, y)
            y += 98
        if view.near:
            for i in range(3):
                page.centre(
                    paint.rounded(*[page.scale.px(8)] * 2, page.scale.px(4), MARK),
                    left + 36,
                    y + 14 + i * 16,
                )
            y += 62
        for row in view.near[:3]:
            self._draw_row(page, row, y)
            y += 98

    def _draw_row(self, page: Page, row: BoardRow, y: float) -> None:
        left = _LIST.x + 44
        box = Box(_LIST.x + 20, y, _LIST.w - 40, 92)
        if row.me:
            page.panel(box, LAMP_TINT, LAMP, corner=CORNER_ROW, edge_width=3, shade=False)
        colour = LAMP if row.place == 1 or row.me else TEXT
        page.write(
            str(row.place), Box(left, y, 72, 92), BODY + 12, colour, bold=True, align="centre"
        )
        picture = emblems.emblem_for(row.nickname, row.picture)
        page.centre(emblems.emblem(picture, page.scale.px(74)), left + 124, y + 46)
        name = Box(left + 180, y, 330, 92)
        page.write(row.nickname, name, BODY, bold=row.me, lines=1)
        bar = Box(left + 530, y + 37, 190 if row.value else 374, 18)
        track = page.rect(bar)
        back = mix(GROUND, RAISED, 0.9) if not row.me else mix(LAMP_TINT, GROUND, 0.5)
        page.surface.blit(
            paint.rounded(track.w, track.h, track.h // 2, mix(back, MARK, 0.25)), track
        )
        filled = max(track.h, round(track.w * max(0.0, min(1.0, row.share))))
        page.surface.blit(
            paint.rounded(filled, track.h, track.h // 2, LAMP if row.me else QUIET_BLUE), track
        )
        if not row.value:
            return
        page.write(
            row.value,
            Box(bar.right + 16, y, _LIST.right - 44 - bar.right - 16, 92),
            BODY,
            bold=row.me,
            align="right",
        )


def _sag(share: float) -> float:
    """How far a wire hangs through."""
    return 44 * (1 - (2 * share - 1) ** 2)


def _lantern(side: int, lit: bool) -> pygame.Surface:
    """A lantern hanging from the middle of its top edge."""
    body = (0xFF, 0xCF, 0x80) if lit else mix(CARD, GROUND, 0.3)
    metal = (0xB8, 0x86, 0x4C) if lit else mix(CARD, MARK, 0.85)

    def draw(surface: pygame.Surface, times: float) -> None:
        unit = surface.get_width() / 100

        def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
            return [(x * unit, y * unit) for x, y in points]

        paint.stroke(surface, metal, at([(50, 0), (50, 14)]), 3 * unit)
        outline = [(28.0, 32.0), (72.0, 32.0), (65.0, 82.0), (35.0, 82.0)]
        if not lit:
            paint.blob(surface, metal, at(outline), 7 * unit)
        paint.blob(surface, body, at(outline), (7 if lit else 4.5) * unit)
        if lit:
            paint.blob(
                surface, (0xFF, 0xF1, 0xD0), at([(41, 46), (59, 46), (56, 68), (44, 68)]), 7 * unit
            )
        paint.stroke(surface, metal, at([(41, 19), (59, 19)]), 10 * unit)
        paint.stroke(surface, metal, at([(38, 93), (62, 93)]), 8 * unit)

    return paint.smooth(side, side, draw)
