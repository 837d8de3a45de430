"""The board: the team's lamps first, then the leaders, a gap, and one's own neighbours."""

from dataclasses import dataclass

import pygame

from game.stage import emblems, paint
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_ROW,
    GROUND,
    HEADING,
    KEY_HEIGHT,
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
from game.stage.widgets import Key, below_heading, corner_key, heading
from game.words import plural, tr

#: The team stands beside the people from this width on; below it, as a line above them.
_TWO_COLUMNS_FROM = 1500.0

_ROW, _ROW_STEP = 78.0, 84.0

#: Between the leaders and those around me, where three dots stand for everybody else.
_BETWEEN = 46.0

#: Between the panels and the keys below them.
_GAP = 32.0


@dataclass(frozen=True)
class BoardTab:
    """One of the boards: its action, its name, and whether it is the one that is shown."""

    action: str
    words: str
    icon: str
    lit: bool = False


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

    ``sentence`` says why there are no rows yet. ``tabs`` are the boards there are; ``hidden`` says
    whether I hid myself from them, None where nobody is shown who could. ``station_only``: the
    plays of this station alone are counted, and its clinic has others.
    """

    team: str = ""
    lamps_lit: int = 0
    lamps: int = 10
    team_words: str = ""
    board: str = ""
    unit: str = ""
    top: tuple[BoardRow, ...] = ()
    near: tuple[BoardRow, ...] = ()
    sentence: str = ""
    tabs: tuple[BoardTab, ...] = ()
    station_only: bool = False
    hidden: bool | None = None


class BoardScreen(Screen):
    """Actions: those of the view's tabs, ``hide`` or ``show`` (oneself), and ``back``.

    Where there is no room for a row of keys, one key takes the next board, and hiding is left to
    the helper's page.
    """

    back = "back"

    def __init__(self, canvas: Canvas, view: BoardView):
        super().__init__(canvas)
        self._area = below_heading(self.scale)
        self._wide = self.scale.wide >= _TWO_COLUMNS_FROM
        self.show(view)

    def show(self, view: BoardView) -> None:
        """Another board; the focus stays where it is, if it can."""
        self.view = view
        self.stale = True
        self.choices = [*self._keys(), corner_key(self.scale, "back", tr("Back"), "back")]
        self.focus = min(self.focus, len(self.choices) - 1)

    def _keys(self) -> list[Key]:
        view, area = self.view, self._area
        if not view.tabs:
            return []
        if not self._wide:
            lit = next(i for i, tab in enumerate(view.tabs) if tab.lit)
            following = view.tabs[(lit + 1) % len(view.tabs)]
            box = Box(area.x + 20, area.y + 12, area.w * 0.62 - 20, KEY_HEIGHT)
            return [Key(following.action, box, view.board, "again", size=BODY)]
        keys = [(tab.action, tab.words, tab.icon) for tab in view.tabs]
        if view.hidden is not None:
            words = tr("Show myself") if view.hidden else tr("Hide me")
            keys.append(("show" if view.hidden else "hide", words, "person"))
        box = Box(area.x, area.bottom - KEY_HEIGHT - 8, area.w, KEY_HEIGHT + 8)
        made = row_of_keys(self.scale, box, keys, _GAP, BODY)
        for key, tab in zip(made, view.tabs, strict=False):
            key.lit = tab.lit
        return made

    def draw_page(self, page: Page) -> None:
        """Team left, people right; or the team's lamps as a line, and the people below."""
        area = self._area
        if self._wide:
            title = tr("This week at this station") if self.view.station_only else ""
            heading(page, title or tr("This week together"))
            high = area.h - (KEY_HEIGHT + 8 + _GAP if self.view.tabs else 0.0)
            team = area.w * 0.424
            self._draw_team(page, Box(area.x, area.y, team, high))
            self._draw_people(page, Box(area.x + team + 40, area.y, area.w - team - 40, high))
            return
        page.icon("lamp", area.x + 28, page.scale.margin * 0.75 + 48, 64, LAMP)
        heading(page, self._lamps_lit(), 80)
        self._draw_people(page, area)

    def _lamps_lit(self) -> str:
        view = self.view
        if view.station_only:
            return plural(
                "{lit} of {n} lamp lit here",
                "{lit} of {n} lamps lit here",
                view.lamps,
                lit=view.lamps_lit,
            )
        return plural(
            "{lit} of {n} lamp lit", "{lit} of {n} lamps lit", view.lamps, lit=view.lamps_lit
        )

    def _draw_team(self, page: Page, box: Box) -> None:
        view = self.view
        page.panel(box)
        left, wide = box.x + 44, box.w - 88
        page.write(view.team, Box(left, box.y + 28, wide, 90), HEADING, bold=True)
        per_row = 5
        lamps = max(0, min(10, view.lamps))
        step = min(218.0, (box.h - 350) / 2)
        for row in range(-(-lamps // per_row)):
            y = box.y + 128 + row * step
            wire = [
                (
                    page.scale.left + (box.x + 32 + (box.w - 64) * k / 24) * page.scale.factor,
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
                x = box.x + 32 + (box.w - 64) * share
                lit = row * per_row + i < view.lamps_lit
                high = min(144.0, step - 30)
                if lit:
                    glow = paint.glow(page.scale.px(high * 0.72), LAMP, 0.42)
                    page.centre(glow, x, y + _sag(share) + high * 0.51)
                page.centre(_lantern(page.scale.px(high), lit), x, y + _sag(share) + high * 0.47)
        lit_words = Box(left, box.bottom - 206, wide, 84)
        page.write(self._lamps_lit(), lit_words, HEADING, bold=True)
        page.write(
            view.team_words,
            Box(left, box.bottom - 122, wide, 114),
            BODY,
            SOFT_TEXT,
            lines=2,
            valign="top",
        )

    def _draw_people(self, page: Page, box: Box) -> None:
        view = self.view
        page.panel(box)
        left = box.x + 44
        top, high = (8.0, 110.0) if self._wide else (4.0, 110.0)
        wide = box.w - 88
        name = wide * 0.6
        if self._wide or not view.tabs:
            page.write(view.board, Box(left, box.y + top, name, high), HEADING, bold=True, lines=2)
        beside = left + name + (16 if self._wide else 32)
        unit = Box(beside, box.y + top, box.right - 44 - beside, high)
        page.write(view.unit, unit, BODY, SOFT_TEXT, align="right", lines=2)
        y = box.y + top + high + 2
        if not view.top:
            page.write(
                view.sentence or tr("Nobody has played this week yet."),
                Box(left, y, box.w - 88, box.bottom - y - 6),
                LABEL,
                SOFT_TEXT,
                lines=4,
                valign="top",
            )
            return
        room = int((box.bottom - y) // _ROW_STEP)
        leaders, neighbours = view.top[:3], view.near[:3]
        between = _BETWEEN if leaders and neighbours else 0.0
        if (len(leaders) + len(neighbours)) * _ROW_STEP + between > box.bottom - y:
            # Where not everybody fits, those around are what one wants to see.
            leaders, neighbours = ((), neighbours[:room]) if neighbours else (leaders[:room], ())
        for row in leaders:
            self._draw_row(page, row, box, y)
            y += _ROW_STEP
        if leaders and neighbours:
            for i in range(3):
                page.centre(
                    paint.rounded(*[page.scale.px(8)] * 2, page.scale.px(4), MARK),
                    left + 36,
                    y + 6 + i * 15,
                )
            y += _BETWEEN
        for row in neighbours:
            self._draw_row(page, row, box, y)
            y += _ROW_STEP

    def _draw_row(self, page: Page, row: BoardRow, people: Box, y: float) -> None:
        left = people.x + 44
        box = Box(people.x + 20, y, people.w - 40, _ROW)
        if row.me:
            page.panel(box, LAMP_TINT, LAMP, corner=CORNER_ROW, edge_width=3, shade=False)
        colour = LAMP if row.place == 1 or row.me else TEXT
        page.write(
            str(row.place), Box(left, y, 72, _ROW), BODY + 12, colour, bold=True, align="centre"
        )
        picture = emblems.emblem_for(row.nickname, row.picture)
        page.centre(emblems.emblem(picture, page.scale.px(66)), left + 124, y + _ROW / 2)
        name = Box(left + 180, y, min(330.0, people.w * 0.4), _ROW)
        page.write(row.nickname, name, BODY, bold=row.me, lines=1)
        end = people.right - 44
        x = name.right + 20
        bar = Box(x, y + _ROW / 2 - 9, (end - x) * (0.7 if row.value else 1.0), 18)
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
            Box(bar.right + 16, y, end - bar.right - 16, _ROW),
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
